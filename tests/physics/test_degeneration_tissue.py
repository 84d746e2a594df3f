"""What all cells share: astrocytic EAAT2, and the body's reserve."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.physics.slow_cell import AGEING, DAY, YEAR, slow
from unshielded import degeneration

VALUE = {name: p.si for name, p in degeneration.PARAMETERS.items()}
#: BDF at a relative tolerance of 1e-9 per step, some hundred steps.
SOLVED = 1e-6


def test_without_loss_nothing_is_lost() -> None:
    course = slow(AGEING, tissue=True).run(70 * YEAR)
    np.testing.assert_array_equal(course["eaat2_left"], 1.0)
    np.testing.assert_array_equal(course["body_reserve"], 1.0)


def test_eaat2_is_lost_at_its_rate_from_its_age_on() -> None:
    rate = 0.4 / YEAR
    cell = slow(AGEING, tissue=True, eaat2_loss_rate=rate, eaat2_loss_onset=55 * YEAR)
    assert cell.run(30 * YEAR)["eaat2_left"][-1] == 1.0
    course = cell.run(33 * YEAR)
    # ten days behind: e^(0.4 × 10/365) is 1.1 %
    behind = math.exp(0.4 * 10 / 365.25)
    assert course["eaat2_left"][-1] == pytest.approx(math.exp(-0.4 * 3) * behind, rel=2e-4)


def test_eaat2_falls_with_the_neurons_it_depends_on_and_only_then() -> None:
    free = slow(tissue=True, dead_fraction=0.5).run(2 * YEAR)
    bound = slow(tissue=True, dead_fraction=0.5, eaat2_dependence=0.6).run(2 * YEAR)
    assert free["eaat2_left"][-1] == 1.0
    assert bound["eaat2_left"][-1] == pytest.approx(0.7, rel=SOLVED)


@pytest.mark.parametrize(("intake", "use"), [(1.0, 1.5), (1.2, 1.0), (0.9, 1.2)])
def test_the_reserve_settles_where_the_body_spends_what_it_eats(intake: float, use: float) -> None:
    cell = slow(tissue=True, energy_intake=intake, whole_circuit_atp_use=use)
    course = cell.run(10 * YEAR)
    share = VALUE["body_fraction"]
    settled = 1 + (intake - 1 - VALUE["hypermetabolism"] * (use - 1)) / share
    expected = settled + (1 - settled) * np.exp(-course["t"] * share / VALUE["reserve_time"])
    np.testing.assert_allclose(course["body_reserve"], expected, rtol=SOLVED)


def test_a_starved_body_uses_up_its_reserve_and_no_more() -> None:
    cell = slow(tissue=True, energy_intake=0.0)
    course = cell.run(5 * YEAR)
    assert course["body_reserve"][-1] == pytest.approx(0.0, abs=1e-9)
    assert cell.last(["nutrition"], course)[0] == pytest.approx(0.0, abs=1e-7)


def test_substrate_falls_late_and_hardly_rises() -> None:
    def at(reserve: float) -> float:
        cell = slow(tissue=True)
        y = [reserve if s == "body_reserve" else 1.0 for s in cell.system.states]
        return cell.read(["nutrition"], y)[0]

    assert at(1.0) == 1.0
    assert at(0.5) > 0.9
    assert at(0.1) == pytest.approx(0.55)
    assert at(3.0) < 1.1


def test_hypercaloric_nutrition_makes_up_for_hypermetabolism() -> None:
    wasted, fed = (
        slow(tissue=True, whole_circuit_atp_use=1.6, energy_intake=intake).run(YEAR)
        for intake in (1.0, 1.12)
    )
    assert wasted["body_reserve"][-1] < 0.9
    assert fed["body_reserve"][-1] == pytest.approx(1.0, rel=SOLVED)


def test_losing_motor_neurons_takes_its_meals() -> None:
    fed, hungry = (slow(tissue=True, dead_fraction=dead).run(300 * DAY) for dead in (0.0, 0.5))
    assert fed["body_reserve"][-1] == 1.0
    assert hungry["body_reserve"][-1] < 0.9
