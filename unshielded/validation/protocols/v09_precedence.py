"""V9: as interneurons are lost, intracortical inhibition falls before the first motor neuron dies."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.circuit.populations import LIMB_POOLS
from unshielded.config import load
from unshielded.plot.style import head
from unshielded.plot.tms_course import first_death
from unshielded.plot.tms_session import ALS, HEALTHY_MEAN
from unshielded.store.reading.read import open_run
from unshielded.tms_sessions.outcome import course_results
from unshielded.tms_sessions.planning import plan
from unshielded.tms_sessions.report import falls_below
from unshielded.tms_sessions.sitting import hold_all
from unshielded.validation.lab import PROTOCOLS, Lab
from unshielded.validation.target import Sample, Target, TargetValue

#: A progressive loss, and sessions at the loss of several moments.
CONFIG = PROTOCOLS / "precedence.yaml"

_FALLS, _DIES = f"inhibition falls to {ALS:g} %", "first motor neuron dies"
_BEFORE = "inhibition falls before the first death, by"


def measure(lab: Lab, seed: int) -> Sample:
    """Run the course, and hold the sessions; say which comes first."""
    planned = plan(load(CONFIG, ["sweep=null", f"seed={seed}"]))
    held = [found for _, found in hold_all(planned, lab.out, 1, cancel=lab.cancel) if found]
    courses = course_results(planned, lab.out)
    falls, dies = _finite(falls_below(held, ALS)), _finite(first_death(courses))
    sessions = sorted((one for one in held if one.session), key=lambda one: one.sitting.time or 0.0)
    inhibition = [one.session.mean_inhibition.value for one in sessions if one.session]
    curves = {
        "session time": np.array([one.sitting.time or 0.0 for one in sessions]) / 60,
        "inhibition": np.array(inhibition),
    }
    with open_run(courses[0]) as run:
        sizes = {p.name: p.size for p in run.populations if p.name in LIMB_POOLS}
        living = np.sum(
            [run.series(pool, "fraction_alive").values * n for pool, n in sizes.items()], axis=0
        )
        alive = living / sum(sizes.values())
        total = np.sum([run.total(pool, "matrix_calcium").values for pool in sizes], axis=0)
        matrix = np.where(living > 0, total / np.maximum(living, 1), np.nan)
        curves["time"] = run.series(LIMB_POOLS[0], "fraction_alive").time / 60
        curves |= {"dead": 100 * (1 - alive), "matrix calcium": matrix}
    return Sample(
        seed, {_FALLS: falls / 60, _DIES: dies / 60, _BEFORE: (dies - falls) / 60}, curves
    )


def _finite(value: float) -> float:
    """What did not happen has no time."""
    return value if math.isfinite(value) else math.nan


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """Inhibition, matrix calcium and deaths on one time axis; a line for each seed."""
    panels = figure.subplots(1, 3, sharex=True)
    rows = (
        ("session time", "inhibition", "SICI, mean (%)", "Inhibition", "#0072B2", "o-"),
        ("time", "matrix calcium", "Total matrix Ca (mM)", "Calcium, motor pools", "#009E73", "-"),
        ("time", "dead", "Motor neurons dead (%)", "Deaths", "#D55E00", "-"),
    )
    for letter, axes, (time, name, label, title, colour, look) in zip(
        "abc", panels, rows, strict=True
    ):
        for sample in samples:
            axes.plot(sample.curves[time], sample.curves[name], look, color=colour, lw=1.0, ms=3)
        axes.set_xlabel("Time (min)")
        axes.set_ylabel(label)
        head(axes, letter, title)
    panels[0].axhspan(*HEALTHY_MEAN, color="0.9", zorder=0, label="healthy, published")
    panels[0].axhline(ALS, color="0.45", lw=0.9, ls="--", label="ALS, published, at most")
    panels[0].legend(fontsize=7)
    panels[1].set_ylim(bottom=0)
    panels[2].set_ylim(bottom=0)
    return "One line per seed. Sessions are held at rest, with the loss of their moment."


TARGET = Target(
    id="V9",
    title="Loss of inhibition precedes the death of motor neurons",
    published="carriers of SOD1 mutations lose short-interval intracortical inhibition before they "
    "fall ill",
    sources=("Vucic2008",),
    criterion=f"as interneurons are lost one by one, inhibition (mean of 2–3 ms) falls to {ALS:g} % "
    "before the first motor neuron dies",
    protocol="a sustained contraction at true kinetics; sessions at rest with the loss of their moment "
    "(docs/tms.md), which know nothing of the calcium of the course. In people the order spans months "
    "to years, here minutes",
    lines=(
        TargetValue(_FALLS, "min"),
        TargetValue(_DIES, "min"),
        TargetValue(_BEFORE, "min", 0.0, None),
    ),
    fitted=(),
    claimed="missed",
    reason="inhibition falls within minutes of the loss, and no motor neuron dies for as long as the experiment "
    "lasts, so which came first cannot be judged: death now takes hours, of a load that the cells here do "
    "not bear",
    measure=measure,
    draw=draw,
    engine=True,
)
