"""A model as one closed system of ordinary differential equations, in plain text.

What the engine advances on two clocks is here one system without a time step, made from the
same lines: for implicit solvers, for fixed points, and for export.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from unshielded.mechanism.errors import MechanismError

Rhs = Callable[[float, Sequence[float], Sequence[float]], list[float]]

_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
#: What an expression may call.
FUNCTIONS = frozenset({"exp", "log", "sqrt", "clip"})
#: Units in an expression; everything is in SI, so they are 1.
UNITS = frozenset({"volt", "second", "mmolar", "siemens", "amp", "coulomb"})


@dataclass(frozen=True)
class Ode:
    """A system ``dy/dt = f(y, p)``.

    Attributes
    ----------
    rates
        State → right-hand side; their order is that of `y`.
    named
        Named line → expression, each after those that it uses. Only lines that a rate, or an
        asked-for output, depends on.
    parameters
        Everything else that is used, sorted: the order of `p`.
    """

    rates: Mapping[str, str]
    named: Mapping[str, str]
    parameters: tuple[str, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """The states, in the order of `y`."""
        return tuple(self.rates)


def ode(rates: Mapping[str, str], named: Mapping[str, str], outputs: Iterable[str] = ()) -> Ode:
    """Order the named lines, and leave out those that nothing depends on.

    Raises
    ------
    MechanismError
        If named lines depend on each other in a circle.
    """
    needed: dict[str, set[str]] = {}
    open_ = [*outputs, *(word for text in rates.values() for word in words(text))]
    while open_:
        name = open_.pop()
        if name in named and name not in needed:
            needed[name] = words(named[name])
            open_.extend(needed[name])
    # Sorted: the order of a set of words differs from process to process.
    graph = {name: sorted(needed[name]) for name in sorted(needed)}
    try:
        order = [n for n in TopologicalSorter(graph).static_order() if n in needed]
    except CycleError as error:
        raise MechanismError(f"{' → '.join(error.args[1])}: defined by itself") from error
    used = {w for text in (*rates.values(), *(named[n] for n in order)) for w in words(text)}
    free = used - set(order) - set(rates) - {"t"}
    return Ode(dict(rates), {n: named[n] for n in order}, tuple(sorted(free)))


def words(text: str) -> set[str]:
    """Return the names that an expression uses, without functions and units."""
    return set(_WORD.findall(text)) - FUNCTIONS - UNITS - {"inf"}


def compiled(system: Ode, outputs: Sequence[str] | None = None) -> Rhs:
    """Return ``f(t, y, p)`` as one Python function of floats, without arrays.

    It gives dy/dt, or, with `outputs`, the values of those names.
    For one cell this is an order of magnitude faster than numpy.
    """
    results = [f"({text})" for text in system.rates.values()] if outputs is None else outputs
    lines = [f"    {name} = {text}" for name, text in system.named.items()]
    source = "\n".join(
        [
            "def f(t, y, p):",
            f"    ({', '.join(system.states)},) = y",
            f"    ({', '.join(system.parameters)},) = p" if system.parameters else "",
            *lines,
            f"    return [{', '.join(results)}]",
        ]
    )
    scope: dict[str, object] = {
        "exp": _exp,
        "log": _log,
        "sqrt": _sqrt,
        "clip": _clip,
        "inf": math.inf,
        **dict.fromkeys(UNITS, 1.0),
    }
    exec(source, scope)
    function: Rhs = scope["f"]  # type: ignore[assignment]
    return function


# A solver may try states that the system never reaches: these must not raise there.


def _exp(x: float) -> float:
    return math.exp(x) if x < 700.0 else math.exp(700.0)


def _log(x: float) -> float:
    return math.log(x) if x > 1e-300 else math.log(1e-300)


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x > 0.0 else 0.0


def _clip(x: float, low: float, high: float) -> float:
    return low if x < low else high if x > high else x
