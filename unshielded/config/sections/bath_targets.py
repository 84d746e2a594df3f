"""What an agent of the bath finds at its place: neurons, cells with an inside, receptors."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.circuit import Circuit
from unshielded.config.sections.places import EVERYWHERE, populations_at

if TYPE_CHECKING:
    from unshielded.circuit.surroundings.targets import AgentTarget

#: What else decides whether an agent has anything to act on.
#: What decides which cells there are.
THERE: Final = ("circuit.populations", "culture")
JOINS: Final = ("bath", "circuit.populations", "circuit.pathways", "culture", "parameters")


@dataclass(frozen=True)
class Around:
    """What a bath is applied to.

    Attributes
    ----------
    parameters
        Of every population.
    agents
        All that is in the bath at some time.
    """

    circuit: Circuit
    parameters: Mapping[str, float]
    agents: Collection[str]
    catalogue: Catalogue

    def has(self, name: str, target: AgentTarget) -> bool:
        """Whether a population has what an agent acts on."""
        return bool(self.circuit.populations[name].size) and (
            not target.agents.isdisjoint(self.agents)
            or self._has_synapses(name, target.receptors)
            or self._number(name, target.parameter) > 0.0
        )

    def _has_synapses(self, name: str, receptors: frozenset[str]) -> bool:
        return any(
            pathway.target == name
            and pathway.receptor in receptors
            and self.circuit.pathways[key].in_degree
            and self.circuit.populations[pathway.source].size
            for key, pathway in self.catalogue.pathways.items()
        )

    def _number(self, name: str, parameter: str) -> float:
        """A parameter of a population: its own, that of all, the model's for it, the model's."""
        default = self.catalogue.populations[name].parameters.get(parameter)
        default = default or self.catalogue.parameters.get(parameter)
        given = {**self.parameters, **self.circuit.populations[name].parameters}
        return given.get(parameter, 0.0 if default is None else default.si)


def check(where: str, agent: str, on: Collection[str], around: Around) -> Iterator[Finding]:
    """Yield each part of a place at which an agent finds nobody, or nothing to act on.

    Parameters
    ----------
    where
        The entry of the bath.
    """
    for number, part in enumerate(on):
        at = f"{where}.on.{number}" if len(on) > 1 else f"{where}.on"
        names = populations_at([part], around.catalogue.populations)
        there = [name for name in names if around.circuit.populations[name].size]
        if not there:
            what = f"there is no neuron in {part}"
            yield wrong(at, what, "a place that has neurons", joins=THERE)
        elif around.catalogue.agents[agent] == "cell":
            yield from _inside(at, agent, part, there, around)
        elif (target := around.catalogue.targets.get(agent)) is not None:
            yield from _receptors(at, agent, part, there, target, around)


def _inside(at: str, agent: str, part: str, there: list[str], around: Around) -> Iterator[Finding]:
    if not any(around.circuit.populations[name].carries_calcium for name in there):
        what = f"{agent} acts inside cells, and those of {part} carry no calcium submodel"
        hint = f"set 'circuit.populations.{there[0]}.carries_calcium: true'"
        yield wrong(at, what, "a place whose cells do", hint, THERE)


def _receptors(
    at: str, agent: str, part: str, there: list[str], target: AgentTarget, around: Around
) -> Iterator[Finding]:
    if any(around.has(name, target) for name in there):
        return
    here = "here" if part == EVERYWHERE else f"in {part}"
    what = f"{agent} acts on {target.name}, and no cell {here} has any"
    places = [name for name in around.catalogue.populations if around.has(name, target)]
    expected = f"a place where they are, such as {places[0]}" if places else "cells that have"
    hint = "remove the entry otherwise"
    if target.parameter:
        hint = f"raise 'circuit.populations.{there[0]}.parameters.{target.parameter}' above 0"
    yield wrong(at, what, expected, hint, JOINS)
