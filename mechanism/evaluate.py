"""Evaluate the equations of a model in plain numpy: initial values, and a reference solver.

The same text that becomes C++ is evaluated here, so a resting state or an implicit reference
solution needs no second copy of the physics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import CodeType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.mechanism import Mechanism
from unshielded.mechanism.texts import texts

Array = NDArray[np.float64]

_FUNCTIONS: dict[str, object] = {
    "__builtins__": {},
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "clip": np.clip,
    "int": lambda condition: np.asarray(condition, dtype=float),
    "inf": np.inf,
    # Everything is in SI here, so a unit in an expression is 1.
    "volt": 1.0,
    "second": 1.0,
}


class Expressions:
    """The right-hand sides of mechanisms: rates of states, named lines, values at the start.

    ``variables`` are what has a value of its own: the states, and the lines that only declare.
    """

    def __init__(self, mechanisms: Iterable[Mechanism], balances: Iterable[str]) -> None:
        found = texts(mechanisms, balances)
        self.rates = _compiled(found.rates)
        self.named = _compiled(found.named)
        self.initial = _compiled(found.initial)
        self.variables = {*found.rates, *found.declared}


def _compiled(expressions: Mapping[str, str]) -> dict[str, CodeType]:
    return {name: compile(text, name, "eval") for name, text in expressions.items()}


class Values(dict[str, ArrayLike]):
    """Values by name; what is missing is worked out from expressions, on demand."""

    def __init__(self, known: Mapping[str, ArrayLike], *expressions: Mapping[str, CodeType]):
        super().__init__(known)
        self._expressions = expressions
        self._open: list[str] = []

    def __missing__(self, name: str) -> ArrayLike:
        if name in self._open:
            raise MechanismError(f"{' → '.join([*self._open, name])}: defined by itself")
        for expressions in self._expressions:
            if name in expressions:
                self._open.append(name)
                value: ArrayLike = eval(expressions[name], _FUNCTIONS, self)
                self._open.pop()
                self[name] = value
                return value
        raise KeyError(name)


def initial_values(known: Mapping[str, ArrayLike], *models: Expressions) -> Values:
    """Return the values at the start; index by name. What has no expression starts at zero.

    Parameters
    ----------
    known
        Parameters, in SI: scalars or one value per neuron.
    models
        The mechanisms' expressions. Initial values may refer to each other, to parameters
        and to any named line (fluxes at rest).
    """
    starts = {name: code for model in models for name, code in model.initial.items()}
    named = {name: code for model in models for name, code in model.named.items()}
    states = {name for model in models for name in model.rates}
    zero = dict.fromkeys(states - set(starts), 0.0)
    return Values({**zero, **known}, starts, named)


def rates(
    model: Expressions, states: tuple[str, ...]
) -> Callable[[Array, Mapping[str, ArrayLike]], Array]:
    """Return ``f(y, known) -> dy/dt`` for `states`, everything in SI.

    `y` has the shape (states, …); `known` holds the parameters and what comes from outside.
    """

    def derivative(y: Array, known: Mapping[str, ArrayLike]) -> Array:
        values = Values({**known, **dict(zip(states, y, strict=True))}, model.named)
        shape = np.shape(y[0])
        return np.array(
            [np.broadcast_to(eval(model.rates[s], _FUNCTIONS, values), shape) for s in states]
        )

    return derivative
