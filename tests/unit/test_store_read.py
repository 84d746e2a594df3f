"""Reading and inspecting results."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests.synthetic_recording import make_recording
from unshielded.fates import FATES
from unshielded.results.summary import summarise
from unshielded.store.format.files import CorruptResult, NoSuchEntry, StoreError
from unshielded.store.format.layout import FORMAT_VERSION
from unshielded.store.format.seal import seal
from unshielded.store.reading.read import inspect, open_run
from unshielded.store.writing.write import write_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    recording = make_recording(folder / "raw", duration=10.0)
    about: dict[str, str | int | float] = {"id": "0123abcd", "name": "demo", "seed": 3}
    write_run(folder / "results.h5", recording, about, "name: demo\n", "{}", "{}", "")
    return folder


def test_inspect_a_run(folder: Path) -> None:
    found = inspect(folder)
    assert found == inspect(folder / "results.h5") == json.loads(json.dumps(found, allow_nan=False))
    assert (found["id"], found["name"], found["seed"]) == ("0123abcd", "demo", 3)
    assert found["duration_s"] == 10.0
    motor = found["populations"][1]
    assert motor["name"] == "motor_fr"
    assert motor["n"] == 20
    assert motor["alive"] < 20
    entries = {e["path"]: e for e in found["tree"]}
    calcium = entries["/populations/motor_fr/calcium_mean"]
    assert (calcium["shape"], calcium["dtype"], calcium["units"]) == ([11], "float64", "uM")
    assert entries["/fate"]["kind"] == "group"


def test_inspect_a_dataset(folder: Path) -> None:
    found = inspect(folder, "/fate/time_of_death")
    json.dumps(found, allow_nan=False)
    with open_run(folder) as run:
        died = run.fate()["time_of_death"]
    assert found["attributes"]["units"] == "s"
    assert found["mean"] == pytest.approx(np.nanmean(died))
    assert found["min"] == pytest.approx(np.nanmin(died))
    assert found["max"] == pytest.approx(np.nanmax(died))
    assert found["missing"] == np.isnan(died).sum()
    assert len(found["first"]) == 10
    assert None in found["first"]
    assert inspect(folder, "fate/mode")["first"][0] in ("none", *FATES)
    assert "time_of_death" in inspect(folder, "/fate")["entries"]
    assert inspect(folder, "/provenance/config_yaml")["first"] == ["name: demo\n"]
    assert inspect(folder, "/rates/motor_fr/counts")["scanned"] == 200


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("/fate/modes", "did you mean 'mode'"),
        ("/nothing/here", "it holds fate"),
        ("/fate/mode/x", "there is nothing inside it"),
        ("../../etc", "there is no"),
        ("a\0b", "there is no"),
    ],
)
def test_inspect_what_is_not_there(inner: str, message: str, folder: Path) -> None:
    with pytest.raises(NoSuchEntry, match=message) as caught:
        inspect(folder, inner)
    assert caught.value.exit_code == 2


def test_a_missing_file_or_population(folder: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match=r"there is no results\.h5 in this folder"),
        open_run(tmp_path),
    ):
        pass
    with pytest.raises(StoreError, match="there is no such file"):
        inspect(tmp_path / "nothing.h5")
    with open_run(folder) as run, pytest.raises(StoreError, match="it has pyramidal, motor_fr"):
        run.fate("muscle")


def test_every_nth_spike(folder: Path) -> None:
    with open_run(folder) as run:
        time, neuron = run.spikes("motor_fr")
        fewer, of = run.spikes("motor_fr", every=7)
    assert len(time) > 100
    assert 0 <= time.min() <= time.max() <= 10
    np.testing.assert_array_equal(fewer, time[::7])
    np.testing.assert_array_equal(of, neuron[::7])


def make_sealed(path: Path, version: int = FORMAT_VERSION, complete: int | None = 1) -> h5py.File:
    """A file with the marks of a result, to be filled, closed and sealed."""
    file = h5py.File(path, "w")
    file.attrs["format_version"] = version
    if complete is not None:
        file.attrs["complete"] = complete
    file.attrs["duration"] = file.attrs["record_interval"] = 1.0
    names = file.create_group("populations")
    names.attrs["names"] = np.array([], dtype=h5py.string_dtype())
    return file


def test_unfinished_and_newer_results(tmp_path: Path) -> None:
    for number, (version, complete, message) in enumerate(
        [(1, None, "unfinished"), (1, 0, "unfinished"), (4, 1, "format version 4, expected 1 to 3")]
    ):
        path = tmp_path / f"{number}.h5"
        make_sealed(path, version, complete).close()
        seal(path)
        with pytest.raises(CorruptResult, match=message) as caught:
            inspect(path)
        assert caught.value.exit_code == 5


def test_a_result_of_format_1(folder: Path, tmp_path: Path) -> None:
    """It differs in names only; here every variable that has a new one is stored under the old."""
    new, old = tmp_path / "new.h5", tmp_path / "old.h5"
    for path in (new, old):
        shutil.copy(folder / "results.h5", path)
        with h5py.File(path, "r+") as file:
            traces = file["traces/motor_fr"]
            for name in ("upkeep_fraction", "firing_rate"):
                file.copy(traces["calcium"], traces, name)
                traces[name].dims[0].attach_scale(traces["time"])
    with h5py.File(old, "r+") as file:
        file.attrs["format_version"] = 1
        file["fate"].move("buffer_capacity", "kappa")
        file["traces/motor_fr"].move("upkeep_fraction", "upkeep_fraction")
        file["traces/motor_fr"].move("firing_rate", "firing_rate")
    seal(new)
    seal(old)
    with open_run(old) as before, open_run(new) as now:
        table = before.fate("motor_fr")
        assert set(table) == set(now.fate())
        np.testing.assert_array_equal(
            table["buffer_capacity"], now.fate("motor_fr")["buffer_capacity"]
        )
        for name in ("upkeep_fraction", "firing_rate"):
            found = before.trace("motor_fr", name).values
            np.testing.assert_array_equal(found, now.trace("motor_fr", name).values)
        # What had this name before has it still.
        rate = before.series("motor_fr", "firing_rate").values
        np.testing.assert_array_equal(rate, now.series("motor_fr", "firing_rate").values)


def test_a_result_of_format_2_does_not_tell_of_losses(folder: Path, tmp_path: Path) -> None:
    """Its means are over all neurons, so a total is the mean times their number."""
    old = tmp_path / "old.h5"
    shutil.copy(folder / "results.h5", old)
    with h5py.File(old, "r+") as file:
        file.attrs["format_version"] = 2
        for name in ("lost", "lost_from", "doomed", "final_atp", "final_pore_open"):
            del file["fate"][name]
        for name in file["rates"]:
            del file["rates"][name]["lost_from"], file["rates"][name]["restored_from"]
    seal(old)
    with open_run(old) as run:
        assert (run.is_old, run.of_the_living, run.n_lost("pv")) == (True, False, None)
        assert np.isinf(run.lost("pv")).all()
        mean = run.series("motor_fr", "calcium_mean").values
        known = np.isfinite(mean)
        total = run.total("motor_fr", "calcium").values
        np.testing.assert_allclose(total[known], 20 * mean[known])
    found = summarise(old)["populations"]["motor_fr"]
    assert (found["lost"], found["doomed"]) == (None, None)
    assert found["burned_out"] + found["alive"] == 20


def test_links_are_not_followed(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as secret:
        secret["x"] = [1, 2, 3]
    path = tmp_path / "a.h5"
    with make_sealed(path) as file:
        file["outside"] = h5py.ExternalLink("secret.h5", "/x")
        file["soft"] = h5py.SoftLink("/populations")
        layout = h5py.VirtualLayout((3,), "i8")
        layout[:] = h5py.VirtualSource(tmp_path / "secret.h5", "x", (3,))
        file.create_virtual_dataset("virtual", layout)
        file.create_dataset("raw", (4,), "u1", external=[(str(tmp_path / "secret.h5"), 0, 4)])
        file["loop"] = file["/"]  # a group that contains itself
    seal(path)
    for name, message in {
        "outside": r"link to '/x' in the file 'secret\.h5'",
        "soft": "links are not followed",
        "virtual": "in another file",
        "raw": "in another file",
    }.items():
        with pytest.raises(CorruptResult, match=message):
            inspect(path, name)
    tree = {e["path"]: e["kind"] for e in inspect(path)["tree"]}
    assert tree["/outside"] == tree["/soft"] == tree["/virtual"] == "unreadable"
    assert tree["/loop"] == "group"


def test_huge_shapes_are_bounded(tmp_path: Path) -> None:
    """Shapes that claim terabytes take neither the time nor the memory."""
    path = tmp_path / "a.h5"
    with make_sealed(path) as file:
        file.create_dataset("long", (1 << 42,), "i1", chunks=(1 << 16,))
        file.create_dataset("wide", (1, 1 << 42), "f8", chunks=(1, 1 << 16))
        file.create_dataset("chunk", (1 << 31,), "f8", chunks=((1 << 29) - 1,))
        file.create_dataset("null", data=h5py.Empty("f8"))
    seal(path)
    assert inspect(path, "long")["scanned"] <= 1 << 29
    assert inspect(path, "wide")["scanned"] == 0
    assert inspect(path, "chunk")["scanned"] == 0
    assert inspect(path, "null")["first"] == []


def test_reading_imports_little() -> None:
    code = (
        "import sys, time; start = time.process_time(); import unshielded.store.reading.read; "
        "print(time.process_time() - start); "
        "print(*({'brian2', 'pandas', 'scipy', 'pint', 'xarray'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, loaded = shown.stdout.split("\n")[:2]
    assert loaded == ""
    assert float(seconds) < 4.0  # some 0.3 s on an idle core
