"""The sections ``numerics`` and ``record``: the clocks, and what is recorded at which of their steps."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections.quantity import seconds
from unshielded.config.sections.section import Duration, Section, Time, power_of_two, window

FAST = "numerics.fast_steps_per_second"
SLOW = "numerics.slow_steps_per_second"

_PowerOfTwo = Annotated[int, AfterValidator(power_of_two)]


class Numerics(Section):
    """The two clocks. Steps are powers of two per second so that they never drift apart."""

    fast_steps_per_second: _PowerOfTwo = Field(
        default=8192,
        ge=2**11,
        le=2**17,
        description="steps of membranes and synapses; a power of two",
    )
    slow_steps_per_second: _PowerOfTwo = Field(
        default=512, ge=2**9, le=2**14, description="steps of calcium and energy; a power of two"
    )


class MembraneTraces(Section):
    """Fast traces of the membrane potential."""

    neurons: int = Field(default=3, ge=1, le=100, description="traced neurons per population")
    interval: Duration = Field(
        default=1e-3, description="between samples; rounded to whole fast steps"
    )
    from_: Time = Field(default=0.0, alias="from", description="start")
    until: Duration = Field(description="end")


class Record(Section):
    """What is recorded."""

    interval: Duration = Field(
        default=1.0,
        description="of slow traces, means and spike counts; rounded to whole slow steps",
    )
    spikes: bool = Field(default=True, description="whether spike times are kept")
    neurons: int = Field(
        default=3, ge=0, le=100, description="neurons with slow traces, per population"
    )
    membrane: MembraneTraces | None = Field(
        default=None, description="fast membrane traces; null = none"
    )


def check(numerics: Numerics, record: Record, duration: float) -> Iterator[Finding]:
    """Yield clocks that do not go together, and intervals that are not whole steps of the run."""
    slow, fast = numerics.slow_steps_per_second, numerics.fast_steps_per_second
    if fast % slow:
        what = f"{slow} slow steps do not divide {fast} fast steps"
        yield wrong(SLOW, what, f"at most {fast}", joins=(FAST,))
    interval, membrane = record.interval, record.membrane
    if round(interval * slow) < 1 or duration * slow < 1:
        shorter = min(interval, duration)
        what = f"{seconds(shorter)} is shorter than a slow step"
        yield wrong("record.interval", what, f"at least {seconds(1 / slow)}", joins=(SLOW,))
    elif interval > duration:
        what, expected = (
            f"{seconds(interval)} is longer than the run",
            f"at most the duration of {seconds(duration)}",
        )
        yield wrong("record.interval", what, expected, joins=(SLOW, "duration"))
    if membrane is None:
        return
    if round(membrane.interval * fast) < 1:
        what = f"{seconds(membrane.interval)} is shorter than a fast step"
        yield wrong(
            "record.membrane.interval", what, f"at least {seconds(1 / fast)}", joins=(FAST,)
        )
    yield from window("record.membrane", membrane.from_, membrane.until, duration)


def settled(record: Record, duration: float) -> Record:
    """Return the record with the default interval of a run that is shorter than that."""
    if "interval" in record.model_fields_set or record.interval <= duration:
        return record
    return record.model_copy(update={"interval": duration})


def rounded(numerics: Numerics, record: Record, duration: float) -> Record:
    """Return what is recorded at whole steps of the run: 100 ms is 51 slow steps of 1/512 s."""
    slow, fast = numerics.slow_steps_per_second, numerics.fast_steps_per_second
    steps = min(round(record.interval * slow), math.floor(duration * slow))
    changes: dict[str, object] = {"interval": steps / slow}
    if record.membrane is not None:
        interval = max(1, round(record.membrane.interval * fast)) / fast
        changes["membrane"] = record.membrane.model_copy(update={"interval": interval})
    return record.model_copy(update=changes)
