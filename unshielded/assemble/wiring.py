"""Synapses: who is connected to whom, how strongly and how late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unshielded.arrays import Array, Integers
from unshielded.assemble.layout import Layout, Slice
from unshielded.assemble.streams import stream

#: Synapse objects of the engine, one per receptor type.
RECEPTORS = (
    *("glutamate", "glutamate_steady", "glutamate_facilitating"),
    *("gaba", "gaba_slow", "glycine"),
)


_ROWS = 512  # targets drawn at once: bounds the memory of a large network

#: Sources up to which all of them are put in a random order for each target, which takes time and
#: memory in proportion to sources times targets.
_FEW = 4096


@dataclass(frozen=True)
class Projection:
    """A pathway with the config's overrides applied; times in seconds."""

    name: str
    source: str
    target: str
    receptor: str
    in_degree: int
    weight: float
    delay: float
    delay_spread: float


@dataclass(frozen=True)
class Synapses:
    """All synapses of one receptor type; arrays of one length."""

    sources: NDArray[np.int32]
    targets: NDArray[np.int32]
    weights: Array
    delays: Array


def wire(layout: Layout, projections: Iterable[Projection], seed: int) -> dict[str, Synapses]:
    """Draw the synapses of every receptor type.

    Each target gets exactly ``in_degree`` distinct sources (fewer where the source population
    is smaller, each then stronger by as much), never itself. The number of synapses therefore does not
    depend on the seed, and the sum of a pathway's weights on a target not on the sizes.
    """
    parts: dict[str, list[Synapses]] = {receptor: [] for receptor in RECEPTORS}
    for projection in projections:
        source, target = layout[projection.source], layout[projection.target]
        if source.size and target.size:
            parts[projection.receptor].append(_draw(projection, source, target, seed))
    return {receptor: _concatenate(some) for receptor, some in parts.items()}


def neighbours(layout: Layout) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return, for a ring through each population, who is beside whom: sources and targets.

    Both neighbours of a neuron are given; in a population of one it is its own.
    """
    sources, targets = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for part in layout.slices:
        own = np.arange(part.size, dtype=np.int32)
        for step in (-1, 1):
            sources.append(part.start + (own + step) % max(part.size, 1))
            targets.append(part.start + own)
    return np.concatenate(sources).astype(np.int32), np.concatenate(targets).astype(np.int32)


def _draw(projection: Projection, source: Slice, target: Slice, seed: int) -> Synapses:
    random = stream(seed, "wiring", projection.name)
    itself = projection.source == projection.target
    degree = min(projection.in_degree, source.size - itself)
    rows = []
    for first in range(0, target.size, _ROWS):
        targets = np.arange(first, min(first + _ROWS, target.size))
        excluded = targets if itself else None
        # drawing anew what was drawn twice is quick where few of many are drawn
        some = source.size > max(_FEW, 4 * degree)
        rows.append(
            (_some_of_many if some else _first_of_all)(
                random, source.size, degree, len(targets), excluded
            )
        )
    chosen = np.concatenate(rows).astype(np.int32)
    spread = projection.delay_spread * (2 * random.random(chosen.size) - 1)
    return Synapses(
        sources=(chosen + source.start).ravel().astype(np.int32),
        targets=np.repeat(np.arange(target.start, target.stop, dtype=np.int32), degree),
        # Fewer sources than synapses: the fewer carry what all would, and the mean input stays.
        weights=np.full(chosen.size, projection.weight * projection.in_degree / max(degree, 1)),
        delays=np.maximum(projection.delay + spread, 0.0),
    )


def _first_of_all(
    random: np.random.Generator, size: int, degree: int, count: int, excluded: Integers | None
) -> Integers:
    """Put all sources in a random order for each target, and take the first."""
    order = random.random((count, size), dtype=np.float32)
    if excluded is not None:
        order[np.arange(count), excluded] = 2.0
    return np.sort(np.argsort(order, axis=1)[:, :degree], axis=1)


def _some_of_many(
    random: np.random.Generator, size: int, degree: int, count: int, excluded: Integers | None
) -> Integers:
    """Draw sources one by one, and anew whatever a target has already."""
    others = size - (excluded is not None)
    drawn = np.sort(random.integers(0, others, (count, degree)), axis=1)
    while True:
        twice = np.zeros(drawn.shape, dtype=bool)
        twice[:, 1:] = drawn[:, 1:] == drawn[:, :-1]
        if not twice.any():
            break
        drawn[twice] = random.integers(0, others, int(twice.sum()))
        drawn.sort(axis=1)
    if excluded is not None:
        drawn += drawn >= excluded[:, None]  # those after the target itself move up by one
    return drawn


def _concatenate(parts: list[Synapses]) -> Synapses:
    none = Synapses(
        np.zeros(0, np.int32),
        np.zeros(0, np.int32),
        np.zeros(0, np.float64),
        np.zeros(0, np.float64),
    )
    parts = [none, *parts]
    return Synapses(
        np.concatenate([p.sources for p in parts]),
        np.concatenate([p.targets for p in parts]),
        np.concatenate([p.weights for p in parts]),
        np.concatenate([p.delays for p in parts]),
    )
