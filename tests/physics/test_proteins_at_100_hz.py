"""Cells with calbindin or parvalbumin, as they are by default, from rest to 100 Hz: the slow step.

The slow step takes the lines that binding makes stiff damped (:mod:`unshielded.engine.integrate`); the reference
is an implicit solver without a step. That the program takes this step, cell by cell and to rounding, is in
``test_integration.py``; that CVODE and BDF agree at this rate, in ``test_three_engines.py``; that nothing is lost
in a run, in ``test_conservation.py``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache as once

import numpy as np
import pytest

from tests.physics.single_cell import midpoint_step
from tests.physics.test_three_engines import SLOW
from unshielded.arrays import Array
from unshielded.engine.integrate import damped
from unshielded.mechanism.ode import ode
from unshielded.model import cell_models
from unshielded.single_cell import Cell, cell, solve

DEFAULT = 512
SECONDS, SAMPLES = 1, 64
FINER = (512, 1024, 2048, 4096)
#: Of each population, the protein that it has.
PROTEIN = {"pv": "parvalbumin", "oculomotor": "calbindin"}


def prepared(population: str) -> Cell:
    """The inside of a cell, whose membrane is held and takes up what 100 Hz and synapses bring."""
    held = ("membrane_potential", "calcium_channel_open")  # the gate follows the fast clock
    this = cell(population, held=held, outputs=("buffer_relaxation",))
    return this.given(imposed_firing_rate=100.0, membrane_potential=-0.055)


@once
def reference(population: str) -> dict[str, Array]:
    """Every state that the slow clock advances, SAMPLES times a second."""
    course = solve(
        prepared(population), SECONDS, interval=1 / SAMPLES, method="BDF", tolerance=1e-11,
        until_death=False,
    )  # fmt: skip
    return {state: course[state] for state in course.cell.system.states}


@once
def by_midpoint(population: str, steps: int) -> dict[str, Array]:
    """The same by so many slow steps a second."""
    lone = prepared(population)
    lines = damped(lone.system.named, cell_models()[1].relaxations)
    this = replace(
        lone,
        system=ode(lone.system.rates, lines),
        values={**lone.values, "dt": 1 / steps},
    )
    y, rhs = lone.initial.copy(), this.rhs
    # The states of the membrane have a clock of their own, and nothing to do where it is held.
    slow = np.isin(this.system.states, (*SLOW, "vesicle_pool"))
    kept = [y]
    for k in range(steps * SECONDS):
        y = midpoint_step(lambda at: slow * np.array(rhs(0.0, at.tolist())), y, 1 / steps)
        if (k + 1) % (steps // SAMPLES) == 0:
            kept.append(y)
    return dict(zip(this.system.states, np.array(kept).T, strict=True))


def error(population: str, steps: int, state: str) -> float:
    """Largest error of a state at any time, in parts of its largest value."""
    exact, found = (f[state] for f in (reference(population), by_midpoint(population, steps)))
    return float(np.max(np.abs(found - exact)) / np.max(np.abs(exact)))


def watched(population: str) -> tuple[str, ...]:
    """Of which states the error is asked: those of the buffers first."""
    protein = PROTEIN[population]
    magnesium = ("parvalbumin_magnesium",) if protein == "parvalbumin" else ()
    rest = ("matrix_calcium", "mitochondrial_potential", "atp", "sodium")
    return ("calcium", f"{protein}_calcium", *magnesium, *rest)


@pytest.mark.parametrize("population", PROTEIN)
def test_the_slow_step_is_of_second_order(population: str) -> None:
    for state in watched(population):
        errors = np.array([error(population, n, state) for n in FINER])
        order = np.log2(errors[:-1] / errors[1:])
        print(f"{population}, {state}: errors {errors} at {FINER} steps/s, orders {order.round(2)}")
        # It approaches 2: the next terms still show at these steps.
        assert order[-1] == pytest.approx(2.0, abs=0.2), state


@pytest.mark.parametrize("population", PROTEIN)
def test_the_error_at_the_default_step_is_small(population: str) -> None:
    # Calcium of spikes that begin all at once, while the proteins bind it: about twice what was found.
    for state in watched(population):
        assert error(population, DEFAULT, state) < 2e-3, state


@pytest.mark.parametrize("population", PROTEIN)
def test_nothing_is_lost_and_the_protein_takes_part(population: str) -> None:
    this, course = prepared(population), by_midpoint(population, DEFAULT)
    bound = course["calbindin_calcium"] + course["parvalbumin_calcium"]
    total = (1 + this.values["buffer_capacity"]) * course["calcium"] + bound
    total += this.values["mitochondrial_fraction"] * course["matrix_calcium"]
    passed = course["calcium_entered"] - course["calcium_extruded"]
    # Rounding of 512 steps, at random, of what there is: 1e-14; some more where terms cancel.
    assert np.ptp(total - passed) < 1e-12 * total.max()
    assert np.ptp(bound) > 0.05 * np.ptp(total)
