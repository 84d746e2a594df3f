"""Courses of a trial: survival by arm, and what is gained against when it begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from unshielded.arrays import Array
from unshielded.config.design.trial_points import NO_START
from unshielded.durations import YEAR
from unshielded.plot.style import (
    LineStyle,
    check_format,
    save,
    save_if,
    share_axis,
    style,
    time_axis,
)
from unshielded.results.trial import ArmOutcome, Comparison, MotorNeuronOutcome, of_lives
from unshielded.statistics.intervals import Estimate, counted
from unshielded.statistics.survival import kaplan_meier

#: Told apart with any kind of colour blindness (Okabe and Ito, and three of the circuit's own);
#: the control is black.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#4A0A06", "#B4CB98",
            "#14106A")  # fmt: skip
_LINES: tuple[LineStyle, ...] = ("-", "--", "-.", ":")
_MARKS = "osD^vPX*hp"
_COLUMNS = 3
_BANDS = 4  # arms at most that have a band

Time = TypeVar("Time", float, Array)
Look = dict[str, tuple[str, LineStyle, str]]


@contextmanager
def as_written() -> Iterator[None]:
    """Draw names of arms and variants as they are: a dollar sign begins no formula."""
    with mpl.rc_context({"text.parse_math": False}):
        yield


def span_axis(duration: float, of_life: bool = False) -> tuple[float, str]:
    """Give the factor from seconds to what suits a run or a lifetime, and the axis label."""
    return (1 / YEAR, "Age (years)") if of_life else time_axis(duration)


def looks(arms: Sequence[str], control: str) -> Look:
    """Give every arm its colour, line and mark."""
    colours, lines, marks = cycle(_COLOURS), cycle(_LINES), cycle(_MARKS)
    return {
        arm: ("black", "-", ".") if arm == control else (next(colours), next(lines), next(marks))
        for arm in arms
    }


def plot_trial_survival(runs: Sequence[MotorNeuronOutcome], control: str, out: Path | str) -> None:
    """Draw the survivors of every arm (Kaplan-Meier, all seeds together), by variant.

    Of an arm with several starts the first is drawn. The axis begins where there is something to
    see.
    """
    out = check_format(out)
    with style(), as_written():
        save(draw_trial_survival(runs, control), out)


@style()
@as_written()
def draw_trial_survival(runs: Sequence[MotorNeuronOutcome], control: str) -> Figure:
    """Return the figure that `plot_trial_survival` saves."""
    variants = list(dict.fromkeys(c.variant for c in runs))
    first: dict[str, str] = {}
    for c in runs:
        first.setdefault(c.arm, c.start)
    of = looks(list(first), control)
    figure, panels = _panels(len(variants), 3.4)
    floor = 100.0
    for axes, variant in zip(panels, variants, strict=False):
        mine = [c for c in runs if c.variant == variant and c.start == first[c.arm]]
        floor = min(floor, _curves(axes, mine, of))
        axes.set_title(variant or "Motor neurons alive, all seeds together")
    for axes in panels[: len(variants)]:
        share_axis(axes, floor, 100.0)
        axes.set_ylabel("Alive (%)")
    names = [arm if s == NO_START else f"{arm}, from {s}" for arm, s in first.items()]
    drawn = [Line2D([], [], color=of[arm][0], linestyle=of[arm][1]) for arm in first]
    figure.legend(drawn, names, loc="outside right upper")
    return figure


def _panels(number: int, height: float) -> tuple[Figure, list[Axes]]:
    columns = min(number, _COLUMNS)
    rows = -(-number // columns)
    size = (3.2 + 0.9 * (number == 1) + 3.4 * columns, 0.4 + height * rows)
    figure = Figure(figsize=size, layout=ConstrainedLayoutEngine())
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for axes in panels[number:]:
        axes.set_visible(False)
    return figure, panels


def _curves(axes: Axes, runs: Sequence[MotorNeuronOutcome], of: Look) -> float:
    """Draw a curve for each arm; return the lowest share alive (%)."""
    of_life = any(c.of_life for c in runs)
    begin = min((c.start_age for c in runs), default=0.0) if of_life else 0.0
    end = max((_seen(c, c.end) for c in runs), default=1.0)
    factor, label = span_axis(end, of_life)
    lowest = 100.0
    for arm, (colour, line, _) in of.items():
        members = [c for c in runs if c.arm == arm]
        if not members:  # all of its runs failed
            continue
        died = np.concatenate([_seen(c, c.time[c.died]) for c in members])
        seen = np.concatenate([_seen(c, c.time[~c.died]) for c in members])
        curve = kaplan_meier(died, seen)
        wide = 2.2 if colour == "black" else 1.5
        percent = 100 * curve.fraction
        axes.step(
            curve.time * factor,
            percent,
            where="post",
            color=colour,
            linestyle=line,
            linewidth=wide,
        )
        axes.lines[-1].set_label(counted(len(died), len(died) + len(seen)))
        lowest = min(lowest, float(percent.min()))
        if len(of) <= _BANDS:  # more would lie over each other
            low, high = 100 * curve.low, 100 * curve.high
            look = {"color": colour, "alpha": 0.1, "linewidth": 0}
            axes.fill_between(curve.time * factor, low, high, step="post", **look)  # type: ignore[arg-type]
            lowest = min(lowest, float(low.min()))
    if axes.lines:
        axes.legend(title="Died (95 %)", loc="best", fontsize=7, title_fontsize=7.5)
    axes.set_xlim(begin * factor, end * factor)
    axes.set_xlabel(label)
    axes.grid(True, axis="y", color="0.9", linewidth=0.6)
    return lowest


def _seen(run: MotorNeuronOutcome, time: Time) -> Time:
    """Give a time of a run as it is drawn: as an age, where the run is a lifetime."""
    return run.start_age + time if run.of_life else time


def plot_starts(outcomes: Sequence[ArmOutcome], control: str, out: Path | str) -> bool:
    """Draw the share of deaths prevented against the time when treatment began.

    Of lifetimes the delay of onset as well, against age: where all die sooner or later no death is
    prevented.

    Returns
    -------
    bool
        Whether there is a figure: it takes an arm with two starts that were reached.
    """
    out = check_format(out)
    with style(), as_written():
        return save_if(draw_starts(outcomes, control), out)


@style()
@as_written()
def draw_starts(outcomes: Sequence[ArmOutcome], control: str) -> Figure | None:
    """Return the figure that `plot_starts` saves, or None if there is none."""
    lines: dict[tuple[str, str], list[ArmOutcome]] = {}
    for each in outcomes:
        found = each.against
        if found is not None and found.prevented.value is not None and each.begin is not None:
            lines.setdefault((each.variant, each.arm), []).append(each)
    lines = {k: sorted(v, key=_begin) for k, v in lines.items() if len({_begin(e) for e in v}) > 1}
    if not lines:
        return None
    variants = list(dict.fromkeys(variant for variant, _ in lines))
    of = looks(list(dict.fromkeys(each.arm for each in outcomes)), control)
    latest = max(_begin(each) for members in lines.values() for each in members)
    lives = of_lives(outcomes)
    factor, label = span_axis(latest, lives)
    start = "Age at start of treatment" if lives else "Start of treatment, from that of the run"
    figure, panels = _panels(len(variants) * (1 + lives), 3.0)
    places = iter(panels)
    for variant in variants:
        mine = {arm: line for (of_it, arm), line in lines.items() if of_it == variant}
        axes = next(places)
        _prevented(axes, mine, of, factor)
        axes.set_title(variant or "How late is too late")
        axes.set_ylabel(f"Deaths prevented (% of {control})")
        if lives:
            axes = next(places)
            _late(axes, mine, of, factor, lambda found: found.onset, 1 / YEAR)
            axes.set_title(variant or "What it delays")
            axes.set_ylabel(f"Onset delayed (years, over {control})")
    for axes in panels:
        axes.set_xlabel(f"{start} ({label.partition('(')[2]}")
    names = list(dict.fromkeys(arm for _, arm in lines))
    drawn = [
        Line2D([], [], color=of[arm][0], linestyle=of[arm][1], marker=of[arm][2]) for arm in names
    ]
    figure.legend(drawn, names, loc="outside right upper")
    return figure


def _begin(outcome: ArmOutcome) -> float:
    """Return when treatment began: from the start of the run, or in a lifetime the age (s)."""
    return (outcome.begin or 0.0) + (outcome.start_age or 0.0)


def _prevented(axes: Axes, lines: dict[str, list[ArmOutcome]], of: Look, factor: float) -> None:
    axes.axhline(100.0, color="0.5", linewidth=0.8, linestyle=":")
    _late(axes, lines, of, factor, lambda found: found.prevented, 100.0)
    axes.set_ylim(max(axes.get_ylim()[0], -105), min(axes.get_ylim()[1], 160))


def _late(
    axes: Axes,
    lines: dict[str, list[ArmOutcome]],
    of: Look,
    factor: float,
    measure: Callable[[Comparison], Estimate],
    scale: float,
) -> None:
    """Draw what each arm does against when it begins, with its interval."""
    axes.axhline(0.0, color="0.5", linewidth=0.8)
    ends = [_begin(each) for members in lines.values() for each in members]
    apart = 0.012 * (max(ends) - min(ends))  # so that intervals of arms do not lie on each other
    for place, (arm, members) in enumerate(lines.items()):
        colour, line, mark = of[arm]
        shift = (place - (len(lines) - 1) / 2) * apart
        x = [factor * (_begin(each) + shift) for each in members]
        found = [measure(each.against) for each in members if each.against is not None]
        y = [np.nan if each.value is None else scale * each.value for each in found]
        axes.plot(x, y, color=colour, linestyle=line, marker=mark, markersize=5)
        for at, each in zip(x, found, strict=True):
            if each.low is not None and each.high is not None:
                ends_of_it = [scale * each.low, scale * each.high]
                axes.plot([at, at], ends_of_it, color=colour, linewidth=1)
