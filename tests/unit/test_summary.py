"""Summaries, averages over seeds, tables and survival."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test

from tests.synthetic_recording import make_recording
from unshielded.results.summary import dose_response, read_csv, summarise, write_csv
from unshielded.results.survival import (
    Lifetimes,
    check_alike,
    differences,
    holm,
    kaplan_meier,
    lifetimes,
    mortal,
    survival,
)
from unshielded.store.format.files import NoSuchEntry, StoreError
from unshielded.store.reading.read import open_run
from unshielded.store.writing.write import write_run

LOSS = "circuit.interneuron_loss"


def row(loss: object, seed: int, burned_out: int, rate: float | None) -> dict[str, object]:
    motor = {"n": 20, "alive": 20 - burned_out, "burned_out": burned_out, "mean_rate_hz": rate}
    motor["median_time_of_death_s"] = 30.0 if burned_out else None
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
    assert motor["median_time_of_death_s"] == np.nanmedian(fate["time_of_death"])
    assert found["burned_out"] == sum(p["burned_out"] for p in found["populations"].values())
    assert (found["name"], found["seed"], found["duration_s"]) == ("demo", 3, 30.0)
    assert found["energy_closure_error"] < 1e-12
    eye = found["populations"]["oculomotor"]
    assert (eye["burned_out"], eye["median_time_of_death_s"]) == (0, None)
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
    none, half = dose_response(ROWS)
    assert (none[LOSS], none["population"], none["runs"]) == (0.0, "motor_fr", 2)
    assert none["burned_out_percent_mean"] == 2.5
    assert none["burned_out_percent_sd"] == pytest.approx(5 / math.sqrt(2))
    assert none["mean_rate_hz_mean"] == 9.0
    assert none["median_time_of_death_s_sd"] is None
    assert half["runs"] == 1
    assert half["burned_out_percent_mean"] == 100.0
    assert half["burned_out_percent_sd"] is None
    assert half["mean_rate_hz_mean"] is None
    assert dose_response([]) == []


def test_csv_is_tidy(tmp_path: Path) -> None:
    path = tmp_path / "out" / "sweep.csv"
    write_csv([*ROWS, row({"loss": 0.5, "from": "60 s"}, 1, 2, 5.0)], path)
    with path.open(newline="") as file:
        table = list(csv.DictReader(file))
    assert len(table) == 4
    assert list(table[0]) == [
        *(LOSS, "seed", "id", "population", "n", "alive", "burned_out"),
        *("burned_out_percent", "mean_rate_hz", "median_time_of_death_s"),
    ]
    assert table[1] == dict(
        zip(
            table[0],
            ["0.0", "2", "", "motor_fr", "20", "19", "1", "5.0", "10.0", "30.0"],
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
    for old, new in ((",20,", ",2x,"), (",motor_fr,20", ""), ("r0,", "r0,,,,,,,,,,,")):
        (tmp_path / "broken.csv").write_text(whole.replace(old, new, 1))
        with pytest.raises(StoreError, match="line 2 is damaged"):
            read_csv(tmp_path / "broken.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(StoreError, match="it has no column 'seed'"):
        read_csv(tmp_path / "other.csv")
    with pytest.raises(StoreError, match="no such file"):
        read_csv(tmp_path / "none.csv")


def test_survival_by_hand() -> None:
    """Five cells: deaths at 1 and 3, one lost from sight at 2, two at 4."""
    curve = kaplan_meier([1.0, 3.0], [2.0, 4.0, 4.0])
    np.testing.assert_allclose(curve.time, [0, 1, 2, 3, 4])
    np.testing.assert_allclose(curve.fraction, [1, 0.8, 0.8, 0.8 * 2 / 3, 0.8 * 2 / 3])
    assert np.all(curve.low <= curve.fraction)
    assert np.all(curve.high >= curve.fraction)


def test_survival_of_runs(result: Path) -> None:
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


def test_median_lifetime_by_hand() -> None:
    curve = kaplan_meier([1.0, 2.0, 3.0, 4.0], [])
    assert curve.median()[0] == 2.0  # the first time at which half are dead
    assert curve.mean() == pytest.approx(2.5)
    low, high = curve.median()[1:]
    assert low is not None
    assert low <= 2.0
    assert high is None or high >= 2.0
    assert kaplan_meier([1.0], [9.0, 9.0]).median()[0] is None
    assert kaplan_meier([], [9.0]).mean() == 9.0


def test_cells_at_risk() -> None:
    cells = Lifetimes(np.array([1.0, 3.0]), np.array([3.0, 5.0]))
    assert cells.n == 4
    assert cells.at_risk([0.0, 1.0, 1.5, 3.0, 4.0, 6.0]).tolist() == [4, 4, 3, 3, 1, 0]


def test_medians_cover_the_truth() -> None:
    """Exponential lifetimes, a third censored: the interval of the median holds it 95 times of 100."""
    random = np.random.default_rng(1)
    covered = 0
    for _ in range(200):
        life, watched = random.exponential(1.0, 80), random.exponential(2.0, 80)
        died = life <= watched
        _, low, high = kaplan_meier(life[died], watched[~died]).median()
        covered += (low or 0.0) <= math.log(2) <= (high or math.inf)
    # 190 are expected; 4 standard deviations of √(200·0.95·0.05) = 3.1 below that are 178
    assert covered >= 178


def test_log_rank_tells_classes_apart() -> None:
    random = np.random.default_rng(2)
    long, same, short = (random.exponential(mean, 60) for mean in (3.0, 3.0, 1.0))
    nobody = Lifetimes(np.zeros(0), np.full(10, 9.0))
    none = np.zeros(0)
    found = differences(
        {"long": Lifetimes(long, none), "same": Lifetimes(same, none),
         "short": Lifetimes(short, none), "nobody": nobody, "no one": nobody}
    )  # fmt: skip
    p = {(each.first, each.second): each.p for each in found}
    assert p["long", "same"] is not None
    assert p["long", "short"] is not None
    assert p["long", "same"] > 0.05
    assert p["long", "short"] < 1e-4
    assert p["nobody", "no one"] is None
    assert len(p) == 10
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_log_rank_is_that_of_a_textbook() -> None:
    """Two groups of Bland and Altman's kind, worked by hand: deaths at 1 and 3, and at 2 and 4.

    Observed minus expected of the first: (1 − 2/4) + (0 − 1/3) + (1 − 1/2) + 0 = 2/3; variance
    1/4 + 2/9 + 1/4 = 13/18; χ² = (2/3)²/(13/18) = 8/13, so p = 0.4328.
    """
    first = Lifetimes(np.array([1.0, 3.0]), np.zeros(0))
    second = Lifetimes(np.array([2.0, 4.0]), np.zeros(0))
    (found,) = differences({"first": first, "second": second})
    assert found.p == pytest.approx(math.erfc(math.sqrt(8 / 13 / 2)), rel=1e-9)


def test_survival_is_that_of_lifelines() -> None:
    """Estimate, pointwise interval, median and log-rank test against another implementation."""
    random = np.random.default_rng(3)
    life, watched = random.exponential(1.0, 90).round(2), random.exponential(1.5, 90).round(2)
    died = life <= watched  # rounded, so that there are ties
    seen = np.minimum(life, watched)
    curve = kaplan_meier(seen[died], seen[~died])
    other = KaplanMeierFitter(alpha=0.05).fit(seen, died)
    at = np.unique(seen[died])
    here = np.searchsorted(curve.time, at, side="right") - 1
    # two implementations of the same sums: rounding only
    np.testing.assert_allclose(
        curve.fraction[here], other.survival_function_at_times(at).to_numpy(), rtol=1e-10
    )
    band = other.confidence_interval_survival_function_.loc[at].to_numpy()
    np.testing.assert_allclose(curve.low[here], band[:, 0], rtol=1e-8)
    np.testing.assert_allclose(curve.high[here], band[:, 1], rtol=1e-8)
    assert curve.median()[0] == other.median_survival_time_
    second = (life * 1.5).round(2)
    groups = Lifetimes(seen[died], seen[~died]), Lifetimes(second, np.zeros(0))
    (found,) = differences({"first": groups[0], "second": groups[1]})
    p = logrank_test(seen, second, died, np.ones(90)).p_value
    assert found.p == pytest.approx(p, rel=1e-8)


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
