"""One definition, three engines: the program of Brian2, scipy's BDF, and libroadrunner's CVODE.

CVODE reads the exported SBML, so it also tests the export: another parser, another solver. The
compiled program has two clocks; a cell that does not spike must come out as the closed system.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import roadrunner

from tests.physics.engine import Record, edited, simulate, tiny
from unshielded import calcium, circuit
from unshielded.arrays import Array
from unshielded.circuit.populations import POPULATIONS
from unshielded.engine.integrate import damped
from unshielded.export import sbml
from unshielded.mechanism.model import add_up
from unshielded.mechanism.ode import ode
from unshielded.model import OUTSIDE, cell_models
from unshielded.single_cell import Cell, Change, SingleCellRun, cell, solve

MILD = {"imposed_firing_rate": 20.0, "imposed_releases": 3000.0}
LETHAL = {"imposed_firing_rate": 30.0, "imposed_releases": 15000.0, "kainate_applied": 0.3}
FAST = {"imposed_firing_rate": 100.0, "imposed_releases": 3000.0}
#: A membrane that ruptures within a minute of losing its gradients (s), so that deaths are seen soon.
QUICK = {"necrosis_time": 60.0}
GLUTAMATE: Sequence[Change] = (
    (10.0, {"glutamate_applied": 0.1}),
    (60.0, {"glutamate_applied": 0.0}),
)
OLIGOMYCIN: Sequence[Change] = ((20.0, {"oligomycin_applied": 1e-3}),)

#: Both solvers run at 1e-9 or better; a dying cell amplifies what they are off by some
#: thousandfold. Found: 1e-6 at most. A wrong sign, order or unit shows at 1e-2 and more.
AGREEMENT = 1e-5
#: Nobody sees 1e-12 of a share, of a second or of 1 mM, the scale times what is asked for; what stays
#: at zero (the radicals above rest, integrated) is off by 1e-13 at CVODE's tolerance.
INVISIBLE = 1e-7

#: Of the cell's equations, what the slow clock advances; running totals act on nothing, and a lone
#: cell has none.
_ACTING = tuple(m for m in calcium.CELL if not m.observes)
SLOW = tuple(add_up((*_ACTING, *calcium.BATH), calcium.BALANCES).rates)
DEFAULT = 512


def worst(expected: Array, found: Array, scale: Array | float | None = None) -> float:
    """Largest difference: relative, or in parts of the range for a state that comes near zero."""
    size = np.abs(expected)
    if scale is None:
        scale = size if size.min() > 1e-3 * size.max() else np.ptp(expected)
    return float(np.max(np.abs(found - expected) / np.maximum(scale, INVISIBLE)))


def by_bdf(this: Cell, seconds: float, changes: Sequence[Change]) -> SingleCellRun:
    """The course at multiples of 1/12 of its duration, and beyond death."""
    return solve(
        this,
        seconds,
        changes,
        interval=seconds / 12,
        method="BDF",
        tolerance=1e-10,
        until_death=False,
    )


def agree(course: SingleCellRun, reader: Any) -> None:
    """Every state at every twelfth of the course, simulated by libroadrunner."""
    times = np.linspace(0.0, course.times[-1], 13)
    found = np.array(reader.simulate(times=times.tolist()))[:, 1:]
    same = [int(np.argmin(np.abs(course.times - t))) for t in times]
    np.testing.assert_allclose(course.times[same], times, atol=1e-9)
    off = {
        state: worst(course[state][same][1:], found[1:, k])
        for k, state in enumerate(course.cell.system.states)
    }
    most = max(off, key=lambda state: off[state])
    print(f"CVODE against BDF: at most {off[most]:.1e}, of {most}")
    assert off[most] < AGREEMENT, most


def loaded(this: Cell, changes: Sequence[Change] = ()) -> Any:
    """The exported cell in libroadrunner."""
    reader = roadrunner.RoadRunner(sbml(this, changes))
    reader.integrator.relative_tolerance = 1e-9
    reader.integrator.absolute_tolerance = 1e-15
    reader.integrator.maximum_num_steps = 1_000_000
    reader.timeCourseSelections = ["time", *this.system.states]
    return reader


@pytest.fixture(scope="module")
def motor() -> Cell:
    return cell("motor_fr", QUICK)


@pytest.fixture(scope="module")
def reader(motor: Cell) -> Any:
    """The motor cell in libroadrunner, under any conditions."""
    return loaded(motor)


@pytest.mark.parametrize(
    ("seconds", "conditions"),
    [(10.0, {}), (60.0, MILD), (300.0, LETHAL)],
    ids=["rest", "sub-lethal load", "lethal load"],
)
def test_cvode_on_the_sbml_agrees_with_bdf(
    seconds: float, conditions: Mapping[str, float], motor: Cell, reader: Any
) -> None:
    course = by_bdf(motor, seconds, [(0.0, conditions)])
    reader.resetAll()
    for name, value in conditions.items():
        reader[name] = value
    agree(course, reader)
    if conditions is LETHAL:  # the hard part is in it
        assert course["pore_open"].max() > 0.9
        assert course["atp"].min() < 0.05 * motor.values["resting_atp"]
        assert course["necrosis"].max() > 1


@pytest.mark.parametrize(
    ("changes", "affected"),
    [(GLUTAMATE, "sodium"), (OLIGOMYCIN, "atp")],
    ids=["bath of glutamate", "bath of oligomycin"],
)
def test_events_of_the_sbml_are_the_changes_of_the_bath(
    changes: Sequence[Change], affected: str, motor: Cell
) -> None:
    course = by_bdf(motor, 120.0, changes)
    agree(course, loaded(motor, changes))
    # It did something.
    assert np.ptp(course[affected]) > 1000 * AGREEMENT * course[affected][0]


@pytest.mark.parametrize("population", ["pv", "oculomotor"])
def test_they_agree_on_cells_with_proteins_that_bind_calcium_at_100_hz(population: str) -> None:
    this = cell(population, QUICK)
    course = by_bdf(this, 30.0, [(0.0, FAST)])
    reader = loaded(this)
    for name, value in FAST.items():
        reader[name] = value
    agree(course, reader)
    bound = course["calbindin_calcium"] + course["parvalbumin_calcium"]
    # They bind a part of it that matters: a fifteenth of the sites in oculomotor cells, whose spikes bring little.
    assert np.ptp(bound) > 0.05 * (
        this.values["calbindin_sites"] + this.values["parvalbumin_sites"]
    )


QUIET = (
    "duration=24 s",
    "circuit.heterogeneity=0",
    "parameters.background_rate=0 Hz",
    "parameters.command_rate=0 Hz",
    "bath=[{agent: glutamate, concentration: 0.3 uM, from: 2 s, until: 12 s}, "
    "{agent: oligomycin, concentration: 1 uM, from: 4 s}]",
)
SAME: Sequence[Change] = (
    (2.0, {"glutamate_applied": 3e-4}),
    (4.0, {"oligomycin_applied": 1e-3}),
    (12.0, {"glutamate_applied": 0.0}),
)


@pytest.fixture(scope="module")
def silent(cache: object) -> Record:
    """Cells at rest in the compiled program, under glutamate that does not make them fire."""
    assembly = tiny(QUIET)
    resting = {"membrane_potential": assembly.neurons["resting_potential"]}
    record = simulate(edited(assembly, neurons=resting), 24.0, 1.0)
    assert record.counts.sum() == 0
    return record


@pytest.mark.parametrize("population", POPULATIONS)
def test_the_program_agrees_with_bdf_where_nothing_fires(population: str, silent: Record) -> None:
    # Two clocks: the cell takes what has entered a slow step late, so for 2 ms in the beginning
    # nothing has, and all lags by as much: 2 ms of 10 s are 2e-4 of a change, and so is the
    # sodium of 2 ms (1 mM/s) of what there is. What changes by its own size within a second, as the
    # necrosis of a cell that has just begun to lose its gradients, is off by 2 ms of that in addition.
    course = solve(cell(population), 24.0, SAME, interval=1.0, method="BDF", until_death=False)
    column = silent.assembly.layout[population].start
    off = {}
    for state in set(calcium.RECORDED) & set(course.cell.system.states):
        expected, found = course[state][1:], silent.states[state][1:, column]
        lag = np.abs(np.diff(course[state])).max() / DEFAULT
        apart = np.maximum(np.abs(found - expected) - lag, 0.0)
        off[state] = worst(0 * apart, apart, np.abs(expected).max())
    most = max(off, key=lambda state: off[state])
    print(f"{population}, program against BDF: at most {off[most]:.1e}, of {most}")
    assert off[most] < 5e-4, most
    assert np.ptp(course["atp"]) > 0.01 * course["atp"][0]
    assert np.ptp(course["membrane_potential"]) > 1e-3


def spectral_radius(this: Cell, y: Array, chosen: list[int]) -> float:
    """The largest eigenvalue of the Jacobian of some states, by central differences."""
    columns = []
    for k in chosen:
        step = np.zeros_like(y)
        step[k] = 1e-6 * max(abs(y[k]), 1e-6)
        up, down = (np.array(this.rhs(0.0, (y + s).tolist())) for s in (step, -step))
        columns.append((up - down)[chosen] / (2 * step[k]))
    return float(np.abs(np.linalg.eigvals(np.array(columns).T)).max())


@pytest.mark.parametrize(
    "population", ["pyramidal", "motor_fr", "oculomotor", "pv", "sst", "renshaw"]
)
def test_the_slow_step_is_stable_until_the_cell_is_dead(population: str) -> None:
    # A midpoint step is stable while it is less than 2 over the fastest rate.
    lone = cell(population, QUICK, outputs=("buffer_relaxation",))
    course = solve(lone, 1800.0, [(0.0, LETHAL)], interval=2.0, method="BDF")
    assert course.death is not None
    lines = damped(course.cell.system.named, cell_models()[1].relaxations)
    this = replace(
        course.cell,
        system=ode(course.cell.system.rates, lines),
        values={**course.cell.values, "dt": 1 / DEFAULT},
    )
    chosen = [this.system.states.index(name) for name in SLOW]
    fastest = max(spectral_radius(this, y, chosen) for y in course.states.T[::2])
    print(
        f"{population}: fastest rate {fastest:.0f}/s until death after {course.death:.0f} s, "
        f"largest safe step {2e3 / fastest:.2f} ms"
    )
    assert fastest / DEFAULT < 2.0


def test_the_slow_states_are_those_of_the_cell() -> None:
    fast = add_up(OUTSIDE, circuit.BALANCES).rates
    assert not set(SLOW) & set(fast)
    assert set(cell("motor_fr").system.states) <= set(SLOW) | set(fast) | {"vesicle_pool"}
