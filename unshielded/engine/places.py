"""Agents that some neurons see and others do not.

As they are written, the equations of the bath have one value for all neurons, and so has what follows from
it alone. Here the concentrations of chosen agents, and all that follows from them, get one value for each
neuron; nothing else of a model changes, and without such agents nothing at all.

What acts on terminals is seen where these end: at the neuron behind the synapse, with the constants of the
neuron in front of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from unshielded.mechanism.equation import Equation
from unshielded.mechanism.expression import Expression, names, substitute
from unshielded.mechanism.model import Model


def divide(model: Model, stems: Collection[str]) -> tuple[Model, Model]:
    """Return what of a bath stays shared, and what has one value for each neuron.

    Parameters
    ----------
    stems
        Of the agents that differ between neurons.
    """
    own = {f"{stem}_{what}" for stem in stems for what in ("bath", "applied")}
    while more := {n for n in model.lines if n not in own and _uses(model, n) & own}:
        own |= more
    placed = _part(model, own)
    lines = {name: _of_each(line) for name, line in placed.lines.items()}
    return _part(model, set(model.lines) - own), replace(placed, lines=lines, parameters={})


def at_the_terminal(line: str, model: Model, stems: Collection[str]) -> Expression:
    """Return a named line of the neuron in front of a synapse, with the bath of the one behind it.

    Parameters
    ----------
    line
        Made of concentrations and parameters.
    stems
        Of the agents that differ between neurons.
    """
    found = model.named[line]
    while inner := names(found) & set(model.named):
        found = substitute(found, {name: model.named[name] for name in inner})
    local = {f"{stem}_bath" for stem in stems}
    return substitute(found, {n: f"{n}_post" if n in local else f"{n}_pre" for n in names(found)})


def _uses(model: Model, line: str) -> frozenset[str]:
    right = model.lines[line].right
    return frozenset() if right is None else names(right)


def _of_each(line: Equation) -> Equation:
    return replace(line, flags=tuple(flag for flag in line.flags if flag != "shared"))


def _part(model: Model, chosen: Collection[str]) -> Model:
    return replace(
        model,
        lines={name: line for name, line in model.lines.items() if name in chosen},
        rates={name: rate for name, rate in model.rates.items() if name in chosen},
        named={name: right for name, right in model.named.items() if name in chosen},
        statements={
            block: tuple(one for one in statements if one.name in chosen)
            for block, statements in model.statements.items()
        },
    )
