"""Draw cells from the priors, run the facts, tell which draws explain them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, qmc

from unshielded.arrays import Array, Mask
from unshielded.calibration.courses import Course, course
from unshielded.calibration.problem import GROUPS, REFERENCE, CalibrationProblem, Fact
from unshielded.preparations import PREPARATIONS
from unshielded.single_cell.cell import CATALOGUE, numbers

#: Draws beyond so many standard deviations are set there.
_FURTHEST = 2.5
#: A cell that lives with less of its ATP than this is not well.
_WELL = 0.8


@dataclass(frozen=True)
class Calibration:
    """Draws, and which facts each of them meets. A draw that misses one is not asked the next.

    Attributes
    ----------
    problem
        What was asked.
    draws
        Parameter → value of each draw, of the middle fatigue-resistant motor neuron, SI.
    courses
        Fact → how the cells fared.
    met
        Fact → which draws meet it.
    """

    problem: CalibrationProblem
    draws: Mapping[str, Array]
    courses: Mapping[str, Course]
    met: Mapping[str, Mask]

    @property
    def plausible(self) -> Mask:
        """The draws that meet every fact."""
        every: Mask = np.all([self.met[name] for name in self.problem.facts], axis=0)
        return every

    def central(self) -> int:
        """Return the plausible draw nearest to the middle of all, in standard deviations of the priors."""
        chosen = np.flatnonzero(self.plausible)
        z = np.array(
            [
                np.log(self.draws[name][chosen]) / np.log(prior.factor)
                for name, prior in self.problem.priors.items()
            ]
        )
        return int(chosen[np.argmin(((z - np.median(z, axis=1, keepdims=True)) ** 2).sum(axis=0))])


def draw(problem: CalibrationProblem, count: int, seed: int) -> dict[str, Array]:
    """Draw from the priors, scrambled Sobol points: parameter → values in SI."""
    points = qmc.Sobol(len(problem.priors), scramble=True, seed=seed).random(count)
    z = np.clip(norm.ppf(points), -_FURTHEST, _FURTHEST)
    return {
        name: prior.median * prior.factor ** z[:, k]
        for k, (name, prior) in enumerate(problem.priors.items())
    }


def of_population(
    problem: CalibrationProblem, draws: Mapping[str, Array], population: str, preparation: str
) -> dict[str, Array]:
    """Return the parameters of a population under each draw, in SI, at the preparation's temperature."""
    own, adult = numbers(population, preparation), numbers(REFERENCE)
    measured_here = PREPARATIONS[preparation].numbers
    found: dict[str, Array] = {}
    for name, prior in problem.priors.items():
        if population not in GROUPS[prior.of] or name in measured_here:
            continue
        # A draw multiplies the number of every population; elsewhere than at 37 °C the Q10 holds as well.
        factor = draws[name] / adult[name]
        for changed in (name, *prior.along):
            scale = (
                CATALOGUE[changed].si / CATALOGUE[changed].value
                if CATALOGUE[changed].value
                else 1.0
            )
            found[changed] = np.clip(
                own[changed] * factor,
                CATALOGUE[changed].low * scale,
                CATALOGUE[changed].high * scale,
            )
    return found


def calibrate(
    problem: CalibrationProblem, count: int, seed: int, told: Callable[[str], None] = lambda _: None
) -> Calibration:
    """Run the facts, one after the other, for the draws that have met those before.

    Parameters
    ----------
    count
        Draws; a power of two fills the space evenly.
    told
        Called with the name of each fact before it is run.
    """
    draws = draw(problem, count, seed)
    courses: dict[str, Course] = {}
    met: dict[str, Mask] = {}
    left = np.arange(count)
    for name, fact in problem.facts.items():
        told(f"{name}: {left.size} draws")
        some = {key: values[left] for key, values in draws.items()}
        found = course(fact, of_population(problem, some, fact.population, fact.preparation))
        courses[name] = found.among(left, count)
        met[name] = _meets(fact, courses[name], courses.get(fact.before or ""))
        left = left[met[name][left]]
    return Calibration(problem, draws, courses, met)


def _meets(fact: Fact, found: Course, later: Course | None) -> Mask:
    alive = np.isinf(found.death)
    met: Mask
    match fact.expect:
        case "alive":
            met = alive & (found.atp > _WELL * numbers(fact.population)["resting_atp"])
        case "dead":
            met = np.isfinite(found.death) & (found.death >= fact.not_before)
        case "share":
            met = (found.share >= fact.low) & (found.share <= fact.high)
        case "any":
            met = ~np.isnan(found.death)
    if later is not None:
        met = met & (found.death <= later.death)
    return met
