r"""Many stiff systems at once: a Rosenbrock method over a batch, every cell at its own pace.

RODAS3 [Sandu1997]: four stages, third order, an embedded solution of second order, stiffly
accurate and L-stable, so that a step of months does not see what relaxes within milliseconds:

.. math::
    \Big(\frac{1}{h\gamma} - J\Big) k_i = f\Big(y + \sum_{j<i} a_{ij} k_j\Big)
        + \frac{1}{h} \sum_{j<i} c_{ij} k_j, \qquad
    y' = y + \sum_i m_i k_i, \qquad \text{error} = k_4

The Jacobian is found by differences, columns that touch no common row together. Each cell has its own
time and step. Integrals are stages of the same method, without a column in the matrix. A system of
which a `fatal` state reaches 1 stops there: the moment is the root of the cubic through both ends
of the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from unshielded.arrays import Array, Integers, Mask
from unshielded.mechanism import MechanismError
from unshielded.numerics.batched import System, arguments

_GAMMA = 0.5
_A = ((), (0.0,), (2.0, 0.0), (2.0, 0.0, 1.0))
_C = ((), (4.0,), (1.0, -1.0), (1.0, -1.0, -8.0 / 3.0))
_M = (2.0, 0.0, 1.0, 1.0)
#: Stages whose argument is that of the stage before: 0 and 1 are both at y.
_NEW = (True, False, True, True)
_ORDER = 3

_SAFETY, _SHRINK, _GROW = 0.9, 0.2, 6.0
_DIFFERENCE = 1e-7  # of a state's size: between rounding and curvature
_MOST_STEPS = 20_000
_SHORTEST = 1e-10  # seconds


@dataclass(frozen=True)
class Trajectory:
    """States of the cells at the end of an integration, and their deaths.

    Attributes
    ----------
    y, z
        States and rises of the integrals, shape (states, cells) and (integrals, cells).
    time
        How far each came, in seconds: the whole span, or its death.
    fatal
        Which of the system's fatal states reached 1, by place; -1 for a cell that lives.
    step
        The last step of each, for the next call.
    steps
        Steps of the batch.
    """

    y: Array
    z: Array
    time: Array
    fatal: Integers
    step: Array
    steps: int


def integrate(
    model: System,
    y: Array,
    values: Mapping[str, Array | float],
    span: float,
    *,
    tolerance: float,
    scale: Array,
    fatal: tuple[str, ...] = (),
    first: Array | None = None,
) -> Trajectory:
    """Integrate all cells over a time.

    Parameters
    ----------
    model
        The equations.
    y
        States at the start, shape (states, cells).
    values
        Parameter → number, or one per cell.
    span
        Seconds.
    tolerance
        Relative; times `scale` it is the absolute one.
    scale
        Size of each state.
    fatal
        States that end a cell at 1.
    first
        First step of each cell; chosen if None.

    Raises
    ------
    MechanismError
        If a step becomes too short, with the state that asks for it.
    """
    cells = y.shape[1]
    y, z = y.copy(), np.zeros((len(model.integrals), cells))
    time, died = np.zeros(cells), np.full(cells, -1)
    step = np.full(cells, np.inf) if first is None else first.copy()
    here = np.arange(cells)
    watched = np.array([model.states.index(name) for name in fatal], dtype=np.int64)
    batch = _Batch(model, values, here, scale, tolerance)
    f = batch.rates(y)
    step = np.minimum(step, batch.first(y, f)) if first is None else step
    steps = 0
    while here.size and span > 0:
        steps += 1
        now, size = y[:, here], np.minimum(step[here], span - time[here])
        rise, z_rise, error = batch.step(now, f, size)
        good = (error <= 1.0) & np.all(np.isfinite(rise), axis=0)
        factor = _SAFETY * np.maximum(error, 1e-10) ** (-1.0 / _ORDER)
        factor = np.where(np.isfinite(error), np.clip(factor, _SHRINK, _GROW), _SHRINK)
        whole = size >= step[here]  # a step cut short by the end says nothing about the next
        # a rejected step tells how long it may be; a cut one does not lengthen the next
        step[here] = np.where(good & ~whole, np.maximum(step[here], size * factor), size * factor)
        after = np.where(good, now + rise, now)
        f_after = batch.rates(after)
        spoiled = ~np.all(np.isfinite(f_after), axis=0)
        good &= ~spoiled
        step[here] = np.where(spoiled, size * _SHRINK, step[here])
        after, f_after = np.where(good, after, now), np.where(good, f_after, f)
        lasted = np.where(good, size, 0.0)
        z_rise = np.where(good, z_rise, 0.0)
        if watched.size:
            over = good & np.any(after[watched] >= 1.0, axis=0)
            if over.any():
                which, share = _crossing(now, after, f, f_after, size, watched, over)
                chosen = np.flatnonzero(over)
                after[:, chosen] = _cubic(now, after, f, f_after, size, chosen, share)
                z_rise[:, chosen] *= share
                lasted[chosen] = share * size[chosen]
                died[here[chosen]] = which
        y[:, here], z[:, here] = after, z[:, here] + z_rise
        time[here] += lasted
        f = f_after
        going = (died[here] < 0) & (time[here] < span * (1 - 1e-12))
        _check(model, batch, now, step[here], going, steps)
        if not going.all():
            here, f = here[going], f[:, going]
            batch = batch.of(going)
    return Trajectory(y, z, time, died, step, steps)


def _check(
    model: System, batch: _Batch, y: Array, step: Array, going: Mask,
    steps: int,
) -> None:  # fmt: skip
    short = going & (step < _SHORTEST)
    if not short.any() and steps < _MOST_STEPS:
        return
    cell = int(np.flatnonzero(short if short.any() else going)[0])
    # the one that moves fastest for its size; or that has no rate any more a little further on
    rates = batch.rates(y)[: len(y), [cell]]
    ahead = batch.rates(y + np.where(np.isfinite(rates), 1e-3 * rates, 0.0))[: len(y), cell]
    worst = np.abs(rates[:, 0]) / (np.abs(y[:, cell]) + batch.scale)
    worst = np.where(np.isfinite(ahead), np.nan_to_num(worst, nan=np.inf), np.inf)
    name = model.states[int(np.argmax(worst))]
    raise MechanismError(
        f"a cell cannot be followed between windows: after {steps} steps its step is "
        f"{step[cell]:.3g} s because of {name!r}; are the parameters within reason?"
    )


class _Batch:
    """Cells under way, with what belongs to them."""

    def __init__(
        self,
        model: System,
        values: Mapping[str, Array | float],
        cells: Integers,
        scale: Array,
        tolerance: float,
    ) -> None:
        self.model, self.scale, self.tolerance = model, scale, tolerance
        self.p = arguments(model, values, cells)

    def of(self, going: Mask) -> _Batch:
        """Some of the cells."""
        made = object.__new__(_Batch)
        made.model, made.scale, made.tolerance = self.model, self.scale, self.tolerance
        made.p = [v if isinstance(v, float) else v[going] for v in self.p]
        return made

    def rates(self, y: Array) -> Array:
        with np.errstate(all="ignore"):
            return self.model.function(y, self.p)

    def first(self, y: Array, f: Array) -> Array:
        """A step over which no state changes by more than its allowed error's cube root."""
        speed = np.abs(f[: len(y)]) / (np.abs(y) + self.scale[:, None])
        first: Array = self.tolerance ** (1 / _ORDER) / np.maximum(speed.max(axis=0), 1e-12)
        return first

    def jacobian(self, y: Array, f: Array) -> Array:
        """Shape (cells, states + integrals, states)."""
        model = self.model
        change = _DIFFERENCE * np.maximum(np.abs(y), self.scale[:, None] * 1e-2)
        shifted = np.repeat(y[:, None, :], len(model.groups), axis=1)
        for place, group in enumerate(model.groups):
            shifted[group, place] += change[group]
        slopes = self.rates(shifted) - f[:, None, :]
        jacobian = np.zeros((y.shape[1], len(f), len(y)))
        for place, group in enumerate(model.groups):
            for column in group:
                rows = model.pattern[:, column]
                jacobian[:, rows, column] = (slopes[rows, place] / change[column]).T
        return jacobian

    def step(self, y: Array, f: Array, h: Array) -> tuple[Array, Array, Array]:
        """One step: rise of states and integrals, and the error over what is allowed."""
        n = len(y)
        jacobian = self.jacobian(y, f)
        matrix = -jacobian[:, :n]
        matrix[:, np.arange(n), np.arange(n)] += (1.0 / (_GAMMA * h))[:, None]
        bad = ~np.all(np.isfinite(matrix), axis=(1, 2))
        matrix[bad] = np.eye(n)
        try:
            inverse = np.linalg.inv(matrix)
        except np.linalg.LinAlgError:
            inverse = np.full_like(matrix, np.nan)
        stages: list[Array] = []
        trailing: list[Array] = []
        at = f
        with np.errstate(all="ignore"):
            for new, a, c in zip(_NEW, _A, _C, strict=True):
                if new and stages:
                    at = self.rates(y + _sum(a, stages))
                right = at[:n] + (_sum(c, stages) / h if stages else 0.0)
                k = np.matmul(inverse, right.T[:, :, None])[:, :, 0]
                stages.append(k.T)
                more = np.matmul(jacobian[:, n:], k[:, :, None])[:, :, 0].T
                right = at[n:] + (_sum(c, trailing) / h if trailing else 0.0) + more
                trailing.append(_GAMMA * h * right)
            rise = _sum(_M, stages)
            size = self.tolerance * (np.maximum(np.abs(y), np.abs(y + rise)) + self.scale[:, None])
            error = np.max(np.abs(stages[-1]) / size, axis=0)
        error[bad | ~np.isfinite(error)] = np.inf
        return rise, _sum(_M, trailing), error


def _sum(weights: tuple[float, ...], stages: list[Array]) -> Array:
    total = np.zeros_like(stages[0])
    for weight, stage in zip(weights, stages, strict=True):
        if weight:
            total = total + weight * stage
    return total


def _crossing(
    y0: Array, y1: Array, f0: Array, f1: Array, h: Array, watched: Integers,
    over: Mask,
) -> tuple[Integers, Array]:  # fmt: skip
    """Of each cell that dies: which of the watched states is first at 1, and at what share of h."""
    cells = np.flatnonzero(over)
    shares = np.full((len(watched), len(cells)), np.inf)
    for place, state in enumerate(watched):
        late = y1[state, cells] >= 1.0
        some = cells[late]
        low, high = np.zeros(some.size), np.ones(some.size)
        row = slice(state, state + 1)
        for _ in range(50):
            middle = (low + high) / 2
            beyond = _cubic(y0[row], y1[row], f0[row], f1[row], h, some, middle)[0] >= 1.0
            low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
        shares[place, late] = high
    return np.argmin(shares, axis=0), shares.min(axis=0)


def _cubic(
    y0: Array, y1: Array, f0: Array, f1: Array, h: Array, cells: Integers, share: Array
) -> Array:
    """The cubic through both ends of a step with their slopes, within it."""
    n = len(y0)
    y0, y1 = y0[:, cells], y1[:, cells]
    d0, d1 = h[cells] * f0[:n, cells], h[cells] * f1[:n, cells]
    s = share
    cubic: Array = (
        (1 + 2 * s) * (1 - s) ** 2 * y0 + s * (1 - s) ** 2 * d0
        + s * s * (3 - 2 * s) * y1 + s * s * (s - 1) * d1
    )  # fmt: skip
    return cubic
