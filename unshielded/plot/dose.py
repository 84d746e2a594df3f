"""The outcome of a sweep against the quantity that was swept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import PercentFormatter

from unshielded.analyse import Row, tidy
from unshielded.plot.style import (
    check_format,
    colours,
    dashes,
    head,
    mark,
    remark,
    save,
    style,
    time_axis,
)
from unshielded.survival import survival

Level = Any
"""A value that was swept: a number, or the text of a quantity."""


def plot_dose_response(
    rows: Sequence[Row],
    out: Path | str,
    x: str | None = None,
    runs: Mapping[Level, Sequence[Path | str]] | None = None,
    population: str | None = None,
    mortal: Sequence[str] | None = None,
) -> None:
    """Draw burn-out and firing rates against a swept quantity.

    Parameters
    ----------
    rows
        The sweep: ``[{"point": {path: value}, "seed": int, "populations": {…}}, …]``.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    x
        The path of the quantity; may be left out when only one was swept.
    runs
        Level of `x` → results (one per seed). Adds survival curves of `population`.
    population
        Whose survival is drawn; that of the population of which most burned out if left out.
    mortal
        The populations that can die; those of which any cell did if left out.

    Raises
    ------
    ValueError
        If `x` was not swept, or something else was swept too.
    """
    out = check_format(out)
    x = _swept(rows, x)
    with style():
        save(_figure(tidy(rows), x, runs or {}, population, mortal), out)


def _swept(rows: Sequence[Row], x: str | None) -> str:
    """Find the quantity of the axis, and check that nothing else varies."""
    rows = [row for row in rows if row.get("populations")]
    if not rows:
        raise ValueError("the sweep has no finished run; finish some runs, then draw it")
    values = list(dict.fromkeys(p for row in rows for p in row["point"]))
    changed = varied(rows)
    if x is None:
        x = changed[0] if changed else next(iter(values), None)
    if x is None or x not in values:
        raise ValueError(f"{x!r} was not swept; the sweep has {', '.join(values) or 'no grid'}")
    others = [path for path in changed if path != x]
    if others:
        raise ValueError(
            f"the sweep also varies {', '.join(others)}; keep the rows with one value of it"
        )
    return x


def varied(rows: Sequence[Row]) -> list[str]:
    """Name the settings that have several values in a sweep."""
    paths = dict.fromkeys(p for row in rows for p in row["point"])
    return [path for path in paths if len({key(row["point"].get(path)) for row in rows}) > 1]


def numeric(rows: Sequence[Row], path: str) -> bool:
    """Tell whether a setting has only numbers in a sweep."""
    return all(_is_number(row["point"].get(path)) for row in rows)


def _is_number(level: Level) -> bool:
    return isinstance(level, (int, float)) and not isinstance(level, bool)


def key(level: Level) -> str:
    """Write a level as text, the same for the same level."""
    return json.dumps(level, sort_keys=True, default=str)


class Axis:
    """Where a level lies on the x axis: at its number, or in turn where it is no number."""

    def __init__(self, levels: Sequence[Level], path: str) -> None:
        self.numbers = numbers = all(_is_number(v) for v in levels)
        keys = list(dict.fromkeys(key(v) for v in levels))
        self.place = {k: float(json.loads(k)) if numbers else float(i) for i, k in enumerate(keys)}
        self.labels = None if numbers else [str(json.loads(k)) for k in keys]
        name = path.rpartition(".")[2].replace("_", " ")
        places = list(self.place.values())
        share = "loss" in path or name == "eaat2"
        self.percent = numbers and share and min(places) >= 0 and max(places) <= 1
        names = {"interneuron loss": "interneurons lost", "eaat2": "EAAT2 left"}
        self.name = f"{name} lost" if path.startswith("circuit.loss.") else names.get(name, name)

    def label(self) -> str:
        """Name the quantity, with its unit."""
        return self.name[:1].upper() + self.name[1:] + (" (%)" if self.percent else "")

    def dress(self, axes: Axes) -> None:
        """Label an x axis."""
        axes.set_xlabel(self.label())
        if self.labels is not None:
            axes.set_xticks(range(len(self.labels)), self.labels)
        elif self.percent:
            axes.xaxis.set_major_formatter(PercentFormatter(1.0, symbol=""))
        elif len(self.place) <= 8:
            axes.set_xticks(sorted(self.place.values()))

    def text(self, level: Level) -> str:
        """Write a level for a legend."""
        return f"{100 * float(level):g} %" if self.percent else str(level)


def _figure(
    table: list[dict[str, Any]],
    x: str,
    runs: Mapping[Level, Sequence[Path | str]],
    population: str | None,
    mortal: Sequence[str] | None,
) -> Figure:
    columns = 3 if runs else 2
    layout = ConstrainedLayoutEngine(w_pad=0.1)
    figure = Figure(figsize=(4.4 * columns, 4.1), layout=layout)
    panels = figure.subplots(1, columns)
    axis = Axis([row[x] for row in table], x)
    names = list(dict.fromkeys(row["population"] for row in table))
    dead = {
        name: sum(row["burned_out_percent"] or 0 for row in table if row["population"] == name)
        for name in names
    }
    # those that cannot die would only draw a line at zero
    dying = [name for name in names if (name in mortal if mortal else dead[name])] or names[:1]
    seeds = len({row["seed"] for row in table})
    _measure(panels[0], table, axis, x, dying, "burned_out_percent")
    panels[0].set_ylim(-4, 104)
    panels[0].set_ylabel("Burned out (%)")
    head(
        panels[0],
        "a",
        "Cells burned out" + (f" (mean and range of {seeds} seeds)" if seeds > 1 else ""),
    )
    _measure(panels[1], table, axis, x, names, "mean_rate_hz")
    panels[1].set_ylim(bottom=0)
    panels[1].set_ylabel("Rate (Hz)")
    head(panels[1], "b", "Firing rate of the living neurons")
    for axes in panels[:2]:
        axis.dress(axes)
    handles = panels[1].get_legend_handles_labels()[0]
    figure.legend(
        handles=handles, loc="outside upper left", ncols=min(len(handles), 5 * columns // 2) or 1
    )
    if runs:
        _survival(panels[2], axis, runs, population or max(dying, key=lambda name: dead[name]))
    return figure


def _measure(
    axes: Axes, table: list[dict[str, Any]], axis: Axis, x: str, names: list[str], measure: str
) -> None:
    """Every seed as a point, their mean as a line, their range as a band."""
    of = colours(names)
    width = (max(axis.place.values()) - min(axis.place.values())) or 1.0
    for turn, name in enumerate(names):
        levels: dict[float, list[float]] = {}
        for row in table:
            if row["population"] == name and row[measure] is not None:
                levels.setdefault(axis.place[key(row[x])], []).append(float(row[measure]))
        if not levels:
            continue
        places = sorted(levels)
        mean = [float(np.mean(levels[p])) for p in places]
        low, high = ([f(levels[p]) for p in places] for f in (min, max))
        look = {"color": of[name], "linestyle": dashes(name), "label": name}
        axes.plot(places, mean, marker=mark(name), markersize=4.5, **look)  # type: ignore[arg-type]
        axes.fill_between(places, low, high, color=of[name], alpha=0.15, linewidth=0)
        # side by side, or the seeds of one population would hide those of another
        shift = (turn - (len(names) - 1) / 2) * 0.012 * width
        if any(len(v) > 1 for v in levels.values()):
            points = [(p + shift, v) for p in places for v in levels[p]]
            axes.plot(
                *zip(*points, strict=True),
                linestyle="none",
                marker=mark(name),
                markersize=3,
                markerfacecolor="none",
                markeredgewidth=0.7,
                color=of[name],
                alpha=0.75,
            )


def _survival(
    axes: Axes, axis: Axis, runs: Mapping[Level, Sequence[Path | str]], population: str
) -> None:
    head(axes, "c", f"Survival of {population} neurons (95 % interval)")
    shades = colormaps["viridis"](np.linspace(0.0, 0.88, len(runs)))
    longest = 0.0
    curves = []
    for (level, paths), shade in zip(runs.items(), shades, strict=True):
        if paths:
            curve = survival(paths, population)
            curves.append((level, curve, shade))
            longest = max(longest, float(curve.time[-1]))
    if not curves:
        remark(axes, "no results")
        return
    factor, label = time_axis(longest)
    for (level, curve, shade), line in zip(curves, cycle(("-", "--", "-.")), strict=False):
        time, text = curve.time * factor, axis.text(level)
        percent = 100 * curve.fraction
        axes.step(time, percent, where="post", color=shade, linestyle=line, label=text)
        axes.fill_between(
            time, 100 * curve.low, 100 * curve.high, step="post", color=shade, alpha=0.12, lw=0
        )
    axes.set_ylim(-4, 104)
    axes.set_xlim(0, longest * factor)
    axes.set_xlabel(label)
    axes.set_ylabel("Alive (%)")
    axes.legend(title=axis.name[:1].upper() + axis.name[1:], loc="lower left", title_fontsize=8)
