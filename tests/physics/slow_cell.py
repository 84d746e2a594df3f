"""The slow states of one cell under loads that a test states: the mechanisms' own lines, and BDF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

from unshielded import degeneration
from unshielded.mechanism.expression import Expression, names, parse
from unshielded.mechanism.model import add_up
from unshielded.mechanism.ode import Ode, ode
from unshielded.mechanism.targets.python import Rhs, compiled

DAY = 86400.0
YEAR = 365.25 * DAY

#: A young cell at rest, in SI.
REST: Mapping[str, float] = {
    "firing_rate": 0.0,
    "mean_ros": 1.0,
    "mean_atp": 2.4,
    "mean_atp_use": 1.0,
    "mean_atp_capacity": 4.0,
    "age": 25 * YEAR,
    "orphan_fibres": 0.0,
    "whole_circuit_atp_use": 1.0,
    "dead_fraction": 0.0,
}

#: Loads that follow from the slow states and time, in place of constants.
AGEING = {"age": f"{25 * YEAR!r} + t"}

_INITIAL = {
    name: float(value)
    for m in (*degeneration.CELL, *degeneration.TISSUE)
    for name, value in m.initial.items()
}


@dataclass(frozen=True)
class Slow:
    """A system with its numbers."""

    system: Ode
    values: Mapping[str, float]

    @property
    def start(self) -> np.ndarray:
        """The healthy young start."""
        return np.array([_INITIAL[name] for name in self.system.states])

    @property
    def numbers(self) -> tuple[float, ...]:
        """Parameters and loads in the order of the system."""
        return tuple(self.values[name] for name in self.system.parameters)

    @property
    def rhs(self) -> Rhs:
        """``f(t, y, p) -> dy/dt``."""
        return compiled(self.system)

    def rates(self, t: float = 0.0, **states: float) -> dict[str, float]:
        """The rates where the named states differ from the start."""
        start = dict(zip(self.system.states, self.start, strict=True))
        y = [{**start, **states}[name] for name in self.system.states]
        return dict(zip(self.system.states, self.rhs(t, y, self.numbers), strict=True))

    def read(self, expressions: Sequence[str], y: Sequence[float], t: float = 0.0) -> list[float]:
        """The values of expressions of states, named lines and parameters."""
        f, numbers = self._reader(expressions)
        return f(t, y, numbers)

    def along(self, expressions: Sequence[str], course: Mapping[str, np.ndarray]) -> np.ndarray:
        """The values of expressions over a course: [time, expression]."""
        f, numbers = self._reader(expressions)
        y = np.array([course[name] for name in self.system.states]).T
        return np.array(
            [f(float(t), row.tolist(), numbers) for t, row in zip(course["t"], y, strict=True)]
        )

    def last(self, expressions: Sequence[str], course: Mapping[str, np.ndarray]) -> list[float]:
        """The values of expressions at the end of a course."""
        y = [float(course[name][-1]) for name in self.system.states]
        return self.read(expressions, y, float(course["t"][-1]))

    def _reader(self, expressions: Sequence[str]) -> tuple[Rhs, tuple[float, ...]]:
        asked = {f"asked_{i}": text for i, text in enumerate(expressions)}
        kept = ode(self.system.rates, {**self.system.named, **asked}, asked)
        return compiled(kept, list(asked)), tuple(self.values[name] for name in kept.parameters)

    def run(self, until: float, **states: float) -> dict[str, np.ndarray]:
        """Solve from the start, where the named states differ; the last value has index -1."""
        start = dict(zip(self.system.states, self.start, strict=True))
        y = [{**start, **states}[name] for name in self.system.states]
        f, numbers = self.rhs, self.numbers
        found = solve_ivp(
            lambda t, x: f(t, x, numbers),
            (0.0, until),
            y,
            method="BDF",
            rtol=1e-9,
            atol=1e-12,
            max_step=until / 50,  # kinks of clip are not stepped over
        )
        assert found.success, found.message
        return {"t": found.t, **dict(zip(self.system.states, found.y, strict=True))}


def slow(loads: Mapping[str, str] | None = None, tissue: bool = False, **values: float) -> Slow:
    """The slow states of a cell, or of the tissue.

    ``loads`` replaces loads, or named lines, by expressions; ``values`` are parameters and constant
    loads, in SI.
    """
    mechanisms = degeneration.TISSUE if tissue else degeneration.CELL
    found = add_up(mechanisms, {} if tissue else degeneration.BALANCES)
    named = {**found.named, **{name: parse(text) for name, text in (loads or {}).items()}}
    defaults = {p.name: p.si for p in degeneration.PARAMETERS.values()}
    unknown = set(values) - set(defaults) - set(REST) - _names(named.values())
    assert not unknown, unknown
    return Slow(ode(found.rates, named, named), {**REST, **defaults, **values})


def _names(expressions: Iterable[Expression]) -> set[str]:
    return {name for expression in expressions for name in names(expression)} - {"t"}
