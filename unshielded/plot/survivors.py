"""Who is left over time: the living of each population, and neurons that were lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from unshielded.arrays import Array
from unshielded.plot.style import colours, dashes
from unshielded.plot.words import name_of
from unshielded.results.summary import of_fate
from unshielded.statistics.intervals import counted
from unshielded.statistics.survival import product_limit
from unshielded.store.reading.read import PopulationInfo, RunFile

Place = Callable[[Array], Array]
"""From seconds since the start of the run to the axis."""


def draw_survivors(
    run: RunFile, carriers: list[PopulationInfo], axes: Axes, place: Place
) -> dict[str, tuple[Array, Array]]:
    """Draw the survival curve of each population (%); lost cells leave it without a death.

    Returns
    -------
    dict
        Population → times of death (s), in order, and the percentage alive after each.
    """
    of = colours(p.name for p in run.populations)
    found = {}
    for p in carriers:
        died, left = product_limit(of_fate(run.fate(p.name), run.duration))
        found[p.name] = died, 100.0 * left
        steps = np.concatenate([[100.0], 100.0 * left])
        axes.plot(
            place(np.concatenate([[0.0], died, [run.duration]])),
            np.append(steps, steps[-1]),
            drawstyle="steps-post",
            color=of[p.name],
            linestyle=dashes(p.name),
        )
    return found


def deaths(run: RunFile, population: str) -> tuple[int, int]:
    """Count the dead of a population, and its cells that were not lost alive."""
    fate = run.fate(population)
    dead = np.isfinite(fate["time_of_death"])
    lost = fate["lost"].astype(bool) & ~dead if "lost" in fate else np.zeros(len(dead), bool)
    return int(dead.sum()), len(dead) - int(lost.sum())


def nobody_left(run: RunFile) -> bool:
    """Tell whether all neurons lived and none was lost: then there is no curve to draw."""
    dead = any(deaths(run, p.name)[0] for p in run.populations if p.carries_calcium and p.size)
    return not dead and not any(loses(run, p) for p in run.populations if p.size)


def loses(run: RunFile, population: PopulationInfo) -> bool:
    """Tell whether neurons of a population are lost during the run."""
    return run.of_the_living and bool(run.series(population.name, "fraction_lost").values.any())


def tell_deaths(run: RunFile, own: Sequence[PopulationInfo], axes: Axes) -> None:
    """Write how many cells of each population died, with 95 % intervals, where no curve is."""
    of = colours(p.name for p in run.populations)
    found = {p.name: deaths(run, p.name) for p in own}
    lines = [
        Line2D([], [], color=of[p], linestyle=dashes(p), label=f"{name_of(p)}: {counted(*n)}")
        for p, n in found.items()
        if n[0]
    ]
    spared = {p: n for p, n in found.items() if not n[0] and n[1]}
    if spared:
        whom = name_of(next(iter(spared))) if len(spared) == 1 else "All others" if lines else "All"
        told = f"{whom}: {counted(0, sum(n for _, n in spared.values()))}"
        lines.append(Line2D([], [], linestyle="none", label=told))
    if lines:
        axes.legend(
            handles=lines, title="Died (95 %)", title_fontsize=6.5, fontsize=6.5,
            loc="best" if axes.lines else "center left",
            alignment="left", handlelength=1.4 if any(n[0] for n in found.values()) else 0.0, handletextpad=0.4, labelspacing=0.25,
            labelcolor="0.2",
        ).set_in_layout(False)  # fmt: skip


def draw_losses(
    run: RunFile, axes: Axes, place: Place, populations: Sequence[PopulationInfo] | None = None
) -> list[Line2D]:
    """Draw which share of each population is not lost (%), of those that lose neurons; give a legend."""
    of = colours(p.name for p in run.populations)
    drawn = []
    chosen = run.populations if populations is None else populations
    for p in chosen if run.of_the_living else ():
        lost = run.series(p.name, "fraction_lost")
        if p.size and loses(run, p):
            left = 100.0 * (1.0 - lost.values)
            drawn += axes.plot(
                place(lost.time), left, color=of[p.name], linestyle=":", linewidth=1.8, marker=".",
                markersize=3,
            )  # fmt: skip
    label = "not lost"
    return [Line2D([], [], color="0.3", linestyle=":", label=label)] if drawn else []
