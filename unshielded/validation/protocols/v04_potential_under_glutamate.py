"""V4: mitochondria under glutamate keep their potential until calcium deregulates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from scipy.stats import spearmanr

from unshielded.arrays import Array
from unshielded.plot.style import head
from unshielded.single_cell import solve
from unshielded.store.reading.read import open_run
from unshielded.validation.lab import Lab
from unshielded.validation.target import Sample, Target, TargetValue

_FROM, _POPULATION = 60.0, "pyramidal"
#: The first response is over, and no cell has deregulated: the plateau is taken here (s).
_FIRST, _PLATEAU = 20.0, 60.0
#: Calcium over that of the plateau that counts as deregulation.
_DEREGULATED = 3.0


def measure(lab: Lab, seed: int) -> Sample:
    """Run the culture; find in every cell when calcium deregulates, and what went before."""
    with open_run(lab.run("ward_2000.yaml", seed).results) as result:
        trace = {
            name: result.trace(_POPULATION, name)
            for name in ("membrane_potential", "calcium", "mean_mitochondrial_potential")
        }
        ledger = result.ledger(_POPULATION)
    time = trace["calcium"].time - _FROM
    calcium, potential, membrane = (
        trace[name].values
        for name in ("calcium", "mean_mitochondrial_potential", "membrane_potential")
    )
    onset = deregulation(time, calcium)
    rest = potential[time < 0][-1]
    early = (time >= _FIRST) & (time <= _PLATEAU)
    drop = rest - potential[early].mean(axis=0)
    # the minute before calcium gives way is not the time before deregulation any more
    before = [
        rest[k] - potential[(time >= _FIRST) & (time < min(onset[k], time[-1]) - 60.0), k]
        for k in range(len(onset))
    ]
    known = [np.max(drops) for drops in before if drops.size]
    out = np.isfinite(onset)
    made = ledger["atp_produced_oxidative"]
    first = float(np.min(onset[out], initial=time[-1]))
    late = (time >= _FIRST) & (time < first)
    rate = np.diff(made.values[late]) / np.diff(time[late])
    resting = made.values[time < 0][-1] / (made.time[time < 0][-1] - made.time[0])
    # a cell that holds out is later than every one that does not
    order = spearmanr(drop, np.minimum(onset, time[-1])).statistic if out.any() else np.nan
    values = {
        "membrane under glutamate": float(membrane[early].mean()),
        "first fall of ΔΨm": float(drop.mean()),
        "largest fall of ΔΨm until deregulation": float(np.mean(known)) if known else np.nan,
        "least oxidative ATP until deregulation": 100 * float(rate.min(initial=np.inf)) / resting,
        "cells that deregulate": 100 * float(out.mean()),
        "time to deregulation": float(np.median(onset[out])) / 60 if out.any() else np.nan,
        "first fall against time to deregulation": float(order),
        "ΔΨm after oligomycin": _oligomycin(lab, seed),
    }
    curves = {
        "time": time,
        **{f"{k} {name}": s.values[:, k] for name, s in trace.items() for k in range(3)},
        "drop": drop,
        "onset": onset,
    }
    return Sample(seed, values, curves)


def deregulation(time: Array, calcium: Array) -> Array:
    """Return when each cell's calcium leaves its plateau for good; inf where it does not.

    Parameters
    ----------
    time, calcium
        Shapes (samples,) and (samples, cells); time is from the application on.
    """
    plateau = np.median(calcium[(time >= _FIRST) & (time <= _PLATEAU)], axis=0)
    high = (calcium > _DEREGULATED * plateau) & (time[:, None] > _PLATEAU)
    # what a dead cell holds says nothing: its membrane is gone, and calcium stays where it was
    last_low = np.where(high, -np.inf, time[:, None]).max(axis=0)
    found: Array = np.where(last_low < time[-1], last_low, np.inf)
    return found


def _oligomycin(lab: Lab, seed: int) -> float:
    """Mean rise of ΔΨm in resting cells, five minutes after oligomycin (mV)."""
    rises = []
    for drawn in lab.cells(_POPULATION, seed):
        course = solve(
            lab.cell(_POPULATION, drawn),
            420.0,
            [(120.0, {"oligomycin_applied": 1e-3})],
            interval=1.0,
        )
        potential = course["mitochondrial_potential"] * 1e3
        rises.append(potential[-1] - potential[np.searchsorted(course.times, 119.0)])
    return float(np.mean(rises))


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """Three cells over time, and all cells' onset against their first fall."""
    first, second, third = figure.subplots(1, 3)
    curves = samples[0].curves
    # until all three have deregulated, and a little longer
    until = min(1.3 * float(curves["onset"][:3].max()), float(curves["time"][-1])) / 60
    colours = ("#0072B2", "#D55E00", "#009E73")
    for k, colour in enumerate(colours):
        minutes = curves["time"] / 60
        first.plot(minutes, curves[f"{k} calcium"], color=colour, lw=1)
        second.plot(minutes, curves[f"{k} mean_mitochondrial_potential"], color=colour, lw=1)
        second.plot(minutes, curves[f"{k} membrane_potential"], color=colour, lw=0.7, ls="--")
    first.set_yscale("log")
    first.set_ylabel("Free calcium (µM)")
    second.set_ylabel("ΔΨm; dashed: membrane (mV)")
    for axes, letter, title in ((first, "a", "Calcium"), (second, "b", "Potentials")):
        axes.set_xlim(-1, until)
        axes.set_xlabel("Time in glutamate (min)")
        head(axes, letter, title)
    for sample, mark in zip(samples, "os^Dv" * 20, strict=False):
        out = np.isfinite(sample.curves["onset"])
        third.plot(
            sample.curves["drop"][out],
            sample.curves["onset"][out] / 60,
            mark,
            ms=3,
            color="#0072B2",
            mfc="none",
            label=f"seed {sample.seed}",
        )
    third.set_xlabel("First fall of ΔΨm (mV)")
    third.set_ylabel("Time to deregulation (min)")
    third.set_ylim(0, None)
    third.legend(loc="lower left")
    head(third, "c", "All cells")
    return (
        "(a, b) Three cells of the first seed. (c) Cells that deregulate within the hour; the rank "
        "correlation counts the others as later."
    )


TARGET = Target(
    id="V4",
    title="Mitochondrial potential under 100 µM glutamate",
    published="the membrane goes from -60 to -20 mV; ΔΨm falls by less than 10 mV, and ATP is still "
    "made, until delayed calcium deregulation; cells whose ΔΨm falls more at first "
    "deregulate earlier; oligomycin raises ΔΨm by about 5 mV",
    sources=("Ward2000",),
    criterion="membrane -30…-10 mV; immediate fall of ΔΨm (mean of all mitochondria) below 10 mV; "
    "oxidative ATP above its resting rate meanwhile; rank correlation of first fall "
    "and time to deregulation below -0.3; oligomycin +2…+8 mV",
    protocol="culture of 40 pyramidal cells in 100 µM glutamate for an hour: a burst, then "
    "depolarisation block. Deregulation: free calcium above three times its plateau for good. "
    "Oligomycin 1 µM on 8 resting lone cells",
    lines=(
        TargetValue("membrane under glutamate", "mV", -30, -10),
        TargetValue("first fall of ΔΨm", "mV", 0, 10),
        TargetValue("largest fall of ΔΨm until deregulation", "mV"),
        TargetValue("least oxidative ATP until deregulation", "% of rest", 100),
        TargetValue("cells that deregulate", "%"),
        TargetValue("time to deregulation", "min"),
        TargetValue("first fall against time to deregulation", "", None, -0.3),
        TargetValue("ΔΨm after oligomycin", "mV", 2, 8),
    ),
    fitted=(),
    claimed="missed",
    reason="the first fall is a little too deep: the pump's work under glutamate is several times that at rest, and "
    "what mitochondria then make costs potential. Nearly half of the cells deregulate within the hour, "
    "those with the deeper fall first",
    measure=measure,
    draw=draw,
    engine=True,
    preparation="culture_37C",
)
