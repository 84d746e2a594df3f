"""V12: how large a cut of the ATP supply a working cell bears."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.arrays import Array
from unshielded.plot.style import colours, dashes, head
from unshielded.single_cell import Cell, solve
from unshielded.validation.lab import Lab, settle
from unshielded.validation.target import Sample, Target, TargetValue

_POPULATIONS = ("motor_s", "motor_fr", "motor_ff", "oculomotor", "pyramidal")
#: The vulnerable cell of the source; the motor neurons nearest in size to the oculomotor ones.
_VULNERABLE, _ALIKE = "motor_ff", "motor_fr"
_RATES = (5.0, 10.0, 15.0, 20.0)
_JUDGED, _COUNT = 10.0, 4
#: Mean potential of a neuron that fires, and the synaptic drive that could hold it there.
_POTENTIAL, _MOST_RELEASES = -0.055, 12_000.0
_SETTLING, _OBSERVED = 60.0, 1800.0
#: Slow enough to need no more digits; a solution takes a fraction of a second.
_TOLERANCE = 1e-6
_SUPPLY = ("synthase_maximum_rate", "respiration_maximum_rate")


def measure(lab: Lab, seed: int) -> Sample:
    """Find, class by class, the smallest cut of supply that a cell does not survive in health."""
    values: dict[str, float] = {}
    curves: dict[str, Array] = {"rates": np.array(_RATES)}
    for population in _POPULATIONS:
        drawn = lab.cells(population, seed, _COUNT)
        of_rate = []
        for rate in _RATES:
            # cells are drawn in order of size: one alone is that in the middle
            some = drawn if rate == _JUDGED else drawn[_COUNT // 2 : _COUNT // 2 + 1]
            found = [100 * critical_cut(lab.cell(population, own), rate) for own in some]
            of_rate.append(float(np.mean(found)))
        values[f"critical cut, {population}"] = of_rate[_RATES.index(_JUDGED)]
        curves[population] = np.array(of_rate)
    values[f"{_ALIKE} below oculomotor"] = (
        values["critical cut, oculomotor"] - values[f"critical cut, {_ALIKE}"]
    )
    return Sample(seed, values, curves)


def critical_cut(subject: Cell, rate: float) -> float:
    """Return the share of supply (0…1) whose loss ends the healthy state within half an hour.

    0 if the cell does not bear the firing rate even with all its supply.
    """
    working = _working(subject, rate)
    settled = settle(working, _SETTLING, _TOLERANCE)

    def fails(cut: float) -> bool:
        supply = {name: subject.values[name] * (1 - cut) for name in _SUPPLY}
        course = solve(
            working.given(**supply), _OBSERVED, start=settled, interval=60.0, tolerance=_TOLERANCE
        )
        return course.death is not None or course["atp"][-1] < subject.values["resting_atp"] / 2

    return 0.0 if fails(0.0) else _threshold(fails, 0.0, 1.0, 0.01)


def _working(subject: Cell, rate: float) -> Cell:
    """Return the cell firing, with the synaptic drive that keeps its mean potential there."""

    def too_high(releases: float) -> bool:
        driven = subject.given(imposed_firing_rate=rate, imposed_releases=releases)
        course = solve(driven, _SETTLING, tolerance=_TOLERANCE)
        return bool(course["membrane_potential"][-1] > _POTENTIAL)

    releases = _threshold(too_high, 0.0, _MOST_RELEASES, 50.0)
    return subject.given(imposed_firing_rate=rate, imposed_releases=releases)


def _threshold(holds: Callable[[float], bool], low: float, high: float, width: float) -> float:
    """Bisect for where `holds` turns from False to True."""
    while high - low > width:
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return (low + high) / 2


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
    axes.axhspan(5, 25, color="#009E73", alpha=0.15, lw=0)
    axes.set_ylim(0, 100)
    axes.set_xticks(_RATES)
    axes.set_xlabel("Sustained firing rate (Hz)")
    axes.set_ylabel("Cut of ATP supply that is not borne (%)")
    axes.legend()
    head(axes, "a", "The reserve shrinks with the work")
    return (
        f"One line per seed; {_COUNT} cells at {_JUDGED:g} Hz, one elsewhere. 0: not even the whole "
        "supply is enough. Green: 15 ± 10 %."
    )


TARGET = Target(
    id="V12",
    title="ATP shortage that tips a cell over",
    published="taking away about 15 % of the ATP destabilises the ions of a vulnerable (FF-like) "
    "motor neuron model and not of a resistant one",
    sources=("LeMasson2014",),
    criterion="critical cut of 5–25 % in FF motor neurons and above 25 % in oculomotor ones, under "
    "the same drive",
    protocol=f"lone cells at {_JUDGED:g} Hz, with the synaptic drive that keeps their mean "
    "potential at -55 mV. Respiration and synthase are cut together; the healthy state is lost "
    "when the cell is dead, or ATP below half, half an hour later",
    lines=(
        TargetValue(f"critical cut, {_VULNERABLE}", "%", 5, 25),
        TargetValue("critical cut, oculomotor", "%", 25),
        TargetValue("critical cut, motor_s", "%"),
        TargetValue("critical cut, motor_fr", "%"),
        TargetValue("critical cut, pyramidal", "%"),
        TargetValue(f"{_ALIKE} below oculomotor", "points"),
    ),
    fitted=(),
    claimed="missed",
    reason="the order is the published one, the size of the cut is not. The maximum supply was set to "
    "three times the use of an active, healthy neuron (spare respiratory capacity), so much of it "
    "must go first. Large motor neurons leak more for their volume and bear smaller cuts (some 40 %, "
    "against 70 % in small ones); oculomotor cells, of all sizes, are as their size says, for the "
    "buffer does not enter the balance of energy. At 20 Hz, near calcium overload, hardly any motor "
    "neuron bears a cut (figure)",
    measure=measure,
    draw=draw,
)
