"""V14: asynchronous and irregular at rest; without inhibition a runaway by degrees, that saturates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.arrays import Array
from unshielded.plot.style import colours, dashes, head, mark
from unshielded.results.spike_trains import Activity, activity
from unshielded.store.reading.read import RunFile, open_run
from unshielded.validation.lab import Lab
from unshielded.validation.target import Sample, Target, TargetValue

_REST, _DISINHIBITED = "rest.yaml", "disinhibited.yaml"
#: All cells start together; this is left out (s).
_TRANSIENT = 2.0
_EXCITATORY = "pyramidal"
_INHIBITORY = ("pv", "sst", "vip")
_LOSSES = (0.0, 0.5, 0.9, 1.0)
#: Layer 5 in Potjans2014 (Hz), and how far from it is still near.
_RATES, _NEAR = {"pyramidal": 8.1, "interneurons": 9.1}, 2.0
_SMALLEST_STEP = "smallest rise of the pyramidal rate from loss to loss"
_HIGHEST = "highest rate within bursts, full loss, pyramidal and motor"
_HIGHEST_OF_ALL = "highest rate within bursts, full loss, any population"
_EXCITED = ("pyramidal", "motor_s", "motor_fr", "motor_ff", "oculomotor")


def measure(lab: Lab, seed: int) -> Sample:
    """Run the circuit at rest, and without motor command at four losses of interneurons."""
    with open_run(lab.run(_REST, seed).results) as run:
        rest = _by_name(run)
    inhibitory = _weighted(rest, _INHIBITORY)
    cortical = (_EXCITATORY, *_INHIBITORY)
    values = {
        "pyramidal rate": _value(rest[_EXCITATORY].mean_rate_hz),
        "interneuron rate": inhibitory,
        "CV of intervals, pyramidal": _value(rest[_EXCITATORY].cv),
        **{f"CV of intervals, {p}": _value(rest[p].cv) for p in _INHIBITORY},
        "correlation, pyramidal": _value(rest[_EXCITATORY].correlation),
        "highest correlation of a cortical class": max(
            _value(rest[p].correlation) for p in cortical
        ),
        "Fano factor of pyramidal counts": _value(rest[_EXCITATORY].fano_factor),
        "rate of motor_s at rest": _value(rest["motor_s"].mean_rate_hz),
    }
    curves: dict[str, Array] = {}
    levels = [_disinhibited(lab, seed, loss) for loss in _LOSSES]
    for name in (_EXCITATORY, "motor_s"):
        curves[name] = np.array([_value(level[name].mean_rate_hz) for level in levels])
    bursts = {p: [_value(level[p].burst_rate_hz) for level in levels] for p in levels[0]}
    curves |= {f"bursts {p}": np.array(found) for p, found in bursts.items()}
    values[_SMALLEST_STEP] = float(np.diff(curves[_EXCITATORY]).min())
    values["pyramidal rate, full loss"] = float(curves[_EXCITATORY][-1])
    values[_HIGHEST] = max(bursts[name][-1] for name in _EXCITED)
    values[_HIGHEST_OF_ALL] = max(found[-1] for found in bursts.values())
    return Sample(seed, values, curves)


def _disinhibited(lab: Lab, seed: int, loss: float) -> Mapping[str, Activity]:
    outcome = lab.run(_DISINHIBITED, seed, [f"circuit.interneuron_loss={loss}"])
    with open_run(outcome.results) as run:
        return _by_name(run)


def _by_name(run: RunFile) -> dict[str, Activity]:
    return {found.population: found for found in activity(run, _TRANSIENT)}


def _weighted(found: Mapping[str, Activity], names: Sequence[str]) -> float:
    """Mean rate over all neurons of several populations."""
    neurons = np.array([found[name].n for name in names])
    rates = np.array([_value(found[name].mean_rate_hz) for name in names])
    return float(np.average(rates, weights=neurons))


def _value(number: float | None) -> float:
    return np.nan if number is None else number


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """Rates at rest beside the published ones, and rates over the loss of interneurons."""
    left, right = figure.subplots(1, 2)
    for place, (name, measured) in enumerate(
        (("pyramidal", "pyramidal rate"), ("interneurons", "interneuron rate"))
    ):
        left.bar(place - 0.2, _RATES[name], 0.38, color="0.75")
        found = [sample.values[measured] for sample in samples]
        left.bar(place + 0.2, float(np.mean(found)), 0.38, color="#0072B2")
        left.plot([place + 0.2] * len(found), found, "o", color="black", ms=2.5)
        left.errorbar(place - 0.2, _RATES[name], _NEAR, fmt="none", ecolor="0.4", capsize=3, lw=0.8)
    left.set_xticks((0, 1), ("pyramidal", "interneurons"))
    left.set_ylabel("Rate at rest (Hz)")
    head(left, "a", "Layer 5 (grey: Potjans 2014)")
    losses = 100 * np.array(_LOSSES)
    shown = [name.removeprefix("bursts ") for name in samples[0].curves if name[:7] == "bursts "]
    of = colours(shown)
    for sample in samples:
        for name in shown:
            label = name if sample is samples[0] else None
            look = {"color": of[name], "ls": dashes(name), "label": label, "lw": 1.0}
            right.plot(losses, sample.curves[f"bursts {name}"], marker=mark(name), ms=3, **look)
    right.axhline(150, color="0.4", lw=0.8, ls=":")
    right.set_ylim(0, None)
    right.set_xlabel("Interneurons lost (%)")
    right.set_ylabel("Rate within bursts (Hz)")
    right.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=6.5)
    head(right, "b", "Runaway at rest (dotted: 150 Hz)")
    return (
        "(a) Bars of the criterion; points: seeds. (b) What 0.1 % of all windows of 51 ms exceed, "
        "per neuron that fires; one line per seed."
    )


_CV = (0.7, 1.3)

TARGET = Target(
    id="V14",
    title="Network at rest, and its runaway",
    published="layer 5 at rest fires at 8.1 Hz (excitatory) and 9.1 Hz (inhibitory) in a model of "
    "cortex fitted to recordings; cortical neurons fire irregularly, and their spike counts are "
    "hardly correlated: near-zero on average in rodent neocortex, and between neighbours in "
    "monkeys",
    sources=("Potjans2014", "Renart2010", "Ecker2010"),
    criterion="at rest: rates within 2 Hz of these, mean CV of intervals 0.7–1.3 in every cortical "
    "class, mean correlation below 0.1. From 0 to 50, 90 and 100 % loss of interneurons the "
    "pyramidal rate rises at every step, and at full loss no pyramidal or motor population "
    "exceeds 150 Hz within bursts (fast interneurons may)",
    protocol="the circuit without motor command, from 2 s on: 30 s healthy, 20 s at each loss. "
    "Interneurons: pv, sst and vip by their numbers. Correlation: Pearson, counts in 50 ms, all "
    "pairs of a class. Bursts: what 0.1 % of windows of 51 ms exceed",
    lines=(
        TargetValue("pyramidal rate", "Hz", 6, 10),
        TargetValue("interneuron rate", "Hz", 7, 11),
        TargetValue("CV of intervals, pyramidal", "", *_CV),
        *(TargetValue(f"CV of intervals, {p}", "", *_CV) for p in _INHIBITORY),
        TargetValue("correlation, pyramidal"),
        TargetValue("highest correlation of a cortical class", "", None, 0.1),
        TargetValue("Fano factor of pyramidal counts"),
        TargetValue("rate of motor_s at rest", "Hz"),
        TargetValue(_SMALLEST_STEP, "Hz", 0),
        TargetValue("pyramidal rate, full loss", "Hz"),
        TargetValue(_HIGHEST, "Hz", None, 150),
        TargetValue(_HIGHEST_OF_ALL, "Hz"),
    ),
    fitted=("background_rate",),
    claimed="met",
    measure=measure,
    draw=draw,
    engine=True,
)
