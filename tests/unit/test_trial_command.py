"""``trial`` with the engine, on the tiny circuit, under conditions that kill."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from rich.console import Console

from tests.figures import assert_fit_to_print
from tests.tiny import TINY
from unshielded.circuit.populations import LIMB_POOLS
from unshielded.cli.main import main
from unshielded.cli.trial import summary
from unshielded.plot.trial import draw_variants, plot_trial
from unshielded.plot.trial_course import (
    _begin,
    _curves,
    draw_trial_survival,
    looks,
    plot_starts,
    plot_trial_survival,
)
from unshielded.results.trial import MotorNeuronOutcome, compare, motor_neuron_outcomes
from unshielded.store.reading.read import open_run

Captured = pytest.CaptureFixture[str]
YEAR = 365.25 * 86400.0

#: Calcium of a cell that fires kills within a second or two; what makes calpain insensitive saves.
TRIAL = """
drive: {command: sustained, level: 1}
parameters: {calpain_constant: 0.15 uM, proteolysis_time: 1 s}
trial:
  control: untreated
  arms:
    untreated: []
    saved: {parameters.calpain_constant: 1 mM}
"""


def config(folder: Path, section: str = TRIAL) -> str:
    path = folder / "trial.yaml"
    text = TINY.read_text().replace("duration: 2 s", "duration: 4 s")
    path.write_text(text + section)
    return str(path)


def test_arms_are_run_and_compared(cache: Path, tmp_path: Path, capsys: Captured) -> None:
    call = ["trial", config(tmp_path), "--set", "trial.seeds=[1, 2]", "-j", "2", "--out"]
    assert main([*call, str(tmp_path), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["control"] == "untreated"
    untreated, saved = found["arms"]
    assert (untreated["motor_neurons"], untreated["seeds"]) == (18, 2)
    # what the results themselves say of the dead
    dead = 0
    for result in (tmp_path / "tiny").glob("*/results.h5"):
        with open_run(result) as run:
            dead += sum(int((run.fate(p)["alive"] == 0).sum()) for p in LIMB_POOLS)
    assert untreated["deaths"] == dead > 0
    assert untreated["hazard_ratio"] is None
    assert (saved["deaths"], saved["control_deaths"], saved["prevented"]) == (0, dead, 1.0)
    assert saved["alive_difference"] == dead / 2
    assert saved["hazard_ratio"] is None
    assert 0 < saved["hazard_ratio_high"] < 1
    assert saved["hazard_ratio_note"].startswith("no deaths with it")
    assert saved["time_gained_s"] > 0
    with (tmp_path / "tiny" / "trial.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["arm"] for row in rows] == ["untreated", "saved"]
    assert float(rows[1]["hazard_ratio_high"]) == saved["hazard_ratio_high"]
    assert rows[1]["hazard_ratio"] == ""

    # given again, nothing is computed, and it says the same
    assert main([*call, str(tmp_path)]) == 0
    again = capsys.readouterr()
    phases = [json.loads(line)["phase"] for line in again.err.splitlines()]
    # "start" is heard of a point where a look at what is there takes more than a second
    assert set(phases) - {"start"} == {"done"}
    assert phases.count("done") == 4
    assert f"below {saved['hazard_ratio_high']:.2g}" in again.out
    for name in ("trial.csv", "trial.json", "trial_forest.png", "trial_survival.png", "sweep.csv"):
        assert str(tmp_path / "tiny" / name) in again.out
        assert (tmp_path / "tiny" / name).stat().st_size > 0


def test_what_it_would_run(tmp_path: Path, capsys: Captured) -> None:
    call = ["trial", config(tmp_path), "--dry-run", "--format", "json", "--out", str(tmp_path)]
    assert main([*call, "--set", "trial.seeds=[1, 2, 3]"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(p["point"]["arm"], p["seed"]) for p in found["list"]] == [
        (arm, seed) for arm in ("untreated", "saved") for seed in (1, 2, 3)
    ]


def test_a_config_without_a_trial_is_refused(tmp_path: Path, capsys: Captured) -> None:
    assert main(["trial", str(TINY), "--out", str(tmp_path)]) == 2
    assert "trial: is missing, expected the arms" in capsys.readouterr().err


def made(variant: str, arm: str, start: str, seed: int, deaths: int) -> MotorNeuronOutcome:
    time = np.array([600.0 + 10 * k + seed for k in range(deaths)] + [900.0] * (30 - deaths))
    return MotorNeuronOutcome(variant, arm, start, seed, time, time < 900, 900.0, 0.9)


def test_there_is_a_figure_for_what_there_is(tmp_path: Path) -> None:
    def drawn(variants: list[str], starts: list[str], died: int = 9) -> list[str]:
        runs: list[MotorNeuronOutcome] = []
        for variant in variants:
            for seed in (1, 2, 3):
                runs.append(made(variant, "control", "–", seed, died))
                for place, start in enumerate(starts):
                    runs.append(
                        made(variant, "a $ drug $\\x", start, seed, min(died, 3 * place + seed))
                    )
        paths = plot_trial(compare(runs, "control"), runs, "control", tmp_path)
        assert all(path.stat().st_size > 5000 for path in paths)
        return [path.stem.removeprefix("trial_") for path in paths]

    assert drawn([""], ["0 s"]) == ["forest", "survival"]
    assert drawn([""], ["0 s", "5 min"]) == ["forest", "survival", "starts"]
    assert drawn(["a", "b"], ["0 s", "5 min"]) == ["forest", "survival", "starts", "map"]
    assert drawn(["a", "b"], ["0 s"], died=0) == ["forest", "survival", "map"]


def test_runs_that_failed_are_left_out(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"point": {"arm": "a", "start": "–"}, "seed": 1, "error": "no"}]
    assert motor_neuron_outcomes(rows, tmp_path) == []


def test_a_start_is_read_as_it_is_written() -> None:
    times = {text: made("", "a", text, 1, 6).begin for text in ("–", "5 min", "2 h", "0.1 lost")}
    assert times == {"–": 0.0, "5 min": 300.0, "2 h": 7200.0, "0.1 lost": 621.0}
    assert made("", "a", "0.5 lost", 1, 6).begin == math.inf


def test_a_start_can_be_an_age() -> None:
    age = 25 * 365.25 * 86400.0
    life = made("", "a", "26 years", 1, 6)
    old = MotorNeuronOutcome("", "a", life.start, 1, life.time, life.died, life.end, None, age)
    assert old.begin == pytest.approx(365.25 * 86400.0)
    assert (
        MotorNeuronOutcome("", "a", "0 s", 1, life.time, life.died, life.end, None, age).begin
        == 0.0
    )


def lifetimes() -> list[MotorNeuronOutcome]:
    """Two seeds of a control, and a drug from three ages: each neuron lives on for five years."""
    runs = []
    for seed in (1, 2):
        for start, gained in (("–", 0.0), ("30 years", 5.0), ("40 years", 5.0), ("50 years", 5.0)):
            years = np.arange(35.0, 65.0) + seed + gained
            arm = "control" if start == "–" else "drug"
            onset = (20.0 + gained + seed) * YEAR
            runs.append(
                MotorNeuronOutcome("", arm, start, seed, years * YEAR, years < 80, 80 * YEAR, None, 20 * YEAR,
                       onset, onset + YEAR)
            )  # fmt: skip
    return runs


def test_a_table_of_lifetimes_is_in_years() -> None:
    table = summary(compare(lifetimes(), "control"))
    text = StringIO()
    Console(file=text, width=240).print(table)
    told = text.getvalue().splitlines()
    heads, rows = " ".join(told[:3]), [line.split() for line in told if line.startswith("drug")]
    assert "20 % strength" in heads
    assert "delayed, years" in heads
    # life gained; onset and severe weakness delayed: all by five years, so there is no interval
    assert [row.count("+5.0") + row.count("+5.00") for row in rows] == [3, 3, 3]


def test_a_table_of_minutes_says_nothing_of_onset() -> None:
    runs = [made("", arm, "–", 1, 3) for arm in ("control", "drug")]
    heads = [str(column.header) for column in summary(compare(runs, "control")).columns]
    assert not any("onset" in head or "strength" in head for head in heads)
    assert "life gained\nmin" in heads


def test_figures_of_lifetimes_are_over_age(tmp_path: Path) -> None:
    runs = lifetimes()
    for run in runs:
        if run.arm == "drug":
            run.died[:3] = False  # so that deaths are prevented
    outcomes = compare(runs, "control")
    ages = [_begin(each) / YEAR for each in outcomes if each.arm == "drug"]
    assert ages == pytest.approx([30.0, 40.0, 50.0])
    plot_trial_survival(runs, "control", tmp_path / "survival.svg")
    assert "Age (years)" in (tmp_path / "survival.svg").read_text()
    assert plot_starts(outcomes, "control", tmp_path / "starts.svg")
    for label in ("Age at start of treatment (years)", "Onset delayed (years, over control)"):
        assert label in (tmp_path / "starts.svg").read_text()
    figure = Figure()
    axes = figure.add_subplot()
    _curves(axes, runs, looks(["control", "drug"], "control"))
    assert axes.get_xlim() == pytest.approx((20.0, 100.0))
    # the first neuron of the control dies at 20 + 35 + 1 years
    control = axes.lines[0]
    assert np.asarray(control.get_xdata())[1] == pytest.approx(56.0)


def test_figures_of_minutes_are_over_time(tmp_path: Path) -> None:
    runs = [made("", arm, "–", 1, 3) for arm in ("control", "drug")]
    figure = Figure()
    axes = figure.add_subplot()
    _curves(axes, runs, looks(["control", "drug"], "control"))
    assert (axes.get_xlabel(), axes.get_xlim()) == ("Time (min)", (0.0, 15.0))
    told = [text.get_text() for text in axes.get_legend().get_texts()]
    assert told == ["3 of 30 (3.5–26 %)"] * 2
    figure = draw_trial_survival(runs, "control")
    assert 70 < figure.axes[0].get_ylim()[0] < 90  # the band's lower end, not zero
    assert_fit_to_print(figure)


def test_a_map_of_lifetimes_is_of_years_gained() -> None:
    """Deaths prevented would be nothing where all die in the end."""
    runs = [replace(run, variant=variant) for variant in ("a", "b") for run in lifetimes()]
    figure = draw_variants(compare(runs, "control"), "control")
    assert figure is not None
    drawn, bar = figure.axes
    assert bar.get_ylabel() == "Years gained"
    # two variants, three starts; no interval, for seeds agree
    assert [text.get_text() for text in drawn.texts] == ["5.0"] * 6
    assert draw_variants(compare(lifetimes(), "control"), "control") is None
