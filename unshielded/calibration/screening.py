r"""Which of the numbers that are not known decide what becomes of a lone cell: Morris' screening.

Every number that a lone cell uses is moved within what is not known of it, one after the other, from many starting
points. The effect of a number on an outcome is the mean size of the change that it makes,

.. math:: \mu^*_i = \frac{1}{r}\sum_k \left|\frac{\Delta y}{\Delta u_i}\right|,

with :math:`u_i` from 0 to 1 over the middle 90 % of what the number may be, in standard deviations of the outcome
over all points. It costs one course for each number and starting point, so it can ask all numbers; it ranks them
and says nothing of how they act together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import numpy as np
from scipy.stats import norm

from unshielded.arrays import Array
from unshielded.calibration.courses import Course, course
from unshielded.calibration.problem import Fact
from unshielded.mechanism import MechanismError
from unshielded.mechanism.units import factor
from unshielded.model import PARAMETERS, cell_models
from unshielded.single_cell.cell import CATALOGUE, CONDITIONS, numbers
from unshielded.uncertainty import uncertainty

_LEVELS = 4
#: The middle 90 % of what a number may be.
_FROM, _TO = 0.05, 0.95


@dataclass(frozen=True)
class Screening:
    """Effects of numbers on outcomes.

    Attributes
    ----------
    effects
        Outcome → parameter → effect, in standard deviations of the outcome.
    cells, without_rest
        Courses for each outcome, and how many cells had no state of rest: they count with the mean.
    """

    effects: Mapping[str, Mapping[str, float]]
    cells: int
    without_rest: int

    def ranked(self) -> list[tuple[str, float, str]]:
        """Return parameters by their largest effect: name, effect, and the outcome that it is on."""
        names = next(iter(self.effects.values()))
        best = [max((of[name], outcome) for outcome, of in self.effects.items()) for name in names]
        found = [(name, *largest) for name, largest in zip(names, best, strict=True)]
        return sorted(found, key=lambda one: (-one[1], one[0]))


def unknown_numbers(population: str) -> list[str]:
    """Return the numbers of a lone cell of which something is not known, and which are not 0 in it."""
    used = {name for model in cell_models() for name in model.parameters} & set(CATALOGUE)
    own = numbers(population)
    return sorted(
        name
        for name in used - set(CONDITIONS)
        if uncertainty(name).shape != "known"
        and (own[name] != 0 or uncertainty(name).shape == "normal")
    )


def moved(population: str, preparation: str, name: str, unit: Array) -> Array:
    """Return a number of a population in SI, moved over what it may be: 0 and 1 are the ends of the middle 90 %."""
    parameter, scale = PARAMETERS[name], factor(PARAMETERS[name].unit)
    z = norm.ppf(_FROM + (_TO - _FROM) * unit)
    own = numbers(population, preparation)[name] / scale
    values = uncertainty(name).moved(own, z, parameter.low, parameter.high)
    return np.asarray(values, float) * scale


def _followed(fact: Fact, values: Mapping[str, Array], count: int) -> Course:
    """Return the courses of all cells; those that no solver can follow count as without rest."""
    try:
        return course(fact, values)
    except MechanismError:
        if count == 1:
            none = np.full(1, np.nan)
            return Course(none, np.full(1, -1), none, none, none)
    half = count // 2
    parts = [
        _followed(fact, {n: v[of] for n, v in values.items()}, size)
        for of, size in ((slice(half), half), (slice(half, None), count - half))
    ]
    return Course(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Course)))


def screen(
    facts: Mapping[str, Fact],
    trajectories: int,
    seed: int,
    names: list[str] | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Screening:
    """Ask which numbers decide the outcomes of some courses of one population.

    Parameters
    ----------
    facts
        Name → course. Outcomes of each are the time lived, and calcium and ATP at the end, in logarithms.
    trajectories
        Starting points; each costs one course for every number.
    seed
        Of the starting points.
    names
        Numbers to move; all that are not known if not given.
    told
        Called with the name of each course before it is run.

    Raises
    ------
    ImportError
        If SALib is not installed.
    """
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    (population,) = {fact.population for fact in facts.values()}
    names = unknown_numbers(population) if names is None else names
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    points: Array = sampling.sample(problem, trajectories, num_levels=_LEVELS, seed=seed)
    effects: dict[str, dict[str, float]] = {}
    resting = np.ones(len(points), bool)
    for name, fact in facts.items():
        told(name)
        values = {
            each: moved(population, fact.preparation, each, points[:, k])
            for k, each in enumerate(names)
        }
        found = _followed(fact, values, len(points))
        resting &= ~np.isnan(found.death)
        outcomes = {
            "time lived": np.minimum(found.death, fact.duration),
            "calcium": found.calcium,
            "ATP": found.atp,
        }
        for outcome, amounts in outcomes.items():
            with np.errstate(invalid="ignore", divide="ignore"):
                y = np.log(amounts)
            y = np.where(np.isfinite(y), y, np.nanmean(np.where(np.isfinite(y), y, np.nan)))
            if not np.std(y) > 0:
                continue  # nothing happened that could be decided
            star = analysis.analyze(problem, points, y, num_levels=_LEVELS, seed=seed)["mu_star"]
            effects[f"{name}: {outcome}"] = {
                each: float(value / np.std(y)) for each, value in zip(names, star, strict=True)
            }
    return Screening(effects, len(points), int(np.sum(~resting)))
