"""Which unit each name of a lone cell has."""

from __future__ import annotations

from functools import cache

from unshielded.mechanism.dimension import Dimension, dimension_of_unit
from unshielded.model import engine_models

#: Of the lone cell only: no mechanism declares these.
_OF_THE_LONE_CELL = {"imposed_firing_rate": "Hz", "imposed_releases": "Hz"}


@cache
def units() -> dict[str, Dimension]:
    """Return name → dimension for every state, named line and parameter of the model.

    They are those that :func:`unshielded.mechanism.model.join` has checked.
    """
    found: dict[str, Dimension] = {}
    for model in engine_models():
        found |= model.dimensions
    return found | {name: dimension_of_unit(unit) for name, unit in _OF_THE_LONE_CELL.items()}
