"""V12: how large a cut of the ATP supply a working cell bears."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.arrays import Array
from unshielded.plot.style import colours, dashes, head
from unshielded.validation.batch import Times, courses
from unshielded.validation.lab import Lab
from unshielded.validation.target import Sample, Target, TargetValue

_POPULATIONS = ("motor_s", "motor_fr", "motor_ff", "oculomotor", "pyramidal")
#: The vulnerable cell of the source.
_VULNERABLE = "motor_ff"
_RATES = (5.0, 10.0, 20.0)
_JUDGED, _COUNT = 10.0, 4
#: Mean potential of a neuron that fires.
_POTENTIAL = -0.055
_HOURS = 4
#: In shares of the whole; the cut that is not borne lies between two.
_STEP = 0.04
_CUTS = np.arange(0.0, 0.999, _STEP)
_SUPPLY = ("synthase_maximum_rate", "respiration_maximum_rate")


def measure(lab: Lab, seed: int) -> Sample:
    """Find, class by class, the smallest cut of supply that a cell does not survive in health."""
    values: dict[str, float] = {}
    curves: dict[str, Array] = {"rates": np.array(_RATES)}
    for population in _POPULATIONS:
        of_rate = [100 * float(np.mean(critical_cuts(lab, population, seed, r))) for r in _RATES]
        values[f"critical cut, {population}"] = of_rate[_RATES.index(_JUDGED)]
        curves[population] = np.array(of_rate)
    for other in ("motor_s", "oculomotor"):
        values[f"{_VULNERABLE} below {other}"] = (
            values[f"critical cut, {other}"] - values[f"critical cut, {_VULNERABLE}"]
        )
    return Sample(seed, values, curves)


def critical_cuts(lab: Lab, population: str, seed: int, rate: float) -> Array:
    """Return the share of supply (0…1) whose loss ends each cell's healthy state within hours.

    0 if the cell does not bear the firing rate even with all its supply.
    """
    cuts = {f"{cut:g}": dict.fromkeys(_SUPPLY, Times(1 - float(cut))) for cut in _CUTS}
    found = courses(
        lab, population, seed, cuts, _HOURS * 3600.0,
        count=_COUNT, firing_rate=rate, held_at=_POTENTIAL,
    )  # fmt: skip
    full = lab.cell(population).values["resting_atp"]
    fails = np.array([np.isfinite(c.death) | (c.atp < full / 2) for c in found.values()])
    first = np.where(fails.any(axis=0), fails.argmax(axis=0), len(_CUTS))
    middles: Array = np.clip(first * _STEP - _STEP / 2, 0.0, 1.0)
    return middles


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """The critical cut against the firing rate."""
    axes = figure.subplots()
    of = colours(_POPULATIONS)
    for population in _POPULATIONS:
        for sample in samples:
            axes.plot(
                _RATES,
                sample.curves[population],
                color=of[population],
                ls=dashes(population),
                marker="o",
                ms=4,
                lw=1,
                label=population if sample is samples[0] else None,
            )
    axes.axhline(15, color="#009E73", lw=0.7, ls=":")
    axes.set_ylim(0, 100)
    axes.set_xticks(_RATES)
    axes.set_xlabel("Sustained firing rate (Hz)")
    axes.set_ylabel("Cut of ATP supply that is not borne (%)")
    axes.legend()
    head(axes, "a", "The reserve shrinks with the work")
    return (
        f"One line per seed, mean of {_COUNT} cells. 0: not even the whole supply is enough. "
        "Dotted: the source's 15 %."
    )


TARGET = Target(
    id="V12",
    title="ATP shortage that tips a cell over",
    published="taking away about 15 % of the ATP destabilises the ions of a vulnerable (FF-like) "
    "motor neuron model and not of a resistant one",
    sources=("LeMasson2014",),
    criterion="FF motor neurons bear a smaller cut than S and than oculomotor ones, under the same drive; the "
    "size is information",
    protocol=f"lone cells at {_JUDGED:g} Hz, {_COUNT} of each pool per seed, with the synaptic releases that "
    "hold the silent cell at -55 mV. Respiration and synthase are cut together, in steps of "
    f"{100 * _STEP:g} %; the healthy state is lost when the cell is dead, or ATP below half, {_HOURS} h later",
    lines=(
        TargetValue(f"{_VULNERABLE} below motor_s", "points", 0),
        TargetValue(f"{_VULNERABLE} below oculomotor", "points", 0),
        *(TargetValue(f"critical cut, {name}", "%") for name in _POPULATIONS),
    ),
    fitted=(),
    claimed="met",
    measure=measure,
    draw=draw,
)
