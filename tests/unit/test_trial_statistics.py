"""What a trial says of made-up deaths whose hazard ratio is known."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from unshielded.results.trial.compare import compare
from unshielded.results.trial.course import Course
from unshielded.results.trial.difference import (
    Estimate,
    delayed,
    over_seeds,
    prevented,
    time_gained,
)
from unshielded.results.trial.hazard import Hazard, Likelihood, clustered, hazard
from unshielded.results.trial.report import write_report

lifelines = pytest.importorskip("lifelines")

Pairs = list[tuple[Course, Course]]
YEAR = 365.25 * 86400.0


def course(times: list[float], end: float = 10.0, *, arm: str = "x", seed: int = 1) -> Course:
    """A run whose neurons die at `times`, or live if that is after the end."""
    time = np.array(times, float)
    return Course("", arm, "–", seed, np.minimum(time, end), time < end, end, 0.5)


def pairs(
    random: np.random.Generator,
    ratio: float,
    seeds: int = 3,
    *,
    n: int = 60,
    frailty: float = 0.5,
    spread: float = 0.0,
    start: str = "–",
) -> Pairs:
    """Controls and treated with exponential lives.

    Parameters
    ----------
    ratio
        Hazard ratio.
    frailty
        Standard deviation over seeds of the log hazard, common to both arms.
    spread
        Standard deviation over seeds of the log hazard ratio.
    """
    found = []
    for seed in range(seeds):
        base = 0.1 * math.exp(random.normal(0, frailty))
        own = ratio * math.exp(random.normal(0, spread))
        lives = [random.exponential(1 / (base * factor), n) for factor in (1.0, own)]
        control, treated = (course(list(lives[k]), 8.0, arm="ct"[k], seed=seed) for k in (0, 1))
        found.append((control, treated))
    return found


def test_the_ratio_is_the_most_likely_with_ties_and_strata() -> None:
    """Against the maximum of the likelihood as it is written, without lifelines."""
    from scipy.optimize import minimize_scalar

    made = pairs(np.random.default_rng(2), 0.6)
    rounded = [
        tuple(course(list(np.ceil(c.time[c.died])) + [9.0] * int((~c.died).sum()), 8.5, seed=c.seed)
              for c in pair)
        for pair in made
    ]  # fmt: skip
    model = Likelihood.of([(c, t, 0.0) for c, t in rounded])
    found = hazard([(c, t) for c, t in rounded])
    assert found.ratio is not None
    best = minimize_scalar(lambda b: -model.value(b), bounds=(-3, 3), method="bounded",
                           options={"xatol": 1e-9})  # fmt: skip
    # lifelines stops when its step is below 1e-7
    assert math.log(found.ratio) == pytest.approx(best.x, abs=1e-5)


def test_without_ties_it_is_breslows_likelihood() -> None:
    """Two neurons in each arm: ℓ(0) is minus the logarithm of 4·3·2, the orders of three deaths."""
    strata = [(course([1, 3]), course([2, 20]), 0.0)]
    assert Likelihood.of(strata).value(0.0) == pytest.approx(-math.log(4 * 3 * 2))


@pytest.mark.parametrize("seeds", [2, 5])
def test_the_error_is_clustered_by_seed_as_by_lifelines(seeds: int) -> None:
    import pandas as pd

    strata = [(c, t, 0.0) for c, t in pairs(np.random.default_rng(seeds), 0.5, seeds, spread=1.0)]
    rows = [
        {"time": time, "died": died, "treated": arm, "seed": k, "cluster": k}
        for k, (control, treated, _) in enumerate(strata)
        for arm, each in enumerate((control, treated))
        for time, died in zip(each.time, each.died, strict=True)
    ]
    fit = lifelines.CoxPHFitter().fit(
        pd.DataFrame(rows), "time", "died", strata=["seed"], cluster_col="cluster"
    )
    # the same estimator, without ties: they differ by rounding
    own = clustered(strata, float(fit.params_["treated"]))
    assert own == pytest.approx(float(fit.standard_errors_["treated"]), rel=1e-6)


def test_runs_that_are_the_same_tell_of_no_difference_between_seeds() -> None:
    """All in one step: the scores of seeds are zero, and the cells alone give the interval."""
    same = [(course([1.0] * 9), course([1.0] * 9)) for _ in range(2)]
    assert clustered([(c, t, 0.0) for c, t in same], 0.0) == 0.0
    found, model = hazard(same), Likelihood.of([(c, t, 0.0) for c, t in same])
    assert found.low is not None
    # where twice the logarithm of the likelihood has fallen by the 95 % point of chi-squared
    fallen = 2 * (model.value(0.0) - model.value(math.log(found.low)))
    assert fallen == pytest.approx(3.841458820694124, rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seeds", "frailty", "spread"), [(3, 0.5, 0.0), (5, 0.5, 0.3), (1, 0.0, 0.0)]
)
def test_the_interval_covers_the_truth(seeds: int, frailty: float, spread: float) -> None:
    random = np.random.default_rng(seeds)
    number, ratio = 200, 0.5
    covered, logs = 0, []
    for _ in range(number):
        found = hazard(pairs(random, ratio, seeds, frailty=frailty, spread=spread))
        assert found.ratio is not None
        logs.append(math.log(found.ratio))
        covered += (found.low or 0.0) <= ratio <= (math.inf if found.high is None else found.high)
    # 95 % of 200 is 190; four standard deviations of √(200·0.95·0.05) = 3.1 below that is 178.
    # Above there is no limit: of two intervals the wider end counts.
    assert covered >= 178
    # the mean of 200 lies within four standard errors of the truth, and a hundredth for the bias
    # of a maximum of likelihood, which goes as one over the number of deaths (over 100)
    error = np.std(logs) / math.sqrt(number)
    assert abs(np.mean(logs) - math.log(ratio)) < 4 * error + 0.01


def test_seeds_that_differ_widen_the_interval() -> None:
    def width(spread: float) -> float:
        found = hazard(pairs(np.random.default_rng(7), 0.5, 5, spread=spread))
        assert found.low is not None
        assert found.high is not None
        return math.log(found.high / found.low)

    assert width(1.5) > 2 * width(0.0)


def test_no_deaths_make_no_number() -> None:
    alive = course([20.0] * 5)
    assert hazard([(alive, alive)]) == Hazard(None, None, None, "no deaths")
    assert prevented([0, 0], [0, 0]).value is None


@pytest.mark.parametrize("turned", [False, True])
def test_deaths_in_one_arm_only_bound_the_ratio(turned: bool) -> None:
    """At the bound twice the log-likelihood is 3.84 below its limit: Σ ln(1 + HR·B/A) = 1.92."""
    dying, alive = course([1.0, 2.0, 3.0, *[20.0] * 7]), course([20.0] * 10)
    found = hazard([(alive, dying) if turned else (dying, alive)])
    assert found.ratio is None
    bound = found.low if turned else found.high
    assert bound is not None
    assert (found.high if turned else found.low) == (None if turned else 0.0)
    other = 1 / bound if turned else bound
    total = sum(math.log1p(other * 10 / left) for left in (10, 9, 8))
    assert total == pytest.approx(3.841458820694124 / 2, rel=1e-6)
    assert ("without it" if turned else "with it") in found.reason
    assert "one seed" in found.reason


def test_a_seed_without_deaths_is_no_replicate() -> None:
    dying = (course([1, 3, 5, 20, 20]), course([2, 20, 20, 20, 20]))
    alive = (course([20.0] * 5), course([20.0] * 5))
    several, one = hazard([dying, alive, alive]), hazard([dying])
    # the same sums, added up in another order
    for end in ("ratio", "low", "high"):
        assert getattr(several, end) == pytest.approx(getattr(one, end), rel=1e-9)
    assert "one seed" in hazard([dying]).reason


def test_neurons_that_die_together_bound_it_less() -> None:
    """Three seeds with as many deaths in all, evenly or all in one."""
    alive = [course([20.0] * 20, seed=k) for k in range(3)]
    ends = []
    for deaths in ((4, 4, 4), (12, 0, 0)):
        dying = [course([1.0 + i for i in range(d)] + [20.0] * (20 - d), 19.0) for d in deaths]
        bound = hazard(list(zip(dying, alive, strict=True))).high
        assert bound is not None
        ends.append(bound)
    assert ends[1] > 2 * ends[0]


def test_all_dead_is_no_obstacle() -> None:
    found = hazard([(course([1, 2, 3, 4]), course([5, 6, 7, 8])), (course([1, 2]), course([1, 2]))])
    assert found.ratio is not None
    assert found.ratio < 1
    same = [(course([1.0] * 4), course([1.0] * 4)) for _ in range(2)]  # all at once
    assert hazard(same).ratio == pytest.approx(1.0, rel=1e-6)


def test_what_was_before_the_start_does_not_count() -> None:
    before = [1.0, 2.0, 3.0]
    control = course([*before, 6, 7, 8, 9, 20, 20])
    treated = course([*before, 9, 20, 20, 20, 20, 20])
    late = Course("", "x", "5 s", 1, treated.time, treated.died, treated.end)
    whole = hazard([(control, treated)]).ratio
    after = hazard([(control, late)]).ratio
    direct = hazard([(course([6, 7, 8, 9, 20, 20]), course([9, 20, 20, 20, 20, 20]))]).ratio
    assert after == direct
    assert whole is not None
    assert after is not None
    assert after < whole  # deaths that are the same in both hide what the treatment does


def test_a_start_at_a_share_lost() -> None:
    dying = course([1.0, 2.0, 3.0, 4.0, *[20.0] * 16])
    begins = {}
    for share in ("0.1", "0.2", "0.5"):
        each = Course("", "x", f"{share} lost", 1, dying.time, dying.died, dying.end)
        begins[share] = each.begin
    assert begins == {"0.1": 2.0, "0.2": 4.0, "0.5": math.inf}
    never = Course("", "x", "0.5 lost", 1, dying.time, dying.died, dying.end)
    assert hazard([(dying, never)]).reason == "it never began"


def test_pairs_are_free_of_what_only_the_seed_does() -> None:
    """Lives that differ by 1 s in each pair, and by much more between seeds."""
    shift = [0.9, 1.0, 1.1]
    made = [
        (course([2.0 + k, 4.0 + k], 20.0), course([2.0 + k + d, 4.0 + k + d], 20.0))
        for k, d in zip((0, 5, 9), shift, strict=True)
    ]
    gained, cells = time_gained(made)
    # mean 1, and t of two degrees of freedom (4.3027) times 0.1/√3
    assert gained.value == pytest.approx(1.0)
    assert gained.high == pytest.approx(1.0 + 4.30265 * 0.1 / math.sqrt(3), rel=1e-5)
    # every neuron of a run gains the same, so drawing neurons again changes nothing
    assert (cells.low, cells.high) == (None, None)


def test_the_mean_life_is_cut_at_the_end_of_the_shorter_run() -> None:
    gained, _ = time_gained([(course([2.0, 20.0], 10.0), course([20.0, 20.0], 5.0))])
    assert gained.value == pytest.approx((5 + 5) / 2 - (2 + 5) / 2)


@pytest.mark.parametrize("k", [3, 5])
def test_the_interval_over_seeds_covers_the_truth(k: int) -> None:
    random = np.random.default_rng(k)
    covered = 0
    for _ in range(400):
        found = over_seeds(list(random.normal(2.0, 1.0, k)))
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 2.0 <= found.high
    # exact for normal differences: 380 of 400, ± four standard deviations of 4.4
    assert 362 <= covered <= 398


def test_prevented_deaths_are_a_ratio_of_sums() -> None:
    found = prevented([10, 0, 20], [5, 1, 4])
    assert found.value == pytest.approx(1 - 10 / 30)
    # residuals x − rc: 5 − 10/3, 1, 4 − 20/3
    rest = np.array([5 - 10 / 3, 1.0, 4 - 20 / 3])
    half = 4.30265 * rest.std(ddof=1) / math.sqrt(3) / 10
    assert found.low == pytest.approx(1 - 1 / 3 - half, rel=1e-5)
    assert found.high == 1.0
    assert prevented([3, 3], [0, 0]) == over_seeds([1.0])  # all of them, and no interval


def test_arms_are_compared_with_the_control_of_their_variant_and_seed() -> None:
    def run(variant: str, arm: str, seed: int, deaths: int, force: float | None) -> Course:
        time = np.where(np.arange(10) < deaths, 4.0, 10.0)
        return Course(variant, arm, "–", seed, time, time < 10, 10.0, force)

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
) -> Course:
    """A life from 20 years on, with two motor neurons; times in years from its start."""
    time = np.array([30.0, end]) * YEAR
    return Course("", arm, "30 years", seed, time, time < end * YEAR, end * YEAR, None, 20 * YEAR,
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
    minutes = course([1.0, 20.0])
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
    runs = [course([1.0, 20.0], arm=arm) for arm in ("none", "drug")]
    places = write_report(compare(runs, "none"), "none", tmp_path)
    with places[0].open() as file:
        (_, row) = csv.DictReader(file)
    assert list(row)[-1] == "time_gained_cells_high_s"
    assert not any("onset" in name or "weak" in name or "age" in name for name in row)
