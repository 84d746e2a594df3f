"""What languages that write ``a*b + f(c)`` have in common: operators, brackets, numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

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

_PRECEDENCE = {"or": 1, "and": 2, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "neg": 7, "**": 8}  # fmt: skip
_ATOM = 9


@dataclass(frozen=True)
class Infix:
    """How a language writes expressions.

    Attributes
    ----------
    functions
        Function of the model → its name there.
    words
        ``and``, ``or`` → how they are written.
    number, unit
        How a number and a unit word are written.
    """

    functions: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    number: Callable[[int | float], str] = repr
    unit: Callable[[str], str] = str

    def __call__(self, expression: Expression) -> str:
        """Return the text of an expression, with no more brackets than its tree needs."""
        return self._text(expression)[0]

    def _text(self, node: Expression) -> tuple[str, int]:
        match node:
            case Number(value):
                return self.number(value), _ATOM if value >= 0 else _PRECEDENCE["neg"]
            case Name(name):
                return name, _ATOM
            case Unit(word):
                return self.unit(word), _ATOM
            case Negative(operand):
                level = _PRECEDENCE["neg"]
                return f"-{self._inside(operand, level + 1)}", level
            case Binary(operator, left, right):
                level = _PRECEDENCE[operator]
                # a**b groups from the right, all others from the left.
                first, second = (level + 1, level) if operator == "**" else (level, level + 1)
                space = " " if operator in "+-%" else ""
                shown = f"{space}{operator}{space}"
                return f"{self._inside(left, first)}{shown}{self._inside(right, second)}", level
            case Compare(operator, left, right):
                level = _PRECEDENCE[operator]
                return f"{self._inside(left, level + 1)} {operator} {self._inside(right, level + 1)}", level  # fmt: skip
            case Logic(operator, operands):
                level = _PRECEDENCE[operator]
                word = f" {self.words.get(operator, operator)} "
                return word.join(self._inside(one, level + 1) for one in operands), level
            case Call(function, arguments):
                shown = ", ".join(self._text(one)[0] for one in arguments)
                return f"{self.functions.get(function, function)}({shown})", _ATOM

    def _inside(self, node: Expression, level: int) -> str:
        text, own = self._text(node)
        return text if own >= level else f"({text})"


def number(value: int | float) -> str:
    """Return a number so that it is read back to the last bit; infinity is ``inf``."""
    return "inf" if value == math.inf else repr(value)


#: The text of an expression as the files of the mechanisms have it.
plain = Infix(number=number)
