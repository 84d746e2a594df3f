"""Time to death over a swept setting, with a column of panels for each value of a second one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from unshielded.durations import suited
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
)
from unshielded.plot.words import in_sentence, name_of, words
from unshielded.results.summary import Row, at_risk, dose_response
from unshielded.results.time_to_death import span, told
from unshielded.statistics.intervals import wilson
from unshielded.store.tables.levels import written

#: Populations of fewer cells than this do not set the scale; more names than that are not listed.
_FEW, _NAMES = 20, 3
#: File beside the runs of a sweep.
TIME_TO_DEATH = "time_to_death.png"
#: Width of an entry of the legend, inches.
_ENTRY = 1.8


def plot_time_to_death(
    rows: Sequence[Row], out: Path | str, titles: Mapping[str, str] | None = None
) -> Path | None:
    """Draw time to death, and deaths with the doomed, of each population over what was swept.

    Above, the mean time to death restricted to the run, with its 95 % interval over seeds; below, the
    share of the dead with its 95 % interval (Wilson), and hollow that of the dead and the doomed. Of
    populations without deaths it is said that nobody died, of how many cells.

    Parameters
    ----------
    rows
        The sweep: ``[{"point": {path: value}, "seed": int, "populations": {…}}, …]``.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    titles
        Value of the second setting, as text → what stands above its panels.

    Returns
    -------
    Path or None
        Where it is; None if no cell can die, or not one setting or two were swept.
    """
    out = check_format(out)
    with style():
        figure = draw_time_to_death(rows, titles)
        if figure is None:
            return None
        save(figure, out)
    return out


@style()
def draw_time_to_death(
    rows: Sequence[Row], titles: Mapping[str, str] | None = None
) -> Figure | None:
    """Return the figure that `plot_time_to_death` saves, or None if there is none."""
    done = [row for row in rows if row.get("populations")]
    paths = varied(done)
    levels = [row for row in dose_response(done) if row["mean_time_to_death_s_mean"] is not None]
    if not levels or not 1 <= len(paths) <= 2:
        return None
    return _figure(levels, paths, titles or {})


def _figure(levels: list[dict[str, Any]], paths: list[str], titles: Mapping[str, str]) -> Figure:
    axis = Axis([level[paths[0]] for level in levels], paths[0])
    kinds: dict[str, list[dict[str, Any]]] = {}
    for level in levels:
        kinds.setdefault(written(level[paths[1]]) if paths[1:] else "", []).append(level)
    names = list(dict.fromkeys(level["population"] for level in levels))
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06)
    figure = Figure(figsize=(1.2 + 3.3 * len(kinds), 6.0), layout=layout)
    panels = figure.subplots(2, len(kinds), squeeze=False, sharex=True)
    for axes in panels[0][1:]:
        axes.sharey(panels[0][0])
        axes.tick_params(labelleft=False)
    seconds, unit = suited(_followed(levels))
    second = words(paths[1].rpartition(".")[2]) if paths[1:] else ""
    drawn: dict[str, None] = {}
    alike = False
    for place, (kind, members) in enumerate(kinds.items()):
        upper, lower = panels[0][place], panels[1][place]
        shown = [n for n in names if any(told(m) for m in members if m["population"] == n)]
        alike |= len(shown) < len({m["population"] for m in members})
        drawn |= dict.fromkeys(shown)
        _times(upper, members, axis, paths[0], shown, seconds)
        _shares(lower, members, axis, paths[0], shown)
        head(upper, "abcdefgh"[place % 8], titles.get(kind, f"{second} {kind}".strip()))
        _survived(upper, members, names)
        if len(shown) < len(names):  # those of whom there is nothing else to show
            places = sorted({axis[m[paths[0]]] for m in members})
            for axes, y in ((upper, _followed(members) / seconds), (lower, 0.0)):
                axes.plot(places, [y] * len(places), "o-", color="0.45", markersize=3, linewidth=1)
        axis.dress(lower)
    panels[0][0].set_ylabel(f"Mean time to death ({unit})\nrestricted to the run")
    panels[1][0].set_ylabel("Dead, and dead or doomed (%)")
    for axes in panels[1]:  # each on its own scale: few deaths would not be seen beside many
        share_axis(axes, 0.0, ends([axes])[1])
    end = _followed(levels) / seconds
    # the scale is that of the means: the interval of a handful of cells would leave no room for the others
    means = [level["mean_time_to_death_s_mean"] / seconds for level in levels if _many(level)]
    bottom = min([0.97 * end, *(end - 1.25 * (end - mean) for mean in means)])
    # room above the end of the run for what is said there
    panels[0][0].set_ylim(bottom, end + 0.28 * (end - bottom))
    ticks = [tick for tick in panels[0][0].get_yticks() if bottom <= tick <= end]
    panels[0][0].set_yticks(ticks)
    handles = [
        Line2D(
            [], [], color=colours(names)[n], linestyle=dashes(n), marker=mark(n), label=name_of(n)
        )
        for n in names
        if n in drawn
    ]
    grey = {"color": "0.3", "linestyle": "none", "marker": "o"}
    if alike:
        handles += [Line2D([], [], color="0.45", marker="o", markersize=3, label="All others")]
    handles += [
        Line2D([], [], label="dead", **grey),  # type: ignore[arg-type]
        Line2D([], [], label="dead or doomed", markerfacecolor="none", **grey),  # type: ignore[arg-type]
    ]
    fit = max(2, int(figure.get_figwidth() / _ENTRY))
    figure.legend(handles=handles, loc="outside upper left", ncols=min(len(handles), fit))
    return figure


def _times(
    axes: Axes, members: list[dict[str, Any]], axis: Axis, x: str, shown: list[str], seconds: float
) -> None:
    of = colours(shown)
    end = _followed(members) / seconds
    axes.axhline(end, color="0.45", linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    for turn, name in enumerate(shown):
        own = sorted((axis[m[x]], m) for m in members if m["population"] == name)
        places = [axis.beside(p, _shift(turn, shown)) for p, _ in own]
        mean = np.array([m["mean_time_to_death_s_mean"] for _, m in own]) / seconds
        low, high = (
            np.array([_or(m[f"mean_time_to_death_s_{e}"], m) for _, m in own]) / seconds
            for e in ("low", "high")
        )
        high = np.minimum(high, end)
        error = np.clip([mean - low, high - mean], 0, None)
        axes.errorbar(
            places, mean, error, color=of[name], linestyle=dashes(name), marker=mark(name),
            markersize=4.5, capsize=2.5, linewidth=1.3, elinewidth=1.0,
        )  # fmt: skip


def _followed(members: Sequence[Mapping[str, Any]]) -> float:
    """Return the length of the longest run (s)."""
    return max(float(m["followed_s"]) for m in members)


def _many(level: Mapping[str, Any]) -> bool:
    """Tell whether a level has cells enough to set the scale."""
    return at_risk(level) >= _FEW


def _or(value: float | None, level: Mapping[str, Any]) -> float:
    return float(level["mean_time_to_death_s_mean"] if value is None else value)


def _shares(
    axes: Axes, members: list[dict[str, Any]], axis: Axis, x: str, shown: list[str]
) -> None:
    of = colours(shown)
    for turn, name in enumerate(shown):
        own = sorted((axis[m[x]], m) for m in members if m["population"] == name)
        places = [axis.beside(p, _shift(turn, shown)) for p, _ in own]
        dead = np.array([100 * m["burned_out"] / at_risk(m) for _, m in own])
        doomed = np.array([100 * (m["doomed"] or 0) / at_risk(m) for _, m in own])
        ends = np.array([[m["burned_out_low"], m["burned_out_high"]] for _, m in own])
        error = np.clip([dead - ends[:, 0], ends[:, 1] - dead], 0, None)
        axes.errorbar(
            places, dead, error, color=of[name], linestyle=dashes(name), marker=mark(name),
            markersize=4.5, capsize=2.5, linewidth=1.3, elinewidth=1.0,
        )  # fmt: skip
        hollow = {"markerfacecolor": "none", "markersize": 6.5, "linestyle": "none"}
        axes.plot(places, dead + doomed, marker=mark(name), color=of[name], **hollow)  # type: ignore[arg-type]
    axes.grid(True, axis="y", color="0.9", linewidth=0.6)


def _shift(turn: int, shown: list[str]) -> float:
    """Side by side, or one population would hide another."""
    return (turn - (len(shown) - 1) / 2) * 0.008


def _survived(axes: Axes, members: list[dict[str, Any]], names: list[str]) -> None:
    """Say of whom nobody died, of how many cells, and what share may still."""
    safe = [n for n in names if not any(m["burned_out"] for m in members if m["population"] == n)]
    cells = sum(at_risk(m) for m in members if m["population"] in safe)
    sure = wilson(0, cells)
    if sure is None:
        return
    end = span(min(m["followed_s"] for m in members))
    whole = len(safe) == len({m["population"] for m in members})
    listed = (
        f"None of the {' and '.join(map(in_sentence, safe))}"
        if len(safe) <= _NAMES
        else f"No cell of the other {len(safe)} populations"
    )
    whom = "No cell of any kind, at any level," if whole else listed
    text = f"{whom}\ndied in {end}: 0 of {cells}\n(95 %: below {100 * sure[1]:.2g} %)"
    doomed = sum(m["doomed"] or 0 for m in members if m["population"] in safe)
    text += f"; doomed: {doomed}" if doomed else ""
    axes.annotate(
        text, xy=(0.5, 0.985), xycoords="axes fraction", ha="center", va="top", fontsize=7.5,
        color="0.25",
    )  # fmt: skip
