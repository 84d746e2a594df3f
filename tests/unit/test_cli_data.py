"""Commands that run nothing: what they print, and how they end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.conftest import Command
from tests.synthetic_recording import make_recording
from tests.tiny import CELLS, NEURONS, TINY
from unshielded import circuit
from unshielded.cli import main as cli
from unshielded.cli.main import explain, main
from unshielded.config import catalogue
from unshielded.engine.errors import CompileError, Interrupted, NotFinite, OutputError
from unshielded.mechanism import MechanismError, UnitError
from unshielded.store.format.files import CorruptResult, StoreError
from unshielded.store.writing.write import write_run

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("result")
    recording = make_recording(folder / "raw", duration=5.0)
    write_run(folder / "results.h5", recording, {"seed": 3, "name": "demo"}, "", "{}", "{}", "")
    return folder


def test_version_goes_to_stdout(capsys: Captured) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("unshielded ")


@pytest.mark.parametrize("arguments", [["nothing"], ["run"], ["sweep", "x", "-j", "0"]])
def test_wrong_usage_is_2_and_leaves_stdout_empty(arguments: list[str], capsys: Captured) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnitError("x"), 2),
        (MechanismError("x"), 2),
        (NotFinite("x"), 3),
        (OutputError("x"), 4),
        (StoreError("x"), 4),
        (OSError(28, "No space left on device", "f"), 4),
        (CorruptResult("x"), 5),
        (CompileError("x"), 6),
        (Interrupted(15), 143),
        (ZeroDivisionError("x"), 70),
    ],
)
def test_every_error_has_its_exit_code(error: Exception, code: int) -> None:
    assert explain(error)[0] == code


def test_an_error_of_the_program_is_short_unless_asked(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("unshielded.config.json_schema", broken)
    assert main(["schema"]) == cli.BUG
    short = capsys.readouterr().err
    assert "a bug" in short
    assert "--debug" in short
    assert "Traceback" not in short
    assert main(["--debug", "schema"]) == cli.BUG
    assert "Traceback" in capsys.readouterr().err


def test_validate_shows_all_problems_of_all_files(tmp_path: Path, capsys: Captured) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("name: x\ndration: 1 s\nseed: -1\n")
    files = [str(tmp_path / "one.yaml"), str(TINY), str(tmp_path / "two.yaml")]
    assert main(["validate", *files]) == 2
    captured = capsys.readouterr()
    for file in (files[0], files[2]):
        assert f"{file}:2:1: dration" in captured.err
        assert f"{file}:3:7: seed" in captured.err
    assert f"{TINY}: good" in captured.out


def test_validate_predicts_the_needs_of_a_sweep(tmp_path: Path, capsys: Captured) -> None:
    config = tmp_path / "sweep.yaml"
    sweep = "sweep: {grid: {circuit.interneuron_loss: [0, 0.5, 1]}, seeds: [1, 2]}\n"
    config.write_text(TINY.read_text() + sweep)
    assert main(["validate", str(config)]) == 0
    out = capsys.readouterr().out
    assert "6 (3 points × 2 seeds)" in out
    numbers = (str(NEURONS), f"{CELLS} with calcium")
    for word in ("neurons", *numbers, "synapses", "memory", "disk", "scratch"):
        assert word in out


def test_params_have_everything_a_reader_needs(capsys: Captured) -> None:
    assert main(["params", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    names = [row["name"] for row in rows]
    assert sorted(names) == sorted([*catalogue().parameters, *circuit.CONDITIONS])
    for row in rows:
        assert row["meaning"]
        assert row["mechanism"]
        assert row["origin"] == "model"
        assert row["kind"] in ("measured", "fitted", "assumed")
        assert row["preparation"] if row["kind"] == "measured" else row["rationale"]
    capacity = next(row for row in rows if row["name"] == "buffer_capacity")
    assert capacity["populations"]["motor_fr"]["source"]


def test_params_show_what_a_config_changes(tmp_path: Path, capsys: Captured) -> None:
    config = tmp_path / "c.yaml"
    config.write_text("name: c\nduration: 1 s\nparameters: {leak_conductance: 20 nS}\n")
    own = "circuit.populations.motor_fr.parameters={buffer_capacity: 77}"
    call = ["params", str(config), "--set", own, "--set", "drive.level=0.25"]
    assert main([*call, "--format", "json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    leak, capacity, level = (
        rows[n] for n in ("leak_conductance", "buffer_capacity", "command_level")
    )
    assert (leak["value"], leak["kind"]) == (20, "given")
    assert leak["origin"] == f"{config}:3:32"
    assert leak["populations"] == {}  # it replaces the values of the populations too
    assert capacity["populations"]["motor_fr"]["value"] == 77
    assert capacity["populations"]["motor_fr"]["origin"].startswith("--set " + own.split("=")[0])
    assert capacity["populations"]["oculomotor"]["origin"] == "model"
    assert (level["value"], level["origin"]) == (0.25, "--set drive.level=0.25")
    assert main(call) == 0
    text = capsys.readouterr().out
    assert "20 nS" in text
    assert f"{config}:3:32" in text


def test_schema_accepts_the_tiny_config(capsys: Captured) -> None:
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(TINY.read_text()), schema)


def test_inspect_a_result_and_an_entry(result: Path, capsys: Captured) -> None:
    assert main(["inspect", str(result), "--format", "json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert (whole["name"], whole["seed"]) == ("demo", 3)
    assert {"path", "populations", "tree"} <= whole.keys()
    entry = "/populations/motor_fr/atp_mean"
    assert main(["inspect", str(result / "results.h5"), entry, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["units"] == "mM"
    assert main(["inspect", str(result)]) == 0
    assert "atp_mean" in capsys.readouterr().out
    assert main(["inspect", str(result), "/nowhere"]) == 2


def test_plot_draws_beside_the_result_or_where_told(
    result: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert main(["plot", str(result.parent / result.name)]) == 0
    assert capsys.readouterr().out.split() == [
        str(result / "run.png"),
        str(result / "membrane.png"),
    ]
    assert main(["plot", str(result), "--out", str(tmp_path / "f.svg")]) == 0
    assert (tmp_path / "f.svg").exists()
    assert (tmp_path / "f_membrane.svg").exists()
    assert main(["plot", str(result), str(result), "--out", str(tmp_path / "g.svg")]) == 2
    assert main(["plot", str(tmp_path)]) == 4


def test_plot_of_a_pattern_skips_what_a_sweep_keeps_beside_its_runs(
    result: Path, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "running").mkdir()
    (tmp_path / "running" / "3").touch()
    (tmp_path / "plan.json").write_text("{}")
    (tmp_path / "x").symlink_to(result)
    assert main(["plot", *map(str, sorted(tmp_path.iterdir()))]) == 0
    told = capsys.readouterr()
    assert told.out.split() == [str(tmp_path / "x" / f"{n}.png") for n in ("run", "membrane")]
    for name in ("running", "plan.json"):
        assert f"skipped: {tmp_path / name}" in told.err
    assert main(["plot", str(tmp_path / "running"), str(tmp_path / "plan.json")]) == 4


def test_reading_and_checking_load_no_engine(result: Path, tmp_path: Path) -> None:
    script = f"""
import sys
from unshielded.cli.main import main
for call in (["--version"], ["validate", {str(TINY)!r}], ["params"], ["schema"],
             ["inspect", {str(result)!r}], ["plot", {str(result)!r}]):
    assert main(call) == 0, call
    assert "brian2" not in sys.modules, call
    assert "matplotlib" not in sys.modules or call[0] == "plot", call
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_nothing_but_plain_text_without_a_terminal(command: Command, result: Path) -> None:
    for call in (["params"], ["inspect", result], ["validate", TINY], ["doctor", "--quick"]):
        done = command(*call)
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout + done.stderr
        assert not any(line.endswith(" ") for line in done.stdout.splitlines())


def test_doctor_names_what_there_is(command: Command, cache: Path) -> None:
    out = command("doctor", "--quick").stdout
    for word in ("python", "brian2", "g++", "make", "cores", str(cache)):
        assert word in out
