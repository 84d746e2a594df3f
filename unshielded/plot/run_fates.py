"""Two rows of panels of a run: open pores, and who is left."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from unshielded.plot.style import colours, dashes, ends, share_axis, thin
from unshielded.plot.survivors import Place, draw_losses, draw_survivors, nobody_left, tell_deaths
from unshielded.store.reading.read import PopulationInfo, RunFile

MARKS = {"necrosis": "x", "apoptosis": "o", "proteolysis": "^"}
_OPEN = 0.001  # mean share of open pores, below which none is drawn


def draw_fates(
    run: RunFile,
    living: list[list[PopulationInfo]],
    groups: list[list[PopulationInfo]],
    panels: list[Axes],
    place: Place,
) -> None:
    """Draw survivors, deaths and losses of each group, and say how many died."""
    if nobody_left(run):
        panels[0].set_title("Survivors: no neuron died or was lost")
        for axes, own in zip(panels, living, strict=True):
            axes.set_axis_off()
            tell_deaths(run, own, axes)
        return
    seen: set[str] = set()
    lost = False
    for axes, own, everyone in zip(panels, living, groups, strict=True):
        seen |= _dying(run, own, axes, place)
        lost |= bool(draw_losses(run, axes, place, everyone))
    share_axis(panels[0], ends(panels)[0], 100.0)
    panels[0].set_ylabel("Alive (%)")
    for axes, own in zip(panels, living, strict=True):
        tell_deaths(run, own, axes)
    handles = []
    if lost:
        handles.append(Line2D([], [], color="0.3", linestyle=":", label="not lost"))
    for name in sorted(seen):
        line = {"linestyle": "none", "marker": MARKS[name], "markerfacecolor": "white"}
        handles.append(Line2D([], [], color="0.3", markersize=4, label=name, **line))  # type: ignore[arg-type]
    if handles:  # above the last panel, where no curve can be
        axes = [axes for axes in panels if axes.get_visible()][-1]
        above = Legend(
            axes, handles, [str(h.get_label()) for h in handles], loc="lower right",
            bbox_to_anchor=(1, 0.98), ncols=len(handles), fontsize=6.5, handlelength=1.2,
            columnspacing=0.8, handletextpad=0.3,
        )  # fmt: skip
        axes.add_artist(above)
        above.set_in_layout(False)


def pores_opened(run: RunFile, carriers: list[PopulationInfo]) -> bool:
    """Tell whether any pore opened: otherwise there is nothing to draw."""
    found = [p.name for p in carriers if run.has("populations", p.name, "pore_open_mean")]
    return any(
        np.nanmax(run.series(n, "pore_open_mean").values, initial=0.0) > _OPEN for n in found
    )


def draw_pores(
    run: RunFile, living: list[list[PopulationInfo]], panels: list[Axes], factor: float
) -> None:
    """Draw which share of the mitochondria has an open pore, in each population."""
    of = colours(p.name for p in run.populations)
    for axes, own in zip(panels, living, strict=True):
        for p in own:
            if run.has("populations", p.name, "pore_open_mean"):
                pores = run.series(p.name, "pore_open_mean")
                when, fraction = thin(pores.time, pores.values)
                percent = 100 * fraction
                axes.plot(when * factor, percent, color=of[p.name], linestyle=dashes(p.name))
    panels[0].set_ylim(bottom=0)
    panels[0].set_ylabel("Open (%)")


def _dying(run: RunFile, own: list[PopulationInfo], axes: Axes, place: Place) -> set[str]:
    """Draw survivors and deaths of a group; return the modes of death there were."""
    of = colours(p.name for p in run.populations)
    seen: set[str] = set()
    curves = draw_survivors(run, own, axes, place)
    for p in own:
        fate = run.fate(p.name)
        dead = np.isfinite(fate["time_of_death"])
        died, mode = fate["time_of_death"][dead], fate["mode"][dead]
        times, left = curves[p.name]
        alive = left[np.searchsorted(times, died)]
        for name, mark in MARKS.items():
            chosen = mode == name
            if chosen.any():
                seen.add(name)
                axes.plot(
                    place(died[chosen]),
                    alive[chosen],
                    linestyle="none",
                    marker=mark,
                    markersize=3.6,
                    markeredgewidth=0.9,
                    markerfacecolor="white",
                    color=of[p.name],
                    rasterized=len(died) > 500,
                )
    return seen
