"""The page of one file of mechanisms."""

from __future__ import annotations

import math
from collections.abc import Iterator

from unshielded.circuit.populations import POPULATIONS
from unshielded.mechanism import Mechanism, Parameter
from unshielded.mechanism.temperature import BODY, Q10
from unshielded.pages import equations
from unshielded.pages.curves import svg
from unshielded.pages.places import GROUPS, Place, place_of
from unshielded.pages.relations import elsewhere, meaning, numbers_of, relations
from unshielded.pages.rst import (
    cited,
    formula,
    heading,
    inline,
    number,
    prose,
    raw,
    table,
    with_citations,
)
from unshielded.pages.symbols import name_units, shown_unit, symbols
from unshielded.preparations import PREPARATIONS

_BLOCKS = {
    "on_spike": "When the neuron fires:",
    "before_step": "Before each step of the slow clock:",
    "after_step": "After each step of the slow clock:",
}

_CURVES = (
    "What depends on one variable, with the numbers above and without other agents in the bath.\n"
)

_BY_HAND = "The formulas of this section are written by hand, in short symbols of their own.\n"


def page(place: Place) -> str:
    """Return the page of a file, in reStructuredText."""
    parts = [
        heading(place.title),
        f".. py:module:: {place.module}\n",
        with_citations(place.summary) + "\n",
        f"| Code: ``{place.path}``",
        *_groups_of(place),
        "",
        heading("Equations", 2),
        "Printed from the expressions that the engine compiles. The symbols are explained below.\n",
    ]
    for mechanism in place.mechanisms:
        if len(place.mechanisms) > 1:
            parts.append(heading(f"``{mechanism.name}``", 3))
        parts += _equations(mechanism)
    if place.explanation:
        parts += [heading("Explanation", 2), _BY_HAND if "math::" in place.explanation else ""]
        parts.append(with_citations(place.explanation) + "\n")
    parts += [heading("Symbols", 2), _symbols(place)]
    parts += _numbers(place)
    drawn = svg(place)
    if drawn:
        parts += [heading("Curves", 2), _CURVES, raw(drawn)]
    parts += [heading("Who feeds it, who reads it", 2), *_relations(place)]
    return "\n".join(parts)


def _groups_of(place: Place) -> Iterator[str]:
    for title, what, held in GROUPS:
        names = [f"``{m.name}``" for m in place.mechanisms if any(m is one for one in held)]
        if names:
            yield f"| {', '.join(names)}: {title}; {what}."


def _equations(mechanism: Mechanism) -> Iterator[str]:
    states = [line for line in mechanism.lines if line.is_rate]
    named = [line for line in mechanism.lines if line.right is not None and not line.is_rate]
    if states:
        yield "Rates of change:\n"
        yield from (formula(equations.line(one)) for one in states)
    if named:
        yield "with\n" if states else ""
        yield from (formula(equations.line(one)) for one in named)
    for block, told in _BLOCKS.items():
        if mechanism.statements[block]:
            yield told + "\n"
            yield from (formula(equations.statement(one)) for one in mechanism.statements[block])
    if mechanism.terms:
        yield "Its terms in sums over all mechanisms:\n"
        for balance, term in mechanism.terms.items():
            yield formula(equations.contribution(balance, term))
    starts = {name: value for name, value in mechanism.starts.items() if name in symbols()}
    if starts:
        yield "At the start:\n"
        yield from (formula(equations.start(name, value)) for name, value in starts.items())
    if not (
        mechanism.terms
        or any(line.right for line in mechanism.lines)
        or any(mechanism.statements.values())
    ):
        yield "It has no equation of its own: it holds numbers and variables that others use.\n"


def _symbols(place: Place) -> str:
    numbers = numbers_of(place.mechanisms)
    lines = {line.name: line for m in place.mechanisms for line in m.lines}
    balances = [name for m in place.mechanisms for name in m.contributes]
    given = [name for m in place.mechanisms for name in m.requires]
    rows = []
    for name in dict.fromkeys((*lines, *given, *balances)):
        if name in numbers:
            continue
        if name in lines:
            role = (
                "state"
                if lines[name].is_rate
                else "computed here"
                if lines[name].right
                else "variable"
            )
        else:
            role = _links(relations().givers(name)) or elsewhere(name)
        rows.append(_symbol_row(name, role))
    rows += [_symbol_row(name, "number, below") for name in numbers]
    return table(("symbol", "name in code", "unit", "meaning", "from"), rows)


def _symbol_row(name: str, role: str) -> tuple[str, ...]:
    return (
        inline(symbols()[name]),
        f"``{name}``",
        shown_unit(name_units().get(name, "")),
        prose(meaning(name)),
        role,
    )


def _numbers(place: Place) -> Iterator[str]:
    numbers = numbers_of(place.mechanisms)
    if not numbers:
        return
    yield heading("Numbers", 2)
    rows = [
        (
            f"``{p.name}``", _value(p), p.kind, cited(p.source), prose(p.preparation or p.rationale),
            _more(p),
        )
        for p in numbers.values()
    ]  # fmt: skip
    yield table(
        ("name in code", "value", "kind", "source", "preparation or reason", "more"),
        rows,
        "numbers",
    )
    q10s = {m.name: m.q10 for m in place.mechanisms if m.q10 is not None}
    for name, q10 in q10s.items():
        whose = f" of ``{name}``" if len(place.mechanisms) > 1 else ""
        yield f"**Q10** of rates and times{whose}: {_q10(q10)}.\n"
    own = [
        (
            f"``{p.name}``",
            where,
            _value(p),
            p.kind,
            cited(p.source),
            prose(p.preparation or p.rationale),
        )
        for where, p in _elsewhere()
        if p.name in numbers
    ]
    if own:
        yield "Populations and preparations with a number of their own:\n"
        head = ("name in code", "where", "value", "kind", "source", "preparation or reason")
        yield table(head, own, "numbers")


def _elsewhere() -> Iterator[tuple[str, Parameter]]:
    for population in POPULATIONS.values():
        for parameter in population.parameters.values():
            yield f"population ``{population.name}``", parameter
    for name, preparation in PREPARATIONS.items():
        for parameter in preparation.numbers.values():
            yield f"preparation ``{name}``", parameter


def _value(parameter: Parameter) -> str:
    unit = "" if not parameter.unit else f" {shown_unit(parameter.unit)}"
    spread = f" ± {100 * parameter.spread:g} % between cells" if parameter.spread else ""
    return f"{number(parameter.value)}{unit}{spread}"


def _more(parameter: Parameter) -> str:
    told = ["one per cell"] if parameter.per_cell else []
    bounds = (parameter.low, parameter.high)
    if not all(math.isinf(bound) for bound in bounds):
        told.append(f"accepted: {number(bounds[0])} to {number(bounds[1])}")
    if parameter.temperature != BODY:
        told.append(f"at {parameter.temperature:g} °C")
    if parameter.q10 is not None:
        told.append(f"Q10 {parameter.q10.value:g}")
    return "; ".join(told)


def _q10(q10: Q10) -> str:
    source = f", {cited(q10.source)}" if q10.source else ""
    return f"{q10.value:g}, {q10.kind}{source}: {prose(q10.rationale)}"


def _relations(place: Place) -> Iterator[str]:
    known = relations()
    own = {m.name for m in place.mechanisms}
    fed = [
        (inline(symbols()[name]), f"``{name}``", _links(known.givers(name)) or elsewhere(name))
        for name in dict.fromkeys(name for m in place.mechanisms for name in m.requires)
        if not own.issuperset(known.givers(name)) or not known.givers(name)
    ]
    if fed:
        yield "What it takes, and from whom:\n"
        yield table(("symbol", "name in code", "from"), fed)
    given = dict.fromkeys(
        name
        for m in place.mechanisms
        for name in (*(line.name for line in m.lines), *(p.name for p in m.parameters), *m.contributes)
    )  # fmt: skip
    read = [(name, tuple(r for r in known.readers(name) if r not in own)) for name in given]
    rows = [(inline(symbols()[n]), f"``{n}``", _links(who)) for n, who in read if who]
    for name in given:
        for parameter, owner in known.acting.get(name, ()):
            rows.append(
                (
                    inline(symbols()[name]),
                    f"``{name}``",
                    f"changes ``{parameter}`` of {_links((owner,))}",
                )
            )
    if rows:
        yield "What it gives, and to whom:\n"
        yield table(("symbol", "name in code", "read by"), rows)
    if not rows and not fed:
        yield "Nothing is exchanged with other mechanisms.\n"


def _links(mechanisms: tuple[str, ...]) -> str:
    return ", ".join(f":doc:`{name} <{place_of(name).slug}>`" for name in mechanisms)
