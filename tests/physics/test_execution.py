"""Deficits of which a neuron dies: calpain's work, and gradients that are gone; exact solutions."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.physics.single_cell import CATALOGUE
from unshielded.calcium import FATES
from unshielded.single_cell import Cell, cell, solve

#: Nothing but what a test holds acts: calcium neither moves nor costs anything.
IDLE = {"mcu_maximum_rate": 0.0, "extrusion_rate": 1e-9}
#: Of the solver, at a tolerance of 1e-10.
SOLVER = 1e-6


def si(name: str) -> float:
    return CATALOGUE[name].si


def held(calcium: float, **values: float) -> Cell:
    """A cell whose calcium is held (mM), at rest otherwise."""
    names = ("membrane_potential", "calcium")
    this = cell("motor_fr", {**IDLE, **values}, held=names, outputs=("calpain_activity",))
    return this.given(calcium=calcium)


def activity(calcium: float, inhibitor: float = 0.0) -> float:
    left = si("calpain_inhibition") / (si("calpain_inhibition") + inhibitor)
    share = calcium**3 / (calcium**3 + si("calpain_constant") ** 3)
    return left * share


def approach(active: float, damage: float, repair: float) -> tuple[float, float]:
    """Where a deficit goes, and at which rate, while it is (1/time) done and undone."""
    rate = (1 - active) / repair
    return active / damage / rate, rate


@pytest.mark.parametrize("calcium", [0.3e-3, 1e-3, 5e-3])
def test_calpain_integrates_constant_calcium(calcium: float) -> None:
    end, rate = approach(activity(calcium), si("proteolysis_time"), si("proteolysis_recovery"))
    course = solve(held(calcium), 7200.0, interval=600.0, tolerance=1e-10, until_death=False)
    expected = end * -np.expm1(-rate * course.times)
    np.testing.assert_allclose(course["proteolysis"], expected, rtol=SOLVER, atol=1e-12)


def test_calpain_kills_when_its_integral_reaches_one() -> None:
    calcium = 2 * si("calpain_constant")
    end, rate = approach(activity(calcium), si("proteolysis_time"), si("proteolysis_recovery"))
    course = solve(held(calcium), 24 * 3600.0, interval=600.0, tolerance=1e-10)
    assert course.mode == "proteolysis"
    assert course.death == pytest.approx(-math.log(1 - 1 / end) / rate, rel=SOLVER)


def test_calcium_that_is_borne_never_kills() -> None:
    # Where repair keeps up: activity below the share at which the deficit settles at one.
    ratio = si("proteolysis_time") / si("proteolysis_recovery")
    borne = si("calpain_constant") * (ratio / 1.5) ** (1 / 3)
    end, _ = approach(activity(borne), si("proteolysis_time"), si("proteolysis_recovery"))
    assert end < 1
    course = solve(held(borne), 7 * 86400.0, interval=86400.0)
    assert course.death is None
    assert course["proteolysis"][-1] == pytest.approx(end, rel=0.01)


@pytest.mark.parametrize("times", [0.5, 1.0, 9.0])
def test_an_inhibitor_takes_its_share_of_calpain(times: float) -> None:
    inhibitor = times * si("calpain_inhibition")
    this = held(5e-3)
    state = {**this.start, "calpain_inhibitor_bath": inhibitor}
    found = this.outputs(("calpain_activity",), [state[n] for n in this.system.states])[0]
    assert found == pytest.approx(activity(5e-3) / (1 + times), rel=1e-9)


def depleted(sodium: float, **values: float) -> Cell:
    """A cell whose sodium is held (mM), and with it the gradients."""
    names = ("membrane_potential", "calcium", "sodium")
    return cell("motor_fr", {**IDLE, **values}, held=names).given(sodium=sodium)


def test_a_cell_without_gradients_dies_of_it_after_the_time_of_rupture() -> None:
    # Sodium inside as outside, and all potassium gone: nothing of either gradient is left.
    loss = 1 / si("necrosis_gradient_loss")
    deficit = loss**4 / (1 + loss**4)
    end, rate = approach(deficit, si("necrosis_time"), si("necrosis_recovery"))
    course = solve(depleted(si("extracellular_sodium")), 6 * 3600.0, tolerance=1e-10)
    assert course.mode == "necrosis"
    assert course.death == pytest.approx(-math.log(1 - 1 / end) / rate, rel=SOLVER)


@pytest.mark.parametrize("sodium", [12.0, 30.0, 60.0])
def test_the_deficit_is_that_of_the_gradients_left(sodium: float) -> None:
    unit, outside = si("thermal_voltage"), si("extracellular_sodium")
    rest, inside = si("resting_sodium"), si("intracellular_potassium")

    def difference(level: float) -> float:
        """E_Na - E_K; potassium leaves as sodium enters."""
        potassium = inside - (level - rest)
        return unit * math.log(outside / level * potassium / si("extracellular_potassium"))

    loss = (1 - difference(sodium) / difference(rest)) / si("necrosis_gradient_loss")
    deficit = loss**4 / (1 + loss**4)
    end, rate = approach(deficit, si("necrosis_time"), si("necrosis_recovery"))
    course = solve(depleted(sodium), 1800.0, interval=300.0, tolerance=1e-10)
    expected = end * -np.expm1(-rate * course.times)
    np.testing.assert_allclose(course["necrosis"], expected, rtol=SOLVER, atol=1e-12)


def test_want_of_atp_alone_is_no_clock() -> None:
    # Gradients held, ATP gone: what kills is what ATP keeps up, not its absence.
    this = depleted(si("resting_sodium"), glycolysis_maximum_rate=0.0)
    poisoned = this.given(fccp_applied=1e-2, oligomycin_applied=1e-2)
    course = solve(poisoned, 12 * 3600.0, interval=3600.0)
    assert course["atp"][-1] < 0.05 * this.start["atp"]
    assert course.death is None
    assert course["necrosis"].max() < 1e-9


def test_what_is_not_lethal_is_repaired() -> None:
    # Half an hour without gradients, and the same time with them again.
    spell = 1800.0
    back = [(spell, {"sodium": si("resting_sodium")})]
    course = solve(
        depleted(si("extracellular_sodium")), 2 * spell, back, interval=60.0, tolerance=1e-10
    )
    peak = course["necrosis"][np.searchsorted(course.times, spell)]
    assert 0 < peak < 1
    expected = peak * math.exp(-spell / si("necrosis_recovery"))
    assert course["necrosis"][-1] == pytest.approx(expected, rel=1e-4)


def test_every_fate_is_a_state_that_kills_at_one() -> None:
    this = cell("motor_fr")
    for fate in FATES:
        start = [{**this.start, fate: 1.0 - 1e-9}[n] for n in this.system.states]
        place = this.system.states.index(fate)
        assert this.rhs(0.0, start)[place] < 0  # a healthy cell recovers
