"""The intensity that gives a response in half of the trials, and what conditioning does to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from scipy.stats import norm

from unshielded.arrays import Array, Mask
from unshielded.statistics.firth import midpoint
from unshielded.statistics.intervals import CONFIDENCE

Side = Literal["", "below", "above"]

#: Standard errors from an estimate to an end of its interval.
Z: Final = float(norm.ppf(0.5 + CONFIDENCE / 2))


@dataclass(frozen=True)
class Threshold:
    """An intensity, per cent of maximum, with its interval.

    Attributes
    ----------
    value
        NaN where it lies outside what was tested.
    low, high
        95 % interval; infinite where the data do not bound it, NaN without a value.
    side
        Where the threshold is if there is no value: ``below`` (every intensity gives responses
        in most trials) or ``above`` (none does) what was tested; empty without enough trials.
    """

    value: float
    low: float
    high: float
    side: Side = ""

    @property
    def found(self) -> bool:
        """Whether there is a value."""
        return math.isfinite(self.value)

    @property
    def error(self) -> float:
        """Standard error, from the width of the interval."""
        return (self.high - self.low) / (2 * Z)

    def as_json(self) -> dict[str, Any]:
        """Plain data; null where it is not a number."""
        return {
            "value": finite(self.value),
            "low": finite(self.low),
            "high": finite(self.high),
            "side": self.side,
        }


def finite(value: float) -> float | None:
    """Return a number, or None where it is infinite or not a number."""
    return float(value) if math.isfinite(value) else None


def response_threshold(intensity: Array, responded: Mask) -> Threshold:
    """Return the intensity at which half of the trials give a response.

    Parameters
    ----------
    intensity
        Of each trial.
    responded
        Whether it gave one.

    Returns
    -------
    Threshold
        Without a value where responses do not become more frequent, or the estimate lies outside
        the range of intensities.
    """
    tested, place = np.unique(np.asarray(intensity, float), return_inverse=True)
    trials = np.bincount(place, minlength=len(tested)).astype(float)
    hits = np.bincount(place[np.asarray(responded, bool)], minlength=len(tested)).astype(float)
    if len(tested) < 2:
        return Threshold(math.nan, math.nan, math.nan)
    if hits.sum() in (0.0, trials.sum()):
        return _outside(hits.sum() == 0.0)
    value, low, high = midpoint(tested, trials, hits)
    return _outside(value > 0) if math.isinf(value) else Threshold(value, low, high)


def _outside(above: bool) -> Threshold:
    return Threshold(math.nan, math.nan, math.nan, "above" if above else "below")


@dataclass(frozen=True)
class Change:
    """A relative change, per cent, with its standard error; NaN where it is not known."""

    value: float
    error: float

    def as_json(self) -> dict[str, Any]:
        """Plain data; null where it is not a number."""
        low, high = (finite(end) for end in self.interval)
        return {"value": finite(self.value), "se": finite(self.error), "low": low, "high": high}

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval."""
        return self.value - Z * self.error, self.value + Z * self.error


UNKNOWN: Final = Change(math.nan, math.nan)


def inhibition(conditioned: Threshold, unconditioned: Threshold) -> Change:
    r"""Return by how much conditioning raises the threshold, in per cent.

    :math:`100\,(\theta_c - \theta_u)/\theta_u`; positive is inhibition. The standard error is of
    first order in the errors of both.
    """
    return mean_inhibition([conditioned], unconditioned)


def mean_inhibition(conditioned: list[Threshold], unconditioned: Threshold) -> Change:
    """Return the mean inhibition over several intervals, which share the unconditioned threshold."""
    u = unconditioned.value
    if not conditioned or not (unconditioned.found and all(c.found for c in conditioned)):
        return Change(math.nan, math.nan)
    mean = float(np.mean([c.value for c in conditioned]))
    own = math.sqrt(sum(c.error**2 for c in conditioned)) / len(conditioned)
    shared = mean / u * unconditioned.error
    return Change(100 * (mean / u - 1), 100 * math.hypot(own, shared) / u)
