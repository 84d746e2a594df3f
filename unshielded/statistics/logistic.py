"""The dose at which half of the cells die, with an interval that knows of seeds.

The fraction that dies is a logistic function of the dose x, or of its logarithm::

    p(x) = 1 / (1 + exp(-slope · (x - ED50)))

from none to all. The top is fixed at one: a fitted one could hardly be told from a larger ED50
with the few levels of a sweep, and half of a fitted top would not be half of the cells.

A dose of zero has no logarithm. It is the control: the fraction c that dies in it dies at every dose,
and p becomes c + (1 - c) p (Abbott 1925), so that the ED50 kills half of those that outlive the control.

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
    from statsmodels.genmod.families.links import Logit
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
    control
        Fraction that died without a dose, and is taken to die at every dose; 0 without a control.
    """

    ed50: float | None
    low: float | None
    high: float | None
    slope: float | None
    log: bool
    dispersion: float | None
    seeds: int
    reason: str = ""
    control: float = 0.0

    def fraction(self, dose: npt.ArrayLike) -> Array:
        """Return the fitted fraction of cells that die, 0 to 1."""
        from scipy.special import expit

        assert self.ed50 is not None
        assert self.slope is not None
        x, middle = np.asarray(dose, float), self.ed50
        distance = np.log(x / middle) if self.log else x - middle
        return np.asarray(self.control + (1 - self.control) * expit(self.slope * distance))


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
        Whether the dose counts by its logarithm. Doses of zero are then the control.

    Raises
    ------
    ValueError
        If they are not of one length.
    """
    x, k, of, seed = _arrays(doses, died, n, seeds)
    number = len(np.unique(seed))
    control, each = 0.0, "level"
    if log and not x.all():
        control = _background(x, k, of)
        if (missing := _below_the_doses(x, k, of, control)) is not None:
            reason, *between = missing
            return no_fit(reason, *between, log=log, seeds=number)
        x, k, of, seed = (column[x > 0] for column in (x, k, of, seed))
        each = "dose above zero"
    if (missing := _too_little(x, k, of, control, each)) is not None:
        reason, *between = missing
        return no_fit(reason, *between, log=log, seeds=number)
    counted = np.log(x) if log else x
    # to a span of one about zero, in which the search for the ends takes its steps
    centre, span = float(counted.max() + counted.min()) / 2, float(np.ptp(counted))
    z = (counted - centre) / span
    fitted = _regression(z, k, of, control, intercept=True).fit(
        tol=1e-10, tol_criterion="params", cov_type="cluster",
        cov_kwds={"groups": seed, "use_correction": False},
    )  # fmt: skip
    intercept, slope = map(float, fitted.params)
    if abs(slope) <= 1e-6:
        return no_fit("the fraction that died does not follow the dose", log=log, seeds=number)
    middle = -intercept / slope
    dispersion = max(1.0, float(fitted.pearson_chi2) / max(len(z) - 2, 1))
    low, high = _profile(z, k, of, fitted, dispersion, control)
    if number > 1:
        half = _clustered(fitted, number)
        low = None if low is None else min(low, middle - half)
        high = None if high is None else max(high, middle + half)
    least = 0.0 if x.min() >= 0 else -math.inf  # what is never negative has no negative ED50

    def dose(end: float | None) -> float | None:
        place = None if end is None else end * span + centre
        if place is None or not log:
            return None if place is None else max(place, least)
        return math.exp(place) if abs(place) < _LARGEST else None

    if not log and middle * span + centre < least:
        return no_fit("the ED50 of the fit is below zero: add lower levels", log=log, seeds=number)
    notes = ["one seed: the interval rests on the cells only and is too narrow"] * (number < 2)
    if control:
        notes.append(
            f"{100 * control:.3g} % died in the control: the ED50 kills half of the others"
        )
    crossed = _crossings(_fractions(x, k, of)[1], (1 + control) / 2)
    if len(crossed) > 1:
        notes.append(f"the fraction that died crosses half {len(crossed)} times: not one ED50")
    found = dose(middle), dose(low), dose(high)
    return DoseResponse(*found, slope / span, log, dispersion, number, "; ".join(notes), control)


def _background(x: Array, died: Array, n: Array) -> float:
    """Return the fraction that dies without a dose; 0 where doses save, so that it is no background."""
    control, most = (died[chosen].sum() / n[chosen].sum() for chosen in (x == 0, x == x.max()))
    return float(control) if control < most else 0.0


def _below_the_doses(
    x: Array, died: Array, n: Array, control: float
) -> tuple[str, *tuple[float, ...]] | None:
    """Tell of an ED50 between the control and the least dose, which no fit over logarithms finds."""
    levels, fraction = _fractions(x, died, n)
    half = (1 + control) / 2
    if len(levels) < 2:
        return None
    least = float(levels[1])
    if fraction[0] < half < fraction[1:].min():
        return (f"more than half died at the least dose, {least:.3g}: add lower ones", 0.0, least)
    if fraction[0] > half > fraction[1:].max():
        return (
            f"more than half died without a dose, fewer at the least, {least:.3g}: add lower ones",
            0.0,
            least,
        )
    return None


def _fractions(x: Array, died: Array, n: Array) -> tuple[Array, Array]:
    """Return the levels, ascending, and the fraction that died at each."""
    levels = np.unique(x)
    return levels, np.array([died[x == v].sum() / n[x == v].sum() for v in levels])


def _crossings(fraction: Array, half: float) -> npt.NDArray[np.intp]:
    """Return after which levels the fraction crosses one half."""
    above = fraction >= half
    if above.all():  # one of them is at half
        above = fraction > half
    return np.flatnonzero(np.diff(above))


def _too_little(
    x: Array, died: Array, n: Array, control: float, each: str
) -> tuple[str, *tuple[float, ...]] | None:
    """Say why there is no ED50 to be had, and between which levels it lies if that is known."""
    levels, fraction = _fractions(x, died, n)
    if len(levels) < 3:
        return (f"{len(levels)} levels: at least 3 are needed",)
    if not died.any():
        return (f"no cell died at any {each}",)
    half, name = (1 + control) / 2, "half of those that outlive the control" if control else "half"
    if fraction.max() < half:
        return (f"at most {100 * fraction.max():.3g} % died: no {each} is above {name}",)
    if fraction.min() > half:
        return (f"at least {100 * fraction.min():.3g} % died: no {each} is below {name}",)
    if np.count_nonzero((fraction > control) & (fraction < 1)) < 2:
        # any slope above some size fits as well as any other
        crossed = _crossings(fraction, half)
        if len(crossed) > 1:
            return (f"the fraction that died crosses {name} {len(crossed)} times: no single ED50",)
        if not len(crossed):
            return ("the fraction that died does not follow the dose",)
        low, high = levels[crossed[0]], levels[crossed[0] + 1]
        text = f"too steep for these levels: add some between {low:.3g} and {high:.3g}"
        return (text, float(low), float(high))
    return None


def _arrays(*columns: npt.ArrayLike) -> tuple[Array, ...]:
    arrays = tuple(np.asarray(column, float).ravel() for column in columns)
    if len({a.size for a in arrays}) != 1:
        raise ValueError(f"columns of {[a.size for a in arrays]} runs, expected one length")
    return arrays


def _regression(x: Array, died: Array, n: Array, control: float, *, intercept: bool) -> GLM:
    """Return the binomial regression of counts on x, with logit p = intercept + slope · x.

    Of those that outlive the control, if any die in it.
    """
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    design = np.stack([np.ones_like(x), x], 1) if intercept else x[:, None]
    family = Binomial(_above(control)) if control else Binomial()
    return GLM(np.stack([died, n - died], 1), design, family=family)


def _above(control: float) -> Logit:
    """Return the logit of the fraction that dies beyond those of the control."""
    from statsmodels.genmod.families.links import Logit

    class Above(Logit):  # type: ignore[misc]  # statsmodels has no types
        def __call__(self, p: Array) -> Array:
            return np.asarray(super().__call__((p - control) / (1 - control)))

        def inverse(self, z: Array) -> Array:
            return np.asarray(control + (1 - control) * super().inverse(z))

        def deriv(self, p: Array) -> Array:
            return np.asarray(super().deriv((p - control) / (1 - control)) / (1 - control))

        def inverse_deriv(self, z: Array) -> Array:
            return np.asarray((1 - control) * super().inverse_deriv(z))

    return Above()


def _clustered(fitted: GLMResults, clusters: int) -> float:
    """Return half the width of the interval of the ED50 from what differs between clusters."""
    from scipy.stats import t

    intercept, slope = fitted.params
    gradient = np.array([-1.0 / slope, intercept / slope**2])  # of the ED50
    variance = float(gradient @ fitted.cov_params() @ gradient) * clusters / (clusters - 1)
    return float(t.ppf(0.5 + CONFIDENCE / 2, clusters - 1)) * math.sqrt(variance)


def _profile(
    x: Array, died: Array, n: Array, fitted: GLMResults, dispersion: float, control: float
) -> tuple[float | None, float | None]:
    """Find where the profile quasi-likelihood of the ED50 has fallen to the ends of its interval."""
    from scipy.optimize import brentq
    from scipy.stats import chi2

    intercept, slope = fitted.params
    middle, limit = float(-intercept / slope), float(chi2.ppf(CONFIDENCE, 1))

    def excess(place: float) -> float:
        best = _regression(x - place, died, n, control, intercept=False).fit(tol=1e-10)
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
