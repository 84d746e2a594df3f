"""Cohorts: lifespans that differ only in the seed, each seed one replicate."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from unshielded.arrays import Array
from unshielded.durations import YEAR
from unshielded.fates import FATES
from unshielded.results.lifespan import Life
from unshielded.statistics.survival import kaplan_meier

#: Of settings that distinguish cohorts all are written if there are no more than these.
_FEW = 3
#: Settings that are times; long ones are written in years.
_TIMES = ("duration", "from", "until", "start_age", "largest_step", "maturation", "pretreatment")


@dataclass(frozen=True)
class Spread:
    """When an event happened in the lifespans of a cohort, in years.

    Attributes
    ----------
    median
        By when it has happened in half of the lifespans (Kaplan-Meier); None if that is after the end.
    low, high
        Of the lifespans in which it happened; `high` is None if there are others.
    happened, lifespans
        In how many, of how many.
    seen
        Up to when the longest of the others were watched; None if there are none.
    """

    median: float | None
    low: float | None
    high: float | None
    happened: int
    lifespans: int
    seen: float | None

    @classmethod
    def of(cls, values: Sequence[float], ends: Sequence[float]) -> Spread:
        """Summarise when an event happened in each lifespan; NaN if it had not by the end."""
        at, end = np.asarray(values, float), np.asarray(ends, float)
        did = np.isfinite(at)
        seen = float(end[~did].max()) if not did.all() else None
        if not did.any():
            return cls(None, None, None, 0, len(at), seen)
        median = kaplan_meier(at[did], end[~did]).median()[0]
        high = float(at.max()) if did.all() else None
        return cls(median, float(at[did].min()), high, int(did.sum()), len(at), seen)

    def text(self) -> str:
        """Write it for a table.

        Examples
        --------
        >>> Spread.of([52.0, 38.75, float("nan")], [100.0] * 3).text()
        '52.0 (38.8–>100)'
        >>> Spread.of([float("nan")], [100.0]).text(), Spread.of([52.0], [100.0]).text()
        ('never', '52.0')
        """
        if not self.happened:
            return "never" if self.lifespans else "–"
        later = "" if self.seen is None else f">{self.seen:.3g}"
        middle = later if self.median is None else f"{self.median:.1f}"
        if self.lifespans == 1:
            return middle
        return f"{middle} ({self.low:.1f}–{later if self.high is None else f'{self.high:.1f}'})"

    def as_json(self) -> dict[str, Any]:
        """Plain data; None for what is after the end of a life."""
        return {
            "median": self.median,
            "min": self.low,
            "max": self.high,
            "happened": self.happened,
            "lifespans": self.lifespans,
        }


@dataclass(frozen=True)
class Cohort:
    """Lifespans that differ only in the seed.

    Attributes
    ----------
    label
        The name, and what distinguishes it from other cohorts of that name.
    settings
        What distinguishes it: path → value.
    """

    label: str
    settings: Mapping[str, Any]
    lifespans: tuple[Life, ...]

    def holds(self, one: Life) -> bool:
        """Tell whether a life is of this cohort."""
        return one.name == self.lifespans[0].name and one.settings == self.lifespans[0].settings

    def reached(self, event: str) -> Spread:
        """Return the ages at an event of the outcome: ``onset``, ``severe_weakness``."""
        return Spread.of([one.age(event) for one in self.lifespans], self._ends)

    def course(self) -> Spread:
        """Return the years from onset to severe weakness, of the lifespans that had an onset."""
        weak = [(one, end) for one, end in zip(self.lifespans, self._ends, strict=True)
                if np.isfinite(one.age("onset"))]  # fmt: skip
        return Spread.of(
            [one.age("severe_weakness") - one.age("onset") for one, _ in weak],
            [end - one.age("onset") for one, end in weak],
        )

    @property
    def _ends(self) -> list[float]:
        return [float(one.outcome["age_at_end_years"]) for one in self.lifespans]

    def limb_dead(self) -> Array:
        """Return the share of each life's limb motor neurons that is dead at the end."""
        found = [one.limb_dead for one in self.lifespans]
        return np.array([share for share in found if np.isfinite(share)])

    def atp_use(self) -> Array:
        """Return each life's :meth:`Life.use_at_onset`, where it was recorded."""
        found = [one.use_at_onset() for one in self.lifespans]
        return np.array([use for use in found if np.isfinite(use)])

    def first_margin(self) -> tuple[str, int]:
        """Return the margin that fell first in most lifespans, empty for none; and in how many."""
        return Counter(one.first_margin for one in self.lifespans).most_common(1)[0]

    def order_of_pools(self) -> tuple[str, int]:
        """Return the most frequent order of pools by median age at death; and in how many lifespans."""
        orders = Counter(str(one.outcome.get("order_of_pools") or "") for one in self.lifespans)
        return orders.most_common(1)[0]

    def dead(self, mode: str) -> float:
        """Return the share of all cells that died in a mode, all lifespans together."""
        return sum(o.dead[mode] for o in self.lifespans) / max(
            sum(o.cells for o in self.lifespans), 1
        )

    def as_json(self) -> dict[str, Any]:
        """Plain data; None for what did not happen, or was not recorded."""
        margin, order = self.first_margin(), self.order_of_pools()
        return {
            "label": self.label,
            "name": self.lifespans[0].name,
            "settings": dict(self.settings),
            "seeds": [one.seed for one in self.lifespans],
            "age_at_onset_years": self.reached("onset").as_json(),
            "age_at_severe_weakness_years": self.reached("severe_weakness").as_json(),
            "onset_to_severe_weakness_years": self.course().as_json(),
            "limb_motor_neurons_dead": _ends(self.limb_dead()),
            "atp_use_at_onset_or_end": _ends(self.atp_use()),
            "first_margin": {"margin": margin[0] or None, "lifespans": margin[1]},
            "order_of_pools": {"order": order[0] or None, "lifespans": order[1]},
            "dead_fraction": {mode: self.dead(mode) for mode in FATES},
        }


def _ends(values: Array) -> dict[str, float | None]:
    if not len(values):
        return {"mean": None, "min": None, "max": None}
    return {"mean": float(values.mean()), "min": float(values.min()), "max": float(values.max())}


def cohorts(lifespans: Iterable[Life]) -> list[Cohort]:
    """Group lifespans that differ only in the seed.

    A seed counts once, however often its life is given. Names are in the order in which they first
    come; cohorts of one name by what distinguishes them.
    """
    found: dict[str, dict[str, dict[int | None, Life]]] = {}
    for one in lifespans:
        key = json.dumps(one.settings, sort_keys=True, default=str)
        found.setdefault(one.name, {}).setdefault(key, {}).setdefault(one.seed, one)
    made = []
    for name, members in found.items():
        groups = [sorted(each.values(), key=lambda one: one.seed or 0) for each in members.values()]
        settings = [group[0].settings for group in groups]
        differ = _differ(settings)
        groups.sort(key=lambda group: [_rank(group[0].settings.get(path)) for path in differ])
        for group in groups:
            own = {path: group[0].settings.get(path) for path in differ}
            made.append(Cohort(_label(name, own, settings), own, tuple(group)))
    return made


def _differ(settings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the settings that are not the same in all; what is set before what follows of it."""
    paths = {path for each in settings for path in each}
    differ = [p for p in paths if any(each.get(p) != settings[0].get(p) for each in settings)]
    return sorted(differ, key=lambda path: (path.count("."), path))


def _rank(value: Any) -> tuple[int, float, str]:
    return (0, value, "") if isinstance(value, int | float) else (1, 0.0, str(value))


def _label(name: str, own: Mapping[str, Any], settings: Sequence[Mapping[str, Any]]) -> str:
    """Name a cohort by what it differs in from others of its name: all of it, or what suffices."""
    shown = list(own)
    if len(own) > _FEW:
        shown, left = [], [s for s in settings if any(s.get(p) != own[p] for p in own)]
        for path in own:
            still = [other for other in left if other.get(path) == own[path]]
            if len(still) < len(left):
                shown, left = [*shown, path], still
    words = [_short(p, shown) + _value(p, own[p]) for p in shown if own[p] is not None]
    more = len(own) - len(shown)
    return " ".join([name, *words]) + (f" and {more} more" if more else "")


def _short(path: str, among: Sequence[str]) -> str:
    parts = path.split(".")
    last = parts[-1]
    if parts[0] == "therapies" and len(parts) > 2:
        return " ".join(parts[2:])
    return path if sum(p.rpartition(".")[2] == last for p in among) > 1 else last


def _value(path: str, value: Any) -> str:
    if isinstance(value, float):
        years = path.rpartition(".")[2] in _TIMES and value >= YEAR
        return f"={value / YEAR:g} years" if years else f"={value:g}"
    return "=none" if value == [] else f"={value}"
