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

from collections.abc import Iterable, Iterator, Mapping

from unshielded import calcium, circuit
from unshielded.mechanism.expression import (
    Binary,
    Expression,
    Name,
    Number,
    names,
    parse,
    substitute,
)
from unshielded.mechanism.model import Model, add_up
from unshielded.mechanism.ode import Ode, ode
from unshielded.model import INSIDE, OUTSIDE

#: The discharge rate of the cell, and of releases onto it, in Hz: parameters of the system.
DISCHARGE, RELEASES = "imposed_firing_rate", "imposed_releases"

_RELEASE = parse(f"{RELEASES}*release_concentration/synapse_count")
_POOL = (
    "(1 - vesicle_pool)/vesicle_recovery_time"
    f" - {DISCHARGE}*release_left*release_probability*vesicle_pool"
)
_MECHANISMS = tuple(m for m in (*OUTSIDE, *INSIDE) if not m.observes)
_COLLECTED = {*calcium.EMPTIED, "spilled_glutamate"}
#: Of the fast clock alone: its spikes and its generator are not in this system.
_OF_SPIKING = {"spike_threshold", "slow_inactivation", "ahp_conductance"}


def equations(held: Iterable[str] = (), outputs: Iterable[str] = ()) -> Ode:
    """Return the system of a lone cell.

    Parameters
    ----------
    held
        States that become parameters: ``membrane_potential`` for a voltage clamp.
    outputs
        Named lines to keep besides those that the rates need.
    """
    model = add_up(_MECHANISMS, {**circuit.BALANCES, **calcium.BALANCES})
    rates, named = dict(model.rates), dict(model.named)
    for name in (*_OF_SPIKING, *held):
        del rates[name]
    collected = {name: rates.pop(name, Number(0)) for name in _COLLECTED}
    for name, amount in _added_by_spikes(model):
        for entering in (collected, rates):
            if name in entering:
                entering[name] = _plus(entering[name], Binary("*", Name(DISCHARGE), amount))
    rates["cleft_glutamate"] = _plus(rates["cleft_glutamate"], _RELEASE)
    for one in model.statements["before_step"]:
        if one.name not in _COLLECTED:
            named[one.name] = _without_step(one.right, collected)
    rates["vesicle_pool"] = parse(_POOL)
    named["released"] = parse("release_left*transmitter_release*vesicle_pool")
    named["injection_fraction"] = Number(1.0)
    # Its neighbours are cells as it is one, with as much glutamate around them.
    named["neighbouring_glutamate"] = Name("perisynaptic_glutamate")
    for one in model.statements["after_step"]:
        if not {one.name, "t"} & names(one.right):
            named[one.name] = one.right
    return ode(rates, named, outputs)


def _added_by_spikes(model: Model) -> Iterator[tuple[str, Expression]]:
    for one in model.statements["on_spike"]:
        if one.operator == "+=":
            yield one.name, one.right


def _plus(one: Expression, other: Expression) -> Expression:
    return Binary("+", one, other)


def _without_step(right: Expression, collected: Mapping[str, Expression]) -> Expression:
    """``charge/(…*dt)`` with the rate of the charge, per second, for charge and step."""
    return substitute(right, {**collected, "dt": Number(1.0)})
