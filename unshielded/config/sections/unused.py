"""Parameters that are given, and that nothing in this experiment can use.

What a neuron uses follows from the equations (:mod:`unshielded.uses`); here is what of a config decides it: which
cells carry the calcium submodel, which synapses there are, whether pulses are possible. A population
without neurons is left out: it is switched off, not wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from unshielded.config.findings import Finding, wrong
from unshielded.config.reading.errors import show
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.circuit import Circuit
from unshielded.config.sections.culture import UNDRIVEN
from unshielded.config.sections.quantity import write_quantity

if TYPE_CHECKING:
    from unshielded.uses import Neuron

#: What decides whether a parameter is of use.
_JOINS: Final = ("circuit.populations", "circuit.pathways", "culture", "solver")


@dataclass(frozen=True)
class Lack:
    """What a neuron lacks that a number acts through: with and without it, and the remedy.

    `{}` are receptors in the former two, the population in the last.
    """

    has: str
    has_not: str
    hint: str


#: What may be lacking, by its name in :class:`unshielded.uses.Neuron`; the first that explains it is told.
_LACKS: Final[Mapping[str, Lack]] = {
    "muscle": Lack("moves a muscle", "moves no muscle", "remove it"),
    "sends": Lack(
        "makes synapses",
        "makes no synapse",
        "remove it, or set an 'in_degree' above 0 for a pathway from there",
    ),
    "receives": Lack(
        "gets synapses of type {}",
        "gets no synapse of type {}",
        "remove it, or set an 'in_degree' above 0 for a pathway to there",
    ),
    "pulses": Lack(
        "can be stimulated magnetically",
        "cannot be stimulated magnetically",
        "remove it, or remove 'culture' and 'solver'",
    ),
    "afferents": Lack(
        "gets releases from outside the circuit",
        "gets no releases from outside the circuit",
        "remove it, or remove 'culture' to simulate the circuit",
    ),
    "cell": Lack(
        "carries the calcium submodel",
        "carries no calcium submodel",
        "remove it, or set 'circuit.populations.{}.carries_calcium: true'",
    ),
}


def check(
    circuit: Circuit,
    parameters: Mapping[str, float],
    catalogue: Catalogue,
    *,
    culture: bool,
    lifespan: bool,
) -> Iterator[Finding]:
    """Yield parameters that nothing here can use, of one population or of all.

    Parameters
    ----------
    parameters
        Of every population.
    culture, lifespan
        Whether it is a culture, and whether a solver takes it through days to years.
    """
    if catalogue.uses is None:
        return
    neurons = {
        name: _neuron(name, circuit, catalogue, culture=culture, lifespan=lifespan)
        for name, population in circuit.populations.items()
        if population.size
    }
    # What acts over days to years, and what drives a culture, have rules of their own.
    passed = {*(() if lifespan else catalogue.slow), *(UNDRIVEN if culture else ())}
    for name, neuron in neurons.items():
        for parameter, value in circuit.populations[name].parameters.items():
            where = f"circuit.populations.{name}.parameters.{parameter}"
            if parameter not in passed:
                yield from _unused(where, parameter, value, {name: neuron}, catalogue)
    for parameter, value in parameters.items() if neurons else ():
        if parameter not in passed:
            yield from _unused(f"parameters.{parameter}", parameter, value, neurons, catalogue)


def _neuron(
    name: str, circuit: Circuit, catalogue: Catalogue, *, culture: bool, lifespan: bool
) -> Neuron:
    """Return what the neurons of a population have."""
    from unshielded.uses import Neuron  # as late as the catalogue, which has its equations

    there = [
        pathway
        for key, pathway in catalogue.pathways.items()
        if circuit.pathways[key].in_degree
        and circuit.populations[pathway.source].size
        and circuit.populations[pathway.target].size
    ]
    return Neuron(
        cell=circuit.populations[name].carries_calcium,
        lifespan=lifespan,
        muscle=catalogue.populations[name].muscle is not None,
        afferents=not culture,
        pulses=not (culture or lifespan),
        receives=frozenset(p.receptor for p in there if p.target == name),
        sends=frozenset(p.receptor for p in there if p.source == name),
    )


def _unused(
    where: str, parameter: str, value: float, neurons: Mapping[str, Neuron], catalogue: Catalogue
) -> Iterator[Finding]:
    """Yield a finding if none of some populations uses a parameter that another neuron would use."""
    uses = catalogue.uses
    assert uses is not None
    if any(parameter in uses(neuron) for neuron in neurons.values()):
        return
    for name, neuron in neurons.items():
        for quality, lack in _LACKS.items():
            if missing := _missing(parameter, neuron, quality, uses):
                types = " or ".join(missing)
                own = where.startswith("circuit")
                in_whom = (
                    f"in {name}, which {lack.has_not}"
                    if own
                    else f"here, where no population {lack.has}"
                )
                written = show(write_quantity(value, catalogue.parameters[parameter].unit))
                what = f"{parameter}, {written}, changes nothing {in_whom}"
                expected = f"a population that {lack.has}"
                hint = lack.hint.format(name)
                yield wrong(
                    where, what.format(types), expected.format(types), hint, _JOINS, at_key=True
                )
                return


def _missing(
    parameter: str, neuron: Neuron, quality: str, uses: Callable[[Neuron], frozenset[str]]
) -> tuple[str, ...]:
    """Return what of a quality would let a neuron use a parameter: receptors, or its name."""
    changed: dict[str, Any]
    if quality not in ("sends", "receives"):
        changed = {quality: True}
        return (quality,) if parameter in uses(replace(neuron, **changed)) else ()
    from unshielded.uses import RAISES

    there: frozenset[str] = getattr(neuron, quality)
    found = []
    for receptor in RAISES.keys() - there:
        changed = {quality: there | {receptor}}
        if parameter in uses(replace(neuron, **changed)):
            found.append(receptor)
    return tuple(sorted(found))
