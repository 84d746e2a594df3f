"""Hazard ratios of made-up deaths: against a likelihood written here, lifelines, and chance."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from scipy.optimize import minimize_scalar

from unshielded.statistics.cox import Stratum, clustered_error, hazard_ratio
from unshielded.statistics.survival import Lifetimes

#: 95 % point of chi-squared with one degree of freedom.
LIMIT = 3.841458820694124


def lives(times: list[float] | np.ndarray, end: float = 10.0) -> Lifetimes:
    """Cells that die at `times`, or live if that is after the end."""
    time = np.array(times, float)
    return Lifetimes(time[time < end], np.full(int((time >= end).sum()), end))


def strata(
    random: np.random.Generator,
    ratio: float,
    number: int = 3,
    *,
    n: int = 60,
    frailty: float = 0.5,
    spread: float = 0.0,
    step: float = 0.0,
) -> list[Stratum]:
    """Exponential lives.

    Parameters
    ----------
    ratio
        Hazard ratio.
    frailty
        Standard deviation over strata of the log hazard, common to both arms.
    spread
        Standard deviation over strata of the log hazard ratio.
    step
        Deaths are told in multiples of it, so that there are ties.
    """
    found = []
    for _ in range(number):
        base = 0.1 * math.exp(random.normal(0, frailty))
        own = ratio * math.exp(random.normal(0, spread))
        times = [random.exponential(1 / (base * factor), n) for factor in (1.0, own)]
        if step:
            times = [np.ceil(time / step) * step for time in times]
        found.append(Stratum(*(lives(time, 8.5) for time in times)))
    return found


def log_likelihood(made: list[Stratum], beta: float) -> float:
    """Efron's partial likelihood as it is written: one factor for every death."""
    total = 0.0
    for each in made:
        arms = [(each.control, 1.0), (each.treated, math.exp(beta))]
        for time in np.unique(np.concatenate([each.control.died, each.treated.died])):
            if time <= each.entry:
                continue
            dying = [(int((cells.died == time).sum()), weight) for cells, weight in arms]
            risk = sum(
                weight * int((np.concatenate([cells.died, cells.censored]) >= time).sum())
                for cells, weight in arms
            )
            deaths, lost = sum(k for k, _ in dying), sum(k * weight for k, weight in dying)
            total += dying[1][0] * beta
            total -= sum(math.log(risk - k / deaths * lost) for k in range(deaths))
    return total


@pytest.mark.parametrize("step", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(5))
def test_the_ratio_is_the_most_likely_with_ties_and_strata(seed: int, step: float) -> None:
    made = strata(np.random.default_rng(seed), 0.6, step=step)
    found = hazard_ratio(made)
    assert found.ratio is not None
    best = minimize_scalar(lambda b: -log_likelihood(made, b), bounds=(-3, 3), method="bounded",
                           options={"xatol": 1e-10})  # fmt: skip
    # a maximum is known to the root of the rounding of ℓ over the information, √(1e-13 / 20) = 7e-8
    assert math.log(found.ratio) == pytest.approx(best.x, abs=1e-6)


def test_it_is_that_of_lifelines() -> None:
    made = strata(np.random.default_rng(2), 0.6, step=1.0)
    table = frame(made).drop(columns="cluster")
    fit = CoxPHFitter().fit(table, "time", "died", strata=["stratum"])
    # lifelines stops when its step is below 1e-7
    assert hazard_ratio(made).ratio == pytest.approx(math.exp(fit.params_["treated"]), rel=1e-5)


def test_without_ties_it_is_breslows_likelihood() -> None:
    """Two cells in each arm: ℓ(0) is minus the logarithm of 4·3·2, the orders of three deaths."""
    made = [Stratum(lives([1, 3]), lives([2, 20]))]
    assert log_likelihood(made, 0.0) == pytest.approx(-math.log(4 * 3 * 2))


def frame(made: list[Stratum]) -> pd.DataFrame:
    return pd.DataFrame(
        {"time": time, "died": died, "treated": arm, "stratum": k, "cluster": k}
        for k, each in enumerate(made)
        for arm, cells in enumerate((each.control, each.treated))
        for died, times in ((1, cells.died), (0, cells.censored))
        for time in times
    )


@pytest.mark.parametrize("number", [2, 5])
def test_the_error_is_clustered_by_stratum_as_by_lifelines(number: int) -> None:
    made = strata(np.random.default_rng(number), 0.5, number, spread=1.0)
    fit = CoxPHFitter().fit(
        frame(made), "time", "died", strata=["stratum"], cluster_col="cluster"
    )  # fmt: skip
    # the same estimator, without ties: they differ by rounding
    own = clustered_error(made, float(fit.params_["treated"]))
    assert own == pytest.approx(float(fit.standard_errors_["treated"]), rel=1e-6)


def test_the_interval_of_one_stratum_is_that_of_the_profile() -> None:
    made = strata(np.random.default_rng(3), 0.5, 1, step=0.5)
    found = hazard_ratio(made)
    assert None not in (found.ratio, found.low, found.high)
    top = log_likelihood(made, math.log(found.ratio or 1))
    for end in (found.low, found.high):
        fallen = 2 * (top - log_likelihood(made, math.log(end or 1)))
        # ends are found within 1e-9 of a log ratio
        assert fallen == pytest.approx(LIMIT, rel=1e-6)


def test_the_interval_of_strata_that_differ_is_students() -> None:
    made = strata(np.random.default_rng(7), 0.5, 5, spread=1.5)
    found = hazard_ratio(made)
    assert found.ratio is not None
    assert found.high is not None
    # 2.7764 is t of four degrees of freedom; k/(k − 1) clusters
    half = 2.776445 * clustered_error(made, math.log(found.ratio)) * math.sqrt(5 / 4)
    assert math.log(found.high / found.ratio) == pytest.approx(half, rel=1e-6)


def test_strata_that_are_the_same_tell_of_no_difference_between_them() -> None:
    """All in one step: the scores of strata are zero, and the cells alone give the interval."""
    same = [Stratum(lives([1.0] * 9), lives([1.0] * 9)) for _ in range(2)]
    assert clustered_error(same, 0.0) == pytest.approx(0.0, abs=1e-12)
    found = hazard_ratio(same)
    assert found.ratio == pytest.approx(1.0, rel=1e-6)
    assert found.low is not None
    fallen = 2 * (log_likelihood(same, 0.0) - log_likelihood(same, math.log(found.low)))
    assert fallen == pytest.approx(LIMIT, rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("times", [50, pytest.param(200, marks=pytest.mark.thorough)])
@pytest.mark.parametrize(
    ("number", "frailty", "spread"), [(3, 0.5, 0.0), (5, 0.5, 0.3), (1, 0.0, 0.0)]
)
def test_the_interval_covers_the_truth(
    number: int, frailty: float, spread: float, times: int
) -> None:
    random = np.random.default_rng(number)
    ratio = 0.5
    covered, logs = 0, []
    for _ in range(times):
        found = hazard_ratio(strata(random, ratio, number, frailty=frailty, spread=spread))
        assert found.ratio is not None
        logs.append(math.log(found.ratio))
        covered += (found.low or 0.0) <= ratio <= (math.inf if found.high is None else found.high)
    # Of 200, 95 % is 190, and four standard deviations of a binomial below that is 178; of 50, 42.
    # Above there is no limit: of two intervals the wider end counts.
    assert covered >= 0.95 * times - 4 * math.sqrt(times * 0.95 * 0.05)
    # the mean lies within four standard errors of the truth, and a hundredth for the bias of a
    # maximum of likelihood, which goes as one over the number of deaths (over 100)
    error = np.std(logs) / math.sqrt(times)
    assert abs(np.mean(logs) - math.log(ratio)) < 4 * error + 0.01


@pytest.mark.parametrize("turned", [False, True])
def test_deaths_in_one_arm_only_bound_the_ratio(turned: bool) -> None:
    """At the bound twice the log-likelihood is 3.84 below its limit: Σ ln(1 + HR·B/A) = 1.92."""
    dying, alive = lives([1.0, 2.0, 3.0, *[20.0] * 7]), lives([20.0] * 10)
    found = hazard_ratio([Stratum(alive, dying) if turned else Stratum(dying, alive)])
    assert found.ratio is None
    bound = found.low if turned else found.high
    assert bound is not None
    assert (found.high if turned else found.low) == (None if turned else 0.0)
    other = 1 / bound if turned else bound
    total = sum(math.log1p(other * 10 / left) for left in (10, 9, 8))
    assert total == pytest.approx(LIMIT / 2, rel=1e-6)
    assert found.deaths == found.compared == ((0, 3) if turned else (3, 0))
    assert found.strata == 1


def test_deaths_while_one_arm_alone_is_left_are_not_compared() -> None:
    """All untreated cells die before the first treated one does, which dies nevertheless."""
    found = hazard_ratio([Stratum(lives([1, 2, 3, 4]), lives([5, 6, 20]))])
    assert (found.deaths, found.compared) == ((4, 2), (4, 0))
    assert (found.ratio, found.low) == (None, None)  # not 0: there are deaths
    assert found.high is not None
    turned = hazard_ratio([Stratum(lives([5, 6, 20]), lives([1, 2, 3, 4]))])
    assert (turned.deaths, turned.compared) == ((2, 4), (0, 4))
    assert turned.low == pytest.approx(1 / found.high, rel=1e-6)


def test_a_death_in_the_step_in_which_the_other_arm_ends_is_compared() -> None:
    found = hazard_ratio([Stratum(lives([1, 2]), lives([2, 20]))])
    assert found.compared == (2, 1)
    assert found.ratio is not None


def test_a_stratum_without_deaths_is_not_a_replicate() -> None:
    dying = Stratum(lives([1, 3, 5, 20, 20]), lives([2, 20, 20, 20, 20]))
    alive = Stratum(lives([20.0] * 5), lives([20.0] * 5))
    several, one = hazard_ratio([dying, alive, alive]), hazard_ratio([dying])
    # the same sums, added up in another order
    for end in ("ratio", "low", "high"):
        assert getattr(several, end) == pytest.approx(getattr(one, end), rel=1e-9)
    assert several.strata == one.strata == 1


def test_cells_that_die_together_bound_it_less() -> None:
    """Three strata with as many deaths in all, evenly or all in one."""
    alive, ends = lives([20.0] * 20), []
    for deaths in ((4, 4, 4), (12, 0, 0)):
        dying = [lives([1.0 + i for i in range(d)] + [20.0] * (20 - d), 19.0) for d in deaths]
        bound = hazard_ratio([Stratum(each, alive) for each in dying]).high
        assert bound is not None
        ends.append(bound)
    assert ends[1] > 2 * ends[0]


def test_all_dead_is_not_an_obstacle() -> None:
    found = hazard_ratio(
        [Stratum(lives([1, 2, 3, 4]), lives([3, 6, 7, 8])), Stratum(lives([1, 2]), lives([1, 2]))]
    )
    assert found.ratio is not None
    assert found.ratio < 1


def test_what_was_before_the_entry_does_not_count() -> None:
    before = [1.0, 2.0, 3.0]
    control = lives([*before, 6, 7, 8, 9, 20, 20])
    treated = lives([*before, 9, 20, 20, 20, 20, 20])
    whole, after = (hazard_ratio([Stratum(control, treated, entry)]) for entry in (0.0, 5.0))
    direct = hazard_ratio([Stratum(lives([6, 7, 8, 9, 20, 20]), lives([9, 20, 20, 20, 20, 20]))])
    assert after == direct
    assert whole.ratio is not None
    assert after.ratio is not None
    assert after.ratio < whole.ratio  # deaths that are the same in both hide what it does
    assert (whole.deaths, after.deaths) == ((7, 4), (4, 1))
