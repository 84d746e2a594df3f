"""The sections ``drive``, ``glutamate`` and ``stimulation``: what comes to the circuit from outside."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Final, Literal

from pydantic import Field

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.circuit import Circuit
from unshielded.config.sections.numerics import FAST, Numerics
from unshielded.config.sections.quantity import Quantity, seconds
from unshielded.config.sections.section import Fraction, Section, Time, window

#: The most that a stimulator of this model gives, per cent of its nominal maximum.
LARGEST_INTENSITY = 200.0

#: External releases per fast step and neuron, of which the compiled generator makes no more.
MOST_A_STEP: Final = 1.0

#: Settings that together decide how many external releases there are.
RELEASES: Final = (
    "drive.level", "drive.command", FAST, "circuit.populations", "parameters.background_rate",
    "parameters.command_rate", "preparation",
)  # fmt: skip

Intensity = Annotated[float, Quantity("", low=0, high=LARGEST_INTENSITY)]


class Drive(Section):
    """The motor command, on top of the resting background."""

    command: Literal["rest", "sustained", "rhythmic", "ramp_and_hold"] = Field(
        default="sustained", description="time course of the command"
    )
    level: Annotated[float, Quantity("", low=0)] = Field(
        default=1.0, description="height of the command"
    )
    from_: Time = Field(default=0.0, alias="from", description="start")
    until: Time | None = Field(default=None, description="end; null = to the end of the run")
    ramp: Time = Field(default=0.5, description="rise and fall time of ramp_and_hold")
    frequency: Annotated[float, Quantity("Hz", above=0, high=1000)] = Field(
        default=1.0, description="of rhythmic"
    )
    duty: Fraction = Field(default=0.5, description="active fraction of a rhythmic cycle")


class Glutamate(Section):
    """Glutamate clearance."""

    eaat2: Fraction = Field(default=1.0, description="EAAT2 transport capacity that is left")


class Pulse(Section):
    """A magnetic pulse over the motor cortex."""

    at: Time = Field(description="time; rounded to whole fast steps")
    intensity: Intensity = Field(description="per cent of the maximum stimulator output")


def check(
    drive: Drive, stimulation: Sequence[Pulse], numerics: Numerics, duration: float
) -> Iterator[Finding]:
    """Yield a command or pulses outside the run, and pulses that are not after the one before."""
    yield from window("drive", drive.from_, drive.until, duration)
    last = -1
    for place, pulse in enumerate(stimulation):
        where = f"stimulation.{place}.at"
        tick = round(pulse.at * numerics.fast_steps_per_second)
        if pulse.at >= duration:
            what = f"{seconds(pulse.at)} is not before the end of the run"
            expected = f"a time within the duration of {seconds(duration)}"
            yield wrong(where, what, expected, joins=("stimulation", "duration"))
        if tick <= last:
            what = f"{seconds(pulse.at)} is not after the pulse before it"
            expected = "pulses in order of time, a fast step apart at least"
            yield wrong(where, what, expected, joins=("stimulation", FAST))
        last = tick


def check_releases(
    drive: Drive,
    circuit: Circuit,
    parameters: Mapping[str, float],
    numerics: Numerics,
    catalogue: Catalogue,
) -> Iterator[Finding]:
    """Yield more external releases than one a fast step, which the compiled program cannot make.

    Parameters
    ----------
    parameters
        Of every population.
    """
    most = MOST_A_STEP * numerics.fast_steps_per_second
    level = 0.0 if drive.command == "rest" else drive.level
    too_low: list[float] = []
    given: set[str] = set()
    for name, population in circuit.populations.items():
        if not population.size:
            continue
        background, command = (
            _rate(rate, name, {**parameters, **population.parameters}, catalogue)
            for rate in ("background_rate", "command_rate")
        )
        if background > most:
            own = "background_rate" in population.parameters
            where = f"circuit.populations.{name}.parameters.background_rate"
            if not own:
                where = "parameters.background_rate" if "background_rate" in parameters else FAST
            yield wrong(
                where,
                f"{background:g} Hz of external releases to {name} are more than one a fast step",
                f"at most {most:g} Hz at {numerics.fast_steps_per_second} steps a second",
                "raise numerics.fast_steps_per_second"
                + (", or lower this" if where != FAST else ""),
                RELEASES,
            )
            if not own:
                return
        elif background + command * level > most:
            too_low.append((most - background) / command)
            given |= {
                f"parameters.{rate}"
                if rate not in population.parameters
                else f"circuit.populations.{name}.parameters.{rate}"
                for rate in ("background_rate", "command_rate")
                if rate in parameters or rate in population.parameters
            }
    if too_low:
        yield wrong(
            # what the user set of releases is to blame before a level that may be the default
            sorted(given)[0] if given and level <= 1 else "drive.level",
            f"a level of {level:g} makes more than one external release a fast step",
            f"a level of at most {math.floor(1000 * min(too_low)) / 1000:g} at {numerics.fast_steps_per_second} steps a second",
            "raise numerics.fast_steps_per_second, or lower "
            + (" or ".join(path.rsplit(".", 1)[-1] for path in sorted(given)) or "command_rate"),
            RELEASES,
        )


def _rate(name: str, population: str, given: Mapping[str, float], catalogue: Catalogue) -> float:
    """Return a rate of a population's external releases (Hz); 0 in a model that has none."""
    default = catalogue.populations[population].parameters.get(name) or catalogue.parameters.get(
        name
    )
    return given.get(name, 0.0 if default is None else default.si)
