"""One row of the record: every recorded variable of every cell, in SI."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from unshielded.arrays import Array
from unshielded.assemble import Assembly
from unshielded.multiscale.cells import Cells
from unshielded.multiscale.history import MEASURED, RECORDED, WHOLE
from unshielded.multiscale.pools import strength
from unshielded.multiscale.window import SpikingWindow


def row(
    cells: Cells,
    values: Mapping[str, float | Array],
    measured: Mapping[str, Array],
    window: SpikingWindow | None,
    assembly: Assembly,
) -> dict[str, Array]:
    """Return the row at the end of a window, or with None at the start of the run.

    Parameters
    ----------
    values
        All that the cells' model takes, loads included.
    measured
        Loads of the window.
    """
    count = len(cells.alive)
    lines = cells.lines(values)
    known: dict[str, Array] = {
        **lines,
        **dict(zip(cells.model.states, cells.y, strict=True)),
        **cells.totals,
        **cells.extremes,
        "alive": cells.alive.astype(float),
        "death_mode": cells.mode.astype(float),
        "time_of_death": np.where(np.isnan(cells.died), -1.0, cells.died),
        "time_of_pore_opening": np.where(np.isnan(cells.opened), -1.0, cells.opened),
        "membrane_potential": np.broadcast_to(np.asarray(measured["membrane_potential"]), count),
        **{name: measured[name] for name in MEASURED},
        "force": np.zeros(count) if window is None else window.force,
    }
    if window is not None:  # the mean of a window, where its end is a matter of chance
        mean = window.mean("total_free_calcium")
        known["calcium"] = np.where(cells.alive, mean, known["calcium"])
    around = assembly.neurons if window is None else window.last.neurons
    found = {}
    for name in RECORDED:
        if name in known:
            found[name] = known[name]
        else:
            value = np.asarray(around.get(name, 0.0), float)
            found[name] = value[:count] if value.size > 1 else np.full(count, value.sum())
    return found


def whole(
    cells: Cells, shared: Mapping[str, float], lines: Mapping[str, Array], window: SpikingWindow
) -> dict[str, float]:
    """Return what is recorded of the whole at the end of a window."""
    found = {name: shared[name] for name in WHOLE if name in shared}
    for muscle in cells.muscles:
        factor = lines.get("factor_twitch_force", np.ones(len(cells.alive)))
        found[f"strength_{muscle.name}"] = strength(muscle, factor, cells.there)
        found[f"force_{muscle.name}"] = float(window.force[muscle.cells].sum())
    return found
