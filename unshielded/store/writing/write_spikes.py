"""Spikes, spike counts, firing rates of the living, and membrane potentials."""

from __future__ import annotations

import h5py
import numpy as np

from unshielded.arrays import Array, Integers
from unshielded.mechanism.units import factor
from unshielded.store.format.files import StoreError
from unshielded.store.format.layout import STRING, axis, drawable, empty_axis, entry, variable
from unshielded.store.writing.presence import Presence
from unshielded.store.writing.raw import Raw
from unshielded.store.writing.recording import PopulationSlice, RawRecording

_SORTING = h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="i1")


def write_rates(file: h5py.File, raw: Raw, presence: Presence) -> None:
    """Write ``/rates`` and the firing rates in ``/populations``.

    Parameters
    ----------
    presence
        When each neuron died, was lost and was restored. A dead or lost neuron adds neither spikes
        nor time to the rate of its population.
    """
    recording = raw.recording
    shown = (*recording.carriers, *recording.populations)
    rates = entry(file, "rates", shown[0].name if shown else None)
    starts, ends = recording.counting(raw.n_intervals)
    width = ends - starts
    middle = starts + width / 2
    most = _largest_count(raw)
    dtype = np.uint16 if most <= np.iinfo(np.uint16).max else np.uint32
    counts: list[h5py.Dataset] = []
    series: list[tuple[h5py.Dataset, ...]] = []
    for population in recording.populations:
        group = rates.create_group(population.name)
        axis(group, "interval", middle, "s", "middle of the counting interval")
        axis(group, "neuron", np.arange(population.size), "1", "number in the population")
        axes = ["interval", "neuron"]
        counts.append(variable(group, "counts", dtype, "1", "spikes in the interval", axes))
        drawable(group, "counts", axes, f"Spikes of the {population.name} neurons")
        own = presence.part(slice(population.start, population.stop))
        for name, times, what in (
            ("lost_from", own.lost, "loss from the circuit"),
            ("restored_from", own.restored, "return into the circuit"),
        ):
            found = np.where(np.isfinite(times), times, np.nan)
            variable(group, name, float, "s", f"time of the {what} (NaN: never)", ["neuron"], found)
        series.append(_rate_series(file["populations"][population.name], middle, population))

    for first, block in raw.counts():
        rows = slice(first, first + len(block))
        for population, dataset, (rate, spikes, living, lost) in zip(
            recording.populations, counts, series, strict=True
        ):
            if population.size == 0:
                continue
            part = block[:, population.start : population.stop]
            dataset[rows] = part
            own = presence.part(slice(population.start, population.stop))
            lived = own.seconds_lived(starts[rows], ends[rows])
            gone = own.seconds_lost(starts[rows], ends[rows])
            lost[rows] = gone.sum(axis=1) / (width[rows] * population.size)
            seconds = lived.sum(axis=1)
            of_living = np.where(lived > 0, part, 0).sum(axis=1, dtype=np.uint64)
            living[rows] = seconds
            spikes[rows] = of_living
            rate[rows] = np.divide(
                of_living, seconds, out=np.full(len(part), np.nan), where=seconds > 0
            )


def _rate_series(
    group: h5py.Group, middle: Array, population: PopulationSlice
) -> tuple[h5py.Dataset, h5py.Dataset, h5py.Dataset, h5py.Dataset]:
    axis(group, "interval", middle, "s", "middle of the counting interval")
    axes = ["interval"]
    whose = "neurons that are alive and not lost"
    rate = variable(group, "firing_rate", float, "Hz", f"mean firing rate of {whose}", axes)
    spikes = variable(group, "spike_count", np.uint64, "1", f"spikes of {whose}", axes)
    what = "time lived in the circuit, summed over neurons"
    living = variable(group, "living_time", float, "s", what, axes)
    share = "fraction of the neurons that are lost, mean over the interval"
    lost = variable(group, "fraction_lost", float, "1", share, axes)
    if "signal" not in group.attrs:
        drawable(group, "firing_rate", axes, f"Firing rate of the {population.name} neurons")
    return rate, spikes, living, lost


def _largest_count(raw: Raw) -> int:
    most = 0
    for _, block in raw.counts():
        if block.min() < 0:
            raise StoreError(
                f"{raw.recording.directory / 'counts.i32'}: holds a count of {block.min()}, "
                "expected none below 0; run the simulation again"
            )
        most = max(most, int(block.max()))
    return most


def write_spikes(file: h5py.File, raw: Raw) -> None:
    """Write ``/spikes`` as SONATA has it; empty when spikes were not recorded."""
    recording = raw.recording
    spikes = file.create_group("spikes")
    starts = np.array([p.start for p in recording.populations], dtype=np.int64)
    totals = _spikes_of(raw, starts)
    written = np.zeros_like(totals)
    for population, total in zip(recording.populations, totals, strict=True):
        group = spikes.create_group(population.name)
        _sonata(group, int(total))
    for ticks, neurons in raw.spikes():
        milliseconds = ticks * (1000.0 / recording.fast_steps_per_second)
        for place, population in enumerate(recording.populations):
            mine = (neurons >= population.start) & (neurons < population.stop)
            rows = slice(written[place], written[place] + np.count_nonzero(mine))
            if rows.start == rows.stop:
                continue
            group = spikes[population.name]
            group["timestamps"][rows] = milliseconds[mine]
            group["node_ids"][rows] = neurons[mine] - population.start
            written[place] = rows.stop


def _sonata(group: h5py.Group, total: int) -> None:
    # not packed: the HDF5 inside the wheels of libsonata has no deflate
    what = "number of the neuron in the population"
    empty_axis(group, "timestamps", total, np.float64, "ms", "time of the spike", packed=False)
    ids = variable(group, "node_ids", np.uint64, "1", what, ["timestamps"], packed=False)
    # the standard's place and type, and the place and type that its first reader looks for
    group.attrs.create("sorting", np.int8(2), dtype=_SORTING)
    ids.attrs["sorting"] = "by_time"


def _spikes_of(raw: Raw, starts: Integers) -> Integers:
    """Count the spikes of each population; check that the raw spikes are in order."""
    where = raw.recording.directory
    totals = np.zeros(len(starts), dtype=np.int64)
    before, end = 0, round(raw.recording.duration * raw.recording.fast_steps_per_second)
    for ticks, neurons in raw.spikes():
        if ticks[0] < before or np.any(np.diff(ticks) < 0) or ticks[-1] > end:
            raise StoreError(
                f"{where / 'spike_ticks.i64'}: the ticks are not in order between 0 and {end}; "
                "run the simulation again"
            )
        before = int(ticks[-1])
        if neurons.min() < 0 or neurons.max() >= raw.recording.n_neurons:
            raise StoreError(
                f"{where / 'spike_neurons.i32'}: names neurons from {neurons.min()} to "
                f"{neurons.max()}, expected 0 to {raw.recording.n_neurons - 1}; run the "
                "simulation again"
            )
        owner = np.searchsorted(starts, neurons, side="right") - 1
        totals += np.bincount(owner, minlength=len(starts))
    return totals


def write_membrane(file: h5py.File, raw: Raw) -> None:
    """Write ``/membrane``: the fast membrane potentials of a few neurons, if there are any."""
    recording = raw.recording
    if not recording.membrane_neurons:
        return
    group = file.create_group("membrane")
    time = recording.membrane_start + np.arange(raw.n_samples) * recording.membrane_interval
    axis(group, "time", time, "s", "time from the start of the run")
    neurons = np.array(recording.membrane_neurons, dtype=np.int64)
    axis(group, "neuron", neurons, "1", "number of the neuron in the whole circuit")
    owners = [_owner(recording, int(n)) for n in neurons]
    names = np.array([p.name for p in owners], dtype=object)
    index = neurons - np.array([p.start for p in owners])
    variable(group, "population", STRING, "1", "population of the neuron", ["neuron"], names)
    variable(group, "index", np.int64, "1", "number in its population", ["neuron"], index)
    potential = variable(group, "potential", float, "mV", "membrane potential", ["time", "neuron"])
    for first, block in raw.membrane():
        potential[first : first + len(block)] = block / factor("mV")
    drawable(group, "potential", ["time", "neuron"], "Membrane potential")


def _owner(recording: RawRecording, neuron: int) -> PopulationSlice:
    for population in recording.populations:
        if population.start <= neuron < population.stop:
            return population
    raise StoreError(
        f"neuron {neuron} of the membrane traces is in no population; expected 0 to "
        f"{recording.n_neurons - 1}"
    )
