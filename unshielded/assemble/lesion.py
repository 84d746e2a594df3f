"""Loss of interneurons: nested masks on one wiring, constant or with a time course."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from unshielded.assemble.streams import stream

#: Later than any run: this neuron is never lost.
NEVER = 1e30


def silenced_from(
    size: int, loss: float, start: float, end: float, seed: int, population: str
) -> NDArray[np.float64]:
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
