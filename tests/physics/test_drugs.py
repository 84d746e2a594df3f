"""Drugs and channels: each term alone, in the lone cell, against its closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.physics.single_cell import CATALOGUE
from unshielded.single_cell import Cell, cell, solve

CHANGES = ("kv7_change", "persistent_sodium_change", "sodium_leak_change")
NAMES = (
    *CHANGES,
    "release_left",
    "gaba_a_prolongation",
    "gaba_a_enhancement",
    "astrocyte_uptake",
    "respiratory_capacity",
    "olesoxime_effect",
    "opening_stress",
    "supply_capacity",
    "chain_capacity",
    "synthase_capacity",
    "atp_use",
    "atp_use_housekeeping",
    "atp_use_maintenance",
    "oxidative_supply",
    "glycolysis",
)
CLAMPED = cell("motor_fr", held=("membrane_potential",), outputs=NAMES)
FREE = cell("motor_fr", outputs=NAMES)

#: A concentration that saturates anything, in mM.
MUCH = 1e6


def si(name: str) -> float:
    return CATALOGUE[name].si


def line(name: str, this: Cell = CLAMPED, /, **given: float) -> float:
    """A named line of a cell at rest but for what is given: states, or parameters."""
    states = {k: v for k, v in given.items() if k in this.start}
    if others := {k: v for k, v in given.items() if k not in states}:
        this = this.given(**others)
    state = {**this.start, **states}
    return this.outputs((name,), [state[n] for n in this.system.states])[0]


def boltzmann(potential: float, half: float, slope: float) -> float:
    return 1 / (1 + math.exp((half - potential) / slope))


def kv7_open(potential: float, shift: float = 0.0) -> float:
    return boltzmann(potential + shift, si("kv7_half_potential"), si("kv7_slope"))


@pytest.mark.parametrize("potential", [-0.08, -0.065, -0.05, -0.03])
def test_without_drug_and_loss_the_channels_change_nothing(potential: float) -> None:
    this = FREE.given()
    for name in CHANGES:
        assert line(name, this, membrane_potential=potential, kv7_open=0.3) == 0.0


@pytest.mark.parametrize("potential", [-0.065, -0.045])
def test_retigabine_shifts_the_activation_of_kv7(potential: float) -> None:
    # 50 time constants of the gates, twenty of the exchange of the bath, with the drug at twice its
    # half effect: two thirds of the shift.
    level = 2 * si("retigabine_half_effect")
    this = CLAMPED.given(membrane_potential=potential, retigabine_applied=level)
    last = solve(this, 100.0, [], interval=100.0, method="BDF", tolerance=1e-10).last
    change = this.outputs(("kv7_change",), last.tolist())[0]
    most = this.values["kv7_density"] * this.values["membrane_capacitance"]
    opened = kv7_open(potential, si("retigabine_shift") * 2 / 3) - kv7_open(potential)
    assert change == pytest.approx(most * opened, rel=1e-5)
    assert change > 0


def test_kv7_opens_as_an_exponential_and_its_loss_takes_it_away() -> None:
    tau, start, end = si("kv7_time_constant"), -0.065, -0.035
    this = CLAMPED.given(membrane_potential=end, kv7_loss=0.4)
    course = solve(this, 0.24, [], interval=0.06, method="BDF", tolerance=1e-10)
    begun = course["kv7_open"][0]
    assert begun == pytest.approx(kv7_open(start), rel=0.05)  # at the rest of a motor neuron
    expected = kv7_open(end) + (begun - kv7_open(end)) * np.exp(-course.times / tau)
    np.testing.assert_allclose(course["kv7_open"], expected, rtol=1e-6)
    most = this.values["kv7_density"] * this.values["membrane_capacitance"]
    change = this.outputs(("kv7_change",), course.last.tolist())[0]
    assert change == pytest.approx(-0.4 * most * expected[-1], rel=1e-6)


@pytest.mark.parametrize(("block", "gain"), [(0.5, 0.0), (0.0, 0.8), (0.5, 0.8), (1.0, 0.0)])
def test_persistent_sodium_is_blocked_and_gained(block: float, gain: float) -> None:
    half = si("riluzole_sodium_inhibition")
    level = MUCH if block == 1.0 else half * block / (1 - block)
    found = line("persistent_sodium_change", membrane_potential=-0.045, riluzole_bath=level,
                 persistent_sodium_gain=gain)  # fmt: skip
    most = CLAMPED.values["persistent_sodium_density"] * CLAMPED.values["membrane_capacitance"]
    slope = si("persistent_sodium_slope")
    opened = boltzmann(-0.045, si("persistent_sodium_half_potential"), slope)
    assert found == pytest.approx(most * opened * ((1 + gain) * (1 - block) - 1), rel=1e-6)


@pytest.mark.parametrize("population", ["pyramidal", "motor_s", "motor_ff"])
def test_the_baseline_currents_fit_into_the_leak_that_contains_them(population: str) -> None:
    # What is taken away at rest must be there: of the resting sodium and potassium leaks.
    this = cell(population, outputs=CHANGES)
    rest = this.values["resting_potential"]
    sodium = line("persistent_sodium_change", this, riluzole_bath=MUCH, membrane_potential=rest)
    potassium = line("kv7_change", this, kv7_loss=1.0, kv7_open=kv7_open(rest))
    assert -0.5 * this.values["sodium_leak"] < sodium < 0
    assert -0.2 * this.values["potassium_leak"] < potassium < 0


def test_a_lipid_precursor_takes_a_share_of_the_sodium_leak() -> None:
    most = -si("lipid_leak_reduction") * CLAMPED.values["sodium_leak"]
    assert line("sodium_leak_change", lipid_precursor_bath=si("lipid_half_effect")) == (
        pytest.approx(most / 2, rel=1e-9)
    )
    assert line("sodium_leak_change", lipid_precursor_bath=MUCH) == pytest.approx(most, rel=1e-6)


def test_less_leak_is_less_work_for_the_pump() -> None:
    # At rest the sodium leak is nine tenths of what is pumped; the membrane settles lower, which raises
    # the driving force a little.
    spent = {}
    for level in (0.0, MUCH):
        this = FREE.given(lipid_precursor_applied=level)
        last = solve(this, 300.0, [], interval=300.0, method="BDF").last
        spent[level] = this.outputs(("atp_use",), last.tolist())[0]
        if level:
            assert (
                dict(zip(this.system.states, last, strict=True))["membrane_potential"]
                < (FREE.start["membrane_potential"])
            )
    assert 1 - si("lipid_leak_reduction") < spent[MUCH] / spent[0.0] < 1.0


def test_release_falls_by_half_at_the_stated_concentration() -> None:
    half = si("riluzole_release_inhibition")
    assert line("release_left") == 1.0
    assert line("release_left", riluzole_bath=half) == pytest.approx(0.5)
    spared = cell("pv", outputs=("release_left",))
    assert line("release_left", spared, riluzole_bath=half) > 0.9


def test_diazepam_lengthens_and_enlarges_by_its_occupancy() -> None:
    half = si("benzodiazepine_half_effect")
    for name, gain in (("gaba_a_prolongation", "benzodiazepine_prolongation"),
                       ("gaba_a_enhancement", "benzodiazepine_enhancement")):  # fmt: skip
        assert line(name) == 1.0
        assert line(name, diazepam_bath=half) == pytest.approx(1 + si(gain) / 2)
        assert line(name, diazepam_bath=MUCH) == pytest.approx(1 + si(gain))


def test_a_gaba_a_conductance_decays_more_slowly_with_diazepam() -> None:
    for name in ("gaba_a", "gaba_a_slow"):
        for level, stretch in ((0.0, 1.0), (MUCH, 1 + si("benzodiazepine_prolongation"))):
            state = {**CLAMPED.start, "diazepam_bath": level, f"{name}_conductance": 1e-9}
            rates = CLAMPED.rhs(0.0, [state[n] for n in CLAMPED.system.states])
            rate = rates[CLAMPED.system.states.index(f"{name}_conductance")]
            assert rate == pytest.approx(-1e-9 / (si(f"{name}_decay") * stretch), rel=1e-6)


def test_ceftriaxone_multiplies_the_uptake_that_is_left() -> None:
    for left in (1.0, 0.29):
        plain = line("astrocyte_uptake", eaat2=left)
        assert line("astrocyte_uptake", eaat2=left, eaat2_induction=0.6) == pytest.approx(
            1.6 * plain
        )
    tau, most = si("eaat2_induction_time"), si("eaat2_expression_maximum") - 1
    this = CLAMPED.given(ceftriaxone_applied=MUCH)
    course = solve(this, tau, [], interval=tau, method="BDF", until_death=False)
    # The bath takes five seconds of the three days to fill.
    assert course["eaat2_induction"][-1] == pytest.approx(most * (1 - 1 / math.e), rel=1e-3)


def test_ketones_feed_a_starved_cell_much_and_a_fed_one_little() -> None:
    name, constant, half = (
        "respiratory_capacity", si("hydroxybutyrate_constant"), si("fuel_half_saturation"),
    )  # fmt: skip
    fed = line(name)
    for supply, ketones in ((1.0, 0.0), (0.2, 0.0), (0.2, 1.0), (0.0, 1.0), (1.0, 1.0), (0.9, 1e5)):
        # Ketones of their constant are the fuel of a fed cell; supply saturates with all of it.
        offered = supply + ketones
        expected = offered * (1 + half) / (offered + half)
        found = line(name, substrate_supply=supply, hydroxybutyrate_bath=ketones * constant)
        assert found == pytest.approx(expected * fed, rel=1e-9)
    starved = line(name, substrate_supply=0.1, hydroxybutyrate_bath=constant)
    gained = starved - line(name, substrate_supply=0.1)
    assert gained > 4 * (line(name, hydroxybutyrate_bath=constant) - fed) > 0


def test_edaravone_adds_its_removal_to_that_of_the_reserve() -> None:
    level = 5e-3
    this = CLAMPED.given(edaravone_applied=level)
    last = solve(this, 600.0, [], interval=600.0, method="BDF", tolerance=1e-10).last
    plain = solve(CLAMPED, 600.0, [], interval=600.0, method="BDF", tolerance=1e-10).last
    at = this.system.states.index("ros")
    # Production at rest hardly depends on ROS; the reserve is full.
    expected = 1 / (1 + si("edaravone_removal") * level)
    assert last[at] / plain[at] == pytest.approx(expected, rel=1e-3)


def test_olesoxime_lifts_the_stress_of_depolarisation_and_oxidation_not_of_load() -> None:
    half = si("olesoxime_inhibition")
    assert line("olesoxime_effect", olesoxime_bath=half) == (
        pytest.approx(1 - si("olesoxime_maximum") / 2)
    )
    loaded = {"matrix_calcium": 50.0}
    assert line("opening_stress", **loaded, olesoxime_bath=MUCH) == (
        pytest.approx(line("opening_stress", **loaded), rel=1e-9)
    )
    failing = {"mitochondrial_potential": 0.07, "ros": 10.0}
    bare, most = line("opening_stress", **failing), si("olesoxime_maximum")
    load = line("opening_stress")
    found = line("opening_stress", **failing, olesoxime_bath=MUCH)
    assert found == pytest.approx(load + (1 - most) * (bare - load), rel=1e-6)
    # cyclosporin A acts on all of it, and does more
    assert line("opening_stress", **failing, cyclosporin_bath=MUCH) < found


# --- energy: maintenance, capacity, margin


def test_maintenance_slows_with_atp_as_housekeeping_does() -> None:
    for atp in (2.4, 0.1, 0.01):
        given = {"atp": atp, "maintenance_rate": 0.3}
        ratio = line("atp_use_maintenance", **given) / line("atp_use_housekeeping", **given)
        assert ratio == pytest.approx(0.3 / CLAMPED.values["housekeeping_rate"])


def test_the_capacity_is_the_smaller_of_synthase_and_chain_and_glycolysis() -> None:
    glycolysis = CLAMPED.values["glycolysis_maximum_rate"]
    synthase, chain = line("synthase_capacity"), line("chain_capacity")
    assert line("supply_capacity") == pytest.approx(synthase + glycolysis)
    assert chain > synthase
    # Glycolysis takes what glucose there is, as respiration does.
    half = si("fuel_half_saturation")
    fed = 0.3 * (1 + half) / (0.3 + half)
    starved = line("supply_capacity", substrate_supply=0.3)
    assert starved == pytest.approx(line("chain_capacity", substrate_supply=0.3) + fed * glycolysis)
    assert starved < line("supply_capacity")
    assert line("supply_capacity", pore_open=0.5) == pytest.approx(synthase / 2 + glycolysis)
    assert line("supply_capacity", mitochondrial_potential=0.02) == (
        pytest.approx(glycolysis, rel=1e-3)
    )
    assert line("supply_capacity", substrate_supply=0.0) == 0.0
    oligomycin = line("supply_capacity", oligomycin_bath=MUCH)
    assert oligomycin == pytest.approx(glycolysis, rel=1e-4)


def test_no_cell_makes_more_than_its_capacity() -> None:
    # Driven until ATP fails: what is made comes near the capacity and stays below.
    most = 0.0
    rest = line("supply_capacity", FREE)
    for share in (0.3, 0.5, 0.6, 0.7, 0.8, 1.2):
        this = FREE.given(maintenance_rate=share * rest)
        last = solve(this, 60.0, [], interval=60.0, method="BDF", until_death=False).last.tolist()
        names = ("oxidative_supply", "glycolysis", "supply_capacity")
        oxidative, glycolytic, could = this.outputs(names, last)
        made = oxidative + glycolytic
        assert made < could
        most = max(most, made / could)
    assert most > 0.85


def test_the_margin_is_what_the_demand_leaves() -> None:
    for extra in (0.0, 1.0, 2.0):
        this = FREE.given(maintenance_rate=extra)
        # Phosphocreatine lasts for a minute; the margin is averaged over a second.
        last = solve(this, 900.0, [], interval=900.0, method="BDF", tolerance=1e-10).last.tolist()
        use, could = this.outputs(("atp_use", "supply_capacity"), last)
        margin = last[this.system.states.index("energy_margin")]
        assert margin == pytest.approx(1 - use / could, rel=1e-4)
    resting = cell("motor_fr")
    assert resting.start["energy_margin"] == pytest.approx(
        1 - line("atp_use", FREE) / line("supply_capacity", FREE), rel=1e-5
    )
