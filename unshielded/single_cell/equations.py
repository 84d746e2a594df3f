r"""The engine's two clocks put together as one system without a time step.

Three rules turn the mechanisms, as they are written, into differential equations:

1. What a spike adds (``x += a``) is, at a discharge rate :math:`\nu`, a rate: :math:`\dot x = \nu a`.
   The same for releases from outside.
2. What one clock collects and the other takes whole each step (``charge/dt``) is, in the limit,
   the rate at which it is collected.
3. What is handed over after a step (``y = f(x)``) holds at every moment.

What follows from being dead, extremes kept for the record, and the muscle are left out. The
terminals' pool of vesicles, which the engine solves from spike to spike, is here what spikes at
random leave of it on average. An injected current has its final value throughout.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from unshielded import calcium, circuit
from unshielded.mechanism import Mechanism
from unshielded.mechanism.ode import Ode, ode, words
from unshielded.mechanism.texts import texts

#: The discharge rate of the cell, and of releases onto it, in Hz: parameters of the system.
DISCHARGE, RELEASES = "imposed_discharge", "imposed_releases"

_RELEASE = f"{RELEASES}*release_concentration/synapse_count"
_POOL = f"(1 - vesicle_pool)/vesicle_recovery_time - {DISCHARGE}*release_left*release_probability*vesicle_pool"
#: Nothing acts back from the muscle, nor from the totals that the multiscale solver reads.
_WITHOUT_EFFECT = {"motor_axon", "muscle_unit", "loads"}
_EVERY = (
    *circuit.NEURON,
    *circuit.SURROUNDINGS,
    *circuit.BATH,
    *calcium.CELL,
    *calcium.BATH,
)
_MECHANISMS = tuple(m for m in _EVERY if m.name not in _WITHOUT_EFFECT)
_COLLECTED = {*calcium.EMPTIED, "spilled_glutamate"}
#: Of the fast clock alone: its spikes and its generator are not in this system.
_OF_SPIKING = {"spike_threshold", "ahp_conductance"}


def equations(held: Iterable[str] = (), outputs: Iterable[str] = ()) -> Ode:
    """Return the system of a lone cell.

    Parameters
    ----------
    held
        States that become parameters: ``membrane_potential`` for a voltage clamp.
    outputs
        Named lines to keep besides those that the rates need.
    """
    found = texts(_MECHANISMS, {**circuit.BALANCES, **calcium.BALANCES})
    rates, named = dict(found.rates), dict(found.named)
    for name in (*_OF_SPIKING, *held):
        del rates[name]
    collected = {name: rates.pop(name, "0") for name in _COLLECTED}
    for name, amount in _added_by_spikes(_MECHANISMS):
        if name in collected:
            collected[name] += f" + {DISCHARGE}*({amount})"
        elif name in rates:
            rates[name] += f" + {DISCHARGE}*({amount})"
    rates["cleft_glutamate"] += f" + {_RELEASE}"
    for name, value in _assigned(m.before_step for m in _MECHANISMS):
        if name not in _COLLECTED:
            named[name] = _without_step(value, collected)
    rates["vesicle_pool"] = _POOL
    named["released"] = "release_left*transmitter_release*vesicle_pool"
    named["injection_share"] = "1.0"
    # Its neighbours are cells as it is one, with as much glutamate around them.
    named["neighbouring_glutamate"] = "perisynaptic_glutamate"
    for name, value in _assigned(m.after_step for m in _MECHANISMS):
        if name not in words(value) and "t" not in words(value):
            named[name] = value
    return ode(rates, named, outputs)


def _added_by_spikes(mechanisms: Iterable[Mechanism]) -> Iterator[tuple[str, str]]:
    for mechanism in mechanisms:
        for line in mechanism.on_spike.splitlines():
            name, added, amount = line.partition("+=")
            if added:
                yield name.strip(), amount.strip()


def _assigned(blocks: Iterable[str]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        for line in block.splitlines():
            name, equals, value = line.partition("=")
            if equals:
                yield name.strip(), value.strip()


def _without_step(text: str, collected: dict[str, str]) -> str:
    """``charge/(…*dt)`` with the rate of the charge, per second, for charge and step."""
    return re.sub(
        r"\b[A-Za-z_]\w*\b",
        lambda word: (
            f"({collected[word[0]]})"
            if word[0] in collected
            else "1.0"
            if word[0] == "dt"
            else word[0]
        ),
        text,
    )
