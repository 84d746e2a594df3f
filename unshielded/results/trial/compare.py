"""Every arm of a trial against its control."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unshielded.results.trial.difference import Pairs, delayed, prevented, time_gained
from unshielded.results.trial.hazard import Hazard, hazard
from unshielded.results.trial.motor_neurons import MotorNeuronOutcome
from unshielded.statistics.intervals import Estimate, mean


@dataclass(frozen=True)
class Comparison:
    """What an arm differs by from the control; differences are treated less control.

    Attributes
    ----------
    alive
        Motor neurons alive at the end.
    force
        Share of the force kept.
    gained, gained_cells
        Restricted mean survival time (s), with the interval over seeds, and over neurons.
    prevented
        Share of the control's deaths.
    control_deaths
        Of the same seeds, all together.
    onset, severe
        Of lifetimes: restricted mean time to weakness, and to severe weakness (s).
    """

    seeds: int
    alive: Estimate
    force: Estimate
    hazard: Hazard
    gained: Estimate
    gained_cells: Estimate
    prevented: Estimate
    control_deaths: int
    onset: Estimate
    severe: Estimate


@dataclass(frozen=True)
class ArmOutcome:
    """An arm on a variant from a start.

    Attributes
    ----------
    n, alive
        Motor neurons, and how many of them lived at the end: means over seeds.
    deaths
        Of all seeds together.
    force_kept
        Mean over seeds; None where no force was recorded.
    mean_life
        Restricted mean survival time (s).
    begin
        When what the arm gives began (s), mean over the seeds where it did.
    against
        The control; None of the control itself, and where no control of the same seed is there.
    start_age
        Of a lifetime (s); None of a run that is not a lifespan.
    weak, severely_weak
        Seeds whose limb became so; None of runs that are not lifespans.
    """

    variant: str
    arm: str
    start: str
    seeds: int
    n: float
    alive: float
    deaths: int
    force_kept: float | None
    mean_life: float
    begin: float | None
    against: Comparison | None
    start_age: float | None = None
    weak: int | None = None
    severely_weak: int | None = None


def compare(runs: Sequence[MotorNeuronOutcome], control: str) -> list[ArmOutcome]:
    """Compare all arms with the control of the same variant and seed, in the order of `runs`."""
    groups: dict[tuple[str, str, str], list[MotorNeuronOutcome]] = {}
    for each in runs:
        groups.setdefault((each.variant, each.arm, each.start), []).append(each)
    controls = {(c.variant, c.seed): c for c in runs if c.arm == control}
    table = []
    for (variant, arm, start), members in groups.items():
        pairs = [(controls[variant, c.seed], c) for c in members if (variant, c.seed) in controls]
        forces = [c.force_kept for c in members if c.force_kept is not None]
        begins = [c.begin for c in members if np.isfinite(c.begin)]
        horizon = min(c.end for c in members)
        of_life = all(c.of_life for c in members)
        table.append(
            ArmOutcome(
                variant,
                arm,
                start,
                len(members),
                float(np.mean([c.n for c in members])),
                float(np.mean([c.n - c.deaths for c in members])),
                sum(c.deaths for c in members),
                float(np.mean(forces)) if forces else None,
                float(np.mean([c.mean_life(horizon) for c in members])),
                float(np.mean(begins)) if begins else None,
                _against(pairs) if pairs and arm != control else None,
                members[0].start_age if of_life else None,
                _happened([c.onset for c in members]) if of_life else None,
                _happened([c.severe for c in members]) if of_life else None,
            )
        )
    return table


def of_lives(outcomes: Sequence[ArmOutcome]) -> bool:
    """Tell whether a trial is one over lifetimes, which is told in years of age."""
    return any(each.start_age is not None for each in outcomes)


def _happened(times: Sequence[float | None]) -> int:
    return sum(time is not None and math.isfinite(time) for time in times)


def _against(pairs: Pairs) -> Comparison:
    forces = [
        (t.force_kept, c.force_kept)
        for c, t in pairs
        if t.force_kept is not None and c.force_kept is not None
    ]
    gained, gained_cells = time_gained(pairs)
    return Comparison(
        seeds=len(pairs),
        alive=mean([float((t.n - t.deaths) - (c.n - c.deaths)) for c, t in pairs]),
        force=mean([t - c for t, c in forces]),
        hazard=hazard(pairs),
        gained=gained,
        gained_cells=gained_cells,
        prevented=prevented([c.deaths for c, _ in pairs], [t.deaths for _, t in pairs]),
        control_deaths=sum(c.deaths for c, _ in pairs),
        onset=delayed(pairs, lambda each: each.onset),
        severe=delayed(pairs, lambda each: each.severe),
    )
