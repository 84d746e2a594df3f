"""Time to death of a sweep: its figure, its table, and the control that dies."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from tests.conftest import ROOT
from tests.figures import assert_fit_to_print
from unshielded.cli.outcomes import outcomes
from unshielded.config import load
from unshielded.multiscale.history import History
from unshielded.plot import time_to_death as figure_module
from unshielded.plot.time_to_death import plot_time_to_death
from unshielded.statistics.survival import (
    Lifetimes,
    kaplan_meier,
    restricted_mean,
    time_until_half,
)
from unshielded.sweeps import PointResult

LOSS, SUPPLY = "circuit.interneuron_loss", "parameters.synthase_maximum_rate"
END = 172800.0


def points(safe: int = 0) -> list[PointResult]:
    """Two levels of loss in two kinds of cells, of which one does not die; `safe` die without a loss."""
    made = []
    for supply in ("12.5 mM/s", "6.25 mM/s"):
        for loss in (0.0, 1.0):
            for seed in (1, 2):
                died = 0 if supply == "12.5 mM/s" else 5 * seed if loss else safe
                motor = {
                    "n": 20, "alive": 20 - died, "burned_out": died, "lost": 0, "doomed": 0,
                    "mean_rate_hz": 8.0, "mean_time_to_death_s": END * (1 - died / 40),
                    "median_time_to_death_s": None, "followed_s": END,
                }  # fmt: skip
                pv = {
                    **motor, "alive": round(20 * (1 - loss)), "burned_out": 0, "doomed": 0,
                    "lost": round(20 * loss), "mean_time_to_death_s": None if loss else END,
                }  # fmt: skip
                outcome = {"id": f"{loss}", "populations": {"motor_fr": motor, "pv": pv}}
                made.append(PointResult({LOSS: loss, SUPPLY: supply}, seed, outcome))
    return made


def text(shown: list[Table | str]) -> str:
    cells = [
        str(cell)
        for part in shown
        if isinstance(part, Table)
        for column in part.columns
        for cell in column.cells
    ]
    return "\n".join([*cells, *(part for part in shown if isinstance(part, str))])


def test_the_table_says_of_whom_and_up_to_when() -> None:
    experiment = load(ROOT / "configs" / "interneuron_loss.yaml")
    told = text(outcomes(experiment, points()))
    assert "15 of 40 (" in told
    # means of 42 and 36 h over two seeds, cut at 0 and at the end: Student's t is 12.7 for these
    assert "39.00 (0.88–48.00) h" in told
    # all at two levels, those beside the dying at one; where all others are lost nobody is left to die
    assert told.count("no death in 48 h") == 3
    assert told.count("0 of 80\n0 of 40") == 1
    assert "0 of 0" not in told
    assert told.count("40 of 80") == 2  # lost, of neurons
    assert "hint" not in told


def test_a_sweep_over_nothing_but_seeds_has_its_table() -> None:
    experiment = load(ROOT / "configs" / "interneuron_loss.yaml")
    seeds = [PointResult({}, point.seed, point.outcome) for point in points()[:2]]
    assert "0 of 80" in text(outcomes(experiment, seeds))


def test_a_control_that_dies_is_pointed_out() -> None:
    experiment = load(ROOT / "configs" / "interneuron_loss.yaml")
    told = text(outcomes(experiment, points(safe=1)))
    (hint,) = [line for line in told.splitlines() if line.startswith("hint")]
    assert "interneuron_loss=0.0, synthase_maximum_rate=6.25 mM/s" in hint
    assert "motor_fr 2 of 40" in hint


def test_the_figure_shows_those_that_die_beside_those_that_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures: list[Any] = []
    keep = figure_module._figure
    monkeypatch.setattr(
        figure_module, "_figure", lambda *given: figures.append(keep(*given)) or figures[-1]
    )
    rows = [point.as_json() for point in points()]
    out = plot_time_to_death(rows, tmp_path / "t.png", {"12.5 mM/s": "healthy"})
    assert out is not None
    assert out.stat().st_size > 0
    assert_fit_to_print(figures[0])
    healthy, weak, _, shares = figures[0].axes
    assert healthy.get_title("left") == "healthy"
    (remark,) = [t.get_text() for t in healthy.texts if t.get_text().startswith("No cell")]
    assert remark.startswith("No cell of any kind, at any level")
    assert "0 of 120" in remark  # four runs of 20 motor_fr, and 40 pv that are not lost
    means = [line for line in weak.lines if len(line.get_ydata()) == 2 and line.get_marker() == "s"]
    assert [list(line.get_ydata()) for line in means] == [[48.0, 39.0]]
    dead = next(line for line in shares.lines if line.get_marker() == "s")
    assert list(dead.get_ydata()) == [0.0, 37.5]
    nobody = [{**row, "populations": {}} for row in rows]
    assert plot_time_to_death(nobody, tmp_path / "none.png") is None


TIMES = st.lists(st.integers(1, 50).map(float), max_size=12)


@given(TIMES, TIMES)
def test_the_restricted_mean_is_the_area_below_the_survival_curve(
    died: list[float], lost: list[float]
) -> None:
    """Against another implementation, with cells lost at any time and one that outlives the run."""
    cells = Lifetimes(np.array(died), np.array([*lost, 60.0]))
    curve = kaplan_meier(cells.died, cells.censored)
    mean = restricted_mean(cells, 60.0)
    assert mean == pytest.approx(curve.mean(), rel=1e-9)
    assert time_until_half(cells) == _half(died, [*lost, 60.0])


def _half(died: list[float], left: list[float]) -> float | None:
    """When half are dead, in fractions: floating point may miss one half by a hair."""
    living = Fraction(1)
    for time in sorted(set(died)):
        watched = sum(t >= time for t in (*died, *left))
        living *= 1 - Fraction(died.count(time), watched)
        if living <= Fraction(1, 2):
            return time
    return None


def test_of_nobody_watched_there_is_no_mean() -> None:
    assert restricted_mean(Lifetimes(np.zeros(0), np.zeros(3)), 10.0) is None
    assert restricted_mean(Lifetimes(np.zeros(0), np.zeros(0)), 10.0) is None


def test_a_history_tells_when_neurons_are_lost_and_back() -> None:
    history = History(counted=[(1.0, 4.0), (101.0, 104.0), (201.0, 204.0)])
    history.lost = [
        np.array([False, True, False, True]),
        np.array([False, True, True, False]),
        np.array([False, True, True, False]),
    ]
    lost, back = history.losses()
    assert lost.tolist() == [np.inf, 0.0, 101.0, 0.0]
    assert back.tolist() == [np.inf, np.inf, np.inf, 101.0]
