"""Add mechanisms up to a model: one set of equations, every balance written out and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from brian2.equations.equations import (
    DIFFERENTIAL_EQUATION,
    PARAMETER,
    SUBEXPRESSION,
    Equations,
    SingleEquation,
)
from brian2.units.fundamentalunits import Dimension, get_or_create_dimension

from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.mechanism import Mechanism
from unshielded.mechanism.parameter import Parameter
from unshielded.mechanism.units import si_exponents

# Brian2 keeps a dimension as seven exponents in this order.
_BASE_QUANTITIES = (
    "[length]",
    "[mass]",
    "[time]",
    "[current]",
    "[temperature]",
    "[substance]",
    "[luminosity]",
)
_BASE_UNITS = ("metre", "kilogram", "second", "amp", "kelvin", "mole", "candle")


@dataclass(frozen=True)
class Model:
    """The sum of mechanisms.

    Attributes
    ----------
    equations
        Brian2 equation text, parameters declared, balances written out.
    parameters
        By name: shared ones and, with ``per_cell``, per-neuron ones.
    rates
        State → right-hand side, in order.
    named
        Named line → expression, each after those that it uses.
    variables
        Everything that `equations` define or declare: name → Brian2 dimension.
    initial
        State → expression at the start.
    states
        Names of the differential equations.
    on_spike, before_step, after_step
        Statements, in the order of the mechanisms.
    """

    equations: str
    parameters: Mapping[str, Parameter]
    rates: Mapping[str, str]
    named: Mapping[str, str]
    variables: Mapping[str, Dimension]
    initial: Mapping[str, str]
    on_spike: str
    before_step: str
    after_step: str

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the differential equations, in order."""
        return tuple(self.rates)

    @property
    def declarations(self) -> str:
        """The equations with the states only declared: for an integrator of one's own."""
        return re.sub(r"^d(\w+)/dt = .* :", r"\1 :", self.equations, flags=re.MULTILINE)


def brian_dimension(unit: str) -> Dimension:
    """Return the Brian2 dimension of a unit written as text."""
    exponents = si_exponents(unit)
    return get_or_create_dimension([exponents.get(name, 0) for name in _BASE_QUANTITIES])


def brian_unit(dimension: Dimension) -> str:
    """Return a Brian2 unit expression in base units for a dimension."""
    powers = [(n, p) for n, p in zip(_BASE_UNITS, dimension._dims, strict=True) if p]
    return " * ".join(f"{n} ** {p:g}" for n, p in powers) or "1"


def join(
    mechanisms: Iterable[Mechanism],
    balances: Mapping[str, str],
    given: Mapping[str, str] | None = None,
    gate: str = "",
) -> Model:
    """Add mechanisms up.

    Parameters
    ----------
    mechanisms
        What the population consists of.
    balances
        Balance → unit. Each becomes one line, the sum of what the mechanisms contribute.
    given
        Variable → unit: what comes from outside the model (linked from the other clock).
    gate
        If set, every differential equation is multiplied by this variable (``alive``).

    Raises
    ------
    MechanismError
        If something required is missing or has another dimension, a contribution goes to an
        unknown balance, or two mechanisms define one name.
    """
    mechanisms = tuple(mechanisms)
    given = dict(given or {})
    parameters = _parameters(mechanisms)
    text = "\n".join(
        [
            *(_declare(p) for p in parameters.values()),
            *(_balance(name, unit, mechanisms) for name, unit in balances.items()),
        ]
    )
    _refuse_unknown_balances(mechanisms, balances)
    try:
        equations = Equations(text)
    except Exception as error:
        raise MechanismError(f"parameters and balances: {error}") from error
    for mechanism in mechanisms:
        try:
            equations += Equations(mechanism.equations)
        except Exception as error:
            raise MechanismError(f"mechanism {mechanism.name!r}: {error}") from error
    if gate:
        equations = _gated(equations, gate)
    dimensions = dict(equations.dimensions)
    dimensions.update({name: brian_dimension(unit) for name, unit in given.items()})
    for mechanism in mechanisms:
        _check(mechanism, "requires", mechanism.requires, dimensions)
        _check(mechanism, "provides", mechanism.provides, dimensions)
    return Model(
        equations=_as_text(equations),
        parameters=parameters,
        rates={n: e.expr.code for n, e in equations.items() if e.type == DIFFERENTIAL_EQUATION},
        named={e.varname: e.expr.code for e in equations.ordered if e.type == SUBEXPRESSION},
        variables=dimensions,
        initial={k: v for m in mechanisms for k, v in m.initial.items()},
        on_spike=_lines(m.on_spike for m in mechanisms),
        before_step=_lines(m.before_step for m in mechanisms),
        after_step=_lines(m.after_step for m in mechanisms),
    )


def _parameters(mechanisms: tuple[Mechanism, ...]) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    for mechanism in mechanisms:
        for parameter in mechanism.parameters:
            if parameter.name in parameters:
                raise MechanismError(f"{parameter.name!r} is declared by two mechanisms")
            parameters[parameter.name] = parameter
    return parameters


def _declare(parameter: Parameter) -> str:
    flags = "constant" if parameter.per_cell else "shared, constant"
    return f"{parameter.name} : {brian_unit(brian_dimension(parameter.unit))} ({flags})"


def _balance(name: str, unit: str, mechanisms: tuple[Mechanism, ...]) -> str:
    base = brian_unit(brian_dimension(unit))
    terms = [m.contributes[name] for m in mechanisms if name in m.contributes]
    total = " + ".join(f"({term})" for term in terms) or f"0*{base.replace(' ', '')}"
    return f"{name} = {total} : {base}"


def _refuse_unknown_balances(
    mechanisms: tuple[Mechanism, ...], balances: Mapping[str, str]
) -> None:
    for mechanism in mechanisms:
        for name in mechanism.contributes:
            if name not in balances:
                raise MechanismError(
                    f"mechanism {mechanism.name!r} contributes to {name!r}, "
                    f"which is no balance of this model; it has {sorted(balances)}"
                )


def _gated(equations: Equations, gate: str) -> Equations:
    return Equations(
        [
            SingleEquation(
                e.type,
                e.varname,
                e.dim,
                var_type=e.var_type,
                expr=type(e.expr)(f"{gate}*({e.expr.code})"),
                flags=e.flags,
            )
            if e.type == DIFFERENTIAL_EQUATION
            else e
            for e in equations.values()
        ]
    )


def _check(
    mechanism: Mechanism, what: str, wanted: Mapping[str, str], have: Mapping[str, Dimension]
) -> None:
    for name, unit in wanted.items():
        if name not in have:
            raise MechanismError(
                f"mechanism {mechanism.name!r} {what} {name!r}, which nothing in the model defines"
            )
        if have[name] is not brian_dimension(unit):
            raise MechanismError(
                f"mechanism {mechanism.name!r} {what} {name!r} in {unit or '1'}, "
                f"but it is defined in {have[name]}"
            )


def _as_text(equations: Equations) -> str:
    lines = []
    for e in equations.values():
        unit = "integer" if e.var_type == "integer" else brian_unit(e.dim)
        flags = f" ({', '.join(e.flags)})" if e.flags else ""
        if e.type == DIFFERENTIAL_EQUATION:
            left = f"d{e.varname}/dt = {e.expr.code}"
        elif e.type == SUBEXPRESSION:
            left = f"{e.varname} = {e.expr.code}"
        else:
            assert e.type == PARAMETER
            left = e.varname
        lines.append(f"{left} : {unit}{flags}")
    return "\n".join(lines)


def _lines(blocks: Iterable[str]) -> str:
    return "\n".join(
        line.strip() for block in blocks for line in block.splitlines() if line.strip()
    )
