"""Evaluate equations of a model one by one: initial values, and a reference for solvers.

The same tree that becomes C++ is evaluated here, so a resting state or an implicit reference
solution needs no second copy of the physics.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from unshielded.arrays import Array
from unshielded.mechanism.equation import Statement
from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.expression import (
    Binary,
    Call,
    Compare,
    Expression,
    Logic,
    Name,
    Negative,
    Number,
    Unit,
)
from unshielded.mechanism.lowering import lowered
from unshielded.mechanism.model import Model
from unshielded.mechanism.targets.arrays import FUNCTIONS

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "and": np.logical_and,
    "or": np.logical_or,
}


class Values(dict[str, ArrayLike]):
    """Values by name; what is missing is worked out from expressions, on demand."""

    def __init__(self, known: Mapping[str, ArrayLike], *expressions: Mapping[str, Expression]):
        super().__init__(known)
        self._expressions = expressions
        self._open: list[str] = []

    def __missing__(self, name: str) -> ArrayLike:
        if name in self._open:
            raise MechanismError(f"{' → '.join([*self._open, name])}: defined by itself")
        for expressions in self._expressions:
            if name in expressions:
                self._open.append(name)
                value: ArrayLike = evaluate(expressions[name], self)
                self._open.pop()
                self[name] = value
                return value
        raise KeyError(name)


def evaluate(expression: Expression, values: Mapping[str, ArrayLike]) -> Any:
    """Return the value of an expression, everything in SI."""
    return _evaluate(lowered(expression), values)


def _evaluate(node: Expression, values: Mapping[str, ArrayLike]) -> Any:
    match node:
        case Number(value):
            return value
        case Unit():
            return 1.0
        case Name(name):
            return values[name]
        case Negative(operand):
            return operator.neg(_evaluate(operand, values))
        case Binary(sign, left, right) | Compare(sign, left, right):
            return _OPERATORS[sign](_evaluate(left, values), _evaluate(right, values))
        case Logic(word, (first, *others)):
            joined = _evaluate(first, values)
            for other in others:
                joined = _OPERATORS[word](joined, _evaluate(other, values))
            return joined
        case Call(function, arguments):
            return FUNCTIONS[function](*(_evaluate(one, values) for one in arguments))
    raise AssertionError(node)


def execute(block: Iterable[Statement], values: MutableMapping[str, Any]) -> None:
    """Carry out statements on `values`, by name, everything in SI."""
    for one in block:
        right = evaluate(one.right, values)
        values[one.name] = values[one.name] + right if one.operator == "+=" else right


def initial_values(known: Mapping[str, ArrayLike], *models: Model) -> Values:
    """Return the values at the start; index by name. What has no expression starts at zero.

    Parameters
    ----------
    known
        Parameters, in SI: scalars or one value per neuron.
    models
        The models of one cell. Initial values may refer to each other, to parameters and to any
        named line (fluxes at rest), of whichever model.
    """
    starts = {name: right for model in models for name, right in model.initial.items()}
    named = {name: right for model in models for name, right in model.named.items()}
    states = {name for model in models for name in model.rates}
    zero = dict.fromkeys(states - set(starts), 0.0)
    return Values({**zero, **known}, starts, named)


def rates(
    model: Model, states: tuple[str, ...]
) -> Callable[[Array, Mapping[str, ArrayLike]], Array]:
    """Return ``f(y, known) -> dy/dt`` for `states`, everything in SI.

    `y` has the shape (states, …); `known` holds the parameters and what comes from outside.
    """

    def derivative(y: Array, known: Mapping[str, ArrayLike]) -> Array:
        values = Values({**known, **dict(zip(states, y, strict=True))}, model.named)
        shape = np.shape(y[0])
        return np.array([np.broadcast_to(evaluate(model.rates[s], values), shape) for s in states])

    return derivative
