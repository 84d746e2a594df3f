"""V1: the calcium transient of motor neurons that buffer little and of those that buffer much."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from scipy.optimize import curve_fit

from unshielded.arrays import Array
from unshielded.plot.style import colours, head
from unshielded.single_cell import SingleCellRun, solve
from unshielded.validation.lab import Lab, per_spike
from unshielded.validation.target import Sample, Target, TargetValue

#: Extrusion rates of the two papers (1/s); the preparation has that of the first for all cells.
_EXTRUSION = {"motor_fr": 140.0, "oculomotor": 156.0}
#: Total calcium that a spike lets into the somata of the first paper, per cytosol (mM).
_INFLUX = 2.9e-3
#: Five spikes at once: short against both time constants (a longer pulse decays while it lasts),
#: and small (free calcium rises by a third of a micromolar).
_SPIKES, _PULSE, _START, _END = 5, 0.005, 1.0, 13.0
#: From here on after the pulse (s): at 21 °C calbindin binds within 30 ms, the dye that tells calcium and
#: the camera that reads it need tens of milliseconds, and κ was found with both.
_BOUND = 0.15


def measure(lab: Lab, seed: int) -> Sample:
    """Impose the same short influx on clamped cells of both pools; fit what follows."""
    values, curves = {}, {}
    peaks = {}
    for population, extrusion in _EXTRUSION.items():
        taus, rises, rows = [], [], []
        for drawn in lab.cells(population, seed):
            own = drawn | {"extrusion_rate": drawn["extrusion_rate"] * extrusion / 140.0}
            # for its volume every cell gets the same, whatever its size, so that both pools do
            own["calcium_per_spike"] = per_spike(lab, drawn, _INFLUX)
            course = _transient(lab, population, own)
            rise = (course["calcium"] - course["calcium"][0]) * 1e6
            tau, peak = _decay(course.times, rise)
            taus.append(tau)
            rises.append(peak)
            rows.append(rise)
        values[f"decay, {population}"] = float(np.mean(taus))
        peaks[population] = float(np.mean(rises))
        curves[population] = np.mean(rows, axis=0)
    values["ratio of peaks"] = peaks["motor_fr"] / peaks["oculomotor"]
    curves["time"] = course.times - _START
    return Sample(seed, values, curves)


def _transient(lab: Lab, population: str, values: dict[str, float]) -> SingleCellRun:
    subject = lab.cell(population, values, held=("membrane_potential",))
    pulse = {"imposed_firing_rate": _SPIKES / _PULSE}
    after = {"imposed_firing_rate": 0.0}
    return solve(subject, _END, [(_START, pulse), (_START + _PULSE, after)], interval=0.01)


def _decay(time: Array, rise: Array) -> tuple[float, float]:
    """Fit an exponential with an offset, as the papers did; its amplitude is told back to the pulse."""
    after = time - _START
    t, y = after[after >= _BOUND], rise[after >= _BOUND]
    (amplitude, tau, _), _ = curve_fit(
        lambda t, a, tau, b: a * np.exp(-t / tau) + b, t, y, p0=(y[0], 0.5, 0.0)
    )
    return float(tau), float(amplitude)


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """Both transients, and both on their own scale."""
    left, right = figure.subplots(1, 2)
    of = colours(_EXTRUSION)
    for sample in samples:
        for population in _EXTRUSION:
            rise = sample.curves[population]
            label = population if sample is samples[0] else None
            for axes, y in ((left, rise), (right, rise / rise.max())):
                axes.plot(sample.curves["time"], y, color=of[population], label=label, lw=1)
    for axes, letter, title, name in (
        (left, "a", "Same influx, different buffers", "Rise of free calcium (nM)"),
        (right, "b", "Each over its peak", "Rise over peak"),
    ):
        head(axes, letter, title)
        axes.set_xlim(-0.5, 6)
        axes.set_xlabel("Time after the pulse (s)")
        axes.set_ylabel(name)
    right.axhline(np.exp(-1), color="0.6", lw=0.7, ls=":")
    right.text(5.9, np.exp(-1), "1/e", ha="right", va="bottom", color="0.4")
    left.legend()
    return "Mean over eight cells; one line per seed."


TARGET = Target(
    id="V1",
    title="Decay of a small calcium transient",
    published="time constant 371 ± 120 ms at a buffer capacity κ of 50 (mouse spinal motor "
    "neurons), 1.7 ± 0.2 s at κ = 264 (oculomotor neurons, 156/s); both at 21 °C. The same "
    "influx then gives peaks in the ratio (1 + 264)/(1 + 50) = 5.2",
    sources=("Palecek1999", "Vanselow2000"),
    criterion="time constants within the published standard deviations; ratio within 10 % of 5.2",
    protocol="lone cells under voltage clamp, five spikes' worth of calcium within 5 ms, 8 cells "
    "of each pool per seed. Extrusion rates are those of the papers, 140/s and 156/s at 21 °C; the influx "
    "per volume is the same in all, 2.9 µM of total calcium per spike. Time constant and peak are those of an "
    "exponential with an offset, fitted from 150 ms after the pulse on and told back to it",
    lines=(
        TargetValue("decay, motor_fr", "s", 0.251, 0.491),
        TargetValue("decay, oculomotor", "s", 1.5, 1.9),
        TargetValue("ratio of peaks", "", 4.68, 5.72),
    ),
    fitted=("buffer_capacity", "extrusion_rate"),
    claimed="met",
    measure=measure,
    preparation="slice_21C",
    draw=draw,
)
