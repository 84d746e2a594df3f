"""One figure of the spikes of a run: raster, rates, intervals, spectrum."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from unshielded.plot.style import check_format, colours, dashes, head, remark, save, style
from unshielded.plot.words import name_of
from unshielded.results.spike_trains import Trains, intervals, rates, spectrum, trains
from unshielded.results.summary import reading
from unshielded.store.reading.read import RunFile

#: Longest stretch and most neurons of a population in the raster; more is a grey area.
_STRETCH, _ROWS = 4.0, 30
#: Bins of the intervals, and how many intervals make a curve.
_BINS, _LEAST = 36, 100
#: The axis of intervals holds so many of those of each population; the rest is a line at zero.
_MOST = 0.999
#: Bands of the spectrum (Hz); neighbours are averaged where there are many.
_BANDS = np.geomspace(1.5, 250.5, 41)


def plot_activity(
    source: Path | str | RunFile, out: Path | str, start: float = 0.0, stop: float | None = None
) -> None:
    """Draw the spikes of a run in a window.

    Parameters
    ----------
    source
        A run folder, its ``results.h5``, or an open result.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    start, stop
        The window (s); None is the end of the run.

    Raises
    ------
    NoSuchEntry
        If spikes were not recorded, or the window is not in the run or shorter than 1 s.
    """
    out = check_format(out)
    with style():
        save(draw_activity(source, start, stop), out)


@style()
def draw_activity(
    source: Path | str | RunFile, start: float = 0.0, stop: float | None = None
) -> Figure:
    """Return the figure that `plot_activity` saves."""
    with reading(source) as run:
        drawn = [trains(run, p.name, start, stop) for p in run.populations if p.size]
        return _figure(drawn, run.name or run.path.name, run.seed)


def _figure(drawn: Sequence[Trains], name: str, seed: int | None) -> Figure:
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06)
    figure = Figure(figsize=(10, 7.4), layout=layout)
    raster, rate, interval, power = figure.subplots(2, 2).ravel()
    if drawn:
        _raster(drawn, raster)
        _rates(drawn, rate)
        _intervals(drawn, interval)
        _spectrum(drawn, power)
    of = colours(given.population for given in drawn)
    handles = [
        Line2D([], [], color=of[p], linestyle=dashes(p), linewidth=2.2, label=name_of(p))
        for p in of
    ]  # fmt: skip
    window = f"{drawn[0].start:g} to {drawn[0].stop:g} s" if drawn else "no neurons"
    title = "  ·  ".join([name, *([] if seed is None else [f"seed {seed}"]), window])
    figure.legend(
        handles=handles,
        title=title,
        alignment="left",
        loc="outside upper left",
        ncols=min(len(handles), 5) or 1,
        fontsize=8.5,
        title_fontsize=9.5,
        handlelength=2.4,
        columnspacing=1.3,
    )
    return figure


def _raster(drawn: Sequence[Trains], axes: Axes) -> None:
    """Some neurons of each population, in bands of equal height: small ones stay legible."""
    of = colours(given.population for given in drawn)
    end = min(drawn[0].stop, drawn[0].start + _STRETCH)
    for band, given in enumerate(drawn):
        # spread over the population, as neurons of a pool are ordered by size
        chosen = np.unique(np.linspace(0, given.size - 1, min(_ROWS, given.size)).astype(int))
        row = np.full(given.size, -1)
        row[chosen] = np.arange(len(chosen))
        shown = (given.time < end) & (row[given.neuron] >= 0)
        axes.plot(
            given.time[shown],
            band + (row[given.neuron[shown]] + 0.5) / len(chosen),
            linestyle="none",
            marker="|",
            markersize=max(1.5, 60 / len(drawn) / min(_ROWS, given.size) * 3),
            markeredgewidth=0.6,
            color=of[given.population],
            rasterized=True,
        )
        axes.axhline(band, color="0.8", linewidth=0.5)
    axes.set_ylim(len(drawn), 0)
    axes.set_xlim(drawn[0].start, end)
    ticks = [band + 0.5 for band in range(len(drawn))]
    labels = [f"{name_of(g.population)} {min(_ROWS, g.size)}/{g.size}" for g in drawn]
    axes.set_yticks(ticks, labels, fontsize=7)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("Time (s)")
    head(axes, "a", "Spikes (neurons shown / all)")
    axes.grid(False)


def _rates(drawn: Sequence[Trains], axes: Axes) -> None:
    head(axes, "b", "Rates of the neurons: how many are below")
    of = colours(given.population for given in drawn)
    highest = 0.0
    for given in drawn:
        rate = np.sort(rates(given))
        rate = rate[np.isfinite(rate)]
        if not len(rate):
            continue
        highest = max(highest, float(rate[-1]))
        share = 100 * np.arange(1, len(rate) + 1) / len(rate)
        axes.step(
            np.concatenate([[0.0], rate]),
            np.concatenate([[0.0], share]),
            where="post",
            color=of[given.population],
            linestyle=dashes(given.population),
        )
    axes.set_xlim(0, 1.05 * highest or 1.0)
    axes.set_ylim(0, 104)
    axes.set_xlabel("Rate of a neuron (Hz)")
    axes.set_ylabel("Neurons with less or as much (%)")


def _intervals(drawn: Sequence[Trains], axes: Axes) -> None:
    head(axes, "c", "Interspike intervals")
    of = colours(given.population for given in drawn)
    edges = np.geomspace(1e-3, 10.0, _BINS + 1)
    middle = 1e3 * np.sqrt(edges[1:] * edges[:-1])
    longest = 0.0
    for given in drawn:
        found = intervals(given)[0]
        if len(found) < _LEAST:
            continue
        share = 100 * np.histogram(found, edges)[0] / len(found)
        longest = max(longest, 1e3 * float(np.quantile(found, _MOST)))
        axes.plot(middle, share, color=of[given.population], linestyle=dashes(given.population))
    if not axes.lines:
        remark(axes, f"no population has {_LEAST} intervals")
        return
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.set_ylim(bottom=0)
    axes.set_xlim(0.9, min(1.5 * longest, 1e4))
    axes.set_xlabel("Interval (ms)")
    axes.set_ylabel(f"Share of the intervals (% in 1/{_BINS // 4} decade)")


def _spectrum(drawn: Sequence[Trains], axes: Axes) -> None:
    head(axes, "d", "Spectrum of the population's rate")
    of = colours(given.population for given in drawn)
    axes.axhline(1.0, color="0.45", linewidth=0.8)
    for given in drawn:
        frequency, power = spectrum(given)
        band = np.digitize(frequency, _BANDS)
        size = np.bincount(band, minlength=len(_BANDS) + 1)[1:-1]
        total = np.bincount(band, power, minlength=len(_BANDS) + 1)[1:-1]
        middle = np.bincount(band, frequency, minlength=len(_BANDS) + 1)[1:-1]
        if not np.isfinite(total).all() or not total.any():
            continue
        some = size > 0
        axes.plot(
            middle[some] / size[some],
            total[some] / size[some],
            color=of[given.population],
            linestyle=dashes(given.population),
            linewidth=1.2,
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axis.set_minor_formatter(NullFormatter())
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, 0.4), max(high, 2.5))
    axes.set_xlim(_BANDS[0], _BANDS[-1])
    axes.set_xlabel("Frequency (Hz)")
    axes.set_ylabel("Power (times that of Poisson trains)")
