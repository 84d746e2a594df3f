"""Loading experiments: values, files that extend, overrides, origins, identity, sweeps."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.synthetic_catalogue import CATALOGUE, GOOD
from unshielded.config import ConfigError, Experiment, dump, load

MINIMAL = "name: a\nduration: 10 s\n"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(text: str, name: str = "a.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return _write


def _load(path: Path, *overrides: str, **more: Any) -> Experiment:
    return load(path, overrides, catalogue=CATALOGUE, **more)


def _errors(path: Path, *overrides: str, **more: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        _load(path, *overrides, **more)
    return str(caught.value)


def test_values_are_si(write: Write) -> None:
    config = _load(write(GOOD)).config
    assert config.duration == 360
    assert config.seed == 7
    assert config.circuit.pathways["pyramidal_to_motor_fr"].delay == 0.004
    assert config.parameters == {"mcu_maximum_rate": 3.0, "resting_potential": -0.07}
    assert config.drive.from_ == 0
    assert config.drive.until is None
    assert config.circuit.interneuron_loss.until == 300
    assert config.circuit.populations["pyramidal"].parameters == {"buffer_capacity": 80.0}


def test_defaults_come_from_the_catalogue(write: Write) -> None:
    config = _load(write(MINIMAL)).config
    assert list(config.circuit.populations) == list(CATALOGUE.populations)
    assert list(config.circuit.pathways) == list(CATALOGUE.pathways)
    assert config.circuit.populations["motor_fr"].size == 10
    assert config.circuit.populations["motor_fr"].parameters == {}
    assert not config.circuit.populations["pv"].carries_calcium
    assert config.circuit.pathways["pv_to_pyramidal"].delay == 0.0015
    assert config.record.membrane is None
    assert config.seed == 1


def test_a_config_is_frozen(write: Write) -> None:
    config = _load(write(MINIMAL)).config
    with pytest.raises(ValidationError, match="frozen"):
        config.drive.level = 2.0


def test_yaml_1_2_scalars(write: Write) -> None:
    config = _load(
        write("name: no\nduration: 1e1 s\nseed: 012\ndescription: 1:30\ndrive: {level: 1e-3}\n")
    ).config
    assert config.name == "no"
    assert config.seed == 12
    assert config.description == "1:30"
    assert config.drive.level == 0.001


def test_names_in_quotes_and_a_byte_order_mark(write: Write) -> None:
    assert _load(write('\ufeff"name": "1"\n"duration": 50 s\n')).config.name == "1"


def test_percent_is_a_number(write: Write) -> None:
    assert _load(write(MINIMAL + "glutamate: {eaat2: 50 %}\n")).config.glutamate.eaat2 == 0.5


def test_membrane_interval_is_rounded_to_fast_steps(write: Write) -> None:
    membrane = _load(write(GOOD)).config.record.membrane
    assert membrane is not None
    assert membrane.interval == 8 / 8192


def test_constant_loss_in_short_and_in_full(write: Write) -> None:
    short = _load(write(MINIMAL + "circuit: {interneuron_loss: 0.5}\n"))
    full = _load(write(MINIMAL + "circuit: {interneuron_loss: {loss: 50 %}}\n"))
    assert short.identity == full.identity
    assert short.origin["circuit.interneuron_loss.loss"].endswith(":3:29")
    assert short.origin["circuit.interneuron_loss.until"].endswith(":3:29")


def test_identity_does_not_depend_on_how_it_is_written(write: Write) -> None:
    one = _load(write(MINIMAL + "drive: {ramp: 2 ms, level: 1}\n"))
    other = _load(
        write(
            "# a comment\ndrive: {level: 1.0, ramp: 0.002 s}\nname: b\ndescription: c\n"
            "duration: 10000 ms\nseed: 1\nsweep: {seeds: [3]}\n",
            "b.yaml",
        )
    )
    assert one.identity == other.identity
    assert one.resolved == other.resolved
    assert len(one.identity) == 16
    assert one.identity != _load(write(MINIMAL), seed=2).identity
    assert one.identity != _load(write(MINIMAL)).identity


def test_resolved_is_complete_json(write: Write) -> None:
    resolved = _load(write(GOOD)).resolved
    assert json.loads(json.dumps(resolved)) == resolved
    assert resolved.keys().isdisjoint({"name", "description", "seed", "sweep"})
    assert resolved["drive"]["from"] == 0
    assert set(resolved["circuit"]["populations"]) == set(CATALOGUE.populations)


def test_dump_loads_as_the_same_experiment(write: Write) -> None:
    experiment = _load(write(GOOD))
    again = _load(write(dump(experiment), "again.yaml"))
    assert again.identity == experiment.identity
    assert again.config == experiment.config.model_copy(update={"sweep": None})
    assert "duration: 360 s" in dump(experiment)
    assert "mcu_maximum_rate: 3 mM/s" in dump(experiment)


def test_extends(write: Write, tmp_path: Path) -> None:
    (tmp_path / "bases").mkdir()
    write("name: base\nduration: 10 s\ndrive: {level: 2, ramp: 1 s}\n", "bases/one.yaml")
    write("extends: one.yaml\ndrive:\n  ramp: 2 s\n", "bases/two.yaml")
    top = write("extends: bases/two.yaml\nname: top\ndrive: {duty: 0.1}\n")
    experiment = _load(top)
    assert experiment.config.name == "top"
    assert experiment.config.drive.level == 2
    assert experiment.config.drive.ramp == 2
    assert experiment.config.drive.duty == 0.1
    assert experiment.origin["drive.level"] == f"{tmp_path}/bases/one.yaml:3:16"
    assert experiment.origin["drive.ramp"] == f"{tmp_path}/bases/two.yaml:3:9"
    assert experiment.origin["drive.duty"] == f"{top}:3:15"
    assert experiment.origin["drive.command"] == "default"
    assert experiment.source_text == top.read_text(encoding="utf-8")


def test_a_problem_in_a_base_is_reported_there(write: Write, tmp_path: Path) -> None:
    write("name: base\nduration: 10 V\n", "base.yaml")
    assert _errors(write("extends: base.yaml\nseed: x\n")) == (
        f"{tmp_path}/a.yaml:2:7: seed: found 'x', expected a whole number\n"
        f"{tmp_path}/base.yaml:2:11: duration: '10 V' has the unit 'V', "
        "expected a unit like 's'"
    )


def test_extends_in_a_circle(write: Write, tmp_path: Path) -> None:
    write("extends: a.yaml\n", "b.yaml")
    text = _errors(write("extends: b.yaml\n"))
    assert text.startswith(f"{tmp_path}/b.yaml:1:10: extends: 'a.yaml' leads back")


def test_extends_too_long(write: Write) -> None:
    write(MINIMAL, "0.yaml")
    paths = [write(f"extends: {i}.yaml\n", f"{i + 1}.yaml") for i in range(11)]
    assert _load(paths[9]).config.duration == 10
    assert "more than 10 files extend each other" in _errors(paths[10])


def test_overrides(write: Write) -> None:
    experiment = _load(
        write(GOOD),
        "drive.level=0.5",
        "circuit.interneuron_loss=0.25",
        "parameters={buffer_capacity: 50}",
        "record.membrane=null",
        "description=",
        "description=later wins",
    )
    config = experiment.config
    assert config.drive.level == 0.5
    assert config.circuit.interneuron_loss.loss == 0.25
    assert config.circuit.interneuron_loss.until is None
    assert config.parameters.keys() == {"buffer_capacity", "mcu_maximum_rate", "resting_potential"}
    assert config.record.membrane is None
    assert config.description == "later wins"
    assert experiment.origin["drive.level"] == "--set drive.level=0.5"
    assert experiment.origin["parameters.buffer_capacity"] == (
        "--set parameters={buffer_capacity: 50}"
    )


def test_overrides_make_the_sections_they_need(write: Write) -> None:
    experiment = _load(
        write(MINIMAL),
        "circuit.populations.motor_fr.size=3",
        "sweep.grid.drive.level=[1, 2]",
    )
    assert experiment.config.circuit.populations["motor_fr"].size == 3
    assert len(list(experiment.points())) == 2


def test_seed_argument(write: Write) -> None:
    experiment = _load(write(GOOD), seed=5)
    assert experiment.config.seed == 5
    assert experiment.origin["seed"] == "--seed 5"
    assert _errors(write(GOOD), seed=-5).startswith("--seed -5:1:1: seed: -5 is too small")


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("drive.level=x", "--set drive.level=x:1:13: drive.level: 'x' is not a quantity"),
        ("drive.levl=1", "--set drive.levl=1:1:1: drive.levl: there is no setting 'levl'; did you"),
        ("drive={level: [}", "--set drive={level: [}:1:16: is not YAML"),
        ("drive", "--set drive:1:1: is not an override, expected path=value"),
        ("=3", "--set =3:1:1: is not an override"),
        ("a..b=3", "--set a..b=3:1:1: is not an override"),
        ("extends=x.yaml", "--set extends=x.yaml:1:1: extends: cannot be set from outside"),
        ("duration=5 s", "a.yaml:11:39: circuit.interneuron_loss.from: 60 s is not before"),
        ("seed=!!int 3", "--set seed=!!int 3:1:6: seed: the tag"),
        (f"seed={'1' * 100}", "1111…:1:6: seed: 11111"),
        ("drive=" + "[" * 50, "is nested deeper"),
        (".".join("a" * 40) + "=1", "is not an override"),
    ],
)
def test_bad_overrides(write: Write, override: str, expected: str) -> None:
    assert expected in _errors(write(GOOD), override)


def test_all_bad_overrides_at_once(write: Write) -> None:
    text = _errors(write("name: A\nduration: 1 s\n"), "drive", "seed=x", "eaat=1")
    assert len(text.splitlines()) == 4


def test_without_a_sweep_there_is_one_point(write: Write) -> None:
    experiment = _load(write(MINIMAL))
    [(point, seed, only)] = experiment.points()
    assert (point, seed, only.identity) == ({}, 1, experiment.identity)


def test_points_are_complete_experiments(write: Write) -> None:
    experiment = _load(write(GOOD))
    points = list(experiment.points())
    assert [(p, s) for p, s, _ in points] == [
        ({"glutamate.eaat2": value}, seed) for value in (0, 0.5, 1.0) for seed in (1, 2)
    ]
    assert len({x.identity for _, _, x in points}) == 6
    for point, seed, one in points:
        assert one.config.sweep is None
        assert one.config.seed == seed
        assert one.config.glutamate.eaat2 == point["glutamate.eaat2"]
        assert one.source_text == GOOD
        assert one.origin["glutamate.eaat2"].split(":")[-2] == "29"
        assert _load(write(dump(one), "one.yaml")).identity == one.identity


def test_sections_can_be_swept(write: Write) -> None:
    sweep = (
        "sweep:\n  grid:\n    circuit.interneuron_loss: [0.5, {loss: 1, from: 0 s, until: 1 s}]\n"
        "    record.membrane: [null, {until: 1 s}]\n"
        "    circuit.populations.motor_fr.size: [1, 2]\n"
    )
    points = [one.config for _, _, one in _load(write(MINIMAL + sweep)).points()]
    assert len(points) == 8
    assert {one.circuit.interneuron_loss.until for one in points} == {None, 1.0}
    assert {one.circuit.populations["motor_fr"].size for one in points} == {1, 2}


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "nothing.yaml:1:1: there is no such file" in _errors(tmp_path / "nothing.yaml")
    assert "is a folder" in _errors(tmp_path)
    assert "cannot be read" in _errors(tmp_path / ("a" * 300))
    assert "cannot be read" in _errors(Path("a\0b"))
    os.mkfifo(tmp_path / "pipe")
    assert "is not a regular file" in _errors(tmp_path / "pipe")
    (tmp_path / "latin.yaml").write_bytes(b"name: a\ndescription: caf\xe9\n")
    assert "latin.yaml:2:17: the byte 0xe9 is not UTF-8" in _errors(tmp_path / "latin.yaml")
    (tmp_path / "large.yaml").write_bytes(b"#" * ((1 << 20) + 1))
    assert "is larger than 1 MiB" in _errors(tmp_path / "large.yaml")
