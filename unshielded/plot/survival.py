"""Survival: of every class of cells on one pair of axes, and of one class by level of a sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from unshielded.arrays import Array
from unshielded.durations import YEAR
from unshielded.plot.axis import Axis
from unshielded.plot.style import (
    check_format,
    colours,
    dashes,
    ends,
    head,
    remark,
    save,
    share_axis,
    style,
    time_axis,
)
from unshielded.plot.words import name_of
from unshielded.results.summary import reading
from unshielded.results.survival import lifetimes
from unshielded.statistics.intervals import counted
from unshielded.statistics.survival import Lifetimes, kaplan_meier
from unshielded.store.format.files import NoSuchEntry
from unshielded.store.reading.read import RunFile
from unshielded.store.tables.levels import Level

#: Height of a line of the table below the curves, and of the curves with their labels (inches).
_LINE, _CURVES = 0.17, 3.9


@dataclass(frozen=True)
class Span:
    """An axis: where it begins, in its unit; factor to it from seconds; its label; its end (s)."""

    begin: float
    factor: float
    label: str
    end: float

    def __call__(self, times: Array) -> Array:
        """Return where times from the start of a run (s) lie."""
        return self.begin + self.factor * times

    def of(self, time: float) -> float:
        """Return where one time (s) lies."""
        return self.begin + self.factor * time

    def back(self, places: Array) -> Array:
        """Return the times (s) of places on the axis, up to its end."""
        return np.clip((places - self.begin) / self.factor, 0.0, self.end)  # rounded beyond it

    @property
    def limits(self) -> tuple[float, float]:
        """The ends of the axis."""
        return self.begin, self.begin + self.factor * self.end

    @property
    def unit(self) -> str:
        """The unit of the axis."""
        return self.label.partition("(")[2].rstrip(")")


def span(end: float, start_age: float | None) -> Span:
    """Choose the axis of runs that end after a time (s), or of lifetimes from an age (s)."""
    if start_age is not None:
        return Span(start_age / YEAR, 1 / YEAR, "Age (years)", end)
    factor, label = time_axis(end)
    return Span(0.0, factor, label, end)


def start_age(source: Path | str | RunFile) -> float | None:
    """Return the age at the start of a lifetime (s); None of a run that is none, or is less than a year."""
    with reading(source) as run:
        of_life = run.has("lifespan") and run.duration >= YEAR
        return run.start_age if of_life else None


def plot_survival(
    found: dict[str, Lifetimes],
    out: Path | str,
    title: str = "",
    runs: int = 1,
    start_age: float | None = None,
) -> None:
    """Draw survival curves (Kaplan-Meier, with 95 % bands) above the numbers at risk.

    Parameters
    ----------
    found
        The cells of each population.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    title
        What was done to the cells.
    runs
        How many runs the cells are from.
    start_age
        Age at the start of the runs (s), where they are lifetimes: the axis is then age in years.

    Raises
    ------
    NoSuchEntry
        If there is no population with cells that could die.
    """
    out = check_format(out)
    with style():
        save(draw_survival(found, title, runs, start_age), out)


@style()
def draw_survival(
    found: dict[str, Lifetimes], title: str = "", runs: int = 1, start_age: float | None = None
) -> Figure:
    """Return the figure that `plot_survival` saves."""
    if not any(each.n for each in found.values()):
        raise NoSuchEntry(
            "no population has cells that could die; set circuit.populations.<name>."
            "carries_calcium: true, then run again"
        )
    return _figure(found, title, runs, start_age)


def _figure(
    found: dict[str, Lifetimes], title: str, runs: int, start_age: float | None = None
) -> Figure:
    height = _LINE * (len(found) + 1)
    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.04)
    figure = Figure(figsize=(9.6, _CURVES + height), layout=layout)
    curves, table = figure.subplots(2, 1, sharex=True, height_ratios=[_CURVES - 0.7, height])
    end = max(float(np.max([*f.died, *f.censored])) for f in found.values() if f.n)
    axis = span(end, start_age)
    low, high = axis.limits
    _curves(curves, found, axis)
    curves.set_xlim(low, high)
    curves.set_xlabel(axis.label)
    curves.tick_params(labelbottom=True)
    many = f", {runs} runs together" if runs > 1 else ""
    head(curves, "", f"{title}: survivors (Kaplan-Meier, 95 % band{many})".removeprefix(": "))
    # an end that is a tick is rounded either way
    shown = [t for t in curves.get_xticks() if low <= t <= high + 1e-9 * abs(high)]
    _at_risk(table, found, axis, shown)
    return figure


def _curves(axes: Axes, found: dict[str, Lifetimes], axis: Span) -> None:
    of = colours(found)
    for name, each in found.items():
        if not each.n:
            continue
        curve = kaplan_meier(each.died, each.censored)
        time = axis(curve.time)
        middle = curve.median()[0]
        typical = "" if middle is None else f", median {axis.of(middle):.3g} {axis.unit}"
        axes.step(
            time,
            100 * curve.fraction,
            where="post",
            color=of[name],
            linestyle=dashes(name),
            label=f"{name_of(name)}: {_died(each)}{typical}",
        )
        low, high = 100 * curve.low, 100 * curve.high
        axes.fill_between(time, low, high, step="post", color=of[name], alpha=0.13, lw=0)
    share_axis(axes, ends([axes])[0], 100.0)
    axes.set_ylabel("Alive (%)")
    axes.legend(
        title="Died (95 %)",
        alignment="left",
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        fontsize=7.5,
        title_fontsize=8,
    )


def _died(cells: Lifetimes) -> str:
    """Write how many died; with an interval where all others were watched to the end."""
    whole = len(cells.censored) == 0 or cells.censored.min() == cells.censored.max()
    dead = len(cells.died)
    return counted(dead, cells.n) if whole else f"{dead} of {cells.n}"


def _at_risk(axes: Axes, found: dict[str, Lifetimes], axis: Span, ticks: Sequence[float]) -> None:
    """Write how many cells are alive and watched at the ticks of the curves."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    for row, each in enumerate(found.values()):
        for tick, number in zip(ticks, each.at_risk(axis.back(np.asarray(ticks))), strict=True):
            axes.annotate(
                str(number),
                xy=(tick, row),
                ha="center",
                va="center",
                fontsize=7.5,
                annotation_clip=False,
            )
    axes.set_ylim(len(found) - 0.5, -0.5)
    axes.set_yticks(range(len(found)), [name_of(name) for name in found], fontsize=7.5)
    axes.tick_params(axis="y", length=0, pad=16)  # the first number is centred on the axis
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.set_title("Number at risk: alive and watched", fontsize=8)


def draw_levels(
    axes: Axes, axis: Axis, runs: Mapping[Level, Sequence[Path | str]], population: str
) -> None:
    """Draw the survival of a population at every level of what was swept, seeds together.

    Of lifetimes over age, of other runs over the time from their start.
    """
    found = {level: lifetimes(paths, population) for level, paths in runs.items() if paths}
    found = {level: found[level] for level in sorted(found, key=axis.__getitem__)}
    curves = {v: kaplan_meier(each.died, each.censored) for v, each in found.items() if each.n}
    if not curves:
        remark(axes, "no results")
        return
    shades = colormaps["viridis"](np.linspace(0.0, 0.88, len(curves)))
    longest = max(float(curve.time[-1]) for curve in curves.values())
    spans = {level: span(longest, start_age(runs[level][0])) for level in curves}
    for (level, curve), shade, line in zip(
        curves.items(), shades, cycle(("-", "--", "-.")), strict=False
    ):
        time, percent = spans[level](curve.time), 100 * curve.fraction
        each = found[level]
        label = f"{axis.text(level)}: {len(each.died)} of {each.n} died"
        look = {"color": shade, "linestyle": line, "label": label}
        axes.step(time, percent, where="post", **look)
        low, high = 100 * curve.low, 100 * curve.high
        axes.fill_between(time, low, high, step="post", color=shade, alpha=0.12, lw=0)
    share_axis(axes, ends([axes])[0], 100.0)
    first, last = (
        list(ends) for ends in zip(*(each.limits for each in spans.values()), strict=True)
    )
    axes.set_xlim(min(first), max(last))
    axes.set_xlabel(next(iter(spans.values())).label)
    axes.set_ylabel("Alive (%)")
    title = axis.name[:1].upper() + axis.name[1:]
    axes.legend(title=title, loc="best", fontsize=7, title_fontsize=7.5, alignment="left")
