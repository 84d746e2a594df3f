"""Buffers with explicit kinetics need a fixed, fast one beside them, for the slow step's sake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unshielded.config.findings import Finding
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.schema import Config

SITES: Final = ("calbindin_sites", "parvalbumin_sites")
CAPACITY: Final = "buffer_capacity"

#: Below this the step is too coarse for them (docs/model.md gives the errors).
LEAST_CAPACITY: Final = 50.0


def check(config: Config, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield every population with explicit binding sites and hardly any other buffer."""
    for name, population in config.circuit.populations.items():
        if not (population.size and population.carries_calcium):
            continue
        own, everywhere = population.parameters, config.parameters
        sites = [s for s in SITES if own.get(s, everywhere.get(s, 0.0))]
        default = catalogue.populations[name].parameters.get(CAPACITY)
        default = default or catalogue.parameters.get(CAPACITY)
        if not sites or default is None:
            continue
        capacity = own.get(CAPACITY, everywhere.get(CAPACITY, default.si))
        if capacity < LEAST_CAPACITY:
            here = ("circuit", "populations", name, "parameters")
            path = (*here, sites[0]) if sites[0] in own else ("parameters", sites[0])
            yield Finding(
                path,
                f"{sites[0]} beside a {CAPACITY} of {capacity:g} in {name!r}",
                f"a {CAPACITY} of at least {LEAST_CAPACITY:g}",
                "the slow step is too coarse for explicit buffers alone",
                involves=(path, (*here, CAPACITY), ("parameters", CAPACITY)),
            )
