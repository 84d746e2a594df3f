"""Survival: of every class of cells on one pair of axes, and of one class by level of a sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from unshielded.plot.axis import Axis
from unshielded.plot.style import (
    check_format,
    colours,
    dashes,
    head,
    remark,
    save,
    style,
    time_axis,
)
from unshielded.store.files import NoSuchEntry
from unshielded.store.levels import Level
from unshielded.survival import Lifetimes, kaplan_meier, lifetimes

#: Height of a line of the table below the curves, and of the curves with their labels (inches).
_LINE, _CURVES = 0.17, 3.9


def plot_survival(
    found: dict[str, Lifetimes], out: Path | str, title: str = "", runs: int = 1
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

    Raises
    ------
    NoSuchEntry
        If there is no population with cells that could die.
    """
    out = check_format(out)
    if not any(each.n for each in found.values()):
        raise NoSuchEntry(
            "no population has cells that could die; set circuit.populations.<name>."
            "carries_calcium: true, then run again"
        )
    with style():
        save(_figure(found, title, runs), out)


def _figure(found: dict[str, Lifetimes], title: str, runs: int) -> Figure:
    height = _LINE * (len(found) + 1)
    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.04)
    figure = Figure(figsize=(9.6, _CURVES + height), layout=layout)
    curves, table = figure.subplots(2, 1, sharex=True, height_ratios=[_CURVES - 0.7, height])
    end = max(float(np.max([*f.died, *f.censored])) for f in found.values() if f.n)
    factor, label = time_axis(end)
    _curves(curves, found, factor, label.partition("(")[2].rstrip(")"))
    curves.set_xlim(0, end * factor)
    curves.set_xlabel(label)
    curves.tick_params(labelbottom=True)
    many = f", {runs} runs together" if runs > 1 else ""
    head(curves, "", f"{title}: survivors (Kaplan-Meier, 95 % band{many})".removeprefix(": "))
    _at_risk(table, found, factor, [t for t in curves.get_xticks() if 0 <= t <= end * factor])
    return figure


def _curves(axes: Axes, found: dict[str, Lifetimes], factor: float, unit: str) -> None:
    of = colours(found)
    for name, each in found.items():
        if not each.n:
            continue
        curve = kaplan_meier(each.died, each.censored)
        time = curve.time * factor
        middle = curve.median()[0]
        typical = "" if middle is None else f", median {middle * factor:.3g} {unit}"
        axes.step(
            time,
            100 * curve.fraction,
            where="post",
            color=of[name],
            linestyle=dashes(name),
            label=f"{name}: {len(each.died)} of {each.n} died{typical}",
        )
        low, high = 100 * curve.low, 100 * curve.high
        axes.fill_between(time, low, high, step="post", color=of[name], alpha=0.13, lw=0)
    axes.set_ylim(-3, 104)
    axes.set_ylabel("Alive (%)")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=7.5)


def _at_risk(
    axes: Axes, found: dict[str, Lifetimes], factor: float, ticks: Sequence[float]
) -> None:
    """Write how many cells are alive and watched at the ticks of the curves."""
    of = colours(found)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for row, (name, each) in enumerate(found.items()):
        for tick, number in zip(ticks, each.at_risk(np.asarray(ticks) / factor), strict=True):
            axes.annotate(
                str(number),
                xy=(tick, row),
                ha="center",
                va="center",
                fontsize=7.5,
                color=of[name],
                annotation_clip=False,
            )
    axes.set_ylim(len(found) - 0.5, -0.5)
    axes.set_yticks(range(len(found)), list(found), fontsize=7.5)
    axes.tick_params(axis="y", length=0, pad=16)  # the first number is centred on the axis
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.set_title("Alive and watched", fontsize=8)


def draw_levels(
    axes: Axes, axis: Axis, runs: Mapping[Level, Sequence[Path | str]], population: str
) -> None:
    """Draw the survival of a population at every level of what was swept, seeds together."""
    found = {level: lifetimes(paths, population) for level, paths in runs.items() if paths}
    found = {level: found[level] for level in sorted(found, key=axis.__getitem__)}
    curves = {v: kaplan_meier(each.died, each.censored) for v, each in found.items() if each.n}
    if not curves:
        remark(axes, "no results")
        return
    shades = colormaps["viridis"](np.linspace(0.0, 0.88, len(curves)))
    longest = max(float(curve.time[-1]) for curve in curves.values())
    factor, label = time_axis(longest)
    for (level, curve), shade, line in zip(
        curves.items(), shades, cycle(("-", "--", "-.")), strict=False
    ):
        time, percent = curve.time * factor, 100 * curve.fraction
        look = {"color": shade, "linestyle": line, "label": axis.text(level)}
        axes.step(time, percent, where="post", **look)
        low, high = 100 * curve.low, 100 * curve.high
        axes.fill_between(time, low, high, step="post", color=shade, alpha=0.12, lw=0)
    axes.set_ylim(-4, 104)
    axes.set_xlim(0, longest * factor)
    axes.set_xlabel(label)
    axes.set_ylabel("Alive (%)")
    axes.legend(title=axis.name[:1].upper() + axis.name[1:], loc="lower left", title_fontsize=8)
