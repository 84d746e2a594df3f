r"""What spikes bring to each cell: mean loads of a window, averaged over the last ones.

A window of seconds measures the load of one cell poorly: at 10 Hz, three seconds hold 30 spikes, give or
take five, and a cell that happened to be at the upper end for a year would be loaded as no cell is. So

.. math::
    \hat L \leftarrow (1 - w)\,r\,\hat L + w\,L, \qquad r = \langle L\rangle / \langle\hat L\rangle

over the cells of a population, with the weight :math:`w` of a window in `memory` seconds of spikes. The
change :math:`r` of the population is taken at once where it is larger than chance (three times the scatter
of its mean, from second differences over the last windows); what then remains are differences between its
cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from unshielded.arrays import Array, Integers, Mask
from unshielded.multiscale.system import DRIVING_FORCE, ENTRY_PATHWAYS, GAIN
from unshielded.multiscale.window import SpikingWindow, gain
from unshielded.numerics.batched import System

#: Load → the running total that it is the mean of. Those that decide how long a step is come first.
_TOTALS = {
    "firing_rate": "total_discharges",
    f"mean_{ENTRY_PATHWAYS[1]}": "total_synaptic_sodium",
    f"mean_{ENTRY_PATHWAYS[0]}": "total_leak_sodium",
    "spike_sodium_entry": "total_spike_sodium",
    "release_rate": "total_releases",
    "membrane_potential": "total_potential",
}
ENTRY = "calcium_entry"

#: Loads whose change over a step is held to the tolerance.
CONTROLLED = (ENTRY, "firing_rate", f"mean_{ENTRY_PATHWAYS[1]}")

#: Scatters of a mean that are chance: beyond, one of fifteen means is in a window of twenty-five.
_CHANCE = 3.0
#: Windows from which chance is learnt, at most and at least.
_WINDOWS, _FEWEST_WINDOWS = 13, 5
#: Median of the absolute second difference of independent normal numbers, over their scatter.
_OF_NORMAL = 0.6745 * 6.0**0.5


@dataclass
class Loads:
    """The loads of all cells, and how well they are known.

    Attributes
    ----------
    memory
        Seconds of spikes over which they are averaged.
    groups
        Population → its cells.
    held
        Load → one value per cell, SI.
    weight
        Seconds of spikes that they rest on.
    scatter
        Population → by how much its mean scatters by chance, SI, of each of `CONTROLLED`.
    """

    memory: float
    groups: Mapping[str, slice]
    held: dict[str, Array] = field(default_factory=dict)
    weight: float = 0.0
    scatter: dict[str, Array] = field(default_factory=dict)
    _means: dict[str, list[Array]] = field(default_factory=dict)

    def take(self, measured: Mapping[str, Array], seconds: float, alive: Mask) -> float:
        """Take a window in, and return by how much more than chance the loads have changed.

        Returns
        -------
        float
            The largest relative change of a population's mean load against what was held.
        """
        largest = 0.0
        for population, living in self._living(alive) if self.held else ():
            change, size = self._changes(measured, living)
            noise = self.scatter.get(population, np.zeros(len(CONTROLLED)))
            beyond = np.maximum(np.abs(change) - _CHANCE * noise, 0.0)
            relative = np.divide(beyond, size, out=np.zeros_like(size), where=size > 0)
            if len(living) >= _FEWEST:
                largest = max(largest, float(relative.max()))
            if relative.any():
                for name in self.held:
                    self._follow(name, measured, living)
        self._average(measured, seconds)
        self._learn(measured, alive)
        return largest

    def note(self, measured: Mapping[str, Array], seconds: float, alive: Mask) -> None:
        """Take a window at the start in: there is no change yet, only chance."""
        self._average(measured, seconds)
        self._learn(measured, alive)

    def _living(self, alive: Mask) -> list[tuple[str, Integers]]:
        found = [(p, np.flatnonzero(alive[c]) + c.start) for p, c in self.groups.items()]
        return [(population, cells) for population, cells in found if cells.size]

    def _learn(self, measured: Mapping[str, Array], alive: Mask) -> None:
        """Estimate chance from second differences of the last windows' means.

        A trend has none, and a jump makes two or three large ones, which their median does not see.
        """
        for population, living in self._living(alive):
            rows = self._means.setdefault(population, [])
            rows.append(np.array([measured[name][living].mean() for name in CONTROLLED]))
            del rows[:-_WINDOWS]
            if len(rows) >= _FEWEST_WINDOWS:
                bends = np.abs(np.diff(np.array(rows), 2, axis=0))
                self.scatter[population] = np.median(bends, axis=0) / _OF_NORMAL

    def _average(self, measured: Mapping[str, Array], seconds: float) -> None:
        if not self.held:
            self.held = {name: value.copy() for name, value in measured.items()}
            self.weight = seconds
            return
        self.weight = min(self.weight + seconds, max(self.memory, seconds))
        for name, held in self.held.items():
            held += seconds / self.weight * (measured[name] - held)

    def _changes(self, measured: Mapping[str, Array], cells: Integers) -> tuple[Array, Array]:
        """Change of a population's means against what is held, and what it counts against."""
        now = np.array([measured[name][cells].mean() for name in CONTROLLED])
        held = np.array([self.held[name][cells].mean() for name in CONTROLLED])
        # what hardly fires may double without consequence: a change counts against a hertz too
        floor = np.array([0.0 if name != "firing_rate" else 1.0 for name in CONTROLLED])
        return now - held, np.maximum(np.abs(held), floor)

    def _follow(self, name: str, measured: Mapping[str, Array], cells: Integers) -> None:
        """Let what is held have the mean of what is measured, cell by cell in proportion.

        Beyond a factor of `_BEYOND` differences between cells say nothing any more: what is measured
        is taken.
        """
        now, held = measured[name][cells].mean(), self.held[name][cells].mean()
        if name in _SHIFTED:
            self.held[name][cells] += now - held
        elif held > 0 and held / _BEYOND <= now <= held * _BEYOND:
            self.held[name][cells] *= now / held
        else:
            self.held[name][cells] = measured[name][cells]


#: Factor of a population's mean up to which the differences between its cells are kept.
_BEYOND = 3.0
#: Loads that a change shifts, and does not multiply.
_SHIFTED = frozenset({"membrane_potential", DRIVING_FORCE, GAIN})
#: Cells of a population whose mean says something.
_FEWEST = 3


def measure(
    window: SpikingWindow,
    model: System,
    values: Mapping[str, Array | float],
    y: Array,
) -> dict[str, Array]:
    """Return the loads of one window, with the closures of :mod:`unshielded.multiscale.system`.

    Parameters
    ----------
    values
        Parameters of the system, all but the loads.
    y
        The cells at the end of the window, in the order of the system's states.
    """
    cells = window.last.cells
    found = {name: window.mean(total) for name, total in _TOTALS.items()}
    entered = cells["calcium_entered"] - window.settled.cells["calcium_entered"]
    found[ENTRY] = entered / window.loads - np.asarray(values["calcium_leak"])
    at_mean = y.copy()
    for state, total in (
        ("calcium", "total_free_calcium"),
        ("mitochondrial_potential", "total_mitochondrial_potential"),
    ):
        at_mean[model.states.index(state)] = window.mean(total)
    alone = {**values, **found, DRIVING_FORCE: 1.0, GAIN: 1.0}
    lines = model.lines(at_mean, _arguments(model, alone))
    potential = found["membrane_potential"]
    found[DRIVING_FORCE] = lines["sodium_potential"] - potential
    found[GAIN] = gain(window, lines["mcu_flux_of_mean"])
    return found


def _arguments(model: System, values: Mapping[str, Array | float]) -> Sequence[Array | float]:
    return [values[name] for name in model.parameters]
