"""Populations that are drawn together, and rows of panels with one panel for each group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from unshielded.plot.style import colours, dashes, head, thin, unit
from unshielded.plot.survivors import Place
from unshielded.plot.words import name_of
from unshielded.store.reading.read import PopulationInfo, RunFile

Groups = list[list[PopulationInfo]]
"""The populations of each panel of a row."""

# Shown on a logarithmic axis when the highest value is so many times the lowest
_LOG_ABOVE = 50.0


def groups(run: RunFile) -> list[tuple[str, list[PopulationInfo]]]:
    """Put populations that are drawn together into groups, so that few lines lie over each other."""
    # Imported here so that figures of anything else do without the model.
    from unshielded.circuit.populations import MOTOR_POOLS, POPULATIONS

    found: dict[str, list[PopulationInfo]] = {}
    for p in run.populations:
        if p.size:
            cortical = p.name in POPULATIONS and POPULATIONS[p.name].region == "cortex"
            name = "Motor neurons" if p.name in MOTOR_POOLS else "Cortex" if cortical else "Cord"
            found.setdefault(name, []).append(p)
    order = ("Cortex", "Motor neurons", "Cord")
    return [(name, found[name]) for name in order if name in found] or [("", [])]


def recorded(run: RunFile, populations: Sequence[PopulationInfo], name: str) -> bool:
    """Tell whether a run has the courses of a variable, of any of some populations."""
    return any(run.has("populations", p.name, f"{name}_mean") for p in populations)


def handles(run: RunFile, own: list[PopulationInfo]) -> list[Line2D]:
    """Return the lines of populations for a legend."""
    of = colours(p.name for p in run.populations)
    return [
        Line2D(
            [], [], color=of[p.name], linestyle=dashes(p.name), linewidth=2.2, label=name_of(p.name)
        )
        for p in own
    ]


def list_names(
    axes: Axes, lines: Sequence[Line2D], title: str, columns: int = 1, at: float = 0.0
) -> None:
    """Put a legend into a place without data, from a part of its width on."""
    axes.set_axis_off()
    made = Legend(
        axes,
        list(lines),
        [str(line.get_label()) for line in lines],
        title=title,
        alignment="left",
        loc="upper left",
        bbox_to_anchor=(at, 1.0),
        borderaxespad=0.0,
        ncols=min(len(lines), columns) or 1,
        fontsize=7.5,
        title_fontsize=9,
        handlelength=2.0,
        columnspacing=0.9,
        handletextpad=0.4,
    )
    axes.add_artist(made)
    made.set_in_layout(False)  # long names would push the columns apart


def dress(
    panels: Sequence[Axes], shown: Groups | None, letter: str, title: str, alike: bool = True
) -> None:
    """Name a row of panels, on one scale or each on its own; hide those where there is nobody to show."""
    for place, axes in enumerate(panels):
        axes.tick_params(labelleft=not (place and alike), labelbottom=False)
        axes.grid(True, axis="y", color="0.9", linewidth=0.6)
        axes.set_visible(place == 0 or shown is None or bool(shown[place]))
    head(panels[0], letter, title)


def course(
    run: RunFile, living: Groups, panels: Sequence[Axes], place: Place, name: str, label: str
) -> None:
    """Mean and 5-95 % band of a slow variable over the living, one panel for each group."""
    of = colours(p.name for p in run.populations)
    least, most, measured = np.inf, -np.inf, ""
    for axes, own in zip(panels, living, strict=True):
        for p in own:
            if not run.has("populations", p.name, f"{name}_mean"):
                continue
            band = run.band(p.name, name)
            time, mean, low, high = thin(band.time, band.mean, band.low, band.high)
            axes.fill_between(place(time), low, high, color=of[p.name], alpha=0.15, linewidth=0)
            axes.plot(place(time), mean, color=of[p.name], linestyle=dashes(p.name), linewidth=1.4)
            known = np.isfinite(mean)  # not where nobody lives
            least = min(least, low[known].min(initial=np.inf))
            most = max(most, high[known].max(initial=-np.inf))
            measured = band.unit
    # a potential has no natural zero: it stays linear
    if measured != "mV" and least > 0 and most / least > _LOG_ABOVE:
        log_axis(panels[0])
    panels[0].set_ylabel(label + unit(measured))


def log_axis(axes: Axes) -> None:
    """Make a y axis logarithmic, with numbers at its ticks that need no powers."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    few = high < 100 * low  # then decades alone would be one or two ticks
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if few else (1.0,)))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
