"""Reading the engine's raw files block by block, with their sizes checked first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from unshielded.arrays import AnyArray, Array, Integers
from unshielded.store.format.files import StoreError, explain
from unshielded.store.writing.recording import RawRecording

BLOCK_BYTES = 1 << 24  # what is held of a raw file at a time, whatever the run's length

Rows = Iterator[tuple[int, AnyArray]]
"""Pairs of the first row's number and a block of rows."""

_REMEDY = "the simulation was cut short or its scratch folder changed; run it again"


@dataclass(frozen=True)
class Raw:
    """The raw files of a recording.

    Attributes
    ----------
    recording
        What they hold.
    n_intervals, n_snapshots
        Rows of ``counts.i32`` and of ``snapshots.f64``.
    n_spikes, n_samples
        Entries of the spike files and rows of ``membrane.f64``.
    before_block
        Called before each block; may raise to stop reading.
    """

    recording: RawRecording
    n_intervals: int
    n_snapshots: int
    n_spikes: int
    n_samples: int
    before_block: Callable[[], None] = lambda: None

    def counts(self) -> Rows:
        """Yield the spikes of each neuron in each interval, [interval, neuron]."""
        return self._rows("counts.i32", "<i4", self.recording.n_neurons)

    def snapshots(self) -> Rows:
        """Yield the slow variables in SI, [time, variable, cell]."""
        shape = (len(self.recording.variables), self.recording.n_cells)
        for first, block in self._rows("snapshots.f64", "<f8", math.prod(shape)):
            yield first, block.reshape(-1, *shape)

    def final(self) -> dict[str, Array]:
        """Return the slow variables of all cells at the end, by name, in SI."""
        variables, n_cells = self.recording.variables, self.recording.n_cells
        rows = list(self._rows("final.f64", "<f8", len(variables) * n_cells))
        values = rows[0][1].reshape(-1, n_cells) if rows else np.zeros((len(variables), 0))
        return {variable.name: values[i] for i, variable in enumerate(variables)}

    def at_start(self, variable: str) -> Array:
        """Return a slow variable of all cells in the first row, in SI; not a number without one."""
        recording, n_cells = self.recording, self.recording.n_cells
        names = [v.name for v in recording.variables]
        row = next(self._rows("snapshots.f64", "<f8", len(names) * n_cells, 1), None)
        if row is None or variable not in names:
            return np.full(n_cells, np.nan)
        found: Array = row[1].reshape(len(names), n_cells)[names.index(variable)]
        return found.copy()

    def spikes(self) -> Iterator[tuple[Integers, npt.NDArray[np.int32]]]:
        """Yield ticks and neurons of all spikes."""
        if not self.n_spikes:
            return
        ticks = self._rows("spike_ticks.i64", "<i8", 1)
        neurons = self._rows("spike_neurons.i32", "<i4", 1, BLOCK_BYTES // 2)
        for (_, block), (_, owner) in zip(ticks, neurons, strict=True):
            yield block[:, 0], owner[:, 0]

    def membrane(self) -> Rows:
        """Yield membrane potentials in volts, [sample, traced neuron]."""
        return self._rows("membrane.f64", "<f8", len(self.recording.membrane_neurons))

    def bath(self) -> Rows:
        """Yield the concentrations in the bath in SI, [time, agent]."""
        return self._rows("bath.f64", "<f8", len(self.recording.agents))

    def _rows(self, name: str, dtype: str, width: int, block_bytes: int | None = None) -> Rows:
        path = self.recording.directory / name
        bytes_per_row = np.dtype(dtype).itemsize * width
        if bytes_per_row == 0 or not path.exists():
            return
        at_once = max(1, (block_bytes or BLOCK_BYTES) // bytes_per_row)
        first = 0
        while True:
            self.before_block()
            try:
                offset = first * bytes_per_row
                block = np.fromfile(path, dtype=dtype, count=at_once * width, offset=offset)
            except OSError as error:
                raise explain(path, "read", error) from error
            if block.size == 0:
                return
            yield first, block.reshape(-1, width)
            first += at_once


def open_raw(recording: RawRecording) -> Raw:
    """Check that the raw files fit the recording, and give access to them.

    Raises
    ------
    StoreError
        If a file is missing or its size is not what the recording says.
    """
    cells, variables = recording.n_cells, len(recording.variables)
    expected = recording.duration / recording.record_interval
    if recording.lifespan is not None:
        expected = float(len(recording.lifespan.counted))
    _check_populations(recording)
    if recording.n_neurons:
        intervals = _n_rows(recording.directory / "counts.i32", 4 * recording.n_neurons)
    else:
        intervals = math.floor(expected + 1e-6)
    if not math.floor(expected + 1e-6) <= intervals <= math.ceil(expected - 1e-6):
        raise StoreError(
            f"{recording.directory / 'counts.i32'}: holds {intervals} record intervals, expected "
            f"{expected:g} ({recording.duration:g} s in steps of {recording.record_interval:g} s); "
            + _REMEDY
        )
    snapshots = intervals + 1
    if cells:
        snapshots = _n_rows(recording.directory / "snapshots.f64", 8 * cells * variables)
        if snapshots not in (intervals, intervals + 1):
            raise StoreError(
                f"{recording.directory / 'snapshots.f64'}: holds {snapshots} snapshots, expected "
                f"{intervals + 1} for {intervals} record intervals; {_REMEDY}"
            )
        if _n_rows(recording.directory / "final.f64", 8 * cells * variables) != 1:
            raise StoreError(
                f"{recording.directory / 'final.f64'}: expected exactly one row of {variables} "
                f"variables of {cells} cells; {_REMEDY}"
            )
    _check_bath(recording, snapshots)
    ticks = _n_rows(recording.directory / "spike_ticks.i64", 8, optional=True)
    owners = _n_rows(recording.directory / "spike_neurons.i32", 4, optional=True)
    if ticks != owners:
        raise StoreError(
            f"{recording.directory}: {ticks} spike times but {owners} spike neurons; {_REMEDY}"
        )
    samples = 0
    if recording.membrane_neurons:
        samples = _n_rows(recording.directory / "membrane.f64", 8 * len(recording.membrane_neurons))
    return Raw(recording, intervals, snapshots, ticks, samples)


def _check_bath(recording: RawRecording, snapshots: int) -> None:
    """Check that everything that was applied has its course over time."""
    unknown = sorted(set(recording.applied) - set(recording.agents))
    if unknown:
        raise StoreError(f"{unknown[0]} was applied but is none of the recorded agents")
    if recording.agents:
        path = recording.directory / "bath.f64"
        rows = _n_rows(path, 8 * len(recording.agents))
        if rows != snapshots:
            raise StoreError(f"{path}: holds {rows} rows, expected {snapshots}; {_REMEDY}")


def _check_populations(recording: RawRecording) -> None:
    """Check that the populations tile the neurons, carriers first; the capacities fit the cells."""
    place, carriers_over = 0, False
    for population in recording.populations:
        if population.start != place or population.stop < place:
            raise StoreError(
                f"population {population.name!r} starts at neuron {population.start}, expected "
                f"{place}: the slices of a recording must follow one another"
            )
        if population.carries_calcium and carriers_over:
            raise StoreError(
                f"population {population.name!r} carries calcium but comes after one that does "
                "not: those that carry calcium must come first"
            )
        carriers_over = carriers_over or not population.carries_calcium
        place = population.stop
    if len(recording.buffer_capacity) != recording.n_cells:
        raise StoreError(
            f"buffer_capacity has {len(recording.buffer_capacity)} values, expected one for each "
            f"of the {recording.n_cells} cells"
        )


def _n_rows(path: Path, bytes_per_row: int, optional: bool = False) -> int:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        if optional:
            return 0
        raise StoreError(f"{path}: the file is missing; {_REMEDY}") from None
    except OSError as error:
        raise explain(path, "read", error) from error
    if size % bytes_per_row:
        raise StoreError(
            f"{path}: {size} bytes are not a whole number of rows of {bytes_per_row} bytes; {_REMEDY}"
        )
    return size // bytes_per_row
