"""The fate of every cell: one row per cell, one dataset per column."""

from __future__ import annotations

from collections.abc import Mapping

import h5py
import numpy as np
import numpy.typing as npt

from unshielded.arrays import Array
from unshielded.fates import FATES
from unshielded.mechanism.units import factor
from unshielded.store.format.files import StoreError
from unshielded.store.format.layout import STRING, axis, drawable, variable
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


def living_until(recording: RawRecording, final: FinalStates) -> Array:
    """Return the time of death of every neuron of the circuit in s; infinite if it survived."""
    until = np.full(recording.n_neurons, np.inf)
    if recording.n_cells:
        _require(final)
        dead = final["alive"] < 0.5
        until[: recording.n_cells] = np.where(dead, final["time_of_death"], np.inf)
    return until


def write_fate(file: h5py.File, recording: RawRecording, final: FinalStates) -> None:
    """Write ``/fate``: for every cell whether, when and how it died, and what led there."""
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
    _require(final)
    alive = final["alive"] >= 0.5
    mode = np.where(alive, 0, np.rint(final["death_mode"])).astype(np.int64)
    if mode.min() < 0 or mode.max() >= len(MODES):
        raise StoreError(f"death_mode goes from {mode.min()} to {mode.max()}, expected 0, 1 or 2")
    column("alive", alive, "1", "1 if the cell lived at the end of the run", np.int8)
    died = np.where(alive, np.nan, _event(final["time_of_death"]))
    column("time_of_death", died, "s", "time of death (NaN: alive)", np.float64)
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
    drawable(group, "time_of_death", ["cell"], "Time of death of each cell")


def _event(time: Array) -> Array:
    """The engine marks what has not happened by -1 or infinity; a table says NaN."""
    return np.where(np.isfinite(time) & (time >= 0), time, np.nan)


def _require(final: FinalStates) -> None:
    missing = [name for name in _NEEDED if name not in final]
    if missing:
        raise StoreError(
            f"the recording has no variable {', '.join(missing)}, which the fate of the cells "
            "needs: record all slow variables"
        )
