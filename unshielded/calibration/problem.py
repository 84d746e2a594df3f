"""The problem of a calibration: priors of parameters, and facts that they must explain."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from unshielded import circuit
from unshielded.circuit.populations import MOTOR_POOLS, POPULATIONS, TYPICAL
from unshielded.mechanism.units import to_si
from unshielded.preparations import DEFAULT, PREPARATIONS
from unshielded.single_cell.cell import CATALOGUE

#: What `of` says → the populations that follow the prior of the middle motor neuron.
GROUPS: Mapping[str, tuple[str, ...]] = {"all": tuple(POPULATIONS), "motor": MOTOR_POOLS}


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

    @field_validator("duration", "not_before", mode="before")
    @classmethod
    def _times(cls, value: object) -> object:
        return to_si(value, "s") if isinstance(value, str) else value

    @field_validator("firing_rate", mode="before")
    @classmethod
    def _rates(cls, value: object) -> object:
        return to_si(value, "Hz") if isinstance(value, str) else value

    @field_validator("held_at", mode="before")
    @classmethod
    def _potentials(cls, value: object) -> object:
        return to_si(value, "V") if isinstance(value, str) else value

    @field_validator("calcium_per_spike", mode="before")
    @classmethod
    def _concentrations(cls, value: object) -> object:
        return to_si(value, "mM") if isinstance(value, str) else value

    @field_validator("bath", mode="before")
    @classmethod
    def _agents(cls, value: object) -> object:
        return (
            {agent: to_si(amount, "mM") for agent, amount in value.items()}
            if isinstance(value, dict)
            else value
        )

    @model_validator(mode="after")
    def _known(self) -> Fact:
        for name, known in ((self.population, POPULATIONS), (self.preparation, PREPARATIONS)):
            if name not in known:
                raise ValueError(f"{name!r} is unknown, expected one of {', '.join(known)}")
        return self


class Problem(_Data):
    """Priors and facts.

    Attributes
    ----------
    priors
        Parameter → prior.
    facts
        Name → fact.
    """

    priors: Mapping[str, Prior]
    facts: Mapping[str, Fact]

    @field_validator("priors", mode="before")
    @classmethod
    def _in_units(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        unknown = [name for name in value if name not in CATALOGUE]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not a parameter of a lone cell")
        return {
            name: {**prior, "median": to_si(prior["median"], CATALOGUE[name].unit)}
            for name, prior in value.items()
        }


def load_problem(path: Path | None = None) -> Problem:
    """Read a problem; the lone cell's own if none is named.

    Raises
    ------
    ValueError
        If it is not a problem: what, and where in it.
    """
    text = (
        (files(__package__) / "cell.yaml").read_text(encoding="utf-8")
        if path is None
        else path.read_text(encoding="utf-8")
    )
    return Problem.model_validate(yaml.safe_load(text))


#: The cell whose number a prior is.
REFERENCE = TYPICAL
#: Agent → its state in the equations of a lone cell.
BATHS = {name: f"{stem}_bath" for name, stem in circuit.AGENTS.items()}
