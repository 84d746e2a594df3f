"""The sections ``drive``, ``glutamate`` and ``stimulation``: what comes to the circuit from outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections.numerics import FAST, Numerics
from unshielded.config.sections.quantity import Quantity, seconds
from unshielded.config.sections.section import Fraction, Section, Time, window

#: The most that a stimulator of this model gives, per cent of its nominal maximum.
LARGEST_INTENSITY = 200.0

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
