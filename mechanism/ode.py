"""A model as one closed system of ordinary differential equations.

What the engine advances on two clocks is here one system without a time step, made from the
same lines: for implicit solvers, for fixed points, and for export.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unshielded.mechanism.expression import Expression, names, parse
from unshielded.mechanism.model import ordered


@dataclass(frozen=True, eq=False)
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

    rates: Mapping[str, Expression]
    named: Mapping[str, Expression]
    parameters: tuple[str, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """The states, in the order of `y`."""
        return tuple(self.rates)


def ode(
    rates: Mapping[str, str | Expression],
    named: Mapping[str, str | Expression],
    outputs: Iterable[str] = (),
) -> Ode:
    """Order the named lines, and leave out those that nothing depends on.

    Raises
    ------
    MechanismError
        If named lines depend on each other in a circle.
    """
    slopes = {name: parse(right) for name, right in rates.items()}
    lines = {name: parse(right) for name, right in named.items()}
    needed: dict[str, Expression] = {}
    open_ = [*outputs, *(name for right in slopes.values() for name in names(right))]
    while open_:
        name = open_.pop()
        if name in lines and name not in needed:
            needed[name] = lines[name]
            open_.extend(names(lines[name]))
    kept = ordered({name: needed[name] for name in sorted(needed)})
    used = {name for right in (*slopes.values(), *kept.values()) for name in names(right)}
    return Ode(slopes, kept, tuple(sorted(used - kept.keys() - slopes.keys() - {"t"})))


def dependencies(system: Ode) -> dict[str, frozenset[str]]:
    """Return state → the states and parameters that its rate depends on, through named lines."""
    through: dict[str, frozenset[str]] = {}

    def seen(right: Expression) -> frozenset[str]:
        return frozenset(n for name in names(right) for n in through.get(name, {name}))

    for name, right in system.named.items():
        through[name] = seen(right)
    return {name: seen(right) for name, right in system.rates.items()}
