"""The ``trial`` section: its runs, and what can be wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unshielded.config import ConfigError, Experiment, load
from unshielded.config.portable import from_json, to_json

HEAD = "name: a\nduration: 20 s\n"
ARMS = """\
trial:
  control: untreated
  arms:
    untreated: []
    blocked: {bath: [{agent: MK-801, concentration: 10 uM}]}
    rested: {drive.level: 0.5}
    early: {bath: [{agent: NBQX, concentration: 10 uM, from: 1 s}]}
"""
Read = Callable[..., Experiment]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(text: str, *overrides: str, **more: Any) -> Experiment:
        path = tmp_path / "a.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path, overrides, **more)

    return _read


def _errors(read: Read, text: str, *overrides: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(text, *overrides)
    return [str(problem).rpartition("/")[2] for problem in caught.value.problems]


def test_every_arm_runs_from_every_start_and_the_control_once(read: Read) -> None:
    one = read(HEAD + ARMS + "  starts: [0 s, 5 s]\n  seeds: [3, 4]\n")
    assert [(v["arm"], v["start"], seed) for v, seed in one.listing()] == [
        ("untreated", "–", 3),
        ("untreated", "–", 4),
        ("blocked", "0 s", 3),
        ("blocked", "0 s", 4),
        ("blocked", "5 s", 3),
        ("blocked", "5 s", 4),
        ("rested", "–", 3),
        ("rested", "–", 4),
        ("early", "1 s", 3),
        ("early", "1 s", 4),
    ]
    points = [single for _, _, single in one.points()]
    begins = [[each.from_ for each in single.config.bath] for single in points]
    assert begins == [[], [], [0.0], [0.0], [5.0], [5.0], [], [], [1.0], [1.0]]
    assert [single.config.drive.level for single in points] == [1.0] * 6 + [0.5] * 2 + [1.0] * 2
    assert [single.config.seed for single in points] == [3, 4] * 5
    assert [one.point(number).identity for number in range(10)] == [p.identity for p in points]
    with pytest.raises(IndexError, match="there is no point 10, expected 0 to 9"):
        one.point(10)


def test_a_start_is_that_of_each_therapy_that_says_none(read: Read) -> None:
    arms = (
        "trial:\n  control: none\n  starts: [2 s, 4 s]\n  arms:\n    none: []\n"
        "    one: [{riluzole: {dose: 100 mg/day}}]\n"
        "    two: [{riluzole: {dose: 100 mg/day, from: 1 s}}, {edaravone: {dose: 60 mg/day}}]\n"
        "    mixed: {drive.level: 0.5, therapies: [{riluzole: {dose: 50 mg/day}}]}\n"
    )
    found = [
        (values["arm"], values["start"], [each.course.from_ for each in p.config.therapies])
        for values, _, p in read(HEAD + arms).points()
    ]
    assert found == [
        ("none", "–", []),
        ("one", "2 s", [2.0]),
        ("one", "4 s", [4.0]),
        ("two", "2 s", [1.0, 2.0]),
        ("two", "4 s", [1.0, 4.0]),
        ("mixed", "2 s", [2.0]),
        ("mixed", "4 s", [4.0]),
    ]


def test_an_arm_replaces_the_therapies_of_the_config(read: Read) -> None:
    given = "therapies: [{edaravone: {dose: 60 mg/day}}]\n"
    arms = (
        "trial: {control: a, arms: "
        "{a: [], b: [{riluzole: {dose: 100 mg/day}}], c: {drive.level: 0.5}}}\n"
    )
    points = [p.config.therapies for _, _, p in read(HEAD + given + arms).points()]
    assert [[each.name for each in one] for one in points] == [[], ["riluzole"], ["edaravone"]]


def test_a_start_at_a_share_lost_needs_a_solver(read: Read) -> None:
    arms = (
        "trial: {control: a, arms: {a: [], b: [{riluzole: {dose: 100 mg/day}}]}, "
        "starts: [{lost: 0.1}]}\n"
    )
    (found,) = _errors(read, HEAD + arms)
    assert found.startswith("a.yaml:3:")
    assert "after" in found
    assert "solver" in found


def test_variants_multiply_and_an_arm_wins(read: Read) -> None:
    variants = "  variants: {as it is: {}, calm: {drive.level: 0.2, glutamate.eaat2: 0.5}}\n"
    one = read(HEAD + ARMS + variants)
    found = [
        (values["variant"], values["arm"], p.config.drive.level, p.config.glutamate.eaat2)
        for values, _, p in one.points()
    ]
    assert found == [
        ("as it is", "untreated", 1.0, 1.0),
        ("as it is", "blocked", 1.0, 1.0),
        ("as it is", "rested", 0.5, 1.0),
        ("as it is", "early", 1.0, 1.0),
        ("calm", "untreated", 0.2, 0.5),
        ("calm", "blocked", 0.2, 0.5),
        ("calm", "rested", 0.5, 0.5),
        ("calm", "early", 0.2, 0.5),
    ]


def test_a_run_of_a_trial_is_the_run_of_its_settings(read: Read) -> None:
    """So that results are found again, whatever asked for them."""
    points = [p for _, _, p in read(HEAD + ARMS).points()]
    assert points[0].identity == read(HEAD).identity == read(HEAD + ARMS).identity
    assert points[2].identity == read(HEAD + "drive: {level: 0.5}\n").identity
    assert points[0].config.trial is None


def test_a_variant_extends_a_file_but_not_what_the_trial_extends(
    read: Read, tmp_path: Path
) -> None:
    (tmp_path / "base.yaml").write_text("name: base\nduration: 50 s\nglutamate: {eaat2: 0.9}\n")
    (tmp_path / "variants").mkdir()
    (tmp_path / "variants" / "weak.yaml").write_text(
        "extends: ../base.yaml\nname: weak\ncircuit: {populations: {motor_fr: {parameters: "
        "{buffer_capacity: 40}}}}\ndrive: {level: 0.7}\n"
    )
    text = (
        "extends: base.yaml\n" + HEAD + ARMS + "  variants:\n"
        "    weak: {extends: variants/weak.yaml, drive.level: 0.6}\n"
    )
    one = read(text)
    (tmp_path / "variants" / "weak.yaml").unlink()  # an experiment is whole by itself
    config = from_json(json.loads(json.dumps(to_json(one)))).point(0).config
    assert config.circuit.populations["motor_fr"].parameters["buffer_capacity"] == 40
    assert config.drive.level == 0.6
    assert config.glutamate.eaat2 == 0.9
    assert config.duration == 20.0  # the trial's own, not that of what both extend
    assert config.name == "a"


def test_what_is_wrong_in_a_file_of_a_variant_is_reported_there(read: Read, tmp_path: Path) -> None:
    (tmp_path / "weak.yaml").write_text("drive:\n  level: -3\n")
    text = HEAD + ARMS + "  variants: {weak: {extends: weak.yaml}}\n"
    assert _errors(read, text) == [
        "weak.yaml:2:10: drive.level: -3 is too small, expected at least 0"
    ]


def test_a_variant_extends_a_file_that_is_there(read: Read, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(HEAD + ARMS + "  variants: {b: {extends: none.yaml}}\n")
    where = f"{tmp_path}/a.yaml:10:27: trial.variants.b.extends: there is no file"
    assert str(caught.value).startswith(where)


def test_overrides_reach_into_a_trial(read: Read) -> None:
    text = HEAD + ARMS + "  seeds: [1, 2]\n  variants: {calm: {drive.level: 0.2}}\n"
    assert len(read(text, "trial.seeds=[5]").listing()) == 4
    changed = read(text, "trial.variants.calm.drive.level=0.3").point(0)
    assert changed.config.drive.level == 0.3
    dose = read(text, "trial.arms.blocked.bath.0.concentration=3 uM").point(2)
    assert dose.config.bath[0].concentration == pytest.approx(0.003)  # mM
    assert {seed for _, seed in read(text, seed=9).listing()} == {9}
    assert {seed for _, seed in read(text, "seed=8").listing()} == {8}


@pytest.mark.parametrize("override", ["trial.arms={}", "trial={{arms: {}}}"])
def test_arms_are_replaced_as_a_whole(read: Read, override: str) -> None:
    arms = "{untreated: [], tired: {drive.level: 0.1}}"
    one = read(HEAD + ARMS, override.format(arms))
    assert [values["arm"] for values, _ in one.listing()] == ["untreated", "tired"]


def test_an_arm_is_replaced_or_changed(read: Read) -> None:
    def rested(*overrides: str) -> tuple[list[str], float, float]:
        one = read(HEAD + ARMS, *overrides)
        found = {values["arm"]: p.config for values, _, p in one.points()}
        drive = found["rested"].drive
        return list(found), drive.level, drive.duty

    names = ["untreated", "blocked", "rested", "early"]
    assert rested() == (names, 0.5, 0.5)
    assert rested("trial.arms.rested={drive.duty: 0.1}") == (names, 1.0, 0.1)
    assert rested("trial.arms.rested.drive.duty=0.1") == (names, 0.5, 0.1)
    assert rested("trial.arms.rested.drive.level=0.2") == (names, 0.2, 0.5)
    added, level, _ = rested("trial.arms.tired.drive.level=0.1")
    assert (added, level) == ([*names, "tired"], 0.5)


def test_variants_are_replaced_or_changed(read: Read) -> None:
    def variants(*overrides: str) -> dict[str, tuple[float, float]]:
        text = HEAD + ARMS + "  variants: {a: {}, b: {drive.level: 0.2, glutamate.eaat2: 0.5}}\n"
        return {
            values["variant"]: (p.config.drive.level, p.config.drive.duty)
            for values, _, p in read(text, *overrides).points()
            if values["arm"] == "untreated"
        }

    assert variants("trial.variants={c: {drive.duty: 0.1}}") == {"c": (1.0, 0.1)}
    assert variants("trial.variants.b={drive.duty: 0.1}") == {"a": (1.0, 0.5), "b": (1.0, 0.1)}
    assert variants("trial.variants.b.drive.duty=0.1") == {"a": (1.0, 0.5), "b": (0.2, 0.1)}
    assert set(variants("trial.variants.c.drive.duty=0.1")) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            ("control: untreated", "control: untreatd"),
            "a.yaml:4:12: trial.control: there is no arm 'untreatd', expected the name of an arm; "
            "did you mean 'untreated'?",
        ),
        (
            ("drive.level", "drive.levle"),
            "a.yaml:8:14: trial.arms.rested.drive.levle: there is no setting 'drive.levle'; "
            "did you mean 'drive.level'?",
        ),
        (
            ("drive.level: 0.5", "seed: 5"),
            "a.yaml:8:14: trial.arms.rested.seed: 'seed' cannot be set here; "
            "list the seeds in 'trial.seeds'",
        ),
        (
            ("MK-801, concentration: 10 uM", "MK-801, concentration: 10 mV"),
            "a.yaml:7:53: bath.0.concentration: '10 mV' has the unit 'mV', expected a unit like "
            "'mM'",
        ),
        (
            ("untreated: []", "untreated:"),
            "a.yaml:6:15: trial.arms.untreated: found nothing, expected a list of therapies "
            "([] for none), or a mapping of settings by path",
        ),
        (
            ("drive.level: 0.5", "drive.level: 1.0"),
            "a.yaml:8:5: trial.arms.rested: is the same experiment as 'untreated'; "
            "remove one of them",
        ),
        (
            ("trial:\n", "sweep: {seeds: [1, 2]}\ntrial:\n"),
            "a.yaml:3:1: sweep: there is a 'trial' too, expected one or the other; "
            "remove one of them; variants do what a grid does",
        ),
        (
            ("trial:\n", "trial:\n  starts: [5 mV]\n"),
            "a.yaml:4:12: trial.starts.0: '5 mV' has the unit 'mV', expected a unit like 's'",
        ),
        (
            ("trial:\n", "trial:\n  starts: [{lost: 2}]\n"),
            "a.yaml:4:12: trial.starts.0: 2 is too large, expected above 0, at most 1",
        ),
        (
            ("trial:\n", "trial:\n  starts: [30 s]\n"),
            "a.yaml:4:12: bath.0.from: 30 s is not before the end of the run, expected a time "
            "within the duration of 20 s",
        ),
        (
            ("trial:\n", f"trial:\n  seeds: {[*range(30_000)]}\n"),
            "a.yaml:4:3: trial: has more than 100000 runs, expected fewer; "
            "leave out seeds, starts or variants",
        ),
        (
            ("trial:\n", "trial:\n  seeds: [1, 1]\n"),
            "a.yaml:4:10: trial.seeds: 1 is listed twice, expected each entry once",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    read: Read, change: tuple[str, str], problem: str
) -> None:
    assert change[0] in HEAD + ARMS
    assert _errors(read, (HEAD + ARMS).replace(*change, 1)) == [problem]


def test_a_trial_needs_two_arms(read: Read) -> None:
    text = HEAD + "trial: {control: a, arms: {a: []}}\n"
    assert _errors(read, text) == [
        "a.yaml:3:27: trial.arms: 1 arm, expected the control and at least one other arm"
    ]
