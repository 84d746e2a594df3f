"""Overrides applied at the start of a window: parameters at this age, and the cells' states."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from unshielded import calcium, circuit, degeneration
from unshielded.arrays import Array
from unshielded.assemble import Assembly
from unshielded.assemble.lesion import NEVER
from unshielded.multiscale.cells import Cells
from unshielded.multiscale.conditions import Conditions
from unshielded.multiscale.window import CircuitState

Changes = dict[str, dict[str, Array | float]]


def changes(
    assembly: Assembly,
    cells: Cells,
    now: Conditions,
    shared: Mapping[str, float],
    lines: Mapping[str, Array],
    state: CircuitState | None,
) -> Changes:
    """Return group → variable → value of a window.

    Parameters
    ----------
    shared
        Lines of the tissue.
    lines
        Lines of the cells, with the parameters that slow states change.
    state
        In which the last window ended; None for the first.
    """
    found: Changes = {
        "neurons": {
            **now.baths["neurons"],
            **_parameters("neurons", assembly, cells, now, shared, lines),
        },
        "cells": {
            **now.baths["cells"],
            **_parameters("cells", assembly, cells, now, shared, lines),
        },
    }
    layout = assembly.layout
    living = np.ones(layout.neurons)
    living[: layout.cells] = cells.alive
    neurons, inside = found["neurons"], found["cells"]
    neurons["silenced_from"] = np.where(now.silenced, 0.0, NEVER)
    neurons["restored_from"] = np.full(layout.neurons, NEVER)
    neurons["alive"] = living
    inside["alive"] = living[: layout.cells].copy()
    inside |= cells.extremes
    if state is not None:
        for name, values in zip(cells.model.states, cells.y, strict=True):
            if name in state.cells:
                for_all = state.cells[name].size == 1 and len(values) != 1
                inside[name] = float(values.mean()) if for_all else values.copy()
    return found


def _parameters(
    group: str,
    assembly: Assembly,
    cells: Cells,
    now: Conditions,
    shared: Mapping[str, float],
    lines: Mapping[str, Array],
) -> dict[str, Array | float]:
    """Parameters that are not as in the assembly.

    One that has a single value for all cells, and differs between them by their slow states, takes the
    mean of the living ones.
    """
    own: Mapping[str, object] = getattr(assembly, group)
    catalogue = circuit.PARAMETERS if group == "neurons" else calcium.PARAMETERS
    count = assembly.layout.cells
    found: dict[str, Array | float] = {}
    for name, parameter in catalogue.items():
        factor = now.factors.get(name, 1.0) * shared.get(f"factor_{name}", 1.0)
        of_cells = name in degeneration.FACTORS or name in degeneration.ADDED
        if factor == 1.0 and not of_cells:
            continue
        value = factor * np.asarray(own[name], float)
        if of_cells:
            size = assembly.layout.neurons if group == "neurons" else count
            value = np.array(np.broadcast_to(value, size))
            changed = lines[name] if group == "cells" else value[:count] * lines[f"factor_{name}"]
            value[:count] = np.where(cells.alive, changed, value[:count])
            if not parameter.per_cell:
                some = cells.alive if cells.alive.any() else slice(None)
                value = value[:count][some].mean()
        found[name] = float(value) if value.ndim == 0 else value
    return found
