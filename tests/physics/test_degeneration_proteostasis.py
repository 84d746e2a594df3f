"""Clean-up of misfolded protein: its steady states, and both circles, closed and open."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq

from tests.physics.slow_cell import AGEING, YEAR, Slow, slow
from unshielded import degeneration
from unshielded.mechanism.targets.python import compiled

VALUE = {name: p.si for name, p in degeneration.PARAMETERS.items()}
K, CHOKING = VALUE["protein_clearance_constant"], VALUE["protein_clearance_choking"]

#: Nothing but the load itself: granules and TDP-43 stay out.
ALONE = {"tdp43_by_load": 0.0, "granule_formation": 0.0}
#: No choking, no inclusions: Michaelis and Menten.
PLAIN = {**ALONE, "protein_clearance_choking": 1e12, "inclusion_rate": 0.0}

LOADS = np.geomspace(0.2, 2000.0, 500)


def net(cell: Slow, loads: NDArray[np.float64] = LOADS) -> NDArray[np.float64]:
    """The rate of the load over a range of loads, the energy being what it settles at."""
    states, f, numbers = cell.system.states, cell.rhs, cell.numbers
    place, upkeep = states.index("misfolded_load"), states.index("upkeep_fraction")
    y = cell.start.tolist()

    def at(load: float, share: float) -> list[float]:
        y[place], y[upkeep] = load, share
        return f(0.0, y, numbers)

    rates = []
    for load in loads:
        # upkeep answers within hours; where more of it costs more, it has one answer
        share = brentq(lambda e, x=load: at(x, e)[upkeep], -1e-9, 1.1, xtol=1e-14)
        rates.append(at(load, share)[place])
    return np.array(rates)


def steady(cell: Slow) -> int:
    """How many steady loads there are."""
    return int(np.count_nonzero(np.diff(np.sign(net(cell)))))


@pytest.mark.parametrize(
    ("gain", "protein_clearance"), [(0.0, 1.0), (0.5, 1.0), (1.0, 0.8), (2.0, 1.5)]
)
def test_a_load_that_does_not_choke_settles_as_michaelis_and_menten(
    gain: float, protein_clearance: float
) -> None:
    course = slow(toxic_gain=gain, protein_clearance=protein_clearance, **PLAIN).run(20 * YEAR)
    made = 1 + gain
    settled = K * made / (protein_clearance * (1 + K) - made)
    # 2e-6 beside the solver's error: the residue of choking at 1e12 is far below
    assert course["misfolded_load"][-1] == pytest.approx(settled, rel=2e-6)


def test_reactive_oxygen_species_and_mutants_add_up() -> None:
    cell = slow(toxic_gain=0.3, mean_ros=2.0, **PLAIN)
    rate = cell.rates()["misfolded_load"] * VALUE["misfolded_life"]
    assert rate == pytest.approx(0.3 + VALUE["misfolding_by_ros"])


@pytest.mark.parametrize("share", [1.0, 0.7])
def test_the_load_is_lost_at_a_saddle_node_that_is_known(share: float) -> None:
    """F is largest at sqrt(K K_i), so production above c F_max has no steady state below inclusions."""
    largest = (1 + K + 1 / CHOKING) / (1 + 2 * math.sqrt(K / CHOKING))
    critical = share * largest - 1

    def below(gain: float) -> float:
        """The least clean-up can do against what is made, over all loads: 0 at the fold."""
        return float(
            np.min(net(slow(toxic_gain=gain, protein_clearance=share, inclusion_rate=0.0, **ALONE)))
        )

    found = brentq(below, 0.0, 4.0, xtol=1e-9)
    # the grid of loads has steps of 0.003 %, and the minimum is flat: errors of its square
    assert found == pytest.approx(critical, rel=1e-5)


def test_two_steady_loads_between_the_folds_and_one_beyond() -> None:
    assert steady(slow(**ALONE)) == 1
    assert steady(slow(toxic_gain=1.0, **ALONE)) == 3
    assert steady(slow(toxic_gain=2.0, **ALONE)) == 1
    low, high = (
        slow(toxic_gain=1.0, **ALONE).run(40 * YEAR, misfolded_load=start)["misfolded_load"][-1]
        for start in (1.0, 100.0)
    )
    assert low < 5.0
    assert high > 20.0
    assert high < 2.0 / VALUE["inclusion_rate"] + 1  # all that is made, stowed away


def test_without_choking_the_load_has_one_answer_only() -> None:
    for gain in (0.0, 1.0, 2.0, 5.0):
        assert steady(slow(toxic_gain=gain, **{**PLAIN, "inclusion_rate": 0.005})) == 1


# Less ATP, less clean-up, more load, more cost, less ATP: choking is off in these.

CLOSED = {"mean_atp_use": "basal_use + added_maintenance"}
#: An old cell's capacity, mM/s, and chaperones at three times their default price.
PAID = {
    **PLAIN,
    "inclusion_rate": VALUE["inclusion_rate"],
    "mean_atp_capacity": 1.0,
    "toxic_gain": 0.5,
    "chaperone_atp_cost": 0.1,
}


def hungry(basal: float, **prices: float) -> Slow:
    return slow(CLOSED, basal_use=basal, **{**PAID, **prices})


def test_cost_closes_a_circle_where_the_headroom_is_small() -> None:
    assert steady(hungry(0.50)) == 1
    assert steady(hungry(0.70)) == 3
    assert steady(hungry(0.85)) == 1
    low, high = (
        hungry(0.70).run(80 * YEAR, misfolded_load=start)["misfolded_load"][-1]
        for start in (1.0, 200.0)
    )
    assert low < 5.0
    assert high > 50.0


def test_it_is_lost_at_a_saddle_node_in_the_basal_demand() -> None:
    """Between the bounds of clip, production 3/2 meets the most that clean-up can do, at its price."""
    ends = []
    for left, right in ((0.50, 0.70), (0.70, 0.85)):
        inside = steady(hungry(right)) == 3
        while right - left > 1e-4:
            middle = 0.5 * (left + right)
            same = (steady(hungry(middle)) == 3) == inside
            left, right = (left, middle) if same else (middle, right)
        ends.append(0.5 * (left + right))
    first, second = ends
    # Without inclusions, 4 P E/(3 + P) = 3/2 with E = (1 - u - 0.015 - 0.3 (P - 1)/(P + 3))/0.2 folds
    # where E = 2 P/(3 + P), that is P/(3 + P) = sqrt(3/16): u = 0.739. Inclusions take 0.6 % of what is
    # made there, and so move it by less than 1 %.
    share = math.sqrt(3 / 16)
    load = 3 * share / (1 - share)
    basal = 1 - 0.015 - 0.2 * 2 * share - 0.3 * (load - 1) / (load + 3)
    assert second == pytest.approx(basal, rel=0.01)
    assert first < 0.70
    fates = [hungry(second + off).run(80 * YEAR)["misfolded_load"][-1] for off in (-0.005, 0.005)]
    assert fates[0] < 5.0
    assert fates[1] > 50.0


def test_at_the_default_price_the_circle_hardly_closes() -> None:
    """Its window of demand is below 1 % of the capacity: a finding, not a wish."""
    default = {"chaperone_atp_cost": VALUE["chaperone_atp_cost"]}
    counts = [steady(hungry(basal, **default)) for basal in np.arange(0.5, 0.9, 0.01)]
    assert sum(count > 1 for count in counts) <= 1


def test_without_its_price_there_is_no_circle() -> None:
    free = {"protein_clearance_atp_cost": 0.0, "chaperone_atp_cost": 0.0}
    for basal in (0.3, 0.6, 0.7, 0.75, 0.8, 0.9):
        assert steady(hungry(basal, **free)) == 1


def test_clean_up_is_paid_for_and_never_earns() -> None:
    f = compiled(slow().system, ["atp_use_protein_clearance"])
    for load in (0.2, 1.0, 3.0, 30.0):
        cell = slow()
        y = cell.start.tolist()
        y[cell.system.states.index("misfolded_load")] = load
        (cost,) = f(0.0, y, cell.numbers)
        assert cost >= 0.0
        assert (cost > 0.0) == (load > 1.0)


# Ageing, and a mutant: when, if ever.


def test_a_mutant_that_youth_carries_is_too_much_in_age_or_is_not() -> None:
    """Late loss is an outcome of reserve and gain; a small gain is carried for life."""

    def load(gain: float, speed: float) -> NDArray[np.float64]:
        cell = slow(AGEING, toxic_gain=gain, ageing_speed=speed, **ALONE)
        course = cell.run(70 * YEAR)
        return np.interp(np.arange(1, 71) * YEAR, course["t"], course["misfolded_load"])

    carried, lost, unaged = load(0.25, 1.0), load(1.0, 1.0), load(1.0, 0.0)
    assert carried[-1] < 10.0
    assert lost[0] < 5.0
    assert lost[-1] > 20.0
    assert unaged[-1] < 5.0
    # acceleration: the load doubles faster when it is lost than it ever did before
    growth = np.diff(np.log(lost))
    moment = int(np.argmax(growth))
    assert moment > 5
    assert growth[moment] > 5 * np.median(growth[: moment - 3])
