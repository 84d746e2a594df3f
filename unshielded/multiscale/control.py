r"""Control of the step from one window to the next.

Loads are held constant over a step. The next window shows by how much, :math:`\delta`, they have changed
(beyond chance); with a tolerance :math:`\epsilon` the next step is

.. math::
    H' = H\,\mathrm{clip}\Big(\frac{\epsilon}{\delta},\; 0.3,\; 2\Big)

This is the difference between holding loads and following their slope through the last two windows, over
the tolerance. A slope is not followed: over a step it would multiply the chance in the loads of a window.
A step ends earlier when a share of a population has died in it, when more of one will have been lost, and
at each age at which something sets in or ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from unshielded.arrays import Array

_LEAST, _MOST = 0.3, 2.0
#: Seconds that two ages may differ and still be one.
_ALIKE = 1e-3


def next_step(step: float, change: float, tolerance: float, low: float, high: float) -> float:
    """Return the next step from the last one and the change of loads over it.

    Examples
    --------
    >>> next_step(100.0, 0.2, 0.1, 1.0, 1000.0), next_step(100.0, 0.0, 0.1, 1.0, 1000.0)
    (50.0, 200.0)
    """
    factor = _MOST if change <= 0 else min(max(tolerance / change, _LEAST), _MOST)
    return min(max(step * factor, low), high)


def until_edge(time: float, step: float, edges: Iterable[float]) -> float:
    """Return a step that does not pass the next edge.

    Examples
    --------
    >>> until_edge(10.0, 5.0, [3.0, 12.0, 14.0])
    2.0
    """
    return min([step, *(edge - time for edge in edges if edge > time + _ALIKE)])


def too_many(
    died: Array, groups: Mapping[str, slice], sizes: Mapping[str, int], share: float, low: float
) -> float | None:
    """Return when a step must end so that no more than a share of a population dies in it.

    Parameters
    ----------
    died
        Of all cells, seconds from the start of the step to its death; infinite if it lives.
    sizes
        Population → its size at birth.
    low
        No step is shorter.

    Returns
    -------
    float or None
        Seconds, or None if the step is good as it is.
    """
    ends = []
    for population, cells in groups.items():
        times = np.sort(died[cells])
        times = times[np.isfinite(times)]
        allowed = max(1, round(share * sizes[population]))
        if len(times) > allowed:
            ends.append(max(float(times[allowed - 1]) * (1 + 1e-9), low))
    return min(ends, default=None)
