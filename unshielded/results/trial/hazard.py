r"""The hazard ratio of an arm: deaths per living neuron and time, over that of the control.

Cox's proportional hazards (1972) with one covariate, the treatment, and a baseline of its own for
every seed (strata), ties by Efron (1977). With :math:`A` untreated and :math:`B` treated neurons at
risk at each death, the log-likelihood of :math:`\beta = \ln HR` is

.. math:: \ell(\beta) = \beta D_1 - \sum \ln(A + B e^\beta)

Its interval joins two. The profile of that likelihood is right about few deaths and takes neurons
for independent. Student's t with the variance clustered by seed (Lin and Wei 1989) is right about
what a seed does to all its neurons. The wider end counts. Where only one of the two arms has deaths
the likelihood has no maximum. Its profile still bounds the ratio from one side; it is divided by
Pearson's dispersion of the deaths over seeds (Wedderburn 1974), so that neurons that die together
do not count as many.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from unshielded.arrays import Array
from unshielded.results.trial.course import Course

#: 95 % point of chi-squared with one degree of freedom.
_LIMIT: Final = 3.841458820694124
#: Log hazard ratios beyond it are not told apart.
_FAR: Final = 30.0

MISSING: Final = "hazard ratios need lifelines: pip install 'unshielded[analysis]'"


@dataclass(frozen=True)
class Hazard:
    """A hazard ratio with its 95 % interval.

    Attributes
    ----------
    ratio
        None where the data give none: see `reason`.
    low, high
        None where an end is open.
    reason
        Why there is no ratio, or what to be careful with; may be empty.
    """

    ratio: float | None
    low: float | None
    high: float | None
    reason: str = ""

    def text(self) -> str:
        """Write the ratio with its interval, its bound, or why there is neither.

        Examples
        --------
        >>> Hazard(0.5, 0.25, 1.0).text(), Hazard(None, 0.0, 0.031).text()
        ('0.50 [0.25, 1.00]', 'below 0.031')
        >>> Hazard(2.0, 0.5, None).text(), Hazard(None, None, None, "no deaths").text()
        ('2.00 [0.50, ∞]', 'no deaths')
        """
        if self.ratio is None and self.low is None and self.high is None:
            return self.reason
        low = "0" if self.low is None else _two(self.low)
        high = "∞" if self.high is None else _two(self.high)
        if self.ratio is not None:
            return f"{_two(self.ratio)} [{low}, {high}]"
        return f"above {low}" if self.high is None else f"below {high}"


def _two(value: float) -> str:
    """Write two decimals, or two digits of a small number."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


@dataclass(frozen=True)
class Likelihood:
    """Partial likelihood of one binary covariate, stratified; ties by Efron.

    Attributes
    ----------
    untreated, treated
        Of every death: who was at risk, less the share of those that died at the same time.
    treated_deaths, untreated_deaths
        Deaths while both arms had somebody at risk.
    """

    untreated: Array
    treated: Array
    treated_deaths: int
    untreated_deaths: int

    @staticmethod
    def of(strata: Sequence[tuple[Course, Course, float]]) -> Likelihood:
        """Return that of pairs of control and treated, each watched from a time on."""
        rows: list[tuple[float, float]] = []
        deaths = [0, 0]
        for control, treated, since in strata:
            arms = [(c.time[c.time > since], c.died[c.time > since]) for c in (control, treated)]
            for time in np.unique(np.concatenate([t[d] for t, d in arms])):
                n = [int((t >= time).sum()) for t, _ in arms]
                d = [int(((t == time) & died).sum()) for t, died in arms]
                if all(n):
                    gone = np.arange(sum(d)) / sum(d)
                    rows += [(n[0] - g * d[0], n[1] - g * d[1]) for g in gone]
                    deaths = [deaths[0] + d[0], deaths[1] + d[1]]
        a, b = np.array(rows, float).reshape(-1, 2).T
        return Likelihood(a, b, deaths[1], deaths[0])

    def value(self, beta: float) -> float:
        """Return the log-likelihood of a log hazard ratio."""
        weighted = np.logaddexp(np.log(self.untreated), np.log(self.treated) + beta)
        return float(beta * self.treated_deaths - weighted.sum())

    def derivatives(self, beta: float) -> tuple[float, float]:
        """Return the score and Fisher's information at a log hazard ratio."""
        weighted = self.treated * math.exp(beta)
        p = weighted / (self.untreated + weighted)
        return float(self.treated_deaths - p.sum()), float((p * (1 - p)).sum())

    def supremum(self, beta: float | None) -> float:
        """Return the largest log-likelihood: at `beta`, or in the limit where it has no maximum."""
        if beta is not None:
            return self.value(beta)
        side = self.treated if self.treated_deaths else self.untreated
        return -float(np.log(side).sum())

    def end(self, top: float, start: float, side: int, dispersion: float = 1.0) -> float | None:
        """Return where the profile has fallen to the end of its interval; None if nowhere."""
        from scipy.optimize import brentq

        def excess(beta: float) -> float:
            return 2.0 * (top - self.value(beta)) / dispersion - _LIMIT

        inner, step = start, 0.1
        while abs(inner) < _FAR:
            outer = inner + side * step
            if excess(outer) > 0:
                return float(brentq(excess, inner, outer, xtol=1e-9))
            inner, step = outer, 1.5 * step
        return None


def hazard(pairs: Sequence[tuple[Course, Course]]) -> Hazard:
    """Compare treated runs with their controls.

    Only what happens after the treatment began counts, in both: before, they are the same.

    Parameters
    ----------
    pairs
        Control and treated of each seed.

    Raises
    ------
    ImportError
        If lifelines is not installed.
    """
    strata = [(c, t, t.begin) for c, t in pairs if math.isfinite(t.begin)]
    if not strata:
        return Hazard(None, None, None, "it never began")
    model = Likelihood.of(strata)
    k = sum(1 for one in strata if len(Likelihood.of([one]).treated))  # seeds that tell anything
    few = "deaths in one seed: the interval rests on the cells only" if k < 2 else ""
    if not model.treated_deaths and not model.untreated_deaths:
        return Hazard(None, None, None, "no deaths")
    if not model.treated_deaths:
        wide = _dispersion([c for c, _, _ in strata])
        end = model.end(model.supremum(None), -_FAR / 2, 1, wide)
        return Hazard(None, 0.0, _exp(end), f"no deaths with it: an upper limit{few and '; '}{few}")
    if not model.untreated_deaths:
        wide = _dispersion([t for _, t, _ in strata])
        end = model.end(model.supremum(None), _FAR / 2, -1, wide)
        text = f"no deaths without it: a lower limit{few and '; '}{few}"
        return Hazard(None, _exp(end), None, text)
    beta = _cox(strata)
    top = model.supremum(beta)
    low, high = model.end(top, beta, -1), model.end(top, beta, 1)
    if k > 1:
        from scipy.stats import t

        half = float(t.ppf(0.975, k - 1)) * clustered(strata, beta) * math.sqrt(k / (k - 1))
        low = None if low is None else min(low, beta - half)
        high = None if high is None else max(high, beta + half)
    return Hazard(math.exp(beta), _exp(low), _exp(high), few)


def _dispersion(courses: Sequence[Course]) -> float:
    """Return how much wider deaths scatter over seeds than those of independent neurons would."""
    n = np.array([c.n for c in courses], float)
    died = np.array([c.deaths for c in courses], float)
    if len(courses) < 2:
        return 1.0
    p = died.sum() / n.sum()
    spread = np.maximum(n * p * (1 - p), 1e-12)
    return max(1.0, float(np.sum((died - n * p) ** 2 / spread)) / (len(courses) - 1))


def _exp(beta: float | None) -> float | None:
    """Return a ratio; None where it is beyond all that is told apart."""
    return None if beta is None or beta > _FAR else math.exp(beta)


def clustered(strata: Sequence[tuple[Course, Course, float]], beta: float) -> float:
    """Return the standard error of a log hazard ratio whose clusters are its strata.

    The score of a stratum is then that of its cluster. lifelines has the same without ties, but
    its residuals are not Efron's with ties, and neurons that die in the same step are ties.
    """
    scores, information = zip(
        *(Likelihood.of([one]).derivatives(beta) for one in strata), strict=True
    )
    return math.hypot(*scores) / math.fsum(information)


def _cox(strata: Sequence[tuple[Course, Course, float]]) -> float:
    """Fit the log hazard ratio."""
    try:
        import pandas as pd
        from lifelines import CoxPHFitter
    except ImportError as error:
        raise ImportError(MISSING) from error

    columns: dict[str, list[Array]] = {k: [] for k in ("time", "died", "treated", "seed")}
    for number, (control, treated, since) in enumerate(strata):
        for arm, course in enumerate((control, treated)):
            kept = course.time > since
            size = int(kept.sum())
            columns["time"].append(course.time[kept])
            columns["died"].append(course.died[kept].astype(float))
            columns["treated"].append(np.full(size, float(arm)))
            columns["seed"].append(np.full(size, float(number)))
    frame = pd.DataFrame({name: np.concatenate(parts) for name, parts in columns.items()})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on few deaths, which the profile takes care of
        fit = CoxPHFitter().fit(frame, "time", "died", strata=["seed"])
    return float(fit.params_["treated"])
