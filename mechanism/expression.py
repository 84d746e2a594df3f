"""Expressions of the model as trees: parsed once, then renamed, checked and printed.

An equation is text in the file of its mechanism and a tree everywhere else. Each language that an
equation is needed in is one printer of the tree (:mod:`unshielded.mechanism.targets`).
"""

from __future__ import annotations

import ast
import difflib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from unshielded.mechanism.errors import MechanismError

#: Unit words that may stand in an equation (``0.1*volt``), and the unit that each means.
UNIT_WORDS = {
    "volt": "V",
    "second": "s",
    "mmolar": "mM",
    "siemens": "S",
    "amp": "A",
    "coulomb": "C",
}

#: Function → number of arguments. ``hill(x, n)`` is x^n/(1 + x^n); ``ghk(u)``, of Goldman, Hodgkin
#: and Katz, is u/(1 - e^-u); ``int`` is 1 where a condition holds, else 0; ``clip(x, low, high)``
#: keeps x between two bounds.
FUNCTIONS = {"exp": 1, "log": 1, "sqrt": 1, "clip": 3, "hill": 2, "ghk": 1, "int": 1}

#: What every expression may use without defining it: time and the step of its clock.
CLOCK = {"t": "s", "dt": "s"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written; ``inf`` is one."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter, a state, a named line, or time."""

    name: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One of a unit, such as ``volt``."""

    word: str


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus an expression."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """Two expressions and ``+ - * / ** %`` between them."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function of expressions."""

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Two expressions and ``< <= > >=`` between them: a condition."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Logic:
    """Conditions joined by ``and`` or ``or``."""

    operator: str
    operands: tuple[Expression, ...]


Expression = Number | Name | Unit | Negative | Binary | Call | Compare | Logic

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.Mod: "%",
}
_COMPARE: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def parse(text: str | Expression) -> Expression:
    """Return the tree of an expression; a tree is returned as it is.

    Raises
    ------
    MechanismError
        If `text` is not an expression that an equation of the model may hold.

    Examples
    --------
    >>> parse("g*(E - V)")
    Binary(operator='*', left=Name(name='g'), right=Binary(operator='-', left=Name(name='E'), right=Name(name='V')))
    """
    return _parse(text.strip()) if isinstance(text, str) else text


@cache
def _parse(text: str) -> Expression:
    try:
        body = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise MechanismError(f"{text!r} is not an expression: {error.msg}") from None
    return _tree(body, text)


def _tree(node: ast.expr, text: str) -> Expression:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return Number(value)
        case ast.Name(id="inf"):
            return Number(math.inf)
        case ast.Name(id=word) if word in UNIT_WORDS:
            return Unit(word)
        case ast.Name(id=name):
            return Name(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Negative(_tree(operand, text))
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
            return Binary(_BINARY[type(operator)], _tree(left, text), _tree(right, text))
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if (
            type(operator) in _COMPARE
        ):
            return Compare(_COMPARE[type(operator)], _tree(left, text), _tree(right, text))
        case ast.BoolOp(op=operator, values=values):
            word = "and" if isinstance(operator, ast.And) else "or"
            return Logic(word, tuple(_tree(value, text) for value in values))
        case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
            _refuse_unknown_call(function, len(arguments), text)
            return Call(function, tuple(_tree(argument, text) for argument in arguments))
    raise MechanismError(
        f"{ast.unparse(node)!r} in {text!r} is not part of the language of equations; expected "
        f"+ - * / ** %, comparisons, {', '.join(FUNCTIONS)}, names and numbers"
    )


def _refuse_unknown_call(function: str, arguments: int, text: str) -> None:
    if function not in FUNCTIONS:
        raise MechanismError(
            f"there is no function {function!r} in {text!r}; expected one of "
            f"{', '.join(FUNCTIONS)}{nearest(function, FUNCTIONS)}"
        )
    if arguments != FUNCTIONS[function]:
        raise MechanismError(
            f"{function}() takes {FUNCTIONS[function]} arguments, {text!r} gives it {arguments}"
        )


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint at the known name that is nearest, to be put at the end of a message."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.75)
    return f"; did you mean {near[0]!r}?" if near else ""


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the expressions that an expression is made of."""
    match expression:
        case Negative(operand):
            return (operand,)
        case Binary(_, left, right) | Compare(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case Logic(_, operands):
            return operands
    return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and all that it is made of, from left to right."""
    yield expression
    for child in children(expression):
        yield from walk(child)


@cache
def names(expression: Expression) -> frozenset[str]:
    """Return the names that an expression uses; functions and units are not names."""
    return frozenset(node.name for node in walk(expression) if isinstance(node, Name))


def rebuild(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return an expression with `change` applied to each of its parts, the innermost first."""
    match expression:
        case Negative(operand):
            expression = Negative(rebuild(operand, change))
        case Binary(operator, left, right):
            expression = Binary(operator, rebuild(left, change), rebuild(right, change))
        case Compare(operator, left, right):
            expression = Compare(operator, rebuild(left, change), rebuild(right, change))
        case Call(function, arguments):
            expression = Call(function, tuple(rebuild(one, change) for one in arguments))
        case Logic(operator, operands):
            expression = Logic(operator, tuple(rebuild(one, change) for one in operands))
    return change(expression)


def substitute(expression: Expression, by: Mapping[str, str | Expression]) -> Expression:
    """Return an expression with names replaced: by other names, or by expressions."""

    def change(node: Expression) -> Expression:
        if isinstance(node, Name) and node.name in by:
            new = by[node.name]
            return Name(new) if isinstance(new, str) else new
        return node

    return rebuild(expression, change)


def total(terms: Iterable[Expression]) -> Expression:
    """Return the sum of some expressions; 0 if there are none."""
    found: Expression | None = None
    for term in terms:
        found = term if found is None else Binary("+", found, term)
    return Number(0) if found is None else found
