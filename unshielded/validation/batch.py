"""Many lone cells at once: the cells of a pool under several conditions, in one integration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from unshielded import calcium, circuit
from unshielded.arrays import Array
from unshielded.calibration.courses import Course, course
from unshielded.calibration.problem import Fact
from unshielded.validation.lab import Lab


@dataclass(frozen=True)
class Times:
    """A parameter that is so many times what the cell has."""

    factor: float


#: What a condition adds: an agent's concentration (mM), or a parameter in SI, or times the cell's own.
Condition = Mapping[str, float | Times]

_STEMS = {**circuit.AGENTS, **calcium.AGENTS}


def courses(
    lab: Lab,
    population: str,
    seed: int,
    conditions: Mapping[str, Condition],
    duration: float,
    *,
    count: int = 8,
    firing_rate: float = 0.0,
    held_at: float | None = None,
) -> dict[str, Course]:
    """Let the same cells live through each condition.

    Parameters
    ----------
    conditions
        Name → agents (as configs name them; mM, throughout) and parameters (SI) that differ.
    duration
        In seconds.
    count
        Cells, as :meth:`Lab.cells` draws them.
    firing_rate, held_at
        Imposed discharge (Hz), and the mean potential (V) at which synapses that make it fire hold the
        cell; None leaves it free.
    """
    drawn = lab.cells(population, seed, count)
    changed = {_name(key) for condition in conditions.values() for key in condition}
    values: dict[str, list[float]] = {name: [] for name in {*drawn[0], *changed}}
    defaults = lab.cell(population).values
    for condition in conditions.values():
        given = {_name(key): value for key, value in condition.items()}
        for own in drawn:
            for name, column in values.items():
                mine = own.get(name, defaults.get(name, 0.0))
                here = given.get(name, mine)
                column.append(mine * here.factor if isinstance(here, Times) else here)
    fact = Fact.model_validate(
        {
            "population": population,
            "preparation": lab.preparation,
            "duration": f"{duration} s",
            "firing_rate": f"{firing_rate} Hz",
            "held_at": None if held_at is None else f"{held_at} V",
            "expect": "any",
            "source": (),
            "why": "",
        }
    )
    whole = course(fact, {name: np.array(column) for name, column in values.items()})
    return {
        name: part(whole, slice(k * count, (k + 1) * count)) for k, name in enumerate(conditions)
    }


def part(whole: Course, where: slice) -> Course:
    """Return some of the cells of a course."""
    return Course(
        death=whole.death[where],
        fate=whole.fate[where],
        share=whole.share[where],
        calcium=whole.calcium[where],
        atp=whole.atp[where],
    )


def dead(found: Course) -> float:
    """Return the share of cells that died (%)."""
    return 100 * float(np.mean(np.isfinite(found.death)))


def half_dead(doses: Sequence[float], shares: Sequence[float]) -> float:
    """Return the dose at which half of the cells die, by a line in the dose's logarithm.

    Not a number where the shares (%) do not cross one half.

    Examples
    --------
    >>> round(half_dead([1.0, 10.0, 100.0], [0.0, 50.0, 100.0]), 3)
    10.0
    """
    x, y = np.log(doses), np.asarray(shares)
    for k in range(1, len(x)):
        if y[k - 1] < 50.0 <= y[k]:
            return float(np.exp(np.interp(50.0, y[k - 1 : k + 1], x[k - 1 : k + 1])))
    return float("nan")


def survival(found: Course, times: Array) -> Array:
    """Return the share of cells alive (%) at some times (s)."""
    alive: Array = 100 * np.mean(found.death[:, None] > times, axis=0)
    return alive


def _name(key: str) -> str:
    return f"{_STEMS[key]}_bath" if key in _STEMS else key
