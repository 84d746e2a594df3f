"""V20: how far a discharge takes down the potential of mitochondria."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.plot.style import head
from unshielded.single_cell import solve
from unshielded.validation.lab import Lab, settle
from unshielded.validation.target import Sample, Target, TargetValue

_POPULATION, _RATE, _TRAIN = "motor_fr", 100.0, 5.0
_SETTLING, _START, _AFTER, _COUNT = 300.0, 1.0, 30.0, 4


def measure(lab: Lab, seed: int) -> Sample:
    """Fire clamped cells for five seconds; find the lowest potential."""
    dips, recovered, curves = [], [], {}
    for drawn in lab.cells(_POPULATION, seed, _COUNT):
        subject = lab.cell(_POPULATION, drawn, held=("membrane_potential",))
        changes = [
            (_START, {"imposed_firing_rate": _RATE}),
            (_START + _TRAIN, {"imposed_firing_rate": 0.0}),
        ]
        course = solve(
            subject, _START + _TRAIN + _AFTER, changes, interval=0.05,
            start=settle(subject, _SETTLING),
        )  # fmt: skip
        potential = course["mitochondrial_potential"] * 1e3
        dips.append(float(potential[0] - potential.min()))
        recovered.append(100 * float((potential[-1] - potential.min()) / dips[-1]))
        curves = {"time": course.times - _START, "change": potential - potential[0]}
    values = {"dip": float(np.mean(dips)), "recovered 30 s later": float(np.mean(recovered))}
    return Sample(seed, values, curves)


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """The potential during the train and after."""
    axes = figure.subplots()
    for sample in samples:
        axes.plot(sample.curves["time"], sample.curves["change"], color="#0072B2", lw=1)
    axes.axvspan(0, _TRAIN, color="0.9", lw=0)
    axes.axhline(-5, color="0.6", lw=0.7, ls=":")
    axes.set_ylim(-8, 2)
    axes.set_xlabel("Time (s)")
    axes.set_ylabel("Change of ΔΨm (mV)")
    head(axes, "", f"{_RATE:g} Hz for {_TRAIN:g} s")
    return "One cell per seed; grey: the train. Dotted: the largest dip published."


TARGET = Target(
    id="V20",
    title="Mitochondrial potential during a discharge",
    published="100 Hz takes ΔΨm of motor terminals down by less than 5 mV at 30 °C, reversibly; five times as "
    "far in presymptomatic mice with mutant SOD1",
    sources=("Nguyen2009",),
    criterion="a dip of less than 5 mV, most of which is gone after 30 s",
    protocol=f"lone FR motor neurons under voltage clamp, {_COUNT} per seed, {_RATE:g} Hz for {_TRAIN:g} s. The "
    "model has no terminal: this is the cell's own compartment, and at 37 °C, as there is no preparation at "
    "30 °C. Mutant SOD1 is no condition of a lone cell",
    lines=(
        TargetValue("dip", "mV", 0, 5),
        TargetValue("recovered 30 s later", "%", 80),
    ),
    fitted=(),
    claimed="met",
    measure=measure,
    draw=draw,
    preparation="adult_37C",
)
