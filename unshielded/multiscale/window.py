"""A window of spikes as the solver sees it: where it starts, and what it has measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from unshielded import calcium
from unshielded.arrays import Array, Integers
from unshielded.assemble import Assembly
from unshielded.assemble.assembly import Value
from unshielded.assemble.streams import stream
from unshielded.multiscale.system import CLOSED

#: Running totals of a cell that the solver keeps itself: each window counts from zero.
COUNTED = tuple(
    name
    for name in calcium.RECORDED
    if name.startswith(("atp_produced_", "atp_used_", "calcium_e", "integrated_"))
    or name == "atp_capacity"
)

#: Variables of the membrane that are points in time: a window starts at 0.
_MOMENTS = ("excitable_from", "last_release")


@dataclass(frozen=True)
class CircuitState:
    """Variables of neurons and cells that are not constants, by name, in SI."""

    neurons: Mapping[str, Array]
    cells: Mapping[str, Array]


@dataclass(frozen=True)
class SpikingWindow:
    """The result of one window of spikes.

    Attributes
    ----------
    settled, last
        The state when settling was over, and at the end.
    counts
        Spikes of each neuron within `counted` seconds.
    counted, loads
        Seconds over which spikes were counted, and the cells' totals.
    force
        Of each unit, N, mean over the counted part.
    duration
        Of the whole window, seconds.
    """

    settled: CircuitState
    last: CircuitState
    counts: Integers
    counted: float
    loads: float
    force: Array
    duration: float

    def mean(self, total: str) -> Array:
        """Mean rate, over the counted part, of one of the cells' running totals."""
        rise = self.last.cells[total] - self.settled.cells[total]
        mean: Array = rise / self.loads
        return mean


def start(
    assembly: Assembly,
    state: CircuitState | None,
    changes: Mapping[str, Mapping[str, Array | float]],
    number: int,
    seed: int,
    elapsed: float,
) -> Assembly:
    """Return the assembly of a window.

    Parameters
    ----------
    assembly
        Of the whole run; its parameters and wiring.
    state
        To go on from; None is the start of the run.
    changes
        Group → variable → value, on top of that: parameters at this age, cells as they are now.
    number
        Of the window: the key of its random input.
    elapsed
        Seconds of spikes before it: the phase of a rhythmic command goes on.
    """
    groups: dict[str, dict[str, Value]] = {}
    for group, own, kept in (
        ("neurons", assembly.neurons, state.neurons if state else {}),
        ("cells", assembly.cells, state.cells if state else {}),
    ):
        going_on: dict[str, Value] = {
            name: float(v[0]) if v.size == 1 and np.ndim(own.get(name, 0.0)) == 0 else v
            for name, v in kept.items()
        }
        groups[group] = {**own, **going_on, **changes.get(group, {})}
    neurons, cells = groups["neurons"], groups["cells"]
    neurons["input_stream"] = _keys(assembly, number, seed)
    neurons["command_from"] = -elapsed
    if assembly.layout.cells:
        fresh = np.zeros(assembly.layout.cells)
        cells |= dict.fromkeys((*calcium.TOTALS, *COUNTED), fresh)
        cells |= {"time_of_death": fresh - 1, "time_of_pore_opening": fresh - 1}
    return replace(assembly, neurons=neurons, cells=cells, schedule=())


def follow(state: CircuitState, duration: float) -> CircuitState:
    """Return the state at the end of a window as one to start from: its moments, from then on."""
    moved = {name: state.neurons[name] - duration for name in _MOMENTS}
    return CircuitState({**state.neurons, **moved}, state.cells)


def _keys(assembly: Assembly, number: int, seed: int) -> Integers:
    """Random input of its own for each window, whatever else is drawn."""
    keys = [
        stream(seed, "input", part.name, "window", str(number)).integers(
            0, 2**63, part.size, dtype=np.int64
        )
        * 2
        + 1
        for part in assembly.layout.slices
    ]
    return np.concatenate([np.zeros(0, np.int64), *keys])


def gain(window: SpikingWindow, at_mean: Array) -> Array:
    """Return what bursts multiply the uniporter's flux by, given that at the mean state."""
    measured = window.mean("total_uptake")
    usable = np.isfinite(at_mean) & (at_mean > 0) & np.isfinite(measured) & (measured > 0)
    found: Array = np.where(usable, measured / np.where(usable, at_mean, 1.0), 1.0)
    return found


__all__ = ["CLOSED", "COUNTED", "CircuitState", "SpikingWindow", "follow", "gain", "start"]
