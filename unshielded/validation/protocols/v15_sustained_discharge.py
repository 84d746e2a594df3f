"""V15: a healthy adult motor neuron lives at its discharge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.plot.style import colours, head
from unshielded.validation.batch import courses, dead
from unshielded.validation.lab import Lab
from unshielded.validation.target import Sample, Target, TargetValue

#: The rate that a class sustains (Hz).
_RATES = {"motor_s": 20.0, "motor_fr": 20.0, "oculomotor": 97.0}
_HOURS, _POTENTIAL, _COUNT = 8, -0.055, 8


def measure(lab: Lab, seed: int) -> Sample:
    """Let cells of each class fire for a working day."""
    values, curves = {}, {}
    for population, rate in _RATES.items():
        found = courses(
            lab, population, seed, {"": {}}, _HOURS * 3600.0,
            count=_COUNT, firing_rate=rate, held_at=_POTENTIAL,
        )[""]  # fmt: skip
        values[f"alive, {population}"] = 100 - dead(found)
        full = lab.cell(population).values["resting_atp"]
        values[f"ATP of the living, {population}"] = 100 * float(
            np.mean(found.atp[np.isinf(found.death)] / full)
        )
        curves[f"calcium {population}"] = found.calcium * 1e3
        curves[f"ATP {population}"] = found.atp
        curves[f"lives {population}"] = np.isinf(found.death).astype(float)
    return Sample(seed, values, curves)


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """Calcium and ATP of every cell after the day."""
    axes = figure.subplots()
    of = colours(_RATES)
    for population, mark in zip(_RATES, "osD", strict=True):
        for sample in samples:
            lives = sample.curves[f"lives {population}"] > 0
            axes.plot(
                sample.curves[f"calcium {population}"][lives],
                sample.curves[f"ATP {population}"][lives],
                mark,
                color=of[population],
                mfc="none",
                ms=4,
                label=f"{population}, {_RATES[population]:g} Hz" if sample is samples[0] else None,
            )
    axes.set_xlabel("Free calcium (µM)")
    axes.set_ylabel("ATP (mM)")
    axes.set_ylim(0, None)
    axes.legend(loc="lower left")
    head(axes, "", f"After {_HOURS} h of discharge")
    return "One mark for each cell that lives."


TARGET = Target(
    id="V15",
    title="Life at a sustained discharge",
    published="motor units of rat soleus discharge at about 20 Hz for hours a day; motor neurons of eye "
    "muscles at 97 Hz in primary position; neither dies of it",
    sources=("Hennig1985", "Goldstein1986"),
    criterion=f"every cell of the S and FR pools is alive after {_HOURS} h at 20 Hz, every oculomotor one "
    f"after {_HOURS} h at 97 Hz",
    protocol=f"lone cells, {_COUNT} of each pool per seed, with an imposed discharge and the synaptic "
    "releases that hold the silent cell at the mean potential of a firing one, -55 mV",
    lines=(
        *(TargetValue(f"alive, {name}", "% of cells", 100) for name in _RATES),
        *(TargetValue(f"ATP of the living, {name}", "% of rest") for name in _RATES),
    ),
    fitted=("extrusion_rate", "calcium_per_spike", "synthase_maximum_rate"),
    claimed="met",
    measure=measure,
    draw=draw,
    preparation="adult_37C",
)
