"""Axon, junctions, sprouts: exact where it can be, and who gives way first, soma or end."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from tests.physics.slow_cell import AGEING, YEAR, slow
from unshielded import degeneration

VALUE = {name: p.si for name, p in degeneration.PARAMETERS.items()}
#: BDF at a relative tolerance of 1e-9 per step, some hundred steps.
SOLVED = 1e-6


@pytest.mark.parametrize("transport", [1.0, 0.6, 0.2])
@pytest.mark.parametrize("length", [0.1, 0.75, 1.0])
def test_the_end_settles_at_what_arrives(transport: float, length: float) -> None:
    course = slow(axonal_transport=transport, axonal_length=length).run(5 * YEAR)
    transit = length / VALUE["mitochondrial_velocity"] / VALUE["mitochondrial_life"]
    arriving = transport * math.exp(-transit * (1 / transport - 1))
    expected = arriving + (1 - arriving) * np.exp(-course["t"] / VALUE["mitochondrial_life"])
    np.testing.assert_allclose(course["distal_mitochondria"], expected, rtol=SOLVED)


def test_a_longer_axon_suffers_more_from_slow_transport_only() -> None:
    ends = {
        (length, transport): slow(axonal_length=length, axonal_transport=transport).run(5 * YEAR)[
            "distal_mitochondria"
        ][-1]
        for length in (0.1, 1.0)
        for transport in (1.0, 0.5)
    }
    assert ends[1.0, 1.0] == ends[0.1, 1.0] == 1.0
    assert ends[1.0, 0.5] < ends[0.1, 0.5] < 0.5


def test_transport_needs_atp() -> None:
    starved = slow(mean_atp=0.1).rates()["distal_mitochondria"]
    assert starved < 0.0
    assert slow().rates()["distal_mitochondria"] == 0.0


def test_demand_counts_discharge_junctions_and_sprouts() -> None:
    cell = slow(firing_rate=10.0)
    y = dict(zip(cell.system.states, cell.start.tolist(), strict=True))

    def demand(**states: float) -> float:
        return cell.read(["distal_demand"], list({**y, **states}.values()))[0]

    one = VALUE["junction_need"] + 10 * VALUE["junction_spike_need"]
    assert demand() == pytest.approx(VALUE["distal_axon_need"] + one)
    assert demand(innervation=0.5) == pytest.approx(VALUE["distal_axon_need"] + 0.5 * one)
    assert demand(sprouts=2.0) == pytest.approx(VALUE["distal_axon_need"] + 3 * one)


# Retraction.

WEAK = {"firing_rate": 20.0, "axonal_transport": 0.4, "axonal_length": 0.5}


def arriving(weak: dict[str, float]) -> float:
    transit = weak["axonal_length"] / VALUE["mitochondrial_velocity"] / VALUE["mitochondrial_life"]
    return weak["axonal_transport"] * math.exp(-transit * (1 / weak["axonal_transport"] - 1))


def test_junctions_are_given_up_until_the_rest_can_be_fed() -> None:
    cell = slow(**WEAK)
    course = cell.run(30 * YEAR)
    one = VALUE["junction_need"] + 20 * VALUE["junction_spike_need"]
    kept = (arriving(WEAK) - VALUE["distal_axon_need"]) / one
    assert 0.2 < kept < 0.8
    # approached as the failure vanishes, like 1/t: (30 d / 30 y)
    assert course["innervation"][-1] == pytest.approx(kept, rel=0.02)
    assert np.all(np.diff(course["innervation"]) <= 1e-9)


def test_with_retraction_off_nothing_is_pruned_and_transmission_fails() -> None:
    kept, pruned = (slow(**WEAK, retraction_enabled=on) for on in (0.0, 1.0))
    of_kept, of_pruned = kept.run(30 * YEAR), pruned.run(30 * YEAR)
    assert of_kept["innervation"][-1] == 1.0
    force = degeneration.FACTORS["twitch_force"]
    demand = VALUE["distal_axon_need"] + VALUE["junction_need"] + 20 * VALUE["junction_spike_need"]
    (transmitted,) = kept.last(["junction_transmission"], of_kept)
    assert transmitted == pytest.approx(arriving(WEAK) / demand, rel=SOLVED)
    assert kept.last([force], of_kept)[0] == pytest.approx(transmitted)
    # what is left after pruning can be fed: it transmits almost all
    assert pruned.last(["junction_transmission"], of_pruned)[0] > 0.98


def test_a_metabolic_amputation_relieves_the_soma() -> None:
    names = ("axonal_spike_charge", "vesicles_per_spike")
    asked = [degeneration.FACTORS[name] for name in names]
    cell = slow(**WEAK)
    relieved = cell.last(asked, cell.run(10 * YEAR))
    assert all(0.0 < factor < 0.9 for factor in relieved)
    kept = slow(**WEAK, retraction_enabled=0.0)
    assert kept.last(asked, kept.run(10 * YEAR)) == [1.0, 1.0]


def test_lost_fibres_are_won_back_where_there_is_energy_and_room() -> None:
    def gain(**values: float) -> float:
        return slow(**values).rates(innervation=0.5)["innervation"]

    assert gain(orphan_fibres=0.5) > 0.0
    assert gain(orphan_fibres=0.0) == 0.0  # others hold them
    assert gain(orphan_fibres=0.5, firing_rate=100.0) <= 0.0  # no energy to grow


# Sprouting.


def test_growth_is_bounded_by_the_largest_unit() -> None:
    course = slow(orphan_fibres=2.0, junction_need=0.0, junction_spike_need=0.0).run(60 * YEAR)
    assert course["sprouts"][-1] == pytest.approx(VALUE["largest_unit"] - 1, rel=1e-4)


def test_or_by_what_its_end_can_feed() -> None:
    """An active unit stops short of five times its size; a price stops it earlier."""
    sizes = []
    for price in (1.0, 2.0):
        cell = slow(orphan_fibres=2.0, firing_rate=10.0, sprout_atp_cost=price)
        course = cell.run(60 * YEAR)
        (margin,) = cell.last(["distal_margin"], course)
        assert margin == pytest.approx(0.0, abs=0.01)
        sizes.append(course["sprouts"][-1])
    assert sizes[0] == pytest.approx(0.9 / 0.3 - 1, rel=0.02)  # where demand is the capacity
    assert sizes[1] == pytest.approx(sizes[0] / 2, rel=0.02)


def test_adopted_fibres_are_given_up_at_the_rate_of_ones_own() -> None:
    """Ten adopted units at 10 Hz ask for 3.4 times the capacity: retraction at full speed."""
    rates = slow(firing_rate=10.0).rates(sprouts=10.0)
    assert rates["sprouts"] == pytest.approx(-10.0 / VALUE["retraction_time"])
    assert rates["innervation"] == pytest.approx(-1.0 / VALUE["retraction_time"])
    assert slow(firing_rate=10.0, retraction_enabled=0.0).rates(sprouts=10.0)["sprouts"] == 0.0


def test_in_a_muscle_no_fibre_is_held_twice() -> None:
    """Ten units, four dead; the orphans that the others see are what nobody holds."""
    units = 6
    cell = slow(orphan_fibres=0.0, firing_rate=3.0)
    f, names = cell.rhs, cell.system.states
    place = {name: names.index(name) for name in ("innervation", "sprouts")}
    orphan = cell.system.parameters.index("orphan_fibres")
    fibres = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    dead = 30.0

    def held(y: np.ndarray) -> float:
        return float(np.sum(fibres * (y[place["innervation"]] + y[place["sprouts"]])))

    def together(t: float, flat: np.ndarray) -> np.ndarray:
        y = flat.reshape(len(names), units)
        numbers = list(cell.numbers)
        numbers[orphan] = (fibres.sum() + dead - held(y)) / held(y)
        return np.array([f(t, column, numbers) for column in y.T]).T.ravel()

    start = np.repeat(cell.start[:, None], units, axis=1)
    start[place["innervation"], 0] = 0.2  # one has given up most of its own
    found = solve_ivp(together, (0, 20 * YEAR), start.ravel(), method="BDF", rtol=1e-8, atol=1e-10)
    total = [held(y.reshape(len(names), units)) for y in found.y.T]
    assert np.all(np.diff(total) >= -1e-6)
    assert total[-1] <= fibres.sum() + dead + 1e-6
    assert total[-1] > 0.99 * (fibres.sum() + dead)  # in the end every fibre has found a unit


# Soma or end: which gives way first.

#: The soma's energy follows its mitochondria, as the engine's capacity does; glycolysis is 0.2 mM/s.
ENERGY = {
    "mean_atp_capacity": "0.2 + young_capacity*mitochondrial_reserve",
    "mean_atp_use": "soma_use + added_maintenance",
}


def gives_way(soma_use: float, **values: float) -> tuple[float, float]:
    """Ages at which the end's margin and the soma's headroom are gone; infinite if never."""
    cell = slow({**AGEING, **ENERGY}, young_capacity=4.0, soma_use=soma_use, **values)
    course = cell.run(90 * YEAR)
    ages = 25 + course["t"] / YEAR
    margins = cell.along(["distal_margin", "headroom"], course)

    def first(values: np.ndarray) -> float:
        below = np.flatnonzero(values <= 0.0)
        return float(ages[below[0]]) if below.size else math.inf

    return first(margins[:, 0]), first(margins[:, 1])


def test_the_axon_dies_back_before_the_soma_fails_where_transport_is_slow() -> None:
    end, soma = gives_way(1.2, firing_rate=10.0, axonal_transport=0.6)
    assert end < soma
    assert end < 115


def test_the_soma_fails_first_where_its_demand_is_high_and_the_axon_short() -> None:
    end, soma = gives_way(3.0, firing_rate=2.0, axonal_transport=1.0, axonal_length=0.1)
    assert soma < end


def test_both_orders_fill_regions_and_neither_is_built_in() -> None:
    orders = {
        (transport, use): np.sign(end - soma) if math.isfinite(min(end, soma)) else None
        for transport in (0.5, 0.75, 1.0)
        for use in (1.0, 2.8)
        for end, soma in [gives_way(use, firing_rate=10.0, axonal_transport=transport)]
    }
    assert orders[0.5, 1.0] == -1  # the end first
    assert orders[1.0, 2.8] == 1  # the soma first
    assert orders[1.0, 1.0] is None  # neither, within 115 years


def test_dying_back_spares_the_soma() -> None:
    """With pruning, the soma's own failure comes later than without, where terminals cost it much."""
    relief = {
        **ENERGY,
        "mean_atp_use": f"soma_use*(0.5 + 0.5*({degeneration.FACTORS['vesicles_per_spike']})) "
        "+ added_maintenance",
    }

    def headroom(on: float) -> float:
        cell = slow(
            {**AGEING, **relief}, young_capacity=4.0, soma_use=2.5, firing_rate=10.0,
            axonal_transport=0.55, retraction_enabled=on,
        )  # fmt: skip
        return cell.last(["headroom"], cell.run(60 * YEAR))[0]

    assert headroom(1.0) > headroom(0.0)
