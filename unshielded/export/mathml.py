"""Equation text to the mathematics of SBML (MathML), through libsbml.

Every number gets a unit: none, or that of the unit word that it multiplies. So the units of the
exported equations can be checked by any tool.
"""

from __future__ import annotations

import ast
from typing import Any

import libsbml

from unshielded.export.units import NO_UNIT, Powers, identifier, of_word
from unshielded.mechanism import MechanismError

_OPERATORS: dict[type[ast.operator], int] = {
    ast.Add: libsbml.AST_PLUS,
    ast.Sub: libsbml.AST_MINUS,
    ast.Mult: libsbml.AST_TIMES,
    ast.Div: libsbml.AST_DIVIDE,
    ast.Pow: libsbml.AST_FUNCTION_POWER,
}
_FUNCTIONS = {"exp": libsbml.AST_FUNCTION_EXP, "log": libsbml.AST_FUNCTION_LN}


def mathematics(text: str) -> Any:
    """Translate an expression of the model into a ``libsbml.ASTNode``.

    ``clip`` becomes ``min`` and ``max``, a unit word the number 1 with that unit. The 0 and 1
    that stand for what a lone cell does not have (``0 + x``, ``x/1.0``) are left out.

    Raises
    ------
    MechanismError
        If `text` holds something that no equation of the model may hold.
    """
    return _node(ast.parse(text, mode="eval").body, text)


def at_or_after(seconds: float) -> Any:
    """Return ``time >= seconds``."""
    now = libsbml.ASTNode(libsbml.AST_NAME_TIME)
    now.setName("time")
    unit = of_word("second")
    assert unit is not None
    return _apply(libsbml.AST_RELATIONAL_GEQ, now, number(seconds, unit))


def number(value: float, unit: Powers = NO_UNIT) -> Any:
    """Return a number with its unit."""
    if isinstance(value, int):
        node = libsbml.ASTNode(libsbml.AST_INTEGER)
        node.setValue(value)
    else:
        node = libsbml.ASTNode(libsbml.AST_REAL)
        node.setValue(float(value))
    node.setUnits(identifier(unit))
    return node


def _node(tree: ast.expr, text: str) -> Any:
    match tree:
        case ast.Constant(value=int() | float() as value):
            return number(value)
        case ast.Name(id=name):
            return _name(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _apply(libsbml.AST_MINUS, _node(operand, text))
        case ast.BinOp(left=left, op=ast.Add(), right=right) if _is(left, 0):
            return _node(right, text)
        case ast.BinOp(left=left, op=ast.Div() | ast.Mult(), right=right) if _is(right, 1):
            return _node(left, text)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            kind = _OPERATORS[type(operator)]
            return _apply(kind, _node(left, text), _node(right, text))
        case ast.Call(func=ast.Name(id="clip"), args=[x, low, high]):
            return _clip(x, low, high, text)
        case ast.Call(func=ast.Name(id="sqrt"), args=[x]):
            return _apply(libsbml.AST_FUNCTION_ROOT, _not_negative(x, text))
        case ast.Call(func=ast.Name(id=function), args=[x]) if function in _FUNCTIONS:
            return _apply(_FUNCTIONS[function], _node(x, text))
    raise MechanismError(
        f"{ast.unparse(tree)!r} in {text!r} has no translation to SBML; expected + - * / **, "
        "exp, log, sqrt, clip, names and numbers"
    )


def _is(tree: ast.expr, value: int) -> bool:
    return isinstance(tree, ast.Constant) and tree.value == value


def _name(name: str) -> Any:
    if (unit := of_word(name)) is not None:
        return number(1, unit)
    node = libsbml.ASTNode(libsbml.AST_NAME)
    node.setName(name)
    return node


def _clip(x: ast.expr, low: ast.expr, high: ast.expr, text: str) -> Any:
    """Return a node: the least of high and the greatest of low and x; inf bounds nothing.

    Not a piecewise function: there solvers look for the moment at which x crosses a bound, and
    get stuck where x rests on one, as many do in a resting cell.
    """
    node = _node(x, text)
    for bound, kind in ((low, libsbml.AST_FUNCTION_MAX), (high, libsbml.AST_FUNCTION_MIN)):
        if not (isinstance(bound, ast.Name) and bound.id == "inf"):
            node = _apply(kind, _node(bound, text), node)
    return node


def _not_negative(x: ast.expr, text: str) -> Any:
    """Return a node: x where it is positive, else nothing of it.

    Concentrations start at 0, and the trial steps of an implicit solver go below. 0*x has the
    unit of x.
    """
    nothing = _apply(libsbml.AST_TIMES, number(0), _node(x, text))
    return _apply(libsbml.AST_FUNCTION_MAX, _node(x, text), nothing)


def _apply(kind: int, *children: Any) -> Any:
    node = libsbml.ASTNode(kind)
    for child in children:
        node.addChild(child)
    return node
