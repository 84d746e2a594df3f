"""``unshielded tms`` as a process: sessions on the engine, what they leave, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.tiny import TINY
from unshielded.store.reading.read import open_run
from unshielded.store.tables.tms_results import read_tables

SMALL = (
    "--set", "tms={interval: 0.2 s, settling: 0.1 s, amplitude: null, long_interval: null, facilitation: null, silent_period: null}",
    "--set", "tms.recruitment={intensities: [20, 60, 100], trials: 2}",
    "--set", "tms.tracking={isis: [2 ms, 3 ms], trials: 4, control_trials: 4}",
)  # fmt: skip


def test_sessions_are_held_and_found_again(command: Command, tmp_path: Path) -> None:
    arguments = ("tms", TINY, *SMALL, "--set", "sweep.seeds=[1, 2]", "--out", tmp_path, "-j", "1")
    done = command(*arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [one["seed"] for one in told["sessions"]] == [1, 2]
    for one in told["sessions"]:
        # two neurons or so in the muscle: whether there is a threshold is chance, but it is said
        assert (one["motor_threshold_percent"]["value"] is None) == any(
            "no resting motor threshold" in warning for warning in one["warnings"]
        )
        with open_run(one["runs"][0]) as run:
            assert run.duration == pytest.approx(0.1 + 6 * 0.2 + 0.5, abs=1.0)  # whole seconds
    tables = read_tables(tmp_path / "tiny" / "tms.h5")
    assert len(tables["session_0/trials_recruitment"]["amplitude"]) == 6
    assert (tmp_path / "tiny" / "tms.png").stat().st_size > 10_000
    runs = sorted(tmp_path.glob("tiny/*/results.h5"))
    before = [run.stat().st_mtime_ns for run in runs]
    again = command(*arguments)
    assert again.returncode == 0, again.stderr
    assert [run.stat().st_mtime_ns for run in runs] == before
    assert "threshold" in again.stdout
    assert str(tmp_path / "tiny" / "tms.png") in again.stdout


def test_a_course_is_run_and_its_sessions_are_placed_on_it(
    command: Command, tmp_path: Path
) -> None:
    done = command(
        "tms", TINY, *SMALL, "--set", "tms.times=[0 s, 1 s]", "--out", tmp_path, "--format", "json",
        "--set", "circuit.interneuron_loss={loss: 1.0, from: 0.5 s, until: 1.5 s}",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [one["time_s"] for one in told["sessions"]] == [0.0, 1.0]
    assert told["course"]["first_death_s"] is None
    assert (tmp_path / "tiny" / "tms_course.png").exists()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            "circuit.populations={motor_s: {size: 0}, motor_fr: {size: 0}, motor_ff: {size: 0}}",
            "there is no motor neuron",
        ),
        ("circuit.loss={pv: {loss: 1, from: 0 s, until: 1 s}}", "say at which times"),
        ("tms.tracking.isis=[3 ms, 2 ms]", "expected values that rise"),
    ],
)
def test_what_cannot_be_measured_is_an_error_of_usage(
    command: Command, tmp_path: Path, setting: str, said: str
) -> None:
    done = command("tms", TINY, "--set", setting, "--out", tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert not list(tmp_path.iterdir())
