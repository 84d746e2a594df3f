"""The sections of a config, as frozen pydantic models; all quantities are SI floats.

What they accept from a YAML file is the shape, the units and the ranges. Rules that join
several settings are in :mod:`unshielded.config.sections.rules`, names of populations and pathways in
:mod:`unshielded.config.validate`.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    SerializationInfo,
    ValidationInfo,
)

from unshielded.config.reading.errors import show
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.quantity import WITH_UNITS, Quantity, config_error, write_quantity
from unshielded.config.sections.sampling import SamplingDesign
from unshielded.config.sections.section import LONGEST_LIFE, Section, Seed, power_of_two
from unshielded.config.sections.solver import Solver
from unshielded.config.sections.therapy import Therapy
from unshielded.config.sections.tms_protocol import LARGEST_INTENSITY, Tms
from unshielded.config.sections.trial import Trial
from unshielded.mechanism import Parameter

LARGEST_POPULATION = 100_000
LARGEST_SCALE = 1000.0

Fraction = Annotated[float, Quantity("", low=0, high=1)]
Time = Annotated[float, Quantity("s", low=0, high=LONGEST_LIFE)]
Duration = Annotated[float, Quantity("s", above=0, high=LONGEST_LIFE)]
Size = Annotated[int, Field(ge=0, le=LARGEST_POPULATION)]


def quantity_of(parameter: Parameter) -> Quantity:
    """Return what a config may say for a model parameter."""
    return Quantity(parameter.unit, low=parameter.low, high=parameter.high)


def _with_names(values: object) -> object:
    """Hand each value its own name: pydantic's validator of a dict's values sees no keys."""
    return {k: (k, v) for k, v in values.items()} if isinstance(values, dict) else values


def _parameter(value: Any, info: ValidationInfo) -> float:
    name, written = value
    catalogue: Catalogue = info.context["catalogue"]  # type: ignore[index]
    return quantity_of(catalogue.parameters[name]).read(written)


def _write_parameters(values: Mapping[str, float], info: SerializationInfo) -> dict[str, Any]:
    if not (isinstance(info.context, dict) and info.context.get(WITH_UNITS)):
        return dict(values)
    known: Catalogue = info.context["catalogue"]
    return {k: write_quantity(v, known.parameters[k].unit) for k, v in values.items()}


Parameters = Annotated[
    dict[str, Annotated[float, PlainValidator(_parameter, json_schema_input_type=float)]],
    BeforeValidator(_with_names),
    PlainSerializer(_write_parameters, return_type=dict[str, Any]),
]


class Numerics(Section):
    """The two clocks. Steps are powers of two per second so that they never drift apart."""

    fast_steps_per_second: Annotated[
        int,
        Field(ge=2**11, le=2**17, description="steps of membranes and synapses; a power of two"),
        AfterValidator(power_of_two),
    ] = 8192
    slow_steps_per_second: Annotated[
        int,
        Field(ge=2**9, le=2**14, description="steps of calcium and energy; a power of two"),
        AfterValidator(power_of_two),
    ] = 512


class PopulationSettings(Section):
    """A population of neurons."""

    size: Annotated[Size, Field(description="number of neurons")]
    carries_calcium: Annotated[
        bool, Field(description="whether its neurons carry the calcium submodel")
    ]
    parameters: Annotated[
        Parameters, Field(description="parameters of its neurons that differ from the model's")
    ] = {}


class PathwaySettings(Section):
    """The synapses from one population to another."""

    in_degree: Annotated[
        int, Field(ge=0, le=100_000, description="synapses per neuron of the target")
    ]
    weight: Annotated[
        float, Quantity("", low=0), Field(description="releases of unit size per spike")
    ]
    delay: Annotated[float, Quantity("s", low=0, high=1), Field(description="mean delay")]


class Loss(Section):
    """Loss of neurons: constant, or growing linearly between two times."""

    loss: Annotated[Fraction, Field(description="fraction lost in the end")]
    from_: Annotated[Time | None, Field(alias="from", description="start of the loss")] = None
    until: Annotated[Time | None, Field(description="end of the loss; null = from the start")] = (
        None
    )


def _constant(value: object) -> object:
    return value if isinstance(value, (dict, Loss)) else {"loss": value}


LossOrFraction = Annotated[Loss, BeforeValidator(_constant, json_schema_input_type=Fraction | Loss)]


class Circuit(Section):
    """The circuit: populations, pathways, lesion."""

    populations: dict[str, PopulationSettings] = {}
    pathways: dict[str, PathwaySettings] = {}
    interneuron_loss: Annotated[
        LossOrFraction,
        Field(description="fraction lost of each class of cortical interneurons not in 'loss'"),
    ] = Loss.model_construct(loss=0.0)  # no validation: units are slow to load
    loss: Annotated[
        dict[str, LossOrFraction], Field(description="population → fraction of it that is lost")
    ] = {}
    scale: Annotated[
        float,
        Quantity("", above=0, high=LARGEST_SCALE),
        Field(description="multiplies the default sizes of the populations"),
    ] = 1.0
    heterogeneity: Annotated[
        float,
        Quantity("", low=0, high=10),
        Field(description="scales the differences between cells; 0 = identical cells"),
    ] = 1.0


class Drive(Section):
    """The motor command, on top of the resting background."""

    command: Annotated[
        Literal["rest", "sustained", "rhythmic", "ramp_and_hold"],
        Field(description="time course of the command"),
    ] = "sustained"
    level: Annotated[float, Quantity("", low=0), Field(description="height of the command")] = 1.0
    from_: Annotated[Time, Field(alias="from", description="start")] = 0.0
    until: Annotated[Time | None, Field(description="end; null = to the end of the run")] = None
    ramp: Annotated[Time, Field(description="rise and fall time of ramp_and_hold")] = 0.5
    frequency: Annotated[
        float, Quantity("Hz", above=0, high=1000), Field(description="of rhythmic")
    ] = 1.0
    duty: Annotated[Fraction, Field(description="active fraction of a rhythmic cycle")] = 0.5


class Glutamate(Section):
    """Glutamate clearance."""

    eaat2: Annotated[Fraction, Field(description="EAAT2 transport capacity that is left")] = 1.0


def _agent(value: object, info: ValidationInfo) -> str:
    """Return the name of an agent of the catalogue."""
    catalogue: Catalogue = info.context["catalogue"]  # type: ignore[index]
    names = list(catalogue.agents)
    if isinstance(value, str) and value in names:
        return value
    expected = f"one of {', '.join(names)}"
    if not isinstance(value, str):
        raise config_error(f"found {show(value)}", expected)
    alike = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(value.casefold(), alike, n=1)
    hint = f"did you mean '{alike[near[0]]}'?" if near else ""
    raise config_error(f"there is no agent {show(value)}", expected, hint)


class Application(Section):
    """An agent in the bath, from one time to another."""

    agent: Annotated[
        str,
        PlainValidator(_agent, json_schema_input_type=str),
        Field(description="what is applied"),
    ]
    concentration: Annotated[
        float, Quantity("mM", low=0, high=100), Field(description="in what flows in")
    ]
    from_: Annotated[
        Time, Field(alias="from", description="start; rounded to whole slow steps")
    ] = 0.0  # fmt: skip
    until: Annotated[
        Duration | None,
        Field(description="start of washout, rounded; null = never"),
    ] = None


class Pulse(Section):
    """A magnetic pulse over the motor cortex."""

    at: Annotated[Time, Field(description="time; rounded to whole fast steps")]
    intensity: Annotated[
        float,
        Quantity("", low=0, high=LARGEST_INTENSITY),
        Field(description="per cent of the maximum stimulator output"),
    ]


class MembraneTraces(Section):
    """Fast traces of the membrane potential."""

    neurons: Annotated[
        int, Field(ge=1, le=100, description="traced neurons per population")
    ] = 3  # fmt: skip
    interval: Annotated[
        Duration, Field(description="between samples; rounded to whole fast steps")
    ] = 1e-3  # fmt: skip
    from_: Annotated[Time, Field(alias="from", description="start")] = 0.0
    until: Annotated[Duration, Field(description="end")]


class Record(Section):
    """What is recorded."""

    interval: Annotated[
        Duration,
        Field(description="of slow traces, means and spike counts; rounded to whole slow steps"),
    ] = 1.0
    spikes: Annotated[bool, Field(description="whether spike times are kept")] = True
    neurons: Annotated[
        int, Field(ge=0, le=100, description="neurons with slow traces, per population")
    ] = 3  # fmt: skip
    membrane: Annotated[
        MembraneTraces | None, Field(description="fast membrane traces; null = none")
    ] = None  # fmt: skip


def _no_duplicates(seeds: tuple[int, ...] | None) -> tuple[int, ...] | None:
    twice = [seed for seed, times in Counter(seeds or ()).items() if times > 1]
    if twice:
        raise config_error(f"the seed {twice[0]} is listed twice", "each seed once")
    return seeds


Values = Annotated[list[Any], Field(min_length=1)]


class Sweep(Section):
    """Experiments that differ from this one in a few settings."""

    grid: Annotated[
        dict[str, Values] | None,
        Field(description="setting → its values; all combinations are run"),
    ] = None
    zip_: Annotated[
        dict[str, Values] | None,
        Field(alias="zip", description="setting → its values, as many for each: they go together"),
    ] = None
    list_: Annotated[
        tuple[dict[str, Any], ...] | None,
        Field(
            alias="list",
            strict=False,
            min_length=1,
            description="points one by one, each setting → its value",
        ),
    ] = None
    sample: Annotated[
        SamplingDesign | None,
        Field(description="points drawn between the limits of a few settings"),
    ] = None
    seeds: Annotated[
        tuple[Seed, ...] | None,
        Field(strict=False, min_length=1, description="each combination is run with each seed"),
        AfterValidator(_no_duplicates),
    ] = None


class Config(Section):
    """A whole experiment."""

    name: Annotated[
        str,
        Field(pattern=r"^[a-z0-9_-]{1,64}$", description="names the folder of its results"),
    ]
    description: Annotated[str, Field(description="what the experiment is about")] = ""
    duration: Annotated[Duration, Field(description="biological time")]
    seed: Annotated[Seed, Field(description="root of all random numbers")] = 1
    numerics: Numerics = Numerics()
    circuit: Circuit = Circuit()
    drive: Drive = Drive()
    glutamate: Glutamate = Glutamate()
    culture: Annotated[
        dict[str, Size] | None,
        Field(
            description="cells of each class, isolated, in place of the circuit: no synapses, no "
            "drive, no loss; null = the circuit"
        ),
    ] = None
    bath: Annotated[
        tuple[Application, ...],
        Field(strict=False, description="what is applied with the bath, and when"),
    ] = ()
    therapies: Annotated[
        tuple[Therapy, ...],
        Field(strict=False, description="what is given, each entry one therapy"),
    ] = ()
    stimulation: Annotated[
        tuple[Pulse, ...],
        Field(strict=False, description="magnetic pulses; a pair is two entries"),
    ] = ()
    parameters: Annotated[
        Parameters, Field(description="model parameters by name, for every population")
    ] = {}
    record: Record = Record()
    solver: Annotated[
        Solver | None,
        Field(description="how a long run is solved; null = full spiking simulation"),
    ] = None
    tms: Annotated[
        Tms | None,
        Field(description="what 'unshielded tms' measures; 'run' does not look at it"),
    ] = None
    sweep: Sweep | None = None
    trial: Annotated[
        Trial | None,
        Field(description="arms that 'unshielded trial' compares; in place of a sweep"),
    ] = None
