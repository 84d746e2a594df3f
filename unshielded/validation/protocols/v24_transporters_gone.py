"""V24: glial transporters gone for days: slow loss of motor neurons, and what protects them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.arrays import Array
from unshielded.durations import DAY
from unshielded.plot.style import colours, head
from unshielded.validation.batch import Condition, courses, dead, survival
from unshielded.validation.lab import Lab
from unshielded.validation.target import Sample, Target, TargetValue

_POPULATIONS = ("motor_s", "motor_fr", "motor_ff")
_DAYS, _COUNT = 14, 8
_GLUTAMATE = 5e-3  # mM
_ARMS: dict[str, Condition] = {
    "glutamate": {},
    "perampanel": {"perampanel": 3e-3},
    "calpain inhibitor": {"calpain inhibitor": 0.01},
}
#: As information (µM).
_MORE = (10.0, 20.0)


def measure(lab: Lab, seed: int) -> Sample:
    """Let cells live for two weeks in tonic glutamate, alone and with each drug."""
    arms = {name: {"glutamate": _GLUTAMATE, **drug} for name, drug in _ARMS.items()}
    arms |= {f"{dose:g} µM": {"glutamate": dose * 1e-3} for dose in _MORE}
    times = np.linspace(0.0, _DAYS * DAY, 561)
    dead_of: dict[str, list[float]] = {name: [] for name in arms}
    alive: dict[str, list[Array]] = {name: [] for name in arms}
    deaths = []
    for population in _POPULATIONS:
        found = courses(lab, population, seed, arms, _DAYS * DAY, count=_COUNT)
        for name, course in found.items():
            dead_of[name].append(dead(course))
            alive[name].append(survival(course, times))
        deaths.append(found["glutamate"].death)
    when = np.concatenate(deaths) / DAY
    died = when[np.isfinite(when)]
    values = {f"dead, {name}": float(np.mean(shares)) for name, shares in dead_of.items()}
    values["median time of death"] = float(np.median(died)) if died.size else np.nan
    for name in list(_ARMS)[1:]:
        lost = values["dead, glutamate"]
        values[f"saved by {name}"] = (
            100 * (lost - values[f"dead, {name}"]) / lost if lost else np.nan
        )
    curves = {name: np.mean(rows, axis=0) for name, rows in alive.items()}
    return Sample(seed, values, {"days": times / DAY, **curves})


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """Survival in each arm."""
    axes = figure.subplots()
    of = colours(_ARMS)
    for name, line in zip(_ARMS, ("-", "--", "-."), strict=True):
        for sample in samples:
            axes.step(sample.curves["days"], sample.curves[name], where="post", color=of[name],
                      ls=line, label=name if sample is samples[0] else None)  # fmt: skip
    axes.set_ylim(-4, 104)
    axes.set_xlabel("Time (days)")
    axes.set_ylabel("Alive (%)")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    head(axes, "", f"Tonic glutamate, {_GLUTAMATE * 1e3:g} µM")
    return f"{3 * _COUNT} cells per seed, one line per seed."


TARGET = Target(
    id="V24",
    title="Glial transporters gone",
    published="mice without glial glutamate transporters in the cord lose motor neurons slowly; an AMPA antagonist "
    "and a calpain inhibitor protect them",
    sources=("Sugiyama2017",),
    criterion="at least half of the motor neurons die within two weeks, half of those after a day or later; the "
    "AMPA antagonist and the calpain inhibitor save at least half of those each",
    protocol=f"lone motor neurons without spikes, {_COUNT} of each limb pool per seed, in {_GLUTAMATE * 1e3:g} µM "
    f"glutamate (assumed: several µM) for {_DAYS} days; perampanel 3 µM, calpain inhibitor 10 µM",
    lines=(
        TargetValue("dead, glutamate", "% of cells", 50),
        TargetValue("median time of death", "days", 1),
        TargetValue("saved by perampanel", "% of them", 50),
        TargetValue("saved by calpain inhibitor", "% of them", 50),
        *(TargetValue(f"dead, {dose:g} µM", "% of cells") for dose in _MORE),
    ),
    fitted=(),
    claimed="missed",
    reason="most die, and an AMPA antagonist saves them, as published, but within hours and not weeks, and a calpain "
    "inhibitor saves nobody: 5 µM switches the persistent calcium current on for good in a lone cell without "
    "inhibition, small cells first, and they die of lost gradients or, the larger ones, of apoptosis; without "
    "calcium channels none dies. The level at the source's motor neurons is not known, and spikes, bursts and "
    "inhibition are not in a lone cell",
    measure=measure,
    draw=draw,
    preparation="adult_37C",
)
