"""What is written is what the raw files held, in the layout that other tools read."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from tests.synthetic_recording import CARRIERS, VARIABLES, make_recording
from unshielded.store.format.files import StoreError
from unshielded.store.format.layout import FORMAT_VERSION
from unshielded.store.reading.read import open_run
from unshielded.store.writing import raw as raw_files
from unshielded.store.writing.recording import PopulationSlice, RawRecording
from unshielded.store.writing.write import write_run

ABOUT: dict[str, str | int | float] = {"id": "0123abcd", "name": "demo", "seed": 3, "gcc": "12.2"}


def write(path: Path, recording: RawRecording) -> Path:
    write_run(path, recording, ABOUT, "name: démo\n", '{"seed": 3}', "{}", "@article{x}")
    return path


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> RawRecording:
    return make_recording(tmp_path_factory.mktemp("raw"), duration=20.0)


@pytest.fixture(scope="module")
def result(recording: RawRecording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("run") / "results.h5", recording)


def snapshots(recording: RawRecording) -> np.ndarray:
    """[time, variable, cell] in SI."""
    values = np.fromfile(recording.directory / "snapshots.f64", "<f8")
    return values.reshape(-1, len(recording.variables), recording.n_cells)


def place(name: str) -> int:
    return [v.name for v in VARIABLES].index(name)


def test_means_and_percentiles_are_in_display_units(recording: RawRecording, result: Path) -> None:
    raw = snapshots(recording)
    with open_run(result) as run:
        for population in recording.carriers:
            cells = slice(population.start, population.stop)
            band = run.band(population.name, "calcium")
            micromolar = raw[:, place("calcium"), cells] * 1e3
            micromolar[raw[:, place("alive"), cells] == 0] = np.nan  # the dead do not count
            assert band.unit == "uM"
            np.testing.assert_allclose(band.mean, np.nanmean(micromolar, axis=1))
            np.testing.assert_allclose(band.low, np.nanpercentile(micromolar, 5, axis=1))
            np.testing.assert_allclose(band.high, np.nanpercentile(micromolar, 95, axis=1))
            total = run.total(population.name, "calcium").values
            np.testing.assert_allclose(total, np.nansum(micromolar, axis=1))
            alive = run.series(population.name, "fraction_alive")
            np.testing.assert_allclose(alive.values, raw[:, place("alive"), cells].mean(axis=1))
            np.testing.assert_allclose(alive.time, np.arange(21.0))


def test_fate_table(recording: RawRecording, result: Path) -> None:
    final = np.fromfile(recording.directory / "final.f64", "<f8").reshape(len(VARIABLES), -1)
    with open_run(result) as run:
        fate = run.fate()
        motor = run.fate("motor_fr")
    dead = final[place("alive")] == 0
    assert 0 < dead.sum() < len(dead)
    np.testing.assert_array_equal(fate["alive"] == 0, dead)
    np.testing.assert_array_equal(np.isnan(fate["time_of_death"]), ~dead)
    np.testing.assert_array_equal(fate["time_of_death"][dead], final[place("time_of_death")][dead])
    assert set(fate["mode"]) == {"none", "necrosis", "apoptosis", "proteolysis"}
    causes = set(zip(fate["mode"], fate["cause"], strict=True))
    assert causes == {
        ("none", ""),
        ("necrosis", "loss of ion gradients"),
        ("apoptosis", "cytochrome c"),
        ("proteolysis", "calpain"),
    }
    np.testing.assert_allclose(fate["buffer_capacity"], recording.buffer_capacity)
    np.testing.assert_allclose(fate["peak_calcium"], final[place("peak_calcium")] * 1e3)
    assert np.isnan(fate["time_of_pore_opening"]).any()
    assert np.nanmin(fate["time_of_pore_opening"]) > 0
    assert list(motor["index"]) == list(range(20))
    assert set(motor["population"]) == {"motor_fr"}


def test_traces_and_membrane(recording: RawRecording, result: Path) -> None:
    raw = snapshots(recording)
    traced = [n for n in recording.traced_neurons if 40 <= n < 60]
    samples = np.fromfile(recording.directory / "membrane.f64", "<f8")
    with open_run(result) as run:
        np.testing.assert_allclose(
            run.trace("motor_fr", "atp").values, raw[:, place("atp"), traced]
        )
        membrane = run.membrane()
    assert membrane is not None
    np.testing.assert_allclose(membrane.potential.ravel(), samples * 1e3)
    assert list(membrane.population[2:4]) == ["motor_fr", "motor_fr"]
    assert list(membrane.index) == [0, 1] * 5


def test_ledger_closes_and_an_open_one_shows(recording: RawRecording, tmp_path: Path) -> None:
    raw = snapshots(recording)
    cell = 40 + int(np.flatnonzero(raw[-1, place("alive"), 40:60])[0])
    raw[-1, place("atp"), cell] += 0.5  # a living motor neuron conjures up ATP
    raw[-2, place("phosphocreatine"), cell] += 0.5  # and before that phosphocreatine
    made = [place("atp_produced_oxidative"), place("atp_produced_glycolytic")]
    produced, before = raw[-1, made, cell].sum(), raw[-2, made, cell].sum()
    _copy(recording, tmp_path / "raw", snapshots=raw)
    cheat = dataclasses.replace(recording, directory=tmp_path / "raw")
    with open_run(write(tmp_path / "results.h5", cheat)) as run:
        assert run.ledger("pyramidal")["closure_error"].values.max() < 1e-12
        error = run.ledger("motor_fr")["closure_error"].values
        assert error[-1] == pytest.approx(0.5 / produced)
        assert error[-2] == pytest.approx(0.5 / before)
        assert error[:-2].max() < 1e-12
        assert run.ledger("motor_fr")["atp_used_calcium"].unit == "mM"


def test_the_ledger_of_a_synthase_in_reverse_is_held_against_what_is_used(
    recording: RawRecording, tmp_path: Path
) -> None:
    raw = snapshots(recording)
    cell = 40 + int(np.flatnonzero(raw[-1, place("alive"), 40:60])[0])
    oxidative = place("atp_produced_oxidative")
    made = raw[-1, oxidative, cell] + raw[-1, place("atp_produced_glycolytic"), cell]
    raw[-1, oxidative, cell] -= 2 * made  # now it has made less than nothing
    used = sum(
        raw[-1, k, cell]
        for k, v in enumerate(recording.variables)
        if v.name.startswith("atp_used_")
    )
    _copy(recording, tmp_path / "raw", snapshots=raw)
    cheat = dataclasses.replace(recording, directory=tmp_path / "raw")
    with open_run(write(tmp_path / "results.h5", cheat)) as run:
        error = run.ledger("motor_fr")["closure_error"].values
    assert error[-1] == pytest.approx(2 * made / used)


def _copy(recording: RawRecording, to: Path, snapshots: np.ndarray | None = None) -> None:
    to.mkdir()
    for file in recording.directory.iterdir():
        (to / file.name).write_bytes(file.read_bytes())
    if snapshots is not None:
        snapshots.tofile(to / "snapshots.f64")


def test_spikes_are_sonata(recording: RawRecording, result: Path) -> None:
    ticks = np.fromfile(recording.directory / "spike_ticks.i64", "<i8")
    neurons = np.fromfile(recording.directory / "spike_neurons.i32", "<i4")
    with h5py.File(result) as file:
        assert file.attrs["magic"] == 0x0A7A
        assert list(file.attrs["version"]) == [0, 1]
        for p in recording.populations:
            mine = (neurons >= p.start) & (neurons < p.stop)
            group = file["spikes"][p.name]
            times, ids = group["timestamps"], group["node_ids"]
            assert times.dtype == np.float64
            assert ids.dtype == np.uint64
            assert times.attrs["units"] == "ms"
            np.testing.assert_allclose(times[:], ticks[mine] * 1000 / 8192)
            np.testing.assert_array_equal(ids[:], neurons[mine] - p.start)
            sorting = h5py.check_enum_dtype(group.attrs.get_id("sorting").dtype)
            assert sorting == {"none": 0, "by_id": 1, "by_time": 2}
            assert group.attrs["sorting"] == 2
            assert times.compression is None  # readers of SONATA may have an HDF5 without deflate
            assert times.fletcher32


def test_readers_of_sonata_read_every_population(recording: RawRecording, result: Path) -> None:
    """libsonata, and bmtk where it is installed; with h5py it is compared above."""
    libsonata = pytest.importorskip("libsonata")
    neurons = np.fromfile(recording.directory / "spike_neurons.i32", "<i4")
    spikes = libsonata.SpikeReader(str(result))
    assert set(spikes.get_population_names()) == {p.name for p in recording.populations}
    for p in recording.populations:
        mine = neurons[(neurons >= p.start) & (neurons < p.stop)] - p.start
        found = spikes[p.name].get_dict()
        assert spikes[p.name].sorting == "by_time"
        np.testing.assert_array_equal(found["node_ids"], mine)


def test_bmtk_reads_every_population(recording: RawRecording, result: Path) -> None:
    trains = pytest.importorskip("bmtk.utils.reports.spike_trains")
    neurons = np.fromfile(recording.directory / "spike_neurons.i32", "<i4")
    for p in recording.populations:
        found = trains.SpikeTrains.from_sonata(str(result), population=p.name)
        mine = neurons[(neurons >= p.start) & (neurons < p.stop)] - p.start
        assert sorted(found.to_dataframe()["node_ids"]) == sorted(mine)


def test_xarray_opens_every_group(result: Path) -> None:
    groups = ["/"]
    with h5py.File(result) as file:
        file.visititems(lambda n, o: groups.append(n) if isinstance(o, h5py.Group) else None)
    for group in groups:
        with xr.open_dataset(result, engine="h5netcdf", group=group) as dataset:
            dataset.load()
            for name in dataset.variables:
                assert dataset[name].attrs["units"]
                assert dataset[name].attrs["long_name"]
    with xr.open_dataset(result, engine="h5netcdf", group="traces/motor_fr") as dataset:
        assert dataset.calcium.dims == ("time", "neuron")
        assert float(dataset.calcium.sel(time=10.0, neuron=1)) > 0


def test_viewers_find_something_to_draw(result: Path) -> None:
    with h5py.File(result) as file:
        group = file
        while "default" in group.attrs:
            group = group[group.attrs["default"]]
        assert group.attrs["NX_class"] == "NXdata"
        signal = group[group.attrs["signal"]]
        for number, axis in enumerate(group.attrs["axes"]):
            assert signal.dims[number][0] == group[axis]
            assert group[axis].is_scale
        assert file.attrs["complete"] == 1


def test_provenance_is_kept_verbatim(result: Path) -> None:
    with open_run(result) as run:
        assert (run.id, run.name, run.seed, run.duration) == ("0123abcd", "demo", 3, 20.0)
        assert run.provenance() == {**ABOUT, "format_version": FORMAT_VERSION}
        assert run.text("config_yaml") == "name: démo\n"
        assert json.loads(run.text("resolved_json")) == {"seed": 3}
        assert run.text("citations") == "@article{x}"
        assert [p.name for p in run.populations] == [*CARRIERS, "pv", "renshaw"]


def test_the_dead_do_not_count_in_rates(tmp_path: Path) -> None:
    recording = make_recording(tmp_path / "raw", duration=3.0, sizes={"motor_fr": 2, "renshaw": 1})
    final = np.fromfile(tmp_path / "raw" / "final.f64", "<f8").reshape(len(VARIABLES), 2)
    final[place("alive")] = 1, 0
    final[place("time_of_death")] = -1, 1.5
    final[place("death_mode")] = 0, 1
    final.tofile(tmp_path / "raw" / "final.f64")
    counts = np.array([[10, 20, 5], [10, 7, 5], [10, 3, 5]], dtype="<i4")
    counts.tofile(tmp_path / "raw" / "counts.i32")
    with open_run(write(tmp_path / "results.h5", recording)) as run:
        rate = run.series("motor_fr", "firing_rate")
        assert rate.unit == "Hz"
        np.testing.assert_allclose(rate.time, [0.5, 1.5, 2.5])
        # 30 spikes in 2 cell-seconds; 17 in 1.5; then one cell, and no spike of the dead one
        np.testing.assert_allclose(rate.values, [15.0, 17 / 1.5, 10.0])
        np.testing.assert_allclose(run.series("renshaw", "firing_rate").values, 5.0)
        first = next(run.counts("motor_fr"))
        assert first[0] == 0
        np.testing.assert_array_equal(first[1], counts[:, :2])


def test_rate_of_nobody_is_missing(tmp_path: Path) -> None:
    recording = make_recording(tmp_path / "raw", duration=3.0, sizes={"motor_fr": 1})
    final = np.fromfile(tmp_path / "raw" / "final.f64", "<f8").reshape(len(VARIABLES), 1)
    final[place("alive")], final[place("time_of_death")] = 0, 1.0
    final.tofile(tmp_path / "raw" / "final.f64")
    with open_run(write(tmp_path / "results.h5", recording)) as run:
        assert np.isnan(run.series("motor_fr", "firing_rate").values[1:]).all()


def test_long_raw_files_are_read_in_blocks(
    recording: RawRecording, result: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result is the same to the byte, however little is held at a time."""
    monkeypatch.setattr(raw_files, "BLOCK_BYTES", 3000)
    blocks = list(raw_files.open_raw(recording).counts())
    assert max(block.nbytes for _, block in blocks) <= 3000
    assert len(blocks) > 2
    with open_run(write(tmp_path / "results.h5", recording)) as small, open_run(result) as usual:
        for p in usual.populations:
            for name in ("firing_rate", "spike_count"):
                a, b = small.series(p.name, name), usual.series(p.name, name)
                np.testing.assert_array_equal(a.values, b.values)
            for x, y in zip(small.spikes(p.name), usual.spikes(p.name), strict=True):
                np.testing.assert_array_equal(x, y)
        for name in CARRIERS:
            np.testing.assert_allclose(small.band(name, "atp").low, usual.band(name, "atp").low)
            for column, values in usual.ledger(name).items():
                np.testing.assert_allclose(small.ledger(name)[column].values, values.values)


def test_the_same_run_gives_the_same_bytes(
    recording: RawRecording, result: Path, tmp_path: Path
) -> None:
    assert write(tmp_path / "again.h5", recording).read_bytes() == result.read_bytes()


def test_many_spikes_in_an_interval_need_more_bits(tmp_path: Path) -> None:
    recording = make_recording(tmp_path / "raw", duration=2.0, sizes={"motor_fr": 1})
    np.array([[70_000], [1]], dtype="<i4").tofile(tmp_path / "raw" / "counts.i32")
    with open_run(write(tmp_path / "results.h5", recording)) as run:
        block = next(run.counts("motor_fr"))[1]
        assert block.dtype == np.uint32
        assert block[0, 0] == 70_000


@pytest.mark.parametrize(
    "sizes",
    [
        {"pv": 3, "renshaw": 2},
        {"pyramidal": 2, "motor_fr": 0, "pv": 3},
        {"motor_fr": 2, "pv": 0},
    ],
)
def test_empty_and_immortal_populations(sizes: dict[str, int], tmp_path: Path) -> None:
    recording = make_recording(tmp_path / "raw", duration=2.0, sizes=sizes)
    result = write(tmp_path / "results.h5", recording)
    with open_run(result) as run:
        assert {p.name: p.size for p in run.populations} == sizes
        assert len(run.fate()["population"]) == recording.n_cells
    for name in sizes:
        for group in ("populations", "rates", "spikes"):
            with xr.open_dataset(result, engine="h5netcdf", group=f"{group}/{name}") as dataset:
                dataset.load()


def test_without_spikes_and_with_a_last_short_interval(tmp_path: Path) -> None:
    recording = make_recording(tmp_path / "raw", duration=2.5, spikes=False, traced=0)
    with open_run(write(tmp_path / "results.h5", recording)) as run:
        assert run.n_spikes("motor_fr") == 0
        assert run.membrane() is None
        np.testing.assert_allclose(run.series("renshaw", "living_time").values, [8, 8, 4])
        np.testing.assert_allclose(run.series("renshaw", "firing_rate").time, [0.5, 1.5, 2.25])
        np.testing.assert_allclose(run.series("motor_fr", "atp_mean").time, [0, 1, 2])


@pytest.mark.parametrize(
    ("file", "damage", "message"),
    [
        ("counts.i32", None, "counts.i32: the file is missing"),
        ("counts.i32", 4, "not a whole number of rows"),
        ("snapshots.f64", 8, "not a whole number of rows"),
        ("snapshots.f64", "row", "holds 19 snapshots, expected 21"),
        ("counts.i32", "row", "holds 18 record intervals, expected 20"),
        ("final.f64", "row", "exactly one row"),
        ("spike_ticks.i64", 8, "spike times but"),
        ("membrane.f64", 8, "not a whole number of rows"),
    ],
)
def test_raw_files_that_do_not_fit(
    file: str, damage: int | str | None, message: str, recording: RawRecording, tmp_path: Path
) -> None:
    _copy(recording, tmp_path / "raw")
    path = tmp_path / "raw" / file
    data = path.read_bytes()
    rows = {"counts.i32": 20, "snapshots.f64": 21, "final.f64": 1}
    if damage is None:
        path.unlink()
    elif damage == "row":
        path.write_bytes(data[: -2 * len(data) // rows[file]] if rows[file] > 1 else b"")
    else:
        assert isinstance(damage, int)
        path.write_bytes(data[:-damage])
    with pytest.raises(StoreError, match=message):
        write(tmp_path / "results.h5", dataclasses.replace(recording, directory=path.parent))
    assert not (tmp_path / "results.h5").exists()


def test_a_recording_that_contradicts_itself(recording: RawRecording, tmp_path: Path) -> None:
    gap = (PopulationSlice("motor_fr", 0, 5, True), PopulationSlice("renshaw", 6, 9, False))
    order = (PopulationSlice("renshaw", 0, 5, False), PopulationSlice("motor_fr", 5, 9, True))
    for populations, message in ((gap, "follow one another"), (order, "must come first")):
        wrong = dataclasses.replace(recording, populations=populations)
        with pytest.raises(StoreError, match=message):
            write(tmp_path / "results.h5", wrong)
    with pytest.raises(StoreError, match="buffer_capacity has 3 values"):
        write(tmp_path / "results.h5", dataclasses.replace(recording, buffer_capacity=np.ones(3)))
