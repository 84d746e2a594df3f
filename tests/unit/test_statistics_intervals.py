"""Intervals against statsmodels, against sums written here, and against chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from unshielded.statistics.intervals import (
    Estimate,
    bootstrap_mean,
    mean,
    ratio_of_sums,
    student,
    welch,
)

RANDOM = np.random.default_rng(1)
FIRST, SECOND = RANDOM.normal(2.0, 1.0, 5).tolist(), RANDOM.normal(3.0, 4.0, 4).tolist()


def test_intervals_of_means_are_those_of_statsmodels() -> None:
    # two ways to the same sums: rounding only
    assert student(FIRST) == pytest.approx(DescrStatsW(FIRST).tconfint_mean(), rel=1e-9)
    other = CompareMeans.from_data(SECOND, FIRST).tconfint_diff(usevar="unequal")
    assert welch(FIRST, SECOND) == pytest.approx(other, rel=1e-9)


@pytest.mark.parametrize("values", [[], [1.0], [2.0, 2.0], [0.1 + 0.2, 0.3]])
def test_few_values_and_values_that_agree_have_no_interval(values: list[float]) -> None:
    assert student(values) is None
    assert mean(values) == Estimate(float(np.mean(values)) if values else None)


def test_a_difference_has_an_interval_if_one_sample_varies() -> None:
    assert welch([1.0], [1.0, 2.0]) is None
    assert welch([1.0, 1.0], [2.0, 2.0]) is None
    found = welch([1.0, 1.0], [2.0, 4.0])
    # one degree of freedom: t = 12.7062 times the error of the mean of 2 and 4, which is 1
    assert found == pytest.approx((2 - 12.7062, 2 + 12.7062), rel=1e-5)


@pytest.mark.parametrize("k", [3, 5])
def test_the_interval_of_a_mean_covers_the_truth(k: int) -> None:
    random = np.random.default_rng(k)
    covered = 0
    for _ in range(400):
        found = mean(list(random.normal(2.0, 1.0, k)))
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 2.0 <= found.high
    # exact for normal values: 380 of 400, ± four standard deviations of 4.4
    assert 362 <= covered <= 398


def test_a_ratio_of_sums_by_hand() -> None:
    found = ratio_of_sums([5, 1, 4], [10, 0, 20])
    assert found.value == pytest.approx(10 / 30)
    # residuals x − rc: 5 − 10/3, 1, 4 − 20/3; t of two degrees of freedom is 4.30265
    rest = np.array([5 - 10 / 3, 1.0, 4 - 20 / 3])
    half = 4.30265 * rest.std(ddof=1) / math.sqrt(3) / 10
    assert (found.low, found.high) == pytest.approx((1 / 3 - half, 1 / 3 + half), rel=1e-5)
    assert ratio_of_sums([0, 0], [3, 3]) == Estimate(0.0)  # without an interval
    assert ratio_of_sums([0, 0], [0, 0]) == Estimate(None)


def test_the_bootstrap_draws_within_groups() -> None:
    groups = [RANDOM.normal(place, 1.0, 30) for place in (0.0, 100.0)]
    found = bootstrap_mean(groups)
    assert found is not None
    random = np.random.default_rng(5)
    drawn = np.mean([random.choice(group, (4000, 30)).mean(1) for group in groups], axis=0)
    # a 2.5 % quantile of 2000 samples has a standard error of √(0.025·0.975/2000) = 0.0035 over the
    # density of a normal there, 0.058: 0.06 of the deviation; that of 4000 is 0.042. Four of both.
    expected = np.quantile(drawn, [0.025, 0.975])
    assert np.abs(np.array(found) - expected).max() < 4 * math.hypot(0.06, 0.042) * drawn.std()
    assert found == bootstrap_mean(groups)  # the same each time


def test_the_bootstrap_of_what_does_not_vary_is_none() -> None:
    assert bootstrap_mean([]) is None
    assert bootstrap_mean([np.ones(4), np.full(4, 3.0)]) is None
    assert bootstrap_mean([np.array([1.0]), np.array([2.0])]) is None
