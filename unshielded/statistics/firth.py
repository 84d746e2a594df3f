r"""Where a logistic curve is at one half, from few trials: Firth's penalised likelihood.

The chance of a response is a logistic function of the stimulus :math:`x`,

.. math:: P(x) = \frac{1}{1 + e^{-b(x - \theta)}}, \quad b > 0,

and the midpoint :math:`\theta` is found by penalised maximum likelihood: half the logarithm of the
determinant of Fisher's information is added [Firth1993], so that an estimate exists even where no
stimulus gives responses and failures both. The interval is that of the profile of the same
likelihood [HeinzeSchemper2002]. Packages profile a coefficient of the regression; the midpoint is
the ratio of two, so likelihood and profile are written out here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit
from scipy.stats import chi2

from unshielded.arrays import Array
from unshielded.statistics.intervals import CONFIDENCE

_MIDPOINTS, _SLOPES = 241, 61
#: The grid of midpoints reaches so far beyond the stimuli, as a fraction of their range.
_BEYOND: Final = 0.5
_LIMIT: Final = float(chi2.ppf(CONFIDENCE, 1))


@dataclass(frozen=True)
class PenalisedLikelihood:
    """Firth's log-likelihood of responses to grouped trials.

    Attributes
    ----------
    x, trials, hits
        Each stimulus, how many trials it had, and how many of them gave a response.
    """

    x: Array
    trials: Array
    hits: Array

    def __call__(self, midpoint: Array, log_slope: Array) -> Array:
        """Return it at midpoints and logarithms of slopes, of any shape that broadcasts."""
        z = np.exp(log_slope)[..., None] * (self.x - midpoint[..., None])
        chance = self.hits * log_expit(z) + (self.trials - self.hits) * log_expit(-z)
        weight = self.trials * expit(z) * expit(-z)
        # of the regression on 1 and x, whose prior Firth's penalty is
        information = weight.sum(-1) * (weight * self.x**2).sum(-1) - (weight * self.x).sum(-1) ** 2
        total: Array = chance.sum(-1) + 0.5 * np.log(np.maximum(information, 1e-300))
        return total


def midpoint(x: Array, trials: Array, hits: Array) -> tuple[float, float, float]:
    """Return the midpoint and its 95 % interval.

    Parameters
    ----------
    x
        Stimuli, ascending: two or more.
    trials, hits
        How many trials each had, and how many of them gave a response.

    Returns
    -------
    midpoint, low, high
        The ends are infinite where the data do not bound them. If the midpoint is outside the
        range of stimuli it is infinite on that side, and the ends are NaN.
    """
    centre, span = float(np.mean(x[[0, -1]])), float(np.ptp(x))
    inside = (x - centre) / span
    likelihood = PenalisedLikelihood(inside, trials, hits)
    at = np.linspace(-0.5 - _BEYOND, 0.5 + _BEYOND, _MIDPOINTS)
    log_slope = np.linspace(math.log(1.0), math.log(20.0 / float(np.diff(inside).min())), _SLOPES)
    surface = likelihood(at[:, None], log_slope[None, :])
    best = np.unravel_index(int(surface.argmax()), surface.shape)
    polished = minimize(
        lambda p: -float(likelihood(np.array(p[0]), np.array(np.clip(p[1], *log_slope[[0, -1]])))),
        (at[best[0]], log_slope[best[1]]),
        method="Nelder-Mead",
        options={"xatol": 1e-5, "fatol": 1e-8},
    )
    found = float(polished.x[0])
    if not -0.5 <= found <= 0.5:
        return math.copysign(math.inf, found), math.nan, math.nan
    drop = 2 * (-float(polished.fun) - surface.max(axis=1)) - _LIMIT
    value, low, high = centre + span * np.array([found, *_crossings(at, drop, found)])
    return float(value), float(low), float(high)


def _crossings(at: Array, drop: Array, found: float) -> tuple[float, float]:
    """Return where the profile leaves the interval on either side; infinite where it does not."""
    ends = []
    for side in (-1, 1):
        beyond = np.flatnonzero((drop > 0) & (side * (at - found) > 0))
        if not beyond.size:
            ends.append(side * math.inf)
            continue
        k = int(beyond[-1] if side < 0 else beyond[0])
        # between the last point inside, at worst the estimate itself, and the first one beyond
        inner = k - side
        x, y = at[inner], drop[inner]
        if side * (x - found) < 0:
            x, y = found, -_LIMIT
        ends.append(float(x + (at[k] - x) * -y / (drop[k] - y)))
    return ends[0], ends[1]
