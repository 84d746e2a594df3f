"""Where agents of the bath act: which of them differ between neurons, and the neurons of a place.

An agent has one concentration for all neurons, and costs nothing, as long as it is applied everywhere.
Only agents that a config applies somewhere have one for each neuron; which these are is part of the
structure that a program is compiled for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final, Literal

from unshielded import calcium, circuit
from unshielded.assemble.layout import Layout, Slice
from unshielded.circuit.populations import POPULATIONS
from unshielded.config.sections.places import populations_at

if TYPE_CHECKING:
    from unshielded.config import Config

Group = Literal["neurons", "cells"]

#: Agent → the group whose bath it is in, and its stem there.
PLACES: Final[Mapping[str, tuple[Group, str]]] = {
    **{agent: ("neurons", stem) for agent, stem in circuit.AGENTS.items()},
    **{agent: ("cells", stem) for agent, stem in calcium.AGENTS.items()},
}


def placed(config: Config, layout: Layout) -> frozenset[tuple[Group, str]]:
    """Return group and stem of each agent that a config applies to some neurons only."""
    return frozenset(
        PLACES[entry.agent]
        for entry in config.bath
        if not _everyone(entry.on, PLACES[entry.agent][0], layout)
    )


def spans(on: Collection[str], group: Group, layout: Layout) -> tuple[tuple[int, int], ...]:
    """Return the neurons at a place, as the fewest ranges ``start <= neuron < stop``."""
    found: list[tuple[int, int]] = []
    for part in _chosen(on, group, layout):
        if found and found[-1][1] == part.start:
            found[-1] = (found[-1][0], part.stop)
        else:
            found.append((part.start, part.stop))
    return tuple(found)


def populated(group: Group, layout: Layout) -> list[Slice]:
    """Return the populations that have neurons in a group, as they lie."""
    return [p for p in layout.slices if p.size and (p.carries_calcium or group == "neurons")]


def _everyone(on: Collection[str], group: Group, layout: Layout) -> bool:
    return _chosen(on, group, layout) == populated(group, layout)


def _chosen(on: Collection[str], group: Group, layout: Layout) -> list[Slice]:
    names = populations_at(on, POPULATIONS)
    return [part for part in populated(group, layout) if part.name in names]
