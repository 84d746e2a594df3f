"""The integrator between windows: order, stiffness, integrals, deaths, and cells by themselves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from unshielded.mechanism import MechanismError
from unshielded.mechanism.ode import ode
from unshielded.numerics.batched import of_ode
from unshielded.numerics.rosenbrock import integrate

ONE = np.array([1.0])


def oscillator():
    """A nonlinear system with an exact invariant, and its integral beside it."""
    return of_ode(ode({"a": "w*b*(1 + a*a)", "b": "-w*a*(1 + a*a)", "q": "a"}, {}))


def test_states_that_nothing_depends_on_are_integrals():
    model = of_ode(ode({"a": "-k*a", "b": "a - b", "q": "line"}, {"line": "a*b"}))
    # b is a state although no other rate depends on it: its own does
    assert (model.states, model.integrals) == (("a", "b"), ("q",))


def test_a_step_of_fixed_length_is_of_third_order():
    """Halving the step divides the error by eight: by 6.5 at least, while it is above rounding."""
    model = of_ode(ode({"a": "-a*a + b", "b": "-b + a"}, {}))
    y = np.array([[1.0], [0.3]])
    exact = solve_ivp(
        lambda t, x: [-(x[0] ** 2) + x[1], -x[1] + x[0]], (0, 1), y[:, 0], rtol=1e-12, atol=1e-14
    ).y[:, -1]
    errors = []
    for steps in (8, 16, 32):
        now = y.copy()
        for _ in range(steps):
            # a tolerance that lets every step pass, and a span that is one step
            now = integrate(model, now, {}, 1 / steps, tolerance=1e6, scale=np.ones(2), first=ONE).y
        errors.append(np.abs(now[:, 0] - exact).max())
    assert errors[0] / errors[1] > 6.5
    assert errors[1] / errors[2] > 6.5


def test_stiff_decay_is_damped_however_long_the_step_is():
    """L-stable: what decays within a millisecond is gone after one step of a year."""
    model = of_ode(ode({"fast": "-1000*(fast - slow)", "slow": "-1e-9*slow"}, {}))
    year = 3.15e7
    y = np.array([[5.0], [1.0]])
    found = integrate(model, y, {}, year, tolerance=1e9, scale=np.ones(2), first=np.array([year]))
    assert found.steps == 1
    # the slow part is exact to third order in 0.03; the fast part follows it
    assert found.y[1, 0] == pytest.approx(np.exp(-1e-9 * year), rel=1e-6)
    assert found.y[0, 0] == pytest.approx(found.y[1, 0], rel=1e-4)


@pytest.mark.parametrize("tolerance", [1e-3, 1e-5])
def test_robertson_keeps_to_its_tolerance(tolerance):
    """The classical stiff problem: within ten tolerances over five decades of time."""
    rates = {
        "a": "-0.04*a + 1e4*b*c",
        "b": "0.04*a - 1e4*b*c - 3e7*b*b",
        "c": "3e7*b*b",
        "q": "a",
    }
    model = of_ode(ode(rates, {}))

    def f(t, y):
        d = [-0.04 * y[0] + 1e4 * y[1] * y[2], 0.0, 3e7 * y[1] ** 2, y[0]]
        d[1] = -d[0] - d[2]
        return d

    exact = solve_ivp(f, (0, 1e5), [1, 0, 0, 0], method="Radau", rtol=1e-11, atol=1e-15).y[:, -1]
    found = integrate(
        model,
        np.array([[1.0], [0.0], [0.0]]),
        {},
        1e5,
        tolerance=tolerance,
        scale=np.array([1e-2, 1e-6, 1e-2]),
    )
    assert found.y[:, 0] == pytest.approx(exact[:3], rel=10 * tolerance)
    # linear invariants hold to rounding of the differences, not to the tolerance
    assert found.y[:, 0].sum() == pytest.approx(1.0, abs=1e-6)
    assert found.z[0, 0] == pytest.approx(exact[3], rel=30 * tolerance)


def test_cells_of_a_batch_do_not_know_of_each_other():
    """A cell in a batch takes the very steps that it takes alone."""
    model = of_ode(ode({"a": "-k*a*a + 1", "q": "a"}, {}))
    y = np.array([[0.1, 1.0, 30.0]])
    rates = np.array([1.0, 50.0, 2000.0])
    together = integrate(model, y, {"k": rates}, 10.0, tolerance=1e-6, scale=ONE)
    for cell in range(3):
        alone = integrate(
            model, y[:, [cell]], {"k": rates[[cell]]}, 10.0, tolerance=1e-6, scale=ONE
        )
        # the same arithmetic; a matrix of a batch may be inverted in another order
        assert together.y[0, cell] == pytest.approx(alone.y[0, 0], rel=1e-13)
        assert together.z[0, cell] == pytest.approx(alone.z[0, 0], rel=1e-13)


def test_a_death_is_dated_within_a_step_and_ends_the_cell():
    """Against the exact time."""
    model = of_ode(ode({"necrosis": "v*(1 - necrosis/2)", "apoptosis": "-apoptosis"}, {}))
    y = np.zeros((2, 2))
    found = integrate(
        model, y, {"v": np.array([1.0, 0.01])}, 5.0,
        tolerance=1e-6, scale=np.ones(2), fatal=("necrosis", "apoptosis"),
    )  # fmt: skip
    assert found.fatal.tolist() == [0, -1]
    # necrosis = 2 (1 - exp(-t/2)) is 1 at 2 ln 2; the cubic is of fourth order in steps of 1e-2
    assert found.time[0] == pytest.approx(2 * np.log(2), rel=1e-6)
    assert found.time[1] == 5.0
    assert found.y[0, 0] == pytest.approx(1.0, abs=1e-9)


def test_a_system_that_cannot_be_followed_names_its_state():
    model = of_ode(ode({"calm": "-calm", "wild": "-1.0 - sqrt(wild)"}, {}))
    with pytest.raises(MechanismError, match="'wild'"):
        integrate(model, np.ones((2, 1)), {}, 2.0, tolerance=1e-6, scale=np.ones(2))


def test_a_missing_parameter_is_named():
    model = of_ode(ode({"a": "-missing*a"}, {}))
    with pytest.raises(MechanismError, match="'missing'"):
        integrate(model, np.ones((1, 1)), {}, 1.0, tolerance=1e-6, scale=ONE)


def test_columns_found_together_touch_no_common_row():
    model = oscillator()
    for group in model.groups:
        assert model.pattern[:, group].sum(axis=1).max() <= 1
    assert sorted(np.concatenate(model.groups)) == list(range(len(model.states)))
