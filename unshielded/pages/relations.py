"""Who gives each quantity of the model its value, and who reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from unshielded import calcium, degeneration
from unshielded.mechanism import Mechanism, Parameter, recorded
from unshielded.mechanism.expression import names, parse
from unshielded.model import MECHANISMS, PARAMETERS
from unshielded.pages.places import words


@dataclass(frozen=True)
class Relations:
    """Names of quantities → names of mechanisms.

    Attributes
    ----------
    defined
        By whom a quantity is computed, set, given at the start, or held as a number.
    adding
        Balance → who contributes to it.
    reading
        Who requires a quantity.
    acting
        Quantity → what it changes beyond its clock, as (parameter of the engine, owner of that parameter).
    """

    defined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    adding: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reading: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    acting: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def givers(self, name: str) -> tuple[str, ...]:
        """Return the mechanisms behind a quantity or a balance; none if it comes from elsewhere."""
        return self.defined.get(name, ()) or self.adding.get(name, ())

    def readers(self, name: str, but: str = "") -> tuple[str, ...]:
        """Return the mechanisms, other than `but`, that read a quantity."""
        return tuple(reader for reader in self.reading.get(name, ()) if reader != but)


@cache
def relations() -> Relations:
    """Return who gives and who reads, over the whole model."""
    defined: dict[str, list[str]] = {}
    adding: dict[str, list[str]] = {}
    reading: dict[str, list[str]] = {}
    for mechanism in MECHANISMS:
        for name in _given_by(mechanism):
            defined.setdefault(name, []).append(mechanism.name)
        for name in mechanism.contributes:
            adding.setdefault(name, []).append(mechanism.name)
        for name in mechanism.requires:
            reading.setdefault(name, []).append(mechanism.name)
    acting: dict[str, list[tuple[str, str]]] = {}
    for changes in (degeneration.FACTORS, degeneration.ADDED, degeneration.TISSUE_FACTORS):
        for parameter, text in changes.items():
            for name in sorted(names(parse(text)) - set(PARAMETERS)):
                for owner in defined.get(parameter, ()):
                    acting.setdefault(name, []).append((parameter, owner))
    return Relations(
        _frozen(defined),
        _frozen(adding),
        _frozen(reading),
        {k: tuple(v) for k, v in acting.items()},
    )


def elsewhere(name: str) -> str:
    """Return where a quantity comes from that no mechanism gives."""
    if name in degeneration.LOADS or name in degeneration.TISSUE_LOADS:
        return "mean of the faster clocks over a window"
    if name in degeneration.POOL:
        return "the other cells of the muscle"
    return "the network or the experiment"


@cache
def meanings() -> dict[str, str]:
    """Return name → what it means: of numbers and records as they say, of the others their words."""
    told = {name: meaning for name, (_, meaning) in recorded(MECHANISMS).items()}
    return {**told, **{name: parameter.meaning for name, parameter in PARAMETERS.items()}}


def meaning(name: str) -> str:
    """Return what a name means."""
    return meanings().get(name) or words(name)


def handed_over() -> dict[str, tuple[str, ...]]:
    """Return what passes between the clocks: direction → names."""
    return {
        "membrane to cell": tuple(calcium.TAKEN),
        "cell to membrane": tuple(calcium.HANDED_BACK),
        "engine to slow": tuple({**degeneration.LOADS, **degeneration.TISSUE_LOADS}),
        "slow to engine": tuple(
            {**degeneration.FACTORS, **degeneration.ADDED, **degeneration.TISSUE_FACTORS}
        ),
    }


def numbers_of(mechanisms: Iterable[Mechanism]) -> dict[str, Parameter]:
    """Return the parameters of some mechanisms by name."""
    return {p.name: p for m in mechanisms for p in m.parameters}


def _given_by(mechanism: Mechanism) -> set[str]:
    """Return what a mechanism computes, sets in a statement, gives at the start, or holds as a number."""
    computed = {line.name for line in mechanism.lines if line.right is not None}
    statements = {one.name for block in mechanism.statements.values() for one in block}
    numbers = {parameter.name for parameter in mechanism.parameters}
    return computed | numbers | ((statements | set(mechanism.starts)) & _variables())


@cache
def _variables() -> frozenset[str]:
    return frozenset(line.name for m in MECHANISMS for line in m.lines)


def _frozen(found: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}
