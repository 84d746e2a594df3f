"""Equations and statements as Brian2 reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from unshielded.mechanism.dimension import base_unit, dimension_of_unit
from unshielded.mechanism.equation import Equation, Statement
from unshielded.mechanism.expression import Expression
from unshielded.mechanism.lowering import lowered
from unshielded.mechanism.model import Model
from unshielded.mechanism.targets.infix import Infix, number


def expression(tree: Expression, functions: Mapping[str, str] | None = None) -> str:
    """Return an expression as Brian2 code; `functions` are renamed."""
    return Infix(functions or {}, number=number)(lowered(tree))


def statements(block: Iterable[Statement], functions: Mapping[str, str] | None = None) -> str:
    """Return statements as Brian2 code, one a line."""
    return "\n".join(f"{s.name} {s.operator} {expression(s.right, functions)}" for s in block)


def declarations(model: Model) -> str:
    """Return parameters, named lines and variables; states are declared like any variable.

    For an integrator of one's own.
    """
    return "\n".join([*_parameters(model), *(_line(one, "") for one in model.lines.values())])


def equations(model: Model) -> str:
    """Return parameters and all equations, for Brian2's own integrators."""
    rates = {name: f"d{name}/dt = {expression(tree)}" for name, tree in model.rates.items()}
    lines = [_line(one, rates.get(name, "")) for name, one in model.lines.items()]
    return "\n".join([*_parameters(model), *lines])


def unit(text: str) -> str:
    """Return a unit as Brian2 reads it, in base units."""
    return base_unit(dimension_of_unit(text))


def _parameters(model: Model) -> list[str]:
    return [
        f"{p.name} : {unit(p.unit)} ({'constant' if p.per_cell else 'shared, constant'})"
        for p in model.parameters.values()
    ]


def _line(line: Equation, rate: str) -> str:
    left = rate or line.name
    if line.right is not None and not line.is_rate:
        left = f"{line.name} = {expression(line.right)}"
    flags = f" ({', '.join(line.flags)})" if line.flags else ""
    shown = "integer" if line.unit == "integer" else unit(line.unit)
    return f"{left} : {shown}{flags}"
