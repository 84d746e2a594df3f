"""Numbers of the slow mechanisms: those of a config, one per cell, and what they start from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from unshielded import degeneration
from unshielded.arrays import Array
from unshielded.assemble.assembly import Assembly, parameter_values
from unshielded.mechanism.evaluate import initial_values
from unshielded.mechanism.model import add_up

if TYPE_CHECKING:
    from unshielded.config import Config


def slow_values(
    config: Config, assembly: Assembly, seed: int
) -> tuple[dict[str, float | Array], dict[str, Array]]:
    """Return the parameters and the starts of the slow states, for the cells, in SI.

    Returns
    -------
    parameters
        Name → one number, or one per cell.
    starts
        State of a cell or of the tissue → its value at the start, one per cell.
    """
    cells = assembly.layout.cells
    parameters: dict[str, float | Array] = {}
    for name, parameter in degeneration.PARAMETERS.items():
        value = parameter_values(parameter, config, assembly.layout, seed)
        parameters[name] = np.asarray(value)[:cells] if parameter.per_cell else float(value)
    model = add_up((*degeneration.CELL, *degeneration.TISSUE), degeneration.BALANCES)
    known: Mapping[str, float | Array] = {**assembly.cells, **parameters}  # type: ignore[dict-item]
    found = initial_values(known, model)
    return parameters, {
        name: np.broadcast_to(np.asarray(found[name], float), (cells,)).copy()
        for name in model.rates
    }
