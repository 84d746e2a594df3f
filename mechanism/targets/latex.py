r"""Equations as LaTeX, for pages that people read.

A name becomes upright words (``pore_open`` → ``\mathrm{pore\,open}``), or the symbol that it is given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from unshielded.mechanism.equation import Equation
from unshielded.mechanism.expression import (
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

Symbols = Mapping[str, str]

_COMPARE = {"<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq"}
_LOGIC = {"and": r"\wedge", "or": r"\vee"}
_SUM, _PRODUCT, _POWER = 1, 2, 3


def equation(line: Equation, symbols: Symbols | None = None) -> str:
    """Return a line as an equation; a variable that is only declared is its symbol alone."""
    left = name(line.name, symbols or {})
    if line.is_rate:
        left = rf"\frac{{d\,{left}}}{{dt}}"
    return left if line.right is None else f"{left} = {expression(line.right, symbols)}"


def expression(tree: Expression, symbols: Symbols | None = None) -> str:
    """Return an expression in LaTeX, without dollar signs."""
    return _text(tree, symbols or {}, 0)


def name(of: str, symbols: Symbols) -> str:
    """Return the symbol of a name."""
    return symbols.get(of) or rf"\mathrm{{{of.replace('_', chr(92) + ',')}}}"


def _text(node: Expression, symbols: Symbols, level: int) -> str:
    """Return a node, in brackets if it binds less than `level`."""

    def of(part: Expression, inside: int = 0) -> str:
        return _text(part, symbols, inside)

    match node:
        case Number(value):
            return _number(value)
        case Name(of_name):
            return name(of_name, symbols)
        case Unit(word):
            return rf"\mathrm{{{word}}}"
        case Negative(operand):
            return _bracketed(f"-{of(operand, _PRODUCT)}", _SUM, level)
        case Binary("/", above, below):
            return rf"\frac{{{of(above)}}}{{{of(below)}}}"
        case Binary("**", base, exponent):
            plain = isinstance(base, Name | Number)
            under = of(base) if plain else rf"\left({of(base)}\right)"
            return rf"{under}^{{{of(exponent)}}}"
        case Binary("*", left, right):
            return _bracketed(rf"{of(left, _PRODUCT)}\,{of(right, _PRODUCT)}", _PRODUCT, level)
        case Binary("%", left, right):
            return _bracketed(rf"{of(left, _POWER)}\;\mathrm{{mod}}\;{of(right, _POWER)}", 0, level)
        case Binary(sign, left, right):
            second = _PRODUCT if sign == "-" else _SUM
            return _bracketed(f"{of(left, _SUM)} {sign} {of(right, second)}", _SUM, level)
        case Compare(operator, left, right):
            return f"{of(left)} {_COMPARE[operator]} {of(right)}"
        case Logic(operator, operands):
            return rf" {_LOGIC[operator]} ".join(of(one) for one in operands)
        case Call("exp", (x,)):
            return rf"e^{{{of(x)}}}"
        case Call("log", (x,)):
            return rf"\ln\left({of(x)}\right)"
        case Call("sqrt", (x,)):
            return rf"\sqrt{{{of(x)}}}"
        case Call("clip", (x, low, high)):
            inner = rf"\max\left({of(low)},\;{of(x)}\right)"
            return inner if high == Number(math.inf) else rf"\min\left({of(high)},\;{inner}\right)"
        case Call("int", (condition,)):
            return rf"\left[{of(condition)}\right]"
        case Call("hill", (x, n)):
            power = Binary("**", x, n)
            return of(Binary("/", power, Binary("+", Number(1), power)))
        case Call("ghk", (u,)):
            return of(Binary("/", u, Binary("-", Number(1), Call("exp", (Negative(u),)))))
    raise AssertionError(node)


def _number(value: int | float) -> str:
    if value == math.inf:
        return r"\infty"
    mantissa, _, exponent = f"{value:.12g}".partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def _bracketed(text: str, own: int, level: int) -> str:
    return rf"\left({text}\right)" if own < level else text
