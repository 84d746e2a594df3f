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

from tests.synthetic_recording import make_recording
from unshielded.analyse import summarise
from unshielded.plot import plot_dose_response, plot_membrane, plot_run
from unshielded.plot.run import _figure
from unshielded.plot.style import colours, time_axis, unit
from unshielded.store.files import NoSuchEntry, StoreError
from unshielded.store.read import open_run
from unshielded.store.write import write_run

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
        died = run.fate("motor")["time_of_death"]
    panels = figure.axes
    labels = " ".join(a.get_ylabel() for a in panels)
    for text in ("(µM)", "(mM)", "(mV)", "(Hz)", "(%)"):
        assert text in labels
    assert [a.get_xlabel() for a in panels[6:8]] == ["Time (s)", "Time (s)"]
    survivors = panels[7]
    orange = colours(["motor"])["motor"]
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
        {"sizes": {"interneuron": 3}},
        {"spikes": False, "traced": 0},
        {"sizes": {"motor": 2, "renshaw": 0}, "severity": 5.0},
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


def test_units_colours_and_time() -> None:
    assert unit("uM") == " (µM)"
    assert unit("1") == ""
    assert time_axis(59.0) == (1.0, "Time (s)")
    assert time_axis(3600.0) == (1 / 60, "Time (min)")
    assert time_axis(86400.0) == (1 / 3600, "Time (h)")
    given = colours(["pyramidal", "motor", "oculomotor", "interneuron", "renshaw", "extra"])
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
