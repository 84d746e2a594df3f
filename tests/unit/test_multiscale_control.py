"""Steps, loads, muscles and outcomes of a lifespan, each against what it must be."""

from __future__ import annotations

import numpy as np
import pytest

from unshielded.durations import YEAR
from unshielded.multiscale.control import next_step, too_many, until_edge
from unshielded.multiscale.loads import CONTROLLED, Loads
from unshielded.multiscale.outcome import acceleration, crossing, excitability, middle, outcome
from unshielded.multiscale.pools import MotorPool, limb_dead, orphans, strength

ALIVE = np.ones(40, bool)
GROUPS = {"a": slice(0, 20), "b": slice(20, 40)}
NAMES = (*CONTROLLED, "membrane_potential", "mean_sodium_drive", "burst_gain")


def loads(value: np.ndarray) -> dict[str, np.ndarray]:
    return {name: value.copy() for name in NAMES}


# --- Steps --------------------------------------------------------------------------------------


def test_a_step_is_within_its_limits_and_shrinks_with_what_has_changed():
    assert next_step(10.0, 0.0, 0.1, 1.0, 15.0) == 15.0
    assert next_step(10.0, 10.0, 0.1, 5.0, 100.0) == 5.0
    assert next_step(10.0, 0.125, 0.1, 1.0, 100.0) == pytest.approx(8.0)


def test_an_edge_that_is_here_is_behind():
    assert until_edge(10.0, 5.0, [10.0]) == 5.0
    assert until_edge(10.0, 5.0, [9.0, 20.0]) == 5.0


def test_a_step_ends_with_the_last_death_that_is_allowed():
    died = np.full(40, np.inf)
    died[[3, 5, 7]] = [30.0, 10.0, 20.0]
    sizes = {"a": 20, "b": 20}
    assert too_many(died, GROUPS, sizes, 0.10, 1.0) == pytest.approx(20.0)
    assert too_many(died, GROUPS, sizes, 0.15, 1.0) is None
    assert too_many(died, GROUPS, sizes, 0.05, 15.0) == 15.0  # no step is shorter
    # one may always die, or a small population would stop the clock
    assert too_many(died[:10], {"a": slice(0, 10)}, {"a": 10}, 1e-3, 1.0) == pytest.approx(10.0)


# --- Loads --------------------------------------------------------------------------------------


def test_chance_in_single_cells_averages_out():
    """Poisson counts of 30: with ten times the time, their scatter falls to a third or less."""
    random = np.random.default_rng(1)
    held = Loads(memory=100.0, groups=GROUPS)
    for _ in range(100):
        held.note(loads(random.poisson(30.0, 40) / 3.0), 1.0, ALIVE)
    rate = held.held["firing_rate"]
    assert rate.mean() == pytest.approx(10.0, rel=0.02)
    one = np.sqrt(30.0) / 3.0
    assert rate.std() < one / 3  # sqrt(1/100) of it, were all windows weighed alike


def test_chance_of_a_population_is_no_change():
    """Beyond three scatters is one window in sixty, for six means; the scatter itself is estimated."""
    random = np.random.default_rng(2)
    held = Loads(memory=100.0, groups=GROUPS)
    for _ in range(30):
        held.note(loads(random.normal(10.0, 2.0, 40)), 1.0, ALIVE)
    changes = [held.take(loads(random.normal(10.0, 2.0, 40)), 1.0, ALIVE) for _ in range(100)]
    assert np.mean(np.array(changes) > 0) < 0.2
    assert max(changes) < 0.2  # the mean of 20 scatters by 4.5 %, known from 13 windows to a third


def test_more_chance_than_at_the_start_is_learnt():
    """A population that begins to burst scatters more: within some windows that is no change."""
    random = np.random.default_rng(4)
    held = Loads(memory=100.0, groups=GROUPS)
    for _ in range(20):
        held.note(loads(np.full(40, random.normal(10.0, 0.1))), 1.0, ALIVE)
    changes = [
        held.take(loads(np.full(40, random.normal(10.0, 2.0))), 1.0, ALIVE) for _ in range(60)
    ]
    assert np.mean(np.array(changes[:3])) > 0.0
    assert np.median(changes[20:]) == 0.0


def test_a_trend_is_no_chance():
    """Loads that grow by 5 % from window to window are a change in each of them."""
    held = Loads(memory=10.0, groups=GROUPS)
    for _ in range(10):
        held.note(loads(np.full(40, 10.0)), 1.0, ALIVE)
    changes = [held.take(loads(np.full(40, 10.0 * 1.05**k)), 1.0, ALIVE) for k in range(1, 20)]
    assert min(changes) > 0.03


def test_a_change_of_a_population_is_taken_at_once_and_its_cells_stay_apart():
    held = Loads(memory=100.0, groups=GROUPS)
    own = np.linspace(5.0, 15.0, 40)
    for _ in range(10):
        held.note(loads(own), 1.0, ALIVE)
    doubled = own.copy()
    doubled[:20] = own[:20].mean() * 2  # a window that shows the mean, and nothing of the cells
    assert held.take(loads(doubled), 1.0, ALIVE) == pytest.approx(1.0)
    rate = held.held["firing_rate"]
    assert rate[:20].mean() == pytest.approx(2 * own[:20].mean(), rel=1e-12)
    # each window weighs an eleventh: the rest of the differences, in proportion, is kept
    assert rate[19] / rate[0] > 0.8 * own[19] / own[0]
    assert rate[20:] == pytest.approx(own[20:])


def test_the_dead_change_nothing():
    held = Loads(memory=10.0, groups=GROUPS)
    held.note(loads(np.full(40, 10.0)), 1.0, ALIVE)
    held.note(loads(np.full(40, 10.0)), 1.0, ALIVE)
    alive = ALIVE.copy()
    alive[:10] = False
    silent = np.where(alive, 10.0, 0.0)
    assert held.take(loads(silent), 1.0, alive) == 0.0


def test_a_population_that_falls_silent_and_comes_back_keeps_sane_loads():
    """No load is ever below the least or above the most that any window has shown."""
    held = Loads(memory=10.0, groups=GROUPS)
    random = np.random.default_rng(3)
    for mean in (5.0, 0.0, 1e-9, 0.2, 0.0, 20.0, 3.0):
        for _ in range(4):
            held.take(loads(mean * random.uniform(0.5, 1.5, 40)), 1.0, ALIVE)
            rate = held.held["firing_rate"]
            assert rate.min() >= 0.0
            assert rate.max() <= 1.5 * 20.0 * 1.5  # a spread of cells of 1.5 on a mean of 1.5


# --- Muscles ------------------------------------------------------------------------------------


def test_orphan_fibres_are_those_that_nobody_holds():
    muscle = MotorPool("limb", np.arange(4), np.array([1.0, 1.0, 2.0, 4.0]))
    alive = np.array([True, True, True, False])
    held = np.array([1.0, 0.5, 1.0, 1.0])
    still = np.zeros(4)
    share, lost, taken = orphans(muscle, held, alive, still, still)
    # of 8 parts the living hold 1 + 0.5 + 2
    assert share == pytest.approx((8 - 3.5) / 3.5)
    assert (lost, taken) == (0.0, 0.0)
    # a unit that takes over 0.1 a second of its own number, with the weight 2
    growing = np.array([0.0, 0.0, 0.1, 0.0])
    _, _, taken = orphans(muscle, held, alive, growing, still)
    assert taken == pytest.approx(0.2 / 3.5 / share)
    assert strength(muscle, held, alive) == pytest.approx(3.5 / 8)


def test_lost_motor_neurons_are_neither_dead_nor_alive():
    alive, lost = np.array([True, True, False, True]), np.array([False, True, False, True])
    muscle = MotorPool("limb", np.arange(4), np.ones(4))
    assert limb_dead((muscle,), alive, lost) == 0.5
    assert strength(muscle, np.ones(4), alive & ~lost) == 0.25
    assert limb_dead((muscle,), alive, np.zeros(4, bool)) == 0.25
    everyone = np.array([True, True, False, True])
    assert limb_dead((muscle,), np.ones(4, bool), everyone) == 0.0


def test_a_muscle_without_a_unit_has_no_orphans_to_give():
    muscle = MotorPool("limb", np.arange(2), np.ones(2))
    none = np.zeros(2)
    assert orphans(muscle, np.ones(2), np.zeros(2, bool), none, none) == (0.0, 0.0, 0.0)


# --- Outcomes -----------------------------------------------------------------------------------

TIMES = np.linspace(0.0, 10.0, 101) * YEAR


def test_a_crossing_must_last():
    values = np.array([1.0, 0.85, 1.0, 0.95, 0.85, 0.8])
    assert crossing(np.arange(6.0), values, 0.9, 1.0) == pytest.approx(3.5)
    assert np.isnan(crossing(np.arange(6.0), np.ones(6), 0.9, 1.0))
    # two values below do not last for three; what is cut off by the end does
    values = np.array([1.0, 0.8, 0.8, 1.0, 1.0, 0.8])
    assert crossing(np.arange(6.0), values, 0.9, 1.0) == pytest.approx(0.5)
    assert crossing(np.arange(6.0), values, 0.9, 3.0) == pytest.approx(4.5)
    assert crossing(np.arange(6.0), np.full(6, 0.5), 0.9, 3.0) == 0.0


def test_a_dip_that_others_make_good_is_no_onset():
    """A unit dies at four years and its fibres are taken over within half of one."""
    years = TIMES / YEAR
    dip = 1.0 - 0.2 * ((years >= 4.0) & (years < 4.5)) - 0.3 * (years >= 8.0)
    assert outcome(0.0, TIMES, {"limb": dip}, {}, {})["age_at_onset_years"] == pytest.approx(
        8.0,
        abs=0.1,  # between two rows, a tenth of a year apart
    )


def test_half_of_the_cells():
    assert middle([1.0, 2.0, 3.0, np.nan]) == 2.0
    assert np.isnan(middle([1.0, np.nan, np.nan, np.nan]))


def test_an_exponential_decline_neither_speeds_up_nor_slows_down():
    decline = np.exp(-0.1 * TIMES / YEAR)
    onset = crossing(TIMES, decline, 0.9, YEAR)
    assert acceleration(TIMES, decline, onset) == pytest.approx(1.0, rel=0.01)
    # twice as steep from onset on; the kink lies between two rows, a tenth of a year apart
    after = np.maximum(TIMES - onset, 0.0) / YEAR
    steeper = decline * np.exp(-0.1 * after)
    assert acceleration(TIMES, steeper, onset) == pytest.approx(2.0, rel=0.05)


def test_excitability_is_compared_with_the_start_and_may_fall():
    rates = {"pyramidal": np.linspace(10.0, 5.0, 101), "pv": np.full(101, 10.0)}
    found = excitability(TIMES, rates, 5.0 * YEAR)
    assert found["pyramidal_rate_before_onset_ratio"] == pytest.approx(0.775, rel=0.02)
    assert found["pv_over_pyramidal_before_onset_ratio"] > 1.0


def test_the_outcome_of_a_decline():
    limb = np.maximum(1.0 - np.maximum(TIMES / YEAR - 4.0, 0.0) / 4.0, 0.0)
    deaths = {
        "motor_fr": np.array([5.0, 6.0, 7.0, np.nan]) * YEAR,
        "motor_s": np.array([6.5, 7.5, 8.0, 9.0]) * YEAR,
        "pyramidal": np.full(4, np.nan),
    }
    found = outcome(30 * YEAR, TIMES, {"limb": limb}, {}, deaths)
    assert found["age_at_onset_years"] == pytest.approx(34.4, abs=0.05)
    assert found["age_at_severe_weakness_years"] == pytest.approx(37.2, abs=0.05)
    assert found["onset_to_severe_weakness_years"] == pytest.approx(2.8, abs=0.1)
    assert found["age_at_first_death_years"] == pytest.approx(35.0)
    assert (found["first_to_die"], found["order_of_pools"]) == ("motor_fr", "motor_fr, motor_s")
    assert np.isnan(found["median_age_at_death_years_pyramidal"])


def test_a_healthy_life_has_no_onset():
    found = outcome(0.0, TIMES, {"limb": np.ones(101)}, {}, {"motor_s": np.full(3, np.nan)})
    assert np.isnan(found["age_at_onset_years"])
    assert np.isnan(found["acceleration_after_onset"])
    assert found["first_to_die"] == ""
