"""A cell alone over time: an implicit solver, conditions that change, death."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp

from unshielded.arrays import Array
from unshielded.fates import FATES
from unshielded.mechanism import MechanismError
from unshielded.single_cell.cell import Cell

#: A time in seconds, and what is set then (in SI).
Change = tuple[float, Mapping[str, float]]

#: Relative tolerance; the absolute one is this times a state's own size, or 1e-4 where it is small.
TOLERANCE = 1e-8
_SMALL = 1e-4


@dataclass(frozen=True)
class SingleCellRun:
    """The run of one cell: time course and outcome.

    Attributes
    ----------
    cell
        The cell under its last conditions.
    times
        Seconds, shape (samples,).
    states
        Shape (states, samples), SI.
    death, mode
        Time of death in seconds, and which of :data:`unshielded.calcium.FATES`; None if it lives.
    """

    cell: Cell
    times: Array
    states: Array
    death: float | None
    mode: str | None

    def __getitem__(self, name: str) -> Array:
        """A state over time."""
        course: Array = self.states[self.cell.system.states.index(name)]
        return course

    @property
    def last(self) -> Array:
        """The final state."""
        final: Array = self.states[:, -1]
        return final


def solve(
    cell: Cell,
    duration: float,
    changes: Sequence[Change] = (),
    *,
    start: Sequence[float] | None = None,
    interval: float | None = None,
    tolerance: float = TOLERANCE,
    method: str = "LSODA",
    until_death: bool = True,
    most: int | None = None,
) -> SingleCellRun:
    """Integrate a cell's equations.

    Parameters
    ----------
    duration
        Seconds.
    changes
        Conditions set at given times, such as ``(60.0, {"glutamate_applied": 0.1})``. The solver
        starts anew at each, so no jump is stepped over.
    start
        State to start from; at rest otherwise.
    interval
        Between samples; the solver's own steps if None.
    method
        ``LSODA``, ``BDF``, ``Radau``… of :func:`scipy.integrate.solve_ivp`.
    until_death
        Stop when the cell dies; otherwise its equations go on.
    most
        Evaluations of the equations after which it gives up.

    Raises
    ------
    MechanismError
        If the solver fails, or gives up.
    """
    y = cell.initial if start is None else np.asarray(start, float)
    edges = sorted({0.0, duration, *(t for t, _ in changes if 0.0 < t < duration)})
    deaths = [_reaches_one(cell, name) for name in FATES]
    absolute = tolerance * np.maximum(np.abs(cell.initial), _SMALL)
    times, states, death, mode = [np.zeros(1)], [y[:, None]], None, None
    for left, right in pairwise(edges):
        for at, values in changes:
            if at == left or (left == 0.0 and at <= 0.0):
                cell = cell.given(**values)
        result = solve_ivp(
            _of_array(cell, most),
            (left, right),
            y,
            method=method,
            t_eval=None if interval is None else _samples(left, right, interval),
            events=deaths if until_death else None,
            rtol=max(tolerance, 1e-13),
            atol=absolute,
        )
        if result.status < 0:
            raise MechanismError(f"the solver stopped at {left:g}…{right:g} s: {result.message}")
        times.append(result.t[1:])
        states.append(result.y[:, 1:])
        if until_death and result.status == 1:
            which = next(k for k, times_of in enumerate(result.t_events) if times_of.size)
            death = float(result.t_events[which][0])
            mode = FATES[which]
            times.append(np.array([death]))
            states.append(result.y_events[which][0][:, None])
            break
        y = result.y[:, -1]
    return SingleCellRun(cell, np.concatenate(times), np.concatenate(states, axis=1), death, mode)


def _samples(left: float, right: float, interval: float) -> Array:
    """Every multiple of the interval, and both ends: changes are seen from where they happen."""
    inside = np.arange(np.ceil(left / interval), np.floor(right / interval) + 1) * interval
    samples: Array = np.unique(np.clip(np.concatenate([[left], inside, [right]]), left, right))
    return samples


def _of_array(cell: Cell, most: int | None = None) -> Callable[[float, Array], list[float]]:
    rhs = cell.rhs
    if most is None:
        return lambda t, y: rhs(t, y.tolist())
    left = iter(range(most))

    def counted(t: float, y: Array) -> list[float]:
        if next(left, None) is None:
            raise MechanismError(
                f"the solver gave up at {t:g} s after {most} evaluations; are the parameters "
                "within reason?"
            )
        return rhs(t, y.tolist())

    return counted


def _reaches_one(cell: Cell, name: str) -> Callable[[float, Array], float]:
    index = cell.system.states.index(name)

    def event(_time: float, y: Array) -> float:
        return float(y[index]) - 1.0

    event.terminal = True  # type: ignore[attr-defined]
    return event
