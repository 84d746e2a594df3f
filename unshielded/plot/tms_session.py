"""Sessions of transcranial magnetic stimulation: what the muscle answered, and what follows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from unshielded.plot.style import check_format, head, remark, save, style
from unshielded.plot.words import words
from unshielded.store.tables.tms_results import Table

#: Short-interval intracortical inhibition of healthy people (%, Vucic 2008): the mean over 1 to 7 ms,
#: and ISI (ms) → its value; and what people with ALS have at most.
HEALTHY_MEAN = (6.0, 8.5)
HEALTHY = {1.0: 12.0, 2.5: 11.0, 3.0: 8.2}
ALS = 3.6

_BLUE, _VERMILION, _GREY = "#0072B2", "#D55E00", "0.45"
_FLOOR = 0.01  # mV; smaller responses are drawn here
_MARKS = "osD^vP"
_EXAMPLE_ISI = 2.5  # ms; the nearest is shown


@dataclass(frozen=True)
class _Group:
    """Sessions that differ in their seed only."""

    label: str
    colour: Any
    mark: str
    sessions: Sequence[Mapping[str, Table]]
    motor_threshold: float

    def stacked(self, table: str, axis: str, column: str) -> tuple[Any, Any]:
        """Return an axis, and a column [session, value] over it, of the sessions that have it."""
        found = [s[table] for s in self.sessions if table in s]
        if not found:
            return np.zeros(0), np.zeros((0, 0))
        places = found[0][axis]
        rows = [t[column] for t in found if len(t[axis]) == len(places)]
        return np.mean([t[axis] for t in found if len(t[axis]) == len(places)], 0), np.array(rows)


def plot_tms(tables: Mapping[str, Table], out: Path | str) -> None:
    """Draw sessions; those that differ in their seed only are drawn as mean and deviation.

    Parameters
    ----------
    tables
        As :func:`unshielded.store.tables.tms_results.read_tables` returns them.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    """
    out = check_format(out)
    with style():
        save(draw_tms(tables), out)


@style()
def draw_tms(tables: Mapping[str, Table]) -> Figure:
    """Return the figure that `plot_tms` saves."""
    groups = _groups(tables)
    drawn = [panel for panel in _panels(tables) if panel[0] in _measured(tables)]
    columns = min(3, len(drawn))
    rows = -(-len(drawn) // columns)
    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.08)
    figure = Figure(figsize=(4 * columns, 3.5 * rows), layout=layout)
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for place, (axes, (_, title, draw)) in enumerate(zip(panels, drawn, strict=False)):
        draw(axes, groups)
        head(axes, "abcdef"[place], title)
    for axes in panels[len(drawn) :]:
        figure.delaxes(axes)
    if len(groups) > 1:
        handles = [
            Line2D([], [], color=g.colour, marker=g.mark, markersize=4, label=g.label)
            for g in groups
        ]
        figure.legend(handles=handles, loc="outside upper left", ncols=min(6, len(groups)))
    return figure


def _panels(
    tables: Mapping[str, Table],
) -> Iterator[tuple[str, str, Callable[[Axes, Sequence[_Group]], None]]]:
    """Yield the table that a panel is drawn from, its title, and what draws it."""
    about = tables["summary"].attributes
    recruitment = partial(_recruitment, about=about)
    yield "trials_recruitment", "Recruitment: median and quartiles", recruitment
    yield "trials_recruitment", "Motor evoked potentials", _potentials
    yield "tracking", "Inhibition by threshold tracking", inhibition
    yield "amplitude", "Conditioned over unconditioned amplitude", _amplitude
    yield "silent_period", "Muscle activity around a pulse, contracting", _silence
    yield "silent_period", "Cortical silent period", _durations


def _measured(tables: Mapping[str, Table]) -> set[str]:
    return {place.partition("/")[2] for place in tables}


def _groups(tables: Mapping[str, Table]) -> list[_Group]:
    summary = tables["summary"]
    members: dict[tuple[str, float | None], list[int]] = {}
    for number, point, time in zip(
        summary["session"], summary["point"], summary["time"], strict=True
    ):
        key = (_text(point), None if np.isnan(time) else float(time))
        members.setdefault(key, []).append(int(number))
    several = len(members) > 1
    shades = (
        list(colormaps["viridis"](np.linspace(0.0, 0.85, len(members)))) if several else [_BLUE]
    )
    groups = []
    for place, ((point, time), numbers) in enumerate(members.items()):
        sessions = [
            {
                name.partition("/")[2]: table
                for name, table in tables.items()
                if name.startswith(f"session_{number}/")
            }
            for number in numbers
        ]
        mark = _MARKS[place % len(_MARKS)]
        threshold = summary["motor_threshold"][np.isin(summary["session"], numbers)].mean()
        groups.append(_Group(_label(point, time), shades[place], mark, sessions, float(threshold)))
    return groups


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _label(point: str, time: float | None) -> str:
    values = json.loads(point)
    parts = [f"{words(path.rpartition('.')[2])} {v}" for path, v in values.items()]
    if time is not None:
        parts.append(f"after {time / 60:g} min")
    return ", ".join(parts) or "session"


def _recruitment(axes: Axes, groups: Sequence[_Group], about: Mapping[str, Any]) -> None:
    for group in groups:
        trials = [s["trials_recruitment"] for s in group.sessions if "trials_recruitment" in s]
        if not trials:
            continue
        used = np.concatenate([t["used"] for t in trials]) > 0
        test = np.concatenate([t["test"] for t in trials])[used]
        amplitude = np.maximum(np.concatenate([t["amplitude"] for t in trials])[used], _FLOOR)
        if not test.size:
            continue
        tested = np.unique(test)
        low, middle, high = np.array(
            [np.quantile(amplitude[test == t], (0.25, 0.5, 0.75)) for t in tested]
        ).T
        axes.fill_between(tested, low, high, color=group.colour, alpha=0.15, linewidth=0)
        axes.plot(tested, middle, color=group.colour, marker=group.mark, markersize=3.5)
        if "criterion_mV" in about and np.isfinite(group.motor_threshold):
            axes.plot(
                group.motor_threshold, float(about["criterion_mV"]), group.mark, ms=8, mfc="white",
                mec=group.colour, mew=1.5, zorder=3, clip_on=False,
            )  # fmt: skip
    axes.set_yscale("log")
    axes.set_ylim(0.8 * _FLOOR, 20)
    axes.plot([], [], "o", ms=8, mfc="white", mec=_GREY, mew=1.5, label="motor threshold")
    axes.legend(loc="lower right")
    right = axes.get_xlim()[1]
    for name, text in (("criterion_mV", "response"), ("target_mV", "target")):
        if name in about:
            axes.axhline(float(about[name]), color=_GREY, lw=0.8, ls=":")
            axes.text(right, float(about[name]), text, ha="right", va="bottom", color=_GREY)
    axes.set_xlabel("Intensity (% of maximum stimulator output)")
    axes.set_ylabel("Response, peak to peak (mV)")
    axes.set_yticks([_FLOOR, 0.1, 1.0, 10.0], [f"≤ {_FLOOR:g}", "0.1", "1", "10"])


def _potentials(axes: Axes, groups: Sequence[_Group]) -> None:
    """Draw single responses of the first session: test pulse alone, and conditioned."""
    session = groups[0].sessions[0] if groups else {}
    pairs = {
        float(name.removeprefix("emg_pair_").removesuffix("_ms")): name
        for name in session
        if name.startswith("emg_pair_")
    }
    axes.set_xlabel("Time from the test pulse (ms)")
    axes.set_ylabel("EMG (mV)")
    shown: list[tuple[str, str, str]] = []
    if pairs and "emg_control" in session:
        isi = min(pairs, key=lambda value: abs(value - _EXAMPLE_ISI))
        shown = [("emg_control", "black", "alone"), (pairs[isi], _VERMILION, f"after {isi:g} ms")]
    elif "emg_recruitment" in session:
        shown = [("emg_recruitment", "black", "single pulses")]
    if not shown:
        remark(axes, "no response was recorded")
    for name, colour, label in shown:
        table = session[name]
        for place, signal in enumerate(table["emg"]):
            axes.plot(
                1e3 * table["time"],
                signal,
                color=colour,
                lw=0.8,
                alpha=0.8,
                label=None if place else label,
            )
    if shown:
        low = min(session[name]["intensity"].min() for name, _, _ in shown)
        high = max(session[name]["intensity"].max() for name, _, _ in shown)
        axes.legend(title=f"test pulses of {low:g} to {high:g} %", title_fontsize=8)
        axes.set_xlim(-10, 60)


def inhibition(axes: Axes, groups: Sequence[_Group]) -> None:
    """Draw inhibition against the interval, with what healthy people have."""
    axes.axhspan(*HEALTHY_MEAN, color="0.9", zorder=0, label="healthy, mean of 1–7 ms")
    axes.plot(
        list(HEALTHY), list(HEALTHY.values()), "*", color="black", ms=8, ls="none",
        label="healthy (Vucic 2008)", zorder=4,
    )  # fmt: skip
    axes.axhline(ALS, color=_GREY, lw=0.9, ls="--", label="ALS, mean at most")
    axes.axhline(0, color="0.3", lw=0.7)
    drawn = False
    for group in groups:
        isi, values = group.stacked("tracking", "isi", "inhibition")
        if not values.size or not np.isfinite(values).any():
            continue
        drawn = True
        _, errors = group.stacked("tracking", "isi", "inhibition_se")
        bars = values.std(0, ddof=1) if len(values) > 1 else errors[0]
        axes.errorbar(
            isi,
            values.mean(0),
            bars,
            color=group.colour,
            marker=group.mark,
            ms=4,
            capsize=2,
            lw=1.2,
        )
    if not drawn:
        axes.text(0.5, 0.08, "none was found", transform=axes.transAxes, ha="center", color="0.4")
    axes.set_xlim(0.5, 7.5)
    axes.set_xlabel("Interstimulus interval (ms)")
    axes.set_ylabel("Rise of the threshold (%)")
    axes.legend(loc="upper right")


def _amplitude(axes: Axes, groups: Sequence[_Group]) -> None:
    axes.axhline(1, color="0.3", lw=0.7)
    drawn = False
    for group in groups:
        isi, ratio = group.stacked("amplitude", "isi", "ratio")
        if not ratio.size:
            continue
        drawn = True
        _, errors = group.stacked("amplitude", "isi", "ratio_se")
        bars = ratio.std(0, ddof=1) if len(ratio) > 1 else errors[0]
        axes.errorbar(
            isi, ratio.mean(0), bars, color=group.colour, marker=group.mark, ms=4, capsize=2, lw=1.2
        )
    axes.set_xlabel("Interstimulus interval (ms)")
    axes.set_ylabel("Conditioned / unconditioned")
    if drawn:
        axes.set_ylim(0, 1.1 * axes.get_ylim()[1])
    else:
        remark(axes, "none was found")


def _silence(axes: Axes, groups: Sequence[_Group]) -> None:
    """Draw the average at the highest intensity, of the first session of each group."""
    axes.set_xlabel("Time from the pulse (ms)")
    axes.set_ylabel("Mean rectified EMG (mV)")
    top = 0.0
    for group in groups:
        table = group.sessions[0].get("silent_period")
        if table is None:
            continue
        time, average = 1e3 * table["time"], table["average"][-1]
        axes.plot(time, average, color=group.colour, lw=0.8)
        onset, end, before = (float(table[n][-1]) for n in ("onset", "end", "activity"))
        top = max(top, 4 * before)
        if np.isfinite(end):
            axes.plot([onset, end], [-0.06 * 4 * before] * 2, color=group.colour, lw=3)
    if top:
        axes.set_ylim(-0.1 * top, top)  # the potential itself is far higher
        axes.plot([], [], color=_GREY, lw=3, label="silent period")
        axes.legend()
    else:
        remark(axes, "none was found")


def _durations(axes: Axes, groups: Sequence[_Group]) -> None:
    axes.set_xlabel("Intensity (% of maximum stimulator output)")
    axes.set_ylabel("Silent period (ms)")
    drawn = False
    for group in groups:
        for session in group.sessions:
            table = session.get("silent_period")
            if table is None or not np.isfinite(table["duration"]).any():
                continue
            drawn = True
            value, low, high = (table[n] for n in ("duration", "duration_low", "duration_high"))
            bars = np.nan_to_num([np.maximum(value - low, 0), np.maximum(high - value, 0)])
            axes.errorbar(
                table["intensity"], value, bars, color=group.colour, marker=group.mark, ms=4,
                capsize=2, lw=1.0,
            )  # fmt: skip
    if not drawn:
        remark(axes, "none was found")
