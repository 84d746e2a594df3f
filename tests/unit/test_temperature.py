"""Numbers at other temperatures than their own: rates, times, what does not scale, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from unshielded.mechanism import Q10, Mechanism, MechanismError, Parameter
from unshielded.mechanism.temperature import Scaling, scaling_of_unit

TWO = Q10(2.0, "assumed", rationale="a test")


def number(unit: str, **more: object) -> Parameter:
    return Parameter("it", 3.0, unit, "of the test", "assumed", rationale="a test", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("unit", "scaling"),
    [
        ("1/s", "rate"),
        ("Hz", "rate"),
        ("mM/s", "rate"),
        ("1/uM/s", "rate"),
        ("1/mM/ms", "rate"),
        ("mM/s/mV", "rate"),
        ("nmol/mg/min", "rate"),
        ("ms", "time"),
        ("day", "time"),
        ("nS", "fixed"),
        ("uS", "fixed"),
        ("pF", "fixed"),
        ("pC", "fixed"),
        ("nA", "fixed"),
        ("mV", "fixed"),
        ("C/mol", "fixed"),
        ("mN", "fixed"),
        ("uM/mV", "fixed"),
        ("uM*day/mg", "fixed"),
        ("nmol/mg", "fixed"),
        ("", "fixed"),
    ],
)
def test_the_unit_says_which_way_a_number_scales(unit: str, scaling: Scaling) -> None:
    assert scaling_of_unit(unit) == scaling
    assert number(unit).scaling == scaling


def test_a_rate_grows_and_a_time_shrinks_by_the_q10_in_ten_degrees() -> None:
    assert number("1/s", q10=TWO).at(47.0) == 6.0
    assert number("1/s", q10=TWO).at(17.0) == 0.75
    assert number("s", q10=TWO).at(47.0) == 1.5
    assert number("s", q10=TWO).at(17.0) == 12.0
    assert number("1/s", q10=TWO, temperature=21.0).at(31.0) == 6.0


def test_at_its_own_temperature_a_number_is_what_it_is_to_the_last_bit() -> None:
    odd = Parameter("it", 0.1, "ms", "of the test", "assumed", rationale="a test", q10=TWO)
    assert odd.at(37.0) == odd.si
    assert number("s").at(37.0) == 3.0, "without a Q10 it is known there, and nowhere else"


def test_what_says_fixed_does_not_scale() -> None:
    assert number("s", scales="fixed").at(10.0) == 3.0
    assert number("nS").at(10.0) == number("nS").si
    # a conductance may, if it says so, with a Q10 of its own
    weak = Q10(1.3, "assumed", rationale="a test")
    assert number("nS", scales="rate", q10=weak).factor(47.0) == pytest.approx(1.3)


def test_what_follows_the_absolute_temperature() -> None:
    voltage = number("mV", scales="absolute", temperature=0.0)
    assert voltage.factor(273.15) == pytest.approx(2.0, rel=1e-15)


def test_a_number_without_a_q10_is_refused_at_another_temperature() -> None:
    with pytest.raises(MechanismError, match=r"it holds at 37 °C and has no Q10 .* 21 °C; give"):
        number("1/s").at(21.0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((0.0, "assumed", "", "x"), "0.0 is not above 0; expected 2 to 3"),
        ((-1.0, "assumed", "", "x"), "-1.0 is not above 0"),
        ((float("nan"), "assumed", "", "x"), "nan is not above 0"),
        ((2.5, "assumed", "", ""), "the assumed Q10 of 2.5 needs a rationale: why"),
        ((2.5, "measured", "", "frog"), "the measured Q10 of 2.5 needs a source"),
        ((2.5, "measured", "Otis1992", ""), "needs a rationale: the preparation"),
    ],
)
def test_a_q10_says_where_it_comes_from(arguments: tuple[object, ...], said: str) -> None:
    with pytest.raises(MechanismError) as caught:
        Q10(*arguments)  # type: ignore[arg-type]
    assert said in str(caught.value)


def test_a_q10_of_what_does_not_scale_is_refused() -> None:
    with pytest.raises(MechanismError, match=r"it: a Q10 needs a number that scales"):
        number("nS", q10=TWO)


RATE = replace(number("1/s"), name="rate")
OWN = replace(number("s"), name="own", q10=Q10(3.0, "assumed", rationale="a test"))
SHARE = replace(number(""), name="share")


def made(*parameters: Parameter, q10: Q10 | None = None) -> Mechanism:
    return Mechanism("toy", "", parameters=parameters, q10=q10)


def test_a_mechanism_gives_its_q10_to_kinetic_numbers_that_have_none() -> None:
    toy = made(RATE, OWN, SHARE, q10=TWO)
    assert [p.q10 for p in toy.parameters] == [TWO, OWN.q10, None]
    assert replace(toy, name="again").parameters == toy.parameters


def test_a_q10_that_acts_on_nothing_is_refused() -> None:
    with pytest.raises(MechanismError, match=r"'toy' has a Q10 and no parameter that scales"):
        made(OWN, SHARE, q10=TWO)


def test_a_number_that_is_not_known_at_body_temperature_is_refused() -> None:
    cold = replace(RATE, temperature=21.0)
    with pytest.raises(MechanismError, match=r"'toy': 'rate' holds at 21 °C, .* at 37 °C; give"):
        made(cold)
    assert made(cold, q10=TWO).parameters[0].at(37.0) == pytest.approx(3.0 * 2**1.6)
    assert made(replace(cold, scales="fixed")).parameters[0].at(37.0) == 3.0


def test_the_source_of_a_q10_is_cited() -> None:
    assert "Otis1992" in made(RATE, q10=Q10(2.1, "measured", "Otis1992", "a slice")).citations
