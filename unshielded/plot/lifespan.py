"""One figure of a lifetime: strength, survivors, and what wears out, over age."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from unshielded.durations import YEAR
from unshielded.plot.groups import Groups, course, dress, groups, handles, list_names, recorded
from unshielded.plot.run_fates import draw_fates
from unshielded.plot.style import (
    check_format,
    colours,
    dashes,
    head,
    remark,
    save,
    style,
    thin,
)
from unshielded.plot.survival import span, start_age
from unshielded.plot.survivors import Place, nobody_left
from unshielded.plot.words import muscle
from unshielded.results.summary import reading
from unshielded.store.reading.read import RunFile

#: Recorded variable, title, label of its axis.
_COURSES = (
    ("calcium", "Cytosolic calcium", "[Ca²⁺]"),
    ("energy_margin", "Energy margin", "1 − use/capacity"),
    ("mitochondrial_reserve", "Functional mitochondria", "Relative to young"),
    ("misfolded_load", "Misfolded protein", "Relative to young"),
)
_QUIET = 0.4  # height of the row of survivors, if all survive
_EARLY = 60.0  # s, of the windows that the force is compared with
_JUNCTIONS = ("innervation", "Own muscle fibres held", "Fraction")


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
    drawn = groups(run)
    carriers = [p for p in run.populations if p.carries_calcium and p.size]
    courses = [each for each in _COURSES if recorded(run, carriers, each[0])]
    most = max(len(own) for _, own in drawn)
    calm = carriers and nobody_left(run)
    who = [_QUIET if calm else 1.0] if carriers else []
    heights = [0.25 + 0.14 * most, 1.05, *who, *[1.0] * (1 + len(courses))]
    layout = ConstrainedLayoutEngine(w_pad=0.05, h_pad=0.04)
    # as wide as a page, so that nothing is printed smaller than it is drawn
    figure = Figure(figsize=(7.5, 0.8 + 1.3 * sum(heights)), layout=layout)
    grid = figure.add_gridspec(len(heights), 3, height_ratios=heights)
    above = figure.add_subplot(grid[0, :])
    shades = _shades(run)
    names = [Line2D([], [], color=c, linewidth=2.2, label=muscle(m)) for m, c in shades.items()]
    listed = [*((name, handles(run, own)) for name, own in drawn), ("Muscles", names)]
    for k, (name, lines) in enumerate(listed):
        list_names(above, lines, name, at=k / len(listed))
    first = figure.add_subplot(grid[1, 0])
    panels = [first, *(figure.add_subplot(cell, sharex=first) for cell in (grid[1, 1], grid[1, 2]))]
    _muscle(run, panels[0], "strength", shades)
    _muscle(run, panels[1], "force", shades)
    for axes, letter, title in zip(
        panels, "abc", ("Strength", "Force in the windows", _JUNCTIONS[1]), strict=True
    ):
        head(axes, letter, title)
        axes.tick_params(labelbottom=False)
    motor = [p for name, own in drawn for p in own if name == "Motor neurons"]
    if recorded(run, motor, _JUNCTIONS[0]):
        course(run, [motor], panels[2:], _ages(run), _JUNCTIONS[0], _JUNCTIONS[2])
    else:
        remark(panels[2], "not recorded")
    letters = iter("defghijk")
    rows = iter(range(2, len(heights)))

    def row(title: str, shown: Groups | None = None, alike: bool = True) -> list[Axes]:
        """Add a row of panels, one for each group, on one scale or each on its own."""
        made: list[Axes] = []
        at = next(rows)
        for place in range(len(drawn)):
            share = made[0] if alike and made else None
            made.append(figure.add_subplot(grid[at, place], sharex=first, sharey=share))
        dress(made, shown, next(letters), title, alike)
        panels.extend(made)
        return made

    populations = [own for _, own in drawn]
    living = [[p for p in own if p.carries_calcium] for own in populations]
    if carriers:
        draw_fates(run, living, populations, row("Survivors"), _ages(run))
    _rates(
        run,
        populations,
        row("Firing rate in the windows, of the neurons alive and not lost", alike=False),
    )
    for name, title, label in courses:
        course(run, living, row(title, living), _ages(run), name, label)
    _dress(run, panels, panels[-len(drawn) :])
    figure.suptitle(_about(run), x=0.01, ha="left", fontsize=9.5)
    return figure


def _dress(run: RunFile, panels: Sequence[Axes], lowest: Sequence[Axes]) -> None:
    """Set the axis of age, and mark the onset of weakness."""
    axis = span(run.duration, start_age(run))
    onset = run.outcome().get("age_at_onset_years")
    for axes in panels:
        axes.set_xlim(*axis.limits)
        if onset is not None:
            age = axis.of(onset * YEAR - run.start_age)
            axes.axvline(age, color="0.5", linewidth=0.8, linestyle=":", zorder=0)
    for axes in lowest:
        axes.set_xlabel(axis.label)
        axes.tick_params(labelbottom=True)


def _about(run: RunFile) -> str:
    known = [f"seed {run.seed}" if run.seed is not None else "", run.id[:12] if run.id else ""]
    title = "  ·  ".join(t for t in (run.name or run.path.name, *known) if t)
    onset = run.outcome().get("age_at_onset_years") is not None
    means = "\nLines: mean over the living neurons; bands: their 5th to 95th percentile"
    return title + means + "; dotted: onset of weakness" * onset


def _ages(run: RunFile) -> Place:
    return span(run.duration, start_age(run))


def _shades(run: RunFile) -> dict[str, str]:
    """Give each muscle the colour of the pool that moves it; black if several do."""
    # Imported here so that figures of anything else do without the model.
    from unshielded.circuit.populations import POPULATIONS

    courses = [name for name in run.lifespan() if name.startswith("strength_")]
    of = colours(POPULATIONS)
    shades = {}
    for name in (each.removeprefix("strength_") for each in courses):
        pools = [p.name for p in POPULATIONS.values() if p.muscle == name]
        shades[name] = of[pools[0]] if len(pools) == 1 else "black"
    return shades


def _muscle(run: RunFile, axes: Axes, what: str, shades: dict[str, str]) -> None:
    """Draw strength, or force, of each muscle over that at the start."""
    courses = run.lifespan()
    for place, (name, shade) in enumerate(shades.items()):
        found = courses[f"{what}_{name}"]
        early = 1.0
        if what == "force":
            early = float(found.values[found.time <= found.time[0] + _EARLY].mean())
        if early > 0:
            age, values = thin(_ages(run)(found.time), found.values / early)
            # equal courses stay visible: a thin line on a wide one
            wide = 1.2 + 0.8 * (len(shades) - 1 - place)
            axes.plot(age, values, color=shade, linewidth=wide)
    axes.set_ylabel("Relative to start")
    if not axes.lines:
        remark(axes, "no muscle")


def _rates(run: RunFile, drawn: Groups, panels: Sequence[Axes]) -> None:
    of = colours(p.name for p in run.populations)
    for axes, own in zip(panels, drawn, strict=True):
        for p in own:
            rate = run.series(p.name, "firing_rate")
            age, values = thin(_ages(run)(rate.time), rate.values)
            axes.plot(age, values, color=of[p.name], linestyle=dashes(p.name), linewidth=1.2)
        axes.set_ylim(bottom=0)
    panels[0].set_ylabel("Rate (Hz)")
