"""Facilitation: the statements against the exact solution, and the class that it drives."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest

from unshielded.circuit.synapses.facilitation import facilitation
from unshielded.mechanism.evaluate import execute

LEAST, TIME = 0.1, 0.5


def released(times: Iterable[float], left: float = 1.0) -> list[float]:
    """What each spike releases, by the mechanism's own statements."""
    known: dict[str, float] = {
        "utilisation_at_rest": LEAST,
        "facilitation_time": TIME,
        "transmitter_release": left,
        "utilisation": LEAST,
        "last_release": -1000.0,
    }
    found = []
    for time in times:
        known["t"] = time
        execute(facilitation.statements["on_spike"], known)
        known["last_release"] = time
        found.append(known["facilitated"])
    return found


def test_a_rested_terminal_releases_its_least() -> None:
    # exp(-1000 s/0.5 s) is 0 in floating point
    assert released([0.0]) == [1.0]
    assert released([5.0], left=0.4) == [pytest.approx(0.4, rel=1e-15)]


@pytest.mark.parametrize("rate", [1.0, 8.0, 50.0])
def test_a_regular_train_settles_at_the_fixed_point(rate: float) -> None:
    last = released(np.arange(2000) / rate)[-1]
    kept = math.exp(-1 / (rate * TIME))
    # u = U + (u + U(1 - u) - U)·e^(-T/τ); rounding of 2000 steps
    assert last * LEAST == pytest.approx(LEAST / (1 - (1 - LEAST) * kept), rel=1e-12)


def test_a_burst_raises_release_geometrically_to_all_of_it() -> None:
    found = released(np.arange(60) * 1e-7)  # no time to decay: 6e-6 s of 0.5 s
    np.testing.assert_allclose(
        np.array(found) * LEAST, 1 - (1 - LEAST) ** (np.arange(60) + 1), rtol=2e-5
    )


@pytest.mark.parametrize("pause", [0.05, 0.5, 3.0])
def test_facilitation_decays_as_an_exponential(pause: float) -> None:
    first, second = released([0.0, pause])
    assert second - first == pytest.approx((1 - LEAST) * math.exp(-pause / TIME), rel=1e-12)
