"""The section ``therapies``: what is given, how much of it, and when."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from unshielded.config.sections.quantity import Quantity
from unshielded.config.sections.section import LONGEST_LIFE, Section
from unshielded.durations import DAY

_Fraction = Annotated[float, Quantity("", low=0, high=1)]
_Time = Annotated[float, Quantity("s", low=0, high=LONGEST_LIFE)]


class After(Section):
    """What must have happened before a therapy begins."""

    lost: Annotated[_Fraction, Field(description="share of the motor neurons that is lost")]


class Dosing(Section):
    """When a therapy is given: from and until; with a solver, ages."""

    from_: Annotated[_Time | None, Field(alias="from", description="start; null = of the run")] = (
        None
    )
    after: Annotated[
        After | None, Field(description="in place of 'from': what it waits for; needs a solver")
    ] = None


class Ending(Dosing):
    """A therapy that can be stopped."""

    until: Annotated[_Time | None, Field(description="end; null = never")] = None


class Drug(Ending):
    """A drug, by its dose or by the concentration that it reaches where it acts."""

    dose: Annotated[
        Annotated[float, Quantity("mg/day", low=0)] | None,
        Field(description="a day, over the whole body"),
    ] = None
    concentration: Annotated[
        Annotated[float, Quantity("mM", low=0, high=100)] | None,
        Field(description="free, where it acts; in place of 'dose'"),
    ] = None


class InducingDrug(Drug):
    """A drug whose effect builds up over days."""

    pretreatment: Annotated[
        _Time, Field(description="for how long it had been given before its start")
    ] = 0.0


class Nutrition(Ending):
    """More calories."""

    factor: Annotated[
        float, Quantity("", low=1, high=3), Field(description="intake over that without")
    ]


class Transplantation(Dosing):
    """Interneurons in place of those that are lost."""

    fraction: Annotated[_Fraction, Field(description="of the lost that fire again in the end")]
    maturation: Annotated[
        _Time, Field(description="until all of them fire; their share grows linearly")
    ] = 30 * DAY


class Aso(Ending):
    """An antisense oligonucleotide, dosed at intervals."""

    target: Annotated[
        Literal["toxic_gain", "pore_opening_rate", "mcu_maximum_rate"],
        Field(description="the parameter that it lowers"),
    ]
    knockdown: Annotated[
        float,
        Quantity("", low=0, high=0.99),
        Field(description="share taken away at the mean concentration of the steady state"),
    ]
    interval: Annotated[
        float, Quantity("s", above=0, high=LONGEST_LIFE), Field(description="between doses")
    ] = 28 * DAY
    half_life: Annotated[
        float, Quantity("s", above=0, high=LONGEST_LIFE), Field(description="in the tissue")
    ] = 90 * DAY
    pretreatment: Annotated[
        _Time, Field(description="for how long it had been given before its start")
    ] = 0.0


class Therapy(Section):
    """One therapy: its name, and its settings below."""

    riluzole: Drug | None = None
    retigabine: Drug | None = None
    diazepam: Drug | None = None
    edaravone: Drug | None = None
    olesoxime: Drug | None = None
    ceftriaxone: InducingDrug | None = None
    cyclosporin_a: Annotated[Drug | None, Field(alias="cyclosporin A")] = None
    hydroxybutyrate: Annotated[Drug | None, Field(alias="beta-hydroxybutyrate")] = None
    lipid_precursor: Annotated[Drug | None, Field(alias="lipid precursor")] = None
    nutrition: Annotated[Nutrition | None, Field(alias="hypercaloric nutrition")] = None
    transplantation: Annotated[
        Transplantation | None, Field(alias="interneuron transplantation")
    ] = None
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
