"""The problem of a calibration: priors of parameters, and facts that they must explain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from unshielded import circuit
from unshielded.circuit.populations import MOTOR_POOLS, POPULATIONS, TYPICAL
from unshielded.mechanism.units import UnitError, to_si
from unshielded.preparations import DEFAULT, PREPARATIONS
from unshielded.single_cell.cell import CATALOGUE

#: What `of` says → the populations that follow the prior of the middle motor neuron.
GROUPS: Mapping[str, tuple[str, ...]] = {"all": tuple(POPULATIONS), "motor": MOTOR_POOLS}
#: The cell whose number a prior is.
REFERENCE = TYPICAL
#: Agent → its state in the equations of a lone cell.
BATHS = {name: f"{stem}_bath" for name, stem in circuit.AGENTS.items()}

#: Setting of a fact → its unit.
_UNITS = {
    "duration": "s",
    "not_before": "s",
    "firing_rate": "Hz",
    "held_at": "V",
    "calcium_per_spike": "mM",
}


def _unknown(
    kind: str, name: str, known: Iterable[str], at: tuple[str | int, ...] = (), at_key: bool = False
) -> PydanticCustomError:
    """Return the error that something of a kind has no such name; `at` leads to it from here."""
    context = {"kind": kind, "name": name, "known": [*known], "at": at, "at_key": at_key}
    return PydanticCustomError("unknown", "there is no {kind} {name}", context)


def _quantity(value: object, unit: str, at: tuple[str, ...] = ()) -> float:
    """Return a quantity in SI; of a text or a number only, for a file may hold anything."""
    try:
        if not isinstance(value, str | int | float):
            raise UnitError(f"expected a quantity like '1 {unit}'".rstrip(" '") + "'")
        return to_si(value, unit)
    except UnitError as error:
        raise PydanticCustomError("quantity", "{what}", {"what": str(error), "at": at}) from None


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Prior(_Data):
    """What is known of a parameter before the facts: a log-normal distribution.

    Attributes
    ----------
    median
        In SI: of the middle fatigue-resistant motor neuron.
    factor
        One standard deviation, as a factor.
    of
        The populations that follow it, each keeping its ratio to that cell.
    along
        Parameters that keep their ratio to this one.
    why
        Where median and factor come from.
    """

    median: float
    factor: float = Field(gt=1)
    of: Literal["all", "motor"] = "all"
    along: tuple[str, ...] = Field(default=(), alias="with")
    why: str


class Fact(_Data):
    """Something measured, as a course of a lone cell and what must come of it.

    Attributes
    ----------
    population, preparation, duration
        Which cell, where, and how long (s).
    firing_rate, held_at
        Imposed spikes (Hz), and the potential of the voltage clamp (V); None leaves it free.
    driven
        Whether synapses make it fire, which then release what would depolarise it so far, or an electrode.
    calcium_per_spike
        Total calcium that a spike lets in, per cytosol (mM), where the source measured that.
    bath
        Agent → concentration (mM), throughout.
    expect
        ``alive`` at the end, ``dead`` by then, ``share`` of the calcium that entered which is in the
        mitochondria, or ``any``.
    not_before
        A death before this is too early (s).
    before
        The fact whose cell must not die earlier.
    low, high
        Of a share.
    source, why
        Keys of ``references.bib``, and what they say.
    """

    population: str
    preparation: str = DEFAULT
    duration: float
    firing_rate: float = 0.0
    held_at: float | None = None
    driven: Literal["synapses", "electrode"] = "synapses"
    calcium_per_spike: float | None = None
    bath: Mapping[str, float] = {}
    expect: Literal["alive", "dead", "share", "any"]
    not_before: float = 0.0
    before: str | None = None
    low: float = 0.0
    high: float = 1.0
    source: tuple[str, ...]
    why: str

    @field_validator(*_UNITS, mode="before")
    @classmethod
    def _in_units(cls, value: object, info: ValidationInfo) -> object:
        return None if value is None else _quantity(value, _UNITS[str(info.field_name)])

    @field_validator("bath", mode="before")
    @classmethod
    def _agents(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        for agent in value:
            if agent not in BATHS:
                raise _unknown("agent", agent, BATHS, (agent,), at_key=True)
        return {agent: _quantity(amount, "mM", (agent,)) for agent, amount in value.items()}

    @model_validator(mode="after")
    def _known(self) -> Fact:
        if self.population not in POPULATIONS:
            raise _unknown("population", self.population, POPULATIONS, ("population",))
        if self.preparation not in PREPARATIONS:
            raise _unknown("preparation", self.preparation, PREPARATIONS, ("preparation",))
        return self


class CalibrationProblem(_Data):
    """Priors and facts.

    Attributes
    ----------
    priors
        Parameter → prior.
    facts
        Name → fact, in the order in which a draw is asked them.
    """

    priors: Mapping[str, Prior] = Field(min_length=1)
    facts: Mapping[str, Fact] = Field(min_length=1)

    @field_validator("priors", mode="before")
    @classmethod
    def _in_units(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        found = {}
        for name, prior in value.items():
            if name not in CATALOGUE:
                raise _unknown("parameter of a lone cell", name, CATALOGUE, (name,), at_key=True)
            found[name] = prior
            if isinstance(prior, dict) and "median" in prior:
                at = (name, "median")
                median = _quantity(prior["median"], CATALOGUE[name].unit, at)
                if median <= 0:
                    what = f"{prior['median']!r} is not positive, and the prior is log-normal"
                    raise PydanticCustomError("quantity", "{what}", {"what": what, "at": at})
                found[name] = {**prior, "median": median}
        return found

    @model_validator(mode="after")
    def _consistent(self) -> CalibrationProblem:
        for name, prior in self.priors.items():
            for place, other in enumerate(prior.along):
                if other not in CATALOGUE:
                    at = ("priors", name, "with", place)
                    raise _unknown("parameter of a lone cell", other, CATALOGUE, at)
        earlier: list[str] = []
        for name, fact in self.facts.items():
            if fact.before is not None and fact.before not in earlier:
                raise _unknown("earlier fact", fact.before, earlier, ("facts", name, "before"))
            earlier.append(name)
        return self
