"""The parameters that the time of death depends on: elasticities and Sobol's indices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from unshielded.plot.style import check_format, head, save, style
from unshielded.plot.words import words

_LATER, _SOONER = "#0072B2", "#D55E00"
_FIRST, _TOTAL = "#56B4E9", "#E69F00"
_MOST = 20


def plot_sensitivity(
    local: Sequence[Mapping[str, Any]],
    indices: Sequence[Mapping[str, Any]],
    title: str,
    out: Path | str,
) -> None:
    """Draw horizontal bars: elasticities to the left, Sobol's indices to the right.

    Parameters
    ----------
    local
        ``name``, ``evidence`` and ``elasticity`` (None is left out), the largest first.
    indices
        ``name``, ``first``, ``first_confidence``, ``total``, ``total_confidence``.
    title
        Which cell under what.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    """
    out = check_format(out)
    bars = [row for row in local if row["elasticity"] is not None][:_MOST]
    with style():
        height = 1.2 + 0.21 * max(len(bars), 2 * len(indices), 6)
        figure = Figure(figsize=(9.6, height), layout=ConstrainedLayoutEngine(w_pad=0.1))
        panels = figure.subplots(1, 2 if indices else 1, squeeze=False)[0]
        left = panels[0]
        slopes = [float(row["elasticity"]) for row in bars]
        for sooner, colour, label in (
            (False, _LATER, "later if it is more, or longer"),
            (True, _SOONER, "sooner if it is more, or longer"),
        ):
            places = [i for i, slope in enumerate(slopes) if (slope < 0) == sooner]
            left.barh(places, [slopes[i] for i in places], color=colour, label=label)
        left.set_yticks(
            range(len(bars)), [f"{words(row['name'])} ({row['evidence']})" for row in bars]
        )
        left.invert_yaxis()
        left.axvline(0.0, color="0.3", linewidth=0.7)
        left.set_xlabel("Elasticity of the time of death, d ln T / d ln p")
        figure.legend(*left.get_legend_handles_labels(), loc="outside lower left", ncols=2)
        head(left, "a", title)
        if indices:
            _indices(panels[1], indices)
        for axes in panels:
            axes.grid(False, axis="y")
        save(figure, out)


def _indices(axes: Axes, indices: Sequence[Mapping[str, Any]]) -> None:
    """Sobol's first-order and total index of each parameter."""
    where = np.arange(len(indices))
    for shift, kind, colour, label in (
        (-0.2, "first", _FIRST, "first order"),
        (0.2, "total", _TOTAL, "total"),
    ):
        axes.barh(
            where + shift,
            [row[kind] for row in indices],
            height=0.38,
            xerr=[row[f"{kind}_confidence"] for row in indices],
            color=colour,
            label=label,
            error_kw={"linewidth": 0.8},
        )
    axes.set_yticks(where, [words(row["name"]) for row in indices])
    axes.invert_yaxis()
    axes.set_xlabel("Sobol's index of ln T (95 % interval)")
    axes.legend(loc="lower right")
    head(axes, "b", "Share of the variance")
