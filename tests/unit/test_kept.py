"""Sound results of another model or of a newer format are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.synthetic_recording import make_recording
from tests.tiny import TINY
from unshielded.cli import sweep
from unshielded.cli.main import main
from unshielded.config import Experiment, load
from unshielded.model import digest
from unshielded.running.kept import OtherModel, other
from unshielded.running.run import run
from unshielded.store.writing import write as writing
from unshielded.store.writing.write import write_run
from unshielded.sweeps import plan

SIZES = {"pyramidal": 3, "motor_fr": 2, "renshaw": 2}


def leave(experiment: Experiment, out: Path, model: str) -> Path:
    """Leave a result with made-up data where a run would write it."""
    place = out / experiment.config.name / experiment.identity
    recording = make_recording(
        place.parent / "raw", duration=5.0, traced=0, spikes=False, sizes=SIZES
    )
    about = {"id": experiment.identity, "name": experiment.config.name, "seed": 1}
    about |= {"model": model, "unshielded": "0.0.9", "compiler": f"g++ of {model}"}
    settings = json.dumps(experiment.resolved, sort_keys=True)
    write_run(place / "results.h5", recording, about, "", settings, "{}", "")
    (place / "log.json").write_text(json.dumps({"model": model, "wall_s": 1.0}))
    return place / "results.h5"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "c.yaml"
    path.write_text(f"{TINY.read_text()}\nsweep: {{seeds: [1, 2, 3]}}\n")
    return path


def test_a_result_of_another_model_is_kept(config: Path, tmp_path: Path) -> None:
    experiment = load(config)
    results = leave(experiment, tmp_path, "before")
    before = results.read_bytes()
    with pytest.raises(OtherModel, match=r"of the model before .*0\.0\.9.*--out.*--force"):
        run(experiment, tmp_path)
    assert results.read_bytes() == before


def test_a_result_of_a_newer_format_is_kept(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = load(config)
    monkeypatch.setattr(writing, "FORMAT_VERSION", 99)
    leave(experiment, tmp_path, digest())
    with pytest.raises(OtherModel, match="format newer than"):
        run(experiment, tmp_path)


def test_what_is_damaged_or_of_this_model_is_not_in_the_way(config: Path, tmp_path: Path) -> None:
    results = leave(load(config), tmp_path, digest())
    assert other(results) == ""
    results = leave(load(config), tmp_path, "before")
    assert other(results)
    results.write_bytes(results.read_bytes()[:-7])
    assert other(results) == ""


@pytest.mark.parametrize("command", ["run", "sweep", "resume", "sweep --emit slurm-array"])
def test_commands_refuse(
    command: str, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planned = plan(load(config), tmp_path / "out")
    single = load(config, ["sweep=null"]) if command == "run" else planned.point(1)
    results = leave(single, tmp_path / "out", "before")
    before = results.read_bytes()
    name, *options = command.split()
    place = [planned.folder] if name == "resume" else [config, "--out", tmp_path / "out"]
    assert main([name, *options, *map(str, place)]) == 4
    said = capsys.readouterr().err
    assert "--force" in said
    assert ("1 result is of another model" in said) == (name != "run")
    assert results.read_bytes() == before


@pytest.mark.parametrize("grid", ["[0.5]", "[0.7]"])
@pytest.mark.parametrize("options", [[], ["--emit", "slurm-array"]])
def test_a_refused_sweep_leaves_the_plan_of_the_other_model(
    grid: str, options: list[str], config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether the new plan shares a point with the results that are there, or none."""
    planned = plan(load(config), tmp_path / "out")
    leave(planned.point(0), tmp_path / "out", "before")
    before = {path: path.read_bytes() for path in planned.folder.rglob("*") if path.is_file()}
    other = f"sweep={{grid: {{drive.level: {grid}}}}}"
    call = [
        "sweep",
        str(config),
        "--out",
        str(tmp_path / "out"),
        "--set",
        "sweep=null",
        "--set",
        other,
    ]
    assert main([*call, *options]) == 4
    assert "1 result is of another model" in capsys.readouterr().err
    assert {p: p.read_bytes() for p in planned.folder.rglob("*") if p in before} == before


def test_what_is_refused_is_refused_before_an_executor_starts(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "executor", lambda *_: pytest.fail("an executor was started"))
    for single in (one for _, _, one in load(config).points()):
        leave(single, tmp_path, "before")
    command = ["sweep", str(config), "--out", str(tmp_path)]
    assert main(command) == 4
    bad = ["--set", "parameters.nclx_maximum_rate=0 mM/s"]
    assert main([*command, "--force", *bad]) == 3


def test_compare_says_what_made_them(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = [leave(load(config), tmp_path / name, name) for name in ("old", "new")]
    assert main(["compare", *map(str, places)]) == 0
    said = capsys.readouterr().out
    assert "not made by the same model: A old, B new" in said
    assert "not made by the same compiler: A g++ of old, B g++ of new" in said
    assert "unshielded:" not in said  # the same version
