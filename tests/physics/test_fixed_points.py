"""Steady states and their ends: normal forms with exact answers, then the real cell."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from unshielded.arrays import Array
from unshielded.cli.main import main
from unshielded.mechanism import MechanismError
from unshielded.numerics.continuation import RESIDUAL, follow, jacobian, steady
from unshielded.single_cell import cell, solve
from unshielded.single_cell.fixed_points import LOADS, Reduced, reduced
from unshielded.single_cell.margin import margin

#: Brent's method stops within 1e-9 of arclength; differences in the tangent add 1e-10.
LOCATED = 1e-7


def saddle_node(x: Array, r: float) -> Array:
    """dx/dt = r + x²: two steady states below r = 0, none above."""
    return r + x**2


def hopf(x: Array, r: float) -> Array:
    """The normal form: a focus at zero that loses its stability at r = 0, at 3 rad/s."""
    square = x[0] ** 2 + x[1] ** 2
    return np.array([r * x[0] - 3 * x[1] - x[0] * square, 3 * x[0] + r * x[1] - x[1] * square])


def corner(x: Array, r: float) -> Array:
    """dx/dt = r + 2|x|: a fold at r = 0 that is not smooth and turns by more than a right angle."""
    return r + 2.0 * np.abs(x)


def test_a_saddle_node_is_passed_and_located() -> None:
    branch = follow(saddle_node, np.array([-1.0]), -1.0, scale=1.0, lowest=-1.5, highest=1.0)
    (fold,) = branch.special
    assert fold.kind == "saddle-node"
    assert abs(fold.point.load) < LOCATED
    # along the arc x changes as fast as the arc itself there
    assert abs(fold.point.x[0]) < LOCATED
    for point in branch.points:
        assert point.load == pytest.approx(-(point.x[0] ** 2), abs=RESIDUAL * 10)
        assert point.stable == (point.x[0] < 0.0)
        # df/dx = 2x; central differences of a parabola have rounding errors only, 1e-16/5e-6
        assert point.eigenvalues[0].real == pytest.approx(2 * point.x[0], abs=1e-9)
    assert branch.points[-1].load < -1.5
    assert branch.end == "load"


def test_a_hopf_point_is_located_with_its_frequency() -> None:
    branch = follow(hopf, np.zeros(2), -1.0, scale=1.0, lowest=-2.0, highest=1.0)
    (found,) = branch.special
    assert found.kind == "Hopf"
    assert abs(found.point.load) < LOCATED
    assert sorted(found.point.eigenvalues.imag) == pytest.approx([-3.0, 3.0], abs=1e-7)
    assert all(point.stable == (point.load < 0.0) for point in branch.points)


def test_a_fold_at_a_corner_is_passed() -> None:
    branch = follow(corner, np.array([-0.5]), -1.0, scale=1.0, lowest=-1.2, highest=1.0)
    (fold,) = branch.special
    assert fold.kind == "saddle-node"
    # a corner is known within an arclength of 1e-4
    assert abs(fold.point.load) < 2e-4
    assert branch.points[-1].x[0] > 0.0
    assert branch.end == "load"


def test_an_event_is_located() -> None:
    def line(x: Array, r: float) -> Array:
        return r - x

    events = {"half": lambda x, _: float(x[0]) - 0.5}
    branch = follow(line, np.zeros(1), 0.0, scale=1.0, lowest=0.0, highest=1.0, events=events)
    assert [each.kind for each in branch.special] == ["half"]
    assert branch.special[0].point.load == pytest.approx(0.5, abs=LOCATED)


def test_where_there_is_no_steady_state_none_is_given() -> None:
    with pytest.raises(MechanismError, match="no steady state"):
        steady(saddle_node, np.array([-0.1]), 1.0)
    with pytest.raises(MechanismError, match="not a steady state"):
        follow(saddle_node, np.array([-0.5]), -1.0, scale=1.0, lowest=-1.0, highest=1.0)


@pytest.fixture(scope="module")
def motor() -> Reduced:
    return reduced(cell("motor_fr", held=("membrane_potential",)), LOADS["firing_rate"])


def test_integrals_and_what_stands_still_are_left_out(motor: Reduced) -> None:
    left_out = set(motor.cell.system.states) - set(motor.states)
    assert {"necrosis", "apoptosis", "calcium_entered", "integrated_ros"} <= left_out
    assert {"gaba_a_conductance", "glutamate_bath", "fccp_bath"} <= left_out
    assert {"calcium", "matrix_calcium", "atp", "sodium", "pore_open"} <= set(motor.states)
    glutamate = reduced(cell("motor_fr"), LOADS["glutamate"])
    assert {"glutamate_bath", "membrane_potential"} <= set(glutamate.states)


@pytest.mark.parametrize("population", ["motor_fr", "pyramidal"])
def test_the_resting_cell_is_a_stable_steady_state(population: str) -> None:
    system = reduced(cell(population), LOADS["firing_rate"])
    x = system.healthy()
    assert np.max(np.linalg.eigvals(jacobian(system.rates, x, 0.0)).real) < 0.0
    # the closed forms of rest are near it: a third is far less than any way to another branch
    for name in ("calcium", "sodium", "atp", "mitochondrial_potential"):
        value = system.values(x)[system.cell.system.states.index(name)]
        assert value == pytest.approx(system.cell.start[name], rel=0.33)
    # and time does not lead away from it (LSODA's tolerance is 1e-8)
    still = solve(system.cell, 3600.0, start=system.values(x).tolist())
    assert system.reduce(still.last) == pytest.approx(x, abs=1e-5)


def test_simulation_brackets_the_tipping_point_of_a_motor_neuron(motor: Reduced) -> None:
    found = margin(motor.cell, motor.load, check=False)
    assert found.critical is not None
    assert max(point.residual for point in found.branch.points) < RESIDUAL
    # well to either side: transients overshoot, and near the point everything is slow
    assert solve(motor.under(0.7 * found.critical), 7200.0, tolerance=1e-6).death is None
    assert solve(motor.under(1.5 * found.critical), 7200.0, tolerance=1e-6).death is not None


def test_the_command_writes_table_branches_and_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["bifurcation", "--classes", "motor_fr", "--out", str(tmp_path)]
    assert main([*call, "--format", "json"]) == 0
    (shown,) = json.loads(capsys.readouterr().out)
    assert shown["population"] == "motor_fr"
    assert shown["unit"] == "Hz"
    assert json.loads((tmp_path / "bifurcation_firing_rate.json").read_text()) == [shown]
    rows = (tmp_path / "bifurcation_firing_rate.csv").read_text().splitlines()
    assert len(rows) == 1 + len(shown["branch"])
    assert (tmp_path / "bifurcation_firing_rate.png").stat().st_size > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--classes", "motr"], "motr"),
        (["--load", "heat"], "heat"),
        (["--at", "5 mV"], "5 mV"),
        (["--set", "seed=1"], "CONFIG"),
        (["--load", "supply", "--at", "350 Hz"], "dies"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bifurcation", "--classes", "motor_fr", "--out", str(tmp_path), *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
