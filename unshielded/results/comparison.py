"""Compare two experiments: which settings differ, and the effect on the outcomes.

Runs of one place that differ in nothing but the seed are one condition. A condition of one
place is compared with that of the other that has the same values of what varies in both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from statistics import fmean
from typing import Any

from unshielded.results.summary import burned_out_percent, summarise
from unshielded.results.survival import flat, lifetimes
from unshielded.statistics.intervals import student, welch
from unshielded.statistics.survival import Lifetimes, restricted_mean
from unshielded.store.format.files import NoSuchEntry
from unshielded.store.reading.read import open_run
from unshielded.store.tables.levels import key, si_unit

#: Outcome → its unit.
OUTCOMES = {
    "burned_out_percent": "%",
    "doomed": "neurons",
    "lost": "neurons",
    "mean_rate_hz": "Hz",
    "mean_time_to_death_s": "s",
    "median_time_to_death_s": "s",
}
#: What makes a result, besides settings and seed; a difference in outcomes may come from it.
PROVENANCE = ("model", "unshielded", "compiler", "flags", "processor", "brian2", "numpy")
PAIRED, WELCH = "paired t", "Welch t"


@dataclass(frozen=True)
class Run:
    """A run: its settings as paths, and how long the cells of each population lived (s)."""

    path: Path
    seed: int | None
    duration: float
    settings: Mapping[str, Any]
    populations: Mapping[str, Mapping[str, Any]]
    cells: Mapping[str, Lifetimes]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def outcome(self, population: str, name: str, horizon: float) -> float | None:
        """Return one outcome; the mean time to death is restricted to the horizon."""
        found = self.populations.get(population)
        if found is None or not found["n"]:
            return None
        if name == "mean_time_to_death_s":
            cells = self.cells.get(population)
            return None if cells is None else restricted_mean(cells, horizon)
        if name == "burned_out_percent":
            return burned_out_percent(found) if found["carries_calcium"] else None
        value = found[name]
        return None if value is None else float(value)


@dataclass(frozen=True)
class Condition:
    """Runs that differ in the seed only."""

    settings: Mapping[str, Any]
    runs: tuple[Run, ...]

    def among(self, others: Sequence[Condition]) -> dict[str, Any]:
        """Return its values of the settings that differ between it and others."""
        return {path: self.settings.get(path) for path in _varied(others)}

    def values(self, population: str, name: str, horizon: float) -> dict[int | None, float]:
        """Return an outcome by seed, of the runs that have it."""
        found = {run.seed: run.outcome(population, name, horizon) for run in self.runs}
        return {seed: value for seed, value in found.items() if value is not None}


def compare(
    first: Sequence[Path], second: Sequence[Path], advance: Callable[[], None] | None = None
) -> dict[str, Any]:
    """Compare the results of two places.

    Parameters
    ----------
    first, second
        Results, or folders of runs: A and B.
    advance
        Called after each one is read.

    Returns
    -------
    dict
        ``pairs``: for each two conditions ``at`` (the settings that varied in both, and are equal
        here), ``varied`` (what varied in A, and in B, as it is here),
        ``settings`` that differ (path → ``a``, ``b``, and their SI ``unit`` if they have one;
        None where there is no such setting), ``made_by`` (what of `PROVENANCE` differs → ``a`` and
        ``b``, lists), ``seeds`` of A and B, and ``outcomes``:
        ``population``, ``outcome``, ``unit``, ``a`` and ``b`` (means over seeds), ``difference``
        (B less A), ``low`` and ``high`` (95 %; None with a ``reason``) and ``method``.
        ``unpaired``: ``a`` and ``b``, lists of what varied in conditions without a counterpart.

    Raises
    ------
    NoSuchEntry
        If no condition of one has a counterpart in the other.
    StoreError
        If a result is damaged or cannot be read.
    """
    conditions = []
    for places in (first, second):
        runs = []
        for place in places:
            runs.append(_read(place))
            if advance is not None:
                advance()
        conditions.append(_conditions(runs))
    a, b = conditions
    common = _common(a, b)
    pairs, alone = _match(a, b, common)
    if not pairs:
        names = [", ".join(_varied(side)) or "nothing" for side in (a, b)]
        raise NoSuchEntry(
            "nothing can be compared: A and B share no condition (varied in A: "
            f"{names[0]}; in B: {names[1]}); name one run or condition"
        )
    return {
        "pairs": [
            {
                "at": {path: left.settings.get(path) for path in common},
                "varied": {"a": left.among(a), "b": right.among(b)},
                **_pair(left, right),
            }
            for left, right in pairs
        ],
        "unpaired": {
            "a": [each.among(a) for each in alone[0]],
            "b": [each.among(b) for each in alone[1]],
        },
    }


def interval(
    a: Mapping[int | None, float], b: Mapping[int | None, float]
) -> tuple[float | None, float | None, str | None, str]:
    """Estimate the difference of two means over seeds, B less A.

    With two seeds or more in both it is paired by seed: those runs share their random numbers,
    so what a seed does by itself drops out.

    Returns
    -------
    low, high
        The 95 % interval; None where there is none.
    method
        ``"paired t"``, ``"Welch t"`` or None.
    reason
        Why there is no interval; else empty.
    """
    if seeds := common_seeds(a, b):
        found, method = student([b[seed] - a[seed] for seed in seeds]), PAIRED
    elif min(len(a), len(b)) < 2:
        return None, None, None, "a single seed: there is no telling chance from effect"
    else:
        found, method = welch([*a.values()], [*b.values()]), WELCH
    if found is None:
        return None, None, method, "the same in every seed: no interval can be estimated"
    return *found, method, ""


def unit_of(path: str) -> str:
    """Return the unit that a setting is usually written in; empty if it has none.

    Examples
    --------
    >>> unit_of("circuit.pathways.pv_to_pv.delay"), unit_of("circuit.scale")
    ('s', '')
    """
    from unshielded.config import catalogue
    from unshielded.config.json_schema import names

    return names(catalogue()).unit(path)


def _si(unit: str) -> str | None:
    return si_unit(unit) if unit else None


def common_seeds(a: Mapping[int | None, float], b: Mapping[int | None, float]) -> list[int]:
    """Return the seeds by which two conditions are paired; none if they share fewer than two."""
    seeds = sorted(seed for seed in {*a} & {*b} if seed is not None)
    return seeds if len(seeds) > 1 else []


def _read(place: Path) -> Run:
    with open_run(place) as run:
        populations = summarise(run)["populations"]
        cells = {
            name: lifetimes([run], name)
            for name, found in populations.items()
            if found["carries_calcium"] and found["n"]
        }
        settings = flat(json.loads(run.text("resolved_json")))
        return Run(run.path, run.seed, run.duration, settings, populations, cells, run.provenance())


def _conditions(runs: Sequence[Run]) -> list[Condition]:
    groups: dict[str, dict[int | None, Run]] = {}
    for run in runs:  # the same run may lie in two folders
        groups.setdefault(key(run.settings), {})[run.seed] = run
    made = [tuple(group.values()) for group in groups.values()]
    return [Condition(group[0].settings, group) for group in made]


def _varied(conditions: Sequence[Condition]) -> list[str]:
    """Name the settings that differ between conditions."""
    paths = dict.fromkeys(path for c in conditions for path in c.settings)
    return [p for p in paths if len({key(c.settings.get(p)) for c in conditions}) > 1]


def _common(a: Sequence[Condition], b: Sequence[Condition]) -> list[str]:
    also = set(_varied(b))
    return [path for path in _varied(a) if path in also]


def _match(
    a: Sequence[Condition], b: Sequence[Condition], common: Sequence[str]
) -> tuple[list[tuple[Condition, Condition]], tuple[list[Condition], list[Condition]]]:
    """Find the counterparts: one with one, or one with each of several."""
    if len(a) > 1 and len(b) > 1 and not common:
        return [], (list(a), list(b))
    groups: dict[str, tuple[list[Condition], list[Condition]]] = {}
    for place, side in enumerate((a, b)):
        for condition in side:
            values = key([condition.settings.get(path) for path in common])
            groups.setdefault(values, ([], []))[place].append(condition)
    pairs: list[tuple[Condition, Condition]] = []
    alone: tuple[list[Condition], list[Condition]] = [], []
    for left, right in groups.values():
        if min(len(left), len(right)) == 1:
            pairs += product(left, right)
        else:  # none on one side; or several on both, of which none is nearer than another
            alone[0].extend(left)
            alone[1].extend(right)
    return pairs, alone


def _pair(a: Condition, b: Condition) -> dict[str, Any]:
    paths = dict.fromkeys([*a.settings, *b.settings])
    differ = [p for p in paths if key(a.settings.get(p)) != key(b.settings.get(p))]
    settings = {
        p: {"a": a.settings.get(p), "b": b.settings.get(p), "unit": _si(unit_of(p))} for p in differ
    }
    horizon = min(run.duration for run in (*a.runs, *b.runs))
    names = dict.fromkeys(name for run in (*a.runs, *b.runs) for name in run.populations)
    outcomes = [_outcome(a, b, name, outcome, horizon) for name in names for outcome in OUTCOMES]
    return {
        "settings": settings,
        "made_by": _made_by(a, b),
        "seeds": {"a": [run.seed for run in a.runs], "b": [run.seed for run in b.runs]},
        "horizon_s": horizon,
        "outcomes": [found for found in outcomes if found is not None],
    }


def _made_by(a: Condition, b: Condition) -> dict[str, dict[str, list[str]]]:
    """Return what made the results, where they were not all made by the same."""
    found = {
        name: {
            side: sorted({str(run.provenance.get(name, "unknown")) for run in condition.runs})
            for side, condition in (("a", a), ("b", b))
        }
        for name in PROVENANCE
    }
    return {name: both for name, both in found.items() if len({*both["a"], *both["b"]}) > 1}


def _outcome(
    a: Condition, b: Condition, population: str, name: str, horizon: float
) -> dict[str, Any] | None:
    """Compare one outcome; None where neither has it, or both the same in every run."""
    one, two = (side.values(population, name, horizon) for side in (a, b))
    if one == two or (len({*one.values(), *two.values()}) == 1 and one and two):
        return None
    about = {"population": population, "outcome": name, "unit": OUTCOMES[name]}
    nothing = {"difference": None, "low": None, "high": None, "method": None}
    if not one or not two:
        where = "A" if not one else "B"
        means = {
            "a": fmean(one.values()) if one else None,
            "b": fmean(two.values()) if two else None,
        }
        return {**about, **means, **nothing, "reason": f"there is none in {where}"}
    low, high, method, reason = interval(one, two)
    if method == PAIRED:
        shared: set[int | None] = {*common_seeds(one, two)}
        one, two = ({seed: side[seed] for seed in shared} for side in (one, two))
    left, right = fmean(one.values()), fmean(two.values())
    found = {"a": left, "b": right, "difference": right - left, "low": low, "high": high}
    return {**about, **found, "method": method, "reason": reason or None}
