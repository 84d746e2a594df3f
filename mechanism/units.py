"""Units: text such as ``"2 mM/s"`` to SI numbers, with the dimension checked.

Uses pint. Everything behind this file is an SI float; everything a person types or reads
has a unit.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

import pint

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"\s*({_NUMBER})\s*(.*?)\s*\Z", re.ASCII)
# Names with exponents of one digit, and no power of a power: pint computes any other, however
# long it takes. Numbers are for quantities; only "1/s" starts with one.
_NAME = r"[A-Za-zµμ%Ω]++"
_POWER = r"(?:\s*(?:\^|\*\*)\s*-?[1-9](?![\d.]))?"
_UNIT = re.compile(rf"(?=.{{0,60}}\Z)\s*(?:1\s*/)?(?:[()\s*/]|{_NAME}{_POWER})*+\Z")
_PLAIN = {"%", "dimensionless"}


class UnitError(ValueError):
    """A text is not a quantity, or has another dimension than the one expected."""


@cache
def _registry() -> Any:
    return pint.UnitRegistry()


@cache
def _unit(text: str) -> tuple[float, str]:
    """SI factor and dimensionality of a unit written as text."""
    if text in {"", "1"}:
        return 1.0, "dimensionless"
    if not _UNIT.match(text):
        raise UnitError(f"{text!r} is not a unit")
    registry = _registry()
    try:
        unit = registry.parse_units(text)
        none, one = (registry.Quantity(value, unit).to_base_units() for value in (0.0, 1.0))
        names = re.findall(_NAME, f"{text} {one.units}")
        bare = {n for n in names if registry.parse_units(n).dimensionless} - _PLAIN
    except Exception as error:  # pint raises a dozen unrelated types on bad text
        raise UnitError(f"{text!r} is not a unit") from error
    if none.magnitude != 0.0:  # degC counts from another zero, dB is a logarithm
        raise UnitError(f"{text!r} cannot be converted by a factor, use another unit")
    if bare:  # pi, ppm, the 2 pi of rpm: factors that nobody expects
        raise UnitError(f"{text!r} has no dimension in {min(bare)!r}, write a plain number")
    return float(one.magnitude), str(one.dimensionality)


def dimensionality(unit: str) -> str:
    """Return the dimensionality of `unit`, as pint writes it (``"[current]"``…).

    Raises
    ------
    UnitError
        If `unit` is not a unit.
    """
    return _unit(unit)[1]


def si_exponents(unit: str) -> dict[str, int]:
    """Return the exponents of the SI base quantities of `unit` (``{"[length]": -3, …}``)."""
    _unit(unit)  # refuses what is none
    dimensions = _registry().parse_units(unit).dimensionality
    return {name: round(power) for name, power in dimensions.items()}


def factor(unit: str) -> float:
    """Return how many SI units one `unit` is (``factor("mV") == 1e-3``)."""
    return _unit(unit)[0]


def to_si(text: str | float, unit: str) -> float:
    """Convert a quantity written as text into SI, checking it against `unit`.

    Parameters
    ----------
    text
        ``"2 ms"``, ``"-60 mV"``, ``"0.5"``. A plain number is taken only where `unit` is
        dimensionless.
    unit
        Any unit of the expected dimension; empty for dimensionless.

    Raises
    ------
    UnitError
        If it is no quantity, is not finite, or has another dimension.

    Examples
    --------
    >>> to_si("2 ms", "s")
    0.002
    >>> to_si("2 mV", "s")
    Traceback (most recent call last):
    unshielded.mechanism.units.UnitError: '2 mV' has the unit 'mV', expected a unit like 's'
    """
    if isinstance(text, bool):
        raise UnitError(f"{text!r} is a truth value, expected a quantity{_like(unit)}")
    if isinstance(text, (int, float)):
        try:
            number, written = float(text), ""
        except OverflowError:
            raise UnitError("the number is too large") from None
    else:
        match = _QUANTITY.match(text) if len(text) <= 200 else None
        if match is None:
            raise UnitError(f"{text[:80]!r} is not a number with a unit, expected one{_like(unit)}")
        number, written = float(match[1]), match[2]
    if not math.isfinite(number):
        raise UnitError(f"{text!r} is not finite")
    scale, found = _unit(written)
    if found != dimensionality(unit):
        has = f"has the unit {written!r}" if written else "has no unit"
        raise UnitError(f"{text!r} {has}, expected {_a_unit(unit)}")
    value = number * scale
    if not math.isfinite(value):
        raise UnitError(f"{text!r} is not finite")
    return value


def _a_unit(unit: str) -> str:
    return f"a unit like {unit!r}" if dimensionality(unit) != "dimensionless" else "no unit"


def _like(unit: str) -> str:
    return f" such as '1 {unit}'" if unit else ""
