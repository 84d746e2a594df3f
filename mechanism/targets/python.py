"""Systems of equations as functions of floats: for one cell, faster than arrays.

A solver may try states that the system never reaches: these functions must not raise there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from unshielded.mechanism.expression import Expression, Name
from unshielded.mechanism.ode import Ode
from unshielded.mechanism.targets.functions import function

#: ``f(t, y, p)``: time, states, parameters → values, all SI.
Rhs = Callable[[float, Sequence[float], Sequence[float]], list[float]]


def compiled(system: Ode, outputs: Sequence[str] | None = None) -> Rhs:
    """Return ``f(t, y, p)``, which gives dy/dt or, with `outputs`, the values of those names."""
    asked: list[Expression] = (
        list(system.rates.values()) if outputs is None else [Name(name) for name in outputs]
    )
    unpacked = {"t": (), "y": system.states, "p": system.parameters}
    return function("rates", unpacked, system.named, asked, FUNCTIONS)


def _exp(x: float) -> float:
    return math.exp(x) if x < 700.0 else math.exp(700.0)


def _log(x: float) -> float:
    return math.log(x) if x > 1e-300 else math.log(1e-300)


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x > 0.0 else 0.0


def _clip(x: float, low: float, high: float) -> float:
    return low if x < low else high if x > high else x


#: What the functions of the model are.
FUNCTIONS: dict[str, Any] = {"exp": _exp, "log": _log, "sqrt": _sqrt, "clip": _clip, "int": float}
