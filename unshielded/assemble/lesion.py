"""Loss of neurons, and what a graft gives back: nested masks on one wiring, with a time course."""

from __future__ import annotations

import numpy as np

from unshielded.arrays import Array
from unshielded.assemble.streams import stream

#: Later than any run: this neuron is never lost.
NEVER = 1e30


def silenced_from(
    size: int, loss: float, start: float, end: float, seed: int, population: str
) -> Array:
    """Return the time, in seconds, from which each neuron is lost.

    One order per seed and population decides who goes first, whatever the level: the neurons
    lost at 30 % are among those lost at 50 %. ``round(loss * size)`` neurons are lost, at
    equal intervals between `start` and `end`.
    """
    order = stream(seed, "lesion", population).permutation(size)
    lost = round(loss * size)
    times = np.full(size, NEVER)
    if lost:
        times[order[:lost]] = start + (end - start) * np.arange(lost) / lost
    return times


def restored_from(
    silenced: Array,
    fraction: float,
    start: float,
    maturation: float,
    seed: int,
    population: str,
) -> Array:
    """Return the time, in seconds, from which each neuron that is lost at some time fires again.

    The first to go are the first to be replaced, ``round(fraction * lost)`` of them, at equal
    intervals of the maturation; one that is not lost by then stays.
    """
    order = stream(seed, "lesion", population).permutation(len(silenced))
    lost = order[silenced[order] < NEVER]
    count = round(fraction * len(lost))
    times = np.full(len(silenced), NEVER)
    if count:
        times[lost[:count]] = start + maturation * np.arange(1, count + 1) / count
    return times
