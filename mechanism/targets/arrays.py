"""Systems of equations as functions of numpy arrays: many cells at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from unshielded.arrays import Array
from unshielded.mechanism.expression import Expression
from unshielded.mechanism.targets.functions import function


def _clip(x: ArrayLike, low: ArrayLike, high: ArrayLike) -> Any:
    return np.minimum(np.maximum(x, low), high)


def _indicator(condition: ArrayLike) -> Array:
    return np.asarray(condition, dtype=float)


#: What the functions of the model are.
FUNCTIONS: dict[str, Any] = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "clip": _clip,
    "int": _indicator,
}


def batched(
    states: Sequence[str],
    parameters: Sequence[str],
    lines: Mapping[str, Expression],
    results: Sequence[Expression],
) -> Callable[[Array, Sequence[Array | float]], Array]:
    """Return ``f(y, p)`` of many cells: shape (states, …, cells) → (results, …, cells)."""
    values = function("rates", {"y": states, "p": parameters}, lines, results, FUNCTIONS)

    def rates(y: Array, p: Sequence[Array | float]) -> Array:
        found = np.empty((len(results), *y.shape[1:]))
        for place, value in enumerate(values(y, p)):
            found[place] = value
        return found

    return rates
