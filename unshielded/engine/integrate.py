r"""The integrators, written out as statements: Euler for the fast clock, midpoint for the slow.

.. math::
    \text{Euler: } y' = y + \Delta t\,f(y), \qquad
    \text{midpoint: } y' = y + \Delta t\,f\big(y + \tfrac{1}{2}\Delta t\,f(y)\big)

First and second order, and both exact for every linear invariant (calcium, ATP books). Brian2's
own integrators put each current and flux into each balance by text, so it is computed many
times; here a named line is computed once per stage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.join import Model


def euler(model: Model) -> str:
    """Return the statements that advance all states of `model` by one Euler step."""
    return "\n".join([*_stage(model, {}, "1"), *_step(model, "1")])


def midpoint(model: Model) -> str:
    """Return the statements that advance all states of `model` by one midpoint step."""
    half = {state: f"{state}_half" for state in model.rates}
    return "\n".join(
        [
            *_stage(model, {}, "1"),
            *(f"{half[s]} = {s} + 0.5*dt*{s}_rate_1" for s in model.rates),
            *_stage(model, half, "2"),
            *_step(model, "2"),
        ]
    )


def after(model: Model) -> str:
    """Return the statements of `model` after a step, the named lines that they use before them.

    Brian2 would put each named line in their place by itself, as its own text: written out
    like those of the step, what does not change in a step is not computed again.

    Raises
    ------
    MechanismError
        If one of them sets what such a line depends on: the line would be out of date.
    """
    wanted = set(_words(model.after_step)) & set(model.named)
    for name, text in reversed(list(model.named.items())):
        if name in wanted:
            wanted |= set(_words(text)) & set(model.named)
    used = {word for name in wanted for word in _words(model.named[name])}
    changed = used & set(re.findall(r"^(\w+) [-+*/]?=", model.after_step, flags=re.MULTILINE))
    if changed:
        raise MechanismError(f"{sorted(changed)[0]!r} is set after a step, and used there before")
    names = {name: f"{name}_3" for name in model.named if name in wanted}
    lines = [f"{names[name]} = {rename(model.named[name], names)}" for name in names]
    return "\n".join([*lines, rename(model.after_step, names)])


def _step(model: Model, stage: str) -> list[str]:
    return [f"{s} = {s} + dt*{s}_rate_{stage}" for s in model.rates]


def _stage(model: Model, states: Mapping[str, str], stage: str) -> list[str]:
    """Every named line that depends on the state, then every rate, at the given states."""
    names = {**states, **{name: f"{name}_{stage}" for name in model.named}}
    named = [f"{names[name]} = {rename(text, names)}" for name, text in model.named.items()]
    return named + [f"{s}_rate_{stage} = {rename(t, names)}" for s, t in model.rates.items()]


def _words(text: str) -> list[str]:
    return re.findall(r"\b[A-Za-z_]\w*\b", text)


def rename(text: str, names: Mapping[str, str]) -> str:
    """Replace whole identifiers."""
    return re.sub(r"\b[A-Za-z_]\w*\b", lambda word: names.get(word[0], word[0]), text)
