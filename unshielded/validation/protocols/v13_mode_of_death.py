"""V13: how cells die, of what: without ATP, and hours after they were saved, with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.arrays import Array
from unshielded.plot.style import head
from unshielded.single_cell import Cell, SingleCellRun, solve
from unshielded.validation.lab import Lab
from unshielded.validation.target import Sample, Target, TargetValue

_START, _HOUR, _OBSERVED = 60.0, 3600.0, 24 * 3600.0
_COUNT = 4
#: As in V5: NMDA in magnesium-free solution (mM).
_NMDA, _MAGNESIUM = 0.2, 0.0
#: The length of exposure is narrowed down to this: at its edge some cells lose part of their pores'
#: closure, and with it cytochrome c, and keep their ATP (s).
_LONGEST, _STEP = 6 * 3600.0, 10.0
_TOLERANCE = 1e-6


def measure(lab: Lab, seed: int) -> Sample:
    """Poison cells, and expose others to NMDA for times around the one they just survive."""
    poisoned, delays, lost = [], [], []
    curves: dict[str, Array] = {}
    for drawn in lab.cells("pyramidal", seed, _COUNT):
        course = _poison(lab.cell("pyramidal", drawn))
        poisoned.append(course)
        curves["fast time"], curves["fast atp"] = course.times - _START, course["atp"]
        washed, course = _edge(lab.cell("pyramidal", drawn | {"magnesium": _MAGNESIUM}))
        lost.append(100 * float(course["cytochrome_c"].max()))
        if course.death is not None:
            delays.append(course.death - washed)
        for name in ("atp", "cytochrome_c", "apoptosis"):
            curves[f"slow {name}"] = course[name]
        curves["slow time"] = course.times - washed
    fast = [(c.death if c.death is not None else np.inf) - _START for c in poisoned]
    unplanned = [c.mode in ("necrosis", "proteolysis") for c in poisoned]
    values = {
        "death without apoptosis after FCCP and oligomycin": 100 * float(np.mean(unplanned)),
        "time to that death": float(np.median(fast)) / 3600,
        "apoptosis after some length of NMDA": 100 * len(delays) / _COUNT,
        "time from wash to apoptosis": float(np.median(delays)) / 3600 if delays else np.nan,
        "cytochrome c lost with ATP kept": float(np.mean(lost)),
    }
    return Sample(seed, values, curves)


def _poison(subject: Cell) -> SingleCellRun:
    both = {"fccp_applied": 1e-3, "oligomycin_applied": 1e-3}
    return solve(
        subject, _START + 12 * _HOUR, [(_START, both)], interval=10.0, tolerance=_TOLERANCE
    )


def _expose(subject: Cell, length: float) -> SingleCellRun:
    changes = [(_START, {"nmda_applied": _NMDA}), (_START + length, {"nmda_applied": 0.0})]
    return solve(subject, _START + length + _OBSERVED, changes, interval=60.0, tolerance=_TOLERANCE)


def _edge(subject: Cell) -> tuple[float, SingleCellRun]:
    """Return wash and course of an exposure that ends in apoptosis, or of the longest survived."""
    low, high = 0.0, _LONGEST
    washed, survived = _START, _expose(subject, 0.0)
    while high - low > _STEP:
        middle = (low + high) / 2
        course = _expose(subject, middle)
        if course.mode == "apoptosis":
            return _START + middle, course
        if course.mode is not None:
            high = middle
        else:
            low, washed, survived = middle, _START + middle, course
    return washed, survived


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """One cell of each kind."""
    left, right = figure.subplots(1, 2)
    curves = samples[0].curves
    left.plot(curves["fast time"] / 3600, curves["fast atp"], color="#0072B2")
    left.set_xlabel("Time after FCCP and oligomycin (h)")
    left.set_ylabel("ATP (mM)")
    left.set_xlim(-0.1, None)
    left.set_ylim(0, 2.6)
    head(left, "a", "Mitochondria that make none")
    head(right, "b", "The longest NMDA that ATP outlasts")
    for name, colour, line, over in (
        ("atp", "#0072B2", "-", 2.4),
        ("cytochrome_c", "#D55E00", "--", 1.0),
        ("apoptosis", "#000000", "-.", 1.0),
    ):
        label = {"atp": "ATP over rest", "cytochrome_c": "cytochrome c lost"}.get(name, name)
        y = curves[f"slow {name}"] / over
        right.plot(curves["slow time"] / 3600, y, color=colour, ls=line, label=label)
    right.set_ylim(0, 1.15)
    right.set_xlabel("Time after the wash (h)")
    right.set_ylabel("Share")
    right.legend(loc="center right")
    return "One cell each; a curve ends with its death. Apoptosis is executed at 1."


TARGET = Target(
    id="V13",
    title="Mode of death",
    published="cultured neurons under glutamate die of necrosis while ATP and the mitochondrial "
    "potential are lost, and, where these recover, of delayed apoptosis; ATP decides between "
    "the two",
    sources=("Ankarcrona1995", "Leist1997"),
    criterion="FCCP with oligomycin: every cell dies within 25 min to 6 h, none of apoptosis. NMDA: for at least "
    "half of the cells there is a length of exposure after which they die of apoptosis, 1–24 h "
    "after the wash",
    protocol=f"lone pyramidal cells, {_COUNT} per seed. FCCP and oligomycin 1 µM each; or NMDA "
    "200 µM without magnesium, for a time narrowed down to the edge of any other death, then "
    "24 h of wash",
    lines=(
        TargetValue("death without apoptosis after FCCP and oligomycin", "% of cells", 100),
        TargetValue("time to that death", "h", 25 / 60, 6),
        TargetValue("apoptosis after some length of NMDA", "% of cells", 50),
        TargetValue("time from wash to apoptosis", "h", 1, 24),
        TargetValue("cytochrome c lost with ATP kept", "%"),
    ),
    fitted=("apoptosome_constant", "replacement_time"),
    claimed="missed",
    reason="without ATP cells die as published, within hours and of no apoptosis. After NMDA none dies of "
    "apoptosis: some bear it for six hours with their pores shut; in others a few per cent of the mitochondria "
    "have lost cytochrome c where ATP recovers, too few to execute, and with more of them lost another death "
    "comes first. The apoptosome's constant was fitted to a cell whose pores opened sooner, and was not fitted again",
    measure=measure,
    preparation="culture_37C",
    draw=draw,
)
