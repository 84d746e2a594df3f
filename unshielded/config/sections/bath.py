"""The section ``bath``: what is applied with the bath, and when."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.circuit import Circuit
from unshielded.config.sections.numerics import SLOW, Numerics
from unshielded.config.sections.quantity import Quantity, seconds
from unshielded.config.sections.section import Duration, Section, Time, window

Concentration = Annotated[float, Quantity("mM", low=0, high=100)]


class Application(Section):
    """An agent in the bath, from one time to another."""

    agent: str = Field(description="what is applied")
    concentration: Concentration = Field(description="in what flows in")
    from_: Time = Field(default=0.0, alias="from", description="start; rounded to whole slow steps")
    until: Duration | None = Field(
        default=None, description="start of washout, rounded; null = never"
    )


def check(
    bath: Sequence[Application],
    circuit: Circuit,
    numerics: Numerics,
    end: float,
    catalogue: Catalogue,
) -> Iterator[Finding]:
    """Yield what does not fit together in the bath, or with the cells in it.

    Parameters
    ----------
    end
        When the run ends, as times are counted.
    """
    slow = numerics.slow_steps_per_second
    for place, entry in enumerate(bath):
        where = f"bath.{place}"
        yield from window(where, entry.from_, entry.until, end)
        start, stop = round(entry.from_ * slow), round((entry.until or end) * slow)
        if entry.from_ < (entry.until or end) and start == stop:
            later = seconds(entry.until or end)
            what = f"{later} is within a slow step of 'from', {seconds(entry.from_)}"
            expected = f"at least {seconds(1 / slow)} later"
            yield wrong(f"{where}.until", what, expected, joins=("bath", SLOW))
        if catalogue.agents[entry.agent] == "cell" and not circuit.has_cells:
            what = f"{entry.agent} acts inside cells, and no neuron carries the calcium submodel"
            expected = "a population with carries_calcium: true and a size above 0"
            joins = ("bath", "circuit.populations", "culture")
            yield wrong(f"{where}.agent", what, expected, joins=joins)
    yield from _overlaps(bath)


def rounded(numerics: Numerics, bath: Sequence[Application]) -> tuple[Application, ...]:
    """Return the bath with its times on whole slow steps."""
    slow = numerics.slow_steps_per_second

    def on_a_step(time: float | None) -> float | None:
        return None if time is None else round(time * slow) / slow

    return tuple(
        entry.model_copy(update={"from_": on_a_step(entry.from_), "until": on_a_step(entry.until)})
        for entry in bath
    )


def _overlaps(bath: Sequence[Application]) -> Iterator[Finding]:
    """The bath holds one concentration of an agent at a time."""
    for agent in dict.fromkeys(entry.agent for entry in bath):
        mine = [
            (e.from_, math.inf if e.until is None else e.until, place)
            for place, e in enumerate(bath)
            if e.agent == agent
        ]
        longest = (0.0, 0.0, -1)
        for entry in sorted(mine):
            start, _, place = entry
            if start < longest[1]:
                # Reported at the one that was written later.
                earlier, later = sorted((longest[2], place))
                what = f"{agent} is applied at the same time as by bath.{earlier}"
                expected = "one concentration at a time"
                hint = (
                    f"end bath.{earlier} before this starts, or this before bath.{earlier} starts"
                )
                yield wrong(f"bath.{later}", what, expected, hint, joins=("bath",))
            longest = max(longest, entry, key=lambda e: e[1])
