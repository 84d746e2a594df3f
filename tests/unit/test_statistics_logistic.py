"""The dose at which half of the cells die: against known answers, an own likelihood, and chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import binom

from unshielded.arrays import Array
from unshielded.statistics.logistic import DoseResponse, fit


def experiment(
    random: np.random.Generator, seeds: int, *, spread: float, within: float, n: int = 60
) -> tuple[Array, Array, Array, Array]:
    """Doses, deaths, cells and seeds of a sweep whose ED50 is 0.5 and whose slope is 8.

    Parameters
    ----------
    spread
        Standard deviation over seeds of the logit: a seed shifts all of its levels alike.
    within
        Correlation of the cells of one run (beta-binomial).
    """
    doses = np.tile(np.linspace(0, 1, 7), seeds)
    seed = np.repeat(np.arange(seeds), 7)
    p = 1 / (1 + np.exp(-8 * (doses - 0.5) - random.normal(0, spread, seeds)[seed]))
    if within:
        p = random.beta(p * (1 / within - 1), (1 - p) * (1 / within - 1))
    return doses, random.binomial(n, p).astype(float), np.full(len(p), float(n)), seed


def test_it_is_the_most_likely() -> None:
    """Against the binomial likelihood of scipy, maximised by scipy in other coordinates."""
    doses, died, n, seed = experiment(np.random.default_rng(1), 3, spread=0.3, within=0.0)

    def loss(v: Array) -> float:
        p = 1 / (1 + np.exp(-math.exp(v[1]) * (doses - v[0])))
        return -float(binom.logpmf(died, n, p).sum())

    own = minimize(loss, [0.3, 1.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11})
    found = fit(doses, died, n, seed)
    # both stop where the likelihood is flat to 1e-11, at about 1e-7 of the parameters
    assert found.ed50 == pytest.approx(own.x[0], rel=1e-5)
    assert found.slope == pytest.approx(math.exp(own.x[1]), rel=1e-5)


def test_the_interval_of_one_seed_is_that_of_its_profile_likelihood() -> None:
    """At its ends the likelihood, maximised over the slope, is 1.92 below its top."""
    doses, died, n, seed = experiment(np.random.default_rng(4), 1, spread=0.0, within=0.0)
    found = fit(doses, died, n, seed)
    assert found.low is not None
    assert found.high is not None

    def best(middle: float) -> float:
        def loss(v: Array) -> float:
            p = 1 / (1 + np.exp(-math.exp(v[0]) * (doses - middle)))
            return -float(binom.logpmf(died, n, p).sum())

        return float(minimize(loss, [2.0], method="Nelder-Mead", options={"fatol": 1e-10}).fun)

    assert found.dispersion is not None
    fallen = [2 * (best(end) - best(found.ed50 or 0.0)) for end in (found.low, found.high)]
    # 3.8415 is the 95 % point of chi-squared; the ends are found within 1e-7
    np.testing.assert_allclose(fallen, 3.8415 * found.dispersion, rtol=1e-3)
    assert "one seed" in found.reason


@pytest.mark.parametrize(
    ("seeds", "spread", "within"),
    [(1, 0.0, 0.0), (3, 0.0, 0.0), (3, 1.0, 0.0), (5, 1.0, 0.1), (10, 0.5, 0.05)],
)
def test_the_interval_covers_the_truth(seeds: int, spread: float, within: float) -> None:
    random = np.random.default_rng(seeds)
    number = 120
    ed50, covered = [], 0
    for _ in range(number):
        found = fit(*experiment(random, seeds, spread=spread, within=within))
        assert found.ed50 is not None
        ed50.append(found.ed50)
        low = -math.inf if found.low is None else found.low
        high = math.inf if found.high is None else found.high
        covered += low <= 0.5 <= high
    # 95 % of 120 is 114; four standard deviations of √(120·0.95·0.05) = 2.4 below that is 104.
    # Above there is no limit: with few seeds that agree the interval is too wide by design.
    assert covered >= 104
    # the mean of 120 lies within four standard errors of the truth
    assert abs(np.mean(ed50) - 0.5) < 4 * np.std(ed50) / math.sqrt(number)


def test_cells_of_one_network_are_not_independent() -> None:
    """Where seeds differ, an interval that takes all cells for independent is too narrow."""
    doses, died, n, seed = experiment(np.random.default_rng(5), 4, spread=1.0, within=0.1)
    together = fit(doses, died, n, np.zeros(len(seed)))
    clustered = fit(doses, died, n, seed)
    assert clustered.ed50 == together.ed50
    assert None not in (clustered.high, clustered.low, together.high, together.low)
    width = clustered.high - clustered.low  # type: ignore[operator]
    assert width > 1.5 * (together.high - together.low)  # type: ignore[operator]


def test_doses_by_their_logarithm_and_doses_of_which_less_is_worse() -> None:
    doses = np.array([1.0, 3.0, 10.0, 30.0, 100.0])
    n = np.full(5, 1000.0)
    died = np.round(n / (1 + (20 / doses) ** 2.0))
    found = fit(doses, died, n, np.ones(5), log=True)
    assert found.log
    # deaths were rounded to one in a thousand
    assert found.ed50 == pytest.approx(20.0, rel=2e-3)
    assert found.slope == pytest.approx(2.0, rel=5e-3)
    np.testing.assert_allclose(found.fraction(doses), died / n, atol=2e-3)
    turned = fit(1 / doses, died, n, np.ones(5), log=True)
    assert turned.ed50 == pytest.approx(1 / 20.0, rel=2e-3)
    assert turned.slope == pytest.approx(-2.0, rel=5e-3)
    linear = fit(-doses / 100, died, n, np.ones(5))
    assert not linear.log
    assert linear.slope is not None
    assert linear.slope < 0


def shares(*percent: float, doses: tuple[float, ...] | None = None) -> DoseResponse:
    died = np.array(percent)
    where = doses or np.linspace(0, 1, len(died))
    return fit(where, died, np.full(len(died), 100.0), np.ones(len(died)))


@pytest.mark.parametrize(
    ("percent", "reason"),
    [
        ((0, 100), "2 levels: at least 3 are needed"),
        ((0, 0, 0), "no cell died at any level"),
        ((0, 10, 49), "at most 49 % died: no level is above half"),
        ((60, 80, 100), "at least 60 % died: no level is below half"),
        ((0, 0, 0, 100), "too steep for these levels: add some between 0.667 and 1"),
        ((0, 30, 100), "too steep for these levels: add some between 0.5 and 1"),
        ((60, 30, 60), "the fraction that died does not follow the dose"),
    ],
)
def test_what_cannot_be_fitted_has_a_reason(percent: tuple[float, ...], reason: str) -> None:
    found = shares(*percent)
    assert found.ed50 is None
    assert found.reason == reason


def test_between_which_levels_a_steep_one_lies() -> None:
    found = shares(0, 0, 0, 100, doses=(0.0, 0.5, 0.9, 1.0))
    assert (found.low, found.high) == (0.9, 1.0)


def test_an_end_that_the_data_do_not_bound_is_open() -> None:
    found = fit([0, 1, 2, 3], [1, 2, 1, 3], [4, 4, 4, 4], [1, 1, 1, 1])
    assert found.ed50 is not None
    assert None in (found.low, found.high)
