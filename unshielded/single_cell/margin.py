r"""The margin of a cell: how much of a load it bears before its healthy state is gone.

The healthy state is the branch of steady states that begins at rest. It is lost where it folds
back (saddle-node), where it begins to oscillate with growing amplitude (Hopf), or where the cell
would die of it (necrosis, apoptosis or proteolysis proceeds to its end in that very state).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from unshielded.arrays import Array
from unshielded.fates import FATES
from unshielded.numerics.continuation import Branch, SteadyState, follow
from unshielded.single_cell.cell import Cell
from unshielded.single_cell.fixed_points import Load, Reduced, reduced
from unshielded.single_cell.solve import solve

#: How long a cell must live a little below the tipping point, in seconds, and how long one is
#: watched a little above it: near a saddle-node a state is left ever more slowly.
WATCHED = 2 * 3600.0, 24 * 3600.0
#: These loads, relative to the critical one.
BESIDE = (0.95, 1.05)
#: What is told of a steady state: name → state, factor from SI.
READINGS = {
    "calcium_uM": ("calcium", 1e3),
    "potential_mV": ("mitochondrial_potential", 1e3),
    "atp_mM": ("atp", 1.0),
    "sodium_mM": ("sodium", 1.0),
    "ros": ("ros", 1.0),
    "matrix_calcium_mM": ("matrix_calcium", 1.0),
    "pore_open": ("pore_open", 1.0),
}
#: A cell has left its healthy state where one of these is further off than that by this share.
_LEFT = 0.2


@dataclass(frozen=True)
class Check:
    """The outcome of switching a load on at once, starting from a resting cell.

    Attributes
    ----------
    load
        In the load's unit.
    death, mode
        Seconds, and of what; None if it lives as long as it is watched.
    watched
        That time, in seconds.
    left
        Whether calcium rose, or ΔΨm or ATP fell, 20 % beyond their values at the tipping point.
    """

    load: float
    death: float | None
    mode: str | None
    left: bool
    watched: float


@dataclass(frozen=True)
class Margin:
    """The healthy branch of a class, and its end.

    Attributes
    ----------
    population, load
        Whose, and under what.
    branch
        All steady states found, beyond the tipping point too.
    critical, kind
        The tipping point: load and kind; None if the healthy state lasts as far as the branch was
        followed.
    below, above
        Direct simulations 5 % below and above it.
    """

    population: str
    load: Load
    system: Reduced
    branch: Branch
    critical: float | None
    kind: str | None
    tipping: SteadyState | None
    below: Check | None
    above: Check | None

    @property
    def confirmed(self) -> bool | None:
        """Whether simulation agrees: alive and healthy below, dead or no longer healthy above."""
        if self.below is None or self.above is None:
            return None
        return (
            self.below.death is None
            and not self.below.left
            and (self.above.death is not None or self.above.left)
        )

    def readings(self, point: SteadyState) -> dict[str, float]:
        """Some states at a point, in the units that their names say."""
        return readings(self.system, point.x)


def readings(system: Reduced, x: Array) -> dict[str, float]:
    """Return what is told of a steady state."""
    values = dict(zip(system.cell.system.states, system.values(x), strict=True))
    return {name: float(values[state] * scale) for name, (state, scale) in READINGS.items()}


def margin(
    cell: Cell, load: Load, *, highest: float | None = None, check: bool = True, most: int = 400
) -> Margin:
    """Follow the healthy branch of a cell, find its end, and look on either side of it.

    Parameters
    ----------
    cell
        Under its other conditions.
    load
        What is increased, from none.
    highest
        As far as this, in the load's unit.
    check
        Simulate 5 % below and above the tipping point.
    most
        Points of the branch.

    Raises
    ------
    MechanismError
        If the cell dies without the load.
    """
    system = reduced(cell, load)
    highest = load.highest if highest is None else highest
    branch = follow(
        system.rates,
        system.healthy(),
        0.0,
        scale=highest / 10.0,
        lowest=-1e-9 * highest,
        highest=highest,
        events={name: partial(system.lethal, fate=name) for name in FATES},
        most=most,
    )
    first = branch.special[0] if branch.special else None
    if first is None:
        return Margin(cell.population, load, system, branch, None, None, None, None, None)
    critical, tipping = first.point.load, first.point
    below, above = (
        (_watch(system, share * critical, tipping, time) if check else None)
        for share, time in zip(BESIDE, WATCHED, strict=True)
    )
    return Margin(
        cell.population, load, system, branch, critical, first.kind, tipping, below, above
    )


def _watch(system: Reduced, load: float, tipping: SteadyState, time: float) -> Check:
    cell = system.under(load)
    start = system.values(system.healthy())
    course = solve(cell, time, start=start.tolist(), interval=10.0, tolerance=1e-6)
    at = readings(system, tipping.x)
    highest = float(course["calcium"].max()) * 1e3
    lowest = {
        name: float(course[state].min()) * scale
        for name, (state, scale) in READINGS.items()
        if name in ("potential_mV", "atp_mM")
    }
    left = highest > at["calcium_uM"] * (1.0 + _LEFT) or any(
        value < at[name] * (1.0 - _LEFT) for name, value in lowest.items()
    )
    return Check(load, course.death, course.mode, left, time)


def as_json(found: Margin) -> dict[str, Any]:
    """Return a margin as plain data."""

    def checked(check: Check | None) -> dict[str, Any] | None:
        if check is None:
            return None
        return {
            "load": check.load,
            "death_s": check.death,
            "mode": check.mode,
            "left_healthy_state": check.left,
            "watched_s": check.watched,
        }

    return {
        "population": found.population,
        "load": found.load.name,
        "unit": found.load.unit,
        "critical": found.critical,
        "kind": found.kind,
        "at_tipping": None if found.tipping is None else found.readings(found.tipping),
        "below": checked(found.below),
        "above": checked(found.above),
        "confirmed": found.confirmed,
        "special": [
            {"kind": each.kind, "load": each.point.load, **found.readings(each.point)}
            for each in found.branch.special
        ],
        "branch": [
            {
                "load": point.load,
                "stable": point.stable,
                "rightmost_per_s": float(point.eigenvalues[0].real),
                "residual": point.residual,
                **found.readings(point),
            }
            for point in found.branch.points
        ],
        "end": found.branch.end,
    }
