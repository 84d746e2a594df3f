"""Summaries, averages over seeds, tables, and lifetimes of results."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from tests.synthetic_recording import make_recording
from unshielded.results.summary import dose_response, read_csv, summarise, write_csv
from unshielded.results.survival import check_alike, lifetimes, mortal
from unshielded.statistics.survival import SurvivalCurve, kaplan_meier
from unshielded.store.format.files import NoSuchEntry, StoreError
from unshielded.store.reading.read import open_run
from unshielded.store.writing.write import write_run

LOSS = "circuit.interneuron_loss"


def row(loss: object, seed: int, burned_out: int, rate: float | None) -> dict[str, object]:
    motor = {"n": 20, "alive": 20 - burned_out, "burned_out": burned_out, "mean_rate_hz": rate}
    motor |= {"lost": 0, "doomed": seed, "followed_s": 40.0}
    motor["mean_time_to_death_s"] = 40.0 - burned_out / 2
    motor["median_time_to_death_s"] = 30.0 if burned_out == 20 else None
    return {"point": {LOSS: loss}, "seed": seed, "populations": {"motor_fr": motor}}


ROWS = [
    row(0.0, 1, 0, 8.0),
    row(0.0, 2, 1, 10.0),
    row(0.5, 1, 20, None),
    {"point": {LOSS: 0.5}, "seed": 2, "populations": None},
]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    recording = make_recording(folder / "raw", duration=30.0)
    write_run(folder / "results.h5", recording, {"seed": 3, "name": "demo"}, "", "{}", "{}", "")
    return folder


def test_summary(result: Path) -> None:
    found = summarise(result)
    with open_run(result) as run:
        assert summarise(run) == found
        motor, fate = found["populations"]["motor_fr"], run.fate("motor_fr")
    assert motor["n"] == 20
    assert motor["alive"] == fate["alive"].sum() == 20 - motor["burned_out"]
    died = np.sort(fate["time_of_death"])
    assert motor["median_time_to_death_s"] == died[9]  # the tenth of twenty
    assert motor["mean_time_to_death_s"] == pytest.approx(np.nan_to_num(died, nan=30.0).mean())
    assert motor["followed_s"] == 30.0
    assert found["burned_out"] == sum(p["burned_out"] for p in found["populations"].values())
    assert (found["name"], found["seed"], found["duration_s"]) == ("demo", 3, 30.0)
    assert found["energy_closure_error"] < 1e-12
    eye = found["populations"]["oculomotor"]
    assert (eye["burned_out"], eye["median_time_to_death_s"]) == (0, None)
    assert eye["mean_time_to_death_s"] == 30.0  # all of the run
    inhibition = found["populations"]["renshaw"]
    assert inhibition["alive"] == 8
    assert inhibition["carries_calcium"] is False


def test_rate_is_spikes_per_second_lived(result: Path) -> None:
    counts = np.fromfile(result / "raw" / "counts.i32", "<i4").reshape(30, -1)
    with open_run(result) as run:
        died = run.fate("motor_fr")["time_of_death"]
    lived = np.where(np.isnan(died), 30.0, died).sum()
    rate = summarise(result)["populations"]["motor_fr"]["mean_rate_hz"]
    assert rate == pytest.approx(counts[:, 40:60].sum() / lived)


def test_dose_response_averages_over_seeds() -> None:
    none, full = dose_response(ROWS)
    assert (none[LOSS], none["population"], none["runs"]) == (0.0, "motor_fr", 2)
    assert none["burned_out_percent_mean"] == 2.5
    assert none["burned_out_percent_sd"] == pytest.approx(5 / math.sqrt(2))
    assert none["mean_rate_hz_mean"] == 9.0
    assert none["mean_time_to_death_s_mean"] == 39.75
    low, high = none["mean_time_to_death_s_low"], none["mean_time_to_death_s_high"]
    # Student's t with one degree of freedom: 12.706 standard errors, of 0.25, on either side
    assert (low, high) == pytest.approx((39.75 - 12.706 / 4, 39.75 + 12.706 / 4), rel=1e-4)
    assert none["median_time_to_death_s"] is None
    assert (none["n"], none["burned_out"], none["doomed"], none["followed_s"]) == (40, 1, 3, 40.0)
    # Wilson's score interval of 1 of 40, as Newcombe (1998) has the formula, by hand
    z, p, n = 1.959964, 1 / 40, 40
    middle, half = p + z**2 / 2 / n, z * math.sqrt(p * (1 - p) / n + z**2 / 4 / n**2)
    ends = [100 * (middle + side * half) / (1 + z**2 / n) for side in (-1, 1)]
    assert [none["burned_out_low"], none["burned_out_high"]] == pytest.approx(ends, rel=1e-5)
    assert full["median_time_to_death_s"] == 30.0
    assert full["runs"] == 1
    assert full["burned_out_percent_mean"] == 100.0
    assert full["burned_out_percent_sd"] is None
    assert full["mean_rate_hz_mean"] is None
    assert dose_response([]) == []


def test_csv_is_tidy(tmp_path: Path) -> None:
    path = tmp_path / "out" / "sweep.csv"
    write_csv([*ROWS, row({"loss": 0.5, "from": "60 s"}, 1, 2, 5.0)], path)
    with path.open(newline="") as file:
        table = list(csv.DictReader(file))
    assert len(table) == 4
    assert list(table[0]) == [
        *(LOSS, "seed", "id", "population", "n", "alive", "burned_out", "lost", "doomed"),
        *("burned_out_percent", "mean_rate_hz", "mean_time_to_death_s", "median_time_to_death_s"),
        "followed_s",
    ]
    assert table[1] == dict(
        zip(
            table[0],
            [
                *("0.0", "2", "", "motor_fr", "20", "19", "1", "0", "2"),
                *("5.0", "10.0", "39.5", "", "40.0"),
            ],
            strict=True,
        )
    )
    assert table[2]["mean_rate_hz"] == ""
    assert table[3][LOSS] == '{"from": "60 s", "loss": 0.5}'
    assert [p.name for p in path.parent.iterdir()] == ["sweep.csv"]


def test_csv_reads_back_as_it_was(tmp_path: Path) -> None:
    rows = [{**r, "id": f"r{k}"} for k, r in enumerate([*ROWS, row({"loss": 0.5}, 3, 2, 5.0)])]
    rows.append({**row("3 mM/s", 1, 0, 2.0), "id": None})
    write_csv(rows, tmp_path / "sweep.csv")
    assert dose_response(read_csv(tmp_path / "sweep.csv")) == dose_response(rows)
    assert [r["id"] for r in read_csv(tmp_path / "sweep.csv")] == ["r0", "r1", "r2", "r4", None]
    whole = (tmp_path / "sweep.csv").read_text()
    for old, new in ((",20,", ",2x,"), (",motor_fr,20", ""), ("r0,", "r0" + 20 * ",")):
        (tmp_path / "broken.csv").write_text(whole.replace(old, new, 1))
        with pytest.raises(StoreError, match="line 2 is damaged"):
            read_csv(tmp_path / "broken.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(StoreError, match="it has no column 'seed'"):
        read_csv(tmp_path / "other.csv")
    with pytest.raises(StoreError, match="no such file"):
        read_csv(tmp_path / "none.csv")


def test_survival_of_runs(result: Path) -> None:
    def survival(sources: list[Path], population: str) -> SurvivalCurve:
        found = lifetimes(sources, population)
        return kaplan_meier(found.died, found.censored)

    motor = survival([result], "motor_fr")
    alive = summarise(result)["populations"]["motor_fr"]["alive"]
    assert motor.fraction[-1] == pytest.approx(alive / 20)
    assert motor.time[-1] == 30.0
    twice = survival([result, result], "motor_fr")
    np.testing.assert_allclose(twice.fraction, motor.fraction)
    assert np.all(twice.high - twice.low <= motor.high - motor.low + 1e-12)
    safe = survival([result], "oculomotor")
    np.testing.assert_array_equal(safe.fraction, 1.0)
    assert not np.isnan(safe.low).any()
    with pytest.raises(ValueError, match="no cell that could die"):
        survival([result], "renshaw")


def test_only_runs_of_one_experiment_are_put_together(tmp_path: Path, result: Path) -> None:
    def other(name: str, resolved: str) -> Path:
        recording = make_recording(tmp_path / name / "raw", duration=30.0)
        about = {"seed": 4, "name": "demo"}
        write_run(tmp_path / name / "results.h5", recording, about, "", resolved, "{}", "")
        return tmp_path / name

    same = other("same", '{"seed": 4, "name": "x", "drive": {"level": 1.0}}')
    alike = other("alike", '{"seed": 5, "drive": {"level": 1.0}}')
    unlike = other("unlike", '{"seed": 4, "drive": {"level": 2.0}}')
    check_alike([same, alike])
    with pytest.raises(NoSuchEntry, match=r"differs from the first in drive\.level;"):
        check_alike([same, alike, unlike])
    assert mortal([same]) == ["pyramidal", "motor_fr", "oculomotor"]
    assert lifetimes([same, alike], "motor_fr").n == 40
