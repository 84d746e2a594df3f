"""How long cells live: survival curves, medians, and whether groups of cells differ."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from unshielded.arrays import Array, Integers


@dataclass(frozen=True)
class Lifetimes:
    """When the cells of a group died, and when the others were last seen alive (s)."""

    died: Array
    censored: Array

    @property
    def n(self) -> int:
        """Number of cells."""
        return len(self.died) + len(self.censored)

    def at_risk(self, times: npt.ArrayLike) -> Integers:
        """Count the cells that are alive and watched just before each time (s)."""
        ends = np.sort(np.concatenate([self.died, self.censored]))
        return (self.n - np.searchsorted(ends, times, side="left")).astype(np.int64)


@dataclass(frozen=True)
class SurvivalCurve:
    """Fraction of a group still alive after each time (s), with its 95 % interval.

    A step curve: `fraction` holds from its time until the next one. The last time is the end
    of the observation.
    """

    time: Array
    fraction: Array
    low: Array
    high: Array

    def median(self) -> tuple[float | None, float | None, float | None]:
        """Return the median lifetime (s) and its 95 % interval (Brookmeyer1982).

        The first times at which the curve, and the edges of its band, are at 0.5 or below; None
        for what they do not reach.
        """
        first = [
            float(self.time[below[0]]) if len(below) else None
            for below in (np.flatnonzero(c <= 0.5) for c in (self.fraction, self.low, self.high))
        ]
        return first[0], first[1], first[2]

    def mean(self) -> float:
        """Return the mean time lived (s) up to the end of the observation: the area below."""
        return float(np.sum(self.fraction[:-1] * np.diff(self.time)))


@dataclass(frozen=True)
class Difference:
    """Two groups, and the p-value that they live equally long; None where nobody died.

    From the log-rank test, corrected for the number of pairs (Holm1979). It takes cells for
    independent. Those of one network are not, so the p-value is too small.
    """

    first: str
    second: str
    p: float | None


def kaplan_meier(died: npt.ArrayLike, censored: npt.ArrayLike) -> SurvivalCurve:
    """Estimate a survival curve from times of death and times last seen alive.

    The interval is pointwise (log-log).

    Raises
    ------
    ValueError
        If there are none.
    """
    # slow to import, and most of what reads results does without it
    from scipy.stats import CensoredData, ecdf

    deaths, seen = np.asarray(died, float), np.asarray(censored, float)
    if deaths.size + seen.size == 0:
        raise ValueError("there is no cell that could die; choose a population with calcium")
    curve = ecdf(CensoredData(uncensored=deaths, right=seen)).sf
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore")  # at 0 and 1 there is no interval; filled in below
        interval = curve.confidence_interval(0.95, method="log-log")
    end = max(deaths.max(initial=0.0), seen.max(initial=0.0))
    time = np.concatenate([[0.0], curve.quantiles])
    fraction = np.concatenate([[1.0], curve.probabilities])
    low = np.concatenate([[1.0], interval.low.probabilities])
    high = np.concatenate([[1.0], interval.high.probabilities])
    low, high = (np.where(np.isfinite(v), v, fraction) for v in (low, high))
    if time[-1] < end:
        time = np.append(time, end)
        fraction, low, high = (np.append(v, v[-1]) for v in (fraction, low, high))
    return SurvivalCurve(time, fraction, low, high)


def product_limit(cells: Lifetimes) -> tuple[Array, Array]:
    """Return times of death (s), in order, and the fraction still alive after each (Kaplan-Meier)."""
    times, deaths = np.unique(cells.died, return_counts=True)
    return times, np.cumprod(1.0 - deaths / cells.at_risk(times)).astype(float)


def restricted_mean(cells: Lifetimes, until: float) -> float | None:
    """Return the mean time to death (s), of what lies before `until`: the area below the curve.

    A cell that outlives `until` counts with all of it. None if no cell was watched.

    Examples
    --------
    >>> restricted_mean(Lifetimes(np.array([2.0, 4.0]), np.array([10.0, 10.0])), 10.0)
    6.5
    """
    if not np.any(np.concatenate([cells.died, cells.censored]) > 0):
        return None
    times, fraction = product_limit(cells)
    early = times < until
    edges = np.concatenate([[0.0], times[early], [until]])
    return float(np.sum(np.diff(edges) * np.concatenate([[1.0], fraction[early]])))


def time_until_half(cells: Lifetimes) -> float | None:
    """Return when half of the cells are dead (s); None if that is not reached.

    Examples
    --------
    >>> time_until_half(Lifetimes(np.array([2.0, 4.0, 5.0]), np.array([10.0])))
    4.0
    """
    times, fraction = product_limit(cells)
    half = np.flatnonzero(fraction <= 0.5 + 1e-12)
    return float(times[half[0]]) if len(half) else None


def differences(groups: Mapping[str, Lifetimes]) -> list[Difference]:
    """Compare every two groups by the log-rank test (Mantel1966)."""
    pairs = list(combinations(groups, 2))
    raw = [logrank(groups[first], groups[second]) for first, second in pairs]
    adjusted = iter(holm([p for p in raw if p is not None]))
    return [
        Difference(first, second, None if p is None else next(adjusted))
        for (first, second), p in zip(pairs, raw, strict=True)
    ]


def logrank(first: Lifetimes, second: Lifetimes) -> float | None:
    """Return the two-sided p-value of the log-rank test; None where nobody died."""
    from scipy import stats

    if not len(first.died) + len(second.died):
        return None
    one, two = (stats.CensoredData(uncensored=x.died, right=x.censored) for x in (first, second))
    return float(stats.logrank(one, two).pvalue)


def holm(p: Iterable[float]) -> list[float]:
    """Correct p-values for their number (Holm1979).

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    from statsmodels.stats.multitest import multipletests

    values = list(p)
    return [float(q) for q in multipletests(values, method="holm")[1]] if values else []
