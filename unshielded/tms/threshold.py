r"""The intensity that gives a response in half of the trials.

The chance of a response is a logistic function of the intensity :math:`S`,

.. math:: P(S) = \frac{1}{1 + e^{-b(S - \theta)}},

and the threshold :math:`\theta` is found by penalised maximum likelihood: half the logarithm of the
determinant of Fisher's information is added [Firth1993], so that an estimate exists even where no
intensity gives responses and failures both. The interval is that of the profile of the same
likelihood [HeinzeSchemper2002].
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit
from scipy.stats import chi2, norm

from unshielded.arrays import Array, Mask

Side = Literal["", "below", "above"]

CONFIDENCE: Final = 0.95
_Z: Final = float(norm.ppf(0.5 + CONFIDENCE / 2))
_THRESHOLDS, _SLOPES = 241, 61
#: The grid of thresholds reaches so far beyond the intensities, as a share of their range.
_BEYOND = 0.5


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
        return (self.high - self.low) / (2 * _Z)

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
    centre, span = float(np.mean(tested[[0, -1]])), float(np.ptp(tested))
    x = (tested - centre) / span
    fit = _Fit(x, trials, hits)
    theta = np.linspace(-0.5 - _BEYOND, 0.5 + _BEYOND, _THRESHOLDS)
    log_slope = np.linspace(math.log(1.0), math.log(20.0 / float(np.diff(x).min())), _SLOPES)
    surface = fit(theta[:, None], log_slope[None, :])
    best = np.unravel_index(int(surface.argmax()), surface.shape)
    start = (theta[best[0]], log_slope[best[1]])
    polished = minimize(
        lambda p: -float(fit(np.array(p[0]), np.array(np.clip(p[1], *log_slope[[0, -1]])))),
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-5, "fatol": 1e-8},
    )
    found = float(polished.x[0])
    if not -0.5 <= found <= 0.5:
        return _outside(found > 0.5)
    profile = surface.max(axis=1)
    drop = 2 * (-float(polished.fun) - profile) - float(chi2.ppf(CONFIDENCE, 1))
    low, high = _crossings(theta, drop, found)
    return Threshold(*(centre + span * np.array([found, low, high])).tolist())


@dataclass(frozen=True)
class _Fit:
    """The penalised log-likelihood of grouped responses."""

    x: Array
    trials: Array
    hits: Array

    def __call__(self, theta: Array, log_slope: Array) -> Array:
        z = np.exp(log_slope)[..., None] * (self.x - theta[..., None])
        chance = self.hits * log_expit(z) + (self.trials - self.hits) * log_expit(-z)
        weight = self.trials * expit(z) * expit(-z)
        # of the regression on 1 and x, whose prior Firth's penalty is
        information = weight.sum(-1) * (weight * self.x**2).sum(-1) - (weight * self.x).sum(-1) ** 2
        total: Array = chance.sum(-1) + 0.5 * np.log(np.maximum(information, 1e-300))
        return total


def _outside(above: bool) -> Threshold:
    return Threshold(math.nan, math.nan, math.nan, "above" if above else "below")


def _crossings(theta: Array, drop: Array, found: float) -> tuple[float, float]:
    """Return where the profile leaves the interval on either side; infinite where it does not."""
    ends = []
    for side in (-1, 1):
        beyond = np.flatnonzero((drop > 0) & (side * (theta - found) > 0))
        if not beyond.size:
            ends.append(side * math.inf)
            continue
        k = int(beyond[-1] if side < 0 else beyond[0])
        # between the last point inside, at worst the estimate itself, and the first one beyond
        inner = k - side
        x, y = theta[inner], drop[inner]
        if side * (x - found) < 0:
            x, y = found, -float(chi2.ppf(CONFIDENCE, 1))
        ends.append(float(x + (theta[k] - x) * -y / (drop[k] - y)))
    return ends[0], ends[1]


@dataclass(frozen=True)
class Change:
    """A relative change, per cent, with its standard error; NaN where it is not known."""

    value: float
    error: float

    def as_json(self) -> dict[str, Any]:
        """Plain data; null where it is not a number."""
        return {"value": finite(self.value), "se": finite(self.error)}


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
