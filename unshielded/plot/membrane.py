"""Membrane potentials of a few neurons at the resolution of the spikes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from unshielded.plot.style import check_format, colours, save, style
from unshielded.plot.words import neuron
from unshielded.results.summary import reading
from unshielded.store.format.files import NoSuchEntry
from unshielded.store.reading.read import MembranePotentials, RunFile

_SHOWN = 24

#: Height of the stroke that stands for a spike (mV): the model has a threshold and no upstroke.
_SPIKE = 25.0


def plot_membrane(source: Path | str | RunFile, out: Path | str) -> None:
    """Draw the fast membrane potentials, one panel per neuron; a stroke above stands for a spike.

    Parameters
    ----------
    source
        A run folder, its ``results.h5``, or an open result.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.

    Raises
    ------
    NoSuchEntry
        If the run recorded none.
    """
    out = check_format(out)
    with style():
        save(draw_membrane(source), out)


@style()
def draw_membrane(source: Path | str | RunFile) -> Figure:
    """Return the figure that `plot_membrane` saves."""
    with reading(source) as run:
        found = run.membrane()
        if found is None or not found.potential.size:
            raise NoSuchEntry(
                f"{run.path}: the run has no membrane traces; set record.membrane in the config "
                "and run again"
            )
        return _figure(run, found)


def _figure(run: RunFile, found: MembranePotentials) -> Figure:
    shown = min(_SHOWN, len(found.index))
    layout = ConstrainedLayoutEngine(hspace=0.02, h_pad=0.01)
    figure = Figure(figsize=(9, 1.2 + 0.72 * shown), layout=layout)
    panels = figure.subplots(shown, 1, sharex=True, sharey=True, squeeze=False).ravel()
    of = colours(p.name for p in run.populations)
    fired = {name: run.spikes(name) for name in {str(n) for n in found.population[:shown]}}
    high = float(np.nanmax(found.potential)) + 3
    top = high + _SPIKE
    for place, axes in enumerate(panels):
        name = str(found.population[place])
        axes.plot(found.time, found.potential[:, place], color=of[name], linewidth=0.7)
        times, neurons = fired[name]
        mine = times[(neurons == found.index[place]) & (times <= found.time[-1])]
        axes.vlines(mine, high, top, color=of[name], linewidth=0.8)
        axes.text(
            1.01,
            0.5,
            neuron(name, int(found.index[place])),
            transform=axes.transAxes,
            color=of[name],
            va="center",
        )
        axes.grid(True, axis="y", color="0.9", linewidth=0.6)
        if place < shown - 1:
            axes.spines["bottom"].set_visible(False)
            axes.tick_params(axis="x", length=0)
    panels[0].set_xlim(found.time[0], found.time[-1] if len(found.time) > 1 else None)
    low = np.nanmin(found.potential) - 3
    panels[0].set_ylim(low, top)
    # strokes have no potential, so there are no ticks beside them
    panels[0].set_yticks(
        [tick for tick in MaxNLocator(3).tick_values(low, high) if low <= tick <= high]
    )
    panels[-1].set_xlabel("Time (s)")
    figure.supylabel("Membrane potential (mV)", fontsize=8.5)
    left_out = len(found.index) - shown
    note = f"  ({left_out} more not shown)" if left_out else ""
    title = f"{run.name or run.path.name}{note}  ·  strokes: spikes"
    figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    return figure
