"""What a result says of the bath."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.conftest import Command
from tests.dish import DISH
from tests.synthetic_recording import make_recording
from unshielded.plot.run import plot_run
from unshielded.store.format.files import StoreError
from unshielded.store.reading.bath import AppliedAgent, applications, concentration
from unshielded.store.reading.read import inspect, open_run
from unshielded.store.writing.recording import RawRecording
from unshielded.store.writing.write import write_run

AGENTS = ("glutamate", "MK-801", "cyclosporin A")
APPLIED = {
    "glutamate": ((5.0, 0.1), (8.0, 0.02), (12.0, 0.0), (15.0, 0.1), (18.0, 0.0)),
    "cyclosporin A": ((2.0, 1e-3),),
}
ENTRIES = (
    AppliedAgent("cyclosporin A", 1e-3, 2.0, None),
    AppliedAgent("glutamate", 0.1, 5.0, 8.0),
    AppliedAgent("glutamate", 0.02, 8.0, 12.0),
    AppliedAgent("glutamate", 0.1, 15.0, 18.0),
)


def with_bath(folder: Path) -> RawRecording:
    """A made-up recording whose bath is a ramp in each column."""
    recording = make_recording(folder, duration=20.0, scale=0.2)
    rows = np.arange(21)[:, None] * 0.01 + np.arange(3)
    rows.astype("<f8").tofile(folder / "bath.f64")
    return dataclasses.replace(recording, agents=AGENTS, applied=APPLIED)


def write(path: Path, recording: RawRecording) -> Path:
    write_run(path, recording, {"id": "0", "name": "demo", "seed": 3}, "", "{}", "{}", "")
    return path


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bath")
    return write(folder / "results.h5", with_bath(folder / "raw"))


def test_what_was_applied_can_be_read_back(result: Path) -> None:
    with open_run(result) as run:
        assert run.bath() == ENTRIES
        for column, agent in ((0, "glutamate"), (2, "cyclosporin A")):
            course = run.concentration(agent)
            assert course.unit == "mM"
            np.testing.assert_array_equal(course.time, np.arange(21.0))
            np.testing.assert_allclose(course.values, np.arange(21) * 0.01 + column)
        assert not run.has("bath", "MK-801")
    assert inspect(result)["bath"] == [dataclasses.asdict(entry) for entry in ENTRIES]


def test_other_tools_read_it(result: Path) -> None:
    with xr.open_dataset(result, group="bath/glutamate", engine="h5netcdf") as data:
        assert data["concentration"].dims == ("time",)
        assert data["applied"].dims == ("applied_from",)
        assert data["applied"].attrs["units"] == "mM"
        np.testing.assert_allclose(data["applied_from"], [5.0, 8.0, 12.0, 15.0, 18.0])


def test_without_a_bath_there_is_no_group(tmp_path: Path) -> None:
    plain = write(tmp_path / "results.h5", make_recording(tmp_path / "raw", scale=0.2))
    with open_run(plain) as run:
        assert run.bath() == ()
        assert not run.has("bath")
    assert inspect(plain)["bath"] == []


def test_nothing_applied_is_no_application() -> None:
    none = {"APV": (np.array([0.0, 1.0]), np.zeros(2))}
    assert applications(none) == ()


@pytest.mark.parametrize(
    ("millimolar", "text"),
    [(100.0, "100 mM"), (1.0, "1 mM"), (0.25, "250 µM"), (1e-3, "1 µM"), (3e-4, "300 nM")],
)
def test_concentrations_are_written_as_one_says_them(millimolar: float, text: str) -> None:
    assert concentration(millimolar) == text


def test_a_bath_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    recording = with_bath(tmp_path / "raw")
    file = tmp_path / "raw" / "bath.f64"
    whole = file.read_bytes()
    for left, said in ((len(whole) - 8, "not a whole number of rows"), (24 * 20, "holds 20 rows")):
        file.write_bytes(whole[:left])
        with pytest.raises(StoreError, match=said):
            write(tmp_path / "results.h5", recording)
    file.unlink()
    with pytest.raises(StoreError, match=r"bath\.f64: the file is missing"):
        write(tmp_path / "results.h5", recording)
    stranger = dataclasses.replace(recording, applied={"water": ((0.0, 1.0),)})
    with pytest.raises(StoreError, match="water was applied but is none of the recorded agents"):
        write(tmp_path / "results.h5", stranger)


def test_the_figure_names_what_was_applied(result: Path, tmp_path: Path) -> None:
    with_it, without = tmp_path / "with.svg", tmp_path / "without.svg"
    plot_run(result, with_it)
    plot_run(write(tmp_path / "r.h5", make_recording(tmp_path / "raw", scale=0.2)), without)
    # Both concentrations of glutamate stand once, the one that came twice as well.
    for text in ("glutamate 100 µM, 20 µM", "cyclosporin A 1 µM"):
        assert text in with_it.read_text()
        assert text not in without.read_text()


def test_a_run_says_what_was_in_its_bath(command: Command, tmp_path: Path) -> None:
    entry = "{agent: glutamate, concentration: 100 uM, from: 1 s, until: 3 s}"
    bath = f"bath=[{entry}, {{agent: FCCP, concentration: 1 uM}}]"
    tau = "parameters.bath_exchange_time=0.5 s"
    out = tmp_path / "runs"
    done = command("run", DISH, "--set", bath, "--set", tau, "--out", out, "--format", "json")
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    shown = command("inspect", results).stdout
    assert "bath: 1 µM FCCP from 0 s to the end" in shown
    assert "bath: 100 µM glutamate from 1 s until 3 s" in shown
    with open_run(results) as run:
        course = run.concentration("glutamate")
        wash = np.exp(-(course.time - 3.0) / 0.5)
        top = 0.1 * (1 - np.exp(-2.0 / 0.5))
        # Against the exact exchange. Steps of h = tau/256 err by (t/tau)(h/tau)²/6, 1.5e-5 after
        # six time constants.
        np.testing.assert_allclose(
            course.values[course.time >= 3.0], (top * wash)[course.time >= 3.0], rtol=2e-5
        )
        assert np.all(course.values[course.time <= 1.0] == 0.0)
        # What glutamate does to a motor neuron in a dish: nothing before, spikes while it is in.
        spikes, _ = run.spikes("motor_fr")
        assert spikes.size > 0
        assert spikes.min() > 1.0
