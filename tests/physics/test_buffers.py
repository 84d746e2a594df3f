"""Buffers that saturate, and the chelator: equilibria, kinetics, conservation, and the slow step.

The kinetics of calbindin and parvalbumin are checked against the closed form of linear equations
(calcium held), against magnesium's competition, and, with calcium free, against an implicit
solver at the default slow step.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from tests.physics.single_cell import CATALOGUE, STATES, cell, index, midpoint_step
from unshielded.arrays import Array
from unshielded.single_cell import Cell, solve
from unshielded.single_cell import cell as alone

#: In mM.
CALBINDIN, PARVALBUMIN = 0.3, 0.5
BOTH = {"calbindin_sites": CALBINDIN, "parvalbumin_sites": PARVALBUMIN}
CLAMPED = ("calcium", "membrane_potential")
#: Of the solver, at a tolerance of 1e-8.
SOLVER = 1e-6


def si(name: str) -> float:
    return CATALOGUE[name].si


def settled(this: Cell, calcium: float) -> Cell:
    """The cell with its calcium clamped; equilibria of the buffers are reached within 10 s."""
    course = solve(this.given(calcium=calcium), 10.0, method="BDF", until_death=False)
    return Cell(
        this.population,
        this.system,
        course.cell.values,
        dict(zip(this.system.states, course.last, strict=True)),
    )


@pytest.mark.parametrize("calcium", [7e-5, 7e-4, 1e-2, 0.1])
def test_calbindin_follows_its_binding_curve(calcium: float) -> None:
    constant = si("calbindin_dissociation_rate") / si("calbindin_association_rate")
    bound = settled(alone("motor_fr", BOTH, held=CLAMPED), calcium).start["calbindin_calcium"]
    assert bound == pytest.approx(CALBINDIN * calcium / (calcium + constant), rel=SOLVER)


@pytest.mark.parametrize("calcium", [7e-5, 7e-4, 1e-2, 0.1])
def test_calcium_and_magnesium_compete_for_parvalbumin(calcium: float) -> None:
    for_calcium = calcium * si("parvalbumin_association_rate") / si("parvalbumin_dissociation_rate")
    for_magnesium = (
        si("cytosolic_magnesium")
        * si("parvalbumin_magnesium_association_rate")
        / si("parvalbumin_magnesium_dissociation_rate")
    )
    start = settled(alone("motor_fr", BOTH, held=CLAMPED), calcium).start
    # 0.1 mM of calcium leaves a part in 10^4 to magnesium; the slowest relaxation, 1/s, has 10 s.
    free = PARVALBUMIN / (1 + for_calcium + for_magnesium)
    assert start["parvalbumin_calcium"] == pytest.approx(free * for_calcium, rel=1e-4)
    assert start["parvalbumin_magnesium"] == pytest.approx(
        free * for_magnesium, rel=1e-4, abs=1e-4 * PARVALBUMIN
    )


@pytest.mark.parametrize("population", ["motor_fr", "pyramidal"])
def test_resting_buffers_rest(population: str) -> None:
    this = alone(population, BOTH)
    rate = dict(zip(this.system.states, this.rhs(0.0, this.initial.tolist()), strict=True))
    for state in ("calbindin_calcium", "parvalbumin_calcium", "parvalbumin_magnesium"):
        # Rounding of two equal terms: the smaller side's flux is some 1 mM/s.
        assert abs(rate[state]) < 1e-12 * 500 * PARVALBUMIN, state
        assert this.start[state] > 0.01 * CALBINDIN


@pytest.mark.parametrize("calcium", [2e-4, 2e-3])
def test_binding_at_fixed_calcium_is_the_exponential(calcium: float) -> None:
    # Linear equations: one for calbindin, two for parvalbumin with magnesium.
    this = alone("motor_fr", BOTH, held=CLAMPED)
    course = solve(this.given(calcium=calcium), 0.2, interval=0.02, method="BDF", tolerance=1e-10)
    times = course.times
    on, off = si("calbindin_association_rate") * calcium, si("calbindin_dissociation_rate")
    end = CALBINDIN * on / (on + off)
    expected = end + (this.start["calbindin_calcium"] - end) * np.exp(-(on + off) * times)
    np.testing.assert_allclose(course["calbindin_calcium"], expected, rtol=SOLVER)

    on, off = si("parvalbumin_association_rate") * calcium, si("parvalbumin_dissociation_rate")
    on_mg = si("parvalbumin_magnesium_association_rate") * si("cytosolic_magnesium")
    off_mg = si("parvalbumin_magnesium_dissociation_rate")
    matrix = -np.array([[on + off, on], [on_mg, on_mg + off_mg]])
    rest = np.linalg.solve(-matrix, PARVALBUMIN * np.array([on, on_mg]))
    begun = np.array([this.start["parvalbumin_calcium"], this.start["parvalbumin_magnesium"]])
    for k, time in enumerate(times):
        exact = rest + expm(matrix * time) @ (begun - rest)
        found = [course["parvalbumin_calcium"][k], course["parvalbumin_magnesium"][k]]
        np.testing.assert_allclose(found, exact, rtol=SOLVER)


def test_a_step_of_calcium_waits_for_magnesium_to_leave_parvalbumin() -> None:
    # What is free binds within milliseconds; the rest at the rate at which magnesium unbinds.
    this = alone("motor_fr", BOTH, held=CLAMPED)
    course = solve(this.given(calcium=5e-3), 0.5, interval=0.01, method="BDF")
    bound = course["parvalbumin_calcium"]
    left = bound[-1] - bound
    rate = -np.polyfit(course.times[2:12], np.log(left[2:12]), 1)[0]
    # A little below: while calcium competes, magnesium rebinds sometimes.
    assert 0.3 < rate / si("parvalbumin_magnesium_dissociation_rate") < 1.0
    assert left[0] > 0.1 * PARVALBUMIN


def test_saturable_buffers_take_a_small_load_and_not_a_large_one() -> None:
    def share(jump: float) -> float:
        """What explicit buffers hold of an influx, once it is bound."""
        this = alone("motor_fr", {**BOTH, "mcu_maximum_rate": 0.0, "extrusion_rate": 1e-9})
        start = dict(this.start)
        start["calcium"] += jump / (1 + this.values["buffer_capacity"])
        begun = [start[name] for name in this.system.states]
        last = dict(
            zip(this.system.states, solve(this, 2.0, start=begun, method="BDF").last, strict=True)
        )
        names = ("calbindin_calcium", "parvalbumin_calcium")
        return float(sum(last[n] - this.start[n] for n in names) / jump)

    small, large = share(1e-3), share(5.0)
    assert small > 0.5
    assert large < (CALBINDIN + PARVALBUMIN) / 5.0
    assert large > 0


def total(this: Cell, y: Array) -> Array:
    """All calcium in a cell, free and bound, per cytosolic volume."""
    state = dict(zip(this.system.states, y, strict=True))
    free = state["calcium"]
    chelated = state["chelator"] * free / (free + this.values["chelator_dissociation"])
    held = (1 + this.values["buffer_capacity"]) * free + chelated
    held += state["calbindin_calcium"] + state["parvalbumin_calcium"]
    held += this.values["mitochondrial_fraction"] * state["matrix_calcium"]
    return np.asarray(held - state["calcium_entered"] + state["calcium_extruded"])


def test_calcium_is_conserved_while_a_chelator_is_loaded_and_lost() -> None:
    course = solve(
        alone("motor_fr", {**BOTH, "chelator_loss_time": 600.0}),
        1200.0,
        [
            (0.0, {"bapta_applied": 0.01, "imposed_firing_rate": 20.0}),
            (300.0, {"bapta_applied": 0.0}),
        ],
        interval=10.0,
        method="BDF",
        tolerance=1e-10,
    )
    assert course["chelator"].max() > 0.05  # mM
    assert course["chelator"][-1] < 0.5 * course["chelator"].max()
    everything = total(course.cell, course.states)
    # Of what has passed through; the solver's tolerance is 1e-10 per step.
    assert np.ptp(everything) < SOLVER * course["calcium_entered"][-1]


def test_a_chelator_damps_transients_and_not_the_resting_level() -> None:
    spike = [(60.0, {"imposed_firing_rate": 1000.0}), (60.001, {"imposed_firing_rate": 0.0})]

    def peak(chelator: float) -> tuple[float, float]:
        this = alone("motor_fr", held=("membrane_potential", "chelator"))
        course = solve(
            this.given(chelator=chelator), 60.05, spike, interval=0.001, method="BDF",
            tolerance=1e-10,
        )  # fmt: skip
        before = course["calcium"][course.times <= 60.0][-1]
        return float(before), float(course["calcium"].max() - before)

    loaded, bare = peak(0.2), peak(0.0)
    rest, constant = si("resting_calcium"), si("chelator_dissociation")
    assert loaded[0] == pytest.approx(bare[0], rel=1e-3)
    capacity = 0.2 * constant / (constant + rest) ** 2
    kappa = alone("motor_fr").values["buffer_capacity"]
    # By the capacities at rest; a transient of some 50 nM moves them by a sixth.
    expected = (1 + kappa + capacity) / (1 + kappa)
    assert bare[1] / loaded[1] == pytest.approx(expected, rel=0.2)


def by_midpoint(entry: float, steps: int, seconds: float) -> Array:
    """All states each 1/256 s, by the engine's slow step, buffers damped as there."""
    this = cell("motor_fr", calbindin_sites="300 uM", parvalbumin_sites="500 uM")
    given = {"calcium_entry": entry, "membrane_potential": -0.05}
    y, kept = this.start, [this.start]
    for k in range(round(steps * seconds)):
        y = midpoint_step(lambda at: this.rate(at, **given, dt=1 / steps), y, 1 / steps)
        if (k + 1) % (steps // 256) == 0:
            kept.append(y)
    return np.array(kept).T


def implicit(entry: float, seconds: float) -> Array:
    """The same without a step."""
    this = cell("motor_fr", calbindin_sites="300 uM", parvalbumin_sites="500 uM")
    given = {"calcium_entry": entry, "membrane_potential": -0.05}
    solution = solve_ivp(
        this.rhs(**given), (0, seconds), this.start, method="BDF", rtol=1e-9, atol=1e-14,
        t_eval=np.arange(round(seconds * 256) + 1) / 256,
    )  # fmt: skip
    assert solution.success
    return np.asarray(solution.y)


#: mM/s of total calcium → largest error at 512 steps/s, in parts of the largest value, of
#: calcium, bound calbindin and matrix calcium, and of parvalbumin with either ion. Fast binding
#: takes half of what is left per step at best (2 ms), and what follows magnesium is as late.
#: About twice what was found.
LOADS = {0.05: (0.03, 0.02), 0.3: (0.05, 0.03), 2.0: (0.04, 0.1), 12.0: (0.04, 0.5)}
FIRST, SECOND = (
    ("calcium", "calbindin_calcium", "matrix_calcium"),
    ("parvalbumin_calcium", "parvalbumin_magnesium"),
)


@pytest.mark.parametrize("entry", LOADS)
def test_the_default_step_bears_saturating_buffers_up_to_100_micromolar(entry: float) -> None:
    exact, found = implicit(entry, 1.0), by_midpoint(entry, 512, 1.0)
    if entry == max(LOADS):
        assert exact[index("calcium")].max() > 0.1
    assert np.isfinite(found).all()
    for states, largest in zip((FIRST, SECOND), LOADS[entry], strict=True):
        for state in states:
            expected = exact[index(state)]
            error = np.abs(found[index(state)] - expected).max() / expected.max()
            print(f"{entry} mM/s, {state}: {error:.1e}")
            assert error < largest, state
    bound = found[[index("parvalbumin_calcium"), index("parvalbumin_magnesium")]]
    assert bound.min() > -1e-3 * PARVALBUMIN
    assert bound.sum(axis=0).max() < PARVALBUMIN * (1 + 1e-9)


def test_the_damping_of_stiff_buffers_is_of_second_order() -> None:
    exact = implicit(0.3, 0.125)
    found = {steps: by_midpoint(0.3, steps, 0.125) for steps in (1024, 2048, 4096)}
    for state in FIRST + SECOND:
        k = index(state)
        errors = np.array([np.abs(y[k] - exact[k]).max() for y in found.values()])
        order = np.log2(errors[:-1] / errors[1:])
        print(f"{state}: orders {np.round(order, 2)}")
        # It approaches 2 from below: the next term of D is of third order.
        assert order[-1] == pytest.approx(2.0, abs=0.2), state


def test_without_a_step_there_is_no_damping() -> None:
    this = cell("motor_fr", calbindin_sites="300 uM", parvalbumin_sites="500 uM")
    stirred = this.started(calcium=2e-3)
    values = dict(zip(STATES, stirred, strict=True))
    on, off = si("calbindin_association_rate"), si("calbindin_dissociation_rate")
    bound = values["calbindin_calcium"]
    expected = on * 2e-3 * (CALBINDIN - bound) - off * bound
    assert this.rate(stirred)[index("calbindin_calcium")] == pytest.approx(expected, rel=1e-12)
