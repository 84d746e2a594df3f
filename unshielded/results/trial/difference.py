"""Means over seeds, and what treated runs differ by from the controls of the same seed.

Neurons of one circuit share its fate, so a seed is a replicate and a neuron is none. A pair of runs
with one seed has the same circuit and the same random input, so their difference is free of what
only the seed does. The interval is Student's t over the differences of pairs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from unshielded.results.trial.course import Course

#: Samples of the bootstrap; its seed, so that a report is the same each time.
_SAMPLES: Final = 2000
_SEED: Final = 1


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval, each None where the data give none."""

    value: float | None
    low: float | None = None
    high: float | None = None


def over_seeds(values: Sequence[float]) -> Estimate:
    """Return the mean over seeds.

    No interval comes from a single seed, or from seeds that all agree: one of no width would say
    that the next seed must agree too.

    Examples
    --------
    >>> over_seeds([1.0, 2.0, 3.0]).value
    2.0
    >>> over_seeds([2.0, 2.0])
    Estimate(value=2.0, low=None, high=None)
    """
    from scipy.stats import t

    if not values:
        return Estimate(None)
    x = np.asarray(values, float)
    mean, k = float(x.mean()), len(x)
    if k < 2 or _same(x):
        return Estimate(mean)
    half = float(t.ppf(0.975, k - 1) * x.std(ddof=1) / math.sqrt(k))
    return Estimate(mean, mean - half, mean + half)


def prevented(control: Sequence[float], treated: Sequence[float]) -> Estimate:
    """Return the share of the control's deaths that there were not: 1 − treated/control.

    A ratio of sums over seeds, so that a seed without deaths does no harm; its variance is that of
    the residuals of seeds from the ratio. Negative where more died; never above one.
    """
    from scipy.stats import t

    c, x = np.asarray(control, float), np.asarray(treated, float)
    if not c.sum() > 0:
        return Estimate(None)
    ratio, k = float(x.sum() / c.sum()), len(c)
    rest = x - ratio * c
    if k < 2 or _same([0.0, *rest], c.sum()):
        return Estimate(1.0 - ratio)
    half = float(t.ppf(0.975, k - 1) * rest.std(ddof=1) / math.sqrt(k) / c.mean())
    return Estimate(1.0 - ratio, 1.0 - ratio - half, min(1.0, 1.0 - ratio + half))


def time_gained(pairs: Sequence[tuple[Course, Course]]) -> tuple[Estimate, Estimate]:
    """Return the difference in restricted mean survival time (s): over seeds, and over cells.

    The restricted mean is the area below the survival curve up to the end of the shorter run: the
    mean time that a neuron lived. The second interval draws neurons again within each seed, the
    same ones from both runs. It says what the choice of neurons alone does, nothing of seeds.
    """
    gains = []
    for control, treated in pairs:
        horizon = min(control.end, treated.end)
        gains.append((treated.lived(horizon), control.lived(horizon)))
    by_seed = over_seeds([float(t.mean() - c.mean()) for t, c in gains])
    if not gains or any(len(t) != len(c) for t, c in gains):
        return by_seed, Estimate(by_seed.value)
    random = np.random.default_rng(_SEED)
    drawn = np.zeros(_SAMPLES)
    for t, c in gains:
        chosen = random.integers(0, len(t), (_SAMPLES, len(t)))
        drawn += (t - c)[chosen].mean(axis=1) / len(gains)
    low, high = np.quantile(drawn, [0.025, 0.975])
    if _same([low, high]):
        return by_seed, Estimate(by_seed.value)
    return by_seed, Estimate(by_seed.value, float(low), float(high))


def delayed(
    pairs: Sequence[tuple[Course, Course]], event: Callable[[Course], float | None]
) -> Estimate:
    """Return how much later something happens to a lifetime (s): the difference in restricted means.

    A life in which it has not happened by its end counts as one in which it happens then, of a pair
    by the end of the shorter run. So a delay beyond the end is not seen. Nothing comes of pairs in
    which it never happens.

    Parameters
    ----------
    pairs
        Control and treated, of the same seed.
    event
        When it happened in a run (s), infinite if it did not, None in a run that is not a lifespan.
    """
    differences, happened = [], False
    for pair in pairs:
        control, treated = (event(each) for each in pair)
        if control is None or treated is None:
            continue
        horizon = min(each.end for each in pair)
        differences.append(min(treated, horizon) - min(control, horizon))
        happened |= min(control, treated) < horizon
    return over_seeds(differences) if happened else Estimate(None)


def _same(values: npt.ArrayLike, scale: float = 0.0) -> bool:
    """Whether numbers differ by rounding alone."""
    x = np.asarray(values, float)
    return bool(np.ptp(x) <= 1e-12 * max(scale, np.abs(x).max()))
