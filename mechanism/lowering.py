"""From physics to arithmetic: powers written out, guarded forms where a function is 0/0.

Every engine computes the lowered tree, so all of them do the same operations in the same order.
"""

from __future__ import annotations

import math

from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.expression import (
    Binary,
    Call,
    Expression,
    Negative,
    Number,
    rebuild,
)
from unshielded.mechanism.targets.infix import plain

#: Above it a power is not written out.
_LARGEST = 16
_SHIFT = 1e-6


def lowered(expression: Expression) -> Expression:
    r"""Return an expression without ``hill``, ``ghk`` and ``**``.

    .. math::
        \operatorname{hill}(x, n) = \frac{x^n}{1 + x^n}, \qquad
        \operatorname{ghk}(u) = \frac{v}{1 - e^{-v}}, \; v = u + 10^{-6}

    A power of a whole number is a product, one and a half is :math:`x\sqrt x`, any other is
    :math:`e^{n \log x}` (for :math:`x > 0`). The shift of :math:`u` keeps its function finite at 0, at
    a relative error below 1e-6.

    Raises
    ------
    MechanismError
        If an exponent is not a number, or a whole number above 16.
    """
    return rebuild(expression, _lower)


def _lower(node: Expression) -> Expression:
    match node:
        case Binary("**", base, exponent):
            return _power(base, _number(exponent))
        case Call("hill", (x, exponent)):
            power = _power(x, _number(exponent))
            return Binary("/", power, Binary("+", Number(1), power))
        case Call("ghk", (u,)):
            v = Binary("+", u, Number(_SHIFT))
            return Binary("/", v, Binary("-", Number(1), Call("exp", (Negative(v),))))
    return node


def _number(exponent: Expression) -> int | float:
    match exponent:
        case Number(value):
            return value
        case Negative(Number(value)):
            return -value
    raise MechanismError(f"the exponent {plain(exponent)!r} is not a number")


def _power(base: Expression, exponent: int | float) -> Expression:
    if not math.isfinite(exponent):
        raise MechanismError(f"the exponent {exponent} is not finite")
    if exponent == int(exponent) and exponent > 0:
        return _product(base, int(exponent))
    if exponent > 0 and 2 * exponent == int(2 * exponent):
        root = Call("sqrt", (base,))
        whole = int(exponent)
        return Binary("*", _product(base, whole), root) if whole else root
    return Call("exp", (Binary("*", Number(exponent), Call("log", (base,))),))


def _product(base: Expression, exponent: int) -> Expression:
    """Square while that is possible: x⁸ = (x⁴)², x⁴ = x·x·x·x."""
    if exponent > _LARGEST:
        raise MechanismError(f"the exponent {exponent} is above {_LARGEST}")
    if exponent > 4 and exponent % 2 == 0:
        half = _product(base, exponent // 2)
        return Binary("*", half, half)
    product = base
    for _ in range(exponent - 1):
        product = Binary("*", product, base)
    return product
