"""How long cells live: survival curves, medians, and whether classes of cells differ."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from unshielded.arrays import Array, Integers
from unshielded.results.summary import reading
from unshielded.store.format.files import NoSuchEntry
from unshielded.store.reading.read import RunFile

Source = Path | str | RunFile

#: Settings in which runs may differ whose cells are put together.
_SAME = ("seed", "name", "description")


@dataclass(frozen=True)
class Lifetimes:
    """When the cells of a population died, and when the others were last seen alive (s)."""

    died: Array
    censored: Array

    @property
    def n(self) -> int:
        """Number of cells."""
        return len(self.died) + len(self.censored)

    def at_risk(self, times: npt.ArrayLike) -> Integers:
        """Count the cells that are alive and watched just before each time (s)."""
        ends = np.sort(np.concatenate([self.died, self.censored]))
        return (self.n - np.searchsorted(ends, times, side="left")).astype(np.int64)


@dataclass(frozen=True)
class Survival:
    """Fraction of a population still alive after each time (s), with its 95 % interval.

    A step curve: `fraction` holds from its time until the next one. The last time is the end
    of the observation.
    """

    time: Array
    fraction: Array
    low: Array
    high: Array

    def median(self) -> tuple[float | None, float | None, float | None]:
        """Return the median lifetime (s) and its 95 % interval (Brookmeyer1982).

        The first times at which the curve, and the edges of its band, are at 0.5 or below; None
        for what they do not reach.
        """
        first = [
            float(self.time[below[0]]) if len(below) else None
            for below in (np.flatnonzero(c <= 0.5) for c in (self.fraction, self.low, self.high))
        ]
        return first[0], first[1], first[2]

    def mean(self) -> float:
        """Return the mean time lived (s) up to the end of the observation: the area below."""
        return float(np.sum(self.fraction[:-1] * np.diff(self.time)))


@dataclass(frozen=True)
class Difference:
    """Two populations, and the p-value that they live equally long; None where nobody died.

    From the log-rank test, corrected for the number of pairs (Holm1979). It takes cells for
    independent. Those of one network are not, so it says too much: a small value is no proof.
    """

    first: str
    second: str
    p: float | None


def lifetimes(sources: Sequence[Source], population: str) -> Lifetimes:
    """Put the cells of a population of several runs together.

    Cells that outlive a run are censored at its end, so runs of different length may be put
    together.
    """
    died: list[Array] = [np.zeros(0)]
    survived: list[Array] = [np.zeros(0)]
    for source in sources:
        with reading(source) as run:
            time = run.fate(population)["time_of_death"]
            dead = np.isfinite(time)
            died.append(time[dead])
            survived.append(np.full(np.count_nonzero(~dead), run.duration))
    return Lifetimes(np.concatenate(died), np.concatenate(survived))


def survival(sources: Sequence[Source], population: str) -> Survival:
    """Estimate the survival curve of a population from one run or several (Kaplan-Meier).

    The interval is pointwise (log-log).

    Raises
    ------
    ValueError
        If the population has no cell that could die.
    """
    found = lifetimes(sources, population)
    return kaplan_meier(found.died, found.censored)


def kaplan_meier(died: npt.ArrayLike, censored: npt.ArrayLike) -> Survival:
    """Estimate a survival curve from times of death and times last seen alive.

    Raises
    ------
    ValueError
        If there are none.
    """
    # slow to import, and most of what reads results does without it
    from scipy.stats import CensoredData, ecdf

    deaths, seen = np.asarray(died, float), np.asarray(censored, float)
    if deaths.size + seen.size == 0:
        raise ValueError("there is no cell that could die; choose a population with calcium")
    curve = ecdf(CensoredData(uncensored=deaths, right=seen)).sf
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore")  # at 0 and 1 there is no interval; filled in below
        interval = curve.confidence_interval(0.95, method="log-log")
    end = max(deaths.max(initial=0.0), seen.max(initial=0.0))
    time = np.concatenate([[0.0], curve.quantiles])
    fraction = np.concatenate([[1.0], curve.probabilities])
    low = np.concatenate([[1.0], interval.low.probabilities])
    high = np.concatenate([[1.0], interval.high.probabilities])
    low, high = (np.where(np.isfinite(v), v, fraction) for v in (low, high))
    if time[-1] < end:
        time = np.append(time, end)
        fraction, low, high = (np.append(v, v[-1]) for v in (fraction, low, high))
    return Survival(time, fraction, low, high)


def differences(found: dict[str, Lifetimes]) -> list[Difference]:
    """Compare every two populations by the log-rank test (Mantel1966)."""
    from scipy.stats import CensoredData, logrank

    pairs = list(combinations(found, 2))
    raw: list[float | None] = []
    for first, second in pairs:
        a, b = found[first], found[second]
        if not len(a.died) + len(b.died):
            raw.append(None)
            continue
        samples = (CensoredData(uncensored=x.died, right=x.censored) for x in (a, b))
        raw.append(float(logrank(*samples).pvalue))
    adjusted = iter(holm([p for p in raw if p is not None]))
    return [
        Difference(first, second, None if p is None else next(adjusted))
        for (first, second), p in zip(pairs, raw, strict=True)
    ]


def holm(p: Iterable[float]) -> list[float]:
    """Correct p-values for their number (Holm1979).

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(list(p))
    order = np.argsort(values)
    steps = values[order] * np.arange(len(values), 0, -1)
    corrected = np.empty(len(values))
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return [float(value) for value in corrected]


def mortal(sources: Sequence[Source]) -> list[str]:
    """Name the populations that have cells which could die, in the order of the circuit."""
    names: dict[str, None] = {}
    for source in sources:
        with reading(source) as run:
            names |= {p.name: None for p in run.populations if p.carries_calcium and p.size}
    return list(names)


def check_alike(sources: Sequence[Source]) -> None:
    """Refuse to put together the cells of runs of different experiments.

    Raises
    ------
    NoSuchEntry
        If settings other than the seed differ.
    """
    first: dict[str, Any] | None = None
    for source in sources:
        with reading(source) as run:
            settings = flat(json.loads(run.text("resolved_json")))
            where = run.path
        first = settings if first is None else first
        if differ := sorted(k for k in {*first, *settings} if first.get(k) != settings.get(k)):
            more = f" and {len(differ) - 1} more" if len(differ) > 1 else ""
            raise NoSuchEntry(
                f"{where}: this run differs from the first in {differ[0]}{more}; survival curves "
                "pool runs that differ only in the seed: name the runs of one experiment"
            )


def flat(settings: Any, above: str = "") -> dict[str, Any]:
    """Write nested settings as paths, entries of lists by number; without seed and name.

    Examples
    --------
    >>> flat({"seed": 1, "drive": {"level": 1.0}, "bath": [{"from": 0.0}], "record": []})
    {'drive.level': 1.0, 'bath.0.from': 0.0, 'record': []}
    """
    if isinstance(settings, dict):
        inner = [(k, v) for k, v in settings.items() if above or k not in _SAME]
    elif isinstance(settings, list) and settings and isinstance(settings[0], dict):
        inner = [(str(place), each) for place, each in enumerate(settings)]
    else:
        return {above.rstrip("."): settings}
    found: dict[str, Any] = {}
    for name, value in inner:
        found |= flat(value, f"{above}{name}.")
    return found
