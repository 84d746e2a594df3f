"""Firth's estimate against his modified score, and its interval against the likelihood."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import expit

from unshielded.statistics.firth import PenalisedLikelihood, midpoint

X = np.linspace(-0.5, 0.5, 11)
TRIALS = np.full(11, 5.0)


def by_modified_scores(x: np.ndarray, trials: np.ndarray, hits: np.ndarray) -> float:
    """Solve Σ (y − np + h (1/2 − p)) (1, x) = 0, h the diagonal of the hat matrix (Firth1993)."""
    design = np.stack([np.ones_like(x), x], 1)
    beta = np.zeros(2)
    for _ in range(500):
        p = expit(design @ beta)
        weight = trials * p * (1 - p)
        inverse = np.linalg.inv(design.T @ (weight[:, None] * design))
        hat = weight * np.einsum("ij,jk,ik->i", design, inverse, design)
        step = inverse @ design.T @ (hits - trials * p + hat * (0.5 - p))
        beta += step / max(1.0, float(np.abs(step).max()))
    return float(-beta[0] / beta[1])


@pytest.mark.parametrize("seed", range(6))
def test_the_midpoint_solves_the_modified_scores(seed: int) -> None:
    random = np.random.default_rng(seed)
    hits = random.binomial(5, expit(12 * (X - random.uniform(-0.2, 0.2)))).astype(float)
    # the search ends at 1e-5 of the range
    assert midpoint(X, TRIALS, hits)[0] == pytest.approx(
        by_modified_scores(X, TRIALS, hits), abs=3e-5
    )


def test_the_midpoint_of_separated_responses_solves_them_too() -> None:
    hits = np.where(X > 0.05, TRIALS, 0.0)
    found = midpoint(X, TRIALS, hits)[0]
    assert found == pytest.approx(0.05, abs=1e-4)  # by symmetry
    assert found == pytest.approx(by_modified_scores(X, TRIALS, hits), abs=1e-4)


def test_at_the_ends_the_profile_has_fallen_to_the_limit() -> None:
    hits = np.random.default_rng(3).binomial(5, expit(10 * X)).astype(float)
    value, *ends = midpoint(X, TRIALS, hits)
    likelihood = PenalisedLikelihood(X, TRIALS, hits)

    def profile(at: float) -> float:
        found = minimize_scalar(
            lambda v: -float(likelihood(np.array(at), np.array(v))), bounds=(0, 5), method="bounded"
        )
        return -float(found.fun)

    for end in ends:
        # ends are interpolated in a grid of midpoints and slopes
        assert 2 * (profile(value) - profile(end)) == pytest.approx(3.8415, rel=0.02)


def test_a_midpoint_outside_is_infinite_on_its_side() -> None:
    few = np.where(X > 0.45, 1.0, 0.0)
    above, *ends = midpoint(X, TRIALS, few)
    assert above == math.inf
    assert np.isnan(ends).all()
    below, *_ = midpoint(X, TRIALS, TRIALS - few[::-1])
    assert below == -math.inf
