"""The outcome of a sweep over many quantities: each of them against each class that can die."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from unshielded.plot.axis import Axis, varied
from unshielded.plot.style import (
    check_format,
    colours,
    ends,
    head,
    mark,
    remark,
    save,
    share_axis,
    style,
)
from unshielded.plot.words import name_of
from unshielded.results.summary import Row, burned_out_percent, tidy
from unshielded.store.tables.levels import key

#: More panels than this could not be read.
_MOST = 12


def plot_samples(
    rows: Sequence[Row],
    out: Path | str,
    paths: Sequence[str] | None = None,
    populations: Sequence[str] | None = None,
) -> None:
    """Draw the share of each class that burned out against every setting, one row for each.

    Every run is a mark; the others of its settings vary too. The rank correlation (Spearman's ρ)
    stands above: the sign and strength of a trend, not a test.

    Parameters
    ----------
    rows
        The sweep: ``[{"point": {path: value}, "seed": int, "populations": {…}}, …]``.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    paths
        The settings; all that vary if left out. At most twelve are drawn.
    populations
        Whose; those of whom any cell burned out if left out. At most twelve are drawn.

    Raises
    ------
    ValueError
        If nothing varies.
    """
    out = check_format(out)
    with style():
        save(draw_samples(rows, paths, populations), out)


@style()
def draw_samples(
    rows: Sequence[Row],
    paths: Sequence[str] | None = None,
    populations: Sequence[str] | None = None,
    agents: Mapping[str, str] | None = None,
) -> Figure:
    """Return the figure that `plot_samples` saves; `agents` as of :class:`Axis`."""
    rows = [row for row in rows if row.get("populations")]
    paths = list(paths or varied(rows))[:_MOST]
    if not paths:
        raise ValueError("nothing varies in the sweep, so there is nothing to draw it against")
    table = tidy(rows)
    names = list(dict.fromkeys(row["population"] for row in table))
    burned = {row["population"] for row in table if row["burned_out"]}
    shown = list(populations or [n for n in names if n in burned] or names[:1])[:_MOST]
    return _figure(rows, paths, shown, agents or {})


def _figure(
    rows: Sequence[Row],
    paths: Sequence[str],
    populations: Sequence[str],
    agents: Mapping[str, str],
) -> Figure:
    size = (0.8 + 2.4 * len(populations), 0.4 + 2.1 * len(paths))
    figure = Figure(figsize=size, layout=ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.06))
    panels = figure.subplots(len(paths), len(populations), squeeze=False, sharey=True)
    of = colours(populations)
    for line, path in zip(panels, paths, strict=True):
        axis = Axis([row["point"].get(path) for row in rows], path, agents)
        for axes, name in zip(line, populations, strict=True):
            correlation = _draw(axes, rows, axis, path, name, of[name])
            head(
                axes, "", ": ".join(filter(None, [name_of(name) * (path == paths[0]), correlation]))
            )
            axis.dress(axes)
        line[0].set_ylabel("Died by the end (%)")
    share_axis(panels[0][0], 0.0, ends(panels.ravel())[1])
    return figure


def _draw(
    axes: Axes, rows: Sequence[Row], axis: Axis, path: str, population: str, colour: str
) -> str:
    places, shares = [], []
    for row in rows:
        found = row["populations"].get(population)
        share = burned_out_percent(found) if found else None
        if share is not None and key(row["point"].get(path)) in axis.place:
            places.append(axis[row["point"].get(path)])
            shares.append(share)
    if not places:
        remark(axes, "no cells")
        return ""
    axes.plot(places, shares, mark(population), color=colour, markersize=4, alpha=0.6,
              markeredgewidth=0)  # fmt: skip
    return _signed(_spearman(places, shares)) if len(set(shares)) > 1 < len(set(places)) else ""


def _signed(correlation: float) -> str:
    return f"ρ = {correlation:+.2f}".replace("-", "−")


def _spearman(x: Sequence[float], y: Sequence[float]) -> float:
    from scipy.stats import rankdata  # slow to import

    return float(np.corrcoef(rankdata(x), rankdata(y))[0, 1])
