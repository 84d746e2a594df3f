"""Fuels, creatine kinase, K-ATP channels, and oxidants that stay bounded: each alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from tests.physics.single_cell import CATALOGUE
from unshielded.single_cell import Cell, cell, solve

NAMES = (
    "substrate",
    "glucose_level",
    "glycolysis",
    "oxidative_supply",
    "atp_use",
    "free_creatine",
    "creatine_kinase_flux",
    "katp_open",
    "katp_open_conductance",
    "inward_current",
    "potassium_reversal",
    "ros_production",
)
REST = cell("motor_fr", outputs=NAMES)
MUCH = 1e6


def si(name: str) -> float:
    return CATALOGUE[name].si


def line(name: str, this: Cell = REST, /, **given: float) -> float:
    """A named line of a cell at rest but for what is given: states, or parameters."""
    states = {k: v for k, v in given.items() if k in this.start}
    if others := {k: v for k, v in given.items() if k not in states}:
        this = this.given(**others)
    state = {**this.start, **states}
    return this.outputs((name,), [state[n] for n in this.system.states])[0]


# --- fuels

CONSTANTS = {
    "glucose": "glucose_constant",
    "lactate": "lactate_constant",
    "pyruvate": "pyruvate_constant",
    "hydroxybutyrate": "hydroxybutyrate_constant",
}


def fed(**shares: float) -> dict[str, float]:
    """Concentrations in a bath, each as a share of the fuel of a fed cell."""
    return {f"{stem}_bath": share * si(CONSTANTS[stem]) for stem, share in shares.items()}


def test_a_fed_cell_has_all_its_supply() -> None:
    assert line("substrate") == 1.0
    assert line("glucose_level") == 1.0


def test_supply_saturates_and_ends_with_the_fuel() -> None:
    most = 1 + si("fuel_half_saturation")
    assert line("substrate", pyruvate_bath=MUCH) == pytest.approx(most, rel=1e-4)
    assert line("substrate", substrate_supply=0.0) == 0.0
    # Half of its limit at the stated share of a fed cell's fuel.
    half = line("substrate", substrate_supply=si("fuel_half_saturation"))
    assert half == pytest.approx(most / 2, rel=1e-12)


@pytest.mark.parametrize("one", CONSTANTS)
@pytest.mark.parametrize("other", CONSTANTS)
def test_fuels_add_up_and_stand_in_for_each_other(one: str, other: str) -> None:
    starved = {"substrate_supply": 0.1}
    both = dict.fromkeys((one, other), 0.2)
    whole = 0.1 + sum(both.values())
    half = si("fuel_half_saturation")
    found = line("substrate", **starved, **fed(**both))
    assert found == pytest.approx(whole * (1 + half) / (whole + half), rel=1e-12)
    # One that is twice as much is the same as two.
    if one != other:
        assert line("substrate", **starved, **fed(**{one: 0.4})) == pytest.approx(found, rel=1e-12)


@pytest.mark.parametrize("stem", [name for name in CONSTANTS if name != "glucose"])
def test_glycolysis_takes_glucose_alone(stem: str) -> None:
    assert line("glycolysis", substrate_supply=0.0, **fed(**{stem: 1.0})) == 0.0
    assert line("glycolysis", substrate_supply=0.0, **fed(glucose=1.0)) == pytest.approx(
        line("glycolysis"), rel=1e-12
    )


# --- creatine kinase


def test_the_kinase_is_at_equilibrium_in_a_resting_cell() -> None:
    state = REST.start
    adp = si("adenine_total") - state["atp"]
    ratio = state["atp"] * line("free_creatine") / (adp * state["phosphocreatine"])
    assert ratio == pytest.approx(si("creatine_kinase_equilibrium"), rel=1e-9)
    forward = si("creatine_kinase_rate") * state["atp"] * line("free_creatine")
    assert abs(line("creatine_kinase_flux")) < 1e-9 * forward


@pytest.mark.parametrize(("atp", "phosphocreatine"), [(1.0, 1.0), (2.3, 0.1), (0.2, 7.0)])
def test_the_kinase_alone_comes_to_its_equilibrium_and_keeps_phosphate(
    atp: float, phosphocreatine: float
) -> None:
    def rate(_t: float, y: np.ndarray) -> list[float]:
        flux = line("creatine_kinase_flux", atp=y[0], phosphocreatine=y[1])
        return [-flux, flux]

    end = solve_ivp(rate, (0, 60.0), [atp, phosphocreatine], rtol=1e-10, atol=1e-12).y[:, -1]
    total, creatine, nucleotide = atp + phosphocreatine, si("total_creatine"), si("adenine_total")
    assert end.sum() == pytest.approx(total, rel=1e-9)
    # The same from the quadratic of the law of mass action, in phosphocreatine P:
    # (T - P)(C - P) = K (A - T + P) P.
    k = si("creatine_kinase_equilibrium")
    roots = np.roots([1 - k, -(total + creatine) - k * (nucleotide - total), total * creatine])
    inside = [r for r in roots.real if 0 <= r <= min(creatine, total) and total - r <= nucleotide]
    assert len(inside) == 1
    assert end[1] == pytest.approx(inside[0], rel=1e-6)


def test_what_is_made_and_not_used_is_in_atp_and_phosphocreatine() -> None:
    busy = REST.given(imposed_firing_rate=40.0, imposed_releases=5000.0)
    course = solve(busy, 20.0, interval=1.0, method="BDF")
    for y in course.states.T[1:]:
        rates = dict(zip(busy.system.states, busy.rhs(0.0, y.tolist()), strict=True))
        names = ("oxidative_supply", "glycolysis", "atp_use", "creatine_kinase_flux")
        oxidative, glycolytic, use, flux = busy.outputs(names, y.tolist())
        assert rates["phosphocreatine"] == flux
        made = oxidative + glycolytic - use
        # Rounding of terms of some mM/s.
        assert rates["atp"] + rates["phosphocreatine"] == pytest.approx(made, rel=1e-9, abs=1e-13)
    assert np.ptp(course["phosphocreatine"]) > 0.1


def test_phosphocreatine_bridges_as_long_as_it_lasts() -> None:
    # Without supply, use at rest empties ATP in the time that both pools last, and no sooner.
    def half_gone(creatine: float) -> tuple[float, float]:
        this = cell("motor_fr", {"total_creatine": creatine, "glycolysis_maximum_rate": 0.0},
                    outputs=NAMES).given(oligomycin_applied=MUCH)  # fmt: skip
        start = [{**this.start, "oligomycin_bath": MUCH}[n] for n in this.system.states]
        course = solve(this, 120.0, start=start, interval=0.05, method="BDF")
        assert course["atp"].min() < this.start["atp"] / 2
        use = this.outputs(("atp_use",), start)[0]
        return float(course.times[np.argmax(course["atp"] < this.start["atp"] / 2)]), use

    bare, use = half_gone(0.0)
    with_creatine, _ = half_gone(si("total_creatine"))
    held = REST.start["phosphocreatine"]
    assert bare == pytest.approx(0.5 * REST.start["atp"] / use, rel=0.2)
    assert with_creatine - bare == pytest.approx(held / use, rel=0.2)


def test_creatine_of_the_bath_adds_to_the_pool_within_hours() -> None:
    tau, applied = si("creatine_loading_time"), 5.0
    course = solve(REST.given(creatine_applied=applied), tau, interval=tau, method="BDF")
    # Two relaxations one after the other: the drug enters, and creatine is taken up.
    entry = si("drug_entry_time")
    left = (tau * np.exp(-1) - entry * np.exp(-tau / entry)) / (tau - entry)
    expected = si("creatine_accumulation") * applied * (1 - left)
    assert course["added_creatine"][-1] == pytest.approx(expected, rel=1e-4)
    assert course["phosphocreatine"][-1] > course["phosphocreatine"][0] + 0.4 * expected
    # Creatine itself yields nothing.
    assert course["atp"][-1] == pytest.approx(course["atp"][0], rel=0.01)


# --- K-ATP


@pytest.mark.parametrize("ratio", [0.004, 0.05, 0.1, 0.5, 10.0])
def test_katp_opens_with_the_square_of_adp_over_atp(ratio: float) -> None:
    atp = si("adenine_total") / (1 + ratio)
    over = ratio / si("katp_constant")
    assert line("katp_open", atp=atp) == pytest.approx(over**2 / (1 + over**2), rel=1e-9)


def test_katp_is_shut_in_a_fed_cell_and_open_without_atp() -> None:
    assert line("katp_open") < 0.01
    assert line("katp_open", atp=0.0) == 1.0


def test_katp_lets_potassium_out() -> None:
    conductance = REST.values["katp_conductance"]
    assert conductance > 0
    low = {"atp": 0.5, "membrane_potential": -0.05}
    opened = line("katp_open", **low)
    assert line("katp_open_conductance", **low) == pytest.approx(conductance * opened, rel=1e-12)
    none = {**low, "katp_conductance": 0.0}
    change = line("inward_current", **low) - line("inward_current", **none)
    force = line("potassium_reversal", **low) + 0.05
    assert change == pytest.approx(conductance * opened * force, rel=1e-6)
    assert change < 0


# --- oxidants


@pytest.mark.parametrize("reserve", [1.0, 0.1, 0.0])
def test_oxidants_stay_below_production_over_what_needs_no_reserve(reserve: float) -> None:
    # All of the load that there is: pores open, cytochrome c lost, reserve as given and not renewed.
    worst = {"pore_open": 0.99, "cytochrome_c": 0.99, "atp": 0.0, "antioxidant": reserve}
    production, share = line("ros_production", **worst), si("reserve_independent_removal")
    state = {**REST.start, **worst}
    steady = production / (share + (1 - share) * reserve)
    for ros, sign in ((0.99 * steady, 1), (1.01 * steady, -1)):
        y = [{**state, "ros": ros}[n] for n in REST.system.states]
        rate = REST.rhs(0.0, y)[REST.system.states.index("ros")]
        assert sign * rate > 0
    assert steady <= production / share


def test_the_gain_of_calcium_on_oxidants_has_either_sign() -> None:
    loaded = {"matrix_calcium": 100.0}
    plain = line("ros_production", **loaded)
    assert line("ros_production", **loaded, ros_calcium_gain=0.5) > plain
    assert 0 < line("ros_production", **loaded, ros_calcium_gain=-0.5) < plain
    assert CATALOGUE["ros_calcium_gain"].low < 0 < CATALOGUE["ros_calcium_gain"].high
