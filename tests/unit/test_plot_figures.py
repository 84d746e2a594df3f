"""Figures are made, show what they should, and stay legible in edge cases."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.image import imread

from circuit.populations import POPULATIONS
from tests.synthetic_recording import make_recording
from unshielded.activity import trains
from unshielded.analyse import summarise, write_csv
from unshielded.cli.main import main
from unshielded.plot import activity as activity_figure
from unshielded.plot import heat_map, plot_dose_response, plot_membrane, plot_run
from unshielded.plot import survival as survival_figure
from unshielded.plot.activity import plot_activity
from unshielded.plot.heat_map import plot_map
from unshielded.plot.run import _figure
from unshielded.plot.style import colours, style, time_axis, unit
from unshielded.plot.survival import plot_survival
from unshielded.plot.sweep import plot_sweep
from unshielded.store.files import NoSuchEntry, StoreError
from unshielded.store.read import open_run
from unshielded.store.write import write_run
from unshielded.survival import Lifetimes, kaplan_meier, lifetimes, mortal

LOSS = "circuit.interneuron_loss"


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
    assert [a.get_xlabel() for a in panels[6:8]] == ["Time (s)", "Time (s)"]
    survivors = panels[7]
    orange = colours(["motor_fr"])["motor_fr"]
    marks = [
        line
        for line in survivors.lines
        if line.get_color() == orange and line.get_marker() in ("x", "o")
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


@pytest.fixture(scope="module")
def sweep(result: Path) -> list[dict[str, Any]]:
    populations = summarise(result)["populations"]
    points = [(loss, seed) for loss in (0.0, 0.5, 1.0) for seed in (1, 2)]
    return [{"point": {LOSS: x}, "seed": s, "populations": populations} for x, s in points]


def test_dose_response(sweep: list[dict[str, Any]], result: Path, tmp_path: Path) -> None:
    plot_dose_response(sweep, tmp_path / "dose.png", x=LOSS, runs={0.0: [result], 1.0: [result]})
    assert imread(tmp_path / "dose.png").shape[1] == 1980
    failed = [*sweep, {"point": {LOSS: 0.25}, "seed": 1, "populations": None}]
    plot_dose_response(failed[:1], tmp_path / "one.svg")
    text = [{**r, "point": {"parameters.mcu": f"{i} mM/s"}} for i, r in enumerate(sweep)]
    plot_dose_response(text, tmp_path / "text.svg")
    assert "5 mM/s" in (tmp_path / "text.svg").read_text()


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


EAAT2 = "glutamate.eaat2"


def two_hits(result: Path) -> list[dict[str, Any]]:
    """A sweep over two losses in which the share that dies is known at every point."""
    template = summarise(result)["populations"]
    rows = []
    for loss in (0.0, 0.5, 1.0):
        for left in (1.0, 0.29, 0.05):
            share = 0.5 * loss + 0.5 * (1 - left)
            populations = {
                name: {
                    **found,
                    "burned_out": round(share * found["n"]) if name == "motor_fr" else 0,
                }
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
    assert {t.get_text() for t in motor.texts} >= {"50 %"}  # an iso-line, labelled
    assert figures[0].axes[-1].get_ylabel() == "Cells burned out (%)"


def test_map_refuses_what_it_cannot_show(result: Path, tmp_path: Path) -> None:
    rows = two_hits(result)
    with pytest.raises(ValueError, match="varies circuit"):
        plot_map([r for r in rows if r["point"][EAAT2] == 1.0], tmp_path / "map.png")
    text = [{**r, "point": {**r["point"], EAAT2: f"{k % 3} x"}} for k, r in enumerate(rows)]
    with pytest.raises(ValueError, match=r"levels of glutamate\.eaat2 are no numbers"):
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
    assert plot_sweep(text, tmp_path) is None
    assert plot_sweep(third, tmp_path) is None
    assert plot_sweep([], tmp_path) is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dose_response.png", "map.png", "own.svg"]


def test_survival_of_every_class(result: Path, tmp_path: Path) -> None:
    found = {name: lifetimes([result], name) for name in mortal([result])}
    plot_survival(found, tmp_path / "survival.png", "demo", 1)
    assert imread(tmp_path / "survival.png").std() > 0.05
    with style():
        figure = survival_figure._figure(found, "demo", 1)
        figure.draw_without_rendering()
    curves, table = figure.axes
    lines = {str(line.get_label()).partition(":")[0]: line for line in curves.lines}
    assert list(lines) == ["pyramidal", "motor_fr", "oculomotor"]
    cells = found["motor_fr"]
    curve = kaplan_meier(cells.died, cells.censored)
    np.testing.assert_allclose(np.asarray(lines["motor_fr"].get_ydata()), 100 * curve.fraction)
    numbers = [text.get_text() for text in table.texts]
    assert numbers[0] == "40"  # pyramidal cells at the start
    assert (curves.get_xlabel(), curves.get_ylabel()) == ("Time (s)", "Alive (%)")
    none = {"renshaw": Lifetimes(np.zeros(0), np.zeros(0))}
    with pytest.raises(NoSuchEntry, match="carries_calcium: true"):
        plot_survival(none, tmp_path / "none.png")


def test_plot_command(
    sweep: list[dict[str, Any]], result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(sweep, tmp_path / "sweep.csv")
    assert main(["plot", str(tmp_path / "sweep.csv")]) == 0
    assert capsys.readouterr().out.split() == [str(tmp_path / "dose_response.png")]
    write_csv([{**r, "point": {"a": "b"}} for r in sweep], tmp_path / "sweep.csv")
    assert main(["plot", str(tmp_path / "sweep.csv")]) == 2
    assert "one or two settings whose values are numbers" in capsys.readouterr().err
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


def test_activity_figure(result: Path, tmp_path: Path) -> None:
    plot_activity(result, tmp_path / "activity.png", 2.0, 12.0)
    assert imread(tmp_path / "activity.png").std() > 0.05
    with open_run(result) as run, style():
        drawn = [trains(run, p.name, 2.0, 12.0) for p in run.populations]
        figure = activity_figure._figure(drawn, "demo", 3)
    raster, rates, intervals, spectrum = figure.axes
    assert raster.get_xlim() == (2.0, 6.0)
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
    given = colours(["pyramidal", "motor_fr", "oculomotor", "pv", "renshaw", "extra"])
    assert len(set(given.values())) == 6


def test_plotting_imports_little() -> None:
    code = (
        "import sys, time; start = time.process_time(); import unshielded.plot; "
        "print(time.process_time() - start); "
        "print(*({'brian2', 'pandas', 'scipy', 'matplotlib.pyplot'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, loaded = shown.stdout.split("\n")[:2]
    assert loaded == ""
    assert float(seconds) < 1.0
