"""95 % intervals of means over seeds, of their differences, and of ratios.

Neurons of one circuit share its fate, so a seed is a replicate and a neuron is not. Intervals over
seeds are Student's t. An interval of no width would say that the next seed must agree too, so
values that all agree have none.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from unshielded.arrays import Array

CONFIDENCE: Final = 0.95
#: Samples of the bootstrap; its seed, so that a report is the same each time.
_SAMPLES: Final = 2000
_SEED: Final = 1

Interval = tuple[float, float]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval, each None where the data give none."""

    value: float | None
    low: float | None = None
    high: float | None = None


def student(values: Sequence[float]) -> Interval | None:
    """Return the interval of a mean; None of fewer than two values, or of values that all agree."""
    from scipy.stats import sem, t  # slow to import

    if len(values) < 2 or all_agree(values):
        return None
    x = np.asarray(values, float)
    low, high = t.interval(CONFIDENCE, len(x) - 1, x.mean(), sem(x))
    return float(low), float(high)


def wilson(events: int, n: int) -> Interval | None:
    """Return the interval of a proportion (Wilson's score); None of nobody.

    Examples
    --------
    >>> low, high = wilson(0, 10)
    >>> round(low, 3), round(high, 3)
    (0.0, 0.278)
    """
    from scipy.stats import binomtest  # slow to import

    if n == 0:
        return None
    found = binomtest(events, n).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)


def counted(events: int, n: int) -> str:
    """Write how many of some there were, with Wilson's interval of their share.

    Examples
    --------
    >>> counted(0, 100), counted(12, 1440), counted(0, 0)
    ('0 of 100 (0–3.7 %)', '12 of 1440 (0.48–1.5 %)', '–')
    >>> counted(3, 3)
    '3 of 3 (44–100 %)'
    """
    if (share := wilson(events, n)) is None:
        return "–"
    low, high = (f"{100 * end:.2g}" if end < 0.095 else f"{100 * end:.0f}" for end in share)
    return f"{events} of {n} ({low}–{high} %)"


def welch(first: Sequence[float], second: Sequence[float]) -> Interval | None:
    """Return the interval of a difference of means, second less first, with a variance each.

    None where one has fewer than two values, or where each of them agrees with itself.
    """
    from scipy.stats import ttest_ind

    if min(len(first), len(second)) < 2 or (all_agree(first) and all_agree(second)):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of one that agrees with itself
        found = ttest_ind(second, first, equal_var=False).confidence_interval(CONFIDENCE)
    return float(found.low), float(found.high)


def mean(values: Sequence[float]) -> Estimate:
    """Return the mean with its interval.

    Examples
    --------
    >>> mean([1.0, 2.0, 3.0]).value
    2.0
    >>> mean([2.0, 2.0])
    Estimate(value=2.0, low=None, high=None)
    """
    if not values:
        return Estimate(None)
    return Estimate(float(np.mean(values)), *(student(values) or (None, None)))


def ratio_of_sums(above: Sequence[float], below: Sequence[float]) -> Estimate:
    """Return Σ above / Σ below over pairs; its variance is that of the residuals from the ratio."""
    numerator, denominator = np.asarray(above, float), np.asarray(below, float)
    if not denominator.sum() > 0:
        return Estimate(None)
    ratio = float(numerator.sum() / denominator.sum())
    residuals = (numerator - ratio * denominator) / denominator.mean()
    if all_agree([0.0, *residuals], scale=len(denominator)):
        return Estimate(ratio)
    ends = student(residuals.tolist())  # about a mean of zero
    return Estimate(ratio, *((ratio + end for end in ends) if ends else ()))


def bootstrap_mean(groups: Sequence[Array]) -> Interval | None:
    """Return the interval of the mean of the groups' means, members drawn again within each.

    By percentiles. None where a group has fewer than two members, or all samples agree.
    """
    from scipy.stats import bootstrap

    if not groups or min(len(group) for group in groups) < 2:
        return None

    def of_means(*drawn: Array, axis: int) -> Array:
        return np.asarray(sum(x.mean(axis=axis) for x in drawn) / len(drawn))

    found = bootstrap(
        groups,
        of_means,
        n_resamples=_SAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        random_state=np.random.default_rng(_SEED),
    ).confidence_interval
    return None if all_agree(found) else (float(found.low), float(found.high))


def all_agree(values: npt.ArrayLike, scale: float = 0.0) -> bool:
    """Tell whether numbers differ by rounding alone."""
    x = np.asarray(values, float)
    return bool(np.ptp(x) <= 1e-12 * max(scale, np.abs(x).max()))
