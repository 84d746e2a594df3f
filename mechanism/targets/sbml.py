"""Expressions as the mathematics of SBML (MathML), through libsbml.

Every number gets a unit: none, or that of the unit word that it multiplies. So the units of the
exported equations can be checked by any tool.
"""

from __future__ import annotations

import math
from typing import Any

import libsbml

from unshielded.mechanism.dimension import BASE_UNITS, NONE, Dimension, dimension_of_unit
from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.expression import (
    UNIT_WORDS,
    Binary,
    Call,
    Expression,
    Name,
    Negative,
    Number,
    Unit,
)
from unshielded.mechanism.lowering import lowered
from unshielded.mechanism.targets.infix import plain

_OPERATORS = {
    "+": libsbml.AST_PLUS,
    "-": libsbml.AST_MINUS,
    "*": libsbml.AST_TIMES,
    "/": libsbml.AST_DIVIDE,
    "**": libsbml.AST_FUNCTION_POWER,
}
_FUNCTIONS = {"exp": libsbml.AST_FUNCTION_EXP, "log": libsbml.AST_FUNCTION_LN}


def mathematics(node: Expression) -> Any:
    """Translate an expression of the model into a ``libsbml.ASTNode``.

    ``clip`` becomes ``min`` and ``max``, a unit word the number 1 with that unit. The 0 and 1
    that stand for what a lone cell does not have (``0 + x``, ``x/1.0``) are left out.

    Raises
    ------
    MechanismError
        If it holds a condition or a remainder: a lone cell has none.
    """
    match node:
        case Number(value):
            return number(value)
        case Unit(word):
            return number(1, dimension_of_unit(UNIT_WORDS[word]))
        case Name(name):
            found = libsbml.ASTNode(libsbml.AST_NAME)
            found.setName(name)
            return found
        case Negative(operand):
            return _apply(libsbml.AST_MINUS, mathematics(operand))
        case Binary("+", Number(0), right):
            return mathematics(right)
        case Binary("/" | "*", left, Number(1)):
            return mathematics(left)
        case Binary("**", _, exponent) if not _is_whole(exponent):
            # Trial steps go below zero, where such a power is not a number.
            return mathematics(lowered(node))
        case Binary(operator, left, right) if operator in _OPERATORS:
            return _apply(_OPERATORS[operator], mathematics(left), mathematics(right))
        case Call("clip", (x, low, high)):
            return _clip(x, low, high)
        case Call("hill", (_, n)) if not _is_whole(n):
            return mathematics(lowered(node))
        case Call("hill", (x, n)):
            power = Binary("**", x, n)
            return mathematics(Binary("/", power, Binary("+", Number(1), power)))
        case Call("ghk"):
            return mathematics(lowered(node))
        case Call("sqrt", (x,)):
            return _apply(libsbml.AST_FUNCTION_ROOT, _not_negative(x))
        case Call(function, (x,)) if function in _FUNCTIONS:
            return _apply(_FUNCTIONS[function], mathematics(x))
    raise MechanismError(f"{plain(node)!r} has no translation to SBML")


def at_or_after(seconds: float) -> Any:
    """Return ``time >= seconds``."""
    now = libsbml.ASTNode(libsbml.AST_NAME_TIME)
    now.setName("time")
    return _apply(libsbml.AST_RELATIONAL_GEQ, now, number(seconds, dimension_of_unit("s")))


def number(value: float, unit: Dimension = NONE) -> Any:
    """Return a number with its unit."""
    if isinstance(value, int):
        node = libsbml.ASTNode(libsbml.AST_INTEGER)
        node.setValue(value)
    else:
        node = libsbml.ASTNode(libsbml.AST_REAL)
        node.setValue(float(value))
    node.setUnits(identifier(unit))
    return node


def identifier(unit: Dimension) -> str:
    """Name a unit.

    Examples
    --------
    >>> identifier(dimension_of_unit("mM/s")), identifier(NONE)
    ('mole_per_metre3_second', 'dimensionless')
    """
    pairs = tuple(zip(UNITS, unit, strict=True))
    above = "_".join(f"{name}{power if power > 1 else ''}" for name, power in pairs if power > 0)
    below = "_".join(f"{name}{-power if power < -1 else ''}" for name, power in pairs if power < 0)
    if not above and not below:
        return "dimensionless"
    return f"{above or 'one'}_per_{below}" if below else above


#: The base units as SBML calls them.
UNITS = tuple({"amp": "ampere", "candle": "candela"}.get(name, name) for name in BASE_UNITS)


def _is_whole(exponent: Expression) -> bool:
    return isinstance(exponent, Number) and exponent.value == int(exponent.value)


def _clip(x: Expression, low: Expression, high: Expression) -> Any:
    """Return a node: the least of high and the greatest of low and x; inf bounds nothing.

    Not a piecewise function: there solvers look for the moment at which x crosses a bound, and
    get stuck where x rests on one, as many do in a resting cell.
    """
    node = mathematics(x)
    for bound, kind in ((low, libsbml.AST_FUNCTION_MAX), (high, libsbml.AST_FUNCTION_MIN)):
        if bound != Number(math.inf):
            node = _apply(kind, mathematics(bound), node)
    return node


def _not_negative(x: Expression) -> Any:
    """Return a node: x where it is positive, else nothing of it.

    Concentrations start at 0, and the trial steps of an implicit solver go below. 0*x has the
    unit of x.
    """
    nothing = _apply(libsbml.AST_TIMES, number(0), mathematics(x))
    return _apply(libsbml.AST_FUNCTION_MAX, mathematics(x), nothing)


def _apply(kind: int, *children: Any) -> Any:
    node = libsbml.ASTNode(kind)
    for child in children:
        node.addChild(child)
    return node
