"""Evaluate the equations of a model in plain numpy: initial values, and a reference solver.

The same text that becomes C++ is evaluated here, so a resting state or an implicit reference
solution needs no second copy of the physics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import CodeType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mechanism.errors import MechanismError
from mechanism.mechanism import Mechanism

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
        self.rates: dict[str, CodeType] = {}
        self.named: dict[str, CodeType] = {}
        self.initial: dict[str, CodeType] = {}
        self.variables: set[str] = set()
        mechanisms = tuple(mechanisms)
        for name in balances:
            terms = [m.contributes[name] for m in mechanisms if name in m.contributes]
            self.named[name] = compile(" + ".join(f"({t})" for t in terms) or "0", name, "eval")
        for mechanism in mechanisms:
            for name, text in mechanism.initial.items():
                self.initial[name] = compile(text, name, "eval")
            for line in mechanism.equations.splitlines():
                left, equals, rest = line.partition("=")
                if equals:
                    self._add(left.strip(), rest.rpartition(":")[0].strip())
                elif left.strip():
                    self.variables.add(left.partition(":")[0].strip())

    def _add(self, left: str, right: str) -> None:
        state = re.fullmatch(r"d(\w+)/dt", left)
        if state:
            self.rates[state[1]] = compile(right, left, "eval")
            self.variables.add(state[1])
        else:
            self.named[left] = compile(right, left, "eval")


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
