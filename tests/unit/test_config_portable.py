"""The portable form of an experiment: the same again, or one line that says what is wrong."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.synthetic_catalogue import CATALOGUE, GOOD
from unshielded.config import Experiment, load
from unshielded.config.portable import from_json, to_json

HEAD = "name: a\nduration: 10 s\n"
SAMPLE = "{method: sobol, n: 4, seed: 2, axes: {drive.level: {low: 1, high: 2}}}"
Read = Callable[..., Experiment]
EVERY = HEAD + (
    "sweep:\n  grid: {glutamate.eaat2: [0, 1], circuit.heterogeneity: [0, 1]}\n"
    "  zip: {drive.ramp: [1 s, 2 s], drive.frequency: [3 Hz, 4 Hz]}\n"
    "  list: [{drive.duty: 0.1}, {drive.duty: 0.2}]\n"
    f"  sample: {SAMPLE}\n"
    "  seeds: [5, 6]\n"
)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(text: str, *overrides: str, **more: Any) -> Experiment:
        path = tmp_path / "a.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path, overrides, catalogue=CATALOGUE, **more)

    return _read


def _again(experiment: Experiment, **options: Any) -> Experiment:
    text = json.dumps(to_json(experiment), allow_nan=False, **options)
    return from_json(json.loads(text), CATALOGUE)


@pytest.mark.parametrize("text", [GOOD, EVERY, HEAD])
@pytest.mark.parametrize("sort_keys", [False, True])
def test_the_portable_form_is_the_same_experiment(read: Read, text: str, sort_keys: bool) -> None:
    one = read(text, "record.neurons=2", seed=8)
    other = _again(one, sort_keys=sort_keys)
    assert other.identity == one.identity
    assert other.origin == one.origin
    assert other.source_text == text
    assert other.config == one.config
    assert other.listing() == one.listing()
    assert to_json(other) == to_json(one)
    last = len(one.listing()) - 1
    assert other.point(last).origin == one.point(last).origin
    assert other.point(last).identity == one.point(last).identity


def test_the_portable_form_needs_no_other_file(read: Read, tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(HEAD + "drive: {duty: 0.25}\n", encoding="utf-8")
    one = read("extends: base.yaml\nsweep: {grid: {drive.level: [1, 2]}}\n")
    data = to_json(one)
    base.unlink()
    (tmp_path / "a.yaml").unlink()
    other = from_json(data, CATALOGUE)
    assert other.point(1).identity == one.point(1).identity
    assert other.origin["drive.duty"] == f"{base}:3:15"


def _changed(data: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data = copy.deepcopy(data)
    here: Any = data
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("format",), 1, "has format 1, expected 2"),
        (("format",), True, "has format true"),
        (("more",), 1, "has a wrong 'more'"),
        (("config",), None, "has a wrong 'config'"),
        (("config",), "b.yaml", "b.yaml:1:1: there is no such file"),
        (("overrides",), "record.neurons=2", "has a wrong 'overrides'"),
        (("overrides",), ["record.neurons"], "is not an override"),
        (("seed",), -1, "has a wrong 'seed'"),
        (("seed",), True, "has a wrong 'seed'"),
        (("files",), [], "has a wrong 'files'"),
        (("files", "a.yaml"), ["a.yaml"], "has a wrong 'files'.'a.yaml'"),
        (("files", "a.yaml", 1), "", "a.yaml:1:1: the file is empty"),
        (("files", "a.yaml", 1), "\ud800", "is not allowed, expected printable text"),
        (("files", "a.yaml", 1), "[" * 40, "nested deeper than 32 levels"),
        (("files", "a.yaml", 1), "name: Not A Name\n", "a.yaml:1:7: name: found 'Not A Na"),
        (("files", "a.yaml", 1), HEAD + "sweep: {grid: {drive.x: [1]}}\n", "no setting"),
    ],
)
def test_malformed_portable_data(
    read: Read, path: tuple[Any, ...], value: Any, expected: str
) -> None:
    data = to_json(read(HEAD + "sweep: {grid: {drive.level: [1, 2]}}\n"))
    data = {**data, "config": "a.yaml", "files": {"a.yaml": next(iter(data["files"].values()))}}
    with pytest.raises(ValueError, match=re.escape(expected)) as caught:
        from_json(_changed(data, path, value), CATALOGUE)
    assert len(str(caught.value).splitlines()) == 1


def test_a_point_of_damaged_data_says_what_is_wrong(read: Read) -> None:
    data = to_json(read(HEAD + "sweep: {grid: {drive.duty: [0, 1]}}\n"))
    (name,) = data["files"]
    text = data["files"][name][1].replace("[0, 1]", "[0, 7]")
    damaged = from_json(_changed(data, ("files", name, 1), text), CATALOGUE)
    assert damaged.point(0).config.drive.duty == 0
    with pytest.raises(ValueError, match=r"a\.yaml:3:32: drive\.duty: 7 is too large"):
        damaged.point(1)


@pytest.mark.parametrize("data", [None, [], "x", {}, {"format": 2}])
def test_data_that_are_no_experiment(data: object) -> None:
    with pytest.raises(ValueError, match="the stored experiment"):
        from_json(data, CATALOGUE)
