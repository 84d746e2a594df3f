"""The lines of a mechanism: differential equations, named lines, declarations, statements."""

from __future__ import annotations

from dataclasses import dataclass

from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.expression import Expression, parse


@dataclass(frozen=True)
class Equation:
    """A differential equation, a named line, or a variable that is only declared.

    Attributes
    ----------
    name
        What it gives a value, or declares.
    unit
        As it was written; empty for dimensionless, ``"integer"`` for a whole number.
    right
        The right-hand side; None for a variable that is only declared.
    is_rate
        Whether `right` is its time derivative.
    flags
        ``shared`` (one value for all cells), ``constant``.
    """

    name: str
    unit: str
    right: Expression | None = None
    is_rate: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """One assignment, ``name = right`` or ``name += right``."""

    name: str
    operator: str
    right: Expression


def parse_equations(text: str) -> tuple[Equation, ...]:
    """Return the lines of equation text.

    Raises
    ------
    MechanismError
        If a line is not ``dx/dt = … : unit``, ``x = … : unit`` or ``x : unit``.
    """
    return tuple(_line(line) for line in _lines(text))


def parse_statements(text: str) -> tuple[Statement, ...]:
    """Return the statements of a block of text.

    Raises
    ------
    MechanismError
        If a line is not ``x = …`` or ``x += …``.
    """
    return tuple(_statement(line) for line in _lines(text))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _line(line: str) -> Equation:
    left, equals, rest = line.partition("=")
    right, colon, unit = rest.rpartition(":") if equals else ("", *line.partition(":")[1:])
    name = left.partition(":")[0].strip()
    is_rate = name.startswith("d") and name.endswith("/dt")
    name = name[1:-3] if is_rate else name
    complete = right.strip() if equals else not is_rate
    if not (colon and name.isidentifier() and complete):
        raise MechanismError(
            f"{line!r} is not an equation; expected 'dx/dt = … : unit', 'x = … : unit' or 'x : unit'"
        )
    unit, _, flags = unit.partition("(")
    return Equation(
        name,
        "" if unit.strip() == "1" else unit.strip(),
        parse(right) if equals else None,
        is_rate,
        tuple(flag.strip() for flag in flags.rstrip(") ").split(",") if flag.strip()),
    )


def _statement(line: str) -> Statement:
    operator = "+=" if "+=" in line else "="
    name, found, right = line.partition(operator)
    if not (found and name.strip().isidentifier()):
        raise MechanismError(f"{line!r} is not a statement; expected 'x = …' or 'x += …'")
    return Statement(name.strip(), operator, parse(right))
