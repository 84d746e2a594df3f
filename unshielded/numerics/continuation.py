r"""Steady states followed along a load, and where they are lost.

.. math::
    \dot x = f(x, \lambda), \qquad f(x, \lambda) = 0

Pseudo-arclength continuation: from a point with unit tangent :math:`\tau` of the branch, the next
solves :math:`f = 0` together with :math:`\tau\cdot(z - z_0) = h`, :math:`z = (x, \lambda/\Lambda)`.
So folds are passed. The step :math:`h` follows the bend of the branch. Stability is that of the
eigenvalues of :math:`\partial f/\partial x`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, root

from unshielded.arrays import Array
from unshielded.mechanism import MechanismError

#: dx/dt at a state and a load.
Function = Callable[[Array, float], Array]

#: Of the rates, each over the largest entry of its row of the Jacobian: a distance in x.
RESIDUAL = 1e-8
#: Of central differences: truncation (h²) and rounding (1e-16/h) are then both about 1e-11.
_DIFFERENCE = 5e-6
#: Cosine of the bend between two points: halve the step below the first, lengthen above the second.
_SHARP, _STRAIGHT = 0.93, 0.995
#: A bend within this arclength is a corner, from a rate with a threshold in it.
_CORNER = 1e-4
#: Arclengths tried to get past a corner.
_LEAPS = (1e-3, 3e-3, 1e-2, 3e-2)
#: To which a special point is located.
_ALONG = 1e-9


@dataclass(frozen=True)
class SteadyState:
    """A steady state.

    Attributes
    ----------
    x, load
        Where it is.
    tangent
        Unit tangent of the branch in (x, load over its scale), in the direction of travel.
    eigenvalues
        Of the Jacobian, in 1/s; the rightmost first.
    residual
        What is left of the rates, as a distance in x (see `RESIDUAL`).
    """

    x: Array
    load: float
    tangent: Array = field(repr=False)
    eigenvalues: NDArray[np.complex128] = field(repr=False)
    residual: float

    @property
    def stable(self) -> bool:
        """Whether every small deviation decays."""
        return self.unstable == 0

    @property
    def unstable(self) -> int:
        """Number of directions that grow."""
        return int(np.sum(self.eigenvalues.real > 0.0))


@dataclass(frozen=True)
class Special:
    """A point at which something changes: ``saddle-node``, ``Hopf``, or the name of an event."""

    kind: str
    point: SteadyState


@dataclass(frozen=True)
class Branch:
    """A branch of steady states.

    Attributes
    ----------
    points
        In the order of travel.
    special
        The points at which stability or an event changes, in the order of travel.
    end
        Why it stops: ``load`` (the edge of the range), ``points`` (enough of them), ``step``
        (no further point could be found).
    """

    points: tuple[SteadyState, ...]
    special: tuple[Special, ...]
    end: Literal["load", "points", "step"]


def jacobian(f: Function, x: Array, load: float) -> Array:
    """Return the matrix of df/dx, by central differences."""
    columns = []
    for place in range(len(x)):
        step = np.zeros(len(x))
        step[place] = _DIFFERENCE * max(1.0, abs(x[place]))
        columns.append((f(x + step, load) - f(x - step, load)) / (2.0 * step[place]))
    return np.array(columns).T


def steady(f: Function, guess: Array, load: float) -> Array:
    """Return the steady state near a guess.

    Raises
    ------
    MechanismError
        If there is none that the solver finds.
    """
    rows = _rows(jacobian(f, guess, load))
    found = root(
        lambda x: f(x, load) / rows,
        guess,
        jac=lambda x: jacobian(f, x, load) / rows[:, None],
        options={"xtol": 1e-12},
    )
    x: Array = found.x
    left = _residual(f, x, load)
    if not left < RESIDUAL:
        raise MechanismError(
            f"no steady state was found at a load of {load:g}: the rates are {left:.1e}, "
            f"expected below {RESIDUAL:g}; start from a nearer state"
        )
    return x


def follow(
    f: Function,
    start: Array,
    load: float,
    *,
    scale: float,
    lowest: float,
    highest: float,
    events: Mapping[str, Callable[[Array, float], float]] | None = None,
    step: float = 0.02,
    longest: float = 0.2,
    most: int = 600,
) -> Branch:
    """Follow a branch from a steady state towards higher loads, round its folds.

    Parameters
    ----------
    f
        dx/dt; `x` should be scaled such that 1 is a large change.
    start, load
        A steady state.
    scale
        A load that is a large change.
    lowest, highest
        The branch ends where the load leaves this range.
    events
        Name → function of (x, load); where it changes sign is a special point.
    step, longest
        First and largest arclength between points.
    most
        Number of points after which it ends.

    Raises
    ------
    MechanismError
        If `start` is not a steady state.
    """
    walk = _Walk(f, scale)
    upwards = np.zeros(len(start) + 1)
    upwards[-1] = 1.0
    here = walk.point(start, load, upwards)
    if not here.residual < RESIDUAL:
        raise MechanismError(
            f"the start of the branch is not a steady state: {here.residual:.1e} is left of the "
            f"rates, expected below {RESIDUAL:g}; solve for it with steady()"
        )
    points = [here]
    special: list[Special] = []
    end: Literal["load", "points", "step"] = "points"
    while len(points) < most:
        there = walk.step(here, step)
        if there is None or here.tangent @ there.tangent < _SHARP or _differ(here, there) > 2:
            step /= 2.0
            if step > _CORNER:
                continue
            there = walk.leap(here)
            if there is None:
                end = "step"
                break
            special.extend(_at_corner(here, there, events or {}))
            step = _LEAPS[0]
        else:
            special.extend(_between(walk, here, there, step, events or {}))
            if here.tangent @ there.tangent > _STRAIGHT:
                step = min(1.5 * step, longest)
        points.append(there)
        if not lowest <= there.load <= highest:
            end = "load"
            break
        here = there
    return Branch(tuple(points), tuple(special), end)


class _Walk:
    """One function, and steps along its branch."""

    def __init__(self, f: Function, scale: float) -> None:
        self._f, self._scale = f, scale

    def point(self, x: Array, load: float, before: Array) -> SteadyState:
        """The point at a solution; its tangent leads on from the one before."""
        matrix = jacobian(self._f, x, load)
        whole = np.hstack([matrix, self._by_load(x, load)[:, None]])
        whole /= _rows(whole)[:, None]
        # the null vector of (df/dx, df/dload) that has a part of 1 along the last tangent
        bordered = np.vstack([whole, before])
        tangent = np.linalg.solve(bordered, np.eye(len(before))[-1])
        tangent /= np.linalg.norm(tangent)
        eigenvalues = np.linalg.eigvals(matrix).astype(np.complex128)
        eigenvalues = eigenvalues[np.argsort(-eigenvalues.real)]
        return SteadyState(x, load, tangent, eigenvalues, _residual(self._f, x, load, matrix))

    def step(self, here: SteadyState, length: float) -> SteadyState | None:
        """The point at an arclength, or None if none is found."""
        f, scale, tangent = self._f, self._scale, here.tangent
        origin = np.append(here.x, here.load / scale)
        rows = _rows(jacobian(f, here.x, here.load))

        def equations(z: Array) -> Array:
            return np.append(f(z[:-1], z[-1] * scale) / rows, tangent @ (z - origin) - length)

        def derivative(z: Array) -> Array:
            load = z[-1] * scale
            matrix = jacobian(f, z[:-1], load)
            upper = np.hstack([matrix, self._by_load(z[:-1], load)[:, None]]) / rows[:, None]
            return np.vstack([upper, tangent])

        guess = origin + length * tangent
        try:
            found = root(equations, guess, jac=derivative, options={"xtol": 1e-12})
            point = self.point(found.x[:-1], float(found.x[-1] * scale), tangent)
        except np.linalg.LinAlgError:
            return None
        near = np.linalg.norm(found.x - guess) <= length
        return point if near and point.residual < RESIDUAL else None

    def leap(self, here: SteadyState) -> SteadyState | None:
        """Pass a corner: along the branch as it comes, or as the rates beyond would have it."""
        x, load = here.x, here.load
        over = _LEAPS[0] * here.tangent
        beyond = self.point(x + over[:-1], load + over[-1] * self._scale, here.tangent).tangent
        for tangent in (here.tangent, beyond, -beyond):
            for length in _LEAPS:
                there = self.step(replace(here, tangent=tangent), length)
                # not back on the branch that led here
                if there is not None and self._chord(here, there) @ here.tangent > -0.9 * length:
                    return there
        return None

    def along(self, here: SteadyState, there: SteadyState) -> float:
        """How far one point lies beyond another, along the tangent."""
        return float(self._chord(here, there) @ here.tangent)

    def _chord(self, here: SteadyState, there: SteadyState) -> Array:
        return np.append(there.x - here.x, (there.load - here.load) / self._scale)

    def _by_load(self, x: Array, load: float) -> Array:
        step = _DIFFERENCE * self._scale
        change = self._f(x, load + step) - self._f(x, load - step)
        slope: Array = change / (2.0 * _DIFFERENCE)
        return slope


def _between(
    walk: _Walk,
    here: SteadyState,
    there: SteadyState,
    length: float,
    events: Mapping[str, Callable[[Array, float], float]],
) -> Iterator[Special]:
    """Yield what changes between two neighbours, located by Brent's method on the arclength."""

    def locate(test: Callable[[SteadyState], float]) -> SteadyState | None:
        if test(here) * test(there) > 0.0:
            return None

        def at(distance: float) -> float:
            point = here if distance == 0.0 else walk.step(here, distance)
            if point is None:
                raise MechanismError(
                    f"the branch is lost between its points at loads of {here.load:g} and "
                    f"{there.load:g}; follow it with shorter steps"
                )
            return test(point)

        return walk.step(here, float(brentq(at, 0.0, length, xtol=_ALONG)))

    found: list[Special] = []
    fold = here.tangent[-1] * there.tangent[-1] < 0.0
    if fold and (at := locate(lambda point: float(point.tangent[-1]))) is not None:
        found.append(Special("saddle-node", at))
    if there.unstable != here.unstable and not fold:
        which = min(here.unstable, there.unstable)
        at = locate(lambda point: float(point.eigenvalues[which].real))
        if at is not None:
            turns = _differ(here, there) == 2
            found.append(Special("Hopf" if turns else "branch point", at))
    for name, event in events.items():
        if (event(here.x, here.load) > 0.0) != (event(there.x, there.load) > 0.0):
            at = locate(lambda point, event=event: event(point.x, point.load))  # type: ignore[misc]
            if at is not None:
                found.append(Special(name, at))
    yield from sorted(found, key=lambda each: walk.along(here, each.point))


def _at_corner(
    here: SteadyState, there: SteadyState, events: Mapping[str, Callable[[Array, float], float]]
) -> Iterator[Special]:
    """Yield what changes at a corner; it is where the branch came to it, within `_CORNER`."""
    if here.tangent[-1] * there.tangent[-1] < 0.0:
        yield Special("saddle-node", here)
    elif there.unstable != here.unstable:
        yield Special("Hopf" if _differ(here, there) == 2 else "branch point", here)
    for name, event in events.items():
        if (event(here.x, here.load) > 0.0) != (event(there.x, there.load) > 0.0):
            yield Special(name, here)


def _differ(here: SteadyState, there: SteadyState) -> int:
    return abs(there.unstable - here.unstable)


def _rows(matrix: Array) -> Array:
    """The largest entry of each row, to make the rows alike."""
    largest = np.max(np.abs(matrix), axis=1)
    rows: Array = np.where(largest > 0.0, largest, 1.0)
    return rows


def _residual(f: Function, x: Array, load: float, matrix: Array | None = None) -> float:
    rates = f(x, load)
    if not np.all(np.isfinite(rates)):
        return float("inf")
    rows = _rows(jacobian(f, x, load) if matrix is None else matrix)
    return float(np.max(np.abs(rates / rows)))
