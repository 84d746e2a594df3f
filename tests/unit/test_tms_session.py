"""Sessions on an arm whose thresholds are known: what is found, written, read and drawn."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from tests.conftest import ROOT
from tests.synthetic_tms import RATE, Arm
from unshielded.cli.tms import curves, outcomes, tell, told_of
from unshielded.config import load
from unshielded.config.sections.tms_protocol import (
    LongInterval,
    PairedAmplitude,
    Recruitment,
    ShortFacilitation,
    SilentPeriod,
    Tms,
    Tracking,
)
from unshielded.plot.tms_session import plot_tms
from unshielded.store.format.files import CorruptResult, StoreError
from unshielded.store.tables.tms_results import read_tables, write_tables
from unshielded.tms_sessions import protocol
from unshielded.tms_sessions.emg import MotorUnitSpikes
from unshielded.tms_sessions.found import Session
from unshielded.tms_sessions.planning import ProtocolError, Sitting, losses, plan
from unshielded.tms_sessions.protocol import Design
from unshielded.tms_sessions.report import (
    as_json,
    falls_below,
    inhibition_by_interval,
    summary,
    tables,
)
from unshielded.tms_sessions.session import hold
from unshielded.tms_sessions.sitting import Held, stage

#: No stage but the first.
NOTHING = dict.fromkeys(("tracking", "amplitude", "long_interval", "facilitation", "silent_period"))

SICI = ROOT / "configs" / "tms" / "sici.yaml"


def inhibits(isi: float) -> float:
    """10 % at the shortest intervals, less at longer ones, and a facilitation from 9 ms on."""
    return 0.10 if isi < 3.2e-3 else 0.04 if isi < 9e-3 else -0.08


def held(arm: Arm, tms: Tms, seed: int, **values: float) -> Held:
    return Held(Sitting(values, seed, (), tms, RATE), hold(tms, seed, RATE, arm))


@pytest.fixture(scope="module")
def sessions() -> list[Held]:
    """Four seeds with inhibition, four without."""
    healthy = [held(Arm(inhibits, seed=k), Tms(), k, loss=0.0) for k in range(4)]
    return healthy + [held(Arm(seed=k), Tms(), k, loss=1.0) for k in range(4)]


def found(one: Held) -> Session:
    assert one.session is not None
    return one.session


def test_thresholds_of_the_arm_are_found(sessions: list[Held]) -> None:
    for amplitude, name in ((50e-6, "motor_threshold"), (0.2e-3, "unconditioned")):
        truth = Arm().intensity(amplitude)
        values = np.array([getattr(found(one), name).value for one in sessions])
        errors = np.array([getattr(found(one), name).error for one in sessions])
        # each within four of its own standard errors, their mean within three of the mean's
        assert np.all(np.abs(values - truth) < 4 * errors)
        assert abs(values.mean() - truth) < 3 * np.sqrt((errors**2).mean() / len(values))


def test_inhibition_of_the_arm_is_found_at_each_interval(sessions: list[Held]) -> None:
    for group, truth in ((sessions[:4], inhibits), (sessions[4:], lambda isi: 0.0)):
        for place in range(8):
            tracked = [found(one).tracked[place] for one in group]
            values = np.array([t.inhibition.value for t in tracked])
            error = math.sqrt(np.mean([t.inhibition.error**2 for t in tracked]) / len(group))
            # 16 comparisons: beyond 3.5 standard errors once in a hundred times
            assert abs(values.mean() - 100 * truth(tracked[0].isi)) < 3.5 * error


def test_the_mean_tells_the_two_arms_apart(sessions: list[Held]) -> None:
    truth = 100 * np.mean([inhibits(t.isi) for t in found(sessions[0]).tracked])
    with_it, without = (
        np.array([found(one).mean_inhibition.value for one in group])
        for group in (sessions[:4], sessions[4:])
    )
    error = found(sessions[0]).mean_inhibition.error / 2  # of the mean of four
    assert with_it.mean() == pytest.approx(truth, abs=3 * error)
    assert without.mean() == pytest.approx(0.0, abs=3 * error)
    assert error < 1.0  # so that 7 and 3.6 % are several errors apart


def test_amplitudes_are_reduced_and_facilitated(sessions: list[Held]) -> None:
    for one in sessions[:4]:
        short, _, *long = [p for p in found(one).paired if p.kind == "amplitude"]
        assert short.ratio + 2 * short.error < 1
        assert all(p.ratio > 1 for p in long)


def test_the_silent_period_of_the_arm_is_found(sessions: list[Held]) -> None:
    arm = Arm()
    for one in sessions[:4]:
        for silent in found(one).silent:
            # Silence ends 150 ms after the pulse in the spinal cord; the last potential starts 12 to
            # 20 ms later in the muscle and is at its middle after 5 ms more.
            end = arm.silence + arm.muscle.delay.mean() + 5e-3
            assert silent.silence.end == pytest.approx(end, abs=8e-3)


def test_the_same_seed_gives_the_same_session(sessions: list[Held]) -> None:
    again = held(Arm(inhibits, seed=0), Tms(), 0, loss=0.0)
    assert as_json(again) == as_json(sessions[0])


def test_an_arm_that_does_not_answer_is_a_result() -> None:
    calls: list[Design] = []

    def nothing(design: Design) -> MotorUnitSpikes:
        calls.append(design)
        return MotorUnitSpikes(np.zeros(0), np.zeros(0, np.int64), Arm().muscle, design.duration)

    session = hold(Tms(), 1, RATE, nothing)
    assert len(calls) == 1
    assert session.motor_threshold.side == "above"
    assert "up to 100 % no intensity gives 50 µV" in session.warnings[0]
    data = as_json(Held(Sitting({}, 1, (), Tms(), RATE), session))
    assert data["motor_threshold_percent"]["value"] is None
    assert data["tracking"] == data["silent_period"] == []
    json.dumps(data, allow_nan=False)


def test_an_arm_that_is_never_at_rest_is_said_to_be_so() -> None:
    arm = Arm()

    def busy(design: Design) -> MotorUnitSpikes:
        random = np.random.default_rng(1)
        count = int(1200 * design.duration)
        times = random.uniform(0, design.duration, count)
        return MotorUnitSpikes(times, random.integers(0, 120, count), arm.muscle, design.duration)

    session = hold(Tms(), 1, RATE, busy)
    assert any("active before the pulse" in warning for warning in session.warnings)
    assert not session.motor_threshold.found
    assert any("not enough trials at rest" in warning for warning in session.warnings)


def test_trials_before_which_the_muscle_was_active_are_left_out() -> None:
    arm = Arm()

    def twitching(design: Design) -> MotorUnitSpikes:
        """Discharge of a large unit 50 ms before every fifth pulse, which makes it fail."""
        done = arm(design)
        early = np.array([trial.pulses[0][0] - 0.05 for trial in design.trials[::5]])
        muted = np.array([trial.at for trial in design.trials[::5]])
        nearest = np.abs(done.times[:, None] - muted).min(axis=1)
        kept = nearest > 0.04
        times = np.concatenate([done.times[kept], early])
        units = np.concatenate([done.units[kept], np.full(early.size, 119)])
        return MotorUnitSpikes(times, units, done.muscle, done.duration)

    tms = Tms(**NOTHING)
    session = hold(tms, 1, RATE, twitching)
    responses = session.responses["recruitment"]
    assert np.flatnonzero(~responses.used).tolist() == list(range(0, 85, 5))
    assert any("20 % of the trials the muscle was active" in w for w in session.warnings)
    truth, found = arm.intensity(50e-6), session.motor_threshold
    assert abs(found.value - truth) < 4 * found.error


def test_a_target_out_of_reach_leaves_the_rest() -> None:
    tms = Tms.model_validate({"tracking": {"target": "50 mV"}})
    session = hold(tms, 1, RATE, Arm())
    assert session.motor_threshold.found
    assert session.tracked == ()
    assert session.paired
    assert session.silent
    assert any("50 mV" in warning for warning in session.warnings)


def test_more_inhibition_than_was_tested_is_said_to_be_so() -> None:
    session = hold(Tms(), 1, RATE, Arm(lambda isi: 0.6))
    assert all(t.threshold.side == "above" for t in session.tracked)
    assert math.isnan(session.mean_inhibition.value)
    assert any("above every test intensity" in warning for warning in session.warnings)


def test_stages_that_are_not_asked_for_are_not_run() -> None:
    tms = Tms(**NOTHING)
    names: list[str] = []
    arm = Arm()

    def stimulate(design: Design) -> MotorUnitSpikes:
        names.append(design.name)
        return arm(design)

    session = hold(tms, 1, RATE, stimulate)
    assert names == ["recruitment"]
    assert session.motor_threshold.found
    assert session.warnings == ()


def test_the_file_holds_what_was_measured(sessions: list[Held], tmp_path: Path) -> None:
    file = tmp_path / "tms.h5"
    write_tables(file, tables(sessions), {"name": "arm"})
    back = read_tables(file)
    first = found(sessions[0])
    np.testing.assert_array_equal(back["summary"]["seed"], [0, 1, 2, 3] * 2)
    inhibition = [t.inhibition.value for t in first.tracked]
    np.testing.assert_array_equal(back["session_0/tracking"]["inhibition"], inhibition)
    trials = back["session_0/trials_pairs"]
    assert len(trials["amplitude"]) == len(first.responses["pairs"].trials)
    assert set(trials["kind"].astype(str)) == {
        *("control", "pair", "amplitude", "long_interval", "facilitation")
    }
    averages = back["session_0/silent_period"]["average"]
    assert averages.shape[0] == len(first.silent)
    for table in back.values():
        for column in table.columns:
            assert column.unit
            assert column.long_name


def test_a_damaged_or_foreign_file_is_refused(sessions: list[Held], tmp_path: Path) -> None:
    file = tmp_path / "tms.h5"
    write_tables(file, tables(sessions[:1]), {})
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "damaged.h5").write_bytes(data)
    with pytest.raises(CorruptResult, match="checksum"):
        read_tables(tmp_path / "damaged.h5")
    with pytest.raises(StoreError, match="no such file"):
        read_tables(tmp_path / "none.h5")


def test_the_table_gives_mean_and_deviation_over_seeds(sessions: list[Held]) -> None:
    rows = summary(sessions)
    assert [(row["point"], row["sessions"]) for row in rows] == [
        ({"loss": 0.0}, 4),
        ({"loss": 1.0}, 4),
    ]
    values = [found(one).motor_threshold.value for one in sessions[:4]]
    assert rows[0]["motor_threshold"]["mean"] == pytest.approx(np.mean(values))
    assert rows[0]["motor_threshold"]["sd"] == pytest.approx(np.std(values, ddof=1))
    by_interval = inhibition_by_interval(sessions)
    assert list(by_interval[0]["inhibition_percent"])[:2] == [1.0, 1.5]
    assert outcomes(sessions).row_count == 2
    assert len(curves(sessions)) == 2


def test_intervals_are_over_seeds_or_over_the_trials_of_one_session(sessions: list[Held]) -> None:
    row = summary(sessions)[0]["motor_threshold"]
    values = [found(one).motor_threshold.value for one in sessions[:4]]
    half = 3.182 * np.std(values, ddof=1) / 2  # Student, 3 degrees of freedom
    assert row["low"] == pytest.approx(np.mean(values) - half, rel=1e-3)
    assert row["high"] == pytest.approx(np.mean(values) + half, rel=1e-3)
    one = summary(sessions[:1])[0]
    threshold, change = found(sessions[0]).motor_threshold, found(sessions[0]).mean_inhibition
    assert (one["motor_threshold"]["low"], one["motor_threshold"]["high"]) == (
        threshold.low,
        threshold.high,
    )
    assert one["mean_inhibition"]["high"] == pytest.approx(
        change.value + 1.96 * change.error, rel=1e-4
    )
    for paired in found(sessions[0]).paired:
        low, high = paired.interval
        assert 0 < low < paired.ratio < high


def test_the_fall_of_inhibition_is_placed_in_time(sessions: list[Held]) -> None:
    def at(time: float, source: Held) -> Held:
        return Held(Sitting({}, source.sitting.seed, (), Tms(), RATE, time), source.session)

    high, low = (found(sessions[k]).mean_inhibition.value for k in (0, 4))
    course = [at(0.0, sessions[0]), at(60.0, sessions[0]), at(160.0, sessions[4])]
    middle = (high + low) / 2
    assert falls_below(course, middle) == pytest.approx(110.0)
    assert falls_below(course[:2], middle) == math.inf
    assert math.isnan(falls_below(course, high + 1))
    assert math.isnan(falls_below(sessions, middle))
    said = told_of({"limit_percent": 3.6, "inhibition_falls_s": 110.0, "first_death_s": None})
    assert said[1:] == ["inhibition falls to 3.6 % after 1.83 min", "no motor neuron dies"]
    assert told_of(None) == []


def test_one_seed_has_no_deviation_and_a_missing_one_no_mean(sessions: list[Held]) -> None:
    assert summary(sessions[:1])[0]["motor_threshold"]["sd"] is None
    silent = hold(Tms(), 1, RATE, lambda d: MotorUnitSpikes(
        np.zeros(0), np.zeros(0, np.int64), Arm().muscle, d.duration))  # fmt: skip
    mixed = [sessions[0], Held(Sitting({"loss": 0.0}, 9, (), Tms(), RATE), silent)]
    assert summary(mixed)[0]["motor_threshold"] == dict.fromkeys(("mean", "sd", "low", "high"))


def test_warnings_and_failures_are_told(
    sessions: list[Held], capsys: pytest.CaptureFixture[str]
) -> None:
    tell([Held(Sitting({"loss": 1.0}, 3, (), Tms(), RATE, 120.0), None, (), "the disk is full")])
    assert capsys.readouterr().err == "error: loss=1.0 seed=3 at 2 min: the disk is full\n"


def test_the_figure_is_drawn_whatever_is_missing(sessions: list[Held], tmp_path: Path) -> None:
    little = Tms(
        recruitment=Recruitment(intensities=(30.0, 60.0, 90.0)),
        **NOTHING,
    )
    cases = {"all": sessions, "one": sessions[:1], "little": [held(Arm(), little, 1)]}
    for name, some in cases.items():
        out = tmp_path / f"{name}.png"
        plot_tms(tables(some), out)
        assert imread(out)[..., :3].std() > 0.03
    plot_tms(tables(sessions), tmp_path / "all.svg")
    text = (tmp_path / "all.svg").read_text()
    for said in ("loss 0.0", "Rise of the threshold (%)", "healthy", "Silent period (ms)"):
        assert said in text


def test_a_stage_is_the_experiment_with_its_pulses() -> None:
    planned = plan(load(SICI, ["circuit.heterogeneity=0.5", "sweep.seeds=[4]"]))
    assert [s.values["circuit.interneuron_loss"] for s in planned.sittings] == [0.0, 0.35, 0.7]
    sitting = planned.sittings[1]
    for design in (
        protocol.recruitment(sitting.tms, sitting.rate, np.random.default_rng(1)),
        protocol.silent_period(sitting.tms, 50.0, sitting.rate, np.random.default_rng(1)),
    ):
        assert design is not None
        config = stage(planned.experiment, sitting, design).config
        pulses = [(p.at, p.intensity) for p in config.stimulation]
        np.testing.assert_allclose(pulses, design.pulses, rtol=1e-13)  # configs keep 14 digits
        assert config.duration == design.duration
        assert config.seed == 4
        assert config.circuit.heterogeneity == 0.5
        assert config.circuit.interneuron_loss.loss == 0.35
        assert config.tms is None
        assert config.sweep is None
        assert config.record.spikes
        assert config.drive.command == ("sustained" if design.level else "rest")


def test_stages_of_equal_settings_are_one_run() -> None:
    sitting = plan(load(SICI, ["sweep=null"])).sittings[0]
    design = protocol.recruitment(sitting.tms, sitting.rate, np.random.default_rng(1))
    first, second = (stage(load(SICI), sitting, design).identity for _ in range(2))
    assert first == second


def test_losses_are_those_of_the_course(tmp_path: Path) -> None:
    file = tmp_path / "course.yaml"
    file.write_text(
        "name: course\nduration: 100 s\n"
        "circuit: {loss: {pv: {loss: 1.0, from: 20 s, until: 80 s}, sst: 0.25}}\n"
        "tms: {times: [0 s, 20 s, 50 s, 90 s]}\n"
    )
    config = load(str(file)).config
    pv = [lost["pv"] for lost in losses(config, 1, (0.0, 19.9, 50.0, 90.0))]
    size = config.circuit.populations["pv"].size
    # one neuron goes at each of `size` equal steps, the first at the start
    assert pv == pytest.approx([0.0, 0.0, (size / 2 + 1) / size, 1.0])
    planned = plan(load(file))
    assert [s.time for s in planned.sittings] == [0.0, 20.0, 50.0, 90.0]
    assert len(planned.courses) == 1
    assert planned.courses[0].config.tms is None
    design = protocol.recruitment(planned.sittings[2].tms, 8192, np.random.default_rng(1))
    frozen = stage(planned.experiment, planned.sittings[2], design).config.circuit.loss
    assert frozen["pv"].from_ is None
    assert round(frozen["pv"].loss * size) == size // 2 + 1
    assert frozen["sst"].loss == 0.25


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"culture": "{motor_s: 4}"}, "a culture has no cortex"),
        ({"circuit.loss": "{pv: {loss: 1.0, from: 0 s, until: 1 s}}"}, "the loss of 'pv' grows"),
        (
            {f"circuit.populations.motor_{k}.size": "0" for k in ("s", "fr", "ff")},
            "no motor neuron",
        ),
    ],
)
def test_what_cannot_be_measured_is_refused(changes: dict[str, str], said: str) -> None:
    overrides = ["sweep=null", *(f"{path}={value}" for path, value in changes.items())]
    with pytest.raises(ProtocolError, match=said):
        plan(load(SICI, overrides))


def test_sections_have_the_defaults_of_the_protocol() -> None:
    assert Tms.model_validate({}) == Tms(
        tracking=Tracking(),
        amplitude=PairedAmplitude(),
        long_interval=LongInterval(),
        facilitation=ShortFacilitation(),
        silent_period=SilentPeriod(),
    )
