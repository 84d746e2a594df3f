"""A history as the store takes it."""

from __future__ import annotations

import numpy as np

from unshielded.assemble import Assembly
from unshielded.config import Config
from unshielded.multiscale.history import RECORDED, WHOLE, History
from unshielded.multiscale.outcome import outcome
from unshielded.store.writing.recording import Lifespan, LifespanSeries, RecordedVariable

#: Beginning of a name of a course over the muscles → unit and meaning.
_OF_MUSCLES = {
    "strength_": ("", "force that the muscle could still make, over that of the young one"),
    "force_": ("mN", "force of the muscle in the window"),
}


def variables() -> tuple[RecordedVariable, ...]:
    """What the rows hold."""
    return tuple(RecordedVariable(n, unit, text) for n, (unit, text) in RECORDED.items())


def lifespan(history: History, config: Config, assembly: Assembly) -> Lifespan:
    """Return what a result has of a history besides its rows, its outcome included."""
    assert config.solver is not None
    names = list(history.whole[0]) if history.whole else []
    courses = {}
    for name in names:
        unit, meaning = WHOLE.get(name) or next(
            (unit, f"{text} ({name.removeprefix(prefix)})")
            for prefix, (unit, text) in _OF_MUSCLES.items()
            if name.startswith(prefix)
        )
        values = tuple(one[name] for one in history.whole)
        courses[name] = LifespanSeries(values, unit, meaning)
    ends = np.array([end for _, end in history.counted])
    widths = np.array([end - begin for begin, end in history.counted])
    counts = np.array(history.counts)
    row = list(RECORDED)
    alive = np.array(history.rows)[1:, row.index("alive")]
    died = history.rows[-1][row.index("time_of_death")]
    rates, deaths = {}, {}
    for part in assembly.layout.slices:
        own = slice(part.start, part.stop)
        if not part.size:
            continue
        there = ~np.array(history.lost)[:, own]
        if part.carries_calcium:
            there &= alive[:, own] > 0
        living = there.sum(axis=1)
        spikes = counts[:, own].sum(axis=1)
        rates[part.name] = spikes / np.maximum(living * widths, 1e-12)
        if part.carries_calcium:
            dead = died[own] >= 0  # who was lost before it died had no time of death
            watched = dead | ~np.array(history.lost[-1])[own]
            deaths[part.name] = np.where(dead, died[own], np.nan)[watched]
    strength = {
        n.removeprefix("strength_"): np.array(courses[n].values)
        for n in names
        if n.startswith("strength_")
    }
    return Lifespan(
        start_age=config.solver.start_age,
        times=tuple(history.times),
        counted=tuple(history.counted),
        courses=courses,
        outcome=outcome(config.solver.start_age, ends, strength, rates, deaths),
    )
