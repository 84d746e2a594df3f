"""``unshielded calibrate``: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from unshielded.calibration import load_problem
from unshielded.calibration.calibrate import draw
from unshielded.cli.main import main
from unshielded.single_cell.cell import numbers

Captured = pytest.CaptureFixture[str]

PROBLEM = """\
priors:
  mcu_maximum_rate: {median: 20 mM/s, factor: 2, why: made up}
  calpain_constant: {median: 2 uM, factor: 1.5, why: made up}
facts:
  share:
    {population: motor_fr, firing_rate: 50 Hz, held_at: -60 mV, driven: electrode, calcium_per_spike: 3 uM,
     duration: 10 s, expect: share, low: 0.1, high: 0.4, source: [Barrett2014], why: made up}
  rest: {population: motor_fr, duration: 10 min, expect: alive, source: [Attwell2001], why: it rests}
"""


@pytest.fixture
def problem(tmp_path: Path) -> str:
    path = tmp_path / "problem.yaml"
    path.write_text(PROBLEM, encoding="utf-8")
    return str(path)


def test_data_and_file_tell_the_plausible_set(
    problem: str, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "found.json"
    call = ["calibrate", problem, "--draws", "32", "--seed", "3", "--out", str(out)]
    assert main([*call, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert json.loads(out.read_text()) == data
    assert (data["draws"], data["seed"]) == (32, 3)
    share, rest = data["facts"]
    assert (share["name"], share["expect"], share["source"]) == ("share", "share", ["Barrett2014"])
    assert share["asked"] == 32
    assert 0 < share["met"] < 32  # it rejects, and not all
    assert (rest["asked"], rest["met"], rest["dead"]) == (share["met"], data["plausible"], 0)
    mcu, calpain = data["parameters"]
    assert (mcu["unit"], mcu["prior"], mcu["factor"]) == ("mM/s", pytest.approx(20), 2)
    assert (calpain["unit"], calpain["prior"]) == ("uM", pytest.approx(2))
    assert mcu["in_use"] == pytest.approx(numbers("motor_fr")["mcu_maximum_rate"])
    drawn = draw(load_problem(Path(problem)), 32, 3)
    for row, scale in ((mcu, 1.0), (calpain, 1e3)):  # mM are mol/m³, µM a thousandth
        values = np.array(row["values"])
        assert values.size == data["plausible"]
        distance = np.abs(values[:, None] - scale * drawn[row["name"]]).min(axis=1)
        np.testing.assert_allclose(distance, 0, atol=1e-9)
        expected = np.quantile(values, [0.05, 0.5, 0.95])
        np.testing.assert_allclose([row["low"], row["median"], row["high"]], expected)
        assert row["central"] in values


def test_the_same_call_gives_the_same_digest_and_another_seed_another(
    problem: str, capsys: Captured
) -> None:
    digests = []
    for seed in ("1", "1", "2"):
        assert main(["calibrate", problem, "--draws", "8", "--seed", seed, "--format", "json"]) == 0
        digests.append(json.loads(capsys.readouterr().out)["digest"])
    assert digests[0] == digests[1] != digests[2]


def test_the_tables_tell_facts_and_parameters(
    problem: str, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "found.json"
    assert main(["calibrate", problem, "--draws", "16", "--out", str(out)]) == 0
    shown = capsys.readouterr().out.splitlines()
    data = json.loads(out.read_text())
    for row in data["facts"]:
        (line,) = [line for line in shown if line.startswith(f"{row['name']} ")]
        told = line[len(row["name"]) :].split()
        assert told == [row["expect"], *(str(row[key]) for key in ("asked", "met", "dead"))]
    for row in data["parameters"]:
        (line,) = [line for line in shown if line.startswith(f"{row['name']} ")]
        assert f" {row['unit']} " in line
        assert f"{row['prior']:.3g} ×/÷ {row['factor']:g}" in line
        assert f"{row['low']:.3g}–{row['high']:.3g}" in line
    assert f"{data['plausible']} of 16 draws explain every fact" in shown
    assert shown[-1] == str(out)


def test_nothing_is_plausible(problem: str, tmp_path: Path, capsys: Captured) -> None:
    Path(problem).write_text(PROBLEM.replace("low: 0.1, high: 0.4", "low: 0.98, high: 0.99"))
    assert main(["calibrate", problem, "--draws", "4"]) == 0
    assert "0 of 4 draws explain every fact" in capsys.readouterr().out
    assert main(["calibrate", problem, "--draws", "4", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [row["asked"] for row in data["facts"]] == [4, 0]
    for row in data["parameters"]:
        assert row["values"] == []
        assert [row[key] for key in ("low", "median", "high", "central")] == [None] * 4


@pytest.mark.parametrize("draws", ["3", "12", "1000"])
def test_draws_are_a_power_of_two(draws: str, problem: str, capsys: Captured) -> None:
    assert main(["calibrate", problem, "--draws", draws]) == 2
    said = capsys.readouterr().err
    assert "'--draws'" in said
    assert f"{draws} is not a power of two" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("written", "bad", "said"),
    [
        (
            "motor_fr",
            "motor_fx",
            "problem.yaml:6:18: facts.share.population: there is no population",
        ),
        (
            "20 mM/s",
            "20 mM",
            "problem.yaml:2:30: priors.mcu_maximum_rate.median: '20 mM' has the unit",
        ),
        ("facts:", "facts: [", "problem.yaml:8:3: is not YAML"),
        ("priors:", "prior:", "problem.yaml:1:1: prior: there is no setting 'prior'"),
    ],
)
def test_a_bad_problem_is_an_error_of_usage_with_its_place(
    problem: str, capsys: Captured, written: str, bad: str, said: str
) -> None:
    Path(problem).write_text(PROBLEM.replace(written, bad, 1))
    assert main(["calibrate", problem]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert "Traceback" not in shown.err


def test_a_problem_that_is_not_there_and_a_file_that_cannot_be_written(
    problem: str, tmp_path: Path, capsys: Captured
) -> None:
    assert main(["calibrate", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml:1:1: there is no such file" in capsys.readouterr().err
    lost = tmp_path / "none" / "found.json"
    assert main(["calibrate", problem, "--draws", "2", "--out", str(lost)]) == 4
    said = capsys.readouterr().err
    assert str(lost) in said
    assert "Traceback" not in said
