"""Figures of a sweep: dose-response with its fit, maps, scatter; and the command that draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread
from scipy.stats import spearmanr

from tests.figures import assert_fit_to_print
from tests.synthetic_recording import make_recording
from unshielded.cli.main import main
from unshielded.plot import dose, heat_map, plot_dose_response, samples
from unshielded.plot.axis import Axis
from unshielded.plot.heat_map import plot_map
from unshielded.plot.sweep import plot_sweep
from unshielded.results.dose_response import fits
from unshielded.results.summary import summarise, write_csv
from unshielded.store.reading.read import open_run
from unshielded.store.writing.write import write_run

LOSS = "circuit.interneuron_loss"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    recording = make_recording(folder / "raw", duration=30.0)
    write_run(folder / "results.h5", recording, {"seed": 3, "name": "demo"}, "", "{}", "{}", "")
    return folder


@pytest.fixture(scope="module")
def sweep(result: Path) -> list[dict[str, Any]]:
    populations = summarise(result)["populations"]
    points = [(loss, seed) for loss in (0.0, 0.5, 1.0) for seed in (1, 2)]
    return [{"point": {LOSS: x}, "seed": s, "populations": populations} for x, s in points]


def test_dose_response(sweep: list[dict[str, Any]], result: Path, tmp_path: Path) -> None:
    runs = {0.0: [result], 1.0: [result]}
    plot_dose_response(sweep, tmp_path / "dose.png", x=LOSS, runs=runs, population="motor_fr")
    assert imread(tmp_path / "dose.png").shape[1] == 1980  # three panels in a row
    plot_dose_response(sweep, tmp_path / "all.png", x=LOSS, runs=runs)
    assert imread(tmp_path / "all.png").shape[1] == 1320  # four panels: two classes died
    failed = [*sweep, {"point": {LOSS: 0.25}, "seed": 1, "populations": None}]
    plot_dose_response(failed[:1], tmp_path / "one.svg")
    text = [{**r, "point": {"drive.command": f"c{i}"}} for i, r in enumerate(sweep)]
    plot_dose_response(text, tmp_path / "text.svg")
    assert ">c5<" in (tmp_path / "text.svg").read_text()


def known(levels: tuple[Any, ...], shares: tuple[float, ...], path: str) -> list[dict[str, Any]]:
    """A sweep of three seeds in which the share of FR neurons that die is known."""
    rows = []
    for level, share in zip(levels, shares, strict=True):
        for seed in (1, 2, 3):
            died = round(50 * share) + (seed - 2 if 0.1 < share < 0.9 else 0)
            found = {"n": 50, "alive": 50 - died, "burned_out": died, "mean_rate_hz": 9.0 + seed}
            rows.append({"point": {path: level}, "seed": seed, "populations": {"motor_fr": found}})
    return rows


def test_the_ed50_is_drawn_where_it_is_fitted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    figures = []
    keep = dose._figure
    monkeypatch.setattr(dose, "_figure", lambda *given: figures.append(keep(*given)) or figures[-1])
    levels = ("3 uM", "10 uM", "30 uM", "0.1 mM", "0.3 mM")
    rows = known(levels, (0.0, 0.14, 0.5, 0.9, 1.0), "bath.0.concentration")
    plot_dose_response(rows, tmp_path / "dose.png")
    (axes, _), (entry,) = figures[0].axes, fits(rows)
    bar = next(line for line in axes.lines if list(line.get_ydata()) == [50.0, 50.0])
    np.testing.assert_allclose(bar.get_xdata(), [entry["low"], entry["high"]])
    curve = max(axes.lines, key=lambda line: len(line.get_xdata()))
    assert curve.get_linestyle() == "--"
    at = np.interp(entry["ed50"], curve.get_xdata(), curve.get_ydata())
    assert at == pytest.approx(50, abs=0.2)  # between two of the curve's 300 points
    (text,) = [t.get_text() for t in axes.get_legend().get_texts()]
    assert text.startswith("FR motor neurons: ED50 ")
    assert text.endswith(" µM")
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "Concentration (µM)"
    assert [t.get_text() for t in axes.get_xticklabels()] == ["3", "10", "30", "100", "300"]
    band = np.concatenate([path.vertices for path in axes.collections[0].get_paths()])
    middle = band[np.isclose(band[:, 0], 30), 1]
    # 48, 50 and 52 %: 50 ± t(0.975, 2) · 2 / √3
    np.testing.assert_allclose([middle.min(), middle.max()], [50 - 4.968, 50 + 4.968], atol=1e-3)
    steep = known((0, 0.5, 0.9, 1), (0.0, 0.0, 0.0, 1.0), LOSS)
    plot_dose_response(steep, tmp_path / "steep.png")
    (text,) = [t.get_text() for t in figures[1].axes[0].get_legend().get_texts()]
    assert text == "FR motor neurons: ED50 between 90 and 100 %"


def test_few_deaths_fill_the_axis_and_names_are_written_out() -> None:
    rows = known((0.0, 0.5, 1.0), (0.0, 0.02, 0.06), "circuit.loss.pv")
    figure = dose.draw_dose_response(rows)
    axes = figure.axes[0]
    assert axes.get_ylim()[1] < 15
    assert axes.get_xlabel() == "PV interneurons lost (%)"
    assert_fit_to_print(figure)
    # the curve of a fit stays below the data and inside 0 to 100 %
    figure = dose.draw_dose_response(known((0, 0.25, 0.5, 0.75, 1), (0, 0.1, 0.5, 0.9, 1), LOSS))
    assert_fit_to_print(figure)
    legend = figure.axes[0].get_legend()
    figure.draw_without_rendering()
    assert legend.get_window_extent().y1 < figure.axes[0].get_window_extent().y0  # not over points


def test_iso_lines_are_drawn_where_there_are_points_enough() -> None:
    levels = (0.0, 0.25, 0.5, 0.75, 1.0)
    rows = [
        {**row, "point": {LOSS: x, EAAT2: y}}
        for y in levels
        for x in levels
        for row in known((x,), ((x + 1 - y) / 2,), LOSS)
    ]
    figure = heat_map.draw_map(rows)
    assert figure.axes[0].get_gid() == "iso-lines"
    assert not figure.axes[0].texts[1:]  # no counts over them
    assert_fit_to_print(figure)


def test_numbers_at_ticks_have_no_powers() -> None:
    axis = Axis(["1 uM", "1 mM"], "bath.0.concentration")
    assert [axis.number(v) for v in (0.5, 1.0, 999.9, 1000.0)] == ["0.5", "1", "1000", "1000"]


def test_dose_response_refuses_what_it_cannot_show(
    sweep: list[dict[str, Any]], tmp_path: Path
) -> None:
    out = tmp_path / "dose.png"
    with pytest.raises(ValueError, match="'seed' was not swept; the sweep has circuit"):
        plot_dose_response(sweep, out, x="seed")
    with pytest.raises(ValueError, match="no finished run"):
        plot_dose_response([], out)
    other = [{**r, "point": {**r["point"], "glutamate.eaat2": i}} for i, r in enumerate(sweep)]
    with pytest.raises(ValueError, match=r"also varies glutamate\.eaat2"):
        plot_dose_response(other, out, x=LOSS)


def test_agents_and_truth_values_are_bars(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    figures = []
    keep = dose._figure
    monkeypatch.setattr(dose, "_figure", lambda *given: figures.append(keep(*given)) or figures[-1])
    agents = ("glutamate", "a long name of a toxin")
    plot_sweep(known(agents, (0.2, 0.8), "bath.0.agent"), tmp_path)
    plot_sweep(known((True, False), (0.2, 0.8), "record.spikes"), tmp_path)
    plot_sweep(known(([], [{"agent": "NMDA"}]), (0.2, 0.8), "bath"), tmp_path)
    labels = [[t.get_text() for t in f.axes[0].get_xticklabels()] for f in figures]
    assert labels == [list(agents), ["true", "false"], ["none", "NMDA"]]
    for figure in figures:
        axes = figure.axes[0]
        assert [round(bar.get_height()) for bar in axes.patches] == [20, 80]
        assert not axes.get_legend()  # nothing is fitted
        assert all(line.get_linestyle() == "None" for line in axes.lines)  # caps of error bars only


EAAT2 = "glutamate.eaat2"


def dead(found: dict[str, Any], count: int) -> dict[str, Any]:
    """Return an outcome in which so many died."""
    return {**found, "burned_out": count, "alive": found["n"] - count}


def two_hits(result: Path) -> list[dict[str, Any]]:
    """A sweep over two losses in which the share that dies is known at every point."""
    template = summarise(result)["populations"]
    rows = []
    for loss in (0.0, 0.5, 1.0):
        for left in (1.0, 0.29, 0.05):
            share = 0.5 * loss + 0.5 * (1 - left)
            populations = {
                name: dead(found, round(share * found["n"]) if name == "motor_fr" else 0)
                for name, found in template.items()
            }
            point = {LOSS: loss, EAAT2: left}
            rows.append({"point": point, "seed": 1, "id": "none", "populations": populations})
    return rows


def test_map_shows_every_point(
    result: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = two_hits(result)
    rows[4] = {**rows[4], "populations": None}
    figures = []
    keep = heat_map._figure
    monkeypatch.setattr(
        heat_map, "_figure", lambda *given: figures.append(keep(*given)) or figures[-1]
    )
    plot_map(rows, tmp_path / "map.png", populations=["motor_fr", "oculomotor"])
    motor, eye = figures[0].axes[:2]
    (mesh,) = motor.collections[:1]
    shares = np.ma.asarray(mesh.get_array()).reshape(3, 3)
    # 20 cells: shares in steps of 5 %; rows are EAAT2 from 0.05 up, columns the loss
    expected = [
        [round(20 * (0.5 * x + 0.5 * (1 - y))) * 5 for x in (0, 0.5, 1)] for y in (0.05, 0.29, 1)
    ]
    assert shares.mask.tolist() == [[False] * 3, [False, True, False], [False] * 3]
    np.testing.assert_allclose(shares.filled(expected[1][1]), expected)
    np.testing.assert_allclose(np.ma.asarray(eye.collections[0].get_array()), 0.0)
    assert (motor.get_xlabel(), motor.get_ylabel()) == ("Interneurons lost (%)", "EAAT2 left (%)")
    assert [t.get_text() for t in motor.get_yticklabels()] == ["5", "29", "100"]
    assert motor.yaxis_inverted()  # damage grows upwards
    # three levels are too few for iso-lines, and few enough for counts
    assert motor.get_gid() is None
    assert {"0 of 20", "10 of 20"} <= {t.get_text() for t in motor.texts}
    assert_fit_to_print(figures[0])
    assert figures[0].axes[-1].get_ylabel() == "Died by the end of the run (%)"


def test_map_refuses_what_it_cannot_show(result: Path, tmp_path: Path) -> None:
    rows = two_hits(result)
    with pytest.raises(ValueError, match="varies circuit"):
        plot_map([r for r in rows if r["point"][EAAT2] == 1.0], tmp_path / "map.png")
    text = [{**r, "point": {**r["point"], EAAT2: f"{k % 3} x"}} for k, r in enumerate(rows)]
    with pytest.raises(ValueError, match=r"levels of glutamate\.eaat2 are not numbers"):
        plot_map(text, tmp_path / "map.png")


def test_a_sweep_has_the_figure_that_suits_it(
    sweep: list[dict[str, Any]], result: Path, tmp_path: Path
) -> None:
    assert plot_sweep(sweep, tmp_path) == tmp_path / "dose_response.png"
    assert plot_sweep(two_hits(result), tmp_path) == tmp_path / "map.png"
    assert plot_sweep(two_hits(result), tmp_path, tmp_path / "own.svg") == tmp_path / "own.svg"
    text = [{**r, "point": {"drive.command": f"c{i}"}} for i, r in enumerate(sweep)]
    third = [
        {**r, "point": {**r["point"], "drive.level": i}} for i, r in enumerate(two_hits(result))
    ]
    assert plot_sweep(text, tmp_path) == tmp_path / "bars.png"
    two = [{**r, "point": {**r["point"], "drive.level": i}} for i, r in enumerate(text)]
    assert plot_sweep(two, tmp_path) is None
    assert plot_sweep(third, tmp_path) == tmp_path / "samples.png"
    assert plot_sweep([], tmp_path) is None
    made = sorted(p.name for p in tmp_path.iterdir())
    assert made == ["bars.png", "dose_response.png", "map.png", "own.svg", "samples.png"]


def test_points_on_no_grid_are_drawn_as_they_lie(
    result: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = []
    keep = heat_map._figure
    monkeypatch.setattr(
        heat_map, "_figure", lambda *given: figures.append(keep(*given)) or figures[-1]
    )
    template, random = summarise(result)["populations"], np.random.default_rng(1)
    rows, expected = [], {}
    for x, y in random.uniform(0, 1, (20, 2)).round(4):
        died = round(20 * (x + y) / 2)
        populations = {**template, "motor_fr": dead(template["motor_fr"], died)}
        point = {LOSS: float(x), "drive.delay": f"{1 + y:.4f} ms"}
        rows.append({"point": point, "seed": 1, "id": "none", "populations": populations})
        expected[round(float(x), 4), round(1 + float(y), 4)] = 5.0 * died
    plot_map(rows, tmp_path / "map.png", populations=["motor_fr"])
    axes = figures[0].axes[0]
    (marks,) = axes.collections
    shown = {(round(x, 4), round(y, 4)): c
             for (x, y), c in zip(marks.get_offsets().tolist(), marks.get_array(), strict=True)}  # fmt: skip
    assert shown == pytest.approx(expected)
    assert axes.get_ylabel() == "Delay (ms)"
    assert axes.get_xlim()[0] < 0.05


def test_more_than_two_settings(
    result: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    figures = []
    keep = samples._figure
    monkeypatch.setattr(
        samples, "_figure", lambda *given: figures.append(keep(*given)) or figures[-1]
    )
    rows = [
        {**r, "point": {**r["point"], "drive.delay": f"{1 + k % 2} ms"}}
        for k, r in enumerate(two_hits(result))
    ]
    samples.plot_samples(rows, tmp_path / "samples.png")
    panels = figures[0].axes
    assert [a.get_xlabel() for a in panels] == [
        "Interneurons lost (%)",
        "EAAT2 left (%)",
        "Delay (ms)",
    ]
    shares = [100 * r["populations"]["motor_fr"]["burned_out"] / 20 for r in rows]
    trend = spearmanr([r["point"][LOSS] for r in rows], shares).statistic
    assert panels[0].get_title("left") == f"FR motor neurons: ρ = {trend:+.2f}"
    assert panels[1].get_title("left").startswith("ρ = −")
    assert panels[2].lines[0].get_ydata().tolist() == shares
    assert sorted(set(panels[2].lines[0].get_xdata())) == [1.0, 2.0]
    with pytest.raises(ValueError, match="nothing varies"):
        samples.plot_samples(rows[:1], tmp_path / "none.png")


def test_plot_command(
    sweep: list[dict[str, Any]], result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(sweep, tmp_path / "sweep.csv")
    assert main(["plot", str(tmp_path / "sweep.csv")]) == 0
    made = [tmp_path / name for name in ("dose_response.png", "time_to_death.png")]
    assert capsys.readouterr().out.split() == list(map(str, made))
    assert all(figure.stat().st_size > 0 for figure in made)
    points = [{"a": f"x{k}", "b": f"y{k % 2}"} for k in range(len(sweep))]
    rows = [{**r, "point": p} for r, p in zip(sweep, points, strict=True)]
    write_csv(rows, tmp_path / "sweep.csv")
    assert main(["plot", str(tmp_path / "sweep.csv")]) == 2
    assert "over settings whose values are numbers" in capsys.readouterr().err
    out = tmp_path / "survival.png"
    assert main(["plot", str(result), "--survival", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed.split()[-1] == str(out)
    with open_run(result) as run:
        died = np.isfinite(run.fate("motor_fr")["time_of_death"])
    (row,) = [line.split() for line in printed.splitlines() if line.startswith("motor_fr   ")][:1]
    assert row[:3] == ["motor_fr", "20", str(died.sum())]
    assert main(["plot", str(tmp_path / "sweep.csv"), "--survival"]) == 2
    assert "is a sweep" in capsys.readouterr().err
    assert main(["plot", str(result), str(result), "--out", str(out)]) == 2
    assert "there are 2 runs" in capsys.readouterr().err
