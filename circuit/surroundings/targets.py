"""Receptors that not every population has: which synapses an agent needs to act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Target:
    """What an agent acts on.

    Attributes
    ----------
    name
        As a user reads it.
    receptors
        Receptors of the pathways that have it.
    agents
        Agents that act on it where there is no synapse.
    """

    name: str
    receptors: frozenset[str]
    agents: frozenset[str] = frozenset()


_GABA_A: Final = Target("GABA-A receptors", frozenset({"gaba", "gaba_slow"}))
_ANTAGONISED: Final = Target("GABA-A receptors", _GABA_A.receptors, frozenset({"muscimol"}))

_GLYCINE: Final = Target("glycine receptors", frozenset({"glycine"}))

#: Agent → what it acts on, of those that only change what synapses do.
TARGETS: Final = {
    "diazepam": _GABA_A,
    "tiagabine": Target("uptake of released GABA", _GABA_A.receptors),
    "bicuculline": _ANTAGONISED,
    "gabazine": _ANTAGONISED,
    "strychnine": _GLYCINE,
}
