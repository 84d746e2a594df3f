"""The slow variables over time: of each population, of the traced cells, and the energy ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import h5py
import numpy as np

from unshielded.arrays import Array, Integers, Mask
from unshielded.mechanism.units import factor
from unshielded.store.format.layout import axis, drawable, entry, variable
from unshielded.store.writing.living import of_living, while_living
from unshielded.store.writing.presence import Presence
from unshielded.store.writing.raw import Raw
from unshielded.store.writing.recording import PopulationSlice, RecordedVariable

# Events are columns of the fate table: their mean over time would mix times with "never".
_EVENTS = frozenset({"time_of_death", "time_of_pore_opening", "death_mode"})

#: What holds the phosphate bonds that the ledger counts.
_HELD = ("atp", "phosphocreatine")

#: The supply that a cell could have raised: with what it used it gives the margin.
_CAPACITY = "atp_capacity"

Writer = Callable[[slice, Array, Mask], None]
"""Takes the rows to write, a block [time, variable, cell] in display units, and who lives [time, cell]."""


def write_cells(file: h5py.File, raw: Raw, presence: Presence) -> None:
    """Write ``/populations``, ``/traces`` and ``/ledger`` of all populations with calcium.

    The dead and the lost are in no mean over a population.
    """
    recording = raw.recording
    carriers = recording.carriers
    default = carriers[0].name if carriers else None
    traced = [p for p in carriers if _traced(raw, p).size]
    traces = entry(file, "traces", traced[0].name if traced else None)
    ledger = entry(file, "ledger", default)
    time = recording.times(raw.n_snapshots)

    writers: list[tuple[PopulationSlice, Writer]] = []
    for population in carriers:
        groups = [file["populations"][population.name], ledger.create_group(population.name)]
        makers: list[Callable[[h5py.Group, Raw, PopulationSlice], Writer]] = [_means, _ledger]
        if population in traced:
            groups.append(traces.create_group(population.name))
            makers.append(_traces)
        for group, make in zip(groups, makers, strict=True):
            axis(group, "time", time, "s", "time from the start of the run")
            writers.append((population, make(group, raw, population)))

    scale = np.array([factor(v.unit) for v in recording.variables])[:, None]
    names = [v.name for v in recording.variables]
    for first, block in raw.snapshots():
        rows = slice(first, first + len(block))
        lives = ~presence.part(slice(recording.n_cells)).is_lost(time[rows])
        if "alive" in names:
            lives &= block[:, names.index("alive"), :] >= 0.5
        for population, write in writers:
            own = slice(population.start, population.stop)
            write(rows, block[:, :, own] / scale, lives[:, own])


def _means(group: h5py.Group, raw: Raw, population: PopulationSlice) -> Writer:
    """Mean, 5th and 95th percentile over the living neurons; not a number where none is left."""
    made: list[tuple[int, list[h5py.Dataset]]] = []
    what = "fraction of the neurons of the start that are alive and not lost"
    alive = variable(group, "fraction_alive", float, "1", what, ["time"])
    for place, v in enumerate(raw.recording.variables):
        if v.name != "alive" and v.name not in _EVENTS:
            made.append((place, [_over_time(group, v, *s) for s in _STATISTICS]))
    signal = next(("calcium_mean" for p, d in made if d[0].name.endswith("/calcium_mean")), None)
    signal = signal or (made[0][1][0].name.rpartition("/")[2] if made else "fraction_alive")
    drawable(group, signal, ["time"], f"Mean over the {population.name} neurons")

    def write(rows: slice, block: Array, lives: Mask) -> None:
        if population.size == 0:
            return
        alive[rows] = lives.mean(axis=1)
        for place, datasets in made:
            for dataset, values in zip(datasets, of_living(block[:, place, :], lives), strict=True):
                dataset[rows] = values

    return write


_STATISTICS = (("mean", "mean"), ("p05", "5th percentile"), ("p95", "95th percentile"))


def _over_time(group: h5py.Group, v: RecordedVariable, suffix: str, what: str) -> h5py.Dataset:
    long_name = f"{v.long_name}, {what} over the living neurons"
    made = variable(group, f"{v.name}_{suffix}", float, v.unit, long_name, ["time"])
    made.attrs["variable"] = v.name
    return made


def _traced(raw: Raw, population: PopulationSlice) -> Integers:
    """Numbers, in the population, of its traced cells."""
    inside = [n for n in raw.recording.traced_neurons if population.start <= n < population.stop]
    return np.array(inside, dtype=np.int64) - population.start


def _traces(group: h5py.Group, raw: Raw, population: PopulationSlice) -> Writer:
    """Every slow variable of the traced cells."""
    neurons = _traced(raw, population)
    axis(group, "neuron", neurons, "1", f"number in the population {population.name}")
    made: list[tuple[int, h5py.Dataset]] = []
    for place, v in enumerate(raw.recording.variables):
        if v.name not in _EVENTS:
            dtype: Any = np.int8 if v.name == "alive" else float
            axes = ["time", "neuron"]
            made.append((place, variable(group, v.name, dtype, v.unit, v.long_name, axes)))
    names = [v.name for v in raw.recording.variables if v.name not in _EVENTS]
    signal = "calcium" if "calcium" in names else names[0]
    drawable(group, signal, ["time", "neuron"], f"Traced {population.name} neurons")

    def write(rows: slice, block: Array, lives: Mask) -> None:
        for place, dataset in made:
            dataset[rows] = block[:, place, neurons]

    return write


def _ledger(group: h5py.Group, raw: Raw, population: PopulationSlice) -> Writer:
    """Where ATP came from and went, and whether the books close in every cell.

    Sums since the start, over all neurons that were there then: one that died or was lost adds what it had
    made and used until the last row at which it lived.
    """
    names = [v.name for v in raw.recording.variables]
    produced = [i for i, name in enumerate(names) if name.startswith("atp_produced_")]
    used = [i for i, name in enumerate(names) if name.startswith("atp_used_")]
    held = [names.index(name) for name in _HELD if name in names]
    made: list[tuple[int, h5py.Dataset]] = []
    capacity = [names.index(_CAPACITY)] if _CAPACITY in names else []
    for place in [*produced, *used, *held, *capacity]:
        v = raw.recording.variables[place]
        long_name = f"{v.long_name}, mean over the neurons of the start, of each while it lived"
        made.append((place, variable(group, v.name, float, v.unit, long_name, ["time"])))
    closure = None
    if "atp" in names and produced and used:
        what = "largest |change of ATP and phosphocreatine - (produced - used)| / produced (used, where nothing is) of any cell while it lived"
        closure = variable(group, "closure_error", float, "1", what, ["time"])
    if made:
        signal = names[(produced or used or [made[0][0]])[0]]
        drawable(group, signal, ["time"], f"Energy ledger of the {population.name} neurons")
    start: Array | None = None
    last: Array | None = None

    def write(rows: slice, block: Array, lives: Mask) -> None:
        nonlocal start, last
        if population.size == 0:
            return
        if start is None or last is None:
            start = last = block[0].copy()
        block = while_living(block, lives, last)
        last = block[-1].copy()
        for place, dataset in made:
            dataset[rows] = block[:, place, :].mean(axis=1)
        if closure is not None:
            change = block - start
            made_by_now = change[:, produced, :].sum(axis=1)
            kept = change[:, held, :].sum(axis=1)
            used_by_now = change[:, used, :].sum(axis=1)
            gap = np.abs(kept - (made_by_now - used_by_now))
            # a synthase in reverse makes less than nothing; before anything is turned over the only error
            # that means anything is none at all
            whole = np.where(made_by_now > 0, made_by_now, np.abs(used_by_now))
            relative = np.divide(gap, whole, out=np.where(gap > 0, np.inf, 0.0), where=whole > 0)
            closure[rows] = relative.max(axis=1)

    return write
