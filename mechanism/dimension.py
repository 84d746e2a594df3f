"""Dimensions of expressions: what an equation adds up must have one unit."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.expression import (
    UNIT_WORDS,
    Binary,
    Call,
    Compare,
    Expression,
    Logic,
    Name,
    Negative,
    Number,
    Unit,
)
from unshielded.mechanism.targets.infix import plain
from unshielded.mechanism.units import si_exponents

#: Powers of metre, kilogram, second, ampere, kelvin, mole and candela.
Dimension = tuple[int, ...]

BASE_QUANTITIES = (
    "[length]",
    "[mass]",
    "[time]",
    "[current]",
    "[temperature]",
    "[substance]",
    "[luminosity]",
)
BASE_UNITS = ("metre", "kilogram", "second", "amp", "kelvin", "mole", "candle")
NONE: Dimension = (0,) * len(BASE_QUANTITIES)


@cache
def dimension_of_unit(unit: str) -> Dimension:
    """Return the dimension of a unit written as text.

    Examples
    --------
    >>> dimension_of_unit("mM/s")
    (-3, 0, -1, 0, 0, 1, 0)
    """
    exponents = si_exponents(unit)
    return tuple(exponents.get(name, 0) for name in BASE_QUANTITIES)


def base_unit(dimension: Dimension) -> str:
    """Return a dimension as a product of powers of base units, as Brian2 reads it.

    Examples
    --------
    >>> base_unit(dimension_of_unit("mM/s"))
    'metre ** -3 * second ** -1 * mole ** 1'
    """
    powers = [(name, power) for name, power in zip(BASE_UNITS, dimension, strict=True) if power]
    return " * ".join(f"{name} ** {power}" for name, power in powers) or "1"


def dimension(expression: Expression, known: Mapping[str, Dimension]) -> Dimension:
    """Return the dimension of an expression.

    Parameters
    ----------
    known
        Name → dimension, for every name in it.

    Raises
    ------
    MechanismError
        If quantities of different dimensions are added or compared, or a function gets one that
        it cannot take.
    """
    return tuple(int(power) for power in _dimension(expression, known))


def _dimension(node: Expression, known: Mapping[str, Dimension]) -> tuple[Fraction | int, ...]:
    match node:
        case Number():
            return NONE
        case Unit(word):
            return dimension_of_unit(UNIT_WORDS[word])
        case Name(name):
            return known[name]
        case Negative(operand):
            return _dimension(operand, known)
        case Binary("+" | "-" | "%" as operator, left, right) | Compare(operator, left, right):
            found = _same(node, (left, right), known)
            return NONE if isinstance(node, Compare) else found
        case Binary("*" | "/" as operator, left, right):
            sign = 1 if operator == "*" else -1
            pairs = zip(_dimension(left, known), _dimension(right, known), strict=True)
            return tuple(a + sign * b for a, b in pairs)
        case Binary("**", base, exponent):
            return _power(_dimension(base, known), exponent, node)
        case Call("sqrt", (x,)):
            return _power(_dimension(x, known), Number(0.5), node)
        case Call("clip", bounds):
            return _same(node, bounds, known)
        case Call(function, (x, *_)):
            if function == "int":
                _dimension(x, known)
            else:
                _none(x, known, node)
            return NONE
        case Logic(_, operands):
            for operand in operands:
                _dimension(operand, known)
    return NONE


def _same(
    node: Expression, parts: tuple[Expression, ...], known: Mapping[str, Dimension]
) -> tuple[Fraction | int, ...]:
    """Return the one dimension of some parts; 'inf' bounds any."""
    finite = [part for part in parts if part != Number(float("inf"))]
    if not finite:
        return NONE
    first = _dimension(finite[0], known)
    for part in finite[1:]:
        other = _dimension(part, known)
        if other != first:
            raise MechanismError(
                f"{plain(node)!r} joins {plain(finite[0])!r} in {_text(first)} and "
                f"{plain(part)!r} in {_text(other)}"
            )
    return first


def _none(x: Expression, known: Mapping[str, Dimension], node: Expression) -> None:
    found = _dimension(x, known)
    if any(found):
        raise MechanismError(
            f"{plain(node)!r} takes a number without unit, {plain(x)!r} is in {_text(found)}"
        )


def _power(
    base: tuple[Fraction | int, ...], exponent: Expression, node: Expression
) -> tuple[Fraction | int, ...]:
    match exponent:
        case Number(value):
            power = Fraction(value).limit_denominator(1000)
        case Negative(Number(value)):
            power = -Fraction(value).limit_denominator(1000)
        case _:
            raise MechanismError(f"the exponent in {plain(node)!r} is not a number")
    found = tuple(power * one for one in base)
    if any(one.denominator != 1 for one in found):
        raise MechanismError(f"{plain(node)!r} takes a root of {_text(base)}, which has none")
    return found


def _text(dimension: tuple[Fraction | int, ...]) -> str:
    return base_unit(tuple(int(one) for one in dimension))
