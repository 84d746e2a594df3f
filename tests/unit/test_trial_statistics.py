"""What a trial says of made-up deaths whose hazard ratio is known."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from unshielded.results.trial.compare import compare
from unshielded.results.trial.difference import delayed, prevented, time_gained
from unshielded.results.trial.hazard import Hazard, hazard
from unshielded.results.trial.motor_neurons import MotorNeuronOutcome
from unshielded.results.trial.report import write_report
from unshielded.statistics.intervals import Estimate

YEAR = 365.25 * 86400.0


def outcome(
    times: list[float], end: float = 10.0, *, arm: str = "x", seed: int = 1
) -> MotorNeuronOutcome:
    """A run whose neurons die at `times`, or live if that is after the end."""
    time = np.array(times, float)
    return MotorNeuronOutcome("", arm, "–", seed, np.minimum(time, end), time < end, end, 0.5)


def test_who_the_config_takes_away_is_counted_neither_alive_nor_dead() -> None:
    # One of five is taken at 2 s, one dies at 4 s; the others live.
    one = MotorNeuronOutcome("", "x", "–", 1, np.array([2.0, 4, 10, 10, 10]),
                             np.array([False, True, False, False, False]), 10.0)  # fmt: skip
    assert (one.n, one.deaths, one.lost) == (4, 1, 1)
    (table,) = compare([one], "control")
    assert (table.n, table.alive) == (4, 3)
    assert one.mean_life(10.0) == 4 + 0.75 * 6
    by_seed, by_cell = time_gained([(one, one)])
    assert by_seed.value == by_cell.value == 0.0
    assert by_cell.low is None


def test_no_deaths_make_no_number() -> None:
    alive = outcome([20.0] * 5)
    assert hazard([(alive, alive)]) == Hazard(None, None, None, "no deaths")
    assert prevented([0, 0], [0, 0]).value is None


def test_a_death_counts_from_the_start_on() -> None:
    control = outcome([1.0, 2.0, 6, 7, 8, 20, 20])
    treated = outcome([1.0, 2.0, 9, 20, 20, 20, 20])
    late = MotorNeuronOutcome("", "x", "5 s", 1, treated.time, treated.died, treated.end)
    direct = hazard([(outcome([6, 7, 8, 20, 20]), outcome([9, 20, 20, 20, 20]))])
    assert hazard([(control, late)]) == direct
    assert direct.ratio is not None


ALIVE = outcome([20.0] * 5)
EARLY, LATE = outcome([1, 2, 3, 4]), outcome([5, 6, 20, 20])


@pytest.mark.parametrize(
    ("control", "treated", "head"),
    [
        (EARLY, ALIVE, "no deaths with it: an upper limit"),
        (ALIVE, EARLY, "no deaths without it: a lower limit"),
        (
            EARLY,
            LATE,
            "deaths with it: 2, none while neurons without it were at risk: an upper limit",
        ),
        (
            LATE,
            EARLY,
            "deaths without it: 2, none while neurons with it were at risk: a lower limit",
        ),
    ],
)
def test_a_limit_says_which_deaths_there_were(
    control: MotorNeuronOutcome, treated: MotorNeuronOutcome, head: str
) -> None:
    found = hazard([(control, treated)])
    one = "deaths to compare in one seed: the interval rests on the cells only"
    assert found.reason == f"{head}; {one}"
    assert found.text().startswith("below" if "upper" in head else "above")
    assert (found.low == 0.0) == (treated.deaths == 0)
    assert "one seed" not in hazard([(control, treated)] * 2).reason


def test_deaths_that_cannot_be_compared_are_told() -> None:
    """The control is dead before the start, so that nothing is at risk beside the treated."""
    late = MotorNeuronOutcome("", "x", "4.5 s", 1, LATE.time, LATE.died, LATE.end)
    found = hazard([(EARLY, late)])
    assert (found.ratio, found.low, found.high) == (None, None, None)
    assert found.text() == "no deaths to compare"
    assert "0 without it and 2 with it" in found.reason
    after = MotorNeuronOutcome("", "x", "7 s", 1, LATE.time, LATE.died, LATE.end)
    assert hazard([(EARLY, after)]).reason == "no deaths after it began"


def test_a_start_at_a_share_lost() -> None:
    dying = outcome([1.0, 2.0, 3.0, 4.0, *[20.0] * 16])
    begins = {}
    for share in ("0.1", "0.2", "0.5"):
        each = MotorNeuronOutcome("", "x", f"{share} lost", 1, dying.time, dying.died, dying.end)
        begins[share] = each.begin
    assert begins == {"0.1": 2.0, "0.2": 4.0, "0.5": math.inf}
    never = MotorNeuronOutcome("", "x", "0.5 lost", 1, dying.time, dying.died, dying.end)
    assert hazard([(dying, never)]).reason == "it never began"


def test_pairs_are_free_of_what_only_the_seed_does() -> None:
    """Lives that differ by 1 s in each pair, and by much more between seeds."""
    shift = [0.9, 1.0, 1.1]
    made = [
        (outcome([2.0 + k, 4.0 + k], 20.0), outcome([2.0 + k + d, 4.0 + k + d], 20.0))
        for k, d in zip((0, 5, 9), shift, strict=True)
    ]
    gained, cells = time_gained(made)
    # mean 1, and t of two degrees of freedom (4.3027) times 0.1/√3
    assert gained.value == pytest.approx(1.0)
    assert gained.high == pytest.approx(1.0 + 4.30265 * 0.1 / math.sqrt(3), rel=1e-5)
    # every neuron of a run gains the same, so drawing neurons again changes nothing
    assert (cells.low, cells.high) == (None, None)


def test_the_mean_life_is_cut_at_the_end_of_the_shorter_run() -> None:
    gained, _ = time_gained([(outcome([2.0, 20.0], 10.0), outcome([20.0, 20.0], 5.0))])
    assert gained.value == pytest.approx((5 + 5) / 2 - (2 + 5) / 2)


def test_prevented_deaths_are_a_ratio_of_sums() -> None:
    found = prevented([10, 0, 20], [5, 1, 4])
    assert found.value == pytest.approx(1 - 10 / 30)
    # residuals x − rc: 5 − 10/3, 1, 4 − 20/3
    rest = np.array([5 - 10 / 3, 1.0, 4 - 20 / 3])
    half = 4.30265 * rest.std(ddof=1) / math.sqrt(3) / 10
    assert found.low == pytest.approx(1 - 1 / 3 - half, rel=1e-5)
    assert found.high == 1.0
    assert prevented([3, 3], [0, 0]) == Estimate(1.0)  # all of them, and no interval


def test_arms_are_compared_with_the_control_of_their_variant_and_seed() -> None:
    def run(
        variant: str, arm: str, seed: int, deaths: int, force: float | None
    ) -> MotorNeuronOutcome:
        time = np.where(np.arange(10) < deaths, 4.0, 10.0)
        return MotorNeuronOutcome(variant, arm, "–", seed, time, time < 10, 10.0, force)

    table = compare(
        [
            run("a", "none", 1, 4, 0.5),
            run("a", "none", 2, 6, 0.5),
            run("a", "drug", 1, 1, 0.8),
            run("a", "drug", 2, 4, 0.9),
            run("b", "none", 1, 0, None),
            run("b", "drug", 1, 0, None),
            run("b", "drug", 2, 3, None),  # its control failed
        ],
        "none",
    )
    by_name = {(each.variant, each.arm): each for each in table}
    assert [*by_name] == [("a", "none"), ("a", "drug"), ("b", "none"), ("b", "drug")]
    first, second = by_name["a", "drug"], by_name["b", "drug"]
    assert by_name["a", "none"].against is None
    assert first.against is not None
    assert (first.alive, first.deaths, first.against.control_deaths) == (7.5, 5, 10)
    assert first.against.alive.value == pytest.approx(2.5)
    assert first.against.force.value == pytest.approx(0.35)
    assert first.against.prevented.value == pytest.approx(0.5)
    assert second.against is not None
    assert (second.seeds, second.against.seeds) == (2, 1)
    assert second.against.hazard.reason == "no deaths"
    assert second.against.force.value is None


def lifetime(
    arm: str, seed: int, onset: float, severe: float = math.inf, end: float = 80.0
) -> MotorNeuronOutcome:
    """A life from 20 years on, with two motor neurons; times in years from its start."""
    time = np.array([30.0, end]) * YEAR
    return MotorNeuronOutcome("", arm, "30 years", seed, time, time < end * YEAR, end * YEAR, None, 20 * YEAR,
                  onset * YEAR, severe * YEAR)  # fmt: skip


def test_onset_is_delayed_by_the_difference_of_pairs() -> None:
    """Delays of 9, 10 and 11 years between lives that differ by decades."""
    made = [
        (lifetime("c", k, at), lifetime("t", k, at + later))
        for k, (at, later) in enumerate(((10.0, 9.0), (35.0, 10.0), (60.0, 11.0)))
    ]
    found = delayed(made, lambda each: each.onset)
    assert found.value == pytest.approx(10 * YEAR)
    # t of two degrees of freedom (4.3027) times the deviation of 1 year, over √3
    assert found.high == pytest.approx((10 + 4.30265 / math.sqrt(3)) * YEAR, rel=1e-5)
    assert found.low == pytest.approx((10 - 4.30265 / math.sqrt(3)) * YEAR, rel=1e-5)


def test_a_life_that_is_never_weak_counts_as_weak_at_its_end() -> None:
    never = lifetime("t", 1, math.inf)
    assert delayed(
        [(lifetime("c", 1, 30.0), never)], lambda each: each.onset
    ).value == pytest.approx(50 * YEAR)
    # of a pair the shorter life is the limit, and what happens after it has not happened
    short = lifetime("t", 1, math.inf, end=40.0)
    control = [(lifetime("c", 1, at), short) for at in (30.0, 70.0)]
    assert delayed(control[:1], lambda each: each.onset).value == pytest.approx(10 * YEAR)
    assert delayed(control[1:], lambda each: each.onset).value is None
    # harm has a sign
    harmed = delayed([(never, lifetime("t", 1, 60.0))], lambda each: each.onset)
    assert harmed.value == pytest.approx(-20 * YEAR)


def test_where_nothing_happens_or_there_are_no_lives_nothing_is_delayed() -> None:
    never = lifetime("t", 1, math.inf)
    assert delayed([(never, never)], lambda each: each.onset) == Estimate(None)
    minutes = outcome([1.0, 20.0])
    assert delayed([(minutes, minutes)], lambda each: each.onset) == Estimate(None)


def test_lifetimes_are_compared_in_onset_and_in_severe_weakness(tmp_path: Path) -> None:
    runs = [
        lifetime("none", 1, 30.0, 50.0),
        lifetime("none", 2, 32.0, 60.0),
        lifetime("drug", 1, 34.0, 70.0),
        lifetime("drug", 2, 38.0),
    ]
    table = compare(runs, "none")
    control, treated = table
    assert (control.weak, control.severely_weak) == (2, 2)
    assert (treated.weak, treated.severely_weak) == (2, 1)
    assert treated.start_age == 20 * YEAR
    assert treated.begin == pytest.approx(10 * YEAR)
    assert treated.against is not None
    assert treated.against.onset.value == pytest.approx(5 * YEAR)
    assert treated.against.severe.value == pytest.approx(20 * YEAR)
    places = write_report(table, "none", tmp_path)
    with places[0].open() as file:
        _, row = csv.DictReader(file)
    # to and from text nothing is rounded; the mean of 4 and 6 years is
    assert float(row["onset_delayed_s"]) == pytest.approx(5 * YEAR)
    assert float(row["severe_weakness_delayed_s"]) == pytest.approx(20 * YEAR)
    assert (row["weak"], row["severely_weak"]) == ("2", "1")


def test_trials_of_minutes_have_no_columns_of_lifetimes(tmp_path: Path) -> None:
    runs = [outcome([1.0, 20.0], arm=arm) for arm in ("none", "drug")]
    places = write_report(compare(runs, "none"), "none", tmp_path)
    with places[0].open() as file:
        (_, row) = csv.DictReader(file)
    assert list(row)[-1] == "time_gained_cells_high_s"
    assert not any("onset" in name or "weak" in name or "age" in name for name in row)
