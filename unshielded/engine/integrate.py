r"""The integrators, written out as statements: Euler for the fast clock, midpoint for the slow.

.. math::
    \text{Euler: } y' = y + \Delta t\,f(y), \qquad
    \text{midpoint: } y' = y + \Delta t\,f\big(y + \tfrac{1}{2}\Delta t\,f(y)\big)

First and second order, and both exact for every linear invariant (calcium, ATP books). Brian2's
own integrators put each current and flux into each balance by text, so it is computed many
times; here a named line is computed once per stage.

A line that a mechanism calls stiff is multiplied by

.. math:: D = \frac{2 + z}{2 + z + z^2}, \qquad z = \Delta t\,r

with the rate :math:`r` at which it relaxes: 1 to second order in the step, and stable where the step
is too long for the rate.
"""

from __future__ import annotations

from collections.abc import Mapping

from unshielded.mechanism.equation import Statement
from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.expression import Binary, Expression, Name, names, parse, substitute
from unshielded.mechanism.model import Model, ordered


def euler(model: Model) -> list[Statement]:
    """Return the statements that advance all states of `model` by one Euler step."""
    return [*_stage(model, {}, "1"), *_step(model, "1")]


def midpoint(model: Model) -> list[Statement]:
    """Return the statements that advance all states of `model` by one midpoint step."""
    half = {state: f"{state}_half" for state in model.rates}
    return [
        *_stage(model, {}, "1"),
        *(_set(half[s], parse(f"{s} + 0.5*dt*{s}_rate_1")) for s in model.rates),
        *_stage(model, half, "2"),
        *_step(model, "2"),
    ]


def after(model: Model) -> list[Statement]:
    """Return the statements of `model` after a step, the named lines that they use before them.

    Brian2 would put each named line in their place by itself, as its own text: written out
    like those of the step, what does not change in a step is not computed again.

    Raises
    ------
    MechanismError
        If one of them sets what such a line depends on: the line would be out of date.
    """
    block = model.statements["after_step"]
    wanted = {name for one in block for name in names(one.right)} & set(model.named)
    for name, right in reversed(list(model.named.items())):
        if name in wanted:
            wanted |= names(right) & set(model.named)
    changed = {n for w in wanted for n in names(model.named[w])} & {one.name for one in block}
    if changed:
        raise MechanismError(f"{sorted(changed)[0]!r} is set after a step, and used there before")
    third = {name: f"{name}_3" for name in model.named if name in wanted}
    lines = [_set(third[name], substitute(model.named[name], third)) for name in third]
    return [*lines, *(Statement(s.name, s.operator, substitute(s.right, third)) for s in block)]


def damped(
    named: Mapping[str, Expression], relaxations: Mapping[str, Expression]
) -> Mapping[str, Expression]:
    """Return named lines with the stiff ones damped for a step ``dt``.

    Parameters
    ----------
    relaxations
        Stiff line → the rate at which it relaxes.
    """
    lines = dict(named)
    for name, rate in relaxations.items():
        z = f"{name}_stiffness"
        lines[z] = Binary("*", Name("dt"), rate)
        above = Binary("*", lines[name], parse(f"2 + {z}"))
        lines[name] = Binary("/", above, parse(f"2 + {z}*(1 + {z})"))
    return ordered(lines) if relaxations else lines


def _step(model: Model, stage: str) -> list[Statement]:
    return [_set(s, parse(f"{s} + dt*{s}_rate_{stage}")) for s in model.rates]


def _stage(model: Model, states: Mapping[str, str], stage: str) -> list[Statement]:
    """Every named line that depends on the state, then every rate, at the given states."""
    lines = damped(model.named, model.relaxations)
    at = {**states, **{name: f"{name}_{stage}" for name in lines}}
    named = [_set(at[name], substitute(right, at)) for name, right in lines.items()]
    rates = [_set(f"{s}_rate_{stage}", substitute(r, at)) for s, r in model.rates.items()]
    return named + rates


def _set(name: str, right: Expression) -> Statement:
    return Statement(name, "=", right)
