"""What cooling does to a process that is a single exponential."""

from __future__ import annotations

import numpy as np
import pytest

from unshielded.model import PARAMETERS
from unshielded.single_cell import cell, solve


def decay(state: str, end: float, begin: float, preparation: str, duration: float) -> float:
    """The time constant with which a state of a lone, silent cell goes from `begin` to `end`."""
    subject = cell("motor_fr", held=("membrane_potential",), preparation=preparation)
    start = subject.initial
    start[subject.system.states.index(state)] = begin
    course = solve(subject, duration, start=start, interval=duration, tolerance=1e-10)
    left = (course[state][-1] - end) / (begin - end)
    return -duration / float(np.log(left))


@pytest.mark.parametrize(
    ("state", "end", "begin", "duration", "name"),
    [
        ("cleft_glutamate", 0.0, 1.0, 2e-3, "cleft_time_constant"),  # mM
        ("vesicle_pool", 1.0, 0.2, 0.2, "vesicle_recovery_time"),
    ],
)
def test_sixteen_degrees_colder_an_exponential_is_slower_by_the_q10_to_the_1_6(
    state: str, end: float, begin: float, duration: float, name: str
) -> None:
    warm = decay(state, end, begin, "adult_37C", duration)
    cold = decay(state, end, begin, "slice_21C", duration)
    q10 = PARAMETERS[name].q10
    assert q10 is not None
    # the solver's relative error is 1e-10 a step; a few hundred steps are taken
    assert cold / warm == pytest.approx(q10.value**1.6, rel=1e-6)
    assert q10.value > 1


def test_a_resting_cell_stays_at_rest_in_the_cold() -> None:
    subject = cell("pyramidal", preparation="slice_21C")
    last = dict(zip(subject.system.states, solve(subject, 600.0).last, strict=True))
    assert last["atp"] == pytest.approx(subject.values["resting_atp"], rel=0.02)
    # 37 °C: 0.5 % from where it starts; in the cold the leak conductance, which has no Q10, weighs more
    assert last["calcium"] == pytest.approx(subject.values["resting_calcium"], rel=0.1)
    assert last["membrane_potential"] == pytest.approx(
        subject.values["resting_potential"], abs=1e-3
    )


def test_reversal_potentials_follow_the_absolute_temperature() -> None:
    warm, cold = (cell("pyramidal", preparation=p) for p in ("adult_37C", "slice_21C"))
    ratio = cold.values["thermal_voltage"] / warm.values["thermal_voltage"]
    assert ratio == pytest.approx((273.15 + 21) / (273.15 + 37), rel=1e-12)
    names = ("sodium_potential", "potassium_potential")
    of_warm, of_cold = (
        cell("pyramidal", outputs=names, preparation=p) for p in ("adult_37C", "slice_21C")
    )
    for before, after in zip(
        of_warm.outputs(names, of_warm.initial.tolist()),
        of_cold.outputs(names, of_cold.initial.tolist()),
        strict=True,
    ):
        assert after / before == pytest.approx(ratio, rel=1e-12)
