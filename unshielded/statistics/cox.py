r"""The hazard ratio of a treatment: Cox's proportional hazards with a baseline for every stratum.

With :math:`A` untreated and :math:`B` treated neurons at risk at each death, ties by Efron (1977),
the log partial likelihood of :math:`\beta = \ln HR` is

.. math:: \ell(\beta) = \beta D_1 - \sum \ln(A + B e^\beta)

A death tells of the ratio only while both arms have neurons at risk; such deaths are *compared*.

The interval joins two, and the wider end counts. The profile of that likelihood is right about few
deaths and takes neurons for independent. Student's t with the variance clustered by stratum (Lin
and Wei 1989) is right about what a seed does to all its neurons. Where only one of the two arms has
compared deaths the likelihood has no maximum. Its profile still bounds the ratio from one side; it
is divided by Pearson's dispersion of the deaths over strata (Wedderburn 1974), so that neurons that
die together do not count as many.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from unshielded.statistics.intervals import CONFIDENCE
from unshielded.statistics.survival import Lifetimes

if TYPE_CHECKING:
    from statsmodels.duration.hazard_regression import PHReg

#: Log hazard ratios beyond it are not told apart.
_FAR: Final = 30.0


@dataclass(frozen=True)
class Stratum:
    """Untreated and treated neurons that share a baseline hazard, observed from `entry` on (s)."""

    control: Lifetimes
    treated: Lifetimes
    entry: float = 0.0

    def deaths(self) -> tuple[int, int]:
        """Count the deaths of control and treated after the entry."""
        return self._deaths(math.inf)

    def compared(self) -> tuple[int, int]:
        """Count those while both arms had neurons at risk."""
        ends = (np.concatenate([arm.died, arm.censored]) for arm in (self.control, self.treated))
        return self._deaths(min(float(end.max(initial=-math.inf)) for end in ends))

    def _deaths(self, until: float) -> tuple[int, int]:
        control, treated = (
            int(np.count_nonzero((arm.died > self.entry) & (arm.died <= until)))
            for arm in (self.control, self.treated)
        )
        return control, treated


@dataclass(frozen=True)
class HazardRatio:
    """A hazard ratio with its 95 % interval.

    Attributes
    ----------
    ratio
        None where it has no estimate: no death, or none of one arm, is compared.
    low, high
        None where an end is open; `low` is 0 where none of the treated died.
    deaths
        Of control and treated, after the entry.
    compared
        Those while both arms had neurons at risk.
    strata
        How many have compared deaths.
    """

    ratio: float | None
    low: float | None
    high: float | None
    deaths: tuple[int, int]
    compared: tuple[int, int]
    strata: int


def hazard_ratio(strata: Sequence[Stratum]) -> HazardRatio:
    """Estimate the hazard of treated over that of untreated neurons."""
    telling = [each for each in strata if any(each.compared())]
    control, treated = map(sum, zip((0, 0), *(each.compared() for each in telling), strict=False))
    deaths = [sum(each.deaths()[arm] for each in strata) for arm in (0, 1)]

    def found(ratio: float | None, low: float | None, high: float | None) -> HazardRatio:
        counted = (deaths[0], deaths[1]), (control, treated), len(telling)
        return HazardRatio(ratio, low, high, *counted)

    if not telling:
        return found(None, None, None)
    model = _model(telling)
    if not treated:
        wide = dispersion([each.control for each in strata])
        return found(None, None if deaths[1] else 0.0, _exp(_end(model, -_FAR, -_FAR / 2, 1, wide)))
    if not control:
        wide = dispersion([each.treated for each in strata])
        return found(None, _exp(_end(model, _FAR, _FAR / 2, -1, wide)), None)
    beta = float(model.fit().params[0])
    low, high = (_end(model, beta, beta, side) for side in (-1, 1))
    if (k := len(telling)) > 1:
        from scipy.stats import t

        quantile = float(t.ppf(0.5 + CONFIDENCE / 2, k - 1))
        half = quantile * clustered_error(telling, beta) * math.sqrt(k / (k - 1))
        low = None if low is None else min(low, beta - half)
        high = None if high is None else max(high, beta + half)
    return found(math.exp(beta), _exp(low), _exp(high))


def clustered_error(strata: Sequence[Stratum], beta: float) -> float:
    """Return the standard error of a log hazard ratio whose clusters are its strata.

    The score of a stratum is then that of its cluster. The covariance for groups of PHReg is the
    same without ties; with ties its residuals are Breslow's, and neurons that die in one step are
    ties.
    """
    models = [_model([each]) for each in strata]
    scores = [float(each.score([beta])[0]) for each in models]
    information = [-float(each.hessian([beta])[0, 0]) for each in models]
    return math.hypot(*scores) / math.fsum(information)


def dispersion(arms: Sequence[Lifetimes]) -> float:
    """Return how much wider deaths scatter over seeds than those of independent neurons would."""
    if len(arms) < 2:
        return 1.0
    n = np.array([arm.n for arm in arms], float)
    died = np.array([len(arm.died) for arm in arms], float)
    p = died.sum() / n.sum()
    spread = np.maximum(n * p * (1 - p), 1e-12)
    return max(1.0, float(np.sum((died - n * p) ** 2 / spread)) / (len(arms) - 1))


def _model(strata: Sequence[Stratum]) -> PHReg:
    from statsmodels.duration.hazard_regression import PHReg

    rows = [
        (time, died, arm, number)
        for number, each in enumerate(strata)
        for arm, cells in enumerate((each.control, each.treated))
        for times, died in ((cells.died, 1), (cells.censored, 0))
        for time in times[times > each.entry]
    ]
    time, died, treated, stratum = np.array(rows, float).T
    return PHReg(time, treated, status=died, strata=stratum, ties="efron")


def _end(
    model: PHReg, top: float, start: float, side: int, dispersion: float = 1.0
) -> float | None:
    """Return where the profile has fallen from its `top` to the end of its interval, if it does."""
    from scipy.optimize import brentq
    from scipy.stats import chi2

    limit, highest = float(chi2.ppf(CONFIDENCE, 1)), model.loglike([top])

    def excess(beta: float) -> float:
        return float(2.0 * (highest - model.loglike([beta])) / dispersion - limit)

    inner, step = start, 0.1
    while abs(inner) < _FAR:
        outer = inner + side * step
        if excess(outer) > 0:
            return float(brentq(excess, inner, outer, xtol=1e-9))
        inner, step = outer, 1.5 * step
    return None


def _exp(beta: float | None) -> float | None:
    """Return a ratio; None where it is beyond all that is told apart."""
    return None if beta is None or beta > _FAR else math.exp(beta)
