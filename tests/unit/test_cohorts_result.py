"""Results of lifetimes, made up: read, told by ``lifespans``, drawn over age, compared in a trial."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from tests.synthetic_recording import make_recording
from unshielded.cli.main import main
from unshielded.durations import YEAR
from unshielded.plot.axis import Axis
from unshielded.plot.survival import draw_levels, span, start_age
from unshielded.results import life
from unshielded.results.trial import motor_neuron_outcomes
from unshielded.store.reading.read import open_run
from unshielded.store.writing.recording import Lifespan, LifespanSeries, RecordedVariable
from unshielded.store.writing.write import write_run

Captured = pytest.CaptureFixture[str]
NEVER = float("nan")
YEARS = 80
START = 20.0


def write_life(folder: Path, seed: int, onset: float, *, use: bool = True, **settings: Any) -> Path:
    """A result of eighty years: a made-up recording whose seconds are years."""
    made = make_recording(folder / "raw", duration=float(YEARS), seed=seed, spikes=False)
    n, cells = len(made.variables), made.n_cells
    rows = np.fromfile(folder / "raw" / "snapshots.f64", "<f8").reshape(-1, n, cells)
    final = np.fromfile(folder / "raw" / "final.f64", "<f8").reshape(n, cells)
    died = [v.name for v in made.variables].index("time_of_death")
    for each in (rows.swapaxes(0, 1)[died], final[died]):
        each[each > 0] *= YEAR
    # the axon's margin falls to a quarter at 50 years, the soma's never
    margins = (np.full(len(rows), 0.8), np.where(np.arange(len(rows)) < 30, 0.8, 0.2))
    more = np.repeat(np.stack(margins, axis=1)[:, :, None], cells, axis=2)
    np.concatenate([rows, more], axis=1).tofile(folder / "raw" / "snapshots.f64")
    np.concatenate([final, more[-1]]).tofile(folder / "raw" / "final.f64")
    ends = [float(k) * YEAR for k in range(1, YEARS + 1)]
    strength = np.where(START + np.arange(1, YEARS + 1) < onset, 1.0, 0.5)
    over = {
        "strength_limb": LifespanSeries(tuple(strength), "", "strength"),
        "force_limb": LifespanSeries(tuple(strength), "N", "force"),
    }
    if use:
        rise = tuple(float(k) / YEARS for k in range(1, YEARS + 1))
        over["whole_circuit_atp_use"] = LifespanSeries(rise, "", "use of ATP")
    outcome: dict[str, float | str] = {
        "age_at_onset_years": onset,
        "age_at_severe_weakness_years": NEVER,
        "onset_to_severe_weakness_years": NEVER,
        "age_at_first_death_years": 30.0,
        "first_to_die": "motor_fr",
        "order_of_pools": "motor_fr",
        "age_at_end_years": START + YEARS,
    }
    lifespan = Lifespan(
        START * YEAR, (0.0, *ends), tuple((t - 1.0, t) for t in ends), over, outcome
    )
    variables = tuple(RecordedVariable(m, "1", m) for m in ("headroom", "distal_margin"))
    recording = replace(
        made,
        duration=YEARS * YEAR,
        record_interval=YEAR,
        variables=(*made.variables, *variables),
        lifespan=lifespan,
    )
    # membrane potentials and traces would have a second's clock
    recording = replace(recording, membrane_neurons=(), traced_neurons=())
    resolved = json.dumps({"seed": seed, "solver": {"start_age": START * YEAR}, **settings})
    about = {"seed": seed, "name": "made"}
    write_run(folder / "results.h5", recording, about, "", resolved, "{}", "")
    return folder / "results.h5"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lifespans")
    write_life(folder / "one", 1, 40.0, drive={"duty": 0.1})
    write_life(folder / "two", 2, 60.0, drive={"duty": 0.1})
    write_life(folder / "three", 1, NEVER, use=False, drive={"duty": 0.5})
    return folder


def test_a_life_is_read(made: Path) -> None:
    found = life(made / "one" / "results.h5")
    with open_run(made / "one") as run:
        fate = run.fate("motor_fr")
    np.testing.assert_allclose(found.limb_died, START + fate["time_of_death"] / YEAR)
    assert found.first_margin == "axon's end"
    assert found.margins["axon's end"] == pytest.approx(50.0)
    assert found.age("onset") == 40.0
    assert np.isnan(found.age("severe_weakness"))
    assert found.ages[[0, -1]].tolist() == pytest.approx([21.0, 100.0])
    assert found.use_at_onset() == pytest.approx(20 / 80)
    assert found.settings["drive.duty"] == 0.1
    assert "seed" not in found.settings


def test_lives_and_groups_are_told_and_drawn(made: Path, tmp_path: Path, capsys: Captured) -> None:
    places = [str(made / name) for name in ("one", "two", "three")]
    drawn = tmp_path / "lifespans.pdf"
    assert main(["lifespans", *places, "--format", "json", "--out", str(drawn)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["age_at_onset_years"] for one in told["lifespans"]] == [40.0, 60.0, None]
    first, second = told["groups"]
    assert (first["label"], first["seeds"]) == ("made duty=0.1", [1, 2])
    assert first["atp_use_at_onset_or_end"]["mean"] == pytest.approx((20 / 80 + 40 / 80) / 2)
    assert second["age_at_onset_years"]["median"] is None
    assert drawn.stat().st_size > 5000
    assert main(["lifespans", *places]) == 0
    text = capsys.readouterr().out
    for part in ("40.0 (40.0–60.0)", "never", "0.38 (0.25–0.50)", "made duty=0.5"):
        assert part in text


def test_use_that_is_of_the_end_says_so(tmp_path: Path, capsys: Captured) -> None:
    write_life(tmp_path, 1, NEVER)
    assert main(["lifespans", str(tmp_path)]) == 0
    assert "1.00 at the end" in capsys.readouterr().out


def test_survival_of_lifetimes_is_over_age(made: Path, capsys: Captured, tmp_path: Path) -> None:
    out = tmp_path / "survival.svg"
    assert main(["plot", "--survival", str(made / "one"), "--out", str(out)]) == 0
    table = capsys.readouterr().out
    with open_run(made / "one") as run:
        died = np.sort(run.fate("motor_fr")["time_of_death"])  # 14 of 20 die; NaN last
    median = f"{START + died[9] / YEAR:.1f}"  # by the tenth death half are gone
    row = next(line.split() for line in table.splitlines() if line.startswith("motor_fr"))
    assert row[3] == median
    assert "age, years" in table
    drawn = out.read_text()
    assert "Age (years)" in drawn
    assert f"median {START + died[9] / YEAR:.3g} years" in drawn
    assert start_age(made / "one") == START * YEAR


def test_survival_by_level_of_lifetimes_is_over_age(made: Path) -> None:
    runs: dict[Any, list[Path | str]] = {0.1: [made / "one", made / "two"], 0.5: [made / "three"]}
    figure = Figure()
    axes = figure.add_subplot()
    draw_levels(axes, Axis([0.1, 0.5], "drive.duty"), runs, "motor_fr")
    assert axes.get_xlabel() == "Age (years)"
    assert axes.get_xlim() == pytest.approx((START, START + YEARS))
    assert np.asarray(axes.lines[0].get_xdata())[0] == START


def test_an_axis_goes_there_and_back() -> None:
    ages = span(80 * YEAR, 20 * YEAR)
    assert ages.limits == pytest.approx((20.0, 100.0))
    assert ages.of(30 * YEAR) == pytest.approx(50.0)
    assert (ages.unit, ages.label) == ("years", "Age (years)")
    # no place lies beyond the end, where nobody is watched, by rounding
    assert ages.back(np.array([20.0, 60.0, 100.0])).max() <= 80 * YEAR
    assert span(900.0, None).unit == "min"


def test_a_trial_reads_lifetimes(made: Path) -> None:
    rows = [
        {"point": {"arm": "a", "start": "30 years"}, "seed": k, "id": name}
        for k, name in ((1, "one"), (3, "three"))
    ]
    one, three = motor_neuron_outcomes(rows, made)
    assert one.of_life
    # an age, stored in years, to seconds and back
    assert one.onset == pytest.approx((40.0 - START) * YEAR, rel=1e-12)
    assert one.severe == np.inf
    assert one.begin == pytest.approx(10 * YEAR)
    assert three.onset == np.inf
    assert (one.start_age, one.end) == (START * YEAR, YEARS * YEAR)
