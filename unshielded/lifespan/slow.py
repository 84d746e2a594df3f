"""The slow states of :mod:`lifetime`, under the names that the solver uses."""

from __future__ import annotations

import lifetime
from mechanism.texts import texts

CELL = lifetime.CELL
BALANCES = lifetime.BALANCES
LOADS = lifetime.LOADS
POOL = lifetime.POOL
FACTORS = lifetime.FACTORS
ADDED = lifetime.ADDED
TISSUE = lifetime.TISSUE
TISSUE_FACTORS = lifetime.TISSUE_FACTORS
TISSUE_LOADS = lifetime.TISSUE_LOADS
PARAMETERS = lifetime.PARAMETERS
RECORDED = lifetime.RECORDED

_TEXTS = texts((*CELL, *TISSUE), BALANCES)
_OF_TISSUE = texts(TISSUE, {})

#: What of the record is of the tissue, and what of each cell is a named line, not a state.
TISSUE_RECORDED = tuple(n for n in RECORDED if n in {*_OF_TISSUE.rates, *_OF_TISSUE.named})
RECORDED_LINES = tuple(n for n in RECORDED if n in _TEXTS.named and n not in TISSUE_RECORDED)
