"""What ``--set`` and ``--seed`` do to the axes of a sweep."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.synthetic_catalogue import CATALOGUE
from unshielded.config import ConfigError, Experiment, load

HEAD = "name: a\nduration: 10 s\n"
SAMPLE = "{method: sobol, n: 4, seed: 2, axes: {drive.level: {low: 1, high: 2}}}"
Read = Callable[..., Experiment]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(text: str, *overrides: str, **more: Any) -> Experiment:
        path = tmp_path / "a.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path, overrides, catalogue=CATALOGUE, **more)

    return _read


def _errors(read: Read, text: str, *overrides: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(text, *overrides)
    return [str(problem) for problem in caught.value.problems]


def _values(experiment: Experiment) -> list[tuple[Any, ...]]:
    return [(*values.values(), seed) for values, seed in experiment.listing()]


EVERY = HEAD + (
    "sweep:\n  grid: {glutamate.eaat2: [0, 1], circuit.heterogeneity: [0, 1]}\n"
    "  zip: {drive.ramp: [1 s, 2 s], drive.frequency: [3 Hz, 4 Hz]}\n"
    "  list: [{drive.duty: 0.1}, {drive.duty: 0.2}]\n"
    f"  sample: {SAMPLE}\n"
    "  seeds: [5, 6]\n"
)


@pytest.mark.parametrize(
    ("override", "axis", "values"),
    [
        ("sweep.grid.glutamate.eaat2=[0.5]", "glutamate.eaat2", {0.5}),
        ("sweep.grid={glutamate.eaat2: [0.5, 1]}", "glutamate.eaat2", {0.5, 1}),
        ("sweep.grid.record.interval=[2 s, 3 s]", "record.interval", {"2 s", "3 s"}),
        ("sweep.zip.drive.ramp=[7 s, 8 s]", "drive.ramp", {"7 s", "8 s"}),
        ("sweep.list.1.drive.duty=0.7", "drive.duty", {0.1, 0.7}),
        ("sweep.list=[{drive.duty: 0.3}]", "drive.duty", {0.3}),
    ],
)
def test_an_axis_can_be_replaced(read: Read, override: str, axis: str, values: set[Any]) -> None:
    assert {point[axis] for point, _ in read(EVERY, override).listing()} == values


@pytest.mark.parametrize(
    ("override", "varied"),
    [
        ("sweep.grid={record.interval: [2 s, 3 s]}", {"record.interval"}),
        ("sweep={grid: {record.interval: [2 s, 3 s]}}", {"record.interval"}),
        (
            "sweep.grid.record.interval=[2 s, 3 s]",
            {"record.interval", "glutamate.eaat2", "circuit.heterogeneity"},
        ),
    ],
)
def test_a_grid_is_replaced_and_an_axis_added(read: Read, override: str, varied: set[str]) -> None:
    beside = {"drive.ramp", "drive.frequency", "drive.duty", "drive.level"}
    for point, _ in read(EVERY, override).listing():
        assert set(point) == varied | beside


@pytest.mark.parametrize(
    ("override", "gone", "new"),
    [
        (
            "sweep.zip={record.interval: [2 s]}",
            {"drive.ramp", "drive.frequency"},
            "record.interval",
        ),
        ("sweep.list=[{record.interval: 2 s}]", {"drive.duty"}, "record.interval"),
        (
            "sweep.sample.axes={circuit.scale: {low: 1, high: 2}}",
            {"drive.level"},
            "circuit.scale",
        ),
    ],
)
def test_what_is_given_for_a_block_is_all_of_it(
    read: Read, override: str, gone: set[str], new: str
) -> None:
    before = set(read(EVERY).listing()[0][0])
    assert gone < before
    for point, _ in read(EVERY, override).listing():
        assert set(point) == before - gone | {new}


def test_an_entry_of_a_list_is_replaced(read: Read) -> None:
    text = HEAD + "sweep: {list: [{drive.duty: 0.1, drive.level: 3}, {drive.duty: 0.2}]}\n"
    assert _values(read(text, "sweep.list.0={drive.duty: 0.3}")) == [(0.3, 1), (0.2, 1)]
    assert _values(read(text, "sweep.list.1.drive.level=4")) == [(0.1, 3, 1), (0.2, 4, 1)]


def test_of_two_grids_the_later_counts(read: Read) -> None:
    level, duty = "sweep.grid={drive.level: [1, 2]}", "sweep.grid={drive.duty: [0.1, 0.2]}"
    assert _values(read(HEAD, level, duty)) == [(0.1, 1), (0.2, 1)]
    one = read(HEAD, level, "sweep.grid.drive.duty=[0.1]")
    assert [values for values, _ in one.listing()] == [
        {"drive.level": 1, "drive.duty": 0.1},
        {"drive.level": 2, "drive.duty": 0.1},
    ]


def test_sections_are_merged(read: Read) -> None:
    text = HEAD + "drive: {level: 2}\nsweep: {grid: {drive.duty: [0.1]}}\n"
    one = read(text, "drive={ramp: 1 s}", "sweep={seeds: [3]}")
    assert _values(one) == [(0.1, 3)]
    assert one.config.drive.level == 2


def test_the_limits_of_a_sample_can_be_replaced(read: Read) -> None:
    for override in (
        "sweep.sample.axes.drive.level={low: 5, high: 6}",
        "sweep.sample.axes={drive.level: {low: 5, high: 6}}",
    ):
        assert all(5 <= values["drive.level"] <= 6 for values, _ in read(EVERY, override).listing())
    one = read(EVERY, "sweep.sample.axes.drive.level.high=1.1")
    assert all(1 <= values["drive.level"] <= 1.1 for values, _ in one.listing())
    one = read(EVERY, "sweep.sample.axes.circuit.scale={low: 1, high: 2}")
    assert all(1 <= values["circuit.scale"] <= 2 for values, _ in one.listing())
    one = read(EVERY, "sweep.sample.axes.drive.level.scale=log")
    assert one.config.sweep is not None
    assert one.config.sweep.sample is not None
    assert one.config.sweep.sample.axes["drive.level"].scale == "log"


@pytest.mark.parametrize("override", ["glutamate.eaat2=0.4", "glutamate={eaat2: 0.4}"])
def test_a_setting_of_the_grid_can_be_fixed(read: Read, override: str) -> None:
    one = read(EVERY, override)
    assert len(one.listing()) == len(read(EVERY).listing()) / 2
    assert all("glutamate.eaat2" not in values for values, _ in one.listing())
    assert one.point(0).config.glutamate.eaat2 == 0.4
    assert one.point(0).origin["glutamate.eaat2"].startswith(f"--set {override}")


def test_an_override_beside_an_axis_leaves_it(read: Read) -> None:
    text = (
        HEAD + "sweep: {grid: {drive: [{level: 1}, {level: 2}]}, zip: {record.interval: [1 s]}}\n"
    )
    one = read(text, "drive.duty=0.2", "record={spikes: false}")
    assert [(x.config.drive.level, x.config.drive.duty) for _, _, x in one.points()] == [
        (1, 0.2),
        (2, 0.2),
    ]
    assert not one.point(0).config.record.spikes


def test_the_seed_can_be_fixed(read: Read) -> None:
    for one in (read(EVERY, "seed=9"), read(EVERY, seed=9)):
        assert {seed for _, seed in one.listing()} == {9}
        assert one.point(1).config.seed == 9


def test_fixing_a_setting_makes_no_sweep(read: Read) -> None:
    assert read(EVERY, "sweep=null", "drive.level=1", seed=9).config.sweep is None
    assert _errors(read, HEAD + "sweep: 3\n", "seed=4")[0].endswith(
        "found 3, expected a mapping of settings"
    )


def test_the_later_override_wins(read: Read) -> None:
    text = HEAD + "sweep: {grid: {drive.level: [1, 2]}, seeds: [1, 2]}\n"
    axis, value = "sweep.grid.drive.level=[3, 4]", "drive.level=5"
    assert _values(read(text, axis, value)) == [(1,), (2,)]
    assert _values(read(text, value, axis, "seed=3")) == [(3, 3), (4, 3)]
    assert _values(read(text, "seed=3", "sweep.seeds=[7]", value)) == [(7,)]
    zipped = "sweep.zip.drive.level=[3, 4]"
    assert _values(read(HEAD, value, zipped)) == [(3, 1), (4, 1)]
    assert len(_errors(read, HEAD, zipped, value)) == 1
    assert _values(read(HEAD, zipped, value, "sweep=null")) == [(1,)]


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("drive.ramp=1 s", "--set drive.ramp=1 s:1:1: drive.ramp: 'sweep.zip' sets 'drive.ramp'"),
        ("drive={ramp: 1 s}", "drive: 'sweep.zip' sets 'drive.ramp' too"),
        (
            "drive.duty=1",
            "'sweep.list' sets 'drive.duty' too, expected one or the other; change it",
        ),
        ("drive.level=1", "or leave that out with --set sweep.sample=null"),
        ("sweep.list.5.drive.duty=1", "there is no entry '5' in 'sweep.list'"),
        ("sweep.zip.drive.ramp=[1 s]", "has 2 values while 'drive.ramp' has 1"),
        ("sweep.zip.drive.rmp=[1 s, 2 s]", ":1:1: sweep.zip.drive.rmp: there is no setting"),
        ("sweep.grid.drive.ramp=[1 s]", "'drive.ramp' is set in 'sweep.grid' too"),
    ],
)
def test_overrides_that_clash_with_a_block(read: Read, override: str, expected: str) -> None:
    [line] = _errors(read, EVERY, override)
    assert expected in line


def test_a_part_of_what_an_axis_sets_whole_cannot_be_fixed(read: Read) -> None:
    text = HEAD + "sweep: {grid: {circuit.interneuron_loss: [0, 0.5]}}\n"
    [line] = _errors(read, text, "circuit.interneuron_loss.loss=0.2")
    assert "set 'circuit.interneuron_loss' as a whole" in line
    assert _values(read(text, "circuit.interneuron_loss=0.2")) == [(1,)]
