"""V18: what the glutamate of blocked uptake does to motor neurons, and what AMPA does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.arrays import Array
from unshielded.plot.style import colours, head
from unshielded.validation.batch import Condition, courses, dead, survival
from unshielded.validation.lab import Lab
from unshielded.validation.target import Sample, Target, TargetValue

_POPULATIONS = ("motor_s", "motor_fr", "motor_ff")
_HOURS, _COUNT = 6, 8
#: Glutamate over rest, and the level of microdialysis (mM): micromolar, which the model's ambient level,
#: that of the tissue between release sites, is far below.
_RISE, _DIALYSATE = 5.0, 2e-3


def measure(lab: Lab, seed: int) -> Sample:
    """Let cells live with five times the glutamate, with AMPA, and with AMPA and NBQX."""
    ambient = lab.cell(_POPULATIONS[0]).values["ambient_glutamate"]
    arms: dict[str, Condition] = {
        "glutamate 5 × ambient": {"glutamate": (_RISE - 1) * ambient},
        "glutamate 10 µM": {"glutamate": _RISE * _DIALYSATE},
        "AMPA": {"AMPA": 0.03},
        "AMPA and NBQX": {"AMPA": 0.03, "NBQX": 0.03},
    }
    times = np.linspace(0.0, _HOURS * 3600.0, 361)
    alive: dict[str, list[float]] = {name: [] for name in arms}
    courses_of: dict[str, list[Array]] = {}
    for population in _POPULATIONS:
        found = courses(lab, population, seed, arms, _HOURS * 3600.0, count=_COUNT)
        for name, course in found.items():
            alive[name].append(dead(course))
            courses_of.setdefault(name, []).append(survival(course, times))
    values = {f"dead, {name}": float(np.mean(shares)) for name, shares in alive.items()}
    curves = {name: np.mean(rows, axis=0) for name, rows in courses_of.items()}
    return Sample(seed, values, {"hours": times / 3600, **curves})


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """Survival under each."""
    axes = figure.subplots()
    names = [name for name in samples[0].curves if name != "hours"]
    of = colours(names)
    for name, line in zip(names, ("-", ":", "--", "-."), strict=True):
        for sample in samples:
            axes.step(sample.curves["hours"], sample.curves[name], where="post", color=of[name],
                      ls=line, label=name if sample is samples[0] else None)  # fmt: skip
    axes.set_ylim(-4, 104)
    axes.set_xlabel("Time (h)")
    axes.set_ylabel("Alive (%)")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    head(axes, "", "Motor neurons of three pools")
    return f"{3 * _COUNT} cells per seed, one line per seed."


TARGET = Target(
    id="V18",
    title="Blocked uptake in the cord",
    published="four to five times the extracellular glutamate of the rat's lumbar cord, for an hour and more by "
    "block of its transport, harms neither movement nor motor neurons; AMPA kills motor neurons, and NBQX "
    "prevents it",
    sources=("Corona2004",),
    criterion="nobody dies in five times the ambient glutamate; at least half of the cells die in AMPA, at most "
    "a tenth in AMPA with NBQX",
    protocol=f"lone motor neurons without spikes, {_COUNT} of each limb pool per seed, for {_HOURS} h, longer than "
    "the source's. Glutamate five times the model's ambient level; 10 µM, five times what dialysis finds, is "
    "information (2 µM are assumed). AMPA 30 µM, NBQX 30 µM at the cells",
    lines=(
        TargetValue("dead, glutamate 5 × ambient", "% of cells", None, 0),
        TargetValue("dead, AMPA", "% of cells", 50),
        TargetValue("dead, AMPA and NBQX", "% of cells", None, 10),
        TargetValue("dead, glutamate 10 µM", "% of cells"),
    ),
    fitted=(),
    claimed="met",
    measure=measure,
    draw=draw,
    preparation="adult_37C",
)
