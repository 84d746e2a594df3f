"""Check that what a run or a sweep left on the disk is what was computed, and comes out again.

Results are sealed, so any change in them shows. What lies beside them is held against them, and a
few are computed again.
"""

from unshielded.verify.check import places, verify
from unshielded.verify.verdict import Again, FileProblem, Verdict, by_path

__all__ = ["Again", "FileProblem", "Verdict", "by_path", "places", "verify"]
