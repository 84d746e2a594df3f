"""A whole config, as a frozen pydantic model; all quantities are SI floats.

What it accepts from a YAML file is the shape, the units and the ranges; its names of parameters,
populations, pathways and agents are closed by :func:`config_model`. What joins several sections is
in :mod:`unshielded.config.sections.rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, Literal, get_type_hints

from pydantic import BaseModel, BeforeValidator, Field, create_model, with_config
from typing_extensions import TypeAliasType, TypedDict

from unshielded.config.sections.bath import Application, listed
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.circuit import (
    Circuit,
    LossOrFraction,
    PathwaySettings,
    PopulationSettings,
    Size,
)
from unshielded.config.sections.drive import Drive, Glutamate, Pulse
from unshielded.config.sections.numerics import Numerics, Record
from unshielded.config.sections.places import place_names
from unshielded.config.sections.quantity import Quantity
from unshielded.config.sections.section import Duration, Section, Seed
from unshielded.config.sections.solver import Solver
from unshielded.config.sections.sweep import Sweep
from unshielded.config.sections.therapies import Therapy
from unshielded.config.sections.tms_protocol import Tms
from unshielded.config.sections.trial import Trial
from unshielded.mechanism import Parameter
from unshielded.preparations import DEFAULT

#: Each part is built once, with the whole.
_LATER: Final[Any] = {"defer_build": True}


class Config(Section):
    """A whole experiment."""

    name: str = Field(pattern=r"^[a-z0-9_-]{1,64}$", description="names the folder of its results")
    description: str = Field(default="", description="what the experiment is about")
    duration: Duration = Field(description="biological time")
    seed: Seed = Field(default=1, description="root of all random numbers")
    preparation: str = Field(
        default=DEFAULT,
        description="where and at which temperature it takes place; rates and times follow",
    )
    numerics: Numerics = Numerics()
    circuit: Circuit = Field(default={}, validate_default=True)
    drive: Drive = Drive()
    glutamate: Glutamate = Glutamate()
    culture: dict[str, int] | None = Field(
        default=None,
        description="cells of each class, isolated, in place of the circuit: no synapses, no "
        "drive, no loss; null = the circuit",
    )
    bath: tuple[Application, ...] = Field(
        default=(), strict=False, description="what is applied with the bath, and when"
    )
    therapies: tuple[Therapy, ...] = Field(
        default=(), strict=False, description="what is given, each entry one therapy"
    )
    stimulation: tuple[Pulse, ...] = Field(
        default=(), strict=False, description="magnetic pulses; a pair is two entries"
    )
    parameters: dict[str, float] = Field(
        default={}, description="model parameters by name, for every population"
    )
    record: Record = Record()
    solver: Solver | None = Field(
        default=None, description="how a long run is solved; null = full spiking simulation"
    )
    tms: Tms | None = Field(
        default=None, description="what 'unshielded tms' measures; 'run' does not look at it"
    )
    sweep: Sweep | None = None
    trial: Trial | None = Field(
        default=None, description="arms that 'unshielded trial' compares; in place of a sweep"
    )

    @property
    def start(self) -> float:
        """When the run starts, as 'from' and 'until' count it, in seconds: 0, or the age."""
        return 0.0 if self.solver is None else self.solver.start_age

    @property
    def end(self) -> float:
        """When the run ends, counted likewise."""
        return self.start + self.duration


@cache
def config_model(catalogue: Catalogue) -> type[Config]:
    """Return the model of a config that has the names and the defaults of a catalogue."""
    parameters = {name: _alias(parameter) for name, parameter in catalogue.parameters.items()}
    own = {name: kind for name, kind in parameters.items() if catalogue.parameters[name].per_cell}
    populations = _sections(
        PopulationSettings,
        {
            name: {"size": p.size, "carries_calcium": p.carries_calcium, "parameters": {}}
            for name, p in catalogue.populations.items()
        },
        parameters=_closed("OwnParameters", own),
    )
    pathways = _sections(
        PathwaySettings,
        {
            name: {"in_degree": p.in_degree, "weight": p.weight, "delay": p.delay}
            for name, p in catalogue.pathways.items()
        },
    )
    circuit = _changed(
        Circuit,
        populations=_closed("Populations", populations),
        pathways=_closed("Pathways", pathways),
        loss=_closed("Losses", dict.fromkeys(populations, LossOrFraction)),
    )
    place: Any = Literal[place_names(catalogue.populations)]
    application = _changed(
        Application,
        agent=Literal[tuple(catalogue.agents)],
        on=Annotated[
            tuple[place, ...],
            BeforeValidator(listed, json_schema_input_type=place | tuple[place, ...]),
        ],
    )
    made: type[Config] = _changed(
        Config,
        preparation=Literal[tuple(catalogue.preparations)],
        circuit=circuit,
        culture=_closed("Culture", dict.fromkeys(populations, Size)) | None,
        bath=tuple[application, ...],  # type: ignore[valid-type]
        parameters=_closed("Parameters", parameters),
    )
    return made


def _alias(parameter: Parameter) -> Any:
    """Return the type of a parameter, which the JSON schema defines once, by its name."""
    unit = f" {parameter.unit}" if parameter.unit else ""
    quantity = Quantity(
        parameter.unit,
        low=parameter.low,
        high=parameter.high,
        meaning=parameter.meaning,
        note=f"default {parameter.value:g}{unit}, {parameter.kind}",
    )
    return TypeAliasType(parameter.name, Annotated[float, quantity])


def _closed(name: str, types: Mapping[str, Any]) -> Any:
    """Return the type of a mapping that may have these keys, and no others."""
    types = dict(types)
    return with_config(Section.model_config)(TypedDict(name, types, total=False))  # type: ignore


def _sections(
    base: type[Section], defaults: Mapping[str, Mapping[str, Any]], **types: Any
) -> dict[str, Any]:
    """Return a type for each name: a section with defaults of its own, which nobody needs to write."""
    hints = get_type_hints(base, include_extras=True)
    for key, kind in types.items():
        hints[key] = Annotated[kind, Field(description=base.model_fields[key].description)]
    return {
        name: Annotated[
            create_model(
                name,
                __base__=base,
                __doc__=base.__doc__,
                __cls_kwargs__=_LATER,
                **{key: (hints[key], value) for key, value in own.items()},  # type: ignore
            ),
            Field(default={}, validate_default=True),
        ]
        for name, own in defaults.items()
    }


def _changed(base: type[BaseModel], **types: Any) -> Any:
    """Return a section of which some settings have narrower types; all else is as it was."""
    fields: dict[str, Any] = {n: (kind, base.model_fields[n]) for n, kind in types.items()}
    return create_model(
        base.__name__, __base__=base, __doc__=base.__doc__, __cls_kwargs__=_LATER, **fields
    )
