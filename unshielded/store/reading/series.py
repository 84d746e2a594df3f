"""What is read of a result, as plain numpy arrays with their unit."""

from __future__ import annotations

from dataclasses import dataclass

from unshielded.arrays import AnyArray


@dataclass(frozen=True)
class PopulationInfo:
    """Name and size of a population, and whether its cells can die."""

    name: str
    size: int
    carries_calcium: bool


@dataclass(frozen=True)
class Series:
    """Values over time (s), with their unit. Traces have a second axis, one per neuron."""

    time: AnyArray
    values: AnyArray
    unit: str
    long_name: str


@dataclass(frozen=True)
class Band:
    """Mean, 5th and 95th percentile over the neurons of a population, over time (s)."""

    time: AnyArray
    mean: AnyArray
    low: AnyArray
    high: AnyArray
    unit: str
    long_name: str


@dataclass(frozen=True)
class MembranePotentials:
    """Membrane potentials (mV), [time, neuron], and whose they are."""

    time: AnyArray
    potential: AnyArray
    population: AnyArray
    index: AnyArray
