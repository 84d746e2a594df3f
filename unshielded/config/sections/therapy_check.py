"""Rules for the section ``therapies``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from unshielded.config.findings import Finding, dotted
from unshielded.config.reading.tree import Path
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.quantity import seconds
from unshielded.config.sections.schema import Config
from unshielded.config.sections.solver import begin
from unshielded.config.sections.solver import end as end_of_run
from unshielded.config.sections.therapy import (
    Aso,
    Dosing,
    Drug,
    Nutrition,
    Therapy,
    Transplantation,
)

THERAPIES: Final[Path] = ("therapies",)
_BATH: Final[Path] = ("bath",)
_SOLVER: Final[Path] = ("solver",)
_CULTURE: Final[Path] = ("culture",)
_POPULATIONS: Final[Path] = ("circuit", "populations")
_DURATION: Final[Path] = ("duration",)
_ADD_A_SOLVER: Final = "add 'solver: {kind: multiscale}'"


def check(config: Config, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what does not fit together in the therapies, or with the rest of a config."""
    for place, therapy in enumerate(config.therapies):
        here: Path = (*THERAPIES, place)
        if len(therapy.given) != 1:
            names = ", ".join(therapy.given) or "none"
            what = f"there are {len(therapy.given)} therapies in one entry: {names}"
            hint = "write each as an entry of its own, '- riluzole: {dose: 100 mg/day}'"
            yield Finding(here, what, "one therapy with its settings", hint, involves=(here,))
            continue
        path: Path = (*here, therapy.name)
        yield from _amount(path, therapy)
        yield from _times(path, therapy.course, config)
        yield from _without_solver(path, therapy.course, config)
        yield from _acts_on(path, therapy, config, catalogue)
    yield from _overlaps(config)


def _amount(path: Path, therapy: Therapy) -> Iterator[Finding]:
    course = therapy.course
    if isinstance(course, Drug) and (course.dose is None) == (course.concentration is None):
        what = "has neither a dose nor a concentration"
        if course.dose is not None:
            what = "has both a dose and a concentration"
        yield Finding(path, what, "one of 'dose' and 'concentration'", involves=(path,))


def _times(path: Path, course: Dosing, config: Config) -> Iterator[Finding]:
    first, last = begin(config), end_of_run(config)
    involves = (path, _DURATION, _SOLVER)
    within = f"a time from {seconds(first)} to {seconds(last)}"
    if course.after is not None:
        if course.from_ is not None:
            what = "'after' is given beside 'from'"
            yield Finding((*path, "after"), what, "one of them", involves=(path,))
        if config.solver is None:
            what = "a share of motor neurons lost is waited for in a lifespan only"
            yield Finding((*path, "after"), what, "a time, as 'from'", _ADD_A_SOLVER,
                          involves=involves)  # fmt: skip
    start = first if course.from_ is None else course.from_
    if not first <= start < last:
        what = f"{seconds(start)} is not within the run"
        yield Finding((*path, "from"), what, within, involves=involves)
    until = getattr(course, "until", None)
    if until is not None and until > last:
        what = f"{seconds(until)} is after the end of the run"
        hint = "remove it to go on to the end"
        yield Finding((*path, "until"), what, within, hint, involves=involves)
    if until is not None and until <= start:
        what = f"{seconds(until)} is not after the start, {seconds(start)}"
        yield Finding((*path, "until"), what, f"a time after {seconds(start)}", involves=involves)
    if getattr(course, "pretreatment", 0.0) and (start != first or course.after is not None):
        what = "a pretreatment of what starts later has no meaning"
        hint = "remove 'pretreatment', or let it start with the run"
        yield Finding((*path, "pretreatment"), what, "0 s", hint, involves=involves)


def _without_solver(path: Path, course: Dosing, config: Config) -> Iterator[Finding]:
    """In a full spiking simulation, what changes parameters holds all through the run or not at all."""
    if config.solver is not None:
        return
    if isinstance(course, Aso) and course.target == "toxic_gain":
        what = "toxic_gain is a parameter of slow states, which only a solver has"
        expected = "pore_opening_rate or mcu_maximum_rate"
        yield Finding((*path, "target"), what, expected, _ADD_A_SOLVER, involves=(path, _SOLVER))
    if not isinstance(course, Aso | Nutrition):
        return
    for name, value in (("from", course.from_), ("until", course.until)):
        if value is not None and not (name == "from" and value == 0):
            what = "changes parameters, which are set once in a full spiking simulation"
            expected = "'from: 0 s', and no 'until'"
            yield Finding((*path, name), what, expected, _ADD_A_SOLVER,
                          involves=(path, _SOLVER))  # fmt: skip


def _acts_on(
    path: Path, therapy: Therapy, config: Config, catalogue: Catalogue
) -> Iterator[Finding]:
    cells = any(p.size and p.carries_calcium for p in config.circuit.populations.values())
    inside = catalogue.agents.get(therapy.name) == "cell"
    if not cells and (inside or isinstance(therapy.course, Nutrition | Aso)):
        yield Finding(
            path,
            f"{therapy.name} acts inside cells, and no neuron carries the calcium submodel",
            "a population with carries_calcium: true and a size above 0",
            involves=(path, _POPULATIONS, _CULTURE),
        )
    if config.culture is not None and isinstance(therapy.course, Transplantation):
        what = "a culture loses no interneurons that could be replaced"
        yield Finding(path, what, "a circuit", "remove 'culture'", involves=(path, _CULTURE))
    if isinstance(therapy.course, Drug):
        for place, entry in enumerate(config.bath):
            if entry.agent == therapy.name:
                what = f"{therapy.name} is in the bath, too: {dotted((*_BATH, place))}"
                yield Finding(path, what, "one of them", involves=(path, _BATH))


def _overlaps(config: Config) -> Iterator[Finding]:
    """A therapy is given once at a time: what two of them would do together is not defined."""
    open_: dict[str, list[tuple[float, float, int]]] = {}
    for place, therapy in enumerate(config.therapies):
        if len(therapy.given) != 1:
            continue
        course = therapy.course
        start = begin(config) if course.from_ is None else course.from_
        until = getattr(course, "until", None)
        stop = math.inf if until is None else until
        for other, end, earlier in open_.setdefault(therapy.name, []):
            if start < end and other < stop:
                what = f"is given at the same time as by {dotted((*THERAPIES, earlier))}"
                yield Finding((*THERAPIES, place, therapy.name), what, "once at a time",
                              involves=(THERAPIES,))  # fmt: skip
        open_[therapy.name].append((start, stop, place))
