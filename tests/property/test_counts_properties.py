"""No rate, mean, share or count of any table includes a dead or a lost neuron.

A result is written from made-up raw files in which whatever a dead or lost neuron has is poison: values and
spikes that would show in any number that counted it.
"""

from __future__ import annotations

import csv
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.synthetic_recording import VARIABLES, make_recording
from unshielded.results.comparison import Condition, _read
from unshielded.results.spike_trains import describe, trains
from unshielded.results.summary import OUTCOMES, summarise, write_csv
from unshielded.results.trial.compare import compare
from unshielded.results.trial.motor_neurons import motor_neuron_outcomes
from unshielded.store.reading.read import open_run
from unshielded.store.tables.sweep_table import read_sweep_table, write_sweep_table
from unshielded.store.writing.write import write_run

DURATION, SIZES = 6.0, {"pyramidal": 5, "motor_fr": 4, "pv": 5}
COUNT, CELLS = 14, 9
POISON = 1e6
PLACE = {v.name: k for k, v in enumerate(VARIABLES)}
#: Out of phase with the rows of the record, so that no event falls on one.
EVENT = st.integers(-3, 8).map(lambda k: k + 0.25)


@st.composite
def histories(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw when each neuron died, was lost and was restored; many never."""
    some = st.lists(st.one_of(st.just(np.inf), EVENT), min_size=COUNT, max_size=COUNT)
    died, lost, back = (np.array(draw(some)) for _ in range(3))
    died = np.where((died > 0) & (died < DURATION), died, np.inf)
    died[CELLS:] = np.inf
    return died, np.maximum(lost, 0.0), np.where(back > np.maximum(lost, 0), back, np.inf)


def result(folder: Path, died: np.ndarray, lost: np.ndarray, back: np.ndarray) -> Path:
    """Write a result in which each neuron fires 10 times a second while it is there."""
    recording = make_recording(
        folder / "raw", duration=DURATION, sizes=SIZES, spikes=False, severity=0.0
    )
    raw = folder / "raw"
    cells = slice(CELLS)
    time = np.arange(DURATION + 1)[:, None]
    gone = (time >= died) | ((time >= lost) & (time < back))
    snapshots = np.fromfile(raw / "snapshots.f64", "<f8").reshape(-1, len(VARIABLES), CELLS)
    snapshots[:] = 1.0
    snapshots[:, PLACE["alive"], :] = time < died[cells]
    dead_or_lost = np.repeat(gone[:, None, cells], len(VARIABLES), axis=1)
    dead_or_lost[:, PLACE["alive"], :] = False
    # what a cell starts with is its own, whatever happens to it later
    dead_or_lost[0, [PLACE["atp_used_calcium"], PLACE["atp"]], :] = False
    snapshots[dead_or_lost] = POISON
    snapshots.tofile(raw / "snapshots.f64")
    final = np.ones((len(VARIABLES), CELLS))
    final[PLACE["alive"]] = ~np.isfinite(died[cells])
    final[PLACE["time_of_death"]] = np.where(np.isfinite(died), died, -1.0)[cells]
    final[PLACE["death_mode"]] = np.isfinite(died[cells])
    final[PLACE["pore_open"]] = np.where(gone[-1, cells], 1.0, 0.0)
    final.tofile(raw / "final.f64")
    tick = (np.arange(int(DURATION * 10)) + 0.5) / 10
    fires = (tick[:, None] < died) & ((tick[:, None] < lost) | (tick[:, None] >= back))
    row, neuron = np.nonzero(fires)
    np.floor(tick[row] * 8192).astype("<i8").tofile(raw / "spike_ticks.i64")
    neuron.astype("<i4").tofile(raw / "spike_neurons.i32")
    counts = np.zeros((int(DURATION), COUNT), "<i4")
    np.add.at(counts, (tick[row].astype(int), neuron), 1)
    counts.tofile(raw / "counts.i32")
    recording = replace(recording, lost_from=lost, restored_from=back, membrane_neurons=())
    (raw / "membrane.f64").unlink()
    out = folder / "results.h5"
    write_run(out, recording, {"seed": 1, "id": "x"}, "", "{}", "{}", "")
    return out


@settings(deadline=None, max_examples=25)
@given(histories())
def test_the_dead_and_the_lost_are_in_no_number(
    history: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    died, lost, back = history
    with tempfile.TemporaryDirectory() as name:
        path = result(Path(name), died, lost, back)
        _check_result(path)
        _check_counts(path, died, lost, back)
        _check_tables(path, Path(name))
        _check_trial(path)


def _check_result(path: Path) -> None:
    """No mean shows the poison, and who fires does so at 10 Hz, in every series."""
    with open_run(path) as run:
        for p in run.populations:
            rate = run.series(p.name, "firing_rate").values
            # an event falls between two spikes, so a rate may be off by a spike in the shortest stay
            seconds = run.series(p.name, "living_time").values
            spikes = run.series(p.name, "spike_count").values
            np.testing.assert_allclose(spikes, 10 * seconds, atol=0.51 * 2 * p.size)
            assert np.isnan(rate[seconds == 0]).all()
            assert (seconds / p.size + run.series(p.name, "fraction_lost").values <= 1 + 1e-9).all()
            activity = describe(trains(run, p.name))
            there = trains(run, p.name).lived > 0
            assert activity.n == there.sum()
            if p.carries_calcium:
                alive = run.series(p.name, "fraction_alive").values
                for variable in ("calcium", "atp", "matrix_calcium"):
                    band = run.band(p.name, variable)
                    for values in (band.mean, band.low, band.high):
                        assert np.isnan(values[alive == 0]).all()
                        assert values[alive > 0].max(initial=0.0) < POISON / 2
                used = run.ledger(p.name)["atp_used_calcium"].values
                assert used.max() <= 1.0 + 1e-9


def _check_counts(path: Path, died: np.ndarray, lost: np.ndarray, back: np.ndarray) -> None:
    """Each neuron is one of alive, dead and lost; deaths while lost are losses."""
    gone = (lost <= DURATION) & (back > DURATION) & (lost < died)
    gone |= (lost < died) & (died < back) & np.isfinite(died)
    dead = np.isfinite(died) & ~gone
    edges = np.cumsum([0, *SIZES.values()])
    found = summarise(path)["populations"]
    for (name, each), first, last in zip(found.items(), edges, edges[1:], strict=False):
        own = slice(first, last)
        assert each["n"] == each["alive"] + each["burned_out"] + each["lost"], name
        assert (each["burned_out"], each["lost"]) == (dead[own].sum(), gone[own].sum())
        if each["doomed"] is not None:  # those with open pores are the dead and the lost
            assert each["doomed"] == 0
        if each["mean_time_to_death_s"] is not None:
            assert 0 <= each["mean_time_to_death_s"] <= DURATION


def _check_trial(path: Path) -> None:
    """The motor neurons of a trial: the lost are neither alive nor dead, and are seen until they go."""
    found = summarise(path)["populations"]["motor_fr"]
    rows = [{"point": {"arm": "a", "start": "–"}, "seed": 1, "id": path.parent.name}]
    (outcome,) = motor_neuron_outcomes(rows, path.parent.parent)
    assert outcome.n == found["alive"] + found["burned_out"]
    assert (outcome.deaths, outcome.lost) == (found["burned_out"], found["lost"])
    (table,) = compare([outcome], "control")
    assert (table.n, table.alive) == (outcome.n, found["alive"])
    with open_run(path) as run:
        fate = run.fate("motor_fr")
    # The summary follows one that came back until it was lost, the trial to the end.
    if outcome.n and not (np.isfinite(fate["lost_from"]) & (fate["lost"] == 0)).any():
        assert table.mean_life == pytest.approx(found["mean_time_to_death_s"], rel=1e-12)


def _check_tables(path: Path, folder: Path) -> None:
    """The tables of a sweep, and compare, say what the summary says."""
    found = summarise(path)["populations"]
    row = {"point": {"x": 1}, "seed": 1, "id": "x", "populations": found}
    write_csv([row], folder / "sweep.csv")
    write_sweep_table([row], folder / "sweep.h5")
    table = read_sweep_table(folder / "sweep.h5").outcomes
    run = _read(path)
    condition = Condition({}, (run,))
    with (folder / "sweep.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    for place, (line, (name, each)) in enumerate(zip(lines, found.items(), strict=True)):
        for column in OUTCOMES:
            assert line[column] == ("" if each[column] is None else str(each[column]))
        watched = each["alive"] + each["burned_out"]
        share = 100 * each["burned_out"] / watched if watched else None
        assert line["burned_out_percent"] == ("" if share is None else str(share))
        if share is not None:
            assert table["burned_out_percent"][0, place] == share
            if each["carries_calcium"]:
                told = condition.values(name, "burned_out_percent", DURATION)
                assert told == {1: share}
        assert table["lost"][0, place] == each["lost"]
