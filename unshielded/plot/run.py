"""One figure of one run: spikes, currents, energy, deaths."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from unshielded.plot import energy
from unshielded.plot.bath import shade_bath
from unshielded.plot.groups import Groups, course, dress, groups, handles, list_names, recorded
from unshielded.plot.run_fates import draw_fates, draw_pores, pores_opened
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
)
from unshielded.plot.survivors import loses, nobody_left
from unshielded.plot.words import name_of
from unshielded.results.summary import reading
from unshielded.store.reading.read import PopulationInfo, RunFile

_SPIKES = 15_000  # drawn at most
_BAND = 0.07  # least height of a population in the raster, over that of all
_NAMES = 2  # in a line of a legend
_QUIET = 0.4  # height of the row of survivors, if all survive
_PARTS = 6  # of the width: one, two or three groups share it evenly
_BINS = 180  # of the firing rates at most
#: Recorded variable, title, label of its axis.
_COURSES = (
    ("calcium", "Cytosolic calcium", "[Ca²⁺]"),
    ("matrix_calcium", "Matrix calcium", "Matrix Ca"),
    ("mean_mitochondrial_potential", "Mitochondrial membrane potential", "ΔΨm"),
    ("atp", "ATP", "[ATP]"),
    ("ros", "Reactive oxygen species", "Relative"),
    ("antioxidant", "Antioxidant capacity", "Relative"),
    ("perisynaptic_glutamate", "Glutamate around the synapses", "[Glutamate]"),
)


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
    drawn = groups(run)
    carriers = [p for p in run.populations if p.carries_calcium and p.size]
    around = any(run.has("populations", p.name, "force_mean") for p in carriers)
    spent = energy.has_margin(run, carriers)
    courses = [each for each in _COURSES if recorded(run, carriers, each[0])] if carriers else []
    pores = bool(recorded(run, carriers, "pore_open") and pores_opened(run, carriers))
    rows = 1 + (len(courses) + 1 + spent + pores if carriers else 0)
    last = around or spent
    lines = max(-(-len(own) // _NAMES) for _, own in drawn)
    spikes = any(run.n_spikes(p.name) for p in run.populations)
    heights = [
        1.9 if spikes else 0.25,
        0.16 + 0.13 * lines,
        *[1.0] * (rows - 1),
        _QUIET if carriers and nobody_left(run) else 1.0,
        *([1.25] if last else []),
    ]
    layout = ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.04)
    figure = Figure(figsize=(10, 0.9 + 1.62 * sum(heights)), layout=layout)
    grid = figure.add_gridspec(len(heights), _PARTS, height_ratios=heights)
    factor, label = time_axis(run.duration)
    raster = figure.add_subplot(grid[0, :])
    _raster(run, raster, factor)
    raster.set_xlim(0, run.duration * factor)
    width = _PARTS // len(drawn)
    for place, (name, own) in enumerate(drawn):
        axes = figure.add_subplot(grid[1, place * width : (place + 1) * width])
        list_names(axes, handles(run, own), name, _NAMES)
    letters = iter("bcdefghijklmnop")
    panels: list[Axes] = [raster]

    def row(title: str, shown: Groups | None = None, alike: bool = True) -> list[Axes]:
        """Add a row of panels, one for each group, on one scale or each on its own."""
        at = 2 + (len(panels) - 1) // len(drawn)
        made: list[Axes] = []
        for place in range(len(drawn)):
            cell = grid[at, place * width : (place + 1) * width]
            made.append(
                figure.add_subplot(cell, sharex=raster, sharey=made[0] if alike and made else None)
            )
        dress(made, shown, next(letters), title, alike)
        panels.extend(made)
        return made

    populations = [own for _, own in drawn]
    living = [[p for p in own if p.carries_calcium] for own in populations]
    shown = [[p for p in own if p.carries_calcium or loses(run, p)] for own in populations]
    _rates(
        run,
        populations,
        row("Firing rate of the neurons that are alive and not lost", alike=False),
        factor,
    )
    for name, title, short in courses:
        course(run, living, row(title, living), lambda time: time * factor, name, short)
    if spent:
        energy.margin(
            run, living, row("Energy margin (thick: mean, thin: 5th percentile)", living), factor
        )
    if carriers:
        if pores:
            draw_pores(run, living, row("Mitochondria with an open pore, mean", living), factor)
        draw_fates(run, living, populations, row("Survivors", shown), lambda time: time * factor)
    lowest = panels[-len(drawn) :]
    if last:
        half = _PARTS // 2
        for place, wanted in enumerate((around, spent)):
            if wanted:
                axes = figure.add_subplot(
                    grid[-1, place * half : (place + 1) * half], sharex=raster
                )
                panels.append(axes)
                lowest = [*lowest, axes]
                letter = next(letters)
                if place:
                    energy.demand(run, carriers, axes, factor, letter)
                else:
                    _force(run, carriers, axes, factor, letter)
    for axes in lowest:
        axes.set_xlabel(label)
        axes.tick_params(labelbottom=True)
    shade_bath(run, panels, factor)
    figure.suptitle(_about(run, bool(carriers)), x=0.01, ha="left", fontsize=9.5)
    return figure


def _about(run: RunFile, cells: bool) -> str:
    known = [f"seed {run.seed}" if run.seed is not None else "", run.id[:12] if run.id else ""]
    title = "  ·  ".join(t for t in (run.name or run.path.name, *known) if t)
    means = "\nLines: mean over the living neurons; bands: their 5th to 95th percentile"
    return title + means * cells


def _raster(run: RunFile, axes: Axes, factor: float) -> None:
    of = colours(p.name for p in run.populations)
    total = sum(run.n_spikes(p.name) for p in run.populations)
    every = max(1, -(-total // _SPIKES))
    title = "Spikes" if every == 1 else f"Spikes (1 in {every} shown)"
    head(axes, "a", title)
    axes.grid(False)
    if total == 0:
        remark(axes, "no single spikes recorded")
        axes.set_axis_off()
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
    axes.set_yticks(
        [t for t, _ in ticks], [f"{name_of(p.name)} ({p.size})" for _, p in ticks], fontsize=7
    )
    for tick, (_, population) in zip(axes.get_yticklabels(), ticks, strict=True):
        tick.set_color(of[population.name])
    axes.tick_params(axis="y", length=0)


def _rates(
    run: RunFile, groups: list[list[PopulationInfo]], panels: list[Axes], factor: float
) -> None:
    of = colours(p.name for p in run.populations)
    for axes, own in zip(panels, groups, strict=True):
        for population in own:
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
    panels[0].set_ylabel("Rate (Hz)")
    for axes in panels:
        axes.set_ylim(bottom=0)


def _force(
    run: RunFile, carriers: list[PopulationInfo], axes: Axes, factor: float, letter: str
) -> None:
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
    head(axes, letter, "Force of the motor pools")
