"""Description of the raw files that a finished simulation left in its scratch folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from unshielded.arrays import Array


@dataclass(frozen=True)
class PopulationSlice:
    """A population: the neurons from `start` up to, not including, `stop`."""

    name: str
    start: int
    stop: int
    carries_calcium: bool

    @property
    def size(self) -> int:
        """Number of neurons."""
        return self.stop - self.start


@dataclass(frozen=True)
class RecordedVariable:
    """A slow variable of the cells.

    Attributes
    ----------
    name
        As in the model.
    unit
        In which the result shows it (pint text, ``"uM"``; empty or ``"1"`` when
        dimensionless). The raw files hold SI.
    long_name
        What it is, in a phrase.
    """

    name: str
    unit: str
    long_name: str


@dataclass(frozen=True)
class LifespanSeries:
    """A value over the windows of a lifespan, with its unit and meaning."""

    values: tuple[float, ...]
    unit: str
    long_name: str


@dataclass(frozen=True)
class Lifespan:
    """What a run solved in windows has in addition.

    Attributes
    ----------
    start_age
        Age at the start, in s.
    times
        Of the rows of ``snapshots.f64``, in s from the start.
    counted
        Start and end of the part of each window in which spikes were counted, in s.
    courses
        Name → a value over the ends of the windows, of the whole circuit or of a muscle.
    outcome
        Its outcome, by name: numbers (NaN for what did not happen) and words.
    """

    start_age: float
    times: tuple[float, ...]
    counted: tuple[tuple[float, float], ...]
    courses: Mapping[str, LifespanSeries]
    outcome: Mapping[str, float | str]


@dataclass(frozen=True)
class RawRecording:
    """The raw little-endian files of one run, and how to read them.

    The folder holds ``spike_ticks.i64`` and ``spike_neurons.i32`` (one entry per spike, in
    time order; absent when spikes were not recorded), ``counts.i32`` [interval, neuron],
    ``snapshots.f64`` [time, variable, cell], ``final.f64`` [variable, cell],
    ``membrane.f64`` [sample, neuron] in volts and ``bath.f64`` [time, agent] in mol/m³.

    Attributes
    ----------
    directory
        The scratch folder.
    populations
        Contiguous slices of all neurons; those that carry calcium come first, so cell k is
        neuron k.
    fast_steps_per_second
        Spike time = tick / this.
    duration, record_interval
        In seconds.
    variables
        The slow variables, in the order of the files.
    membrane_neurons
        Neurons behind the columns of ``membrane.f64``.
    membrane_start, membrane_interval
        Sample k is at start + k * interval, in seconds.
    traced_neurons
        Cells whose slow variables are kept one by one.
    buffer_capacity
        Calcium buffer capacity of each cell.
    agents
        Behind the columns of ``bath.f64``; none where there is no such file. One that is applied to
        some neurons has a column for each population, named with its place.
    applied
        Agent → time in s and concentration in mol/m³ of each change of what flows in; only
        agents that were applied.
    lifespan
        What there is besides if the run was solved in windows; None: full spiking simulation.
    lost_from, restored_from
        When each neuron is lost from the circuit, and when it fires again, in s; infinite for never.
        None: no neuron is lost.
    """

    directory: Path
    populations: tuple[PopulationSlice, ...]
    fast_steps_per_second: int
    duration: float
    record_interval: float
    variables: tuple[RecordedVariable, ...]
    membrane_neurons: tuple[int, ...]
    membrane_start: float
    membrane_interval: float
    traced_neurons: tuple[int, ...]
    buffer_capacity: Array
    agents: tuple[str, ...] = ()
    applied: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    lifespan: Lifespan | None = None
    lost_from: Array | None = None
    restored_from: Array | None = None

    def times(self, rows: int) -> Array:
        """Return the times of that many rows of slow variables, in s."""
        if self.lifespan is not None:
            return np.array(self.lifespan.times)
        times: Array = np.minimum(np.arange(rows) * self.record_interval, self.duration)
        return times

    def counting(self, rows: int) -> tuple[Array, Array]:
        """Return starts and ends of that many counting intervals, in s."""
        if self.lifespan is not None:
            edges = np.array(self.lifespan.counted).reshape(-1, 2)
            return edges[:, 0], edges[:, 1]
        edges = np.minimum(np.arange(rows + 1) * self.record_interval, self.duration)
        return edges[:-1], edges[1:]

    @property
    def n_neurons(self) -> int:
        """Number of neurons of the circuit."""
        return max((p.stop for p in self.populations), default=0)

    @property
    def carriers(self) -> tuple[PopulationSlice, ...]:
        """The populations that carry the calcium submodel."""
        return tuple(p for p in self.populations if p.carries_calcium)

    @property
    def n_cells(self) -> int:
        """Number of neurons that carry the calcium submodel."""
        return max((p.stop for p in self.carriers), default=0)
