"""The statements of a step, as text."""

from types import SimpleNamespace
from typing import Any

import pytest

from unshielded.engine.integrate import after
from unshielded.mechanism import MechanismError

NAMED = {"gain": "exp(level)", "flux": "gain*calcium", "unused": "2*calcium"}


def model(after_step: str) -> Any:
    return SimpleNamespace(named=NAMED, after_step=after_step)


def test_named_lines_are_written_before_the_statements_that_use_them() -> None:
    assert after(model("total += flux*dt")).splitlines() == [
        "gain_3 = exp(level)",
        "flux_3 = gain_3*calcium",
        "total += flux_3*dt",
    ]


def test_statements_without_named_lines_stay_as_they_are() -> None:
    assert after(model("peak = clip(peak, calcium, 1)")) == "peak = clip(peak, calcium, 1)"


@pytest.mark.parametrize("changed", ["level", "calcium"])
def test_a_line_may_not_depend_on_what_is_set_after_the_step(changed: str) -> None:
    with pytest.raises(MechanismError, match=f"'{changed}' is set after a step"):
        after(model(f"{changed} = 0\ntotal += flux*dt"))
