"""The slow states of :mod:`unshielded.degeneration`, under the names that the solver uses."""

from __future__ import annotations

from unshielded import degeneration
from unshielded.mechanism.texts import texts

CELL = degeneration.CELL
BALANCES = degeneration.BALANCES
LOADS = degeneration.LOADS
POOL = degeneration.POOL
FACTORS = degeneration.FACTORS
ADDED = degeneration.ADDED
TISSUE = degeneration.TISSUE
TISSUE_FACTORS = degeneration.TISSUE_FACTORS
TISSUE_LOADS = degeneration.TISSUE_LOADS
PARAMETERS = degeneration.PARAMETERS
RECORDED = degeneration.RECORDED

_TEXTS = texts((*CELL, *TISSUE), BALANCES)
_OF_TISSUE = texts(TISSUE, {})

#: What of the record is of the tissue, and what of each cell is a named line, not a state.
TISSUE_RECORDED = tuple(n for n in RECORDED if n in {*_OF_TISSUE.rates, *_OF_TISSUE.named})
RECORDED_LINES = tuple(n for n in RECORDED if n in _TEXTS.named and n not in TISSUE_RECORDED)
