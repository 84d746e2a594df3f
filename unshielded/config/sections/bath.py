"""Rules for what is applied with the bath."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from unshielded.config.findings import Finding, dotted
from unshielded.config.reading.tree import Path
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.quantity import seconds
from unshielded.config.sections.schema import Application, Config
from unshielded.config.sections.solver import end as end_of_run

BATH: Final[Path] = ("bath",)
_DURATION: Final[Path] = ("duration",)
_SLOW: Final[Path] = ("numerics", "slow_steps_per_second")
_POPULATIONS: Final[Path] = ("circuit", "populations")
_CULTURE: Final[Path] = ("culture",)


def check(config: Config, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what does not fit together in the bath, or with the cells in it."""
    cells = any(p.size and p.carries_calcium for p in config.circuit.populations.values())
    for place, entry in enumerate(config.bath):
        here = (*BATH, place)
        yield from _times(here, entry, config)
        if catalogue.agents[entry.agent] == "cell" and not cells:
            yield Finding(
                (*here, "agent"),
                f"{entry.agent} acts inside cells, and no neuron carries the calcium submodel",
                "a population with carries_calcium: true and a size above 0",
                involves=(BATH, _POPULATIONS, _CULTURE),
            )
    yield from _overlaps(config)


def rounded(config: Config) -> Config:
    """Return the config with the times of the bath on whole slow steps."""
    slow = config.numerics.slow_steps_per_second
    bath = tuple(
        entry.model_copy(
            update={
                "from_": round(entry.from_ * slow) / slow,
                "until": None if entry.until is None else round(entry.until * slow) / slow,
            }
        )
        for entry in config.bath
    )
    return config.model_copy(update={"bath": bath})


def _times(here: Path, entry: Application, config: Config) -> Iterator[Finding]:
    slow = config.numerics.slow_steps_per_second
    last = end_of_run(config)
    end, within = entry.until, f"a time within the duration of {seconds(last)}"
    if round(entry.from_ * slow) >= last * slow:
        what = f"{seconds(entry.from_)} is not before the end of the run"
        yield Finding((*here, "from"), what, within, involves=(BATH, _DURATION))
    if end is None:
        return
    if end > last:
        what = f"{seconds(end)} is after the end of the run"
        hint = "remove it to apply the agent to the end"
        yield Finding((*here, "until"), what, within, hint, involves=(BATH, _DURATION))
    if entry.from_ >= end:
        what = f"{seconds(end)} is not after 'from', {seconds(entry.from_)}"
        expected = f"a time after {seconds(entry.from_)}"
        yield Finding((*here, "until"), what, expected, involves=(BATH,))
    elif round(entry.from_ * slow) == round(end * slow):
        what = f"{seconds(end)} is within a slow step of 'from', {seconds(entry.from_)}"
        expected = f"at least {seconds(1 / slow)} later"
        yield Finding((*here, "until"), what, expected, involves=(BATH, _SLOW))


def _overlaps(config: Config) -> Iterator[Finding]:
    """The bath holds one concentration of an agent at a time."""
    for agent in dict.fromkeys(entry.agent for entry in config.bath):
        mine = [(e.from_, _end(e), p) for p, e in enumerate(config.bath) if e.agent == agent]
        longest = (0.0, 0.0, -1)
        for entry in sorted(mine):
            start, _, place = entry
            if start < longest[1]:
                # Reported at the one that was written later.
                earlier, later = sorted((longest[2], place))
                other = dotted((*BATH, earlier))
                what = f"{agent} is applied at the same time as by {other}"
                expected = "one concentration at a time"
                hint = f"end {other} before this starts, or this before {other} starts"
                yield Finding((*BATH, later), what, expected, hint, involves=(BATH,))
            longest = max(longest, entry, key=lambda e: e[1])


def _end(entry: Application) -> float:
    return math.inf if entry.until is None else entry.until
