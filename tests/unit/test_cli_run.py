"""``run`` and ``sweep`` with the engine, on the tiny circuit."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.tiny import POPULATIONS, TINY
from unshielded.cli.main import main

Captured = pytest.CaptureFixture[str]
TinyRun = tuple[Path, subprocess.CompletedProcess[str]]

LOSS = "circuit.interneuron_loss"


def sweep_of(folder: Path, section: str) -> str:
    config = folder / "sweep.yaml"
    config.write_text(f"{TINY.read_text()}\nsweep: {section}\n")
    return str(config)


def test_json_is_one_object_on_stdout_and_progress_on_stderr(tiny_run: TinyRun) -> None:
    runs, done = tiny_run
    found = json.loads(done.stdout)
    assert list(found) == [
        "id", "results", "simulated_s", "wall_s", "engine", "compiled", "populations",
    ]  # fmt: skip
    assert found["simulated_s"] == 2.0
    assert Path(found["results"]).parent == runs / "tiny" / found["id"]
    motor = found["populations"]["motor_fr"]
    assert (motor["n"], motor["alive"], motor["lost"], motor["doomed"]) == (8, 8, 0, 0)
    assert (motor["mean_time_to_death_s"], motor["median_time_to_death_s"]) == (2.0, None)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["phase"] for line in lines][:2] == ["assemble", "compile"]
    simulating = next(line for line in lines if line["phase"] == "simulate")
    assert {"time_s", "duration_s", "percent", "eta_s", "alive"} <= simulating.keys()


def test_what_is_done_is_found_and_not_computed_again(tiny_run: TinyRun, capsys: Captured) -> None:
    runs, done = tiny_run
    first = json.loads(done.stdout)
    file = Path(first["results"])
    before, content = file.stat(), file.read_bytes()
    assert main(["run", str(TINY), "--out", str(runs), "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert json.loads(captured.out) == {**first, "compiled": False}
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert main(["run", str(TINY), "--out", str(runs), "--force"]) == 0
    assert file.stat().st_ino != before.st_ino
    assert file.read_bytes() == content


def test_text_names_populations_results_and_the_next_command(
    tiny_run: TinyRun, capsys: Captured
) -> None:
    runs, done = tiny_run
    assert main(["run", str(TINY), "--out", str(runs)]) == 0
    out = capsys.readouterr().out
    for word in ("pyramidal", "motor_fr", "oculomotor", "pv", "renshaw", "burned out", "lost"):
        assert word in out
    assert json.loads(done.stdout)["results"] in out
    assert "unshielded plot" in out


def test_a_run_leaves_the_sweep_out(tiny_run: TinyRun, tmp_path: Path, capsys: Captured) -> None:
    runs, done = tiny_run
    config = sweep_of(tmp_path, f"{{grid: {{{LOSS}: [0.5, 1]}}}}")
    assert main(["run", config, "--out", str(runs), "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["id"] == json.loads(done.stdout)["id"]
    assert "unshielded sweep" in captured.err


def test_seed_and_settings_make_another_run(
    tiny_run: TinyRun, tmp_path: Path, capsys: Captured
) -> None:
    base = json.loads(tiny_run[1].stdout)["id"]
    ids = {base}
    for change in (["--seed", "7"], ["--set", "drive.level=0"]):
        call = ["run", str(TINY), *change, "--out", str(tmp_path), "--format", "json"]
        assert main(call) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["compiled"] is False
        ids.add(found["id"])
    assert len(ids) == 3


@pytest.mark.thorough
def test_a_sweep_is_the_same_with_any_number_of_workers(
    tiny_run: TinyRun, tmp_path: Path, capsys: Captured
) -> None:
    config = sweep_of(tmp_path, f"{{grid: {{{LOSS}: [0, 0.5, 1.0]}}}}")
    files = []
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        call = ["sweep", config, "-j", jobs, "--out", str(out), "--format", "json"]
        assert main(call) == 0
        points = json.loads(capsys.readouterr().out)
        assert [p["point"] for p in points] == [{LOSS: 0}, {LOSS: 0.5}, {LOSS: 1.0}]
        assert all(p["compiled"] is False for p in points)
        files.append([Path(p["results"]).read_bytes() for p in points])
        with (out / "tiny" / "sweep.csv").open() as table:
            assert len(list(csv.DictReader(table))) == 3 * POPULATIONS
        assert (out / "tiny" / "dose_response.png").exists()
    assert files[0] == files[1]
    assert main(["sweep", config, "--out", str(tmp_path / "2")]) == 0
    text = capsys.readouterr()
    assert "motor_fr" in text.out
    assert str(tmp_path / "2" / "tiny" / "sweep.csv") in text.out
    phases = [json.loads(line)["phase"] for line in text.err.splitlines()]
    assert "simulate" not in phases
    assert phases.count("done") == 3


def test_a_sweep_with_failed_runs_finishes_the_others(
    tiny_run: TinyRun, tmp_path: Path, capsys: Captured
) -> None:
    config = sweep_of(tmp_path, "{grid: {parameters.injected_current: [0 nA, 1000 nA]}}")
    assert main(["sweep", config, "--out", str(tmp_path), "--format", "json"]) == 1
    captured = capsys.readouterr()
    good, bad = json.loads(captured.out)
    assert good["populations"]["motor_fr"]["n"] == 8
    assert "is not finite" in bad["error"]
    assert "error: injected_current=1000 nA seed=1: membrane_potential of" in captured.err
    assert "1 of 2 runs failed" in captured.err


def test_plot_finds_the_runs_of_a_folder(tiny_run: TinyRun, capsys: Captured) -> None:
    runs, done = tiny_run
    assert main(["plot", str(runs)]) == 0
    drawn = Path(json.loads(done.stdout)["results"]).with_name("run.png")
    assert str(drawn) in capsys.readouterr().out
    assert drawn.exists()


@pytest.mark.slow
def test_doctor_compiles_and_runs(command: Command) -> None:
    done = command("doctor")
    assert done.returncode == 0, done.stderr
    assert "a tiny experiment ran" in done.stdout
