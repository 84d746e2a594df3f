"""The outcome of a sweep over two quantities: one map for each class that can die.

Points that lie on no grid, such as random samples, are drawn as they lie, in the same colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patheffects import withStroke
from matplotlib.ticker import LogLocator, MaxNLocator

from unshielded.arrays import Array
from unshielded.plot.axis import Axis, varied
from unshielded.plot.style import check_format, head, save, style
from unshielded.plot.words import name_of
from unshielded.results.summary import Row, at_risk, tidy

#: Even in lightness, so also for the colour-blind.
_MAP = "cividis"
#: End of the colour bar (%) → where iso-lines run, the first dotted, the second solid, the third dashed.
_ISO = {10.0: (2.0, 5.0), 25.0: (5.0, 10.0), 50.0: (10.0, 25.0), 100.0: (10.0, 50.0, 90.0)}
_DASHES = ("dotted", "solid", "dashed")
#: Of so many levels on both axes at least an iso-line is more than a guess; of so many columns at most
#: there is room for counts.
_LEVELS, _COUNTED = 4, 4
#: Of the combinations of levels, at least so many are there if it is a grid: some may have failed.
_GRID = 0.5
#: Of these less is worse: their axis is turned round, so that damage grows upwards.
_LESS_IS_WORSE = ("glutamate.eaat2",)
_COLUMNS = 3
_CROSSED = "iso-lines"  # mark of a panel that has some
_MOST_TICKS = 8
#: Ends of the colour bar (%): the lowest that holds the highest share.
_TOPS = (10.0, 25.0, 50.0, 100.0)


def plot_map(
    rows: Sequence[Row],
    out: Path | str,
    axes: tuple[str, str] | None = None,
    populations: Sequence[str] | None = None,
) -> None:
    """Draw which share of each class burned out over two quantities.

    Every cell of a map is a mean over seeds, drawn up to half the distance to its neighbours, so
    levels may be spaced as they like. Iso-lines are interpolated linearly between the points.
    Where runs failed the map is grey. Points on no grid are drawn one by one.

    Parameters
    ----------
    rows
        The sweep: ``[{"point": {path: value}, "seed": int, "populations": {…}}, …]``.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    axes
        The paths of the two quantities, across and up; may be left out when only two were swept.
    populations
        Whose maps; those of whom any cell burned out if left out.

    Raises
    ------
    ValueError
        If not two quantities vary, both with numbers, or quantities of one dimension.
    """
    out = check_format(out)
    with style():
        save(draw_map(rows, axes, populations), out)


@style()
def draw_map(
    rows: Sequence[Row],
    axes: tuple[str, str] | None = None,
    populations: Sequence[str] | None = None,
    agents: Mapping[str, str] | None = None,
) -> Figure:
    """Return the figure that `plot_map` saves; `agents` as of :class:`Axis`."""
    rows = [row for row in rows if row.get("populations")]
    paths = varied(rows)
    chosen = axes or tuple(paths)
    if len(chosen) != 2 or set(chosen) != set(paths):
        raise ValueError(
            f"a map has two quantities, but the sweep varies {', '.join(paths) or 'nothing'}; "
            "keep the rows with one value of the others"
        )
    table = tidy(rows)
    shown = populations or [
        name
        for name in dict.fromkeys(row["population"] for row in table)
        if any(row["burned_out"] for row in table if row["population"] == name)
    ]
    return _figure(table, (chosen[0], chosen[1]), shown, agents or {})


def _figure(
    table: list[dict[str, Any]],
    paths: tuple[str, str],
    populations: Sequence[str],
    agents: Mapping[str, str],
) -> Figure:
    x, y = paths
    across, up = (Axis([row[path] for row in table], path, agents) for path in paths)
    if not across.numbers or not up.numbers:
        text = x if not across.numbers else y
        raise ValueError(f"the levels of {text} are not numbers; a map needs numbers")
    columns = max(1, min(len(populations), _COLUMNS))
    lines = max(1, -(-len(populations) // columns))
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08)
    figure = Figure(figsize=(1.0 + 3.0 * columns, 0.6 + 2.8 * lines), layout=layout)
    panels = figure.subplots(lines, columns, squeeze=False).ravel()
    shares = [_shares(table, name, x, y, across, up) for name in populations]
    most = max((float(np.nanmax(s)) for s in shares if np.isfinite(s).any()), default=0.0)
    top = next(limit for limit in _TOPS if limit >= most)
    points = {(across[row[x]], up[row[y]]) for row in table}
    combinations = len(set(across.place.values())) * len(set(up.place.values()))
    draw = _map if len(points) > _GRID * combinations else _scatter
    for place, axes in enumerate(panels):
        if place >= len(populations):
            axes.set_visible(False)
            continue
        draw(axes, shares[place], _AxisScale(across, x), _AxisScale(up, y), top)
        if draw is _map and shares[place].shape[1] <= _COUNTED:
            _write_counts(axes, table, populations[place], x, y, across, up)
        head(axes, "abcdefghijkl"[place % 12], name_of(populations[place]))
        axes.grid(False)
    for axes in panels[: len(populations)]:
        axes.set_xlabel(across.label())
    for line in range(lines):
        panels[line * columns].set_ylabel(up.label())
    seeds = len({row["seed"] for row in table})
    title = "Died by the end of the run" + (f", mean of {seeds} seeds" if seeds > 1 else "")
    colours = ScalarMappable(Normalize(0, top), _MAP)
    # a panel may be lower than the bar's label is long
    label = f"{title} (%)".replace(" run, ", " run,\n") if lines == 1 else f"{title} (%)"
    bar = figure.colorbar(colours, ax=list(panels), label=label, shrink=0.9, pad=0.02)
    if any(axes.get_gid() == _CROSSED for axes in panels):
        for level, dashes in zip(_ISO[top], _DASHES, strict=False):
            bar.ax.axhline(level, color="black", linewidth=2.4)
            bar.ax.axhline(level, color="white", linewidth=1.2, linestyle=dashes)
    return figure


def _shares(
    table: list[dict[str, Any]], population: str, x: str, y: str, across: Axis, up: Axis
) -> Array:
    """Mean share burned out over seeds (%), [y, x]; not a number where nothing was run."""
    columns, lines = (sorted(set(axis.place.values())) for axis in (across, up))
    total, number = np.zeros((2, len(lines), len(columns)))
    for row in table:
        if row["population"] == population and row["burned_out_percent"] is not None:
            at = (lines.index(up[row[y]]), columns.index(across[row[x]]))
            total[at] += float(row["burned_out_percent"])
            number[at] += 1
    shares = np.full(total.shape, np.nan)
    np.divide(total, number, out=shares, where=number > 0)
    return shares


class _AxisScale:
    """Where the levels of a quantity lie, evenly in its logarithm if they span decades."""

    def __init__(self, axis: Axis, path: str) -> None:
        self.axis = axis
        self.levels = np.array(sorted(set(axis.place.values())))
        self.turned = path in _LESS_IS_WORSE
        self.places: Array = np.log(self.levels) if axis.log else self.levels
        middle = (self.places[1:] + self.places[:-1]) / 2
        first = 2 * self.places[0] - middle[0]
        last = 2 * self.places[-1] - middle[-1]
        self.edges: Array = np.array([first, *middle, last])

    def ticks(self) -> tuple[list[float], list[str]]:
        """Give the places and texts of the levels, or of some round numbers among many."""
        if len(self.levels) <= _MOST_TICKS:
            return self.places.tolist(), [self.axis.number(v) for v in self.levels]
        doses = self.axis.doses()
        low, high = doses[0], doses[-1]
        locator = LogLocator(subs=(1.0, 2.0, 5.0)) if self.axis.log else MaxNLocator(6)
        round_ = [float(v) for v in locator.tick_values(low, high) if low <= v <= high]
        round_ = [*([] if self.axis.control is None else [self.axis.control]), *round_]
        places = [float(np.log(v)) for v in round_] if self.axis.log else round_
        return places, [self.axis.number(v) for v in round_]


def _map(axes: Axes, shares: Array, across: _AxisScale, up: _AxisScale, top: float) -> None:
    known = np.isfinite(shares)
    masked: Any = np.ma.masked_invalid(shares)  # type: ignore[no-untyped-call]
    axes.set_facecolor("0.8")
    axes.pcolormesh(across.edges, up.edges, masked, vmin=0, vmax=top, cmap=_MAP)
    x, y = np.meshgrid(across.places, up.places)
    crossed = {
        v: line
        for v, line in zip(_ISO[top], _DASHES, strict=False)
        if (shares[known] < v).any() and (shares[known] > v).any()
    }
    if min(shares.shape) >= _LEVELS:
        axes.plot(x[known], y[known], ".", color="white", markersize=4, markeredgecolor="black",
                  markeredgewidth=0.4)  # fmt: skip
        for level, line in crossed.items():
            for colour, width, dashes in (("black", 2.4, "solid"), ("white", 1.2, line)):
                axes.contour(x, y, masked, levels=[level], colors=colour, linewidths=width,
                             linestyles=dashes)  # fmt: skip
            axes.set_gid(_CROSSED)
    _frame(axes, across, up)


def _write_counts(
    axes: Axes,
    table: list[dict[str, Any]],
    population: str,
    x: str,
    y: str,
    across: Axis,
    up: Axis,
) -> None:
    """Write into each cell of a small map how many died, of how many."""
    found: dict[tuple[float, float], list[int]] = {}
    for row in table:
        if row["population"] == population and row["burned_out_percent"] is not None:
            counts = found.setdefault((across[row[x]], up[row[y]]), [0, 0])
            counts[0] += row["burned_out"]
            counts[1] += at_risk(row)
    for (column, line), (died, cells) in found.items():
        at, height = (float(np.log(v)) if of.log else v for v, of in ((column, across), (line, up)))
        told = f"{died} of {cells}"
        text = axes.text(at, height, told, ha="center", va="center", fontsize=7)
        text.set_path_effects([withStroke(linewidth=2, foreground="white")])


def _scatter(axes: Axes, shares: Array, across: _AxisScale, up: _AxisScale, top: float) -> None:
    known = np.isfinite(shares)
    x, y = np.meshgrid(across.places, up.places)
    look = {"vmin": 0, "vmax": top, "cmap": _MAP, "edgecolors": "black", "linewidths": 0.4}
    axes.scatter(x[known], y[known], c=shares[known], s=26, **look)  # type: ignore[arg-type]
    _frame(axes, across, up)
    axes.margins(0.05)
    axes.autoscale()


def _frame(axes: Axes, across: _AxisScale, up: _AxisScale) -> None:
    axes.set_xticks(*across.ticks())
    axes.set_yticks(*up.ticks())
    axes.set_xlim(across.edges[0], across.edges[-1])
    axes.set_ylim(up.edges[0], up.edges[-1])
    if across.turned:
        axes.invert_xaxis()
    if up.turned:
        axes.invert_yaxis()
