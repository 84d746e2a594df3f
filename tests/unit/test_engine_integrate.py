"""The statements of a step."""

import pytest

from unshielded.engine.integrate import after, midpoint
from unshielded.mechanism import Mechanism, MechanismError
from unshielded.mechanism.model import Model, add_up
from unshielded.mechanism.targets.brian import statements

LINES = """
dcalcium/dt = -flux : 1
gain = exp(level) : 1
flux = gain*calcium : 1
unused = 2*calcium : 1
level : 1
total : 1
peak : 1
"""


def model(after_step: str, **more: dict[str, str]) -> Model:
    return add_up([Mechanism("pump", LINES, after_step=after_step, **more)], {})  # type: ignore[arg-type]


def test_named_lines_are_written_before_the_statements_that_use_them() -> None:
    assert statements(after(model("total += flux*dt"))).splitlines() == [
        "gain_3 = exp(level)",
        "flux_3 = gain_3*calcium",
        "total += flux_3*dt",
    ]


def test_statements_without_named_lines_stay_as_they_are() -> None:
    found = statements(after(model("peak = clip(peak, calcium, 1)")))
    assert found == "peak = clip(peak, calcium, 1)"


@pytest.mark.parametrize("changed", ["level", "calcium"])
def test_a_line_may_not_depend_on_what_is_set_after_the_step(changed: str) -> None:
    with pytest.raises(MechanismError, match=f"'{changed}' is set after a step"):
        after(model(f"{changed} = 0\ntotal += flux*dt"))


def test_a_stiff_line_is_damped_in_the_step() -> None:
    lines = statements(midpoint(model("", stiff={"flux": "3*gain"}))).splitlines()
    assert "flux_stiffness_1 = dt*(3*gain_1)" in lines
    damping = "(2 + flux_stiffness_1)/(2 + flux_stiffness_1*(1 + flux_stiffness_1))"
    assert f"flux_1 = gain_1*calcium*{damping}" in lines
