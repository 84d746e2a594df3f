"""The swept setting as an axis: positions and texts of its levels."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from unshielded.plot.style import unit
from unshielded.plot.words import name_of, words
from unshielded.results.summary import Row
from unshielded.store.tables.levels import (
    Level,
    is_log,
    key,
    leading,
    quantities,
    written,
    zero_is_a_control,
)

_MOST_TICKS = 8
#: Levels that lie closer together than this part of the span would have labels over each other.
_CLOSE = 0.06
#: Labels of more characters are turned, so that neighbours do not overlap.
_LONG = 12


def varied(rows: Sequence[Row]) -> list[str]:
    """Name the settings that have several values in a sweep, of those that go together the leading one."""
    paths = leading([row["point"] for row in rows])
    return [path for path in paths if len({key(row["point"].get(path)) for row in rows}) > 1]


def numeric(rows: Sequence[Row], path: str) -> bool:
    """Tell whether a setting has only numbers, or quantities of one dimension, in a sweep."""
    return quantities([row["point"].get(path) for row in rows]) is not None


def _agent(path: str, agents: Mapping[str, str]) -> str:
    """Name what a setting of an entry of the bath, or of a therapy, is about; empty for any other."""
    parts = path.split(".")
    if parts[0] == "therapies" and len(parts) > 3:
        return parts[2]
    return agents.get(".".join(parts[:2]), "") if parts[-1] != "agent" else ""


class Axis:
    """Where a level lies: at its number, or in turn where it is not a number.

    Parameters
    ----------
    levels
        Of the setting, in order.
    path
        The setting.
    agents
        Entry of the bath, as ``bath.0`` → its agent.

    Attributes
    ----------
    numbers
        Whether levels are numbers, or quantities of one dimension.
    place
        Level, as `key` writes it, → where it lies; in the unit of the first level.
    log
        Whether they are spaced by their logarithm.
    control
        Where a zero is drawn whose logarithm is asked for: beside the axis, below all other levels.
    """

    def __init__(
        self, levels: Sequence[Level], path: str, agents: Mapping[str, str] | None = None
    ) -> None:
        found = quantities(levels)
        self.numbers = found is not None
        self.labels: list[str] | None = None
        if found is not None:
            self.place = {key(v): x for v, x in zip(levels, found.values, strict=True)}
        else:
            keys = list(dict.fromkeys(key(v) for v in levels))
            self.place = {k: float(i) for i, k in enumerate(keys)}
            self.labels = [written(json.loads(k)) for k in keys]
        places = self.place.values()
        least, most = min(places, default=0.0), max(places, default=0.0)
        *_, above, last = ("", *path.split("."))
        if last == "loss":  # of what says the name above it
            last = above
        name = last.replace("_", " ")
        share = "loss" in path or name == "eaat2"
        self.unit = found.unit if found else ""
        self.percent = self.numbers and not self.unit and share and least >= 0 and most <= 1
        self.log = self.numbers and is_log(list(places))
        self.log = self.log and (least != 0 or zero_is_a_control(path))
        self.control: float | None = None
        if self.log and least == 0:
            self.control = self._beside_the_least()
            self.place = {k: v or self.control for k, v in self.place.items()}
        names = {"interneuron loss": "interneurons lost", "eaat2": "EAAT2 left"}
        self.name = names.get(name, words(last))
        if path.startswith("circuit.loss."):
            self.name = f"{name_of(last)} lost"
        elif path.startswith("circuit.populations.") and path.count(".") > 2:
            self.name += f", {name_of(path.split('.')[2])}"
        if last == "of" and above:
            self.name = f"{words(above)} of"
        elif agent := _agent(path, agents or {}):
            self.name = f"{self.name} of {agent}"

    def __getitem__(self, level: Level) -> float:
        return self.place[key(level)]

    def _beside_the_least(self) -> float:
        """Leave a gap as wide as between two levels that lie as usual, or a factor of three."""
        levels = sorted(set(self.place.values()) - {0.0})
        return float(levels[0] / max(3.0, np.exp(np.median(np.diff(np.log(levels))))))

    def doses(self) -> list[float]:
        """Return the places of the levels without that of a control, ascending."""
        return sorted(set(self.place.values()) - {self.control})

    def broken(
        self, places: Sequence[float], values: Sequence[float]
    ) -> tuple[list[float], list[float]]:
        """Return a line that does not run from the control into the axis."""
        x, y = list(places), list(values)
        if self.control is not None and self.control in x[:-1]:
            after = x.index(self.control) + 1
            x.insert(after, np.nan)
            y.insert(after, np.nan)
        return x, y

    def label(self) -> str:
        """Name the quantity, with its unit."""
        return self.name[:1].upper() + self.name[1:] + (" (%)" if self.percent else unit(self.unit))

    def dress(self, axes: Axes) -> None:
        """Label an x axis."""
        axes.set_xlabel(self.label())
        if self.labels is not None:
            axes.set_xticks(range(len(self.labels)), self.labels)
            if max(map(len, self.labels)) > _LONG:
                axes.tick_params(axis="x", rotation=20)
                for label in axes.get_xticklabels():
                    label.set_horizontalalignment("right")
            return
        if self.log:
            axes.set_xscale("log")
        levels = sorted(set(self.place.values()))
        if self.control is not None:
            between = np.sqrt(self.control * self.doses()[0])
            axes.axvline(between, color="0.6", linewidth=0.8, linestyle=":")
        if len(levels) <= _MOST_TICKS and (self.log or not self.percent) and self._apart(levels):
            axes.set_xticks(levels, [self.number(v) for v in levels])
            axes.minorticks_off()
        elif self.control is not None:
            axes.set_xticks([self.control, *self._decades()])
            axes.minorticks_off()
            axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: self.number(v)))
        elif self.percent or self.log:
            axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: self.number(v)))

    def _apart(self, levels: Sequence[float]) -> bool:
        """Tell whether there is room for a label at each level."""
        x = np.log(levels) if self.log else np.asarray(levels)
        return len(levels) < 2 or bool(np.diff(x).min() > _CLOSE * (x[-1] - x[0]))

    def _decades(self) -> list[float]:
        low, high = self.doses()[0], self.doses()[-1]
        first, last = int(np.ceil(np.log10(low))), int(np.floor(np.log10(high)))
        return [10.0**n for n in range(first, last + 1)] or [low, high]

    def number(self, value: float) -> str:
        """Write a place on the axis as it stands at a tick."""
        if self.control is not None and value == self.control:
            return "0"
        shown = 100 * value if self.percent else value
        # 1000, and not 1e+03
        return f"{shown:.0f}" if 999.5 <= abs(shown) < 1e5 else f"{shown:.3g}"

    def text(self, level: Level) -> str:
        """Write a level for a legend."""
        return f"{100 * float(level):g} %" if self.percent else written(level)

    def beside(self, place: float, part: float) -> float:
        """Return the place that lies a part of the whole span to the right of another."""
        low, high = min(self.place.values()), max(self.place.values())
        if self.log:
            return float(place * np.exp(part * np.log(high / low)))
        return place + part * ((high - low) or 1.0)
