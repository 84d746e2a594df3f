"""Which numbers a neuron can use: those that something seen of it depends on.

The equations of all mechanisms are written for every neuron, but not all of them act in each: one that does
not carry the calcium submodel has no inside, one that gets no glycine never has a glycine conductance. What a number can
reach is read from the equations: from what is seen of a neuron (its spikes, its releases, what is
recorded of it) back to all that this depends on. What is in the bath, and what is given for how long, is left
open: an agent that is absent today may be there tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from unshielded import calcium, circuit, degeneration
from unshielded.circuit.muscle.muscle_unit import motor_axon, muscle_unit
from unshielded.circuit.stimulation import tms
from unshielded.mechanism.expression import (
    Binary,
    Expression,
    Name,
    Negative,
    Number,
    names,
    parse,
)
from unshielded.model import MECHANISMS, cell_models, slow_models

#: Receptor of a synapse → what a spike raises in the receiving neuron, and with which of its numbers.
RAISES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "glutamate": {"cleft_glutamate": ("release_concentration", "synapse_count")},
    "glutamate_steady": {"cleft_glutamate": ("release_concentration", "synapse_count")},
    "glutamate_facilitating": {"cleft_glutamate": ("release_concentration", "synapse_count")},
    "gaba": {
        "gaba_a_conductance": (
            *("gaba_a_enhancement", "gaba_a_available", "gaba_a_unit", "gaba_a_receptors"),
            "inhibitory_conductance_scale",
        )
    },
    "gaba_slow": {
        "gaba_a_slow_conductance": (
            *("gaba_a_enhancement", "gaba_a_available", "gaba_a_slow_unit", "gaba_a_receptors"),
            "inhibitory_conductance_scale",
        ),
        "gaba_b_binding": (),
    },
    "glycine": {
        "glycine_conductance": (
            *("glycine_available", "glycine_unit", "inhibitory_conductance_scale"),
        )
    },
}

#: Receptor of a synapse → what of the sending neuron passes through it.
PASSES: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(RAISES, ("released",)),
    "glutamate_steady": ("release_left", "transmitter_release"),
    "glutamate_facilitating": ("release_left", "facilitated"),
}

#: What releases from outside the circuit raise, and with what: at any time, and after a pulse.
_CLEFT: Final = "cleft_glutamate"
_AFFERENT: Final = (
    *("release_concentration", "synapse_count", "afferents_left"),
    *("afferent_weight", "background_rate", "command_rate", "motor_command"),
)
_EVOKED: Final = ("release_concentration", "synapse_count", "afferent_releases")

#: What decides whether a neuron fires, and what its neighbours see of it.
_SEEN: Final = (
    *("membrane_potential", "spike_threshold", "excitable_from", "alive"),
    "perisynaptic_glutamate",
)

_MUSCLE: Final = (motor_axon, muscle_unit)


@dataclass(frozen=True)
class Neuron:
    """What a neuron has, of what decides which equations act in it.

    Attributes
    ----------
    cell
        Whether it carries the calcium submodel.
    lifespan
        Whether the slow mechanisms run.
    muscle
        Whether it moves a muscle.
    afferents, pulses
        Whether releases from outside the circuit, and magnetic pulses, can reach it.
    receives, sends
        Receptors of the synapses on it, and of those that it makes.
    """

    cell: bool = True
    lifespan: bool = True
    muscle: bool = True
    afferents: bool = True
    pulses: bool = True
    receives: frozenset[str] = frozenset(RAISES)
    sends: frozenset[str] = frozenset(RAISES)


@cache
def used(neuron: Neuron) -> frozenset[str]:
    """Return all names on which something depends that is seen of a neuron: its numbers are among them."""
    rules = [*_rules(neuron)]
    raised = {*_raised(neuron)}
    still = _still(rules, {name for name, _ in raised})
    edges: dict[str, set[str]] = {}
    for name, right in rules:
        edges.setdefault(name, set()).update(_acting(right, still) or ())
    for name, source in (*raised, *_slowly(neuron)):
        edges.setdefault(name, set()).add(source)
    found, ahead = set[str](), [*_roots(neuron)]
    while ahead:
        if (name := ahead.pop()) not in found:
            found.add(name)
            ahead += edges.get(name, ())
    return frozenset(found)


def _rules(neuron: Neuron) -> Iterator[tuple[str, Expression]]:
    """Yield each name that follows from others, with an expression that it follows from."""
    outside, inside = cell_models()
    models = [outside, inside] if neuron.cell else [outside]
    if neuron.cell and neuron.lifespan:
        models += slow_models()
    for model in models:
        yield from model.rates.items()
        for block in model.statements.values():
            yield from ((one.name, one.right) for one in block)
    # A membrane starts at rest, which may be that of a whole cell.
    for model in {id(m): m for m in (*models, inside)}.values():
        yield from model.named.items()
        yield from model.initial.items()


def _raised(neuron: Neuron) -> Iterator[tuple[str, str]]:
    """Yield what synapses, afferents and pulses raise, each with every name that decides by how much."""
    for receptor in neuron.receives:
        for name, sources in RAISES[receptor].items():
            yield from ((name, source) for source in sources)
    if neuron.afferents:
        yield from ((_CLEFT, source) for source in _AFFERENT)
    if neuron.pulses:
        yield from ((_CLEFT, source) for source in _EVOKED)


def _slowly(neuron: Neuron) -> Iterator[tuple[str, str]]:
    """Yield the numbers that slow states change, each with every name that decides by how much."""
    if neuron.cell and neuron.lifespan:
        for changes in (degeneration.FACTORS, degeneration.ADDED, degeneration.TISSUE_FACTORS):
            for name, text in changes.items():
                yield from ((name, source) for source in names(parse(text)))


def _roots(neuron: Neuron) -> Iterator[str]:
    """Yield what is seen of a neuron, and the numbers that code reads in place of an equation."""
    yield from _SEEN
    for receptor in neuron.sends:
        yield from PASSES[receptor]
    of_muscle = {one.name for m in _MUSCLE for one in m.records}
    if neuron.cell:
        yield from (name for name in circuit.RECORDED if neuron.muscle or name not in of_muscle)
        yield from (*calcium.RECORDED, *calcium.HANDED_BACK, *calcium.TOTALS)
        if neuron.lifespan:
            yield from degeneration.RECORDED
    apart = {
        p.name: True for m in MECHANISMS for p in m.parameters if p.name not in _in_equations()
    }
    apart |= {p.name: neuron.muscle for m in _MUSCLE for p in m.parameters}
    apart |= {p.name: neuron.pulses for p in tms.parameters}
    yield from (name for name, read in apart.items() if read)


@cache
def _in_equations() -> frozenset[str]:
    """Return every name on a right-hand side, of whichever clock."""
    whole = Neuron()
    right = (names(right) for _, right in _rules(whole))
    joined = (source for _, source in (*_raised(whole), *_slowly(whole)))
    return frozenset(joined).union(*right)


def _still(rules: Iterable[tuple[str, Expression]], raised: set[str]) -> frozenset[str]:
    """Return what stays at zero because nothing raises it, and what follows from that alone."""
    of: dict[str, list[Expression]] = {}
    for name, right in rules:
        of.setdefault(name, []).append(right)
    raisable = {_CLEFT}.union(*RAISES.values())
    still = raisable - raised
    while True:  # what a still name leaves without any other cause is still itself
        more = {
            name
            for name, rights in of.items()
            if name not in still
            and name not in raisable
            and any(names(right) & still for right in rights)
            and all(_acting(right, still | {name}) is None for right in rights)
        }
        if not more:
            break
        still |= more
    while True:  # and what has another cause is not
        fewer = {n for n in still if any(_acting(r, still) is not None for r in of.get(n, ()))}
        if not fewer:
            return frozenset(still)
        still -= fewer


def _acting(right: Expression, still: Iterable[str]) -> frozenset[str] | None:
    """Return the names that an expression depends on while some are zero; None if it is zero itself."""
    match right:
        case Number(value):
            return frozenset() if value else None
        case Name(name):
            return None if name in still else frozenset({name})
        case Negative(operand):
            return _acting(operand, still)
        case Binary("*", left, other):
            a, b = _acting(left, still), _acting(other, still)
            return None if a is None or b is None else a | b
        case Binary("/" | "**", left, other):
            a = _acting(left, still)
            return None if a is None else a | names(other)
        case Binary("+" | "-", left, other):
            a, b = _acting(left, still), _acting(other, still)
            return None if a is None and b is None else (a or frozenset()) | (b or frozenset())
    return names(right)
