"""The trials of a session: what is asked for, on the clock, in random order."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from unshielded.config.sections.drive import LARGEST_INTENSITY
from unshielded.config.sections.tms_protocol import Tms
from unshielded.tms_sessions import protocol
from unshielded.tms_sessions.protocol import Design

RATE = 8192.0
#: Stages after the first, and what is compared by amplitude in them.
SECTIONS = ("tracking", "amplitude", "long_interval", "facilitation", "silent_period")


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def designs(tms: Tms) -> list[Design]:
    made = (
        protocol.recruitment(tms, RATE, rng()),
        protocol.pairs(tms, 50.0, 55.0, RATE, rng()),
        protocol.silent_period(tms, 50.0, RATE, rng()),
    )
    return [design for design in made if design is not None]


@pytest.mark.parametrize("number", range(3))
def test_pulses_lie_on_the_clock_in_order_within_the_run(number: int) -> None:
    design = designs(Tms())[number]
    times = np.array([at for at, _ in design.pulses])
    np.testing.assert_array_equal(times * RATE, np.round(times * RATE))
    assert np.diff(times).min() >= 1 / RATE
    assert times[0] > Tms().settling
    assert times[-1] < design.duration
    assert all(0 <= intensity <= LARGEST_INTENSITY for _, intensity in design.pulses)


def test_every_pair_of_an_interval_has_the_same_interval() -> None:
    _, pairs, _ = designs(Tms())
    isis = sorted({trial.isi for trial in pairs.trials if trial.kind == protocol.PAIR})
    assert Tms().tracking is not None
    # half a step of 0.12 ms at most from what was asked for
    np.testing.assert_allclose(isis, Tms().tracking.isis, atol=0.5 / RATE)
    for trial in pairs.trials:
        times = [at for at, _ in trial.pulses]
        assert len(times) == (2 if trial.isi else 1)
        assert np.ptp(times) == trial.isi


def test_there_are_as_many_trials_as_asked_for_at_the_intensities_asked_for() -> None:
    tms = Tms()
    assert tms.tracking
    assert tms.amplitude
    singles, pairs, silent = designs(tms)
    assert len(singles.trials) == len(tms.recruitment.intensities) * tms.recruitment.trials
    tests = [t.test for t in pairs.trials if t.kind == protocol.PAIR]
    assert len(tests) == len(tms.tracking.isis) * tms.tracking.trials
    # an intensity is rounded to 0.1 %
    assert min(tests) == pytest.approx(0.88 * 55, abs=0.05)
    assert max(tests) == pytest.approx(1.32 * 55, abs=0.05)
    assert {t.conditioning for t in pairs.trials if t.kind == protocol.PAIR} == {35.0}
    assert {t.conditioning for t in pairs.trials if t.kind == protocol.CONTROL} == {0.0}
    assert {t.test for t in pairs.trials if t.kind == protocol.AMPLITUDE} == {60.0}
    long = [t for t in pairs.trials if t.kind == protocol.LONG]
    assert {(t.test, t.conditioning, t.isi > 0) for t in long} == {
        (60.0, 60.0, True),
        (60.0, 0.0, False),
    }
    # what a weak second pulse adds is compared with the first alone
    short = [t for t in pairs.trials if t.kind == protocol.FACILITATION]
    assert {(t.test, t.conditioning, t.isi > 0) for t in short} == {
        (45.0, 55.0, True),
        (55.0, 0.0, False),
    }
    assert {t.test for t in silent.trials} == {60.0, 67.5, 75.0}
    assert (singles.level, pairs.level, silent.level) == (0.0, 0.0, 1.0)


def test_kinds_are_mixed() -> None:
    _, pairs, _ = designs(Tms())
    kinds = np.array([trial.kind for trial in pairs.trials])
    early = np.mean(kinds[: len(kinds) // 2] == protocol.PAIR)
    # of some 350 trials in random order: within four standard deviations of one another
    assert early == pytest.approx(np.mean(kinds == protocol.PAIR), abs=4 * np.sqrt(0.25 / 175))


def test_order_follows_the_random_stream_alone() -> None:
    assert designs(Tms())[1] == designs(Tms())[1]
    assert protocol.recruitment(Tms(), RATE, np.random.default_rng(4)) != designs(Tms())[0]


def test_what_the_stimulator_cannot_give_is_left_out() -> None:
    silent = protocol.silent_period(Tms(), 140.0, RATE, rng())
    assert silent is not None
    assert {trial.test for trial in silent.trials} == {168.0, 189.0}
    assert protocol.silent_period(Tms(), 190.0, RATE, rng()) is None


def test_stages_may_be_left_out() -> None:
    tms = Tms(**dict.fromkeys(SECTIONS))
    assert [design.name for design in designs(tms)] == ["recruitment"]


@pytest.mark.parametrize(
    "tms", [Tms(), Tms(amplitude=None, long_interval=None), Tms(tracking=None, silent_period=None)]
)
def test_the_length_of_a_session_is_known_beforehand(tms: Tms) -> None:
    whole = sum(design.duration for design in designs(tms))
    # jitter of 10 % averages out; each stage is rounded up by a second at most
    assert protocol.longest(tms) == pytest.approx(whole, rel=0.02, abs=3)


def test_a_session_of_the_defaults_takes_four_minutes_at_most() -> None:
    assert protocol.longest(Tms()) <= 240


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"recruitment": {"intensities": [50, 40, 60]}}, "40 follows 50"),
        ({"recruitment": {"intensities": [50, 60]}}, "2 values"),
        ({"tracking": {"tests": [1.2, 0.9]}}, "0.9 follows 1.2"),
        ({"tracking": {"isis": ["0.1 ms"]}}, "too small"),
        ({"window": {"from": "50 ms", "until": "20 ms"}}, "20 ms is not after 'from'"),
        ({"silent_period": {"intensities": [5]}}, "too large"),
        ({"recruitment": {"trials": 1}}, "greater than or equal to 2"),
        ({"times": []}, "at least 1 item"),
        ({"pulses": 3}, "Extra inputs"),
    ],
)
def test_what_makes_no_sense_is_refused(section: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Tms.model_validate(section)


def test_quantities_have_units() -> None:
    tms = Tms.model_validate({"times": ["2 min"], "tracking": {"isis": ["2500 us"]}})
    assert tms.times == (120.0,)
    assert tms.tracking is not None
    assert tms.tracking.isis == (2.5e-3,)
