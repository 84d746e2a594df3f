"""V6: how much of a large calcium load the mitochondria of a motor neuron take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.arrays import Array
from unshielded.plot.style import head
from unshielded.single_cell import solve
from unshielded.validation.lab import Lab, follow, per_spike
from unshielded.validation.target import Sample, Target, TargetValue

_START, _TRAIN, _AFTER = 1.0, 10.0, 10.0
#: Judged at 50 Hz; the others show how much it depends on the load.
_RATES = (20.0, 50.0, 100.0)
#: Total calcium that a spike lets into a motor neuron's soma, per cytosol (mM; Palecek1999).
_INFLUX = 2.9e-3


def measure(lab: Lab, seed: int) -> Sample:
    """Fire clamped motor neurons for ten seconds; compare uptake and entry meanwhile."""
    shares: dict[float, list[float]] = {rate: [] for rate in _RATES}
    curves: dict[str, Array] = {}
    for drawn in lab.cells("motor_fr", seed):
        own = drawn | {"calcium_per_spike": per_spike(lab, drawn, _INFLUX)}
        subject = lab.cell("motor_fr", own, ("membrane_potential",), ("mcu_flux",))
        for rate in _RATES:
            changes = [
                (_START, {"imposed_firing_rate": rate}),
                (_START + _TRAIN, {"imposed_firing_rate": 0.0}),
            ]
            course = solve(subject, _START + _TRAIN + _AFTER, changes, interval=0.02)
            train = (course.times >= _START) & (course.times <= _START + _TRAIN)
            time, entered = course.times, course["calcium_entered"]
            flux = follow(course, "mcu_flux")
            leak = subject.values["calcium_leak"]
            entry = float(np.ptp(entered[train])) - leak * _TRAIN
            uptake = float(np.trapezoid(flux[train] - flux[0], time[train]))
            shares[rate].append(100 * uptake / entry)
            if rate == 50.0:
                curves = {
                    "time": time - _START,
                    "entered": (entered - leak * time) * 1e3,
                    "taken": np.concatenate(
                        [[0.0], np.cumsum((flux - flux[0])[:-1] * np.diff(time))]
                    )
                    * 1e3,
                    "calcium": course["calcium"] * 1e3,
                }
    values = {f"share at {rate:g} Hz": float(np.mean(shares[rate])) for rate in _RATES}
    return Sample(seed, values, curves)


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """The balance of one load, and the share against the load."""
    left, right = figure.subplots(1, 2)
    curves = samples[0].curves
    left.plot(curves["time"], curves["entered"], color="#0072B2", label="entered")
    left.plot(
        curves["time"], curves["taken"], color="#D55E00", ls="--", label="taken by mitochondria"
    )
    left.set_xlabel("Time (s)")
    left.set_ylabel("Total calcium per cytosol (µM)")
    left.legend()
    head(left, "a", "Ten seconds at 50 Hz")
    for sample in samples:
        shown = [sample.values[f"share at {rate:g} Hz"] for rate in _RATES]
        right.plot(_RATES, shown, "o-", color="#0072B2", lw=0.8, ms=4)
    right.axhspan(40, 60, color="#009E73", alpha=0.15, lw=0)
    right.set_ylim(0, 100)
    right.set_xlabel("Firing rate (Hz)")
    right.set_ylabel("Mitochondrial share of the load (%)")
    head(right, "b", "A larger load, a larger share")
    return "(a) One cell. (b) One line per seed, mean over eight cells; green: 50 ± 10 %."


TARGET = Target(
    id="V6",
    title="Mitochondrial share of a large calcium load",
    published="mitochondria buffer about 50 % of large calcium loads in (hypoglossal) motor "
    "neurons; the review that says so does not give the load of the original measurement",
    sources=("Barrett2014", "Palecek1999"),
    criterion="40–60 % of what enters during ten seconds at 50 Hz, the rate at which the same "
    "review describes stimulation",
    protocol="lone motor neurons (FR) under voltage clamp at 21 °C, 2.9 µM of total calcium per spike as in "
    "somata of mouse motor neurons; uptake is the uniporter's flux above rest, "
    "entry is without the resting leak; 8 cells per seed",
    lines=(
        TargetValue("share at 20 Hz", "%"),
        TargetValue("share at 50 Hz", "%", 40, 60),
        TargetValue("share at 100 Hz", "%"),
    ),
    fitted=("mcu_maximum_rate", "nclx_maximum_rate"),
    claimed="met",
    measure=measure,
    preparation="slice_21C",
    draw=draw,
)
