"""One figure of one run: spikes, currents, energy, deaths."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.ticker import StrMethodFormatter

from unshielded.plot import energy
from unshielded.plot.style import (
    check_format,
    colours,
    dashes,
    head,
    remark,
    save,
    style,
    thin,
    time_axis,
    unit,
)
from unshielded.plot.survivors import draw_losses, draw_survivors
from unshielded.results.summary import reading
from unshielded.store.reading.bath import AppliedAgent, concentration
from unshielded.store.reading.read import PopulationInfo, RunFile

_SPIKES = 15_000  # drawn at most
_BAND = 0.07  # least height of a population in the raster, over that of all
_NAMES = 5  # in a line of the legend
_BINS = 180  # of the firing rates at most
_MARKS = {"necrosis": "x", "apoptosis": "o", "proteolysis": "^"}
_LINE = 0.085  # height of a line about the bath, as a fraction of its panel
# Shown on a logarithmic axis when the highest value is so many times the lowest
_LOG_ABOVE = 50.0


def plot_run(source: Path | str | RunFile, out: Path | str) -> None:
    """Draw a run: raster, rates, calcium, mitochondria, energy, survivors.

    Parameters
    ----------
    source
        A run folder, its ``results.h5``, or an open result.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    """
    out = check_format(out)
    with style():
        save(draw_run(source), out)


@style()
def draw_run(source: Path | str | RunFile) -> Figure:
    """Return the figure that `plot_run` saves."""
    with reading(source) as run:
        return _figure(run)


def _figure(run: RunFile) -> Figure:
    carriers = [p for p in run.populations if p.carries_calcium and p.size]
    around = any(run.has("populations", p.name, "force_mean") for p in carriers)
    spent = energy.has_margin(run, carriers)
    rows = 1 if not carriers else 4 + around + spent
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06)
    figure = Figure(figsize=(10, 0.9 + 2.6 * rows), layout=layout)
    panels = figure.subplots(rows, 2, sharex=True, squeeze=False).ravel()
    factor, label = time_axis(run.duration)
    _raster(run, panels[0], factor)
    _rates(run, panels[1], factor)
    if carriers:
        courses = (
            ("calcium", "Cytosolic calcium", "[Ca²⁺]"),
            ("matrix_calcium", "Matrix calcium", "Total matrix Ca"),
            ("mean_mitochondrial_potential", "Mitochondrial membrane potential", "ΔΨm"),
            ("atp", "ATP", "[ATP]"),
        )
        for axes, letter, (name, title, short) in zip(panels[2:6], "cdef", courses, strict=True):
            _course(run, carriers, axes, factor, name, short)
            head(axes, letter, title)
        _oxidation(run, carriers, panels[6], factor)
        _survivors(run, carriers, panels[7], factor)
    if around:
        _course(run, carriers, panels[8], factor, "perisynaptic_glutamate", "[Glutamate]")
        head(panels[8], "i", "Glutamate around the synapses")
        _force(run, carriers, panels[9], factor)
    if spent:
        energy.margin(run, carriers, panels[-2], factor)
        energy.demand(run, carriers, panels[-1], factor)
    for axes in panels[-2:]:
        axes.set_xlabel(label)
    panels[0].set_xlim(0, run.duration * factor)
    _bath(run, list(panels), factor)
    _legend(run, carriers, figure)
    return figure


def _bath(run: RunFile, panels: list[Axes], factor: float) -> None:
    """Shade when something was in the bath; name it above the firing rates."""
    agents: dict[str, list[AppliedAgent]] = {}
    for entry in run.bath():
        agents.setdefault(entry.label, []).append(entry)
    named = panels[1]
    height = min(_LINE, 0.5 / max(1, len(agents)))
    if agents:  # a line of its own for each agent, above the data
        named.set_ylim(top=named.get_ylim()[1] / (1.0 - height * (len(agents) + 0.2)))
    across = named.get_xaxis_transform()
    for place, (agent, entries) in enumerate(agents.items()):
        line = 1.0 - height * (place + 1)
        for entry in entries:
            start = entry.from_s * factor
            end = (run.duration if entry.until_s is None else entry.until_s) * factor
            if end - start < run.duration * factor:  # all shaded would say nothing
                for axes in panels:
                    axes.axvspan(start, end, color="0.45", alpha=0.1, linewidth=0, zorder=0)
            named.plot([start, end], [line, line], color="0.45", linewidth=1.5, transform=across)
        late = entries[0].from_s > 0.6 * run.duration
        named.annotate(
            f"{agent} {_levels(entries)}",
            xy=(run.duration * factor if late else entries[0].from_s * factor, line),
            xycoords=across,
            xytext=(-2 if late else 2, 1.5),
            textcoords="offset points",
            ha="right" if late else "left",
            fontsize=6.5,
            color="0.35",
        )


def _levels(entries: list[AppliedAgent]) -> str:
    """Write the concentrations of an agent, each once, in order of time."""
    levels = list(dict.fromkeys(concentration(e.concentration_mM) for e in entries))
    return ", ".join(levels[:3]) + (" …" if len(levels) > 3 else "")


def _legend(run: RunFile, carriers: list[PopulationInfo], figure: Figure) -> None:
    of = colours(p.name for p in run.populations)
    handles = [
        Line2D([], [], color=of[p.name], linestyle=dashes(p.name), linewidth=2.2, label=p.name)
        for p in run.populations
        if p.size
    ]
    known = [f"seed {run.seed}" if run.seed is not None else "", run.id[:12] if run.id else ""]
    title = "  ·  ".join(t for t in (run.name or run.path.name, *known) if t)
    if carriers:
        title += "\nLines: mean over the living neurons; bands: their 5th to 95th percentile"
    figure.legend(
        handles=handles,
        title=title,
        alignment="left",
        loc="outside upper left",
        ncols=min(len(handles), _NAMES) or 1,
        fontsize=9,
        title_fontsize=9.5,
        handlelength=2.6,
    )


def _raster(run: RunFile, axes: Axes, factor: float) -> None:
    of = colours(p.name for p in run.populations)
    total = sum(run.n_spikes(p.name) for p in run.populations)
    every = max(1, -(-total // _SPIKES))
    title = "Spikes" if every == 1 else f"Spikes (1 in {every} shown)"
    head(axes, "a", title)
    axes.grid(False)
    if total == 0:
        remark(axes, "no single spikes recorded")
        return
    # small populations are stretched, so that their names have room
    least = _BAND * sum(p.size for p in run.populations)
    bottom, ticks = 0.0, []
    for population in run.populations:
        if not population.size:
            continue
        time, neuron = run.spikes(population.name, every)
        height = max(population.size, least)
        axes.plot(
            time * factor,
            bottom + (neuron + 0.5) * height / population.size,
            linestyle="none",
            marker="|" if total < 4000 else ".",
            markersize=2.4 if total < 4000 else 1.7,
            markeredgewidth=0.6 if total < 4000 else 0,
            color=of[population.name],
            rasterized=True,
        )
        ticks.append((bottom + height / 2, population))
        axes.axhline(bottom, color="0.8", linewidth=0.5)
        bottom += height
    axes.set_ylim(bottom, 0)
    axes.set_yticks([t for t, _ in ticks], [f"{p.name} {p.size}" for _, p in ticks], fontsize=7)
    for tick, (_, population) in zip(axes.get_yticklabels(), ticks, strict=True):
        tick.set_color(of[population.name])
    axes.tick_params(axis="y", length=0)


def _rates(run: RunFile, axes: Axes, factor: float) -> None:
    of = colours(p.name for p in run.populations)
    for population in run.populations:
        spikes = run.series(population.name, "spike_count")
        lived = run.series(population.name, "living_time").values
        if not len(lived):
            continue
        together = -(-len(lived) // _BINS)
        starts = np.arange(0, len(lived), together)
        number = np.add.reduceat(spikes.values.astype(float), starts)
        seconds = np.add.reduceat(lived, starts)
        size = np.diff([*starts, len(lived)])
        middle = np.add.reduceat(spikes.time, starts) / size
        rate = np.divide(number, seconds, out=np.full(len(starts), np.nan), where=seconds > 0)
        axes.plot(
            middle * factor,
            rate,
            color=of[population.name],
            linestyle=dashes(population.name),
            linewidth=1.2,
        )
    axes.set_ylabel("Rate (Hz)")
    axes.set_ylim(bottom=0)
    head(axes, "b", "Firing rate of the neurons that are alive and not lost")


def _course(
    run: RunFile,
    carriers: list[PopulationInfo],
    axes: Axes,
    factor: float,
    name: str,
    short: str,
) -> None:
    """Mean and 5-95 % band of a slow variable."""
    of = colours(p.name for p in run.populations)
    least, most, measured = np.inf, -np.inf, ""
    for p in carriers:
        if not run.has("populations", p.name, f"{name}_mean"):
            remark(axes, "not recorded")
            return
        band = run.band(p.name, name)
        time, mean, low, high = thin(band.time, band.mean, band.low, band.high)
        axes.fill_between(time * factor, low, high, color=of[p.name], alpha=0.1, linewidth=0)
        for edge in (low, high):  # where bands lie over one another only their edges tell
            axes.plot(time * factor, edge, color=of[p.name], linewidth=0.5, alpha=0.6)
        axes.plot(time * factor, mean, color=of[p.name], linestyle=dashes(p.name))
        known = np.isfinite(mean)  # not where nobody lives
        least = min(least, low[known].min(initial=np.inf))
        most = max(most, high[known].max(initial=-np.inf))
        measured = band.unit
    # a potential has no natural zero: it stays linear
    if measured != "mV" and least > 0 and most / least > _LOG_ABOVE:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.set_ylabel(short + unit(measured))


def _oxidation(run: RunFile, carriers: list[PopulationInfo], axes: Axes, factor: float) -> None:
    head(axes, "g", "Reactive oxygen species (thick) and antioxidant capacity (thin)")
    _course(run, carriers, axes, factor, "ros", "ROS (relative)")
    right = axes.twinx()
    right.spines["right"].set_visible(True)
    of = colours(p.name for p in run.populations)
    for p in carriers:
        if run.has("populations", p.name, "antioxidant_mean"):
            course = run.series(p.name, "antioxidant_mean")
            time, mean = thin(course.time, course.values)
            style_of_line = dashes(p.name)
            right.plot(
                time * factor, mean, color=of[p.name], linestyle=style_of_line, linewidth=0.8
            )
    right.set_ylim(0, max(1.05, right.get_ylim()[1]))
    right.set_ylabel("Antioxidant (relative)")


def _force(run: RunFile, carriers: list[PopulationInfo], axes: Axes, factor: float) -> None:
    """Force of each motor pool: the sum over the units of its living cells."""
    of = colours(p.name for p in run.populations)
    for p in carriers:
        course = run.total(p.name, "force")
        if not course.values.any():
            continue
        time, mean = thin(course.time, course.values / 1000.0)
        axes.plot(time * factor, mean, color=of[p.name], linestyle=dashes(p.name))
    axes.set_ylabel("Force (N)")
    axes.set_ylim(bottom=0)
    head(axes, "j", "Force of the motor pools")


def _survivors(run: RunFile, carriers: list[PopulationInfo], axes: Axes, factor: float) -> None:
    of = colours(p.name for p in run.populations)
    seen: set[str] = set()
    curves = draw_survivors(run, carriers, axes, lambda seconds: seconds * factor)
    losses = draw_losses(run, axes, lambda seconds: seconds * factor)
    for p in carriers:
        fate = run.fate(p.name)
        dead = np.isfinite(fate["time_of_death"])
        died, mode = fate["time_of_death"][dead], fate["mode"][dead]
        times, left = curves[p.name]
        alive = left[np.searchsorted(times, died)]
        for name, mark in _MARKS.items():
            chosen = mode == name
            if chosen.any():
                seen.add(name)
                axes.plot(
                    died[chosen] * factor,
                    alive[chosen],
                    linestyle="none",
                    marker=mark,
                    markersize=3.6,
                    markeredgewidth=0.9,
                    markerfacecolor="white",
                    color=of[p.name],
                    rasterized=len(died) > 500,
                )
        if run.has("populations", p.name, "pore_open_mean"):
            pores = run.series(p.name, "pore_open_mean")
            when, fraction = thin(pores.time, pores.values)
            axes.plot(when * factor, 100 * fraction, color=of[p.name], linewidth=0.9, alpha=0.8)
    axes.set_ylim(-4, 104)
    axes.set_ylabel("Neurons, mitochondria (%)")
    handles = [
        Line2D([], [], color="0.3", drawstyle="steps-post", label="survivors"),
        Line2D([], [], color="0.3", linewidth=0.9, alpha=0.8, label="open pores"),
        *losses,
    ]
    for name in sorted(seen):
        line = {"linestyle": "none", "marker": _MARKS[name], "markerfacecolor": "white"}
        handles.append(Line2D([], [], color="0.3", markersize=4, label=name, **line))  # type: ignore[arg-type]
    axes.legend(handles=handles, loc="best" if losses else "center left", fontsize=7.5)
    head(axes, "h", "Survivors, open pores" + (", neurons not lost" if losses else ""))
