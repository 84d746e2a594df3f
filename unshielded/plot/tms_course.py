"""Loss of inhibition, calcium and deaths on one time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import NullFormatter, StrMethodFormatter

from unshielded.circuit.populations import LIMB_POOLS
from unshielded.plot.style import (
    check_format,
    colours,
    dashes,
    ends,
    head,
    remark,
    save,
    share_axis,
    style,
    time_axis,
)
from unshielded.plot.tms_session import ALS, HEALTHY_MEAN
from unshielded.plot.words import name_of
from unshielded.results.summary import of_fate
from unshielded.statistics.survival import product_limit
from unshielded.store.reading.read import RunFile, open_run
from unshielded.store.tables.tms_results import Table

# Shown on a logarithmic axis when the highest value is so many times the lowest
_LOG_ABOVE = 50.0


def plot_course(
    tables: Mapping[str, Table], courses: Sequence[Path | str], out: Path | str
) -> None:
    """Draw inhibition over the course of a loss, with calcium and deaths of the motor neurons.

    Parameters
    ----------
    tables
        Sessions with a time, as :func:`unshielded.store.tables.tms_results.read_tables` returns them.
    courses
        Results of the experiment that the times belong to, one per seed.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    """
    out = check_format(out)
    with style():
        save(draw_course(tables, courses), out)


def first_death(courses: Sequence[Path | str]) -> float:
    """Return when the first motor neuron of any course dies, s; infinite if none does."""
    first = np.inf
    for course in courses:
        with open_run(course) as run:
            for pool in _present(run):
                died = run.fate(pool)["time_of_death"]
                first = min(first, float(died[died >= 0].min(initial=np.inf)))
    return first


def _present(run: RunFile) -> list[str]:
    return [
        p.name for p in run.populations if p.name in LIMB_POOLS and p.size and p.carries_calcium
    ]


@style()
def draw_course(tables: Mapping[str, Table], courses: Sequence[Path | str]) -> Figure:
    """Return the figure that `plot_course` saves."""
    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.06)
    figure = Figure(figsize=(7.5, 8.4), layout=layout)
    panels = figure.subplots(4, 1, sharex=True)
    with open_run(courses[0]) as run:
        factor, label = time_axis(run.duration)
        end = run.duration * factor
        panels[0].set_xlim(-0.012 * end, end)  # room for a mark at the start
    _inhibition(panels[0], tables["summary"], factor)
    for course in courses:
        with open_run(course) as run:
            _band(panels[1], run, "calcium", factor)
            _band(panels[2], run, "matrix_calcium", factor)
            _deaths(panels[3], run, factor)
    panels[1].set_ylabel("Free calcium (µM)")
    panels[2].set_ylabel("Total matrix calcium (mM)")
    panels[3].set_ylabel("Dead (%)")
    share_axis(panels[3], 0.0, ends(panels[3:])[1])
    panels[3].set_xlabel(label)
    died = first_death(courses)
    titles = (
        "Intracortical inhibition at the loss of that time",
        "Cytosolic calcium of the motor neurons, mean",
        "Mitochondrial calcium of the motor neurons, mean",
        "Motor neurons that died",
    )
    for axes, letter, title in zip(panels, "abcd", titles, strict=True):
        head(axes, letter, title)
        if np.isfinite(died):
            axes.axvline(died * factor, color="0.3", lw=0.9, ls=":")
    if np.isfinite(died):
        panels[3].plot([], [], color="0.3", lw=0.9, ls=":", label="first death")
    for axes in (panels[0], panels[3]):
        handles, names = axes.get_legend_handles_labels()
        once = dict(zip(names, handles, strict=True))
        # beside the title, where no curve can be
        axes.legend(
            once.values(), once.keys(), loc="lower right", bbox_to_anchor=(1, 1), ncols=len(once)
        )
    return figure


def _inhibition(axes: Axes, summary: Table, factor: float) -> None:
    axes.axhspan(*HEALTHY_MEAN, color="0.9", zorder=0, label="healthy")
    axes.axhline(ALS, color="0.45", lw=0.9, ls="--", label="ALS, at most")
    axes.axhline(0, color="0.3", lw=0.7)
    axes.set_ylabel("Inhibition (%)")
    time, value = summary["time"], summary["mean_inhibition"]
    times = np.unique(time[np.isfinite(time)])
    rows = [value[(time == t) & np.isfinite(value)] for t in times]
    if not any(len(row) for row in rows):
        remark(axes, "no inhibition was measured")
        return
    mean = np.array([row.mean() if len(row) else np.nan for row in rows])
    axes.plot(times * factor, mean, "o-", color="#0072B2", ms=4.5, label="model")
    errors = summary["mean_inhibition_se"]
    for t, row in zip(times, rows, strict=True):
        if len(row) == 1:
            (error,) = errors[(time == t) & np.isfinite(value)]
            axes.errorbar(t * factor, row[0], error, color="#0072B2", capsize=2, lw=1)
        else:
            axes.plot(
                [t * factor] * len(row),
                row,
                "o",
                color="#0072B2",
                mfc="none",
                ms=3.5,
            )


def _band(axes: Axes, run: RunFile, name: str, factor: float) -> None:
    pools = _present(run)
    shades = colours(pools)
    for pool in pools:
        course = run.series(pool, f"{name}_mean")
        axes.plot(course.time * factor, course.values, color=shades[pool], ls=dashes(pool))
    low, high = axes.dataLim.intervaly
    if low > 0 and high / low > _LOG_ABOVE:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_ylim(bottom=0)


def _deaths(axes: Axes, run: RunFile, factor: float) -> None:
    pools = _present(run)
    shades = colours(pools)
    for pool in pools:
        died, left = product_limit(of_fate(run.fate(pool), run.duration))
        time = np.concatenate([[0.0], died, [run.duration]])
        dead = 100 * (1 - np.concatenate([[1.0], left, left[-1:] if len(left) else [1.0]]))
        axes.step(
            time * factor,
            dead,
            where="post",
            color=shades[pool],
            ls=dashes(pool),
            label=name_of(pool),
        )
