"""Inhibition, calcium and deaths on one time axis."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from tests.figures import assert_fit_to_print
from tests.synthetic_recording import make_recording
from unshielded.plot.tms_course import draw_course, first_death, plot_course
from unshielded.store.format.files import StoreError
from unshielded.store.reading.read import open_run
from unshielded.store.tables.tms_results import Column, Table
from unshielded.store.writing.write import write_run


def sessions(times: list[float], inhibition: list[float]) -> dict[str, Table]:
    over = ("session",)
    number = np.arange(len(times))
    point = np.full(len(times), json.dumps({}), object)
    return {
        "summary": Table(
            "Sessions",
            "mean_inhibition",
            (
                Column("session", "1", "number", number),
                Column("time", "s", "time", np.array(times), over),
                Column("point", "1", "point", point, over),
                Column("mean_inhibition", "%", "inhibition", np.array(inhibition), over),
                Column("mean_inhibition_se", "%", "error", np.ones(len(times)), over),
            ),
        )
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    recording = make_recording(folder / "raw", duration=900.0, interval=10.0, spikes=False)
    write_run(folder / "results.h5", recording, {"seed": 1, "name": "x"}, "", "{}", "{}", "")
    return folder / "results.h5"


def test_the_first_death_is_that_of_the_motor_pools(course: Path) -> None:
    with open_run(course) as run:
        died = run.fate("motor_fr")["time_of_death"]  # the pool that this recording has
        assert np.sum(run.fate("pyramidal")["time_of_death"] > 0) > 0
    assert first_death([course]) == died[died >= 0].min()


def test_the_figure_shows_inhibition_at_its_times_and_the_first_death(course: Path) -> None:
    times = [0.0, 0.0, 300.0, 600.0]
    figure = draw_course(sessions(times, [7.0, 9.0, 4.0, math.nan]), [course])
    inhibition, *_, deaths = figure.axes
    (line,) = [line for line in inhibition.lines if line.get_label() == "model"]
    np.testing.assert_allclose(line.get_xdata(), [0, 5, 10])  # minutes
    np.testing.assert_allclose(line.get_ydata(), [8.0, 4.0, np.nan])
    for axes in figure.axes:
        dotted = [np.unique(x.get_xdata()) for x in axes.lines if x.get_linestyle() == ":"]
        assert first_death([course]) / 60 in [pytest.approx(x[0]) for x in dotted if x.size == 1]
    assert [axes.get_ylabel() for axes in figure.axes[1:3]] == [
        "Free calcium (µM)",
        "Total matrix calcium (mM)",
    ]
    assert deaths.get_xlabel() == "Time (min)"
    assert_fit_to_print(figure)


def test_without_inhibition_the_rest_is_drawn(course: Path, tmp_path: Path) -> None:
    plot_course(sessions([0.0, 300.0], [math.nan, math.nan]), [course], tmp_path / "a.png")
    assert imread(tmp_path / "a.png")[..., :3].std() > 0.03
    with pytest.raises(StoreError, match="cannot save a figure"):
        plot_course(sessions([0.0], [7.0]), [course], tmp_path / "a.txt")
