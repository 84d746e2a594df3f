"""One figure of a lifetime: strength, survivors, and what wears out, over age."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from unshielded.arrays import Array
from unshielded.durations import YEAR
from unshielded.plot.style import (
    check_format,
    colours,
    dashes,
    head,
    remark,
    save,
    style,
    thin,
    unit,
)
from unshielded.plot.survival import span, start_age
from unshielded.plot.survivors import draw_losses, draw_survivors
from unshielded.results.summary import reading
from unshielded.store.reading.read import PopulationInfo, RunFile

_NAMES = 5  # in a line of the legend
#: Shown on a logarithmic axis when the highest value is so many times the lowest.
_LOG_ABOVE = 50.0

#: Recorded variable, title, label of its axis.
_COURSES = (
    ("calcium", "Cytosolic calcium", "[Ca²⁺]"),
    ("energy_margin", "Energy margin", "1 − use / capacity"),
    ("mitochondrial_reserve", "Mitochondria", "Reserve"),
    ("misfolded_load", "Misfolded protein", "Load over a young cell's"),
    ("innervation", "Junctions", "Own fibres held"),
)


def plot_lifespan(source: Path | str | RunFile, out: Path | str) -> None:
    """Draw a lifetime: strength of the muscles, living cells, rates, margin and slow states.

    Parameters
    ----------
    source
        A run folder, its ``results.h5``, or an open result, of a run with a solver.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    """
    out = check_format(out)
    with style():
        save(draw_lifespan(source), out)


@style()
def draw_lifespan(source: Path | str | RunFile) -> Figure:
    """Return the figure that `plot_lifespan` saves."""
    with reading(source) as run:
        return _figure(run)


def _figure(run: RunFile) -> Figure:
    carriers = [p for p in run.populations if p.carries_calcium and p.size]
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06)
    figure = Figure(figsize=(10, 11.3), layout=layout)
    panels = figure.subplots(4, 2, sharex=True).ravel()
    _strength(run, panels[0])
    _survivors(run, carriers, panels[1])
    _rates(run, panels[2])
    for axes, letter, (name, title, label) in zip(panels[3:], "defgh", _COURSES, strict=True):
        _course(run, carriers, axes, name, label)
        head(axes, letter, title)
    onset = run.outcome().get("age_at_onset_years")
    axis = span(run.duration, start_age(run))
    for axes in panels:
        axes.set_xlim(*axis.limits)
        if onset is not None:
            axes.axvline(
                axis.of(onset * YEAR - run.start_age),
                color="0.5",
                linewidth=0.8,
                linestyle=":",
                zorder=0,
            )
    for axes in panels[-2:]:
        axes.set_xlabel(axis.label)
    _legend(run, carriers, figure)
    return figure


def _ages(run: RunFile, time: Array) -> Array:
    return span(run.duration, start_age(run))(time)


def _strength(run: RunFile, axes: Axes) -> None:
    """Strength of each muscle; the force of its windows lighter, over that of the first ones."""
    courses = run.lifespan()
    shades = ("#000000", "#00AB50", "#0072B2", "#E06D9C")
    muscles = [name for name in courses if name.startswith("strength_")]
    for name, shade in zip(muscles, shades * len(muscles), strict=False):
        muscle = name.removeprefix("strength_")
        strength, force = courses[name], courses[f"force_{muscle}"]
        age, values = thin(_ages(run, strength.time), strength.values)
        early = force.values[strength.time <= strength.time[0] + 60.0].mean()
        if early > 0:
            faint, shown = thin(_ages(run, force.time), force.values / early)
            axes.plot(faint, shown, color=shade, linewidth=0.8, alpha=0.35)
        axes.plot(age, values, color=shade, label=muscle)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("Over that at the start")
    if muscles:
        axes.legend(title="strength (light: force)", loc="lower left", fontsize=7)
    else:
        remark(axes, "no muscle")
    head(axes, "a", "Muscle")


def _survivors(run: RunFile, carriers: list[PopulationInfo], axes: Axes) -> None:
    """Living cells of each population, and what is left of those that lose neurons."""
    draw_survivors(run, carriers, axes, lambda seconds: _ages(run, seconds))
    losses = draw_losses(run, axes, lambda seconds: _ages(run, seconds))
    if losses:
        axes.legend(handles=losses, loc="lower left", fontsize=7)
    axes.set_ylim(0, 103)
    axes.set_ylabel("Living cells (%)")
    head(axes, "b", "Survival")


def _rates(run: RunFile, axes: Axes) -> None:
    of = colours(p.name for p in run.populations)
    for population in run.populations:
        if population.size:
            rate = run.series(population.name, "firing_rate")
            age, values = thin(_ages(run, rate.time), rate.values)
            axes.plot(
                age,
                values,
                color=of[population.name],
                linestyle=dashes(population.name),
                linewidth=1.0,
            )
    axes.set_ylim(bottom=0)
    axes.set_ylabel("Firing rate of the living, lost ones left out (Hz)")
    head(axes, "c", "Activity in the windows")


def _course(
    run: RunFile, carriers: list[PopulationInfo], axes: Axes, name: str, label: str
) -> None:
    """A slow variable of each population: mean, and where 90 % of its cells lie."""
    of = colours(p.name for p in run.populations)
    drawn = [p for p in carriers if run.has("populations", p.name, f"{name}_mean")]
    if not drawn:
        remark(axes, "not recorded")
        return
    low, high, measure = np.inf, 0.0, ""
    for population in drawn:
        band = run.band(population.name, name)
        age, mean, below, above = thin(_ages(run, band.time), band.mean, band.low, band.high)
        shade = of[population.name]
        axes.fill_between(age, below, above, color=shade, alpha=0.12, linewidth=0)
        axes.plot(age, mean, color=shade, linestyle=dashes(population.name))
        low, high = min(low, float(mean.min())), max(high, float(mean.max()))
        measure = band.unit
    if low > 0 and high > _LOG_ABOVE * low:
        axes.set_yscale("log")
    axes.set_ylabel(label + unit(measure))


def _legend(run: RunFile, carriers: list[PopulationInfo], figure: Figure) -> None:
    of = colours(p.name for p in run.populations)
    handles = [
        Line2D([], [], color=of[p.name], linestyle=dashes(p.name), linewidth=2.2, label=p.name)
        for p in run.populations
        if p.size
    ]
    known = [f"seed {run.seed}" if run.seed is not None else "", run.id[:12] if run.id else ""]
    title = "  ·  ".join(t for t in (run.name or run.path.name, *known) if t)
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=min(_NAMES, len(handles)),
        title="lines: mean of the living; bands: 90 % of them; dotted: onset" if carriers else None,
    )
    figure.suptitle(title, x=0.01, ha="left", fontsize=10)
