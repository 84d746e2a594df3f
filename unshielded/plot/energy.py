"""Two panels of a run: the energy margin of each population, and what ATP is used for."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from unshielded.arrays import Array, Integers
from unshielded.plot.style import colours, dashes, head, remark, thin
from unshielded.plot.words import neuron, words
from unshielded.store.reading.read import PopulationInfo, RunFile

_USED, _CAPACITY = "atp_used_", "atp_capacity"
_BINS = 180  # along the time axis at most
#: Item → its colour: what carries signals in blues and greens, upkeep in warm and grey tones.
_ITEMS = {
    "resting": "#9A9A9A",
    "housekeeping": "#D3D3D3",
    "maintenance": "#EE3F14",
    "action_potentials": "#0072B2",
    "postsynaptic": "#56B4E9",
    "calcium": "#14106A",
    "release": "#00AB50",
    "recycling": "#B4CB98",
}


def has_margin(run: RunFile, carriers: list[PopulationInfo]) -> bool:
    """Whether a run has the energy margin; older ones do not."""
    return any(run.has("populations", p.name, "energy_margin_mean") for p in carriers)


def margin(
    run: RunFile, groups: list[list[PopulationInfo]], panels: list[Axes], factor: float
) -> None:
    """Draw the energy margin: mean, and the worst twentieth, as it is they who fail first."""
    of = colours(p.name for p in run.populations)
    for axes, own in zip(panels, groups, strict=True):
        for p in own:
            band = run.band(p.name, "energy_margin")
            time, mean, low = thin(band.time, band.mean, band.low)
            axes.plot(time * factor, mean, color=of[p.name], linestyle=dashes(p.name))
            axes.plot(time * factor, low, color=of[p.name], linewidth=0.6, alpha=0.7)
        axes.axhline(0.0, color="0.3", linewidth=0.8)
    bottom = max(-1.0, min(-0.05, panels[0].get_ylim()[0]))
    panels[0].set_ylim(bottom, 1.0)
    panels[0].set_ylabel("1 − use/capacity")


def demand(
    run: RunFile, carriers: list[PopulationInfo], axes: Axes, factor: float, letter: str
) -> None:
    """Draw what ATP is used for, over time, in the population whose margin is the least."""
    least = min(carriers, key=lambda p: _lowest(run.series(p.name, "energy_margin_mean").values))
    ledger = run.ledger(least.name)
    lived = run.series(least.name, "living_time").values
    names = [n for n in _ITEMS if f"{_USED}{n}" in ledger]
    names += sorted(n.removeprefix(_USED) for n in ledger if n.startswith(_USED))
    names = list(dict.fromkeys(names))
    head(axes, letter, f"Use of ATP in a living {neuron(least.name)}, by item")
    if not names or len(lived) < 1:
        remark(axes, "not recorded")
        return
    starts = np.arange(0, len(lived), -(-len(lived) // _BINS))
    seconds = np.add.reduceat(lived, starts) / least.size
    time = ledger[f"{_USED}{names[0]}"].time
    middle = (time[starts] + time[[*starts[1:], len(lived)]]) / 2
    rates = [
        _rate(ledger[f"{_USED}{name}"].values, starts, seconds) for name in names
    ]  # fmt: skip
    axes.stackplot(
        middle * factor,
        rates,
        colors=[_ITEMS.get(name, "#E5C100") for name in names],
        labels=[words(name) for name in names],
        linewidth=0,
    )
    top = float(np.nansum(rates, axis=0).max(initial=0.0))
    if run.has("populations", least.name, f"{_CAPACITY}_mean"):
        total = ledger.get(_CAPACITY) or run.series(least.name, f"{_CAPACITY}_mean")
        capacity = _rate(total.values, starts, seconds)
        axes.plot(middle * factor, capacity, color="black", linewidth=1.2, label="capacity")
        top = max(top, float(np.nanmax(capacity, initial=0.0)))
    axes.set_ylim(0, 1.45 * top or 1.0)
    axes.set_ylabel("ATP (mM/s)")
    axes.legend(loc="upper center", ncols=3, fontsize=6.5, handlelength=1.2, columnspacing=1.0)


def _lowest(values: Array) -> float:
    """Return the least of a course, of what was while there were living cells."""
    return float(values[np.isfinite(values)].min(initial=np.inf))


def _rate(total: Array, starts: Integers, seconds: Array) -> Array:
    """Rise of a running total between places, per second lived; not a number where nobody lived."""
    rise = np.diff(total[[*starts, len(total) - 1]])
    rate: Array = np.divide(rise, seconds, out=np.full(len(rise), np.nan), where=seconds > 0)
    return rate
