"""The fate of every cell: one row per cell, one dataset per column."""

from __future__ import annotations

from collections.abc import Mapping

import h5py
import numpy as np
import numpy.typing as npt

from unshielded.arrays import Array, Mask
from unshielded.fates import FATES, MOST_PORES, OUT_OF_ATP
from unshielded.mechanism.units import factor
from unshielded.store.format.files import StoreError
from unshielded.store.format.layout import STRING, axis, drawable, variable
from unshielded.store.writing.presence import Presence
from unshielded.store.writing.recording import RawRecording

MODES = ("none", *FATES)
CAUSES = ("", "loss of ion gradients", "cytochrome c", "calpain")

_NEEDED = (
    "alive",
    "time_of_death",
    "death_mode",
    "peak_calcium",
    "integrated_ros",
    "minimum_atp",
    "time_of_pore_opening",
)

FinalStates = Mapping[str, Array]


def check_final(recording: RawRecording, final: FinalStates) -> None:
    """Refuse final states that do not say what became of the cells."""
    missing = [name for name in _NEEDED if name not in final] if recording.n_cells else []
    if missing:
        raise StoreError(
            f"the recording has no variable {', '.join(missing)}, which the fate of the cells "
            "needs: record all slow variables"
        )


def write_fate(
    file: h5py.File,
    recording: RawRecording,
    final: FinalStates,
    presence: Presence,
    atp_at_start: Array,
) -> None:
    """Write ``/fate``: for every cell whether, when and how it died, and what led there.

    A cell that was lost from the circuit at the end, and had not died before, is neither alive nor dead.
    """
    group = file.create_group("fate")
    carriers = recording.carriers
    axis(group, "cell", np.arange(recording.n_cells), "1", "cell, numbered over all populations")
    names = np.repeat(
        np.array([p.name for p in carriers], dtype=object), [p.size for p in carriers]
    )
    index = np.concatenate([np.arange(p.size) for p in carriers] or [np.zeros(0, np.int64)])

    def column(
        name: str, values: npt.ArrayLike, unit: str, long_name: str, dtype: npt.DTypeLike
    ) -> None:
        variable(group, name, dtype, unit, long_name, ["cell"], values)

    column("population", names, "1", "population of the cell", STRING)
    column("index", index, "1", "number of the cell in its population", np.int64)
    column("buffer_capacity", recording.buffer_capacity, "1", "calcium buffer capacity", np.float64)
    if recording.n_cells == 0:
        return
    cells = presence.part(slice(recording.n_cells))
    lost = cells.is_lost(recording.duration)
    dead = np.isfinite(cells.died)
    alive = ~dead & ~lost
    mode = np.where(dead, np.rint(final["death_mode"]), 0).astype(np.int64)
    if mode.min() < 0 or mode.max() >= len(MODES):
        raise StoreError(
            f"death_mode goes from {mode.min()} to {mode.max()}, expected 0 to {len(FATES)}"
        )
    column("alive", alive, "1", "1 if the cell lived at the end of the run", np.int8)
    column("lost", lost, "1", "1 if the cell was lost from the circuit at the end", np.int8)
    lost_from = np.where(np.isfinite(cells.lost), cells.lost, np.nan)
    column("lost_from", lost_from, "s", "time of the loss (NaN: never)", np.float64)
    died = np.where(dead, _event(final["time_of_death"]), np.nan)
    column("time_of_death", died, "s", "time of death (NaN: did not die)", np.float64)
    column("mode", np.array(MODES, dtype=object)[mode], "1", "mode of death", STRING)
    column("cause", np.array(CAUSES, dtype=object)[mode], "1", "cause of death", STRING)
    units = {v.name: (v.unit, v.long_name) for v in recording.variables}
    for name in ("peak_calcium", "integrated_ros", "minimum_atp"):
        unit, long_name = units[name]
        column(name, final[name] / factor(unit), unit, long_name, np.float64)
    column(
        "time_of_pore_opening",
        _event(final["time_of_pore_opening"]),
        "s",
        "time of the first opening of the mitochondrial pore (NaN: never)",
        np.float64,
    )
    if "pore_open" in final and "atp" in final:
        doomed = alive & is_doomed(final["pore_open"], final["atp"], atp_at_start)
        what = "1 if the cell lived at the end, with most pores open or out of ATP"
        column("doomed", doomed, "1", what, np.int8)
        (unit, long_name), atp = units["atp"], final["atp"]
        column("final_atp", atp / factor(unit), unit, f"{long_name} at the end", np.float64)
        long_name = units["pore_open"][1]
        column("final_pore_open", final["pore_open"], "1", f"{long_name}, at the end", np.float64)
    drawable(group, "time_of_death", ["cell"], "Time of death of each cell")


def is_doomed(pore_open: Array, atp: Array, atp_at_start: Array) -> Mask:
    """Tell which cells are doomed, by their state.

    Examples
    --------
    >>> is_doomed(np.array([0.1, 0.6, 0.1]), np.array([2.0, 2.0, 0.1]), np.full(3, 2.4)).tolist()
    [False, True, True]
    """
    doomed: Mask = (pore_open > MOST_PORES) | (atp < OUT_OF_ATP * atp_at_start)
    return doomed


def _event(time: Array) -> Array:
    """The engine marks what has not happened by -1 or infinity; a table says NaN."""
    return np.where(np.isfinite(time) & (time >= 0), time, np.nan)
