"""Slow states of a cell, one term at a time, against what is known of each."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.physics.slow_cell import AGEING, DAY, REST, YEAR, slow
from unshielded import degeneration

#: BDF at a relative tolerance of 1e-9 per step, some hundred steps.
SOLVED = 1e-6


def test_a_healthy_young_cell_is_a_steady_state() -> None:
    assert set(slow().rates().values()) == {0.0}
    assert set(slow(tissue=True).rates().values()) == {0.0}


@pytest.mark.parametrize("discharge", [0.0, 10.0, 25.0])
def test_it_is_one_at_any_discharge_that_the_axon_can_pay(discharge: float) -> None:
    assert set(slow(firing_rate=discharge).rates().values()) == {0.0}


def test_without_ageing_nothing_declines_in_a_lifetime() -> None:
    course = slow(AGEING, ageing_speed=0.0).run(70 * YEAR)
    for name in slow().system.states:
        np.testing.assert_array_equal(course[name], course[name][0], err_msg=name)


def test_before_the_onset_of_ageing_there_is_none() -> None:
    young = slow(age=20 * YEAR)
    assert set(young.rates().values()) == {0.0}
    (adulthood,) = slow(age=75 * YEAR).read(["adulthood"], young.start.tolist())
    assert adulthood == pytest.approx(50 * YEAR)


# Energy for upkeep.


def test_upkeep_gets_its_full_share_down_to_the_headroom_it_needs() -> None:
    def share(use: float) -> float:
        settled = slow(mean_atp_use=use, mean_atp_capacity=4.0).run(10 * DAY)
        return float(settled["upkeep_fraction"][-1])

    assert share(0.5) == share(3.1) == 1.0
    assert share(3.6) == pytest.approx(0.5, rel=SOLVED)  # half the headroom of 20 %
    assert share(4.0) == pytest.approx(share(5.0)) == pytest.approx(0.0, abs=1e-9)


def test_upkeep_falls_with_atp_as_the_pumps_do() -> None:
    cell = slow(mean_atp=0.1)
    (left,) = cell.read(["atp_left"], cell.start.tolist())
    assert left == pytest.approx(0.5 * 2.5 / 2.4)


# Mitochondria.


def test_without_biogenesis_mitochondria_go_with_their_mean_life() -> None:
    life = degeneration.PARAMETERS["mitochondrial_life"].si
    course = slow(biogenesis=0.0, mean_ros=3.0, mitochondrial_ros_damage=0.25).run(life)
    assert course["mitochondrial_reserve"][-1] == pytest.approx(math.exp(-1.5), rel=SOLVED)


def test_damage_and_renewal_settle_where_they_balance() -> None:
    damage, slowness = 0.4, 2.0 / 35.2  # of mitophagy, over turnover
    cell = slow(mean_ros=2.0, mitochondrial_ros_damage=damage, misfolding_by_ros=0.0,
                granule_formation=0.0)  # fmt: skip
    course = cell.run(10 * YEAR)
    settled = 1 / (1 + damage + damage * slowness)
    assert course["mitochondrial_reserve"][-1] == pytest.approx(settled, rel=SOLVED)
    assert course["damaged_mitochondria"][-1] == pytest.approx(
        damage * slowness * settled, rel=1e-6
    )


def test_mitophagy_that_fails_takes_the_room_of_new_ones() -> None:
    runs = [
        slow(mean_ros=5.0, protein_clearance=protein_clearance, inclusion_rate=0.5).run(5 * YEAR)
        for protein_clearance in (1.0, 0.5)
    ]
    assert runs[1]["damaged_mitochondria"][-1] > runs[0]["damaged_mitochondria"][-1]
    assert runs[1]["mitochondrial_reserve"][-1] < runs[0]["mitochondrial_reserve"][-1]


def test_extra_renewal_is_paid_for() -> None:
    cell = slow(mean_ros=2.0)
    life, price = (
        degeneration.PARAMETERS[n].si for n in ("mitochondrial_life", "mitochondrial_atp_cost")
    )
    (cost,) = cell.read(["atp_use_renewal"], cell.start.tolist())
    assert cost == pytest.approx(price * 0.1 / life / 2)
    settled = cell.run(5 * YEAR)
    (cost,) = cell.last(["atp_use_renewal"], settled)
    # as much is removed as is damaged, so the whole price is paid
    rate = 0.1 * settled["mitochondrial_reserve"][-1] / life
    assert cost == pytest.approx(price * rate, rel=1e-6)


def test_ageing_costs_neurons_what_it_costs_old_brains() -> None:
    # fitted to 30 % less in 45 years (Boumezbeur 2010); mitophagy and lag take a little more
    course = slow(AGEING).run(45 * YEAR)
    assert course["mitochondrial_reserve"][-1] == pytest.approx(0.70, abs=0.02)


# Antioxidants.


def test_the_defence_relaxes_to_what_excess_leaves() -> None:
    renewal = degeneration.PARAMETERS["antioxidant_renewal"].si
    course = slow(mean_ros=4.0, antioxidant_wear=0.5).run(3 * renewal)
    settled = 1 / (1 + 0.5 * 3)
    expected = settled + (1 - settled) * np.exp(-course["t"] / (renewal * settled))
    np.testing.assert_allclose(course["antioxidant_defence"], expected, rtol=SOLVED)


def test_the_defence_declines_with_age_and_follows_it_closely() -> None:
    course = slow(AGEING).run(60 * YEAR)
    # a lag of ten days in two hundred years is 1.4e-4
    assert course["antioxidant_defence"][-1] == pytest.approx(math.exp(-60 / 200), rel=2e-4)


# Granules and TDP-43.


def test_granules_settle_between_formation_and_dissolution() -> None:
    cell = slow(mean_ros=3.0, granule_persistence=4.0, misfolding_by_ros=0.0, tdp43_by_granules=0.0,
                granule_misfolding=0.0)  # fmt: skip
    stress = 0.05 * 2.0
    settled = stress / (stress + 1 / 4.0)
    assert cell.run(DAY * 60)["stress_granules"][-1] == pytest.approx(settled, rel=SOLVED)


def test_granules_cost_and_misfold_each_by_its_own_number() -> None:
    cell = slow(granule_atp_cost=0.2, granule_misfolding=0.5)
    y = [
        0.1 if name == "stress_granules" else v
        for name, v in zip(cell.system.states, cell.start, strict=True)
    ]
    assert cell.read(["added_maintenance"], y)[0] == pytest.approx(0.1 * 0.2)
    rate = cell.rates(stress_granules=0.1)["misfolded_load"]
    assert rate * degeneration.PARAMETERS["misfolded_life"].si == pytest.approx(0.1 * 0.5)
    free = slow(granule_atp_cost=0.0, granule_misfolding=0.0)
    assert free.read(["added_maintenance"], y) == [0.0]
    assert free.rates(stress_granules=0.1)["misfolded_load"] == 0.0


def test_granules_need_energy_to_dissolve() -> None:
    assert slow().rates(upkeep_fraction=0.5)["stress_granules"] > 0.0
    assert slow().rates(stress_granules=0.5)["stress_granules"] < 0.0
    none = slow(granule_formation=0.0).rates(stress_granules=0.5, upkeep_fraction=0.0)
    assert none["stress_granules"] == 0.0


@pytest.mark.parametrize(
    ("cause", "states"),
    [
        ("tdp43_by_granules", {"stress_granules": 0.5}),
        ("tdp43_by_load", {"misfolded_load": 5.0}),
    ],
)
def test_each_cause_of_mislocalisation_is_its_own(cause: str, states: dict[str, float]) -> None:
    others = {"tdp43_by_granules": 0.0, "tdp43_by_load": 0.0}
    default = degeneration.PARAMETERS[cause].si
    assert slow(**{**others, cause: default}).rates(**states)["tdp43_mislocalised"] > 0.0
    assert slow(**others).rates(**states)["tdp43_mislocalised"] == 0.0


def test_a_mutation_alone_settles_at_its_share() -> None:
    alone = {"tdp43_load_gain": 0.0, "tdp43_protein_clearance_loss": 0.0, "granule_formation": 0.0}
    course = slow(tdp43_mutation=0.25, **alone).run(5 * YEAR)
    assert course["tdp43_mislocalised"][-1] == pytest.approx(0.25 / 1.25, rel=SOLVED)


def test_tdp43_adds_load_and_impairs_clean_up_each_by_its_own_number() -> None:
    def load(**numbers: float) -> float:
        return float(slow(tdp43_mutation=0.5, **numbers).run(3 * YEAR)["misfolded_load"][-1])

    neither = load(tdp43_load_gain=0.0, tdp43_protein_clearance_loss=0.0)
    gain, loss = load(tdp43_protein_clearance_loss=0.0), load(tdp43_load_gain=0.0)
    assert neither == 1.0
    assert gain > neither
    assert loss > neither
    assert load() > max(gain, loss)


# The whole cell over a life.


def test_a_healthy_cell_ages_slowly_and_has_margin_left_at_ninety() -> None:
    """Use and capacity of the largest motor neurons, at 10 Hz, as the engine has them."""
    loads = {
        **AGEING,
        "mean_atp_capacity": "0.2 + 4.0*mitochondrial_reserve",
        "mean_atp_use": "1.22 + added_maintenance",
    }
    cell = slow(loads, firing_rate=10.0)
    course = cell.run(65 * YEAR)
    headroom, margin, innervation = cell.last(["headroom", "distal_margin", "innervation"], course)
    assert headroom > 0.4
    assert margin > 0.2
    assert innervation == 1.0
    for name in ("mitochondrial_reserve", "antioxidant_defence", "distal_mitochondria"):
        assert np.all(np.diff(course[name]) <= 1e-9), name
        # slow: no more than a twentieth within five years
        yearly = np.interp(np.arange(0, 65, 5) * YEAR, course["t"], course[name])
        assert np.all(yearly[1:] / yearly[:-1] > 0.95), name
    assert course["misfolded_load"][-1] < 3.0
    assert course["tdp43_mislocalised"][-1] < 0.1


def test_the_engine_keeps_such_a_cell_alive() -> None:
    """A large motor neuron of ninety years, alone, at 10 Hz for an hour."""
    from unshielded.single_cell import cell, solve

    aged = slow(AGEING, firing_rate=10.0)
    course = aged.run(65 * YEAR)
    changed = (*degeneration.FACTORS, *degeneration.ADDED)
    found = dict(
        zip(
            changed,
            aged.last([*degeneration.FACTORS.values(), *degeneration.ADDED.values()], course),
            strict=True,
        )
    )
    young = cell("motor_ff")
    values = {n: young.values[n] * found[n] for n in degeneration.FACTORS if n in young.values}
    old = young.given(
        **values, imposed_firing_rate=10.0, maintenance_rate=found["maintenance_rate"]
    )
    end = solve(old, 3600.0, interval=600.0)
    assert end["atp"][-1] > 0.95 * REST["mean_atp"]
    assert end["pore_open"][-1] < 0.05
    assert found["synthase_maximum_rate"] < 0.7


def test_states_stay_within_their_bounds_under_any_load() -> None:
    random = np.random.default_rng(1)
    for _ in range(12):
        loads = {
            "firing_rate": random.uniform(0, 60),
            "mean_ros": random.uniform(0.5, 20),
            "mean_atp": random.uniform(0.01, 2.4),
            "mean_atp_use": random.uniform(0.1, 5.0),
            "mean_atp_capacity": random.uniform(0.1, 5.0),
            "orphan_fibres": random.uniform(0, 20),
            "age": random.uniform(25, 100) * YEAR,
            "toxic_gain": random.uniform(0, 5),
            "axonal_transport": random.uniform(0.05, 2),
        }
        course = slow(**loads).run(20 * YEAR)
        for name in slow().system.states:
            assert np.min(course[name]) >= -1e-9, (name, loads)
        for name in ("innervation", "stress_granules", "tdp43_mislocalised"):
            assert np.max(course[name]) <= 1 + 1e-9, (name, loads)
        assert np.max(course["innervation"] + course["sprouts"]) <= 5 + 1e-9
