"""One cell without the engine: the same equations, evaluated in numpy, for any solver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from unshielded import calcium, circuit
from unshielded.arrays import Array
from unshielded.circuit.populations import POPULATIONS
from unshielded.engine.integrate import damped
from unshielded.mechanism import to_si
from unshielded.mechanism.evaluate import Values, initial_values, rates
from unshielded.mechanism.model import add_up
from unshielded.model import OUTSIDE as OUTER_MECHANISMS

_UNDAMPED = add_up(calcium.CELL, calcium.BALANCES)
#: Stiff lines are damped as in the step of the engine; not at all where `dt` is 0.
INSIDE = replace(_UNDAMPED, named=damped(_UNDAMPED.named, _UNDAMPED.relaxations))
OUTSIDE = add_up(OUTER_MECHANISMS, circuit.BALANCES)
CATALOGUE = {**circuit.PARAMETERS, **calcium.PARAMETERS}

STATES = tuple(INSIDE.rates)
_derivative = rates(INSIDE, STATES)

#: What a membrane at rest hands over and what lives at the start.
_GIVEN = ("sodium_leak", "sodium_reversal", "potassium_leak", "potassium_reversal")

#: Nothing is in the bath, nothing enters, and no step damps what is stiff.
_NOTHING = {
    **{f"{stem}_bath": 0.0 for stem in (*circuit.AGENTS.values(), *calcium.AGENTS.values())},
    "chelator": 0.0,
    "added_creatine": 0.0,
    "calcium_entry": 0.0,
    "spike_sodium_entry": 0.0,
    "synaptic_sodium_entry": 0.0,
    "firing_rate": 0.0,
    "release_rate": 0.0,
    "dt": 0.0,
}


@dataclass(frozen=True)
class Cell:
    """A cell of a population, at rest at the start.

    ``known`` has every parameter and whatever is constant in one slow step, in SI.
    """

    known: Mapping[str, ArrayLike]
    start: Array

    def rate(self, y: Array, **given: ArrayLike) -> Array:
        """The derivative of all states."""
        return _derivative(y, {**self.known, **given})

    def rhs(self, **given: ArrayLike) -> Callable[[float, Array], Array]:
        """The derivative as a solver wants it."""
        return lambda _time, y: self.rate(y, **given)

    def values(self, **given: ArrayLike) -> Values:
        """Any named line, at the start but for what is given; by name."""
        start = dict(zip(STATES, self.start, strict=True))
        return Values({**self.known, **start, **given}, INSIDE.named, OUTSIDE.named)

    def started(self, **given: float) -> Array:
        """The start with other values of some states."""
        y = self.start.copy()
        for name, value in given.items():
            y[STATES.index(name)] = value
        return y


def cell(population: str = "motor_fr", **overrides: str | Array) -> Cell:
    """A resting cell; overrides are texts with units, or SI arrays for several cells at once."""
    values: dict[str, ArrayLike] = {**_NOTHING, **{name: p.si for name, p in CATALOGUE.items()}}
    values |= {name: p.si for name, p in POPULATIONS[population].parameters.items()}
    for name, value in overrides.items():
        text = isinstance(value, str)
        values[name] = to_si(value, CATALOGUE[name].unit) if text else value  # type: ignore[arg-type]
    begin = initial_values(values, OUTSIDE, INSIDE)
    leak = np.asarray(begin["sodium_leak"]) * (
        np.asarray(begin["sodium_reversal"]) - np.asarray(values["resting_potential"])
    )
    known = {
        **values,
        **{
            name: begin[name]
            for name in ("calcium_leak", "pump_maximum_rate", "resting_gradient", *_GIVEN)
        },
        "membrane_potential": values["resting_potential"],
        # What leaks into a resting cell, as the slow clock sees it.
        "leak_sodium_entry": leak / (values["faraday"] * np.asarray(values["cytosolic_volume"])),
        "alive": 1.0,
    }
    start = [np.asarray(begin[state], float) for state in STATES]
    shapes = [np.asarray(value) for value in values.values()]
    return Cell(known, np.array(np.broadcast_arrays(*start, *shapes)[: len(STATES)]))


def midpoint_step(derivative: Callable[[Array], Array], y: Array, dt: float) -> Array:
    """One explicit midpoint step: two evaluations, second order."""
    return y + dt * derivative(y + 0.5 * dt * derivative(y))


def index(name: str) -> int:
    """Where a state lies."""
    return STATES.index(name)
