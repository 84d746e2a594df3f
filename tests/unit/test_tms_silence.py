"""A silent period of known length is measured; where there is none, that is said."""

from __future__ import annotations

import math

import numpy as np
import pytest

from unshielded.config.sections.tms_protocol import ResponseWindow
from unshielded.tms_sessions.emg import RATE
from unshielded.tms_sessions.silence import AFTER, BEFORE, rectified_average, silent_period

WINDOW = ResponseWindow()
TIME = np.arange(round((BEFORE + AFTER) * RATE)) / RATE - BEFORE


def epochs(
    end: float, response: float = 1e-3, activity: float = 1e-4, trials: int = 15, seed: int = 1
) -> np.ndarray:
    """Noise that stops at 25 ms with a response of 10 ms, and returns at `end`."""
    random = np.random.default_rng(seed)
    cut = activity * random.standard_normal((trials, TIME.size))
    cut[:, (TIME >= 0.025) & (end > TIME)] = 0.0
    cut[:, (TIME >= 0.025) & (TIME < 0.035)] += response
    return cut


@pytest.mark.parametrize("end", [0.08, 0.15, 0.25])
def test_a_silent_period_of_known_length_is_found(end: float) -> None:
    found = silent_period(epochs(end), WINDOW, np.random.default_rng(2))
    # averages of 3 ms see the response up to 1.5 ms early
    assert found.onset == pytest.approx(0.025, abs=2e-3)
    # half of a step is where the step is; noise of 15 trials moves that by a millisecond or two
    assert found.end == pytest.approx(end, abs=3e-3)
    assert found.duration == found.end - found.onset
    assert found.low <= found.duration <= found.high
    assert found.high - found.low < 0.01
    assert found.activity == pytest.approx(1e-4 * math.sqrt(2 / math.pi), rel=0.05)


def test_a_few_spikes_do_not_end_it() -> None:
    cut = epochs(0.2)
    lone = (TIME > 0.1) & (TIME < 0.104)
    cut[0, lone] = 5e-3  # 15 trials: 0.33 mV on average, four times what was there before
    assert silent_period(cut, WINDOW).end == pytest.approx(0.2, abs=3e-3)


def test_a_relaxed_muscle_has_none() -> None:
    found = silent_period(epochs(0.2, activity=0.0), WINDOW)
    assert math.isnan(found.duration)
    assert found.activity == 0.0


def test_without_a_response_there_is_none() -> None:
    found = silent_period(1e-4 * np.random.default_rng(1).standard_normal((15, TIME.size)), WINDOW)
    assert math.isnan(found.duration)
    assert math.isnan(found.onset)


def test_activity_that_goes_on_is_no_silence() -> None:
    found = silent_period(epochs(0.025), WINDOW)
    assert math.isfinite(found.onset)
    assert math.isnan(found.end)


def test_activity_that_does_not_return_is_endless() -> None:
    found = silent_period(epochs(1.0), WINDOW, np.random.default_rng(2))
    assert math.isinf(found.duration)
    assert math.isnan(found.low)
    assert found.as_json()["duration_ms"] is None


def test_the_average_is_rectified() -> None:
    np.testing.assert_array_equal(rectified_average(np.array([[-1.0, 2.0], [3.0, -4.0]])), [2, 3])
