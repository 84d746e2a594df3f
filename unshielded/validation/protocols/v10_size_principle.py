"""V10: motor neurons differ by size, and are recruited in its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.arrays import Array
from unshielded.assemble import Assembly, assemble
from unshielded.circuit.muscle.motor_units import rheobase
from unshielded.plot.style import colours, head
from unshielded.store.reading.read import RunFile, open_run
from unshielded.validation.lab import Lab
from unshielded.validation.target import Sample, Target, TargetValue

_POOLS = ("motor_s", "motor_fr", "motor_ff")
_SHORT = {"motor_s": "S", "motor_fr": "FR", "motor_ff": "FF"}
_RAMP, _CIRCUIT = "current_ramp.yaml", "cortex_at_rest.yaml"
#: Peak (nA) of a gentle current that rises and falls: about one and a half times the rheobase of the type.
_GENTLE = {"motor_s": 8.0, "motor_fr": 17.0, "motor_ff": 27.0}
#: Above rheobase: where the gain is read.
_PRIMARY = 10e-9
#: Around the mean of the cats whose lowest rate is compared (ohm).
_MEGOHM = (0.8e6, 1.3e6)
#: A slow voluntary contraction of the whole circuit, from rest to its full command.
_ONSET, _RISE = 1.0, 10.0
_COMMAND = (
    f"duration={_ONSET + _RISE + 1:g} s",
    "drive.command=ramp_and_hold",
    f"drive.from={_ONSET:g} s",
    f"drive.ramp={_RISE:g} s",
    "drive.level=1",
    "record.spikes=true",
    "record.interval=500 ms",
)
#: Two cells are told apart if their membranes differ by a tenth: in the filaments of the source it
#: was by the size of the impulses.
_APART = 1.1
#: Three spikes within this (s) are sustained firing, fewer are chance.
_DISCHARGE = 0.5


def measure(lab: Lab, seed: int) -> Sample:
    """Ramp a current into single cells, and a command into the circuit."""
    values, curves = _current(lab, seed)
    order, when = _command(lab, seed)
    return Sample(seed, values | _hysteresis(lab, seed) | order, curves | when)


def _current(lab: Lab, seed: int) -> tuple[dict[str, float], dict[str, Array]]:
    config = lab.load(_RAMP, seed).config
    drawn = assemble(config, seed)
    slope = float(np.max(drawn.neurons["injected_current"]))
    rise = float(np.max(drawn.neurons["injection_ramp"]))
    slope /= rise
    values: dict[str, float] = {}
    curves: dict[str, Array] = {}
    with open_run(lab.run(_RAMP, seed).results) as result:
        for pool in _POOLS:
            trains = [t[t < rise] for t in _trains(result, pool)]
            leak, capacitance = (
                _of(drawn, pool, name) for name in ("leak_conductance", "membrane_capacitance")
            )
            lag = slope * capacitance / leak  # a leaky membrane follows a ramp late by RC
            first = np.array([slope * times[0] if len(times) else np.nan for times in trains])
            lowest, highest = np.array([_extremes(times) for times in trains]).T
            curves |= {
                f"{pool} resistance": 1 / leak,
                f"{pool} capacitance": capacitance,
                f"{pool} ahp": _of(drawn, pool, "ahp_time_constant"),
                f"{pool} rheobase": first - lag,
                f"{pool} lowest": lowest,
                f"{pool} highest": highest,
            }
            at, curves[f"{pool} rate"] = _rates(trains[len(trains) // 2])
            curves[f"{pool} current"] = slope * at
            gains = [_gain(times, slope) for times in trains]
            values[f"gain, {_SHORT[pool]}"] = float(np.mean(gains)) * 1e-9
            force = result.band(pool, "force")
            at_peak = int(np.searchsorted(force.time, rise))
            values[f"force at 40 nA, {_SHORT[pool]}"] = float(force.mean[at_peak]) * 1e-3
    pooled = {
        name: np.concatenate([curves[f"{pool} {name}"] for pool in _POOLS])
        for name in ("resistance", "capacitance", "ahp", "rheobase", "lowest", "highest")
    }
    pooled["time constant"] = pooled["resistance"] * pooled["capacitance"]
    for name in ("rheobase", "capacitance", "time constant", "ahp"):
        power, log = np.polyfit(np.log10(pooled["resistance"] / 1e6), np.log10(pooled[name]), 1)
        values[f"exponent, {name}"] = float(power)
        values[f"at 1 MΩ, {name}"] = float(10**log)
    values["at 1 MΩ, rheobase"] *= 1e9
    values["at 1 MΩ, time constant"] *= 1e3
    low, high = _MEGOHM
    compared = (pooled["resistance"] > low) & (pooled["resistance"] < high)
    values["lowest rate"] = float(pooled["lowest"][compared].mean())
    values["highest rate"] = float(pooled["highest"][compared].mean())
    values["S before FR before FF, current"] = _in_order(_types(curves), pooled["rheobase"])
    return values, curves


def _hysteresis(lab: Lab, seed: int) -> dict[str, float]:
    """Return the share of cells of each type that stop to fire at less current than they began at."""
    peaks = [
        f"circuit.populations.{pool}.parameters.injected_current={peak:g} nA"
        for pool, peak in _GENTLE.items()
    ]
    config = lab.load(_RAMP, seed, peaks).config
    drawn = assemble(config, seed)
    rise = float(np.max(drawn.neurons["injection_ramp"]))
    values = {}
    with open_run(lab.run(_RAMP, seed, peaks).results) as result:
        for pool in _POOLS:
            trains = [t for t in _trains(result, pool) if len(t) > 5 and t[0] < rise]
            later = [(2 * rise - t[-1]) < t[0] for t in trains]
            values[f"fire on, {_SHORT[pool]}"] = 100 * float(np.mean(later)) if later else np.nan
    return values


def _command(lab: Lab, seed: int) -> tuple[dict[str, float], dict[str, Array]]:
    outcome = lab.run(_CIRCUIT, seed, _COMMAND)
    drawn = assemble(lab.load(_CIRCUIT, seed, _COMMAND).config, seed)
    values: dict[str, float] = {}
    curves: dict[str, Array] = {}
    with open_run(outcome.results) as result:
        for pool in _POOLS:
            onsets = np.array([_onset(times) for times in _trains(result, pool)])
            curves[f"{pool} onset"] = onsets
            curves[f"{pool} capacitance"] = _of(drawn, pool, "membrane_capacitance")
            values[f"recruited, {_SHORT[pool]}"] = 100 * float(np.isfinite(onsets).mean())
    area = np.concatenate([curves[f"{pool} capacitance"] for pool in _POOLS])
    onset = np.concatenate([curves[f"{pool} onset"] for pool in _POOLS])
    values["smaller before larger, command"] = _in_order(area, onset, _APART)
    values["the same, however alike"] = _in_order(area, onset)
    values["S before FR before FF, command"] = _in_order(_types(curves), onset)
    return values, curves


def _types(curves: Mapping[str, Array]) -> Array:
    """0, 1 or 2 for each cell."""
    return np.concatenate(
        [np.full(len(curves[f"{p} capacitance"]), k, float) for k, p in enumerate(_POOLS)]
    )


def _of(drawn: Assembly, pool: str, name: str) -> Array:
    part = drawn.layout[pool]
    return np.asarray(drawn.neurons[name], float)[part.start : part.stop]


def _trains(result: RunFile, pool: str) -> list[Array]:
    times, neurons = result.spikes(pool)
    return [np.sort(times[neurons == k]) for k in range(result.population(pool).size)]


def _rates(times: Array) -> tuple[Array, Array]:
    """Midpoints of the intervals, and the rates there."""
    return (times[1:] + times[:-1]) / 2, 1 / np.diff(times)


def _extremes(times: Array) -> tuple[float, float]:
    """Rates (Hz) over the first three and over the last four intervals."""
    if len(times) < 5:
        return np.nan, np.nan
    return 1 / float(np.median(np.diff(times[:4]))), 4 / float(np.ptp(times[-5:]))


def _gain(times: Array, slope: float) -> float:
    """Rise of the rate with the current over the primary range, Hz/A."""
    at, rate = _rates(times)
    current = slope * at
    within = current < current[:1].sum() + _PRIMARY
    return float(np.polyfit(current[within], rate[within], 1)[0]) if within.sum() > 2 else np.nan


def _onset(times: Array) -> float:
    """When a neuron starts to fire under the command; not a number if it does not."""
    times = times[times > _ONSET]
    together = np.flatnonzero(times[2:] - times[:-2] < _DISCHARGE)
    return float(times[together[0]]) if len(together) else np.nan


def _in_order(size: Array, onset: Array, apart: float = 1.0) -> float:
    """Percentage of pairs in which the smaller one starts first.

    Of pairs whose sizes differ by more than a factor. One that never starts is last; pairs in
    which neither starts do not count.
    """
    late = np.where(np.isfinite(onset), onset, np.inf)
    smaller = size[:, None] * apart < size[None, :]
    first, last = late[:, None] < late[None, :], late[:, None] > late[None, :]
    ordered, reverse = int((smaller & first).sum()), int((smaller & last).sum())
    return 100 * ordered / (ordered + reverse) if ordered + reverse else np.nan


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """Rheobase against resistance, rate against current, and recruitment by a command."""
    left, middle, right = figure.subplots(1, 3)
    curves, colour = samples[0].curves, colours(_POOLS)
    for pool in _POOLS:
        look = {"color": colour[pool], "label": _SHORT[pool]}
        left.plot(
            curves[f"{pool} resistance"] / 1e6, curves[f"{pool} rheobase"] * 1e9, "o", ms=3, **look
        )
        middle.plot(curves[f"{pool} current"] * 1e9, curves[f"{pool} rate"], lw=1.2, **look)
        right.plot(
            curves[f"{pool} capacitance"] * 1e9, curves[f"{pool} onset"] - _ONSET, "o", ms=3, **look
        )
    line = np.geomspace(0.6e6, 6e6, 50)
    left.plot(
        line / 1e6, [rheobase(r) * 1e9 for r in line], color="0.4", lw=1, label="Caillet 2022"
    )
    left.set_xscale("log")
    left.set_yscale("log")
    left.set_xticks([0.7, 1, 2, 4], ["0.7", "1", "2", "4"])
    left.set_yticks([3, 5, 10, 20], ["3", "5", "10", "20"])
    left.minorticks_off()
    left.set_xlabel("Input resistance (MΩ)")
    left.set_ylabel("Rheobase (nA)")
    left.legend()
    head(left, "a", "Small cells need less current")
    middle.set_xlim(0, 40)
    middle.set_ylim(0, None)
    middle.set_xlabel("Injected current (nA)")
    middle.set_ylabel("Firing rate (Hz)")
    head(middle, "b", "Rate follows current")
    right.set_ylim(0, _RISE + 1)
    right.set_xlabel("Membrane capacitance (nF)")
    right.set_ylabel("Recruited after onset (s)")
    head(right, "c", "A command recruits by size")
    return (
        "First seed. (a, b) isolated cells, a ramp of 8 nA/s; (b) the middle cell of each type. "
        f"(c) the circuit, a command that grows over {_RISE:g} s; cells that stay silent are "
        "not shown."
    )


TARGET = Target(
    id="V10",
    title="Size principle",
    published="over cat motor neurons rheobase, capacitance, time constant and duration of the AHP "
    "go with the input resistance to the power -1.04, -0.40, 0.61 and 0.62; at 1 MΩ the rheobase "
    "is 15.5 nA and the time constant 4.4 ms; rate against current rises by 1.9 Hz/nA from 15 Hz; "
    "stimulation of the brain recruits the smaller one of two motor neurons first in 86 % of pairs; with monoamines cells of "
    "low rheobase fire on at less current than they began at, others hardly",
    sources=("Caillet2022", "Meehan2010", "Somjen1965", "Lee1998"),
    criterion="exponents within 0.15 (the model's cells vary, 10 % in resistance); rheobase at "
    "1 MΩ within 15 %; gain of each type 1–3 Hz/nA, 1.9 within half, as cells and protocols "
    "differ by that; lowest rate of 0.8–1.3 MΩ 10–20 Hz; types in order under current in 95 % of "
    "pairs, and the smaller one first under a motor command in at least 86 % of those whose membrane "
    "areas differ by a tenth; half of the S cells or more fire on, and fewer FF ones",
    protocol="isolated motor neurons of all types, a ramp of 8 nA/s. Measured: the current at the "
    "first spike, less the lag of the membrane; rates from intervals, the lowest from the first "
    "three, gain over the first 10 nA. Then a current that rises in 5 s to some one and a half times the rheobase, "
    "and falls: a cell fires on if its last spike is at less current than its first. Set: resistance, capacitance and AHP (three time constants). "
    f"Then the circuit with a motor command that grows over {_RISE:g} s",
    lines=(
        TargetValue("exponent, rheobase", "", -1.19, -0.89),
        TargetValue("at 1 MΩ, rheobase", "nA", 13.2, 17.8),
        TargetValue("exponent, capacitance", "", -0.55, -0.25),
        TargetValue("exponent, time constant", "", 0.46, 0.76),
        TargetValue("at 1 MΩ, time constant", "ms"),
        TargetValue("exponent, ahp", "", 0.47, 0.77),
        *(TargetValue(f"gain, {name}", "Hz/nA", 1.0, 3.0) for name in _SHORT.values()),
        TargetValue("lowest rate", "Hz", 10.0, 20.0),
        TargetValue("highest rate", "Hz"),
        *(TargetValue(f"force at 40 nA, {name}", "N") for name in _SHORT.values()),
        TargetValue("S before FR before FF, current", "% of pairs", 95.0),
        TargetValue("fire on, S", "% of cells", 50.0),
        TargetValue("fire on, FR", "% of cells"),
        TargetValue("fire on, FF", "% of cells", None, 50.0),
        TargetValue("smaller before larger, command", "% of pairs", 86.0),
        TargetValue("the same, however alike", "% of pairs"),
        TargetValue("S before FR before FF, command", "% of pairs"),
        *(TargetValue(f"recruited, {name}", "%") for name in _SHORT.values()),
    ),
    fitted=("threshold_at_rest", "ahp_increment", "ahp_time_constant"),
    claimed="missed",
    reason="under an injected current the order is right, and every relation is in its range; a quarter of the S cells fire "
    "on: sodium channels that spikes have inactivated and the sodium pump, which works on after them, ask for more current at the end than "
    "at the start. Under the command the order falls short, further since most of a command passes the cortex. "
    "Receptors per area make unitary potentials equal in cells of all sizes, where in cats those of small "
    "cells are larger (Ia afferents), and fluctuations that the whole pool shares recruit many cells at "
    "once",
    measure=measure,
    draw=draw,
    engine=True,
)
