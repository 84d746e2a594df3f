"""The section `solver`: what it accepts, and what is wrong with it, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from unshielded.assemble.predict import count_windows, predict
from unshielded.config import ConfigError, dump, load

YEAR = 365.25 * 86400.0
BASE = """\
name: life
description: a life
duration: 80 years
solver: {kind: multiscale}
"""


def loaded(folder: Path, text: str, *overrides: str):
    path = folder / "life.yaml"
    path.write_text(text)
    return load(str(path), overrides)


def problem(folder: Path, text: str, *overrides: str) -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text, *overrides)
    return str(caught.value)


def test_a_lifetime_is_accepted_with_a_solver(tmp_path):
    config = loaded(tmp_path, BASE).config
    assert config.duration == pytest.approx(80 * YEAR)
    assert (config.solver.window, config.solver.largest_step) == (4.0, YEAR)


def test_without_a_solver_it_is_too_long_and_the_line_says_what_to_add(tmp_path):
    text = BASE.replace("solver: {kind: multiscale}\n", "")
    found = problem(tmp_path, text)
    assert "life.yaml:3:11: duration:" in found
    assert "solver: {kind: multiscale}" in found


def test_what_is_dumped_is_the_same_experiment(tmp_path):
    first = loaded(tmp_path, BASE, "solver.start_age=30 years", "solver.window=2 s")
    again = loaded(tmp_path, dump(first))
    assert again.identity == first.identity
    assert again.config.solver == first.config.solver


def test_the_solver_is_part_of_what_is_computed(tmp_path):
    assert (
        loaded(tmp_path, BASE).identity
        != loaded(tmp_path, BASE, "solver.largest_step=1 month").identity
    )


@pytest.mark.parametrize(
    ("override", "place", "says"),
    [
        ("solver.kind=magic", "solver.kind", "'multiscale'"),
        ("solver.settle=4 s", "solver.settle", "less than the window"),
        ("solver.window=0.3 s", "solver.window", "a multiple of 1/512 s"),
        ("solver.largest_step=1 s", "solver.largest_step", "at least 4 s"),
        ("solver.step=1 s", "solver.step", "there is no setting"),
        ("solver.tolerance=2", "solver.tolerance", "at most 1"),
        ("duration=2 s", "duration", "at least 4 s"),
        ("drive.until=10 s", "drive.from", "the command of every window is the same"),
        ("stimulation=[{at: 1 s, intensity: 50}]", "stimulation", "full spiking simulation"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_with_its_place(tmp_path, override, place, says):
    found = problem(tmp_path, BASE, override)
    assert place in found
    assert says in found


def test_ages_are_times_of_a_life(tmp_path):
    """A loss from 60 to 70 years lies within a life from 25 on, not within one that ends at 50."""
    loss = "circuit.interneuron_loss={loss: 1.0, from: 60 years, until: 70 years}"
    config = loaded(tmp_path, BASE, loss).config
    assert config.circuit.interneuron_loss.from_ == pytest.approx(60 * YEAR)
    found = problem(tmp_path, BASE, loss, "duration=25 years")
    assert "from" in found


def test_a_slow_parameter_is_accepted_everywhere_in_a_life(tmp_path):
    config = loaded(
        tmp_path,
        BASE,
        "parameters.toxic_gain=0.5",
        "circuit.populations.motor_ff.parameters.axonal_transport=0.7",
    ).config
    assert config.parameters["toxic_gain"] == 0.5
    assert config.circuit.populations["motor_ff"].parameters["axonal_transport"] == 0.7


def test_a_slow_parameter_without_a_solver_would_do_nothing_and_is_refused(tmp_path):
    text = BASE.replace("duration: 80 years", "duration: 80 s").replace(
        "solver: {kind: multiscale}", "parameters:\n  toxic_gain: 0.5"
    )
    found = problem(tmp_path, text)
    assert "life.yaml:5:3: parameters.toxic_gain" in found
    assert "solver" in found


def test_what_a_life_takes_is_predicted_from_its_steps(tmp_path):
    """More windows for shorter steps; a year of life is nothing like a year of spikes."""
    yearly = loaded(tmp_path, BASE).config
    monthly = loaded(tmp_path, BASE, "solver.largest_step=1 month").config
    assert count_windows(yearly) >= 80
    assert count_windows(monthly) >= 960
    assert predict(monthly).seconds > 5 * predict(yearly).seconds
    assert predict(yearly).seconds < 3600
    assert predict(yearly).disk_bytes < 100e6
    direct = loaded(tmp_path, BASE, "duration=1 hour", "solver.largest_step=4 s").config
    assert count_windows(direct) == 900
