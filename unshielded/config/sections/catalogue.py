"""What a config may name: the model's parameters, populations, pathways and agents.

The config checks names, units and ranges against a catalogue and knows no biology.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, Protocol

from unshielded.mechanism import Parameter


class PopulationDefaults(Protocol):
    """What a config may change in a population."""

    @property
    def size(self) -> int:
        """Number of neurons."""

    @property
    def carries_calcium(self) -> bool:
        """Whether its neurons carry the calcium submodel."""

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Its numbers that differ from the model's."""


class PathwayDefaults(Protocol):
    """What a config may change in a pathway."""

    @property
    def in_degree(self) -> int:
        """Synapses per target neuron."""

    @property
    def weight(self) -> float:
        """Releases of unit size per spike."""

    @property
    def delay(self) -> float:
        """Mean delay in seconds."""


@dataclass(frozen=True)
class Catalogue:
    """The names that a config may use, with their defaults, units and ranges.

    `agents` are what a bath may hold → where that acts: on the membrane of every neuron, or
    inside the cells that carry calcium. `slow` are the parameters that act in a lifespan only.
    """

    parameters: Mapping[str, Parameter]
    populations: Mapping[str, PopulationDefaults]
    pathways: Mapping[str, PathwayDefaults]
    agents: Mapping[str, Literal["membrane", "cell"]] = field(default_factory=dict)
    slow: frozenset[str] = frozenset()


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of the model in :mod:`unshielded.circuit`, :mod:`unshielded.calcium` and :mod:`unshielded.degeneration`."""
    # Imported here so that reading a config of another model does not need this one.
    from unshielded import calcium, circuit, degeneration
    from unshielded.circuit.pathways import PATHWAYS
    from unshielded.circuit.populations import POPULATIONS
    from unshielded.circuit.surroundings.doses import DOSES

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
    return Catalogue(parameters, POPULATIONS, PATHWAYS, agents, slow)
