"""How motor units scale with size, against the published numbers and against each other."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from unshielded import calcium, circuit
from unshielded.circuit.muscle import motor_units
from unshielded.circuit.muscle.motor_units import RELATIONS, RHEOBASES, motor_unit, pool
from unshielded.mechanism.units import dimensionality, factor

PARAMETERS = {**circuit.PARAMETERS, **calcium.PARAMETERS}
#: Rheobases over the whole pool and somewhat beyond, nA.
POOL = np.geomspace(3, 25, 30)

#: Relation → exponent and value at 1 MΩ of Caillet et al. (2022), table 4, which gives two digits.
PUBLISHED = [
    (motor_units.rheobase, -1.04, 15.5e-9),
    (motor_units.capacitance, -0.40, 6.0e-9),
    (motor_units.membrane_time_constant, 0.61, 4.4e-3),
    (motor_units.ahp_duration, 0.62, 68e-3),
    (motor_units.conduction_velocity, -0.29, 89.0),
]


@pytest.mark.parametrize(("relation", "exponent", "at_a_megohm"), PUBLISHED)
def test_relations_are_the_published_ones(
    relation: Callable[[float], float], exponent: float, at_a_megohm: float
) -> None:
    # Two digits are right within 1.2 % or better.
    assert relation(1e6) == pytest.approx(at_a_megohm, rel=0.012)
    assert math.log10(relation(1e7) / relation(1e6)) == pytest.approx(exponent, rel=1e-12)


@pytest.mark.parametrize("nanoamperes", [3.5, 6.5, 17.5, 22.1])
def test_the_resistance_is_that_of_the_rheobase(nanoamperes: float) -> None:
    found = motor_units.resistance(nanoamperes * 1e-9)
    assert motor_units.rheobase(found) == pytest.approx(nanoamperes * 1e-9, rel=1e-12)
    # The regression of resistance on rheobase in the same table: not the inverse, but close.
    assert found == pytest.approx(3.1e-2 * (nanoamperes * 1e-9) ** -0.96, rel=0.04)


def test_the_time_constant_of_one_compartment_is_near_that_of_the_cable() -> None:
    for resistance in (7e5, 1e6, 4e6):
        ratio = resistance * motor_units.capacitance(resistance)
        ratio /= motor_units.membrane_time_constant(resistance)
        # A cable of one to one and a half length constants decays that much faster.
        assert 1.2 < ratio < 1.7


FALLING = {
    "ahp_time_constant",
    "twitch_contraction_time",
    "axon_conduction_time",
    "mitochondrial_fraction",
}
CONSTANT = {"axonal_spike_charge", "extrusion_rate"}


@pytest.mark.parametrize("name", RELATIONS)
def test_every_relation_is_monotonic_over_the_pool(name: str) -> None:
    steps = np.diff([motor_unit(float(rheobase))[name] for rheobase in POOL])
    if name in CONSTANT:
        assert (steps == 0).all()
    else:
        assert (steps * (-1 if name in FALLING else 1) > 0).all()


def test_the_gain_is_one_for_all() -> None:
    for rheobase in POOL:
        unit = motor_unit(float(rheobase))
        paid = unit["ahp_increment"] * unit["ahp_time_constant"] * 40  # nS·ms·mV = fC
        refilled = unit["membrane_capacitance"] * 8  # pF·mV = fC
        assert 1e6 / (paid + refilled) == pytest.approx(1.9)  # Hz/nA


@pytest.mark.parametrize(
    "name",
    [
        "ampa_conductance",
        "nmda_conductance",
        "inhibitory_conductance_scale",
        "calcium_per_spike",
        "calcium_channel_conductance",
        "cytosolic_volume",
        "katp_conductance",
    ],
)
def test_what_covers_the_membrane_is_proportional_to_it(name: str) -> None:
    small, large = motor_unit(3.5), motor_unit(22.1)
    grown = large["membrane_capacitance"] / small["membrane_capacitance"]
    assert grown > 2
    assert large[name] / small[name] == pytest.approx(grown)


def test_volume_and_inhibition_have_the_stated_density() -> None:
    unit = motor_unit(10.0)
    # 100 µm² per pF × 0.73 µm, and 1 at 200 pF.
    assert unit["cytosolic_volume"] == pytest.approx(0.073 * unit["membrane_capacitance"])
    assert unit["inhibitory_conductance_scale"] == pytest.approx(unit["membrane_capacitance"] / 200)


def test_extrusion_is_of_the_membrane() -> None:
    for rheobase in POOL:
        unit = motor_unit(float(rheobase))
        # 1/s · pL/(100 µm² per pF) = 10 µm/s; 313 µm/s as in pyramidal cells, which are as thick as 0.27 µm
        per_area = 10 * unit["extrusion_rate"] * unit["cytosolic_volume"]
        assert per_area / unit["membrane_capacitance"] == pytest.approx(313)
    assert PARAMETERS["extrusion_rate"].value == pytest.approx(313 / 0.27, rel=0.005)


def test_small_motor_neurons_have_more_mitochondria() -> None:
    of = {nA: motor_unit(nA)["mitochondrial_fraction"] for nA in (3.5, math.sqrt(6.5 * 17.5), 22.1)}
    smallest, middle, largest = of.values()
    assert smallest / middle == pytest.approx(7 / 6, abs=0.01)
    assert largest / middle == pytest.approx(9 / 10, abs=0.01)


def test_muscle_units_span_those_of_the_hand() -> None:
    smallest, largest = motor_unit(motor_units.SMALLEST), motor_unit(motor_units.LARGEST)
    # Milner-Brown, Stein and Yemm (1973): 0.1–10 g, 30–100 ms.
    assert smallest["twitch_force"] == pytest.approx(1.0)
    assert largest["twitch_force"] == pytest.approx(100.0)
    assert smallest["twitch_contraction_time"] == pytest.approx(90.0)
    assert largest["twitch_contraction_time"] == pytest.approx(30.0, rel=0.01)  # 100^(1/4.2) ≈ 3
    for unit, metres_per_second in ((smallest, 39.0), (largest, 65.0)):
        # Rounded to a metre per second.
        expected = 750 / metres_per_second + 1
        assert unit["axon_conduction_time"] == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize(("first", "last"), [*RHEOBASES.values(), (3.5, 22.1)])
def test_a_pool_runs_from_its_first_to_its_last_unit(first: float, last: float) -> None:
    middle, gradients = pool(first, last)
    for unit, at in ((motor_unit(first), 0), (motor_unit(last), 1)):
        for name, (value, *_) in middle.items():
            assert value * gradients.get(name, (1.0, 1.0))[at] == pytest.approx(unit[name])
    quarter = motor_unit(first**0.75 * last**0.25)
    for name, (low, high) in gradients.items():
        # Geometric in between: exact for powers; within 1 % for the sums, even over the whole pool.
        assert middle[name][0] * low**0.5 == pytest.approx(quarter[name], rel=0.01)
        assert low * high == pytest.approx(1.0, rel=0.02)


@pytest.mark.parametrize("name", sorted(RELATIONS))
def test_a_relation_gives_a_parameter_of_the_catalogue(name: str) -> None:
    parameter, relation = PARAMETERS[name], RELATIONS[name]
    assert parameter.per_cell
    assert dimensionality(relation.unit) == dimensionality(parameter.unit)
    for rheobase in (motor_units.SMALLEST, motor_units.LARGEST):
        value = motor_unit(rheobase)[name] * factor(relation.unit) / factor(parameter.unit)
        assert parameter.low <= value <= parameter.high


@pytest.mark.parametrize("rheobase", [0.0, -3.5, math.nan])
def test_a_rheobase_has_to_be_positive(rheobase: float) -> None:
    with pytest.raises(ValueError, match=f"{rheobase} nA"):
        motor_unit(rheobase)
