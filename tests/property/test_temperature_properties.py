"""Scaling with temperature: there and back is where one was, and two steps are one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unshielded.mechanism import Q10, Parameter
from unshielded.model import MECHANISMS

CELSIUS = st.floats(0.0, 45.0)
KINETIC = st.sampled_from([p for m in MECHANISMS for p in m.parameters if p.q10 is not None])
#: 1e-12 is some thousand times the rounding of a power and a product.
SAME = 1e-12


@given(KINETIC, CELSIUS)
def test_there_and_back_is_the_number_itself(parameter: Parameter, celsius: float) -> None:
    there = replace(
        parameter,
        value=parameter.value * parameter.factor(celsius),
        temperature=celsius,
        low=float("-inf"),
        high=float("inf"),
    )
    assert there.at(parameter.temperature) == pytest.approx(parameter.si, rel=SAME)


@given(KINETIC, CELSIUS, CELSIUS)
def test_factors_multiply(parameter: Parameter, first: float, second: float) -> None:
    after = replace(parameter, temperature=first)
    both = parameter.factor(first) * after.factor(second)
    assert both == pytest.approx(parameter.factor(second), rel=SAME)


@given(st.floats(0.5, 10.0), CELSIUS, CELSIUS)
def test_a_rate_and_its_time_constant_stay_inverse(q10: float, own: float, other: float) -> None:
    it = Q10(q10, "assumed", rationale="a test")
    rate, time = (
        Parameter("x", 1.0, u, "", "assumed", rationale="-", temperature=own, q10=it)
        for u in ("1/s", "s")
    )
    assert rate.factor(other) * time.factor(other) == pytest.approx(1.0, rel=SAME)


@given(st.floats(1.001, 10.0), CELSIUS, CELSIUS)
def test_warmer_is_faster(q10: float, first: float, second: float) -> None:
    it = Q10(q10, "assumed", rationale="a test")
    cold, warm = sorted((first, second))
    assert it.factor(cold, warm) >= 1.0
