"""What a validation target is: published values, a criterion, a measurement, a figure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any, Literal

from matplotlib.figure import Figure

from unshielded.arrays import Array
from unshielded.preparations import DEFAULT, PREPARATIONS

if TYPE_CHECKING:
    from unshielded.validation.lab import Lab

Claim = Literal["met", "missed"]


@dataclass(frozen=True)
class TargetValue:
    """One number of a target.

    Attributes
    ----------
    name, unit
        What is measured. The name is the key in :attr:`Sample.values`.
    low, high
        The published range, ends included; None where it is open. A line with neither is
        information and is not judged.
    """

    name: str
    unit: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def judged(self) -> bool:
        """Whether there is a range to hold the number against."""
        return self.low is not None or self.high is not None

    def holds(self, value: float) -> bool:
        """Tell whether a value lies in the range.

        Examples
        --------
        >>> TargetValue("tau", "ms", 251, 491).holds(371), TargetValue("tau", "ms", 251).holds(math.nan)
        (True, False)
        """
        if math.isnan(value):
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True)
class Sample:
    """What one seed gave: a number for each line, and curves for the figure."""

    seed: int
    values: Mapping[str, float]
    curves: Mapping[str, Array]


@dataclass(frozen=True)
class Target:
    """Something published that the model has to reproduce.

    Attributes
    ----------
    id, title
        As in the table.
    published, sources, criterion
        In words; the sources are keys of ``references.bib``.
    protocol
        What is done with the model.
    lines
        What is measured.
    fitted
        Parameters that were fitted on this target; without any it is a prediction.
    claimed, reason
        Whether the model is said to meet it, and why not.
    measure
        From the laboratory and a seed to a sample.
    draw
        Puts the samples into a figure and returns its caption.
    engine
        Whether it runs compiled programs; otherwise it solves lone cells.
    preparation
        In which the model is measured, that of the source; a key of
        :data:`unshielded.preparations.PREPARATIONS`.
    """

    id: str
    title: str
    published: str
    sources: tuple[str, ...]
    criterion: str
    protocol: str
    lines: tuple[TargetValue, ...]
    fitted: tuple[str, ...]
    claimed: Claim
    measure: Callable[[Lab, int], Sample]
    draw: Callable[[Sequence[Sample], Figure], str]
    reason: str = ""
    engine: bool = False
    preparation: str = DEFAULT

    def __post_init__(self) -> None:
        if self.preparation not in PREPARATIONS:
            raise ValueError(
                f"{self.id}: there is no preparation {self.preparation!r}; expected one of "
                f"{', '.join(PREPARATIONS)}"
            )
        if self.claimed == "missed" and not self.reason:
            raise ValueError(f"{self.id} is claimed missed, and 'reason' does not say why")
        if not any(line.judged for line in self.lines):
            raise ValueError(f"{self.id}: no line has a range, so it can only be met; give one")


@dataclass(frozen=True)
class Measurement:
    """A line with its values, one per seed."""

    line: TargetValue
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over seeds; not a number if any seed gave none."""
        return fmean(self.values)

    @property
    def deviation(self) -> float | None:
        """Sample standard deviation over seeds; None from one seed, or where one gave none."""
        known = len(self.values) > 1 and all(map(math.isfinite, self.values))
        return stdev(self.values) if known else None

    @property
    def met(self) -> bool | None:
        """Whether the mean lies in the published range; None if there is none."""
        return self.line.holds(self.mean) if self.line.judged else None


@dataclass(frozen=True)
class Result:
    """A target, measured."""

    target: Target
    samples: tuple[Sample, ...]

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """Every line of the target."""
        return tuple(
            Measurement(line, tuple(s.values[line.name] for s in self.samples))
            for line in self.target.lines
        )

    @property
    def met(self) -> bool:
        """Whether every line that has a range is in it."""
        return all(m.met is not False for m in self.measurements)

    @property
    def broken(self) -> bool:
        """Whether the target is claimed met, and is not."""
        return self.target.claimed == "met" and not self.met

    @property
    def verdict(self) -> str:
        """In words, with what was claimed where that is something else."""
        found: Claim = "met" if self.met else "missed"
        other = "" if found == self.target.claimed else f", claimed {self.target.claimed}"
        return found + other

    def as_json(self) -> dict[str, Any]:
        """Plain data; null where it is not a number."""
        target = self.target
        return {
            "id": target.id,
            "title": target.title,
            "published": target.published,
            "sources": list(target.sources),
            "criterion": target.criterion,
            "protocol": target.protocol,
            "preparation": target.preparation,
            "fitted": list(target.fitted),
            "claimed": target.claimed,
            "met": self.met,
            "reason": target.reason,
            "seeds": [s.seed for s in self.samples],
            "lines": [
                {
                    "name": m.line.name,
                    "unit": m.line.unit,
                    "low": m.line.low,
                    "high": m.line.high,
                    "values": [_finite(v) for v in m.values],
                    "mean": _finite(m.mean),
                    "sd": m.deviation,
                    "met": m.met,
                }
                for m in self.measurements
            ],
        }


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
