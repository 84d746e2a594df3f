"""Places in the circuit: all of it, a region, a population, or several of these.

A region is where the cell bodies of its populations lie. What acts on terminals acts where the cells lie
on which they end (:mod:`unshielded.engine.places`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from unshielded.circuit.populations import Population

#: The place that holds every neuron.
EVERYWHERE: Final = "all"


def place_names(populations: Mapping[str, Population]) -> tuple[str, ...]:
    """Return what a config may call a place: all, the regions, the populations."""
    regions = dict.fromkeys(population.region for population in populations.values())
    return (EVERYWHERE, *regions, *populations)


def populations_at(
    place: Collection[str], populations: Mapping[str, Population]
) -> tuple[str, ...]:
    """Return the populations at a place, in the circuit's order.

    Parameters
    ----------
    place
        Names of :func:`place_names`.
    """
    return tuple(
        name
        for name, population in populations.items()
        if {EVERYWHERE, population.region, name} & set(place)
    )


def name_of(
    chosen: Collection[str], present: Iterable[str], populations: Mapping[str, Population]
) -> str:
    """Return the shortest name of some populations: regions where all of one are chosen.

    Parameters
    ----------
    chosen
        Names of populations.
    present
        Those that have neurons; only these make a region whole.
    """
    present = tuple(present)
    if set(present) <= set(chosen):
        return EVERYWHERE
    whole = {
        region
        for region in {populations[name].region for name in present}
        if all(n in chosen for n in present if populations[n].region == region)
    }
    names = (
        populations[name].region if populations[name].region in whole else name
        for name in present
        if name in chosen
    )
    return ", ".join(dict.fromkeys(names))
