"""Conditions at an age: drugs, therapies, lost and restored neurons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from unshielded.arrays import Array, Mask
from unshielded.assemble import Layout
from unshielded.assemble.lesion import NEVER
from unshielded.assemble.places import PLACES, Group, placed, spans
from unshielded.assemble.therapies import Effects, effects
from unshielded.config import Config


@dataclass(frozen=True)
class Conditions:
    """The conditions at one age.

    Attributes
    ----------
    baths
        Group → variable → value, of every agent's bath: what is applied has arrived. One value, or one
        for each neuron or cell of an agent that is applied to some.
    factors
        Parameter → factor, of therapies.
    silenced
        Of all neurons, whether they are lost now.
    """

    baths: Mapping[str, Mapping[str, float | Array]]
    factors: Mapping[str, float]
    silenced: Mask


def conditions(
    config: Config,
    layout: Layout,
    silenced_from: Array,
    age: float,
    begun: Mapping[int, float],
) -> Conditions:
    """Return the conditions at an age.

    Parameters
    ----------
    silenced_from
        Of all neurons, the age at which they are lost.
    begun
        Place of a therapy that waited → the age at which it began.
    """
    given = effects(config, age, begun)
    sizes = {"neurons": layout.neurons, "cells": layout.cells}
    applied: dict[tuple[Group, str], float | Array] = dict(given.applied)
    local = placed(config, layout)
    applied |= {(group, stem): np.zeros(sizes[group]) for group, stem in local}
    for entry in config.bath:
        if entry.from_ <= age and (entry.until is None or age < entry.until):
            group, stem = PLACES[entry.agent]
            if (group, stem) not in local:
                applied[group, stem] = entry.concentration
                continue
            for start, stop in spans(entry.on, group, layout):
                np.asarray(applied[group, stem])[start:stop] = entry.concentration
    baths: dict[str, dict[str, float | Array]] = {"neurons": {}, "cells": {}}
    for group, stem in PLACES.values():
        if group == "neurons" or layout.cells:
            value = applied.get((group, stem), 0.0)
            baths[group] |= {f"{stem}_applied": value, f"{stem}_bath": value}
    return Conditions(baths, given.factors, _silenced(layout, silenced_from, age, given))


def _silenced(layout: Layout, silenced_from: Array, age: float, given: Effects) -> Mask:
    lost: Mask = np.asarray(silenced_from) <= age
    for name, share in given.restored.items():
        part = layout[name]
        gone = np.flatnonzero(lost[part.start : part.stop]) + part.start
        order = gone[np.argsort(silenced_from[gone], kind="stable")]
        lost[order[: round(share * len(order))]] = False  # who was lost first is replaced first
    return lost


def edges(config: Config, silenced_from: Array) -> list[float]:
    """Return the ages at which something sets in or ends, in order."""
    found: set[float] = set()
    for entry in config.bath:
        found |= {entry.from_, entry.until if entry.until is not None else entry.from_}
    for therapy in config.therapies:
        for name in ("from_", "until"):
            value = getattr(therapy.course, name, None)
            if value is not None:
                found.add(value)
    losses = [config.circuit.interneuron_loss, *config.circuit.loss.values()]
    for loss in losses:
        found |= {time for time in (loss.from_, loss.until) if time is not None}
    return sorted(found)


def next_loss(layout: Layout, silenced_from: Array, age: float, share: float) -> float:
    """Return the age by which a share of some population is lost that is not lost yet."""
    first = NEVER
    for part in layout.slices:
        if part.size:
            coming = np.sort(silenced_from[part.start : part.stop])
            coming = coming[(coming > age) & (coming < NEVER)]
            allowed = max(1, round(share * part.size))
            if len(coming) > allowed:
                first = min(first, float(coming[allowed - 1]))
    return first
