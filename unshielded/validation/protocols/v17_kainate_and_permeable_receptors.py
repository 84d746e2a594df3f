"""V17: what of a motor neuron's pharmacology saves it from kainate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.plot.style import head
from unshielded.validation.batch import Condition, courses, dead
from unshielded.validation.lab import Lab
from unshielded.validation.target import Sample, Target, TargetValue

_POPULATION, _HOURS, _COUNT = "motor_fr", 24, 12
_DOSES = (30.0, 100.0)
#: What is added to kainate; all but TTX lets the cells fire.
_ARMS: dict[str, Condition] = {
    "alone": {},
    "NASPM": {"NASPM": 0.01},
    "nimodipine": {"nimodipine": 0.01},
    "no calcium channels": {"calcium_channel_conductance": 0.0, "calcium_per_spike": 0.0},
    "TTX": {},
}
_RATE = 5.0


def measure(lab: Lab, seed: int) -> Sample:
    """Keep the same cells in kainate, alone and with each blocker, for a day."""
    values, curves = {}, {}
    for dose in _DOSES:
        kainate = {"kainate": dose * 1e-3}
        for firing in (True, False):
            arms = {n: {**kainate, **c} for n, c in _ARMS.items() if (n != "TTX") is firing}
            found = courses(
                lab, _POPULATION, seed, arms, _HOURS * 3600.0,
                count=_COUNT, firing_rate=_RATE if firing else 0.0,
            )  # fmt: skip
            for name, course in found.items():
                values[f"dead in {dose:g} µM, {name}"] = dead(course)
                curves[f"{dose:g} {name}"] = np.minimum(course.death / 3600, _HOURS)
    of = _DOSES[0]
    killed = values[f"dead in {of:g} µM, alone"]
    for name in list(_ARMS)[1:]:
        left = values[f"dead in {of:g} µM, {name}"]
        values[f"saved by {name}"] = 100 * (killed - left) / killed if killed else np.nan
    return Sample(seed, values, curves)


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """How long each cell lives in each arm."""
    for axes, dose, letter in zip(figure.subplots(1, 2, sharey=True), _DOSES, "ab", strict=True):
        for place, name in enumerate(_ARMS):
            for sample in samples:
                hours = np.sort(sample.curves[f"{dose:g} {name}"])
                shift = np.linspace(-0.3, 0.3, len(hours))
                axes.plot(place + shift, hours, "o", ms=3, mfc="none", color="#0072B2", mew=0.8)
        axes.axhline(_HOURS, color="0.6", lw=0.7, ls=":")
        axes.set_xticks(range(len(_ARMS)), [n.replace(" ", "\n") for n in _ARMS])
        head(axes, letter, f"{dose:g} µM kainate")
    figure.axes[0].set_ylabel("Time lived (h)")
    figure.axes[0].set_ylim(0, _HOURS * 1.05)
    return f"One mark for each cell; dotted: alive after {_HOURS} h."


TARGET = Target(
    id="V17",
    title="Kainate through calcium-permeable AMPA receptors",
    published="kainate kills motor neurons, and not dorsal-horn neurons; Joro spider toxin prevents it "
    "completely, blockers of voltage-gated calcium and of sodium channels do not. That is so after a short "
    "exposure; a long one kills through receptors of both kinds",
    sources=("VanDenBosch2000", "VanDenBosch2001"),
    criterion="in 30 µM kainate at least half of the cells die within a day; a blocker of permeable receptors "
    "saves at least half of those, nimodipine, want of all calcium channels and TTX at most a quarter each",
    protocol=f"lone FR motor neurons, {_COUNT} per seed, in kainate for {_HOURS} h, firing at {_RATE:g} Hz but in "
    "TTX. NASPM 10 µM stands for the toxin, nimodipine 10 µM. The exposure is long, as the model's cells "
    "die within hours of what they do not recover from",
    lines=(
        TargetValue("dead in 30 µM, alone", "% of cells", 50),
        TargetValue("saved by NASPM", "% of them", 50),
        TargetValue("saved by nimodipine", "% of them", None, 25),
        TargetValue("saved by no calcium channels", "% of them", None, 25),
        TargetValue("saved by TTX", "% of them", None, 25),
        *(TargetValue(f"dead in 100 µM, {name}", "% of cells") for name in _ARMS),
    ),
    fitted=(),
    claimed="missed",
    reason="the cell dies of lost sodium and potassium gradients, which the whole current takes away, and not of "
    "the calcium of permeable receptors, a fifth of the receptors; most calcium comes through the persistent "
    "calcium conductance, at the density that explains the rise under glutamate agonists (Metzger 2000), so "
    "its block saves as many as the toxin's does. The verdict hangs on these two numbers: with calcium channels at their "
    "prior's median, 0.01 nS/pF, 81 % of the cells die, NASPM saves 45 % of these and nimodipine 24 %; with 32 % "
    "of the receptors permeable, a factor of the prior above its median, NASPM saves 63 % and nimodipine 34 %; with "
    "both 83 % and 23 %. Neither is fitted to this target. The exposure of the source is short",
    measure=measure,
    draw=draw,
    preparation="culture_37C",
)
