"""The section ``bath``: what is applied with the bath, when, and where."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections import bath_targets
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.circuit import Circuit
from unshielded.config.sections.numerics import SLOW, Numerics
from unshielded.config.sections.places import EVERYWHERE, populations_at
from unshielded.config.sections.quantity import Quantity, seconds
from unshielded.config.sections.section import Duration, Section, Time, window

Concentration = Annotated[float, Quantity("mM", low=0, high=100)]


def listed(value: object) -> object:
    """Return a single name as a list of it."""
    return [value] if isinstance(value, str) else value


class Application(Section):
    """An agent in the bath, from one time to another."""

    agent: str = Field(description="what is applied")
    concentration: Concentration = Field(description="in what flows in")
    from_: Time = Field(default=0.0, alias="from", description="start; rounded to whole slow steps")
    until: Duration | None = Field(
        default=None, description="start of washout, rounded; null = never"
    )
    on: Annotated[tuple[str, ...], BeforeValidator(listed)] = Field(
        default=(EVERYWHERE,),
        min_length=1,
        strict=False,
        description="where: all, a region, a population, or a list of them",
    )


def check(
    bath: Sequence[Application],
    circuit: Circuit,
    parameters: Mapping[str, float],
    numerics: Numerics,
    end: float,
    catalogue: Catalogue,
) -> Iterator[Finding]:
    """Yield what does not fit together in the bath, or with the cells in it.

    Parameters
    ----------
    parameters
        Of every population.
    end
        When the run ends, as times are counted.
    """
    slow = numerics.slow_steps_per_second
    agents = {entry.agent for entry in bath}
    around = bath_targets.Around(circuit, parameters, agents, catalogue)
    for place, entry in enumerate(bath):
        where = f"bath.{place}"
        yield from window(where, entry.from_, entry.until, end)
        start, stop = round(entry.from_ * slow), round((entry.until or end) * slow)
        if entry.from_ < (entry.until or end) and start == stop:
            later = seconds(entry.until or end)
            what = f"{later} is within a slow step of 'from', {seconds(entry.from_)}"
            expected = f"at least {seconds(1 / slow)} later"
            yield wrong(f"{where}.until", what, expected, joins=(f"{where}.from", SLOW))
        if catalogue.agents[entry.agent] == "cell" and not circuit.has_cells:
            what = f"{entry.agent} acts inside cells, and no neuron carries the calcium submodel"
            expected = "a population with carries_calcium: true and a size above 0"
            yield wrong(f"{where}.agent", what, expected, joins=bath_targets.THERE)
        else:
            yield from bath_targets.check(where, entry.agent, entry.on, around)
    yield from _overlaps(bath, catalogue)


def rounded(numerics: Numerics, bath: Sequence[Application], end: float) -> tuple[Application, ...]:
    """Return the bath with its times on whole slow steps, none of them after the end of the run."""
    slow = numerics.slow_steps_per_second

    def on_a_step(time: float | None) -> float | None:
        return None if time is None else min(round(time * slow) / slow, end)

    return tuple(
        entry.model_copy(update={"from_": on_a_step(entry.from_), "until": on_a_step(entry.until)})
        for entry in bath
    )


def _overlaps(bath: Sequence[Application], catalogue: Catalogue) -> Iterator[Finding]:
    """A place holds one concentration of an agent at a time."""
    reported: set[int] = set()
    for agent in dict.fromkeys(entry.agent for entry in bath):
        mine = [(number, entry) for number, entry in enumerate(bath) if entry.agent == agent]
        at = {number: populations_at(entry.on, catalogue.populations) for number, entry in mine}
        for population in dict.fromkeys(name for names in at.values() for name in names):
            here = [(number, entry) for number, entry in mine if population in at[number]]
            for earlier, later in _together(here):
                if later in reported:
                    continue
                reported.add(later)
                what = f"{agent} is applied at the same time as by bath.{earlier}"
                everywhere = set(at[earlier]) == set(at[later]) == set(catalogue.populations)
                what += "" if everywhere else f" on {population}"
                expected = "one concentration at a time" + ("" if everywhere else " and place")
                hint = (
                    f"end bath.{earlier} before this starts, or this before bath.{earlier} starts"
                )
                yield wrong(f"bath.{later}", what, expected, hint, joins=(f"bath.{earlier}",))


def _together(entries: Sequence[tuple[int, Application]]) -> Iterator[tuple[int, int]]:
    """Yield numbers of entries that overlap in time; the one that was written later is second."""
    longest = (0.0, 0.0, -1)
    spans = [(e.from_, math.inf if e.until is None else e.until, number) for number, e in entries]
    for span in sorted(spans):
        if span[0] < longest[1]:
            earlier, later = sorted((longest[2], span[2]))
            yield earlier, later
        longest = max(longest, span, key=lambda s: s[1])
