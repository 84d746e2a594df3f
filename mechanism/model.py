"""Add mechanisms up to a model: one set of equations, every balance written out and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from unshielded.mechanism.dimension import Dimension, base_unit, dimension, dimension_of_unit
from unshielded.mechanism.equation import Equation, Statement
from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.expression import (
    CLOCK,
    Binary,
    Expression,
    Name,
    Number,
    names,
    nearest,
    total,
)
from unshielded.mechanism.lowering import lowered
from unshielded.mechanism.mechanism import Mechanism
from unshielded.mechanism.parameter import Parameter
from unshielded.mechanism.targets.infix import plain
from unshielded.mechanism.units import UnitError


@dataclass(frozen=True)
class Model:
    """The sum of mechanisms.

    Attributes
    ----------
    lines
        Balances and equations by name, in the order of the mechanisms.
    parameters
        By name: shared ones and, with ``per_cell``, per-neuron ones.
    rates
        State → right-hand side, in order.
    named
        Named line → expression, each after those that it uses.
    initial
        Variable → expression at the start.
    relaxations
        Stiff line → the rate at which it relaxes.
    statements
        ``on_spike``, ``before_step``, ``after_step`` → statements, in the order of the mechanisms.
    dimensions
        Everything that is defined, declared or given → dimension; filled in by :func:`join`.
    """

    lines: Mapping[str, Equation]
    parameters: Mapping[str, Parameter]
    rates: Mapping[str, Expression]
    named: Mapping[str, Expression]
    initial: Mapping[str, Expression]
    relaxations: Mapping[str, Expression]
    statements: Mapping[str, tuple[Statement, ...]]
    dimensions: Mapping[str, Dimension]

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the differential equations, in order."""
        return tuple(self.rates)

    @property
    def variables(self) -> frozenset[str]:
        """What has a value of its own: states, and what is only declared and set from elsewhere."""
        return frozenset(n for n, line in self.lines.items() if line.is_rate or line.right is None)


def add_up(mechanisms: Iterable[Mechanism], balances: Mapping[str, str], gate: str = "") -> Model:
    """Add mechanisms up, without a look at what they require of others.

    Parameters
    ----------
    mechanisms
        What the model consists of.
    balances
        Balance → unit. Each becomes one line, the sum of what the mechanisms contribute.
    gate
        If set, every differential equation is multiplied by this variable (``alive``).

    Raises
    ------
    MechanismError
        If two mechanisms define one name, or named lines depend on each other in a circle.
    """
    mechanisms = tuple(mechanisms)
    sums = [
        Equation(name, unit, total(m.terms[name] for m in mechanisms if name in m.terms))
        for name, unit in balances.items()
    ]
    lines: dict[str, Equation] = {line.name: line for line in sums}
    parameters: dict[str, Parameter] = {}
    for mechanism in mechanisms:
        for parameter in mechanism.parameters:
            _refuse_second(parameter.name, mechanism, {**lines, **parameters})
            parameters[parameter.name] = parameter
        for line in mechanism.lines:
            # What is only declared may be so by mechanisms of both clocks.
            if lines.get(line.name) != line or line.right is not None:
                _refuse_second(line.name, mechanism, {**lines, **parameters})
            lines[line.name] = line
    rates = {name: _gated(line.right, gate) for name, line in lines.items() if line.is_rate}
    named = {n: line.right for n, line in lines.items() if line.right and not line.is_rate}
    return Model(
        lines=lines,
        parameters=parameters,
        rates=rates,
        named=ordered(named),
        initial={k: v for m in mechanisms for k, v in m.starts.items()},
        relaxations={k: v for m in mechanisms for k, v in m.relaxations.items()},
        statements={
            block: tuple(one for m in mechanisms for one in m.statements[block])
            for block in ("on_spike", "before_step", "after_step")
        },
        dimensions={},
    )


def join(
    mechanisms: Iterable[Mechanism],
    balances: Mapping[str, str],
    given: Mapping[str, str] | None = None,
    gate: str = "",
) -> Model:
    """Add mechanisms up, and check that names and dimensions fit together.

    Parameters
    ----------
    mechanisms, balances, gate
        As for :func:`add_up`.
    given
        Variable → unit: what comes from outside the model (linked from the other clock).

    Raises
    ------
    MechanismError
        If something required is missing or has another dimension, a contribution goes to an
        unknown balance or has another dimension, or an equation does not add up.
    """
    mechanisms = tuple(mechanisms)
    _refuse_unknown_balances(mechanisms, balances)
    model = add_up(mechanisms, balances, gate)
    for mechanism in mechanisms:
        _refuse_bad_units(mechanism)
    dimensions = {
        **{name: dimension_of_unit(unit) for name, unit in CLOCK.items()},
        **{p.name: dimension_of_unit(p.unit) for p in model.parameters.values()},
        **{name: _dimension_of_line(line) for name, line in model.lines.items()},
        **{name: dimension_of_unit(unit) for name, unit in (given or {}).items()},
    }
    for mechanism in mechanisms:
        _check_interface(mechanism, dimensions)
        _check_equations(mechanism, balances, dimensions)
    return replace(model, dimensions={k: v for k, v in dimensions.items() if k not in CLOCK})


def ordered(named: Mapping[str, Expression]) -> dict[str, Expression]:
    """Return named lines, each after those that it uses.

    Raises
    ------
    MechanismError
        If they depend on each other in a circle.
    """
    # Sorted, since the order of a set of names differs from process to process.
    graph = {name: sorted(names(right) & named.keys()) for name, right in named.items()}
    try:
        return {name: named[name] for name in TopologicalSorter(graph).static_order()}
    except CycleError as error:
        raise MechanismError(f"{' → '.join(error.args[1])}: defined by itself") from None


def _refuse_second(name: str, mechanism: Mechanism, have: Mapping[str, object]) -> None:
    if name in have:
        raise MechanismError(
            f"mechanism {mechanism.name!r} defines {name!r}, which another one defines already"
        )


def _gated(right: Expression | None, gate: str) -> Expression:
    assert right is not None
    return Binary("*", Name(gate), right) if gate else right


def _refuse_bad_units(mechanism: Mechanism) -> None:
    units = {
        **{p.name: p.unit for p in mechanism.parameters},
        **{line.name: line.unit for line in mechanism.lines if line.unit != "integer"},
        **mechanism.requires,
        **mechanism.provides,
    }
    for name, unit in units.items():
        try:
            dimension_of_unit(unit)
        except UnitError as error:
            raise MechanismError(f"mechanism {mechanism.name!r}, {name!r}: {error}") from None


def _dimension_of_line(line: Equation) -> Dimension:
    return dimension_of_unit("" if line.unit == "integer" else line.unit)


def _refuse_unknown_balances(
    mechanisms: tuple[Mechanism, ...], balances: Mapping[str, str]
) -> None:
    for mechanism in mechanisms:
        for name in mechanism.contributes:
            if name not in balances:
                raise MechanismError(
                    f"mechanism {mechanism.name!r} contributes to {name!r}, which is not a balance "
                    f"of this model; it has {sorted(balances)}{nearest(name, balances)}"
                )


def _check_interface(mechanism: Mechanism, have: Mapping[str, Dimension]) -> None:
    for what, wanted in (("requires", mechanism.requires), ("provides", mechanism.provides)):
        for name, unit in wanted.items():
            if name not in have:
                if name in _only_at_the_start(mechanism):
                    continue
                raise MechanismError(
                    f"mechanism {mechanism.name!r} {what} {name!r}, which nothing in the model "
                    f"defines{nearest(name, have)}"
                )
            if have[name] != dimension_of_unit(unit):
                raise MechanismError(
                    f"mechanism {mechanism.name!r} {what} {name!r} in {unit or '1'}, "
                    f"but it is defined in {base_unit(have[name])}"
                )


def _only_at_the_start(mechanism: Mechanism) -> frozenset[str]:
    """Names that its starts use and its equations do not: another clock's model may define them."""
    later = {
        *(n for line in mechanism.lines if line.right is not None for n in names(line.right)),
        *(n for term in mechanism.terms.values() for n in names(term)),
        *(n for block in mechanism.statements.values() for s in block for n in names(s.right)),
        *(s.name for block in mechanism.statements.values() for s in block),
    }
    return frozenset(n for s in mechanism.starts.values() for n in names(s)) - later


def _check_equations(
    mechanism: Mechanism, balances: Mapping[str, str], dimensions: Mapping[str, Dimension]
) -> None:
    """Refuse a line, contribution or statement whose two sides differ in dimension."""
    second = dimension_of_unit("s")
    for line in mechanism.lines:
        if line.right is not None:
            wanted = _dimension_of_line(line)
            if line.is_rate:
                wanted = tuple(a - b for a, b in zip(wanted, second, strict=True))
            _check(mechanism, f"line {line.name!r}", line.right, wanted, dimensions)
    for balance, term in mechanism.terms.items():
        wanted = dimension_of_unit(balances[balance])
        _check(mechanism, f"contribution to {balance!r}", term, wanted, dimensions)
    for name, rate in mechanism.relaxations.items():
        wanted = dimension_of_unit("1/s")
        _check(mechanism, f"stiff line {name!r}", rate, wanted, dimensions)
    for block, statements in mechanism.statements.items():
        known = dict(dimensions)
        for one in statements:
            wanted = known.get(one.name) or dimension(one.right, known)
            known[one.name] = wanted
            if one.right != Number(0):
                _check(mechanism, f"{block} {one.name!r}", one.right, wanted, known)


def _check(
    mechanism: Mechanism,
    place: str,
    right: Expression,
    wanted: Dimension,
    known: Mapping[str, Dimension],
) -> None:
    try:
        lowered(right)  # refuses an exponent that no engine can write out
        found = dimension(right, known)
    except MechanismError as error:
        raise MechanismError(f"mechanism {mechanism.name!r}, {place}: {error}") from None
    if found != wanted:
        raise MechanismError(
            f"mechanism {mechanism.name!r}, {place}: {plain(right)!r} is in {base_unit(found)}, "
            f"expected {base_unit(wanted)}"
        )
