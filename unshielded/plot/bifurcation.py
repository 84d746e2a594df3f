"""Steady states of a cell against a load, and where the healthy ones end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from unshielded.plot.groups import log_axis
from unshielded.plot.style import check_format, colours, head, mark, save, style
from unshielded.plot.words import name_of

_PANELS = (
    ("calcium_uM", "Cytosolic calcium", "Free calcium (µM)"),
    ("potential_mV", "Mitochondrial potential", "ΔΨm (mV)"),
    ("atp_mM", "ATP", "ATP (mM)"),
)
_DASHED = (0, (3, 2))
#: Steady states beyond this (µM) are not drawn: the collapsed ones, up to and beyond the calcium outside the
#: cell (1 to 2 mM). On one axis with them the others could not be read.
_HIGHEST = 10.0


def plot_bifurcation(classes: Sequence[Mapping[str, Any]], what: str, out: Path | str) -> None:
    """Draw the branches of several classes, one column per class.

    Parameters
    ----------
    classes
        For each: ``population``, ``unit``, ``critical`` and ``kind`` (or None), ``at_tipping``
        (readings), ``branch`` (a list of ``load``, ``stable`` and readings). Readings are
        ``calcium_uM``, ``potential_mV``, ``atp_mM``.
    what
        What the load is.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    """
    out = check_format(out)
    with style():
        figure = Figure(figsize=(11.0, 4.1), layout=ConstrainedLayoutEngine(w_pad=0.1))
        panels = figure.subplots(1, len(_PANELS))
        for axes, letter, panel in zip(panels, "abc", _PANELS, strict=True):
            _panel(axes, classes, panel[0])
            head(axes, letter, panel[1])
            axes.set_ylabel(panel[2])
            axes.set_xlabel(f"{what[:1].upper()}{what[1:]} ({classes[0]['unit']})")
        log_axis(panels[0])
        figure.legend(
            handles=list(_legend(classes)), loc="outside lower center", ncols=3, frameon=False
        )
        save(figure, out)


def _panel(axes: Axes, classes: Sequence[Mapping[str, Any]], reading: str) -> None:
    shades = colours(found["population"] for found in classes)
    for place, found in enumerate(classes):
        colour = shades[found["population"]]
        # equal branches stay visible: a thin line on a wide one
        width = 1.2 + 1.1 * (len(classes) - 1 - place) / max(1, len(classes) - 1)
        for stable, points in pieces(_drawn(found)):
            axes.plot(
                [point["load"] for point in points],
                [point[reading] for point in points],
                linestyle="-" if stable else _DASHED,
                color=colour,
                linewidth=width if stable else 0.7 * width,
                zorder=2 if stable else 1.5,
            )
        if found["critical"] is not None:
            axes.plot(
                found["critical"],
                found["at_tipping"][reading],
                mark(found["population"]),
                color=colour,
                markeredgecolor="black",
                markersize=6,
                zorder=3,
            )
    axes.set_xlim(0.0, _right(classes))


def _right(classes: Sequence[Mapping[str, Any]]) -> float:
    """A little beyond the last load at which anything is drawn that matters."""
    return 1.05 * max(float(point["load"]) for found in classes for point in _drawn(found))


def _drawn(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the points of a branch up to where the cell has collapsed."""
    beyond = (k for k, p in enumerate(found["branch"]) if p["calcium_uM"] > _HIGHEST)
    return list(found["branch"][: next(beyond, None)])


def pieces(branch: Sequence[Mapping[str, Any]]) -> Iterator[tuple[bool, list[Mapping[str, Any]]]]:
    """Cut a branch where its stability changes; neighbours share a point, so no gap is seen."""
    piece: list[Mapping[str, Any]] = []
    for point in branch:
        if piece and point["stable"] != piece[-1]["stable"]:
            yield piece[-1]["stable"], [*piece, point]
            piece = []
        piece.append(point)
    if piece:
        yield piece[-1]["stable"], piece


def _legend(classes: Sequence[Mapping[str, Any]]) -> Iterator[Line2D]:
    shades = colours(found["population"] for found in classes)
    for found in classes:
        name, critical = found["population"], found["critical"]
        end = (
            "no tipping point found"
            if critical is None
            else f"{found['kind']} at {critical:.3g} {found['unit']}"
        )
        yield Line2D(
            [],
            [],
            color=shades[name],
            marker="none" if critical is None else mark(name),
            markeredgecolor="black",
            label=f"{name_of(name)}: {end}",
        )
    yield Line2D([], [], color="0.3", linestyle="-", label="stable")
    yield Line2D([], [], color="0.3", linestyle=_DASHED, label="unstable")
