"""The section ``therapies``: what is given, how much of it, and when."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections.bath import Application, Concentration
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.circuit import Circuit
from unshielded.config.sections.quantity import Quantity
from unshielded.config.sections.section import Duration, Fraction, Section, Time, window
from unshielded.config.sections.solver import ADD_A_SOLVER
from unshielded.durations import DAY


class After(Section):
    """What must have happened before a therapy begins."""

    lost: Fraction = Field(description="share of the motor neurons that is lost")


class Dosing(Section):
    """When a therapy is given: from and until; with a solver, ages."""

    from_: Time | None = Field(default=None, alias="from", description="start; null = of the run")
    after: After | None = Field(
        default=None, description="in place of 'from': what it waits for; needs a solver"
    )


class Ending(Dosing):
    """A therapy that can be stopped."""

    until: Time | None = Field(default=None, description="end; null = never")


class Drug(Ending):
    """A drug, by its dose or by the concentration that it reaches where it acts."""

    dose: Annotated[float, Quantity("mg/day", low=0)] | None = Field(
        default=None, description="a day, over the whole body"
    )
    concentration: Concentration | None = Field(
        default=None, description="free, where it acts; in place of 'dose'"
    )


class InducingDrug(Drug):
    """A drug whose effect builds up over days."""

    pretreatment: Time = Field(
        default=0.0, description="for how long it had been given before its start"
    )


class Nutrition(Ending):
    """More calories."""

    factor: Annotated[float, Quantity("", low=1, high=3)] = Field(
        description="intake over that without"
    )


class Transplantation(Dosing):
    """Interneurons in place of those that are lost."""

    fraction: Fraction = Field(description="of the lost that fire again in the end")
    maturation: Time = Field(
        default=30 * DAY, description="until all of them fire; their share grows linearly"
    )


class Aso(Ending):
    """An antisense oligonucleotide, dosed at intervals."""

    target: Literal["toxic_gain", "pore_opening_rate", "mcu_maximum_rate"] = Field(
        description="the parameter that it lowers"
    )
    knockdown: Annotated[float, Quantity("", low=0, high=0.99)] = Field(
        description="share taken away at the mean concentration of the steady state"
    )
    interval: Duration = Field(default=28 * DAY, description="between doses")
    half_life: Duration = Field(default=90 * DAY, description="in the tissue")
    pretreatment: Time = Field(
        default=0.0, description="for how long it had been given before its start"
    )


class Therapy(Section):
    """One therapy: its name, and its settings below."""

    riluzole: Drug | None = None
    retigabine: Drug | None = None
    diazepam: Drug | None = None
    edaravone: Drug | None = None
    olesoxime: Drug | None = None
    ceftriaxone: InducingDrug | None = None
    cyclosporin_a: Drug | None = Field(default=None, alias="cyclosporin A")
    hydroxybutyrate: Drug | None = Field(default=None, alias="beta-hydroxybutyrate")
    lipid_precursor: Drug | None = Field(default=None, alias="lipid precursor")
    nutrition: Nutrition | None = Field(default=None, alias="hypercaloric nutrition")
    transplantation: Transplantation | None = Field(
        default=None, alias="interneuron transplantation"
    )
    aso: Aso | None = None

    @property
    def given(self) -> dict[str, Dosing]:
        """Name → settings, of what is given: one, in a config that was checked."""
        fields = {name: field.alias or name for name, field in type(self).model_fields.items()}
        found = {alias: getattr(self, name) for name, alias in fields.items()}
        return {name: course for name, course in found.items() if course is not None}

    @property
    def name(self) -> str:
        """The name of the therapy, as it is written."""
        return next(iter(self.given))

    @property
    def course(self) -> Dosing:
        """Its settings."""
        return next(iter(self.given.values()))

    @model_serializer(mode="wrap")
    def _only_what_is_given(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if value is not None}


@dataclass(frozen=True)
class Surroundings:
    """What therapies are given in.

    Attributes
    ----------
    start, end
        Of the run, as times are counted.
    lifespan
        Whether it has a solver.
    culture
        Whether it is of isolated cells.
    """

    start: float
    end: float
    lifespan: bool
    culture: bool
    circuit: Circuit
    bath: Sequence[Application]


def check(
    therapies: Sequence[Therapy], around: Surroundings, catalogue: Catalogue
) -> Iterator[Finding]:
    """Yield what does not fit together in the therapies, or with the rest of a config."""
    given: dict[str, list[tuple[float, float, int]]] = {}
    for place, therapy in enumerate(therapies):
        where = f"therapies.{place}"
        if len(therapy.given) != 1:
            names = ", ".join(therapy.given) or "none"
            what = f"there are {len(therapy.given)} therapies in one entry: {names}"
            hint = "write each as an entry of its own, '- riluzole: {dose: 100 mg/day}'"
            yield wrong(where, what, "one therapy with its settings", hint)
            continue
        where, course = f"{where}.{therapy.name}", therapy.course
        yield from _times(where, course, around)
        if not around.lifespan:
            yield from _without_solver(where, course)
        yield from _acts_on(where, therapy, around, catalogue)
        start, until = _start(course, around), getattr(course, "until", None)
        stop = math.inf if until is None else until
        for other, end, earlier in given.setdefault(therapy.name, []):
            # What two of them would do together is not defined.
            if start < end and other < stop:
                what = f"is given at the same time as by therapies.{earlier}"
                yield wrong(where, what, "once at a time", joins=("therapies",))
        given[therapy.name].append((start, stop, place))


def _start(course: Dosing, around: Surroundings) -> float:
    return around.start if course.from_ is None else course.from_


def _times(where: str, course: Dosing, around: Surroundings) -> Iterator[Finding]:
    start, joins = _start(course, around), (where, "duration", "solver")
    until = getattr(course, "until", None)
    yield from window(where, start, until, around.end, around.start)
    if course.after is not None and course.from_ is not None:
        what = "'after' is given beside 'from'"
        yield wrong(f"{where}.after", what, "one of them", joins=(where,))
    if course.after is not None and not around.lifespan:
        what = "a share of motor neurons lost is waited for in a lifespan only"
        yield wrong(f"{where}.after", what, "a time, as 'from'", ADD_A_SOLVER, joins)
    late = start != around.start or course.after is not None
    if late and getattr(course, "pretreatment", None):
        what = "a pretreatment of what starts later has no meaning"
        hint = "remove 'pretreatment', or let it start with the run"
        yield wrong(f"{where}.pretreatment", what, "0 s", hint, joins)


def _without_solver(where: str, course: Dosing) -> Iterator[Finding]:
    """In a full spiking simulation, what changes parameters holds all through the run or not at all."""
    if isinstance(course, Aso) and course.target == "toxic_gain":
        what = "toxic_gain is a parameter of slow states, which only a solver has"
        expected = "pore_opening_rate or mcu_maximum_rate"
        yield wrong(f"{where}.target", what, expected, ADD_A_SOLVER, (where, "solver"))
    if isinstance(course, Aso | Nutrition):
        for name, limited in (("from", course.from_), ("until", course.until is not None)):
            if limited:
                what = "changes parameters, which are set once in a full spiking simulation"
                expected = "'from: 0 s', and no 'until'"
                yield wrong(f"{where}.{name}", what, expected, ADD_A_SOLVER, (where, "solver"))


def _acts_on(
    where: str, therapy: Therapy, around: Surroundings, catalogue: Catalogue
) -> Iterator[Finding]:
    course = therapy.course
    inside = catalogue.agents.get(therapy.name) == "cell" or isinstance(course, Nutrition | Aso)
    if inside and not around.circuit.has_cells:
        what = f"{therapy.name} acts inside cells, and no neuron carries the calcium submodel"
        expected = "a population with carries_calcium: true and a size above 0"
        yield wrong(where, what, expected, joins=("circuit.populations", "culture"))
    if around.culture and isinstance(course, Transplantation):
        what = "a culture loses no interneurons that could be replaced"
        yield wrong(where, what, "a circuit", "remove 'culture'", ("culture",))
    if not isinstance(course, Drug):
        return
    if (course.dose is None) == (course.concentration is None):
        both = "neither a dose nor" if course.dose is None else "both a dose and"
        yield wrong(where, f"has {both} a concentration", "one of 'dose' and 'concentration'")
    for place, entry in enumerate(around.bath):
        if entry.agent == therapy.name:
            what = f"{therapy.name} is in the bath, too: bath.{place}"
            yield wrong(where, what, "one of them", joins=("bath",))
