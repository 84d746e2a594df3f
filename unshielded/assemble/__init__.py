"""From a checked config to numbers: layout, wiring, parameters, initial values.

Pure functions of (config, seed) in numpy. Nothing here compiles, runs or writes.
"""

from unshielded.assemble.assembly import Assembly, assemble
from unshielded.assemble.layout import Layout, Slice
from unshielded.assemble.schedule import Event

__all__ = ["Assembly", "Event", "Layout", "Slice", "assemble"]
