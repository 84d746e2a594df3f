"""Each flux by itself, against what its source says of it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from tests.physics.single_cell import (
    CATALOGUE,
    OUTSIDE,
    Array,
    cell,
    index,
)
from unshielded import circuit
from unshielded.mechanism.evaluate import Values, evaluate
from unshielded.single_cell import cell as alone


def line(name: str, population: str = "motor_fr", **given: object) -> Array:
    """A named line of a resting cell, with some states given."""
    return np.asarray(cell(population).values(**given)[name])  # type: ignore[arg-type]


def test_mcu_is_finite_and_continuous_through_zero_driving_force() -> None:
    # u / (1 - exp(-u)) is 0/0 at the offset. Written with expm1 it has full precision; the
    # form of the model loses digits as 1e-16 / u, and shifts u by 1e-6.
    offset, unit = CATALOGUE["mcu_voltage_offset"].si, CATALOGUE["thermal_voltage"].si
    near = np.concatenate([-np.geomspace(1e-3, 1e-10, 400), [0.0], np.geomspace(1e-10, 1e-3, 400)])
    flux = line("mcu_flux", mitochondrial_potential=offset + near, calcium=1e-3)
    u = 2 * near / unit
    exact = np.divide(u, -np.expm1(-u), out=np.ones_like(u), where=u != 0)
    at_zero = flux[400]
    assert np.isfinite(flux).all()
    np.testing.assert_allclose(flux / at_zero, exact, rtol=2e-6)


def test_mcu_falls_with_the_potential_and_never_reverses() -> None:
    flux = line("mcu_flux", mitochondrial_potential=np.linspace(0.0, 0.18, 181), calcium=1e-3)
    assert (flux > 0).all()
    assert (np.diff(flux) > 0).all()


def test_mcu_is_supralinear_in_calcium() -> None:
    calcium = np.geomspace(0.07e-3, 3e-3, 60)  # rest to 3 µM
    flux = line("mcu_flux", calcium=calcium)
    slope = np.diff(np.log(flux)) / np.diff(np.log(calcium))
    assert slope.min() > 1.1
    assert slope.max() > 2.0


def test_nclx_saturates_in_calcium_and_rises_with_sodium() -> None:
    most = CATALOGUE["nclx_maximum_rate"].si
    loads = np.array([0.1, 1.0, 10.0, 100.0, 1e3, 1e5])
    flux = line("nclx_flux", matrix_calcium=loads, sodium=15.0)
    assert (np.diff(flux) > 0).all()
    assert (flux < most).all()
    assert flux[-1] / flux[-2] < 1.01  # saturated: the solubility bounds free calcium
    half = CATALOGUE["nclx_sodium_constant"].si
    sodium = np.array([3.0, 6.0, half, 20.0, 60.0])
    by_sodium = line("nclx_flux", matrix_calcium=10.0, sodium=sodium)
    assert (np.diff(by_sodium) > 0).all()
    # Half at the constant, of what 6.4 times as much sodium gives (99.6 % of saturation).
    assert by_sodium[2] / by_sodium[-1] == pytest.approx(0.5, rel=0.02)


def test_nclx_lets_calcium_out_by_the_ratio_across_the_membrane() -> None:
    # More calcium outside is less efflux, and it is nought at the equilibrium of the exchanger.
    outside = np.geomspace(1e-5, 0.1, 40)
    flux = line("nclx_flux", matrix_calcium=10.0, calcium=outside)
    assert (np.diff(flux) < 0).all()
    free = float(line("free_matrix_calcium", matrix_calcium=10.0))
    potential, unit = 0.139, CATALOGUE["thermal_voltage"].si
    balanced = free * np.exp(potential / unit)  # three sodium in, one calcium out: one charge
    at = line("nclx_flux", matrix_calcium=10.0, mitochondrial_potential=potential, calcium=balanced)
    # Rounding, of a difference of equal terms.
    assert abs(float(at)) < 1e-14 * CATALOGUE["nclx_maximum_rate"].si


def test_nclx_reverses_when_the_mitochondrion_is_depolarised() -> None:
    # 1 µM inside, 20 µM outside. Polarised, the exchanger still extrudes; depolarised, it lets
    # calcium in until both sides are equal.
    given = {"free_matrix_calcium": 1e-3, "calcium": 0.02}
    polarised = line("nclx_flux", mitochondrial_potential=0.14, **given)
    depolarised = line("nclx_flux", mitochondrial_potential=0.0, **given)
    assert float(polarised) > 0
    assert float(depolarised) < 0
    equal = line("nclx_flux", mitochondrial_potential=0.0, free_matrix_calcium=0.02, calcium=0.02)
    assert float(equal) == 0.0
    empty = line("nclx_flux", matrix_calcium=0.0, calcium=0.02)
    assert float(empty) < 0


@pytest.mark.parametrize(("left", "slower"), [(0.29, 2.0), (0.05, 3.0)])
def test_loss_of_eaat2_slows_clearance(left: float, slower: float) -> None:
    # Hübel 2017: 2-fold at 71 %, 3-fold at 95 % loss; 5 % of that. Fitted over a small excess.
    def clearance(eaat2: float) -> float:
        values = {name: p.si for name, p in CATALOGUE.items()} | {"eaat2": eaat2}
        right = OUTSIDE.rates["perisynaptic_glutamate"]
        # Nothing is released, neighbours have as much, astrocytes are at rest and undrugged.
        alone = {
            "glutamate_inflow": 0.0,
            "spillover": 0.0,
            "astrocyte_energy": 1.0,
            "eaat2_induction": 0.0,
            **{f"{stem}_bath": 0.0 for stem in circuit.AGENTS.values()},
        }

        def rate(_t: float, excess: Array) -> Array:
            def total(level: float) -> float:
                known = {**values, **alone, "perisynaptic_glutamate": level}
                return float(evaluate(right, Values(known, OUTSIDE.named)))

            ambient = values["ambient_glutamate"]
            return np.array([total(ambient + excess[0]) - total(ambient)])

        small = 1e-2 * values["ambient_glutamate"]
        solution = solve_ivp(rate, (0, 0.05), [small], rtol=1e-8, atol=1e-16)
        return float(np.log(small / solution.y[0, -1]) / 0.05)

    print(f"EAAT2 {left}: clearance {clearance(1.0) / clearance(left):.3f} times slower")
    assert clearance(1.0) / clearance(left) == pytest.approx(slower, rel=0.05)
    assert 1 / clearance(1.0) == pytest.approx(0.025, rel=0.1)  # the pool clears in 25 ms


@pytest.mark.parametrize(("potential", "open_share"), [(-70, 0.044), (-40, 0.23), (0, 0.78)])
def test_magnesium_blocks_as_measured(potential: float, open_share: float) -> None:
    # Jahr & Stevens 1990 at 1 mM magnesium; the numbers are given to two digits.
    found = line("magnesium_unblock", membrane_potential=potential * 1e-3)
    assert float(found) == pytest.approx(open_share, rel=0.02)


def test_exchanger_holds_nanomolar_calcium_at_rest_and_micromolar_when_the_pump_has_failed() -> (
    None
):
    rest = float(line("ncx_equilibrium")) * 1e6  # nM
    failed = float(line("ncx_equilibrium", membrane_potential=-0.02, sodium=40.0)) * 1e6
    print(
        f"NCX balances at {rest:.1f} nM at rest, {failed / 1e3:.1f} µM at -20 mV and 40 mM sodium"
    )
    assert 3 < rest < 70  # below free calcium at rest, so that it extrudes
    assert failed > 2000


def test_extrusion_adds_up_to_the_measured_rate() -> None:
    # Without saturation and at full ATP the two carry the measured rate together.
    tiny = 1e-9
    pmca = line("pmca_flux", calcium=tiny, atp=1e3)
    ncx = line("ncx_flux", calcium=tiny, sodium=1e-6)
    gamma = float(np.asarray(cell("motor_fr").known["extrusion_rate"]))
    assert float(pmca + ncx) == pytest.approx(gamma * tiny, rel=1e-3)


@pytest.mark.parametrize("population", ["pyramidal", "motor_fr", "oculomotor"])
def test_a_resting_cell_rests(population: str) -> None:
    this = cell(population)
    rate = this.rate(this.start)
    change = {n: float(rate[index(n)]) for n in ("calcium", "sodium", "matrix_calcium")}
    values = this.values()
    turnover = 3 * float(np.asarray(values["pump_flux"]))
    # Leak and uniporter are balanced by construction; the sodium that the exchanger brings in
    # for calcium is not, and is small against the leak.
    assert abs(change["calcium"]) < 1e-12 * float(np.asarray(values["pmca_flux"]))
    assert abs(change["matrix_calcium"]) < 1e-9 * float(np.asarray(values["mcu_flux"])) / 0.07
    assert abs(change["sodium"]) < 0.03 * turnover


@pytest.mark.parametrize("population", ["pyramidal", "motor_fr", "oculomotor"])
def test_a_resting_membrane_rests(population: str) -> None:
    # Leaks and pump alone: no calcium current, no glutamate around.
    bare = {"calcium_channel_conductance": 0.0, "ambient_glutamate": 0.0}
    names = ("inward_current", "transport_current")
    this = alone(population, bare, outputs=names)
    current, pumped = this.outputs(names, this.initial)
    # What the leaks let in the pump takes out; the exchanger's share of it is 2 %. In terms of
    # the potential: less than 0.5 mV.
    assert current == pytest.approx(pumped, rel=0.03)
    assert abs(current - pumped) / this.values["leak_conductance"] < 5e-4


def test_a_failing_pump_depolarises() -> None:
    this = cell("motor_fr")
    short = this.values(atp=0.01)
    assert float(np.asarray(short["pump_flux"])) < 0.2 * float(
        np.asarray(this.values()["pump_flux"])
    )
    flooded = this.values(sodium=60.0)
    assert flooded["potassium_potential"] > this.values()["potassium_potential"]
    assert flooded["sodium_potential"] < this.values()["sodium_potential"]
