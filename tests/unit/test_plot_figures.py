"""Figures are made, show what they should, and stay legible in edge cases."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.legend import Legend

from tests.figures import assert_fit_to_print, texts
from tests.synthetic_recording import make_recording
from unshielded.circuit.populations import POPULATIONS
from unshielded.plot import activity as activity_figure
from unshielded.plot import bifurcation, plot_membrane, plot_run
from unshielded.plot import membrane as membrane_figure
from unshielded.plot import survival as survival_figure
from unshielded.plot.activity import plot_activity
from unshielded.plot.run import _figure
from unshielded.plot.run_fates import MARKS
from unshielded.plot.style import colours, style, time_axis, unit
from unshielded.plot.survival import plot_survival
from unshielded.plot.words import name_of, words
from unshielded.results.spike_trains import trains
from unshielded.results.survival import lifetimes, mortal
from unshielded.statistics.survival import Lifetimes, kaplan_meier
from unshielded.store.format.files import NoSuchEntry, StoreError
from unshielded.store.reading.read import open_run
from unshielded.store.writing.write import write_run


def make(folder: Path, **options: Any) -> Path:
    recording = make_recording(folder / "raw", **options)
    write_run(folder / "results.h5", recording, {"seed": 3, "name": "demo"}, "", "{}", "{}", "")
    return folder


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("run"), duration=30.0)


def test_run_as_png(result: Path, tmp_path: Path) -> None:
    before = dict(mpl.rcParams)
    plot_run(result, tmp_path / "run.png")
    image = imread(tmp_path / "run.png")
    assert image.shape[1] == 1500
    assert image[..., :3].std() > 0.05
    assert dict(mpl.rcParams) == before
    assert [p.name for p in tmp_path.iterdir()] == ["run.png"]


def test_panels_say_what_they_show(result: Path) -> None:
    with open_run(result) as run:
        figure = _figure(run)
        died = run.fate("motor_fr")["time_of_death"]
    panels = figure.axes
    labels = " ".join(a.get_ylabel() for a in panels)
    for text in ("(µM)", "(mM)", "(mV)", "(Hz)", "(%)"):
        assert text in labels
    # Groups of populations beside each other, on one scale; the last row names the time.
    first = next(k for k, a in enumerate(panels) if a.get_title().startswith("Survivors"))
    assert first == len(panels) - 3
    survivors = panels[first : first + 3]
    assert [a.get_xlabel() for a in survivors] == ["Time (s)"] * 3
    assert len({a.get_ylim() for a in survivors}) == 1
    named = [
        [t.get_text() for t in a.findobj(Legend)[0].get_texts()] for a in panels if not a.axison
    ]
    assert named == [
        ["Pyramidal cells", "PV interneurons"],
        ["FR motor neurons", "Oculomotor neurons"],
        ["Renshaw cells"],
    ]
    assert_fit_to_print(figure)
    assert all(len(a.collections) <= 3 for a in panels)  # bands over each other
    orange = colours(["motor_fr"])["motor_fr"]
    marks = [
        line
        for axes in survivors
        for line in axes.lines
        if line.get_color() == orange and line.get_marker() in MARKS.values()
    ]
    shown = np.sort(np.concatenate([np.asarray(m.get_xdata()) for m in marks]))
    np.testing.assert_allclose(shown, np.sort(died[np.isfinite(died)]))


@pytest.mark.parametrize("ending", [".svg", ".pdf"])
def test_vector_formats_do_not_change_from_one_time_to_the_next(
    ending: str, result: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        plot_membrane(result, tmp_path / f"{name}{ending}")
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        {"sizes": {"pv": 3}},
        {"spikes": False, "traced": 0},
        {"sizes": {"motor_fr": 2, "renshaw": 0}, "severity": 5.0},
        {"duration": 1.0},
    ],
)
def test_unusual_runs(options: dict[str, Any], tmp_path: Path) -> None:
    plot_run(make(tmp_path, **{"duration": 3.0, **options}), tmp_path / "run.png")
    assert (tmp_path / "run.png").stat().st_size > 10_000


def test_errors_name_the_remedy(result: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"as '\.bmp'; expected one of \.png"):
        plot_run(result, tmp_path / "run.bmp")
    bare = make(tmp_path / "bare", duration=2.0, traced=0)
    with pytest.raises(NoSuchEntry, match=r"set record\.membrane"):
        plot_membrane(bare, tmp_path / "membrane.png")


def test_survival_of_every_class(result: Path, tmp_path: Path) -> None:
    found = {name: lifetimes([result], name) for name in mortal([result])}
    plot_survival(found, tmp_path / "survival.png", "demo", 1)
    assert imread(tmp_path / "survival.png").std() > 0.05
    with style():
        figure = survival_figure._figure(found, "demo", 1)
        figure.draw_without_rendering()
    curves, table = figure.axes
    lines = {str(line.get_label()).partition(":")[0]: line for line in curves.lines}
    assert list(lines) == ["Pyramidal cells", "FR motor neurons", "Oculomotor neurons"]
    cells = found["motor_fr"]
    curve = kaplan_meier(cells.died, cells.censored)
    np.testing.assert_allclose(
        np.asarray(lines["FR motor neurons"].get_ydata()), 100 * curve.fraction
    )
    numbers = [text.get_text() for text in table.texts]
    assert numbers[0] == "40"  # pyramidal cells at the start
    ticks = [t for t in curves.get_xticks() if 0 <= t <= 30]
    rows = np.array(numbers, int).reshape(3, len(ticks))
    np.testing.assert_array_equal(rows[1], found["motor_fr"].at_risk(ticks))
    assert_fit_to_print(figure)
    assert (curves.get_xlabel(), curves.get_ylabel()) == ("Time (s)", "Alive (%)")
    none = {"renshaw": Lifetimes(np.zeros(0), np.zeros(0))}
    with pytest.raises(NoSuchEntry, match="carries_calcium: true"):
        plot_survival(none, tmp_path / "none.png")


def test_survivors_of_all_are_not_drawn_over_an_empty_panel() -> None:
    watched = Lifetimes(np.zeros(0), np.full(30, 60.0))
    figure = survival_figure.draw_survival({"motor_fr": watched})
    assert figure.axes[0].get_ylim()[0] > 90
    (entry,) = figure.axes[0].get_legend().get_texts()
    assert entry.get_text() == "FR motor neurons: 0 of 30 (0–11 %)"
    lost = Lifetimes(np.array([10.0]), np.array([20.0, 60.0]))  # one was lost: no simple share
    figure = survival_figure.draw_survival({"pv": lost})
    (entry,) = figure.axes[0].get_legend().get_texts()
    assert entry.get_text().startswith("PV interneurons: 1 of 3")
    assert "%" not in entry.get_text()


def test_losses_and_deaths_are_counted_and_pores_drawn_where_any_open(tmp_path: Path) -> None:
    never = np.full(100, np.inf)
    gone = never.copy()
    gone[72:82] = 10.0  # half of the PV interneurons, which cannot die here
    where = make(tmp_path / "lost", duration=30.0, lost_from=gone, restored_from=never)
    with open_run(where) as run:
        figure = _figure(run)
    titles = [a.get_title() for a in figure.axes]
    cortex = figure.axes[titles.index("Survivors")]
    (loss,) = [line for line in cortex.lines if line.get_linestyle() == ":"]
    assert np.asarray(loss.get_ydata())[-1] == 50.0
    (told,) = cortex.get_legend().get_texts()
    assert told.get_text() == "Pyramidal cells: 6 of 40 (7.1–29 %)"
    pores = figure.axes[titles.index("Mitochondria with an open pore, mean")]
    assert 0 < pores.get_ylim()[1] < 50
    assert_fit_to_print(figure)
    with open_run(make(tmp_path / "well", duration=30.0, severity=0.0)) as run:
        figure = _figure(run)
    titles = [a.get_title() for a in figure.axes]
    assert "Mitochondria with an open pore, mean" not in titles
    survivors = figure.axes[titles.index("Survivors: no neuron died or was lost")]
    assert not survivors.axison  # no panel for a line at 100 %
    assert survivors.get_legend().get_texts()[0].get_text() == "Pyramidal cells: 0 of 40 (0–8.8 %)"


def test_membrane_names_its_neurons_and_marks_spikes(result: Path) -> None:
    figure = membrane_figure.draw_membrane(result)
    names = [axes.texts[0].get_text() for axes in figure.axes]
    assert names[2:4] == ["FR motor neuron 0", "FR motor neuron 1"]
    with open_run(result) as run:
        when, who = run.spikes("motor_fr")
        end = run.membrane().time[-1]
    strokes = figure.axes[2].collections[0].get_segments()
    assert len(figure.axes[2].get_yticks()) >= 2
    assert max(figure.axes[2].get_yticks()) <= min(s[0][1] for s in strokes)
    np.testing.assert_allclose([s[0][0] for s in strokes], when[(who == 0) & (when <= end)])
    assert_fit_to_print(figure)


@pytest.mark.parametrize("population", POPULATIONS)
def test_each_population_has_a_name(population: str) -> None:
    assert name_of(population) != words(population).capitalize() or population == "oculomotor"
    assert name_of(population).endswith("s")  # a plural, of which `neuron` makes one


def test_a_collapsed_state_is_not_drawn_and_ticks_need_no_powers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    drawn: list[Figure] = []
    monkeypatch.setattr(bifurcation, "save", lambda figure, _: drawn.append(figure))
    point = {"stable": True, "potential_mV": 120.0, "atp_mM": 2.0}
    branch = [{**point, "load": x, "calcium_uM": c} for x, c in ((0, 0.1), (5, 0.6), (2, 1e12))]
    found = {"population": "motor_fr", "unit": "Hz", "critical": None, "branch": branch}
    bifurcation.plot_bifurcation([found], "rate", tmp_path / "b.png")
    (figure,) = drawn
    assert figure.axes[0].get_ylim()[1] < 10
    assert_fit_to_print(figure)
    assert not [t for t in texts(figure) if "e+" in t or "10^" in t]


def test_activity_figure(result: Path, tmp_path: Path) -> None:
    plot_activity(result, tmp_path / "activity.png", 2.0, 12.0)
    assert imread(tmp_path / "activity.png").std() > 0.05
    with open_run(result) as run, style():
        drawn = [trains(run, p.name, 2.0, 12.0) for p in run.populations]
        figure = activity_figure._figure(drawn, "demo", 3)
    raster, rates, intervals, spectrum = figure.axes
    assert raster.get_xlim() == (2.0, 6.0)
    assert intervals.get_xlim()[1] < 5000  # ms, of rates of 6 Hz and more
    assert_fit_to_print(figure)
    shown = np.concatenate([np.asarray(line.get_xdata(), float) for line in raster.lines[::2]])
    assert shown.min() >= 2.0
    assert shown.max() < 6.0
    for axes in (rates, intervals, spectrum):
        assert axes.get_xlabel().endswith(")")  # a unit
    plot_activity(
        make(tmp_path / "quiet", duration=2.0, sizes={"renshaw": 1}), tmp_path / "few.png"
    )


#: Linear RGB of full protanopia, deuteranopia and tritanopia (Machado, Oliveira and Fernandes 2009).
BLIND = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


@pytest.mark.parametrize("blindness", BLIND)
def test_populations_can_be_told_apart(blindness: str) -> None:
    given = colours(POPULATIONS)
    rgb = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in given.values()])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(BLIND[blindness]).T, 0, 1)
    xyz = seen @ np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722],
                           [0.0193, 0.1192, 0.9505]]).T / [0.9505, 1.0, 1.089]  # fmt: skip
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    lab = np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], 1)
    apart = np.linalg.norm(lab[:, None] - lab, axis=2)[np.triu_indices(len(lab), 1)]
    assert apart.min() > 20  # some ten just noticeable differences (about 2.3)


def test_units_colours_and_time() -> None:
    assert unit("uM") == " (µM)"
    assert unit("1") == ""
    assert time_axis(59.0) == (1.0, "Time (s)")
    assert time_axis(3600.0) == (1 / 60, "Time (min)")
    assert time_axis(86400.0) == (1 / 3600, "Time (h)")
    assert time_axis(60 * 86400.0) == (1 / 86400, "Time (d)")
    assert time_axis(3e9) == (1 / (365.25 * 86400), "Time (years)")
    given = colours(["pyramidal", "motor_fr", "oculomotor", "pv", "renshaw", "extra"])
    assert len(set(given.values())) == 6


def test_plotting_imports_little() -> None:
    # What takes seconds to load; without it a figure is there at once.
    code = (
        "import sys; import unshielded.plot; "
        "print(*({'brian2', 'pandas', 'scipy', 'matplotlib.pyplot'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "\n"
