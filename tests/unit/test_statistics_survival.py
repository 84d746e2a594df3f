"""Survival curves and tests: by hand, against lifelines, and against chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test

from unshielded.statistics.survival import Lifetimes, differences, holm, kaplan_meier


def test_survival_by_hand() -> None:
    """Five cells: deaths at 1 and 3, one lost from sight at 2, two at 4."""
    curve = kaplan_meier([1.0, 3.0], [2.0, 4.0, 4.0])
    np.testing.assert_allclose(curve.time, [0, 1, 2, 3, 4])
    np.testing.assert_allclose(curve.fraction, [1, 0.8, 0.8, 0.8 * 2 / 3, 0.8 * 2 / 3])
    assert np.all(curve.low <= curve.fraction)
    assert np.all(curve.high >= curve.fraction)


def test_median_lifetime_by_hand() -> None:
    curve = kaplan_meier([1.0, 2.0, 3.0, 4.0], [])
    assert curve.median()[0] == 2.0  # the first time at which half are dead
    assert curve.mean() == pytest.approx(2.5)
    low, high = curve.median()[1:]
    assert low is not None
    assert low <= 2.0
    assert high is None or high >= 2.0
    assert kaplan_meier([1.0], [9.0, 9.0]).median()[0] is None
    assert kaplan_meier([], [9.0]).mean() == 9.0


def test_cells_at_risk() -> None:
    cells = Lifetimes(np.array([1.0, 3.0]), np.array([3.0, 5.0]))
    assert cells.n == 4
    assert cells.at_risk([0.0, 1.0, 1.5, 3.0, 4.0, 6.0]).tolist() == [4, 4, 3, 3, 1, 0]


def test_medians_cover_the_truth() -> None:
    """Exponential lifetimes, a third censored: the interval of the median holds it 95 times of 100."""
    random = np.random.default_rng(1)
    covered = 0
    for _ in range(200):
        life, watched = random.exponential(1.0, 80), random.exponential(2.0, 80)
        died = life <= watched
        _, low, high = kaplan_meier(life[died], watched[~died]).median()
        covered += (low or 0.0) <= math.log(2) <= (high or math.inf)
    # 190 are expected; 4 standard deviations of √(200·0.95·0.05) = 3.1 below that are 178
    assert covered >= 178


def test_log_rank_tells_classes_apart() -> None:
    random = np.random.default_rng(2)
    long, same, short = (random.exponential(mean, 60) for mean in (3.0, 3.0, 1.0))
    nobody = Lifetimes(np.zeros(0), np.full(10, 9.0))
    none = np.zeros(0)
    found = differences(
        {"long": Lifetimes(long, none), "same": Lifetimes(same, none),
         "short": Lifetimes(short, none), "nobody": nobody, "no one": nobody}
    )  # fmt: skip
    p = {(each.first, each.second): each.p for each in found}
    assert p["long", "same"] is not None
    assert p["long", "short"] is not None
    assert p["long", "same"] > 0.05
    assert p["long", "short"] < 1e-4
    assert p["nobody", "no one"] is None
    assert len(p) == 10
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_log_rank_is_that_of_a_textbook() -> None:
    """Two groups of Bland and Altman's kind, worked by hand: deaths at 1 and 3, and at 2 and 4.

    Observed minus expected of the first: (1 − 2/4) + (0 − 1/3) + (1 − 1/2) + 0 = 2/3; variance
    1/4 + 2/9 + 1/4 = 13/18; χ² = (2/3)²/(13/18) = 8/13, so p = 0.4328.
    """
    first = Lifetimes(np.array([1.0, 3.0]), np.zeros(0))
    second = Lifetimes(np.array([2.0, 4.0]), np.zeros(0))
    (found,) = differences({"first": first, "second": second})
    assert found.p == pytest.approx(math.erfc(math.sqrt(8 / 13 / 2)), rel=1e-9)


def test_survival_is_that_of_lifelines() -> None:
    """Estimate, pointwise interval, median and log-rank test against another implementation."""
    random = np.random.default_rng(3)
    life, watched = random.exponential(1.0, 90).round(2), random.exponential(1.5, 90).round(2)
    died = life <= watched  # rounded, so that there are ties
    seen = np.minimum(life, watched)
    curve = kaplan_meier(seen[died], seen[~died])
    other = KaplanMeierFitter(alpha=0.05).fit(seen, died)
    at = np.unique(seen[died])
    here = np.searchsorted(curve.time, at, side="right") - 1
    # two implementations of the same sums: rounding only
    np.testing.assert_allclose(
        curve.fraction[here], other.survival_function_at_times(at).to_numpy(), rtol=1e-10
    )
    band = other.confidence_interval_survival_function_.loc[at].to_numpy()
    np.testing.assert_allclose(curve.low[here], band[:, 0], rtol=1e-8)
    np.testing.assert_allclose(curve.high[here], band[:, 1], rtol=1e-8)
    assert curve.median()[0] == other.median_survival_time_
    second = (life * 1.5).round(2)
    groups = Lifetimes(seen[died], seen[~died]), Lifetimes(second, np.zeros(0))
    (found,) = differences({"first": groups[0], "second": groups[1]})
    p = logrank_test(seen, second, died, np.ones(90)).p_value
    assert found.p == pytest.approx(p, rel=1e-8)
