"""Lifespans over age, one colour per cohort: survivors, strength, onset of weakness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from unshielded.arrays import Array
from unshielded.durations import YEAR
from unshielded.multiscale.outcome import ONSET, SEVERE
from unshielded.plot.style import check_format, ends, head, remark, save, share_axis, style
from unshielded.results import Cohort, Life
from unshielded.statistics.survival import kaplan_meier
from unshielded.store.format.files import NoSuchEntry

#: Any two stay apart (20 or more in CIELAB) in normal vision and with any kind of colour blindness, and
#: are dark enough for a thin line on white.
COLOURS = ("#0072B2", "#EE3F14", "#56B4E9", "#4A0A06", "#E06D9C", "#332288", "#6E6241", "#882255")
#: From the ninth cohort on colours come again, with marks.
_MARKS = ("", "o", "s", "^", "D", "v", "P", "X")

#: Of lines. The first cohort is drawn widest and the last narrowest: where they coincide all are seen.
_WIDEST, _NARROWEST, _THIN = 3.6, 1.6, 0.7
_HEIGHT, _LINE = 4.0, 0.17  # of the panels, and of a line of the legend (inches)
_WRAP, _COLUMNS = 52, 3  # of a label of the legend, and of the legend


def plot_cohorts(cohorts: Sequence[Cohort], out: Path | str) -> None:
    """Draw cohorts of lifespans over age.

    Three panels: limb motor neurons alive (Kaplan-Meier; thick: all seeds, thin: each seed), strength
    of the limb over that at the start (thick: mean over seeds), and the share of lifespans that are not
    yet weak (solid) and not yet severely weak (dashed).

    Parameters
    ----------
    cohorts
        Of :func:`unshielded.results.cohorts`.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.

    Raises
    ------
    NoSuchEntry
        If there is no life.
    """
    out = check_format(out)
    if not cohorts:
        raise NoSuchEntry("there are no lifespans to draw; expected results of runs with a solver")
    # names of configs are drawn as they are: a dollar sign begins no formula
    with style(), mpl.rc_context({"text.parse_math": False}):
        save(_figure(cohorts), out)


@dataclass(frozen=True)
class _Look:
    """Colour, mark and width of a cohort's lines."""

    colour: str
    mark: str
    width: float


def _looks(number: int) -> list[_Look]:
    widths = np.linspace(_WIDEST, _NARROWEST, number) if number > 1 else [2.2]
    return [
        _Look(COLOURS[k % len(COLOURS)], _MARKS[k // len(COLOURS) % len(_MARKS)], float(width))
        for k, width in enumerate(widths)
    ]


def _figure(cohorts: Sequence[Cohort]) -> Figure:
    looks = _looks(len(cohorts))
    labels = [fill(_named(group), _WRAP, subsequent_indent="  ") for group in cohorts]
    rows = sum(label.count("\n") + 1 for label in labels) / min(len(cohorts), _COLUMNS)
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.06)
    figure = Figure(figsize=(12.5, _HEIGHT + _LINE * (rows + 1.5)), layout=layout)
    alive, strength, weak = figure.subplots(1, 3, sharex=True)
    for group, look in zip(cohorts, looks, strict=True):
        _alive(alive, group, look)
        _strength(strength, group, look)
        _weak(weak, group, look)
    lifespans = [one for group in cohorts for one in group.lifespans]
    if not alive.lines:
        remark(alive, "no motor neurons of a limb")
    if not strength.lines:
        remark(strength, "no limb")
    for axes, letter, title, label in (
        (alive, "a", "Motor neurons of the limb", "Alive (%)"),
        (strength, "b", "Strength of the limb", "Relative to start"),
        (weak, "c", "Not yet weak (dashed: not yet severely weak)", "Lifespans (%)"),
    ):
        head(axes, letter, title)
        axes.set_ylabel(label)
        axes.set_xlabel("Age (years)")
    share_axis(alive, ends([alive])[0], 100.0)
    low, high = ends([strength])
    if strength.lines:
        room = 0.05 * max(high - low, 0.05)
        strength.set_ylim(low - room, high + room)
    for level in (ONSET, SEVERE):  # at levels outside the data no line would be seen
        if strength.get_ylim()[0] < level < strength.get_ylim()[1]:
            strength.axhline(level, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
    share_axis(weak, ends([weak])[0], 100.0)
    alive.set_xlim(min(_start(one) for one in lifespans), max(_end(one) for one in lifespans))
    _legend(figure, looks, labels, any(len(group.lifespans) > 1 for group in cohorts))
    return figure


def _named(group: Cohort) -> str:
    """Write the label of a cohort, its seeds and how many motor neurons of the limb died."""
    seeds = len(group.lifespans)
    cells = sum(len(one.limb_died) for one in group.lifespans)
    died = sum(int(np.isfinite(one.limb_died).sum()) for one in group.lifespans)
    told = f"; {died} of {cells} motor neurons died" if cells else ""
    return f"{group.label} ({seeds} {'seed' if seeds == 1 else 'seeds'}{told})"


def _start(one: Life) -> float:
    return float(one.settings.get("solver.start_age", one.ages[0] * YEAR)) / YEAR


def _end(one: Life) -> float:
    return float(one.outcome["age_at_end_years"])


def _step(axes: Axes, died: Array, seen: Array, look: _Look, *, width: float,
          dashed: bool = False, mark: str = "") -> None:  # fmt: skip
    """Draw the share in percent to whom something has not happened yet (Kaplan-Meier)."""
    curve = kaplan_meier(died, seen)
    axes.step(
        curve.time,
        100 * curve.fraction,
        where="post",
        color=look.colour,
        linewidth=width,
        linestyle=(0, (3, 1.6)) if dashed else "-",
        alpha=0.55 if width == _THIN else 1.0,
        marker=mark or None,
        markersize=4,
    )


def _alive(axes: Axes, group: Cohort, look: _Look) -> None:
    lifespans = [one for one in group.lifespans if len(one.limb_died)]
    if not lifespans:
        return
    died = [one.limb_died[np.isfinite(one.limb_died)] for one in lifespans]
    seen = [_last_seen(one) for one in lifespans]
    if len(lifespans) > 1:
        for each, rest in zip(died, seen, strict=True):
            _step(axes, each, rest, look, width=_THIN)
    _step(axes, np.concatenate(died), np.concatenate(seen), look, width=look.width, mark=look.mark)


def _last_seen(one: Life) -> Array:
    """When each motor neuron that did not die was lost, or the age at the end."""
    left = np.isnan(one.limb_died)
    lost = one.limb_lost if len(one.limb_lost) else np.full(len(left), np.nan)
    seen: Array = np.where(np.isfinite(lost), lost, _end(one))[left]
    return seen


def _strength(axes: Axes, group: Cohort, look: _Look) -> None:
    lifespans = [one for one in group.lifespans if len(one.strength)]
    if not lifespans:
        return
    if len(lifespans) > 1:
        for one in lifespans:
            axes.plot(one.ages, one.strength, color=look.colour, linewidth=_THIN, alpha=0.55)
    ages = np.unique(np.concatenate([one.ages for one in lifespans]))
    ages = ages[ages <= min(one.ages[-1] for one in lifespans)]  # where all of them are watched
    mean = np.mean([np.interp(ages, one.ages, one.strength) for one in lifespans], axis=0)
    axes.plot(ages, mean, color=look.colour, linewidth=look.width, marker=look.mark or None,
              markersize=4, markevery=max(1, len(ages) // 8))  # fmt: skip


def _weak(axes: Axes, group: Cohort, look: _Look) -> None:
    """Draw the share of lifespans that an event has not reached; one life falls at one age."""
    for event, dashed in (("onset", False), ("severe_weakness", True)):
        ages = np.array([one.age(event) for one in group.lifespans])
        ends = np.array([_end(one) for one in group.lifespans])
        did = np.isfinite(ages)
        _step(axes, ages[did], ends[~did], look, width=look.width, dashed=dashed,
              mark="" if dashed else look.mark)  # fmt: skip


def _legend(figure: Figure, looks: Sequence[_Look], labels: Sequence[str], several: bool) -> None:
    lines = [
        Line2D([], [], color=k.colour, linewidth=k.width, marker=k.mark or None, markersize=4)
        for k in looks
    ]
    words = [
        "thick: all seeds together, thin: each seed" if several else "",
        f"weak: strength below {100 * ONSET:.0f} %, severely: below {100 * SEVERE:.0f} %",
    ]
    figure.legend(
        lines,
        labels,
        loc="outside lower center",
        ncols=min(len(labels), _COLUMNS),
        title="  ·  ".join(each for each in words if each),
        title_fontsize=8,
    )
