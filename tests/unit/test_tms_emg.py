"""The electromyogram of known spikes, and what is read from it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.synthetic_tms import RATE, Arm
from unshielded.config.sections.tms_protocol import Tms
from unshielded.tms_sessions import protocol
from unshielded.tms_sessions.emg import (
    HALF_WIDTH,
    TIME_SCALE,
    MotorUnitSpikes,
    Muscle,
    emg,
    epochs,
    peak_to_peak,
    unit_potential,
)
from unshielded.tms_sessions.emg import RATE as SAMPLES
from unshielded.tms_sessions.session import mep_amplitudes


def recording(times: list[float], units: list[int], duration: float = 1.0) -> MotorUnitSpikes:
    muscle = Muscle(np.array([100e-6, 300e-6]), np.array([10e-3, 15e-3]))
    return MotorUnitSpikes(np.array(times, float), np.array(units, np.int64), muscle, duration)


def test_a_unit_potential_is_biphasic_without_direct_current() -> None:
    time = np.linspace(-5, 5, 2001) * TIME_SCALE
    potential = unit_potential(time)
    assert potential.max() == pytest.approx(0.5, rel=1e-4)  # the grid misses the peak by 1e-3 λ
    assert potential.min() == pytest.approx(-0.5, rel=1e-4)
    assert time[potential.argmax()] - time[potential.argmin()] == pytest.approx(
        np.sqrt(2) * TIME_SCALE, abs=0.01 * TIME_SCALE
    )
    assert potential.sum() == pytest.approx(0.0, abs=1e-12)


def test_a_spike_reaches_the_muscle_after_its_conduction_time() -> None:
    signal = emg(recording([0.1], [1]))
    time = np.arange(len(signal)) / SAMPLES
    seen = time[np.abs(signal) > 0]
    # half a unit potential is 0 at its ends but for 0.6 %, and the samples are 0.24 ms apart
    assert seen[0] == pytest.approx(0.115, abs=1 / SAMPLES)
    assert seen[-1] == pytest.approx(0.115 + 2 * HALF_WIDTH, abs=1 / SAMPLES)
    # a peak is 2.8 ms wide and is sampled within 0.12 ms of its top: at most 0.7 % are missed
    assert np.ptp(signal) == pytest.approx(300e-6, rel=7e-3)


def test_potentials_add_up() -> None:
    both = emg(recording([0.1, 0.1003, 0.5], [0, 1, 0]))
    one = emg(recording([0.1], [0])) + emg(recording([0.1003], [1])) + emg(recording([0.5], [0]))
    np.testing.assert_allclose(both, one, atol=1e-12)


def test_a_spike_late_in_the_recording_is_cut_not_wrapped() -> None:
    signal = emg(recording([0.984], [1]))
    assert np.abs(signal[: len(signal) // 2]).max() == 0.0
    assert np.abs(signal).max() > 0


def test_no_spikes_no_signal() -> None:
    signal = emg(recording([], []))
    assert signal.shape == (round(SAMPLES),)
    assert not signal.any()
    assert peak_to_peak(epochs(signal, np.zeros(0), 0.0, 0.05)).shape == (0,)


def test_many_spikes_are_laid_down_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    times, units = random.uniform(0, 1, 1000), random.integers(0, 2, 1000)
    whole = emg(recording(times.tolist(), units.tolist()))
    monkeypatch.setattr("unshielded.tms_sessions.emg._BLOCK", 64)
    # the order of the additions differs
    np.testing.assert_allclose(emg(recording(times.tolist(), units.tolist())), whole, atol=1e-15)


def test_epochs_are_cut_at_their_events_and_padded() -> None:
    signal = np.arange(4096.0)
    cut = epochs(signal, np.array([0.0, 0.5]), -2 / SAMPLES, 3 / SAMPLES)
    np.testing.assert_array_equal(cut, [[0, 0, 0, 1, 2], [2046, 2047, 2048, 2049, 2050]])


def test_the_response_is_read_after_the_pulse_and_the_background_before_it() -> None:
    tms = Tms()
    design = protocol.Design(
        "x",
        (
            protocol.PulseTrial("pair", 50, isi=10e-3, conditioning=40, at=1.0),
            protocol.PulseTrial("control", 50, at=2.0),
        ),
        3.0,
    )
    # one unit 20 ms after each test pulse, and another 40 ms before the conditioning pulse
    done = recording([1.010, 2.010, 0.950 - 15e-3], [0, 0, 1], 3.0)
    found = mep_amplitudes(design, emg(done), tms)
    # a sampled peak misses at most 0.7 % (above)
    np.testing.assert_allclose(found.amplitude, 100e-6, rtol=7e-3)
    np.testing.assert_allclose(found.background, [300e-6, 0.0], rtol=7e-3)


def test_the_synthetic_arm_recruits_as_it_says() -> None:
    arm = Arm()
    reached = arm.intensity(0.2e-3)
    assert arm.median_amplitude(reached) >= 0.2e-3 > arm.median_amplitude(reached - 0.02)
    assert arm.thresholds.size == arm.muscle.amplitude.size
    assert RATE > SAMPLES
