"""V3: glutamate in the cleft, and its clearance around the synapse when EAAT2 is lost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.arrays import Array
from unshielded.plot.style import head
from unshielded.single_cell import SingleCellRun, solve
from unshielded.validation.lab import Lab, settle
from unshielded.validation.target import Sample, Target, TargetValue

_START = 1.0
#: Remaining EAAT2 → its name.
_LEFT = {1.0: "healthy", 0.29: "71 % lost", 0.05: "95 % lost"}


def measure(lab: Lab, seed: int) -> Sample:
    """Release one vesicle onto a lone cell; follow glutamate in the cleft and around it."""
    drawn = lab.cells("pyramidal", seed, 1)[0]
    values: dict[str, float] = {}
    curves: dict[str, Array] = {}
    clearance = {}
    for left, name in _LEFT.items():
        values_of = drawn | {"eaat2": left}
        start = settle(lab.cell("pyramidal", values_of), _START)  # ambient glutamate settles
        fine = _release(lab, values_of, start, 0.01, 1e-5)
        if left == 1.0:
            # the cleft variable is the mean over all synapses; one of them released
            synapse = fine["cleft_glutamate"] * fine.cell.values["synapse_count"]
            values["peak in the cleft"] = float(synapse.max())
            values["decay in the cleft"] = _one_e(fine.times, synapse) * 1e3
            curves["time fine"], curves["cleft"] = fine.times, synapse
        coarse = _release(lab, values_of, start, 0.5, 5e-4)
        pool = coarse["perisynaptic_glutamate"] - coarse["perisynaptic_glutamate"][0]
        clearance[name] = _one_e(coarse.times, pool)
        curves["time"], curves[name] = coarse.times, pool / pool.max()
    values["clearance, healthy"] = clearance["healthy"] * 1e3
    for name in list(_LEFT.values())[1:]:
        values[f"slowing, {name}"] = clearance[name] / clearance["healthy"]
    return Sample(seed, values, curves)


def _release(
    lab: Lab, values: dict[str, float], start: list[float], duration: float, interval: float
) -> SingleCellRun:
    """One release within 10 µs, a hundredth of the decay, so that the peak is the jump."""
    brief = 1e-5
    changes = [(0.0, {"imposed_releases": 1 / brief}), (brief, {"imposed_releases": 0.0})]
    subject = lab.cell("pyramidal", values)
    return solve(subject, duration, changes, start=start, interval=interval, tolerance=1e-10)


def _one_e(time: Array, value: Array) -> float:
    """Time from the peak to 1/e of it, interpolated."""
    top = int(value.argmax())
    after = value[top:] / value[top]
    below = int(np.argmax(after < np.exp(-1)))
    return float(
        np.interp(-np.exp(-1), -after[below - 1 : below + 1], time[top:][below - 1 : below + 1])
        - time[top]
    )


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """The cleft, and the perisynaptic space."""
    left, right = figure.subplots(1, 2)
    curves = samples[0].curves
    left.plot(curves["time fine"] * 1e3, curves["cleft"], color="#0072B2")
    left.axhline(1.1, color="0.6", lw=0.7, ls=":")
    left.set_ylim(0, 1.25)
    left.set_xlabel("Time (ms)")
    left.set_ylabel("Glutamate in the cleft (mM)")
    head(left, "a", "The synapse that released")
    looks = (("#0072B2", "-"), ("#E69F00", "--"), ("#D55E00", "-."))
    for name, (colour, line) in zip(_LEFT.values(), looks, strict=True):
        right.plot(curves["time"] * 1e3, curves[name], color=colour, ls=line, label=f"EAAT2 {name}")
    right.axhline(np.exp(-1), color="0.6", lw=0.7, ls=":")
    right.set_xlim(0, 250)
    right.set_xlabel("Time (ms)")
    right.set_ylabel("Perisynaptic glutamate over peak")
    right.legend()
    head(right, "b", "Around it")
    return "Dotted: the published peak, and 1/e. Cells do not differ in these parameters."


TARGET = Target(
    id="V3",
    title="Glutamate transient and its clearance",
    published="1.1 mM, decaying within 1.2 ms, in the cleft. Perisynaptic clearance slows "
    "two-fold when 71 % of EAAT2 is lost and three-fold at 95 %: computed for two compartments "
    "from published uptake kinetics, not measured",
    sources=("Clements1992", "Huebel2017"),
    criterion="each within 10 %",
    protocol="one release onto a lone cell; times from peak to 1/e",
    lines=(
        TargetValue("peak in the cleft", "mM", 0.99, 1.21),
        TargetValue("decay in the cleft", "ms", 1.08, 1.32),
        TargetValue("clearance, healthy", "ms"),
        TargetValue("slowing, 71 % lost", "", 1.8, 2.2),
        TargetValue("slowing, 95 % lost", "", 2.7, 3.3),
    ),
    fitted=(
        "release_concentration",
        "cleft_time_constant",
        "eaat2_maximum_rate",
        "neuronal_uptake_maximum_rate",
        "glutamate_escape_rate",
    ),
    claimed="met",
    measure=measure,
    draw=draw,
)
