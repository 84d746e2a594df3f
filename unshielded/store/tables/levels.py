"""What a sweep varies, as numbers: plain ones, and quantities as they were written (``"2 ms"``)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Level = Any
"""A value that was swept: a number, the text of a quantity, or anything else."""

_QUANTITY = re.compile(r"\s*([-+]?[.0-9]+(?:[eE][-+]?[0-9]+)?)\s*(.*?)\s*\Z")
# Their factor is one. A unit of no dimension in this list stays as it is written.
_SI = ("1", "s", "Hz", "V", "A", "S", "F", "C", "N", "mM", "mM/s", "1/mM/s", "mM/V", "mM/s/V",
       "m^3", "mol/kg", "1/mol", "C/mol", "m", "kg", "K", "J", "W")  # fmt: skip

_WIDE, _DENSE = 10.0, 0.4

#: Characters of a list or mapping in tables, labels and figures.
_LONGEST = 40


@dataclass(frozen=True)
class Quantities:
    """Levels of a setting as numbers in one unit; empty if they are plain numbers."""

    values: tuple[float, ...]
    unit: str

    def si(self) -> tuple[tuple[float, ...], str]:
        """Return the numbers in SI units, and that unit (``"1"`` for plain numbers)."""
        if not self.unit:
            return self.values, "1"
        from unshielded.mechanism.units import factor

        name = si_unit(self.unit)
        scale = factor(self.unit) / factor(name)
        return tuple(_tidy(value * scale) for value in self.values), name


def quantities(levels: Sequence[Level]) -> Quantities | None:
    """Read levels as numbers, in the unit of the first; None if not all are, and alike.

    Examples
    --------
    >>> quantities(["2 ms", "0.1 s"])
    Quantities(values=(2.0, 100.0), unit='ms')
    >>> quantities([0.5, "cortex"]) is None
    True
    """
    first = ""
    values: list[float] = []
    for level in levels:
        parsed = _parse(level)
        if parsed is None:
            return None
        value, unit = parsed
        if not values:
            first = unit
        if unit != first:
            scale = _ratio(unit, first)
            if scale is None:
                return None
            value = _tidy(value * scale)
        values.append(value)
    return Quantities(tuple(values), first) if values else None


def si_unit(unit: str) -> str:
    """Return the SI unit of the dimension of `unit`, or `unit` where none has a short name.

    Examples
    --------
    >>> si_unit("uM"), si_unit("%"), si_unit("ms")
    ('mM', '1', 's')
    """
    from unshielded.mechanism.units import dimensionality

    here = dimensionality(unit)
    return next((name for name in _SI if dimensionality(name) == here), unit)


def is_log(values: Sequence[float]) -> bool:
    """Tell whether numbers count by their logarithm.

    They do if they are positive, span more than tenfold, and lie denser at the low end. A zero
    among such numbers is a control: it changes nothing in how the others are spaced.

    The middle one of evenly spaced numbers lies halfway; of numbers that are spaced evenly by
    their logarithm over more than tenfold, below a quarter of the way.

    Examples
    --------
    >>> is_log([1, 3, 10, 30]), is_log([0.01, 0.5, 1.0]), is_log([0, 1, 10, 100])
    (True, False, True)
    """
    levels = sorted(set(values) - {0.0})
    if not levels or levels[0] <= 0 or levels[-1] <= _WIDE * levels[0]:
        return False
    span = levels[-1] - levels[0]
    return (median(levels) - levels[0]) / span < _DENSE


def zero_is_a_control(path: str) -> bool:
    """Tell whether a zero of a setting is its absence, so that what is there can be held against it.

    It is not of a share that is left, of which zero is the most that can be lost, nor of a time.

    Examples
    --------
    >>> zero_is_a_control("bath.0.concentration"), zero_is_a_control("glutamate.eaat2")
    (True, False)
    """
    last = path.rsplit(".", 1)[-1]
    return last != "eaat2" and last not in ("from", "until", "at", "duration", "start_age")


def leading(points: Sequence[Mapping[str, Level]]) -> list[str]:
    """Name the settings of some points without those that only go along with another one.

    One goes along if the other's value tells its own, and values of the other come back: that is how
    settings of a ``zip`` stand beside a grid.

    Examples
    --------
    >>> points = [{"a": a, "b": b, "c": 2 * b} for a in (0, 1) for b in (3, 4)]
    >>> leading(points)
    ['a', 'b']
    """
    levels = {
        path: [key(point.get(path)) for point in points]
        for path in dict.fromkeys(path for point in points for path in point)
    }
    different = len(set(zip(*levels.values(), strict=True)))
    kinds = {path: len(set(values)) for path, values in levels.items()}

    def tells(one: str, other: str) -> bool:
        pairs = len(set(zip(levels[one], levels[other], strict=True)))
        return 1 < kinds[other] <= pairs == kinds[one] < different

    def leads(one: str, other: str) -> bool:
        mutual = tells(other, one)
        return tells(one, other) and (
            not mutual or list(levels).index(one) < list(levels).index(other)
        )

    return [path for path in levels if not any(leads(one, path) for one in levels if one != path)]


def key(level: Level) -> str:
    """Write a level as text, the same for the same level."""
    return json.dumps(level, sort_keys=True, default=str)


def written(level: Level) -> str:
    """Write a level for people: the words of YAML, and what is in lists and mappings in short.

    Examples
    --------
    >>> written(True), written(None), written([]), written(0.5)
    ('true', 'null', 'none', '0.5')
    >>> written([{"agent": "glutamate", "concentration": "10 uM"}]), written({"pv": 0.5})
    ('glutamate 10 uM', 'pv 0.5')
    """
    match level:
        case None:
            return "null"
        case bool():
            return str(level).lower()
        case dict() | list() | tuple():
            return _in_short(level)
    return str(level)


def _in_short(level: Mapping[str, Level] | Sequence[Level]) -> str:
    if isinstance(level, Mapping):
        parts = [f"{name} {written(value)}" for name, value in level.items()]
    else:
        parts = [
            " ".join(map(written, each.values())) if isinstance(each, Mapping) else written(each)
            for each in level
        ]
    text = ", ".join(parts) or "none"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _parse(level: Level) -> tuple[float, str] | None:
    if isinstance(level, bool):
        return None
    if isinstance(level, (int, float)):
        return float(level), ""
    match = _QUANTITY.match(level) if isinstance(level, str) and len(level) <= 200 else None
    if match is None:
        return None
    try:
        return float(match[1]), match[2] if _ratio(match[2], match[2]) else ""
    except ValueError:  # no number: "1.2.3"; or UnitError: "5 apples"
        return None


def _ratio(unit: str, other: str) -> float | None:
    """How many `other` one `unit` is; None if they have not the same dimension."""
    from unshielded.mechanism.units import dimensionality, factor

    alike = dimensionality(unit) == dimensionality(other)
    return factor(unit) / factor(other) if alike else None


def _tidy(value: float) -> float:
    """Drop the last digit or two, which conversion leaves behind."""
    return float(f"{value:.14g}")
