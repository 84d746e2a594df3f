r"""Steady states of the lone cell under a constant load.

Solved for are the states that the cell's fate depends on. Left out are

- integrals and markers, which no rate of the others depends on (calcium that has entered, the
  ledger, integrated damage, the progress to death);
- what stays where it is whatever the cell does (an inhibitory conductance without inhibition, a
  bath in which nothing is applied).

Both follow from the equations' own words. The others are solved for as :math:`x`,
:math:`y = s \sinh x`, with :math:`s` their size at rest: linear below rest, logarithmic above, and
defined for both signs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from unshielded.arrays import Array
from unshielded.mechanism import MechanismError
from unshielded.mechanism.ode import dependencies
from unshielded.numerics.continuation import steady
from unshielded.single_cell.cell import Cell
from unshielded.single_cell.equations import DISCHARGE, RELEASES
from unshielded.single_cell.solve import solve

#: Time in which a healthy cell comes near its steady state, in seconds.
SETTLED = 10 * 3600.0

_LARGEST = 30.0  # of x: sinh of it is 5e12
_PROBES = 8  # random states at which what stands still is looked for


@dataclass(frozen=True)
class Load:
    """What a cell is put under.

    Attributes
    ----------
    name, unit, meaning
        How it is named and measured.
    highest
        How far a branch is followed, in `unit`.
    conditions
        The parameters, in SI, of a cell at a load in `unit`.
    clamped
        Whether the membrane potential is better held at rest: nothing in the load drives it, and
        what repolarises a firing cell is not in these equations, so that the pump's current alone
        would take it far below the potassium potential.
    """

    name: str
    unit: str
    meaning: str
    highest: float
    conditions: Callable[[Cell, float], Mapping[str, float]]
    clamped: bool = False


LOADS = {
    load.name: load
    for load in (
        Load("firing_rate", "Hz", "firing rate", 400.0, lambda _, x: {DISCHARGE: x}, True),
        Load("releases", "Hz", "glutamate releases", 2e5, lambda _, x: {RELEASES: x}),
        Load(
            "calcium",
            "µM/s",
            "constant influx of total calcium, over that at rest",
            2e3,
            lambda cell, x: {"calcium_leak": cell.values["calcium_leak"] + 1e-3 * x},
        ),
        Load(
            "glutamate",
            "µM",
            "glutamate in the bath",
            1e3,
            lambda _, x: {"glutamate_applied": 1e-3 * x},
        ),
        Load(
            "supply",
            "%",
            "share of respiration and ATP synthase lost",
            100.0,
            lambda cell, x: {
                name: cell.values[name] * (1.0 - x / 100.0)
                for name in ("respiration_maximum_rate", "synthase_maximum_rate")
            },
            True,
        ),
    )
}


@dataclass(frozen=True)
class Reduced:
    """The states of a cell that are solved for, under one kind of load.

    Attributes
    ----------
    cell
        Without the load.
    load
        The kind of load.
    states
        Those that are solved for.
    scale
        The size of each, in SI.
    """

    cell: Cell
    load: Load
    states: tuple[str, ...]
    scale: Array

    @cached_property
    def _places(self) -> list[int]:
        return [self.cell.system.states.index(name) for name in self.states]

    def under(self, load: float) -> Cell:
        """The cell under a load."""
        return self.cell.given(**self.load.conditions(self.cell, load))

    def rates(self, x: Array, load: float) -> Array:
        """Return dx/dt, in 1/s."""
        x = np.clip(x, -_LARGEST, _LARGEST)
        rates = self.under(load).rhs(0.0, self.values(x).tolist())
        change: Array = np.array([rates[i] for i in self._places]) / (self.scale * np.cosh(x))
        return change

    def values(self, x: Array) -> Array:
        """All states in SI; those left out are as at rest."""
        y = self.cell.initial
        y[self._places] = self.scale * np.sinh(x)
        return y

    def reduce(self, y: Array) -> Array:
        """The scaled form of what is solved for, of all states in SI."""
        x: Array = np.arcsinh(np.asarray(y)[self._places] / self.scale)
        return x

    def lethal(self, x: Array, load: float, fate: str) -> float:
        """Return how fast a fate that stands at 1 grows, in 1/s: above 0 this state kills."""
        y = self.values(x)
        place = self.cell.system.states.index(fate)
        y[place] = 1.0
        return self.under(load).rhs(0.0, y.tolist())[place]

    def healthy(self, load: float = 0.0) -> Array:
        """Return the scaled steady state that the resting cell comes to under a load.

        Raises
        ------
        MechanismError
            If the cell dies of that load.
        """
        cell = self.under(load)
        course = solve(cell, SETTLED, tolerance=1e-6)
        if course.death is not None:
            raise MechanismError(
                f"a {cell.population} cell dies of a {self.load.name} of {load:g} "
                f"{self.load.unit} after {course.death:.0f} s: it has no healthy state there; "
                "expected a smaller load"
            )
        return steady(self.rates, self.reduce(course.last), load)


def reduced(cell: Cell, load: Load) -> Reduced:
    """Leave out the integrals, and what does not move, of a cell under a kind of load."""
    system = cell.system
    needs = dependencies(system)
    kept = _without_integrals({name: used & needs.keys() for name, used in needs.items()})
    still = _still(cell.given(**load.conditions(cell, 1.0)), kept)
    states = tuple(name for name in system.states if name in kept - still)
    scale = np.array([abs(cell.start[name]) or 1.0 for name in states])
    return Reduced(cell, load, states, scale)


def _still(cell: Cell, kept: Set[str]) -> set[str]:
    """Return what has no rate under the load, whatever the states that move are.

    Probed, not derived: a blocker of open channels that is not there does not bind, whatever opens them.
    """
    random = np.random.default_rng(0)
    rest, states = cell.initial, cell.system.states
    still = set(kept)
    while True:
        moved = np.array([name not in still for name in states])
        probes = [rest] + [
            np.where(moved, np.where(rest, rest * (0.5 + 1.5 * share), share), rest)
            for share in random.random((_PROBES, len(states)))
        ]
        rates = np.array([cell.rhs(0.0, y.tolist()) for y in probes])
        moving = {name for k, name in enumerate(states) if name in still and rates[:, k].any()}
        if not moving:
            return still
        still -= moving


def _without_integrals(needs: Mapping[str, Set[str]]) -> set[str]:
    """Take away, until none is left, states that no rate but their own depends on."""
    kept = set(needs)
    while True:
        used = {word for name in kept for word in needs[name] - {name}}
        if kept <= used:
            return kept
        kept &= used
