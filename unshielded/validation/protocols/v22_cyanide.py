"""V22: what chemical hypoxia does to the membrane of a motor neuron."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.plot.style import head
from unshielded.single_cell import solve
from unshielded.validation.lab import Lab, settle
from unshielded.validation.target import Sample, Target, TargetValue

_POPULATION, _COUNT = "motor_s", 6
_SETTLING, _START, _EXPOSURE = 600.0, 60.0, 300.0
_CYANIDE = 2.0  # mM


def measure(lab: Lab, seed: int) -> Sample:
    """Apply cyanide to resting cells for five minutes."""
    shifts, left, curves = [], [], {}
    for drawn in lab.cells(_POPULATION, seed, _COUNT):
        subject = lab.cell(_POPULATION, drawn)
        course = solve(
            subject, _START + _EXPOSURE, [(_START, {"cyanide_applied": _CYANIDE})], interval=1.0,
            start=settle(subject, _SETTLING),
        )  # fmt: skip
        potential = course["membrane_potential"] * 1e3
        shifts.append(float(potential[-1] - potential[0]))
        left.append(float(course["atp"][-1]))
        curves = {"time": course.times - _START, "potential": potential, "atp": course["atp"]}
    values = {"depolarisation": float(np.mean(shifts)), "ATP left": float(np.mean(left))}
    return Sample(seed, values, curves)


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """Membrane and ATP."""
    left, right = figure.subplots(1, 2)
    for sample in samples:
        curves = sample.curves
        left.plot(
            curves["time"], curves["potential"] - curves["potential"][0], color="#0072B2", lw=1
        )
        right.plot(curves["time"], curves["atp"], color="#0072B2", lw=1)
    left.axhspan(9.1, 11.3, color="#009E73", alpha=0.15, lw=0)
    left.set_ylabel("Change of the membrane potential (mV)")
    head(left, "a", "Membrane")
    right.set_ylabel("ATP (mM)")
    right.set_ylim(0, None)
    head(right, "b", "ATP")
    for axes in (left, right):
        axes.set_xlabel("Time in cyanide (s)")
    return "One cell per seed; green: published."


TARGET = Target(
    id="V22",
    title="Motor neurons in cyanide",
    published="2 mM cyanide depolarises hypoglossal motor neurons by 10.2 ± 1.1 mV within minutes, through sodium "
    "channels that TTX does not block and antioxidants keep shut; resistant neurons are dominated by potassium "
    "currents",
    sources=("Bergmann2004",),
    criterion="9.1–11.3 mV after five minutes",
    protocol=f"lone small motor neurons, {_COUNT} per seed, at 21 °C, without spikes; 2 mM cyanide for five minutes",
    lines=(
        TargetValue("depolarisation", "mV", 9.1, 11.3),
        TargetValue("ATP left", "mM"),
    ),
    fitted=(),
    claimed="missed",
    reason="ATP is gone within a minute, and the membrane rises by some 6 mV as the pump's current stops; then the "
    "pump goes on at the rate that glycolysis feeds, K-ATP channels take 1–2 mV away, and the gradients stay for "
    "minutes. The sodium conductance that oxidants open in these cells is not in the model",
    measure=measure,
    draw=draw,
    preparation="slice_21C",
)
