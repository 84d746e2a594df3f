"""Expressions as Python functions, of floats or of arrays, without any text in between.

The tree of the model becomes the syntax tree of Python, which compiles to a code object.
"""

from __future__ import annotations

import ast
from collections import Counter
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
    walk,
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
    asked = {f"_result_{place}": tree for place, tree in enumerate(results)}
    for line, tree in {**lines, **asked}.items():
        body += _computed(line, tree)
    body.append(ast.Return(ast.List([_load(result) for result in asked], ast.Load())))
    arguments = ast.arguments([], [ast.arg(one) for one in unpacked], None, [], [], None, [])
    definition = ast.FunctionDef(name, arguments, body, [])
    module = ast.fix_missing_locations(ast.Module([definition], []))
    constants = compile(module, f"<{name}>", "exec").co_consts
    code = next(one for one in constants if isinstance(one, CodeType))
    return FunctionType(code, {**scope, "__builtins__": {}})


def _computed(name: str, tree: Expression) -> list[ast.stmt]:
    """Return the statements that set a name to an expression; what repeats in it is computed once."""
    tree = lowered(tree)
    times = Counter[Expression](n for n in walk(tree) if isinstance(n, Binary | Call))
    once: dict[Expression, str] = {}
    body: list[ast.stmt] = []

    def convert(node: Expression) -> ast.expr:
        if node in once:
            return _load(once[node])
        found = _python(node, convert)
        if times[node] > 1:
            once[node] = f"_{name}_{len(once)}"
            body.append(_assign([_store(once[node])], found))
            return _load(once[node])
        return found

    value = convert(tree)
    return [*body, _assign([_store(name)], value)]


def _python(node: Expression, convert: Callable[[Expression], ast.expr]) -> ast.expr:
    """Return an expression as Python's syntax tree; everything is in SI, so a unit is 1."""
    match node:
        case Number(value):
            return ast.Constant(value)
        case Name(name):
            return _load(name)
        case Unit():
            return ast.Constant(1.0)
        case Negative(operand):
            return ast.UnaryOp(ast.USub(), convert(operand))
        case Binary(operator, left, right):
            return ast.BinOp(convert(left), _BINARY[operator](), convert(right))
        case Compare(operator, left, right):
            return ast.Compare(convert(left), [_COMPARE[operator]()], [convert(right)])
        case Logic(operator, operands):
            joined = convert(operands[0])
            for operand in operands[1:]:
                joined = ast.BinOp(joined, _LOGIC[operator](), convert(operand))
            return joined
        case Call(called, arguments):
            return ast.Call(_load(called), [convert(one) for one in arguments], [])


def _load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _store(name: str) -> ast.expr:
    return ast.Name(name, ast.Store())


def _assign(targets: list[ast.expr], value: ast.expr) -> ast.stmt:
    return ast.Assign(targets, value)
