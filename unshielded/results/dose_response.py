"""The dose at which half of the cells die, with an interval that knows of seeds.

The share that dies is a logistic function of the dose x, or of its logarithm where levels are
spaced by it (:func:`unshielded.store.tables.levels.is_log`)::

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

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from unshielded.arrays import Array
from unshielded.results.summary import Row
from unshielded.store.tables.levels import is_log, key, quantities

#: How far outside the levels an end of the interval is looked for, in their span.
_FAR = 10.0
#: Of a logarithm; beyond it there is no such dose.
_LARGEST = 300.0


@dataclass(frozen=True)
class Fit:
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

    def share(self, dose: npt.ArrayLike) -> Array:
        """Return the fitted share of cells that die, 0 to 1."""
        assert self.ed50 is not None
        assert self.slope is not None
        x, middle = np.asarray(dose, float), self.ed50
        distance = np.log(x / middle) if self.log else x - middle
        return _logistic(self.slope * distance)


def fit(doses: npt.ArrayLike, died: npt.ArrayLike, n: npt.ArrayLike, seeds: npt.ArrayLike) -> Fit:
    """Fit the share that died against the dose.

    Parameters
    ----------
    doses, died, n, seeds
        Of every run: the dose, how many cells of how many died, and its seed.
    """
    x, k, of, seed = _arrays(doses, died, n, seeds)
    log = is_log(x.tolist())
    number = len(np.unique(seed))
    levels = np.unique(x)
    share = np.array([k[x == v].sum() / of[x == v].sum() for v in levels])

    def none(reason: str, low: float | None = None, high: float | None = None) -> Fit:
        return Fit(None, low, high, None, log, None, number, reason)

    if len(levels) < 3:
        return none(f"{len(levels)} levels: at least 3 are needed")
    if not k.any():
        return none("no cell died at any level")
    if share.max() < 0.5:
        return none(f"at most {100 * share.max():.3g} % died: no level is above half")
    if share.min() > 0.5:
        return none(f"at least {100 * share.min():.3g} % died: no level is below half")
    if np.count_nonzero((share > 0) & (share < 1)) < 2:
        # any slope above some size fits as well as any other
        here = int(np.flatnonzero(np.diff(np.sign(share - 0.5)))[0])
        between = float(levels[here]), float(levels[here + 1])
        why = f"too steep for these levels: add some between {between[0]:.3g} and {between[1]:.3g}"
        return none(why, *between)
    counted = np.log(x) if log else x
    scale = _Scale.of(counted)
    model = _Model(scale.inside(counted), k, of)
    found = model.fit()
    if found is None:
        return none("the share that died does not follow the dose")
    intercept, slope = found
    dispersion = _dispersion(model, intercept, slope)
    middle = -intercept / slope
    low, high = _profile(model, intercept, slope, dispersion)
    if number > 1:
        half = _clustered(model, intercept, slope, seed)
        low = None if low is None else min(low, middle - half)
        high = None if high is None else max(high, middle + half)
    ed50, low, high = (scale.dose(end, log) for end in (middle, low, high))
    note = "one seed: the interval rests on the cells only and is too narrow" if number < 2 else ""
    return Fit(ed50, low, high, slope / scale.width, log, dispersion, number, note)


def fits(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Fit every population of a sweep over every setting that has numbers.

    Of a grid over several settings each one is fitted at every combination of the others,
    where it has three levels or more.

    Returns
    -------
    list of dict
        ``setting``, ``unit`` (as the first level was written), ``at`` (the other settings that
        vary), ``population``, ``scale`` (``linear`` or ``log``), ``levels``, ``runs``, ``seeds``,
        ``ed50``, ``low``, ``high`` (95 %), ``slope``, ``dispersion``, and ``reason``: why there is
        no ED50, or None.
    """
    done = [row for row in rows if row.get("populations")]
    paths = dict.fromkeys(path for row in done for path in row["point"])
    varied = [p for p in paths if len({key(row["point"].get(p)) for row in done}) > 1]
    table = []
    for path in varied:
        if quantities([row["point"].get(path) for row in done]) is None:
            continue
        groups: dict[str, list[Row]] = {}
        for row in done:
            others = {p: row["point"].get(p) for p in varied if p != path}
            groups.setdefault(key(others), []).append(row)
        for others_text, members in groups.items():
            levels = {key(row["point"].get(path)) for row in members}
            if len(varied) == 1 or len(levels) > 2:
                at = json.loads(others_text)
                table += _entries(path, at, members)
    return table


def fit_rows(rows: Sequence[Row], path: str, population: str) -> tuple[Fit, str]:
    """Fit one population over one setting; return that, and the unit of the dose."""
    of_it = [row for row in rows if (row.get("populations") or {}).get(population, {}).get("n")]
    if not of_it:
        return Fit(None, None, None, None, False, None, 0, "there are no cells"), ""
    doses = quantities([row["point"].get(path) for row in of_it])
    if doses is None:
        return Fit(None, None, None, None, False, None, 0, "the levels are not numbers"), ""
    found = [row["populations"][population] for row in of_it]
    died, n = ([each[name] for each in found] for name in ("burned_out", "n"))
    return fit(doses.values, died, n, [row["seed"] for row in of_it]), doses.unit


def _entries(path: str, at: Mapping[str, Any], rows: Sequence[Row]) -> list[dict[str, Any]]:
    names = dict.fromkeys(name for row in rows for name in row["populations"])
    entries = []
    for name in names:
        found, unit = fit_rows(rows, path, name)
        entries.append(
            {
                "setting": path,
                "unit": unit,
                "at": dict(at),
                "population": name,
                "scale": "log" if found.log else "linear",
                "levels": len({key(row["point"].get(path)) for row in rows}),
                "runs": len(rows),
                "seeds": found.seeds,
                "ed50": found.ed50,
                "low": found.low,
                "high": found.high,
                "slope": found.slope,
                "dispersion": found.dispersion,
                "reason": found.reason or None,
            }
        )
    return entries


def _arrays(*columns: npt.ArrayLike) -> tuple[Array, ...]:
    arrays = tuple(np.asarray(column, float).ravel() for column in columns)
    if len({a.size for a in arrays}) != 1:
        raise ValueError(f"columns of {[a.size for a in arrays]} runs, expected one length")
    return arrays


def _logistic(z: Array) -> Array:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z)))  # no overflow


@dataclass(frozen=True)
class _Scale:
    """Doses moved and stretched to a span of one about zero, which a search finds its way in."""

    middle: float
    width: float

    @staticmethod
    def of(x: Array) -> _Scale:
        return _Scale(float(x.max() + x.min()) / 2, float(np.ptp(x)))

    def inside(self, x: Array) -> Array:
        return (x - self.middle) / self.width

    def dose(self, x: float | None, log: bool) -> float | None:
        if x is None:
            return None
        place = x * self.width + self.middle
        if not log:
            return place
        return math.exp(place) if abs(place) < _LARGEST else None


@dataclass(frozen=True)
class _Model:
    """Counts of every run, with logit p = intercept + slope · x."""

    x: Array
    died: Array
    n: Array

    def loss(self, intercept: float, slope: float) -> float:
        """Minus the binomial log-likelihood, up to a constant."""
        z = intercept + slope * self.x
        return float(np.sum(self.n * np.logaddexp(0.0, z) - self.died * z))

    def scores(self, intercept: float, slope: float) -> Array:
        """What each run contributes to the gradient of the log-likelihood, [run, 2]."""
        rest = self.died - self.n * _logistic(intercept + slope * self.x)
        return np.stack([rest, rest * self.x], 1)

    def information(self, intercept: float, slope: float) -> Array:
        """Fisher's, [2, 2]."""
        p = _logistic(intercept + slope * self.x)
        weight = self.n * p * (1 - p)
        design = np.stack([np.ones_like(self.x), self.x], 1)
        return np.asarray(design.T @ (weight[:, None] * design))

    def fit(self) -> tuple[float, float] | None:
        """Find the most likely intercept and slope; None if there is no slope to speak of."""
        from scipy.optimize import minimize

        result = minimize(
            lambda v: self.loss(v[0], v[1]),
            np.zeros(2),
            jac=lambda v: -self.scores(v[0], v[1]).sum(0),
            hess=lambda v: self.information(v[0], v[1]),
            method="trust-exact",
            options={"gtol": 1e-8 * float(self.n.sum())},
        )
        intercept, slope = map(float, result.x)
        return (intercept, slope) if abs(slope) > 1e-6 else None

    def best_loss(self, middle: float, start: float) -> float:
        """Least loss of all slopes where half die at `middle`."""
        from scipy.optimize import minimize

        x = self.x - middle
        moved = _Model(x, self.died, self.n)
        found = minimize(
            lambda v: moved.loss(0.0, v[0]),
            [start],
            jac=lambda v: -moved.scores(0.0, v[0])[:, 1:].sum(0),
            hess=lambda v: moved.information(0.0, v[0])[1:, 1:],
            method="trust-exact",
            options={"gtol": 1e-8 * float(self.n.sum())},
        )
        return float(found.fun)


def _dispersion(model: _Model, intercept: float, slope: float) -> float:
    """Pearson's: how much wider runs scatter about the curve than independent cells would."""
    p = _logistic(intercept + slope * model.x)
    spread = np.maximum(model.n * p * (1 - p), 1e-12)
    free = max(len(p) - 2, 1)
    return max(1.0, float(np.sum((model.died - model.n * p) ** 2 / spread) / free))


def _clustered(model: _Model, intercept: float, slope: float, seed: Array) -> float:
    """Half the width of the interval of the ED50 from what differs between seeds (sandwich)."""
    from scipy.stats import t

    seeds = np.unique(seed)
    scores = model.scores(intercept, slope)
    sums = np.stack([scores[seed == each].sum(0) for each in seeds])
    inverse = np.linalg.inv(model.information(intercept, slope))
    toward = inverse @ [-1.0 / slope, intercept / slope**2]  # gradient of the ED50
    variance = float(np.sum((sums @ toward) ** 2)) * len(seeds) / (len(seeds) - 1)
    return float(t.ppf(0.975, len(seeds) - 1)) * math.sqrt(variance)


def _profile(
    model: _Model, intercept: float, slope: float, dispersion: float
) -> tuple[float | None, float | None]:
    """Find where the profile quasi-likelihood of the ED50 has fallen to the ends of its interval."""
    from scipy.optimize import brentq
    from scipy.stats import chi2

    middle, least = -intercept / slope, model.loss(intercept, slope)
    limit = float(chi2.ppf(0.95, 1))

    def excess(place: float) -> float:
        return 2.0 * (model.best_loss(place, slope) - least) / dispersion - limit

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
