"""Thresholds of known curves are found, with intervals that hold what they promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import expit

from unshielded.tms_sessions.threshold import (
    Threshold,
    inhibition,
    mean_inhibition,
    response_threshold,
)

INTENSITIES = np.repeat(20.0 + 2.5 * np.arange(33), 5)


def responses(theta: float, slope: float, seed: int) -> np.ndarray:
    chance = expit(slope * (INTENSITIES - theta))
    return np.random.default_rng(seed).random(INTENSITIES.size) < chance


@pytest.mark.parametrize("slope", [0.1, 0.5, 3.0])
def test_the_threshold_of_a_known_logistic_is_found(slope: float) -> None:
    found = [response_threshold(INTENSITIES, responses(53.0, slope, k)) for k in range(60)]
    values = np.array([f.value for f in found])
    # unbiased within three standard errors of the mean of 60; where the curve rises within a step of
    # the intensities, the middle of that step is all that can be known
    unseen = 1.25 if slope * 2.5 > 4 else 0.02
    assert abs(values.mean() - 53.0) < 3 * values.std() / math.sqrt(60) + unseen
    inside = sum(f.low <= 53.0 <= f.high for f in found)
    # 95 % of 60 is 57; below 51 has a chance of 1 in 200. The steep curve has next to no
    # information between two intensities, and its interval is wider than it need be.
    assert inside >= 51
    # and no wider than what is seen: the mean error is the spread, within a factor of 2
    errors = np.mean([f.error for f in found])
    assert 0.5 * values.std() < errors < 2 * max(values.std(), 2.5 / math.sqrt(12))


def test_separated_responses_give_the_middle() -> None:
    found = response_threshold(INTENSITIES, INTENSITIES > 51)
    assert found.value == pytest.approx(51.25, abs=0.05)  # between 50 and 52.5, by symmetry
    # it may lie anywhere in that gap, 95 % of which is 2.375
    assert found.high - found.low == pytest.approx(2.375, rel=0.1)
    assert found.high - found.value == pytest.approx(found.value - found.low, rel=0.01)


def test_trials_at_intensities_of_their_own_are_enough() -> None:
    intensity = np.linspace(40, 60, 48)
    found = response_threshold(intensity, intensity > 50)
    assert found.value == pytest.approx(50.0, abs=0.05)


@pytest.mark.parametrize(("always", "side"), [(True, "below"), (False, "above")])
def test_a_threshold_outside_what_was_tested_is_said_to_be_there(always: bool, side: str) -> None:
    found = response_threshold(INTENSITIES, np.full(INTENSITIES.size, always))
    assert not found.found
    assert found.side == side
    assert found.as_json() == {"value": None, "low": None, "high": None, "side": side}


def test_few_responses_at_the_top_are_no_threshold() -> None:
    hits = np.zeros(INTENSITIES.size, bool)
    hits[-1] = True
    assert response_threshold(INTENSITIES, hits).side == "above"


def test_responses_without_a_rise_have_no_bounded_interval() -> None:
    hits = np.arange(INTENSITIES.size) % 2 == 0
    found = response_threshold(INTENSITIES, hits)
    assert not found.found or found.high - found.low > 40


def test_one_intensity_is_no_curve() -> None:
    assert not response_threshold(np.full(10, 50.0), np.arange(10) > 5).found


def test_units_do_not_matter() -> None:
    hits = responses(53.0, 0.5, 1)
    per_cent, share = (response_threshold(INTENSITIES * f, hits) for f in (1.0, 0.01))
    # the search ends at 1e-5 of the range
    assert share.value * 100 == pytest.approx(per_cent.value, abs=1e-2)
    assert share.high * 100 == pytest.approx(per_cent.high, abs=1e-2)


def test_inhibition_is_the_relative_rise_and_carries_both_errors() -> None:
    alone, conditioned = Threshold(50.0, 49.02, 50.98), Threshold(55.0, 54.02, 55.98)
    found = inhibition(conditioned, alone)
    assert found.value == pytest.approx(10.0)
    # 0.5 % of maximum each: 100 × sqrt(0.5² + (1.1 × 0.5)²) / 50; the normal quantile is 1.96
    assert found.error == pytest.approx(1.487, rel=1e-3)


def test_the_mean_shares_the_error_of_the_unconditioned_threshold() -> None:
    alone, conditioned = Threshold(50.0, 49.02, 50.98), Threshold(55.0, 54.02, 55.98)
    found = mean_inhibition([conditioned] * 4, alone)
    # only the conditioned errors average out: 100 × sqrt(0.5²/4 + (1.1 × 0.5)²) / 50
    assert found.error == pytest.approx(1.208, rel=1e-3)
    assert found.value == pytest.approx(10.0)


@pytest.mark.parametrize("missing", ["conditioned", "alone", "all"])
def test_what_was_not_reached_is_no_inhibition(missing: str) -> None:
    known, unknown = Threshold(50.0, 49.0, 51.0), Threshold(math.nan, math.nan, math.nan, "above")
    pairs = {"conditioned": [known, unknown], "alone": [known], "all": []}[missing]
    found = mean_inhibition(pairs, unknown if missing == "alone" else known)
    assert math.isnan(found.value)
    assert found.as_json() == {"value": None, "se": None, "low": None, "high": None}
