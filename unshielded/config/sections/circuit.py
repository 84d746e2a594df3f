"""The section ``circuit``: populations, pathways and what is lost of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.quantity import Quantity
from unshielded.config.sections.section import Fraction, Section, Time, window

LARGEST_POPULATION: Final = 100_000

Size = Annotated[int, Field(ge=0, le=LARGEST_POPULATION)]

#: Explicit binding sites need a fixed, fast buffer beside them, for the slow step's sake.
_SITES: Final = ("calbindin_sites", "parvalbumin_sites")
_CAPACITY: Final = "buffer_capacity"

#: Below this the step is too coarse for them (docs/model.md gives the errors).
LEAST_CAPACITY: Final = 50.0


class PopulationSettings(Section):
    """A population of neurons."""

    size: Annotated[Size, Field(description="number of neurons")]
    carries_calcium: Annotated[
        bool, Field(description="whether its neurons carry the calcium submodel")
    ]
    parameters: Annotated[
        dict[str, float],
        Field(description="parameters of its neurons that differ from the model's"),
    ]


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

    loss: Fraction = Field(description="fraction lost in the end")
    from_: Time | None = Field(default=None, alias="from", description="start of the loss")
    until: Time | None = Field(default=None, description="end of the loss; null = from the start")


class InterneuronLoss(Loss):
    """Loss of inhibitory interneurons: the same fraction of each of their classes."""

    of: Literal["cortical", "spinal", "all"] = Field(
        default="cortical", description="of which inhibitory interneurons"
    )


def _constant(value: object) -> object:
    return value if isinstance(value, (dict, Loss)) else {"loss": value}


LossOrFraction = Annotated[Loss, BeforeValidator(_constant, json_schema_input_type=Fraction | Loss)]


class Circuit(Section):
    """The circuit: populations, pathways, lesion."""

    populations: dict[str, PopulationSettings] = Field(
        default={}, validate_default=True, description="what differs from their defaults"
    )
    pathways: dict[str, PathwaySettings] = Field(
        default={}, validate_default=True, description="what differs from their defaults"
    )
    interneuron_loss: Annotated[
        InterneuronLoss,
        BeforeValidator(_constant, json_schema_input_type=Fraction | InterneuronLoss),
    ] = Field(
        default=InterneuronLoss.model_construct(loss=0.0),  # no validation: units are slow to load
        description="fraction lost of each class of inhibitory interneurons that 'loss' does not "
        "name: of the cortical ones, unless 'of' says spinal or all",
    )
    loss: dict[str, LossOrFraction] = Field(
        default={}, description="population → fraction of it that is lost"
    )
    scale: Annotated[float, Quantity("", above=0, high=1000)] = Field(
        default=1.0, description="multiplies the default sizes of the populations"
    )
    heterogeneity: Annotated[float, Quantity("", low=0, high=10)] = Field(
        default=1.0, description="scales the differences between cells; 0 = identical cells"
    )

    @property
    def has_cells(self) -> bool:
        """Whether any neuron carries the calcium submodel."""
        return any(p.carries_calcium and p.size for p in self.populations.values())


def check(
    circuit: Circuit, parameters: Mapping[str, float], end: float, catalogue: Catalogue
) -> Iterator[Finding]:
    """Yield losses at no time, and buffers that are too fast.

    Parameters
    ----------
    parameters
        Of every population.
    end
        When the run ends, as times are counted.
    """
    yield from _loss("circuit.interneuron_loss", circuit.interneuron_loss, end)
    for name, loss in circuit.loss.items():
        yield from _loss(f"circuit.loss.{name}", loss, end)
    largest = max(circuit.populations, key=lambda name: circuit.populations[name].size)
    if (size := circuit.populations[largest].size) > LARGEST_POPULATION:
        what = f"{size} neurons of {largest} are too large a population"
        expected = f"a scale that makes at most {LARGEST_POPULATION}"
        yield wrong("circuit.scale", what, expected, joins=("circuit.populations",))
    for name, population in circuit.populations.items():
        if population.size and population.carries_calcium:
            yield from _buffers(name, population, parameters, catalogue)


def _loss(where: str, loss: Loss, end: float) -> Iterator[Finding]:
    if (loss.from_ is None) != (loss.until is None):
        given, missing = ("from", "until") if loss.until is None else ("until", "from")
        what = f"'{given}' is given without '{missing}'"
        expected = "both for a growing loss, none for a constant one"
        joins = (f"{where}.{missing}",)
        yield wrong(f"{where}.{given}", what, expected, f"add '{missing}'", joins)
    elif loss.from_ is not None:
        yield from window(where, loss.from_, loss.until, end)


def _buffers(
    name: str, population: PopulationSettings, everywhere: Mapping[str, float], catalogue: Catalogue
) -> Iterator[Finding]:
    """Yield explicit binding sites beside hardly any other buffer."""
    of_model = {
        key: number.si
        for numbers in (catalogue.parameters, catalogue.populations[name].parameters)
        for key, number in numbers.items()
        if key in (*_SITES, _CAPACITY)
    }
    given = {**everywhere, **population.parameters}
    numbers = {**of_model, **given}
    sites = [site for site in _SITES if numbers.get(site)]
    if not sites or _CAPACITY not in numbers or numbers[_CAPACITY] >= LEAST_CAPACITY:
        return
    site = next((s for s in sites if s in given), None)
    culprit = site or _CAPACITY  # sites that nobody gave are the model's
    own = f"circuit.populations.{name}.parameters"
    where = own if culprit in population.parameters else "parameters"
    hint = "the slow step is too coarse for explicit buffers alone"
    yield wrong(
        f"{where}.{culprit}",
        f"{sites[0]} beside a {_CAPACITY} of {numbers[_CAPACITY]:g} in {name!r}",
        f"a {_CAPACITY} of at least {LEAST_CAPACITY:g}",
        hint if site else f"{hint}; or set '{own}.{sites[0]}: 0 uM' as well",
        joins=(f"{own}.{_CAPACITY}", f"parameters.{_CAPACITY}"),
    )
