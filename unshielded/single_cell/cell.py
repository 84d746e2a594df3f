"""A cell of a population by itself: its equations, its numbers, its resting state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np

from unshielded import calcium, circuit
from unshielded.arrays import Array
from unshielded.circuit.populations import TYPICAL
from unshielded.mechanism import MechanismError
from unshielded.mechanism.evaluate import initial_values
from unshielded.mechanism.ode import Ode
from unshielded.mechanism.targets.python import Rhs, compiled
from unshielded.model import INSIDE, OUTSIDE, cell_models, default, without_q10
from unshielded.preparations import DEFAULT, PREPARATIONS
from unshielded.single_cell.equations import DISCHARGE, RELEASES, equations

CATALOGUE = {**circuit.PARAMETERS, **calcium.PARAMETERS}

#: What an experimenter sets: nothing is applied, the cell is silent. SI.
CONDITIONS = {
    DISCHARGE: 0.0,
    RELEASES: 0.0,
    "alive": 1.0,
    "eaat2": 1.0,
    **{f"{stem}_applied": 0.0 for stem in (*circuit.AGENTS.values(), *calcium.AGENTS.values())},
}


@dataclass(frozen=True)
class Cell:
    """A cell alone.

    Attributes
    ----------
    population
        Whose numbers it has.
    system
        Its equations.
    values
        Parameter or condition → value in SI, all that `system` needs.
    start
        State → value at rest, in SI.
    preparation
        Where it lives, and at which temperature.
    """

    population: str
    system: Ode
    values: Mapping[str, float]
    start: Mapping[str, float] = field(repr=False)
    preparation: str = DEFAULT

    @property
    def initial(self) -> Array:
        """The resting state, in the order of ``system.states``."""
        return np.array([self.start[name] for name in self.system.states])

    @cached_property
    def rhs(self) -> Callable[[float, Sequence[float]], list[float]]:
        """``f(t, y) -> dy/dt`` with the parameters put in."""
        function, numbers = _function(self.system, None), self.numbers
        return lambda t, y: function(t, y, numbers)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The parameters in the order of ``system.parameters``."""
        return tuple(self.values[name] for name in self.system.parameters)

    def given(self, **values: float) -> Cell:
        """The same cell under other conditions, in SI; the start stays."""
        unknown = set(values) - set(self.values)
        if unknown:
            raise MechanismError(f"{sorted(unknown)[0]!r} is not a parameter of a lone cell")
        return replace(self, values={**self.values, **values})

    def outputs(self, names: Sequence[str], y: Sequence[float], t: float = 0.0) -> list[float]:
        """The values of named lines, states or parameters at the state `y`."""
        return _function(self.system, tuple(names))(t, y, self.numbers)


def cell(
    population: str = TYPICAL,
    values: Mapping[str, float] | None = None,
    held: Sequence[str] = (),
    outputs: Sequence[str] = (),
    preparation: str = DEFAULT,
) -> Cell:
    """Return a resting cell.

    Parameters
    ----------
    population
        A key of :data:`unshielded.circuit.populations.POPULATIONS`.
    values
        Parameters that differ from the population's, in SI, at the temperature of the preparation.
    held
        States kept constant: ``("membrane_potential",)`` for a voltage clamp.
    outputs
        Named lines that :meth:`Cell.outputs` must be able to give.
    preparation
        A key of :data:`unshielded.preparations.PREPARATIONS`.

    Raises
    ------
    MechanismError
        If a name in `values` is not a parameter of the model, or a mechanism has no Q10 and is not known
        at the temperature of the preparation.
    """
    known = {**numbers(population, preparation), **CONDITIONS}
    unknown = set(values or {}) - set(known)
    if unknown:
        raise MechanismError(f"{min(unknown)!r} is not a parameter of a lone cell")
    known |= values or {}
    begin = initial_values(known, *cell_models())
    system = equations_of(tuple(held), tuple(outputs))
    # The constants that hold the cell at rest (leak, capacity of the pump), and what is held.
    known |= {
        name: float(np.asarray(begin[name])) for name in system.parameters if name not in known
    }
    start = {name: float(np.asarray(begin[name])) for name in system.states}
    return Cell(population, system, known, start, preparation)


@cache
def numbers(population: str, preparation: str = DEFAULT) -> Mapping[str, float]:
    """Return every parameter of a cell of a population, told in a preparation, in SI.

    Raises
    ------
    MechanismError
        If a mechanism has no Q10 and is not known at the temperature of the preparation.
    """
    celsius = PREPARATIONS[preparation].temperature
    for name, missing in without_q10((*OUTSIDE, *INSIDE), celsius).items():
        raise MechanismError(
            f"the mechanism {name!r} has no Q10 to tell {missing[0]!r} at {celsius:g} °C; give it a "
            f"q10, or take a preparation at {CATALOGUE[missing[0]].temperature:g} °C"
        )
    return {name: default(name, preparation, population).at(celsius) for name in CATALOGUE}


@cache
def equations_of(held: tuple[str, ...], outputs: tuple[str, ...]) -> Ode:
    """Return :func:`unshielded.single_cell.equations.equations`, made once."""
    return equations(held, outputs)


@cache
def _function(system: Ode, names: tuple[str, ...] | None) -> Rhs:
    return compiled(system, names)
