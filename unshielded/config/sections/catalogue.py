"""What a config may name: the model's parameters, populations, pathways and agents.

The config checks names, units and ranges against a catalogue and knows no biology.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal

from unshielded.mechanism import Mechanism, Parameter
from unshielded.preparations import PREPARATIONS, Preparation

if TYPE_CHECKING:
    from unshielded.circuit.pathways import Pathway
    from unshielded.circuit.populations import Population
    from unshielded.circuit.surroundings.targets import AgentTarget
    from unshielded.uses import Neuron


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The names that a config may use, with their defaults, units and ranges.

    `agents` are what a bath may hold (one at least) → where that acts: on the membrane of every neuron, or
    inside the cells that carry calcium. `targets` are the receptors of agents that act on synapses which not
    every population has. `slow` are the parameters that act in a lifespan only. `mechanisms` are those of any
    run, `slow_mechanisms` those of a lifespan. `uses` tells which parameters, among other names, act in a neuron;
    None of a model of which that is not known.
    """

    parameters: Mapping[str, Parameter]
    populations: Mapping[str, Population]
    pathways: Mapping[str, Pathway]
    agents: Mapping[str, Literal["membrane", "cell"]]
    slow: frozenset[str] = frozenset()
    preparations: Mapping[str, Preparation] = field(default_factory=lambda: PREPARATIONS)
    mechanisms: tuple[Mechanism, ...] = ()
    slow_mechanisms: tuple[Mechanism, ...] = ()
    targets: Mapping[str, AgentTarget] = field(default_factory=dict)
    uses: Callable[[Neuron], frozenset[str]] | None = None


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of the model: circuit, calcium, degeneration and doses."""
    # Imported here so that reading a config of another model does not need this one.
    from unshielded import calcium, circuit, degeneration
    from unshielded.circuit.pathways import PATHWAYS
    from unshielded.circuit.populations import POPULATIONS
    from unshielded.circuit.surroundings.doses import DOSES
    from unshielded.circuit.surroundings.targets import TARGETS
    from unshielded.model import INSIDE, OUTSIDE, SLOW
    from unshielded.uses import used

    # Conditions have settings of their own; given twice, one would silently win.
    parameters = {
        name: parameter
        for catalogued in (circuit.PARAMETERS, calcium.PARAMETERS, degeneration.PARAMETERS, DOSES)
        for name, parameter in catalogued.items()
        if name not in circuit.CONDITIONS
    }
    agents: dict[str, Literal["membrane", "cell"]] = {
        **dict.fromkeys(circuit.AGENTS, "membrane"),
        **dict.fromkeys(calcium.AGENTS, "cell"),
    }
    slow = frozenset(degeneration.PARAMETERS)
    return Catalogue(
        parameters,
        POPULATIONS,
        PATHWAYS,
        agents,
        slow,
        mechanisms=(*OUTSIDE, *INSIDE),
        slow_mechanisms=SLOW,
        targets=TARGETS,
        uses=used,
    )
