"""The dose at which half of the cells die, with an interval that knows of seeds.

The fraction that dies is a logistic function of the dose x, or of its logarithm::

    p(x) = 1 / (1 + exp(-slope · (x - ED50)))

from none to all. The top is fixed at one: a fitted one could hardly be told from a larger ED50
with the few levels of a sweep, and half of a fitted top would not be half of the cells.

Cells of one network do not die independently, and seeds are common to all levels. So the
interval of the ED50 joins two: the profile of the binomial likelihood divided by Pearson's
dispersion over runs (Wedderburn 1974), which is right about skew; and Student's t with the
variance clustered by seed (Liang and Zeger 1986), which is right about what a seed does at every
level. From one seed there is only the first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from unshielded.arrays import Array
from unshielded.statistics.intervals import CONFIDENCE

if TYPE_CHECKING:
    from statsmodels.genmod.generalized_linear_model import GLM, GLMResults

#: How far outside the levels an end of the interval is looked for, in their span.
_FAR: Final = 10.0
#: Of a logarithm; beyond it there is no such dose.
_LARGEST: Final = 300.0


@dataclass(frozen=True)
class DoseResponse:
    """A logistic dose-response.

    Attributes
    ----------
    ed50
        Dose at which half of the cells die; None where the data do not say.
    low, high
        Its 95 % interval; None where an end is open. Without an `ed50` the levels that it lies
        between, where those are known.
    slope
        Change of the logit per unit of dose, or per e-fold of it; negative where less kills more.
    log
        Whether the dose counts by its logarithm.
    dispersion
        How much wider than binomial the data are; 1 where cells are as good as independent.
    seeds
        How many there are.
    reason
        Why there is no `ed50`, or what to be careful with; may be empty.
    """

    ed50: float | None
    low: float | None
    high: float | None
    slope: float | None
    log: bool
    dispersion: float | None
    seeds: int
    reason: str = ""

    def fraction(self, dose: npt.ArrayLike) -> Array:
        """Return the fitted fraction of cells that die, 0 to 1."""
        from scipy.special import expit

        assert self.ed50 is not None
        assert self.slope is not None
        x, middle = np.asarray(dose, float), self.ed50
        distance = np.log(x / middle) if self.log else x - middle
        return np.asarray(expit(self.slope * distance))


def no_fit(
    reason: str,
    low: float | None = None,
    high: float | None = None,
    *,
    log: bool = False,
    seeds: int = 0,
) -> DoseResponse:
    """Return a dose-response without an ED50, and why there is none."""
    return DoseResponse(None, low, high, None, log, None, seeds, reason)


def fit(
    doses: npt.ArrayLike,
    died: npt.ArrayLike,
    n: npt.ArrayLike,
    seeds: npt.ArrayLike,
    *,
    log: bool = False,
) -> DoseResponse:
    """Fit the fraction that died against the dose.

    Parameters
    ----------
    doses, died, n, seeds
        Of every run: the dose, how many cells of how many died, and its seed.
    log
        Whether the dose counts by its logarithm.

    Raises
    ------
    ValueError
        If they are not of one length.
    """
    x, k, of, seed = _arrays(doses, died, n, seeds)
    number = len(np.unique(seed))
    if (missing := _too_little(x, k, of)) is not None:
        reason, *between = missing
        return no_fit(reason, *between, log=log, seeds=number)
    counted = np.log(x) if log else x
    # to a span of one about zero, in which the search for the ends takes its steps
    centre, span = float(counted.max() + counted.min()) / 2, float(np.ptp(counted))
    z = (counted - centre) / span
    fitted = _regression(z, k, of, intercept=True).fit(
        tol=1e-10, tol_criterion="params", cov_type="cluster",
        cov_kwds={"groups": seed, "use_correction": False},
    )  # fmt: skip
    intercept, slope = map(float, fitted.params)
    if abs(slope) <= 1e-6:
        return no_fit("the fraction that died does not follow the dose", log=log, seeds=number)
    middle = -intercept / slope
    dispersion = max(1.0, float(fitted.pearson_chi2) / max(len(z) - 2, 1))
    low, high = _profile(z, k, of, fitted, dispersion)
    if number > 1:
        half = _clustered(fitted, number)
        low = None if low is None else min(low, middle - half)
        high = None if high is None else max(high, middle + half)

    def dose(end: float | None) -> float | None:
        place = None if end is None else end * span + centre
        if place is None or not log:
            return place
        return math.exp(place) if abs(place) < _LARGEST else None

    note = "one seed: the interval rests on the cells only and is too narrow" if number < 2 else ""
    return DoseResponse(
        dose(middle), dose(low), dose(high), slope / span, log, dispersion, number, note
    )


def _too_little(x: Array, died: Array, n: Array) -> tuple[str, *tuple[float, ...]] | None:
    """Say why there is no ED50 to be had, and between which levels it lies if that is known."""
    levels = np.unique(x)
    fraction = np.array([died[x == v].sum() / n[x == v].sum() for v in levels])
    if len(levels) < 3:
        return (f"{len(levels)} levels: at least 3 are needed",)
    if not died.any():
        return ("no cell died at any level",)
    if fraction.max() < 0.5:
        return (f"at most {100 * fraction.max():.3g} % died: no level is above half",)
    if fraction.min() > 0.5:
        return (f"at least {100 * fraction.min():.3g} % died: no level is below half",)
    if np.count_nonzero((fraction > 0) & (fraction < 1)) < 2:
        # any slope above some size fits as well as any other
        here = int(np.flatnonzero(np.diff(np.sign(fraction - 0.5)))[0])
        low, high = float(levels[here]), float(levels[here + 1])
        return (f"too steep for these levels: add some between {low:.3g} and {high:.3g}", low, high)
    return None


def _arrays(*columns: npt.ArrayLike) -> tuple[Array, ...]:
    arrays = tuple(np.asarray(column, float).ravel() for column in columns)
    if len({a.size for a in arrays}) != 1:
        raise ValueError(f"columns of {[a.size for a in arrays]} runs, expected one length")
    return arrays


def _regression(x: Array, died: Array, n: Array, *, intercept: bool) -> GLM:
    """Return the binomial regression of counts on x, with logit p = intercept + slope · x."""
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    design = np.stack([np.ones_like(x), x], 1) if intercept else x[:, None]
    return GLM(np.stack([died, n - died], 1), design, family=Binomial())


def _clustered(fitted: GLMResults, clusters: int) -> float:
    """Return half the width of the interval of the ED50 from what differs between clusters."""
    from scipy.stats import t

    intercept, slope = fitted.params
    gradient = np.array([-1.0 / slope, intercept / slope**2])  # of the ED50
    variance = float(gradient @ fitted.cov_params() @ gradient) * clusters / (clusters - 1)
    return float(t.ppf(0.5 + CONFIDENCE / 2, clusters - 1)) * math.sqrt(variance)


def _profile(
    x: Array, died: Array, n: Array, fitted: GLMResults, dispersion: float
) -> tuple[float | None, float | None]:
    """Find where the profile quasi-likelihood of the ED50 has fallen to the ends of its interval."""
    from scipy.optimize import brentq
    from scipy.stats import chi2

    intercept, slope = fitted.params
    middle, limit = float(-intercept / slope), float(chi2.ppf(CONFIDENCE, 1))

    def excess(place: float) -> float:
        best = _regression(x - place, died, n, intercept=False).fit(tol=1e-10)
        return float((best.deviance - fitted.deviance) / dispersion) - limit

    ends: list[float | None] = []
    for side in (-1.0, 1.0):
        step, inner, end = 0.01, middle, None
        while step < _FAR:
            outer = middle + side * step
            if excess(outer) > 0:
                end = float(brentq(excess, inner, outer, xtol=1e-7))
                break
            inner, step = outer, 1.5 * step
        ends.append(end)
    return ends[0], ends[1]
