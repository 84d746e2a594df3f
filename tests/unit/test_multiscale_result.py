"""A life, run by the command: its result is read, drawn and found like any other."""

from __future__ import annotations

import json

import numpy as np
import pytest
from matplotlib.text import Text

from tests.figures import assert_fit_to_print
from tests.tiny import CELLS, TINY
from unshielded.plot import plot_lifespan
from unshielded.plot.lifespan import draw_lifespan
from unshielded.results.summary import summarise
from unshielded.store.reading.read import open_run

YEAR = 365.25 * 86400.0
LIFE = (
    "duration=3 years",
    "solver.kind=multiscale",
    "solver.start_age=25 years",
    "solver.memory=6 s",
    "drive.command=rest",
    "circuit.populations.motor_fr.parameters.toxic_gain=0.3",
    "therapies=[{riluzole: {dose: 100 mg/day, from: 26 years}}]",
)


@pytest.fixture(scope="module")
def life(command, tmp_path_factory):
    folder = tmp_path_factory.mktemp("life")
    options = [word for override in LIFE for word in ("--set", override)]
    done = command("run", TINY, *options, "--out", folder, "--format", "json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), options, folder


@pytest.mark.slow
def test_the_command_says_what_became_of_it(life):
    printed, _, _ = life
    assert printed["simulated_s"] == pytest.approx(3 * YEAR)
    found = printed["lifespan"]
    assert found["age_at_end_years"] == pytest.approx(28.0, abs=1e-6)
    assert found["age_at_onset_years"] is None  # JSON has no NaN
    assert 0.9 < found["strength_at_end"] <= 1.0


@pytest.mark.slow
def test_the_result_has_the_layout_of_any_other(life):
    printed, _, _ = life
    with open_run(printed["results"]) as run:
        courses, steps = run.lifespan(), run.lifespan()["step"].values
        band = run.band("motor_fr", "mitochondrial_reserve")
        rate = run.series("pyramidal", "firing_rate")
        fate = run.fate()
        assert run.start_age == pytest.approx(25 * YEAR)
        assert {"strength_limb", "force_limb", "eaat2_left", "nutrition"} <= set(courses)
        use = courses["whole_circuit_atp_use"].values
    assert len(band.time) == len(rate.time) + 1  # a row for the start
    assert band.time[-1] == pytest.approx(3 * YEAR)
    assert np.all(np.diff(band.time) > 0)
    assert use[0] == pytest.approx(1.0, rel=1e-6)  # over itself, four seconds on
    assert np.all((use > 0.8) & (use < 1.25))  # a resting circuit, three years older
    # reserve declines with age and nothing else: by less than 2 % a year, monotonously
    assert np.all(np.diff(band.mean) < 1e-6)
    assert 0.94 < band.mean[-1] / band.mean[1] < 1.0
    assert steps.max() <= YEAR
    assert len(fate["alive"]) == CELLS
    # ATP books close over three years: supply, use and change are rises of one and the same integration
    assert summarise(printed["results"])["energy_closure_error"] < 1e-8


@pytest.mark.slow
def test_a_step_ends_where_a_therapy_begins(life):
    """The row at 26 years is a window's end: its start is the age of the first dose."""
    printed, _, _ = life
    with open_run(printed["results"]) as run:
        ends = run.lifespan()["step"].time
    assert np.abs(ends - (YEAR + 4.0)).min() < 0.01


@pytest.mark.slow
def test_it_is_found_again_and_drawn(life, command, tmp_path):
    printed, options, folder = life
    again = command("run", TINY, *options, "--out", folder, "--format", "json", cwd=folder)
    assert json.loads(again.stdout) == {**printed, "compiled": False}
    plot_lifespan(printed["results"], tmp_path / "life.png")
    figure = draw_lifespan(printed["results"])
    assert_fit_to_print(figure)
    assert max(len(axes.collections) for axes in figure.axes) <= 5  # bands over each other
    legend = [t.get_text() for axes in figure.axes for t in axes.findobj(Text)]
    assert {"FR motor neurons", "Eye muscles"} <= set(legend)
    assert (tmp_path / "life.png").stat().st_size > 20_000
    text = command("run", TINY, *options, "--out", folder, cwd=folder)
    assert "age at end" in text.stdout
    assert "3 years in" in text.stdout


@pytest.mark.slow
def test_lifespans_are_compared(life, command):
    printed, _, _ = life
    told = command("lifespans", printed["results"], printed["results"], "--format", "json")
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    first, second = found["lifespans"]
    assert first == second
    (group,) = found["groups"]
    assert group["seeds"] == [first["seed"]]  # the same life twice is one
    assert group["limb_motor_neurons_dead"]["mean"] == 0.0
    # a resting circuit, three years older, and never weak: of the end
    assert 0.8 < group["atp_use_at_onset_or_end"]["mean"] < 1.25
    # three years of a young life: no margin is halved, and nobody dies
    assert first["first_margin"] is None
    assert sum(first["dead"].values()) == 0
    assert first["cells"] == CELLS
    assert first["age_at_end_years"] == printed["lifespan"]["age_at_end_years"]
    assert "seed" in command("lifespans", printed["results"]).stdout


def test_a_run_with_spikes_all_the_way_is_no_life(tiny_run, command):
    folder, _ = tiny_run
    told = command("lifespans", folder)
    assert told.returncode != 0
    assert "has no lifespan" in told.stderr
    assert "Traceback" not in told.stderr
