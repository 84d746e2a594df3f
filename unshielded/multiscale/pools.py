r"""Muscles: which units share one, its force, and its fibres without a junction.

The orphan fibres of a muscle are those of its dead units and those that living units have given up, less
those that others have taken over; relative to the fibres that are held,

.. math::
    o = \frac{\sum_i w_i - \sum_{i\,\text{alive}} w_i u_i}{\sum_{i\,\text{alive}} w_i u_i}

with the twitch force :math:`w` for the number of a unit's fibres, and :math:`u` the fibres that it holds
over its own. Between windows :math:`\dot o = a - b\,o`, where :math:`b\,o` is what living units take over
now, and :math:`a` what they give up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from unshielded.arrays import Array, Integers, Mask
from unshielded.assemble import Layout
from unshielded.circuit.populations import POPULATIONS

#: States whose sum is what a unit holds of its fibres.
HOLDING = ("innervation", "sprouts")

#: The muscle whose weakness is onset.
LIMB = "limb"


@dataclass(frozen=True)
class MotorPool:
    """A muscle: its name, its units' cells, and their fibres when young."""

    name: str
    cells: Integers
    fibres: Array


def share_dead(cells: Integers, alive: Mask, lost: Mask) -> float:
    """Return the share of the dead of some cells that are not lost; 0 of none.

    Examples
    --------
    >>> share_dead(np.array([0, 1, 2]), np.array([True, False, True]), np.array([False, False, True]))
    0.5
    """
    died = cells[~alive[cells]]
    watched = len(died) + int(np.count_nonzero(alive[cells] & ~lost[cells]))
    return len(died) / watched if watched else 0.0


def limb_dead(muscles: Iterable[MotorPool], alive: Mask, lost: Mask) -> float:
    """Return the share of the limb's motor neurons that are dead, of those not lost; 0 without a limb.

    Examples
    --------
    >>> hand = MotorPool("limb", np.array([0, 1, 2, 3]), np.ones(4))
    >>> eye = MotorPool("oculomotor", np.array([4]), np.ones(1))
    >>> limb_dead((hand, eye), np.array([True, False, True, True, False]), np.zeros(5, bool))
    0.25
    """
    return next((share_dead(m.cells, alive, lost) for m in muscles if m.name == LIMB), 0.0)


def muscles(layout: Layout, twitch_force: Array) -> tuple[MotorPool, ...]:
    """Return the muscles of a circuit; a pool whose units have no force belongs to none."""
    found: dict[str, list[int]] = {}
    for part in layout.slices:
        name = POPULATIONS[part.name].muscle
        if name and part.carries_calcium and np.any(twitch_force[part.start : part.stop] > 0):
            found.setdefault(name, []).extend(range(part.start, part.stop))
    return tuple(
        MotorPool(name, np.array(cells), twitch_force[np.array(cells)])
        for name, cells in found.items()
    )


def orphans(
    muscle: MotorPool, held: Array, alive: Mask, with_orphans: Array, without: Array
) -> tuple[float, float, float]:
    """Return the orphan fibres of a muscle, over those that are held, and how they change.

    Parameters
    ----------
    held
        Of all cells, fibres over the unit's own.
    alive
        Of all cells, whether they are alive and not lost.
    with_orphans, without
        Rates of `held` as it is, and as it would be if there were no orphan fibre.

    Returns
    -------
    orphans, source, adoption
        Share; 1/s; 1/s.
    """
    mine = muscle.cells[alive[muscle.cells]]
    weight = muscle.fibres[alive[muscle.cells]]
    kept = float(np.sum(weight * held[mine]))
    total = float(np.sum(muscle.fibres))
    if kept <= 1e-9 * total:
        return 0.0, 0.0, 0.0
    share = max(total / kept - 1.0, 0.0)
    taken = max(float(np.sum(weight * (with_orphans - without)[mine])) / kept, 0.0)
    given = max(-float(np.sum(weight * without[mine])) / kept, 0.0)
    return share, given, taken / share if share > 0 else 0.0


def strength(muscle: MotorPool, factor: Mapping[str, Array] | Array, alive: Mask) -> float:
    """Return the force that the living units of a muscle can still make, over that of all."""
    of = factor if isinstance(factor, np.ndarray) else factor["twitch_force"]
    living = alive[muscle.cells]
    return float(np.sum((muscle.fibres * of[muscle.cells])[living]) / np.sum(muscle.fibres))
