"""Expressions as Python functions, of floats or of arrays, without any text in between.

The tree of the model becomes the syntax tree of Python, which compiles to a code object.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any

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
from unshielded.mechanism.lowering import lowered

_BINARY: dict[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "%": ast.Mod}  # fmt: skip
_COMPARE: dict[str, type[ast.cmpop]] = {"<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE}
#: Array conditions are joined element by element.
_LOGIC: dict[str, type[ast.operator]] = {"and": ast.BitAnd, "or": ast.BitOr}


def function(
    name: str,
    unpacked: Mapping[str, Sequence[str]],
    lines: Mapping[str, Expression],
    results: Iterable[Expression],
    scope: Mapping[str, object],
) -> Callable[..., Any]:
    """Return a function that unpacks its arguments into names and returns a list of results.

    Parameters
    ----------
    unpacked
        Argument → the names of its items, in order; none if it is one value.
    lines
        Name → expression, each after those that it uses; every one is computed once.
    results
        What is returned, in order.
    scope
        What the functions of the model (``exp``, ``clip`` …) are.
    """
    body: list[ast.stmt] = [
        _assign([ast.Tuple([_store(item) for item in items], ast.Store())], _load(argument))
        for argument, items in unpacked.items()
        if items
    ]
    body += [_assign([_store(line)], python(tree)) for line, tree in lines.items()]
    body.append(ast.Return(ast.List([python(tree) for tree in results], ast.Load())))
    arguments = ast.arguments([], [ast.arg(one) for one in unpacked], None, [], [], None, [])
    definition = ast.FunctionDef(name, arguments, body, [])
    module = ast.fix_missing_locations(ast.Module([definition], []))
    constants = compile(module, f"<{name}>", "exec").co_consts
    code = next(one for one in constants if isinstance(one, CodeType))
    return FunctionType(code, {**scope, "__builtins__": {}})


def python(tree: Expression) -> ast.expr:
    """Return an expression as Python's syntax tree; everything is in SI, so a unit is 1."""
    return _python(lowered(tree))


def _python(node: Expression) -> ast.expr:
    match node:
        case Number(value):
            return ast.Constant(value)
        case Name(name):
            return _load(name)
        case Unit():
            return ast.Constant(1.0)
        case Negative(operand):
            return ast.UnaryOp(ast.USub(), _python(operand))
        case Binary(operator, left, right):
            return ast.BinOp(_python(left), _BINARY[operator](), _python(right))
        case Compare(operator, left, right):
            return ast.Compare(_python(left), [_COMPARE[operator]()], [_python(right)])
        case Logic(operator, operands):
            joined = _python(operands[0])
            for operand in operands[1:]:
                joined = ast.BinOp(joined, _LOGIC[operator](), _python(operand))
            return joined
        case Call(called, arguments):
            return ast.Call(_load(called), [_python(one) for one in arguments], [])


def _load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _store(name: str) -> ast.expr:
    return ast.Name(name, ast.Store())


def _assign(targets: list[ast.expr], value: ast.expr) -> ast.stmt:
    return ast.Assign(targets, value)
