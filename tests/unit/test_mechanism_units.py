"""Text to SI numbers: what is taken, what is refused, and that nothing hangs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unshielded.mechanism.units import UnitError, dimensionality, factor, si_exponents, to_si


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("2 ms", "s", 2e-3),
        ("-60 mV", "V", -60e-3),
        ("2e-1 uM", "mM", 2e-4),
        ("1 µM", "mM", 1e-3),  # micro sign
        ("1 μM", "mM", 1e-3),  # Greek mu
        ("3 mM/s/mV", "mM/s/mV", 3e3),
        ("3 mM / (s * mV)", "mM/s/mV", 3e3),
        ("0.53 1/mM/ms", "1/mM/ms", 530.0),
        ("8 pL", "m**3", 8e-15),
        ("2 m^3", "pL", 2.0),
        ("5 s^-1", "Hz", 5.0),
        ("20 %", "", 0.2),
        ("0.5", "", 0.5),
        (3, "", 3.0),
        ("20 MΩ", "ohm", 20e6),
        ("300 K", "K", 300.0),
    ],
)
def test_quantities(text: str | float, unit: str, value: float) -> None:
    assert to_si(text, unit) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    "text",
    [
        # Exponents that would be computed for ever, or mean something else than they seem to.
        "1 s^(9^9^9)", "1 s^9^9^9", "1 s**99999999", "1 s^0.5", "1 (s^9)^9", "1 s**(-1)", "1 s^0",
        # Factors that nobody expects: constants, angles, counts, logarithms, other zeros.
        "1 pi*s", "1 s*rad", "1 s*dB", "1 s*ppm", "1 s*count",
        # No units at all.
        "1 nan", "1 inf", "1 2 s", "1 s 2", "1 e5", "1 s;s", "1 __import__", "1 (s", "1 s)", "s",
        "1e999 s", "nan s", "", " ", "1" * 300, "1 " + "s*" * 60,
    ],
)  # fmt: skip
def test_refused_as_a_time(text: str) -> None:
    with pytest.raises(UnitError):
        to_si(text, "s")


@pytest.mark.parametrize("text", ["1 dB", "1 pi", "1 rad", "1 degree", "1 ppm", "1 count", "1 e"])
def test_refused_as_a_plain_number(text: str) -> None:
    with pytest.raises(UnitError):
        to_si(text, "")


@pytest.mark.parametrize("unit", ["degC", "degF"])
def test_units_with_another_zero_are_refused(unit: str) -> None:
    with pytest.raises(UnitError, match="factor"):
        to_si(f"20 {unit}", "K")
    with pytest.raises(UnitError):
        factor(unit)


def test_revolutions_are_no_frequency() -> None:
    with pytest.raises(UnitError, match="radian"):
        to_si("60 rpm", "Hz")


# The last is beyond what Python writes out at all.
@pytest.mark.parametrize("number", [10**400, -(10**400), 10**5000], ids=["1", "2", "3"])
def test_huge_integers_are_refused(number: int) -> None:
    with pytest.raises(UnitError, match="too large"):
        to_si(number, "")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), True])
def test_what_is_no_number_is_refused(number: float) -> None:
    with pytest.raises(UnitError):
        to_si(number, "")


def test_the_message_names_what_was_written_and_what_was_expected() -> None:
    with pytest.raises(UnitError, match=r"'2 mV' has the unit 'mV', expected a unit like 'ms'"):
        to_si("2 mV", "ms")
    with pytest.raises(UnitError, match=r"3 has no unit, expected a unit like 'ms'"):
        to_si(3, "ms")
    with pytest.raises(UnitError, match=r"expected no unit"):
        to_si("3 ms", "")


def test_dimensions() -> None:
    assert dimensionality("mV") == dimensionality("J/C")
    assert dimensionality("") == "dimensionless"
    assert si_exponents("mM") == {"[substance]": 1, "[length]": -3}
    assert si_exponents("") == {}
    with pytest.raises(UnitError):
        si_exponents("s^(9^9)")


@settings(deadline=2000)
@given(st.text(alphabet="sVmMAK123490.eE+-*/^() %pi", max_size=30))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    # Also a test that none takes for ever: there is a deadline, in milliseconds; the first
    # text loads pint.
    try:
        value = to_si(text, "s")
    except UnitError:
        return
    assert abs(value) < float("inf")


@settings(deadline=2000)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_number_is_read_as_it_is(number: float) -> None:
    assert to_si(repr(number), "") == number
