"""The outcome of a sweep against the quantity that was swept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from unshielded.arrays import Array
from unshielded.plot.axis import Axis, varied
from unshielded.plot.style import (
    check_format,
    colours,
    dashes,
    ends,
    head,
    mark,
    save,
    share_axis,
    style,
    unit,
)
from unshielded.plot.survival import draw_levels
from unshielded.plot.words import name_of
from unshielded.results.dose_response import fit_rows
from unshielded.results.summary import Row, tidy
from unshielded.results.time_to_death import span
from unshielded.statistics.intervals import student
from unshielded.statistics.logistic import DoseResponse
from unshielded.store.tables.levels import Level

#: From so many seeds on a bar is the interval of their mean; of fewer it is their range.
_ENOUGH = 3
#: Survival is drawn of at most so many classes, in rows of so many panels.
_CLASSES, _COLUMNS = 7, 3
#: Width of an entry of the legend, inches.
_ENTRY = 1.9
#: Populations stand side by side over so much of the axis at most.
_WIDE = 0.05


def plot_dose_response(
    rows: Sequence[Row],
    out: Path | str,
    x: str | None = None,
    runs: Mapping[Level, Sequence[Path | str]] | None = None,
    population: str | None = None,
    mortal: Sequence[str] | None = None,
) -> None:
    """Draw burn-out, with the dose at which half of the cells die, and firing rates.

    Of three seeds or more the bar is the 95 % interval of their mean (Student's t); of two it is
    their range. The curve and the ED50 are those of :mod:`unshielded.results.dose_response`.

    Parameters
    ----------
    rows
        The sweep: ``[{"point": {path: value}, "seed": int, "populations": {…}}, …]``.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    x
        The path of the quantity; may be left out when only one was swept.
    runs
        Level of `x` → results (one per seed). Adds survival curves by level.
    population
        Whose survival is drawn; that of every class of which cells burned out if left out.
    mortal
        The populations that can die; those of which any cell did if left out.

    Raises
    ------
    ValueError
        If `x` was not swept, or something else was swept too.
    """
    out = check_format(out)
    with style():
        save(draw_dose_response(rows, x, runs, population, mortal), out)


@style()
def draw_dose_response(
    rows: Sequence[Row],
    x: str | None = None,
    runs: Mapping[Level, Sequence[Path | str]] | None = None,
    population: str | None = None,
    mortal: Sequence[str] | None = None,
    agents: Mapping[str, str] | None = None,
) -> Figure:
    """Return the figure that `plot_dose_response` saves; `agents` as of :class:`Axis`."""
    return _figure(rows, _swept(rows, x), runs or {}, population, mortal, agents)


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


def _figure(
    rows: Sequence[Row],
    x: str,
    runs: Mapping[Level, Sequence[Path | str]],
    population: str | None,
    mortal: Sequence[str] | None,
    agents: Mapping[str, str] | None,
) -> Figure:
    table = tidy(rows)
    axis = Axis([row[x] for row in table], x, agents)
    names = list(dict.fromkeys(row["population"] for row in table))
    dead = {n: sum(r["burned_out"] for r in table if r["population"] == n) for n in names}
    # those that cannot die would only draw a line at zero
    dying = [name for name in names if (name in mortal if mortal else dead[name])] or names[:1]
    most = max(dying, key=lambda name: dead[name])
    classes = [population] if population else [n for n in dying if dead[n]][:_CLASSES] or [most]
    panels = _panels(2 + (len(classes) if runs else 0))
    seeds = len({row["seed"] for row in table})
    band = "" if seeds < 2 else f" ({_band(seeds)} of {seeds} seeds)"
    _burned_out(panels[0], rows, table, axis, x, dying)
    head(panels[0], "a", f"Died by {_end(table)}{band}")
    _measure(panels[1], table, axis, x, names, "mean_rate_hz")
    panels[1].set_ylim(bottom=0)
    panels[1].set_ylabel("Rate (Hz)")
    head(panels[1], "b", "Firing rate of the neurons alive and not lost")
    for axes in panels[:2]:
        axis.dress(axes)
    figure = panels[0].figure
    assert isinstance(figure, Figure)
    handles = panels[1].get_legend_handles_labels()[0]
    columns = min(len(handles), int(figure.get_figwidth() / _ENTRY)) or 1
    figure.legend(handles=handles, loc="outside upper left", ncols=columns)
    for letter, axes, name in zip("cdefghi", panels[2:], classes, strict=False):
        head(axes, letter, f"{name_of(name)} alive (95 % band)")
        draw_levels(axes, axis, runs, name)
    return figure


def _end(table: list[dict[str, Any]]) -> str:
    """Say when the runs ended, if all did at one time: the share depends on it."""
    ends = {row["followed_s"] for row in table} - {None}
    return span(ends.pop()) if len(ends) == 1 else "the end of the run"


def _panels(number: int) -> list[Axes]:
    columns = 2 if number == 4 else min(number, _COLUMNS)
    lines = -(-number // columns)
    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.06)
    figure = Figure(figsize=(4.4 * columns, 0.5 + 3.6 * lines), layout=layout)
    made = list(figure.subplots(lines, columns, squeeze=False).ravel())
    for axes in made[number:]:
        axes.set_visible(False)
    return made[:number]


def _band(seeds: int) -> str:
    return "95 % intervals" if seeds >= _ENOUGH else "range"


def _burned_out(
    axes: Axes,
    rows: Sequence[Row],
    table: list[dict[str, Any]],
    axis: Axis,
    x: str,
    dying: list[str],
) -> None:
    fits = {name: fit_rows(rows, x, name)[0] for name in dying if axis.numbers}
    alone = {name for name, found in fits.items() if found.ed50 is not None}
    _measure(axes, table, axis, x, dying, "burned_out_percent", alone)
    axes.set_ylim(auto=True)
    share_axis(axes, 0.0, min(100.0, ends([axes])[1]))
    axes.set_ylabel("Died (%)")
    of = colours(dying)
    handles = []
    for turn, (name, found) in enumerate(fits.items()):
        # one above the other, or the bars of classes that are alike would hide each other
        height = 50 + 2.5 * (turn - (len(dying) - 1) / 2)
        text = _fitted(axes, found, axis, height, of[name])
        if text:
            look = {"color": of[name], "linestyle": "--", "linewidth": 1.0}
            handles += axes.plot([], [], marker="|", label=f"{name_of(name)}: {text}", **look)  # type: ignore[arg-type]
    if handles:
        # below the axis, where no point can be
        axes.legend(
            handles=handles, fontsize=7, title="Logistic fit (95 %)", title_fontsize=7,
            loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=1,
        )  # fmt: skip


def _fitted(axes: Axes, found: DoseResponse, axis: Axis, height: float, colour: str) -> str:
    """Draw the curve and the ED50 with its interval; say what they are."""
    printed = " %" if axis.percent else unit(axis.unit).replace("(", "").replace(")", "")
    ends = [axis.number(v) if v is not None else "?" for v in (found.low, found.high)]
    if found.ed50 is None and (found.low is None or found.high is None):
        return ""
    places = axis.doses()
    low, high = (
        end if end is not None and (end or not axis.log) else edge
        for end, edge in ((found.low, min(axis.place.values())), (found.high, max(places)))
    )
    axes.plot([low, high], [height, height], color=colour, linewidth=2.2, alpha=0.8)
    if found.ed50 is None:
        return f"ED50 between {ends[0]} and {ends[1]}{printed}"
    axes.plot([found.ed50], [height], marker="|", markersize=9, markeredgewidth=2, color=colour)
    span = np.geomspace if found.log else np.linspace
    dose = span(min(places), max(places), 300)
    axes.plot(dose, 100 * found.fraction(dose), linestyle="--", color=colour, linewidth=1.0)
    few = ", one seed" if found.seeds < 2 else ""
    return f"ED50 {axis.number(found.ed50)} ({ends[0]} to {ends[1]}{few}){printed}"


def _measure(
    axes: Axes,
    table: list[dict[str, Any]],
    axis: Axis,
    x: str,
    names: list[str],
    measure: str,
    alone: Collection[str] = (),
) -> None:
    """Every seed as a point, their mean as a line, and how sure that is as a bar.

    Without the line for those that have a curve of their own, which stand `alone`.
    """
    of = colours(names)
    for turn, name in enumerate(names):
        levels: dict[float, list[float]] = {}
        for row in table:
            if row["population"] == name and row[measure] is not None:
                levels.setdefault(axis[row[x]], []).append(float(row[measure]))
        if not levels:
            continue
        if axis.labels is not None:
            _bars(
                axes, levels, turn, len(names), measure, {"color": of[name], "label": name_of(name)}
            )
            continue
        places = sorted(levels)
        mean = [float(np.mean(levels[p])) for p in places]
        line = "none" if name in alone else dashes(name)
        look = {"color": of[name], "linestyle": line, "label": name_of(name)}
        # side by side, or the seeds of one population would hide those of another
        shift = (turn - (len(names) - 1) / 2) * min(0.012, _WIDE / len(names))
        at = [axis.beside(p, shift) for p in places]
        axes.plot(*axis.broken(at, mean), marker=mark(name), markersize=4.5, **look)  # type: ignore[arg-type]
        if any(len(v) > 1 for v in levels.values()):
            # bars and not bands: of many populations these would lie over each other
            error = np.abs(_band_of(levels, measure).T - mean)
            bars = {"fmt": "none", "ecolor": of[name], "elinewidth": 0.9, "capsize": 2}
            axes.errorbar(at, mean, error, alpha=0.8, **bars)  # type: ignore[arg-type]
            points = [(x, v) for x, p in zip(at, places, strict=True) for v in levels[p]]
            axes.plot(
                *zip(*points, strict=True),
                linestyle="none",
                marker=mark(name),
                markersize=2.5,
                markerfacecolor="none",
                markeredgewidth=0.6,
                color=of[name],
                alpha=0.6,
            )


def _bars(
    axes: Axes,
    levels: Mapping[float, list[float]],
    turn: int,
    number: int,
    measure: str,
    look: Mapping[str, str],
) -> None:
    """Draw bars side by side where levels are no numbers: nothing lies between two of them."""
    places = sorted(levels)
    wide = 0.8 / number
    at = np.array(places) + (turn - (number - 1) / 2) * wide
    mean = np.array([np.mean(levels[p]) for p in places])
    axes.bar(at, mean, 0.92 * wide, **look)  # type: ignore[arg-type]
    if any(len(v) > 1 for v in levels.values()):
        low, high = _band_of(levels, measure).T
        error = np.clip([mean - low, high - mean], 0, None)
        axes.errorbar(at, mean, error, fmt="none", ecolor="0.25", elinewidth=1, capsize=2.5)


def _band_of(levels: Mapping[float, list[float]], measure: str) -> Array:
    """Return the ends of the interval of each mean, within what the measure can be."""
    most = 100.0 if measure == "burned_out_percent" else np.inf
    return np.clip([_interval(levels[p]) for p in sorted(levels)], 0.0, most)


def _interval(values: list[float]) -> tuple[float, float]:
    """The 95 % interval of a mean over seeds; the range of few."""
    span = min(values), max(values)
    return span if len(values) < _ENOUGH else student(values) or span
