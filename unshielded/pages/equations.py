r"""The lines of a mechanism in LaTeX, long sums broken between their terms."""

from __future__ import annotations

import re

from unshielded.mechanism.equation import Equation, Statement
from unshielded.mechanism.expression import Binary, Call, Expression, Name, rebuild, walk
from unshielded.mechanism.targets import latex
from unshielded.pages.symbols import symbols

#: Characters that fit on a line of a page; commands of LaTeX do not count.
_WIDTH = 92


def line(of: Equation) -> str:
    """Return an equation; a variable that is only declared is its symbol alone."""
    left = latex.equation(Equation(of.name, of.unit, None, of.is_rate), symbols())
    return left if of.right is None else _written(left, "=", of.right)


def start(name: str, value: Expression) -> str:
    """Return the value of a variable at the start."""
    return _written(rf"{symbols()[name]}(0)", "=", value)


def statement(of: Statement) -> str:
    """Return an assignment as an arrow."""
    left = symbols().get(of.name) or latex.name(of.name, {})
    return _written(left, r"\leftarrow" + (f" {left} +" if of.operator == "+=" else ""), of.right)


def contribution(balance: str, term: Expression) -> str:
    """Return a balance with one of its terms; the dots are what other mechanisms add."""
    text = expression(term)
    joined = text if text.startswith("-") else f"+ {text}"
    return rf"{symbols()[balance]} = \dots {joined}"


def expression(of: Expression) -> str:
    """Return an expression on one line; a dot between factors, for symbols are words."""
    known = dict(symbols())
    return latex.expression(_readable(of, known), known).replace(r"\,", r" \cdot ")


def _readable(node: Expression, known: dict[str, str]) -> Expression:
    """Write powers of e with a fraction in them as a function; `known` gets what each is written as."""

    def change(one: Expression) -> Expression:
        match one:
            case Call("exp", (x,)) if any(
                isinstance(part, Binary) and part.operator == "/" for part in walk(x)
            ):
                stand_in = f"exp {len(known)}"
                known[stand_in] = rf"\exp\left({latex.expression(x, known)}\right)"
                return Name(stand_in)
        return one

    return rebuild(node, change)


def _written(left: str, sign: str, right: Expression) -> str:
    whole = f"{left} {sign} {expression(right)}"
    if _width(whole) <= _WIDTH:
        return whole
    match right:
        case Binary("/", above, below) if len(_terms(above)) > 1:
            first = rf"\frac{{1}}{{{expression(below)}}}\big["
            return _rows(f"{left} &{sign} {first}", _terms(above)) + r"\big]"
    parts = _terms(right)
    return whole if len(parts) == 1 else _rows(f"{left} &{sign}", parts)


def _rows(begin: str, parts: list[str]) -> str:
    """Return terms over as many lines as they need, each line as full as it can be."""
    rows = [f"{begin} {parts[0]}"]
    for part in parts[1:]:
        if _width(rows[-1] + part) <= _WIDTH:
            rows[-1] += f" {part}"
        else:
            rows.append(rf"&\quad {part}")
    return r" \\ ".join(rows)


def _terms(node: Expression) -> list[str]:
    """Return the terms of a sum with their signs, those of the first without a plus."""
    match node:
        case Binary("+" | "-" as sign, left, right):
            text = expression(right)
            bare = isinstance(right, Binary) and right.operator in "+-"
            return [*_terms(left), rf"{sign} \left({text}\right)" if bare else f"{sign} {text}"]
    return [expression(node)]


def _width(text: str) -> int:
    return len(re.sub(r"\\[a-zA-Z]+|[{}&\\,;^_ ]", "", text))
