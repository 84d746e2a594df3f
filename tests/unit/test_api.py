"""The package in Python: experiments, results as tables and datasets, figures, errors."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import types
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
import yaml
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

import unshielded as un
from tests.conftest import ROOT, Command
from tests.tiny import CELLS, TINY
from unshielded.api.grid import arrange
from unshielded.plot.style import style
from unshielded.progress.live import LiveTable
from unshielded.progress.notebook import displayed
from unshielded.progress.reporter import watching
from unshielded.store.reading import lazy
from unshielded.store.reading.read import open_run

LOSS = "circuit.interneuron_loss"
TinyRun = tuple[Path, subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def no_figure_is_left() -> None:
    mpl.use("agg")
    plt.close("all")


@pytest.fixture(scope="module")
def run(tiny_run: TinyRun) -> un.RunResult:
    found = un.open(tiny_run[0] / "tiny")
    assert isinstance(found, un.RunResult)
    return found


@pytest.fixture(scope="module")
def sweep(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> un.SweepResult:
    """Three levels and two lengths of a run, with two seeds."""
    grid = {LOSS: [0, 0.5, 1], "duration": ["1 s", "2 s"]}
    return un.sweep(TINY, grid, seeds=2, out=tmp_path_factory.mktemp("api"), progress=False)


def test_importing_it_imports_nothing_that_is_slow() -> None:
    code = "import sys, unshielded; print([m for m in ('numpy', 'pandas', 'pydantic', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_what_type_checkers_see_is_what_there_is() -> None:
    stub = ast.parse((ROOT / "unshielded" / "__init__.pyi").read_text())
    typed = {
        alias.name: node.module
        for node in stub.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert {"__version__", *typed} == set(un.__all__)
    for name in typed:
        assert getattr(un, name) is not None
        assert name in dir(un)
    with pytest.raises(AttributeError, match="no attribute 'runn'"):
        un.runn  # type: ignore[attr-defined]  # noqa: B018


def test_no_room_of_the_package_takes_the_name_of_a_function() -> None:
    """A submodule that is imported takes the place of an attribute of its name."""
    rooms = {
        path.stem
        for path in (ROOT / "unshielded").iterdir()
        if path.suffix == ".py" or any(path.glob("*.py"))  # a cache may outlive its room
    }
    assert not rooms & set(un.__all__)


def test_a_config_is_a_file_or_a_mapping() -> None:
    file = un.load(TINY, set={"drive.level": 0.5}, seed=3)
    data = {
        "name": "tiny",
        "duration": "2 s",
        "drive": {"level": np.float64(0.5)},
        "circuit": yaml.safe_load(TINY.read_text())["circuit"],
        "seed": 3,
    }
    assert un.load(data).identity == file.identity
    assert un.load(file).identity == file.identity
    assert un.load(file, set={"duration": "4 s"}).config.duration == 4.0
    assert repr(file) == "<Experiment 'tiny': 2 s, seed 3>"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"name": "x", "duration": "2 s", "drive": {"levl": 1}}, "drive.levl: there is no setting"),
        ({"name": "x", "duration": 2}, "duration"),
        ({"name": "x", "duration": object()}, "duration: found <object"),
        ("nowhere.yaml", "there is no such file"),
    ],
)
def test_what_is_wrong_is_told_with_its_name(config: dict[str, object] | str, said: str) -> None:
    with pytest.raises(un.ConfigError, match=said):
        un.load(config)


def test_a_point_of_a_sweep_is_not_the_config_that_it_is_from() -> None:
    whole = un.load(TINY, set={"sweep.grid": {LOSS: [0, 1]}})
    assert len(un.load(whole, set={"sweep.seeds": [1, 2, 3]}).listing()) == 6
    with pytest.raises(un.ConfigError, match="one point of a sweep"):
        un.load(whole.point(1), set={"drive.level": 0.5})


def test_needs_are_those_of_all_runs() -> None:
    one, many = un.validate(TINY), un.validate(TINY, {"sweep.seeds": [1, 2, 3]})
    assert (one.runs, many.runs, many.seeds) == (1, 3, 3)
    assert many.seconds == pytest.approx(3 * one.seconds)
    assert many.memory_bytes == one.memory_bytes


def test_tables_and_datasets_are_what_the_result_holds(
    run: un.RunResult, tiny_run: TinyRun
) -> None:
    told = json.loads(tiny_run[1].stdout)
    assert (run.id, run.name, run.seed, run.duration) == (told["id"], "tiny", 1, 2.0)
    assert run.outcomes.loc["motor_fr", "mean_rate_hz"] == pytest.approx(
        told["populations"]["motor_fr"]["mean_rate_hz"]
    )
    assert run.outcomes.attrs["units"]["mean_rate_hz"] == "Hz"
    assert len(run.fate) == CELLS
    assert run.fate["alive"].all()
    assert run.fate.attrs["units"]["time_of_death"] == "s"
    with open_run(run.path) as result:
        band = result.band("motor_fr", "calcium")
        times, neurons = result.spikes("motor_fr")
        traced = result.trace("motor_fr", "calcium").values
    calcium = run["motor_fr"].calcium_mean
    np.testing.assert_array_equal(calcium.values, band.mean)
    assert calcium.attrs["units"] == "uM"
    assert calcium.time.attrs["units"] == "s"
    spikes = run.spikes("motor_fr")
    np.testing.assert_array_equal(spikes["time"], times)
    np.testing.assert_array_equal(spikes["neuron"], neurons)
    np.testing.assert_array_equal(run.traces("motor_fr").calcium[1:, ::-1], traced[1:, ::-1])
    assert run.survival("motor_fr")["fraction"].tolist() == [1.0, 1.0]
    assert run.experiment.identity == run.id
    assert "@article" in run.citations
    with pytest.raises(un.StoreError, match="no population 'motor'"):
        run["motor"]


def test_values_are_read_when_they_are_asked_for(
    sweep: un.SweepResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = sweep["motor_fr"]
    read: list[Path] = []
    real = lazy.opened
    monkeypatch.setattr(lazy, "opened", lambda path: (read.append(path), real(path))[1])
    chosen = data.calcium_mean.sel({LOSS: 1.0, "duration": 2.0})
    assert read == []
    assert chosen.shape == (2, 3)
    chosen.load()
    assert len(read) == 2  # two seeds of one point, of twelve runs


def test_a_sweep_is_one_dataset_over_settings_seeds_and_time(sweep: un.SweepResult) -> None:
    data = sweep["motor_fr"]
    assert data.calcium_mean.dims == (LOSS, "duration", "seed", "time")
    assert data["duration"].attrs["units"] == "s"
    for number in (0, 3, 11):
        one = sweep.run(number)
        values, seed = sweep.plan.listing[number]
        at = {LOSS: values[LOSS], "duration": float(values["duration"][0]), "seed": seed}
        of_all = data.calcium_mean.sel(at).values
        own = one["motor_fr"].calcium_mean.values
        np.testing.assert_array_equal(of_all[: len(own)], own)
        assert np.isnan(of_all[len(own) :]).all()  # after the end of a shorter run
    counts = data.spike_count.isel(duration=1).sum("interval")
    table = sweep.outcomes.query("population == 'motor_fr' and duration == '2 s'")
    rates = table.set_index([LOSS, "seed"])["mean_rate_hz"].to_xarray()
    np.testing.assert_allclose(counts.values, 2.0 * 8 * rates.values, rtol=1e-12)
    assert len(sweep) == len(list(sweep)) == 12
    assert set(sweep.points["state"]) == {"done"}
    assert len(sweep.levels.query("population == 'pv'")) == 6
    assert list(sweep.survival("motor_fr").columns[:3]) == [LOSS, "duration", "time"]


def test_it_opens_as_what_it_is(sweep: un.SweepResult, tmp_path: Path) -> None:
    again = un.open(sweep.path)
    assert isinstance(again, un.SweepResult)
    assert again.outcomes.equals(sweep.outcomes)
    assert isinstance(un.open(sweep.run(0).path.parent), un.RunResult)
    with pytest.raises(un.StoreError, match="there are no results in this folder"):
        un.open(tmp_path)
    with pytest.raises(un.StoreError, match="no such file"):
        un.open(tmp_path / "gone")
    with pytest.raises(un.ConfigError, match="trial: is missing"):
        un.trial(TINY, out=tmp_path)


def test_runs_that_are_missing_are_missing_in_the_dataset(sweep: un.SweepResult) -> None:
    gone = sweep.run(5).path
    kept = gone.with_name("kept.h5")
    gone.rename(kept)
    try:
        again = un.open(sweep.path)
        assert isinstance(again, un.SweepResult)
        values = again["motor_fr"].calcium_mean.stack(run=[LOSS, "duration", "seed"])
        missing = np.isnan(values.isel(time=0).values)
        assert missing.tolist() == [number == 5 for number in range(12)]
        with pytest.raises(un.StoreError, match="run 5 is not done"):
            again.run(5)
    finally:
        kept.rename(gone)


def test_a_run_that_fails_is_a_warning_and_named(cache: Path, tmp_path: Path) -> None:
    grid = {"parameters.injected_current": ["0 nA", "1000 nA"]}
    with pytest.warns(UserWarning, match="1 of 2 runs failed; injected_current=1000 nA"):
        found = un.sweep(TINY, grid, out=tmp_path, progress=False)
    assert found.points["state"].tolist() == ["done", "failed"]
    assert "is not finite" in found.points["error"][1]
    missing = np.isnan(found["motor_fr"].calcium_mean.isel(seed=0).values)
    assert missing.all(axis=1).tolist() == [False, True]


def test_runs_lie_on_a_grid_where_they_fill_one(tmp_path: Path) -> None:
    results = [tmp_path / str(number) for number in range(4)]
    product = [(a, b) for a in (1, 2) for b in (3, 4)]
    beside = [({"a": a, "b": b, "c": f"{2 * b} ms"}, 7) for a, b in product]
    grid = arrange(beside, results)
    assert grid.dims == ("a", "b", "seed")
    assert grid.paths[..., 0].tolist() == [results[:2], results[2:]]
    dims, values, about = grid.coords["c"]  # goes along with b
    assert (dims, about["units"]) == (("a", "b", "seed"), "s")
    np.testing.assert_allclose(values[..., 0], [[0.006, 0.008], [0.006, 0.008]])
    scattered = arrange([*(({"a": a}, 1) for a in (0, 1, 2)), ({"a": 0}, 2)], results)
    assert scattered.dims == ("run",)
    assert scattered.coords["a"][1].tolist() == [0, 1, 2, 0]


def test_runs_with_times_of_their_own_are_one_dataset(sweep: un.SweepResult) -> None:
    """As those of a solver: here of runs of one and of two seconds."""
    paths = np.array([sweep.run(0).path, None, sweep.run(2).path], dtype=object)
    place = ("populations", "motor_fr")
    data = lazy.stacked(paths, place, ("run",), {}, sweep.run(2).path, alike=False)
    assert data.calcium_mean.dims == ("run", "time_number")
    assert data.time.dims == ("run", "time_number")
    for number, own in ((0, sweep.run(0)["motor_fr"]), (2, sweep.run(2)["motor_fr"])):
        kept = data.isel(run=number).dropna("time_number", subset=["time"])
        np.testing.assert_array_equal(kept.time, own.time)
        np.testing.assert_array_equal(kept.calcium_mean, own.calcium_mean)
    assert np.isnan(data.calcium_mean.isel(run=1)).all()


def test_figures_are_axes_that_pyplot_knows(run: un.RunResult, sweep: un.SweepResult) -> None:
    before = dict(mpl.rcParams)
    for number, draw in enumerate(
        (run.plot, run.plot_activity, run.plot_survival, sweep.plot, sweep.plot_time_to_death), 1
    ):
        axes = draw()
        assert axes
        assert all(isinstance(each, Axes) for each in axes)
        assert len(plt.get_fignums()) == number
        assert plt.gcf() is axes[0].figure
    assert dict(mpl.rcParams) == before  # nothing is left of our style
    with pytest.raises(un.StoreError, match=r"record\.membrane"):
        run.plot_membrane()


def test_an_axis_keeps_our_style_when_it_is_shown_later(run: un.RunResult, tmp_path: Path) -> None:
    axes = run.plot_activity()[1]
    with style():
        size = mpl.rcParams["xtick.labelsize"]
    axes.figure.savefig(tmp_path / "later.png")
    assert {label.get_fontsize() for label in axes.get_xticklabels()} == {size}


def test_every_number_is_in_the_table_of_parameters() -> None:
    table = un.params()
    assert table.loc[("membrane_capacitance", ""), "unit"] == "pF"
    assert ("membrane_capacitance", "motor_fr") in table.index
    given = un.params(un.load(TINY, set={"parameters.retention_capacity": "250 mM"}))
    assert given.loc[("retention_capacity", ""), "kind"] == "given"
    assert "told_value" in un.params(preparation="slice_21C")
    with pytest.raises(ValueError, match="there is no preparation 'slice'"):
        un.params(preparation="slice")


def test_nothing_is_shown_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with watching([""], [1.0]) as report:
        report.advance(0, "simulate", 0.5, 3)
    assert capsys.readouterr().err == ""
    with watching([""], [1.0], wanted=True) as report:
        report.advance(0, "simulate", 0.5, 3)
    assert json.loads(capsys.readouterr().err)["percent"] == 50.0


def test_a_notebook_shows_one_text_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[str] = []

    class Handle:
        def update(self, page: str) -> None:
            pages[-1] = page

    def display(page: str, display_id: bool) -> Handle:
        assert display_id
        pages.append(page)
        return Handle()

    fake = types.ModuleType("IPython.display")
    fake.HTML, fake.display = str, display  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", types.ModuleType("IPython"))
    monkeypatch.setitem(sys.modules, "IPython.display", fake)
    with displayed(LiveTable(["loss<1", "b"], [1.0, 1.0])) as shown:
        shown.advance(0, "simulate", 0.5, 44)
        shown.refresh()
        assert "loss&lt;1" in pages[0]
        assert "50 %" in pages[0]
        shown.finish(0, "")
        shown.finish(1, "")
    assert len(pages) == 1
    assert "2 of 2 points done" in pages[0]


def test_the_command_and_python_make_the_same_run(
    run: un.RunResult, tiny_run: TinyRun, command: Command
) -> None:
    again = un.run(TINY, tiny_run[0], progress=False)
    assert again.path.resolve() == run.path.resolve()
