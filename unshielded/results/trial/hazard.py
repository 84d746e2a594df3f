"""The hazard ratio of an arm: deaths per living neuron and time, over that of the control."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from unshielded.results.trial.motor_neurons import MotorNeuronOutcome
from unshielded.statistics.cox import HazardRatio, Stratum, hazard_ratio


@dataclass(frozen=True)
class Hazard:
    """A hazard ratio with its 95 % interval.

    Attributes
    ----------
    ratio
        None where the data give none: see `reason`.
    low, high
        None where an end is open; `low` is 0 only of an arm without deaths.
    reason
        Why there is no ratio, or what to be careful with; may be empty.
    """

    ratio: float | None
    low: float | None
    high: float | None
    reason: str = ""

    def text(self) -> str:
        """Write the ratio with its interval, its bound, or why there is neither.

        Examples
        --------
        >>> Hazard(0.5, 0.25, 1.0).text(), Hazard(None, 0.0, 0.031).text()
        ('0.50 [0.25, 1.00]', 'below 0.031')
        >>> Hazard(2.0, 0.5, None).text(), Hazard(None, None, None, "no deaths").text()
        ('2.00 [0.50, ∞]', 'no deaths')
        """
        if self.ratio is None and self.low is None and self.high is None:
            return self.reason.partition(":")[0]
        low = "0" if self.low is None else _two(self.low)
        high = "∞" if self.high is None else _two(self.high)
        if self.ratio is not None:
            return f"{_two(self.ratio)} [{low}, {high}]"
        return f"above {low}" if self.high is None else f"below {high}"


def _two(value: float) -> str:
    """Write two decimals, or two digits of a small number."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def hazard(pairs: Sequence[tuple[MotorNeuronOutcome, MotorNeuronOutcome]]) -> Hazard:
    """Compare treated runs with their controls, each pair a stratum.

    Only what happens after the treatment began counts, in both: before, they are the same.

    Parameters
    ----------
    pairs
        Control and treated of each seed.
    """
    strata = [
        Stratum(control.lifetimes, treated.lifetimes, treated.begin)
        for control, treated in pairs
        if math.isfinite(treated.begin)
    ]
    if not strata:
        return Hazard(None, None, None, "it never began")
    found = hazard_ratio(strata)
    earlier = any(control.deaths + treated.deaths for control, treated in pairs)
    return Hazard(found.ratio, found.low, found.high, _reason(found, earlier))


def _reason(found: HazardRatio, earlier: bool) -> str:
    """Say why there is no ratio, or what to be careful with, by the deaths that were counted."""
    (without, treated), (compared_without, compared_with) = found.deaths, found.compared
    if not without + treated:
        return "no deaths after it began" if earlier else "no deaths"
    if not compared_without + compared_with:
        many = f"{without} without it and {treated} with it"
        return f"no deaths to compare: {many}, none while both arms had neurons at risk"
    said = []
    if not compared_with:
        said.append(f"{_none(treated, 'with it', 'without it')}: an upper limit")
    if not compared_without:
        said.append(f"{_none(without, 'without it', 'with it')}: a lower limit")
    if found.strata == 1:
        said.append("deaths to compare in one seed: the interval rests on the cells only")
    return "; ".join(said)


def _none(deaths: int, arm: str, other: str) -> str:
    """Say that none of an arm's deaths is compared."""
    if not deaths:
        return f"no deaths {arm}"
    return f"deaths {arm}: {deaths}, none while neurons {other} were at risk"
