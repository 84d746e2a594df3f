"""A finished sweep as HDF5: what xarray and pandas see in it, and what damage does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from unshielded.results.summary import write_csv
from unshielded.store.format.files import CorruptResult, StoreError
from unshielded.store.tables.levels import Quantities, quantities, si_unit
from unshielded.store.tables.sweep_table import read_sweep_table, write_sweep_table

LOSS, TAU, SCHEDULE, ON = "circuit.loss.pv", "glutamate.clearance", "drive.schedule", "on"


def row(run: str, seed: int, burned_out: int, **point: Any) -> dict[str, Any]:
    motor = {"n": 20, "alive": 20 - burned_out, "burned_out": burned_out}
    motor |= {"mean_rate_hz": 8.5 + seed, "median_time_to_death_s": 30.0 if burned_out else None}
    motor |= {"lost": 0, "doomed": 1, "mean_time_to_death_s": 35.0, "followed_s": 40.0}
    eye = {"n": 0, "alive": 0, "burned_out": 0, "mean_rate_hz": None}
    names = {"loss": LOSS, "tau": TAU, "schedule": SCHEDULE, "on": ON}
    settings = {names[name]: value for name, value in point.items()}
    return {"point": settings, "seed": seed, "id": run,
            "populations": {"motor_fr": motor, "oculomotor": eye}}  # fmt: skip


ROWS = [
    row("aa", 1, 0, loss=0, tau="2 ms", schedule={"level": 1}, on=True),
    row("bb", 2, 5, loss=0.5, tau="0.1 s", schedule="µ-law", on=False),
    {"point": {LOSS: 1, TAU: "3 ms"}, "seed": 2, "error": "failed"},
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_sweep_table(ROWS, tmp_path / "sweep.h5")
    return tmp_path / "sweep.h5"


def test_xarray_opens_it_in_one_line(path: Path) -> None:
    with xr.open_dataset(path, engine="h5netcdf") as sweep:
        assert dict(sweep.sizes) == {"run": 2, "population": 2}
        assert set(sweep.coords) == {"run", "seed", "population", LOSS, TAU, SCHEDULE, ON}
        assert sweep["run"].values.tolist() == ["aa", "bb"]
        motor = sweep.sel(population="motor_fr")
        assert motor["burned_out_percent"].values.tolist() == [0.0, 25.0]
        assert motor["burned_out"].values.tolist() == [0, 5]
        assert motor["mean_rate"].values.tolist() == [9.5, 10.5]
        np.testing.assert_array_equal(motor["median_time_to_death"], [np.nan, 30.0])
        assert np.isnan(sweep.sel(population="oculomotor")["burned_out_percent"]).all()
        assert sweep[TAU].values.tolist() == [0.002, 0.1]  # SI
        assert sweep[TAU].attrs["units"] == "s"
        assert sweep[LOSS].values.tolist() == [0.0, 0.5]
        assert sweep[SCHEDULE].values.tolist() == ['{"level": 1}', "µ-law"]
        assert sweep[ON].dtype == np.int8
        for name in ("n", "alive", "mean_rate", "seed", LOSS):
            assert {"units", "long_name"} <= set(sweep[name].attrs)
        means = sweep["burned_out"].groupby("seed").mean()
        assert means.sel(seed=2, population="motor_fr").item() == 5


def test_it_is_the_table_that_pandas_reads(path: Path, tmp_path: Path) -> None:
    write_csv(ROWS, tmp_path / "sweep.csv")
    table = pd.read_csv(tmp_path / "sweep.csv").set_index(["id", "population"])
    with xr.open_dataset(path, engine="h5netcdf") as sweep:
        frame = sweep.to_dataframe()
    frame.index = frame.index.set_names(["id", "population"])
    for name, column in (("n", "n"), ("alive", "alive"), ("burned_out", "burned_out"),
                         ("burned_out_percent", "burned_out_percent"),
                         ("mean_rate", "mean_rate_hz"), ("seed", "seed"), (LOSS, LOSS),
                         ("median_time_to_death", "median_time_to_death_s"), ("lost", "lost"),
                         ("mean_time_to_death", "mean_time_to_death_s"), ("doomed", "doomed"),
                         ("followed", "followed_s")):  # fmt: skip
        wanted = table[column].reindex(frame.index).to_numpy(float)
        np.testing.assert_array_equal(frame[name].to_numpy(float), wanted, err_msg=name)


def test_it_reads_back(path: Path) -> None:
    table = read_sweep_table(path)
    assert table.run.tolist() == ["aa", "bb"]
    assert table.seed.tolist() == [1, 2]
    assert table.population.tolist() == ["motor_fr", "oculomotor"]
    assert table.settings[TAU].tolist() == [0.002, 0.1]
    assert table.settings[ON].tolist() == [1, 0]
    assert table.outcomes["alive"].tolist() == [[20, 0], [15, 0]]
    assert (table.units[TAU], table.units["mean_rate"]) == ("s", "Hz")
    assert [p.name for p in path.parent.iterdir()] == ["sweep.h5"]


def test_the_same_sweep_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    write_sweep_table(ROWS, tmp_path / "again.h5")
    assert (tmp_path / "again.h5").read_bytes() == path.read_bytes()


def test_points_that_lack_a_setting_or_a_population(tmp_path: Path) -> None:
    rows = [row("aa", 1, 2, tau="2 ms"), row("bb", 1, 3, schedule="x")]
    del rows[1]["populations"]["oculomotor"]
    write_sweep_table(rows, tmp_path / "sweep.h5")
    table = read_sweep_table(tmp_path / "sweep.h5")
    np.testing.assert_array_equal(table.settings[TAU], [0.002, np.nan])
    assert table.settings[SCHEDULE].tolist() == ["", "x"]
    assert table.outcomes["n"].tolist() == [[20, 0], [20, 0]]
    write_sweep_table([], tmp_path / "none.h5")
    assert read_sweep_table(tmp_path / "none.h5").run.size == 0


def test_every_flip_of_a_bit_is_found(path: Path) -> None:
    whole = path.read_bytes()
    random = np.random.default_rng(3)
    for place in random.integers(0, len(whole), 60):
        broken = bytearray(whole)
        broken[place] ^= 1 << int(random.integers(8))
        path.write_bytes(bytes(broken))
        with pytest.raises(CorruptResult):
            read_sweep_table(path)
    for length in (0, 7, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(CorruptResult):
            read_sweep_table(path)
    with pytest.raises(StoreError, match="no such file"):
        read_sweep_table(path.with_name("none.h5"))


def test_levels() -> None:
    assert quantities(["2 ms", "0.1 s"]) == Quantities((2.0, 100.0), "ms")
    assert quantities([1, "50 %", 0.2]) == Quantities((1.0, 0.5, 0.2), "")
    assert quantities(["5 uM", "1 mM"]) == Quantities((5.0, 1000.0), "uM")
    for none in ([], ["2 ms", 1], ["2 ms", "1 mV"], [True], ["5 apples"], ["1.2.3"], [None], ["x"]):
        assert quantities(none) is None
    found = quantities(["5 uM", "1 mM"])
    assert found is not None
    assert found.si() == ((0.005, 1.0), "mM")
    assert si_unit("nmol/mg") == "mol/kg"
    assert si_unit("L/day") == "L/day"  # no short name: stays as written
