"""When something was in the bath: shaded in the panels of a run."""

from __future__ import annotations

from matplotlib.axes import Axes

from unshielded.store.reading.bath import AppliedAgent, concentration
from unshielded.store.reading.read import RunFile

_LINE = 0.085  # height of a line about the bath, as a fraction of its panel


def shade_bath(run: RunFile, panels: list[Axes], factor: float) -> None:
    """Shade when something was in the bath; name it above the spikes."""
    agents: dict[str, list[AppliedAgent]] = {}
    for entry in run.bath():
        agents.setdefault(entry.label, []).append(entry)
    named = panels[0]
    height = min(_LINE, 0.5 / max(1, len(agents)))
    if agents:  # a line of its own for each agent, above the data
        bottom, top = named.get_ylim()
        room = 1.0 - height * (len(agents) + 0.2)
        named.set_ylim(bottom, bottom + (top - bottom) / room)
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
