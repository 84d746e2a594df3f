"""What not every population has: synapses, or channels, that an agent needs to act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class AgentTarget:
    """What an agent acts on. A population has it if one of the following is so.

    Attributes
    ----------
    name
        As a user reads it.
    receptors
        It gets synapses with one of these receptors (of pathways).
    parameter
        This parameter of it is above 0.
    agents
        One of these agents is in the bath, and acts on the same receptors where there is no synapse.
    """

    name: str
    receptors: frozenset[str] = frozenset()
    parameter: str = ""
    agents: frozenset[str] = frozenset()


_GABA: Final = frozenset({"gaba", "gaba_slow"})
_ANTAGONISED: Final = AgentTarget("GABA-A receptors", _GABA, agents=frozenset({"muscimol"}))

#: Agent → what it acts on, of those that only change what is there.
TARGETS: Final = {
    "diazepam": AgentTarget("GABA-A receptors", _GABA),
    "tiagabine": AgentTarget("uptake of released GABA", _GABA),
    "bicuculline": _ANTAGONISED,
    "gabazine": _ANTAGONISED,
    "strychnine": AgentTarget("glycine receptors", frozenset({"glycine"})),
    "NASPM": AgentTarget(
        "AMPA receptors that let calcium through", parameter="permeable_ampa_fraction"
    ),
}
