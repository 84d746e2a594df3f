"""What every section of a config is: closed, strict, frozen; and what several of them share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections.quantity import Quantity, config_error, seconds
from unshielded.durations import DAY, YEAR

#: Of a full spiking simulation, in seconds.
LONGEST_RUN = 30 * DAY

#: Of a run with a solver, and of any age, in seconds.
LONGEST_LIFE = 120 * YEAR

#: Of a sweep.
MOST_POINTS = 100_000

#: A dotted path; the JSON schema says which there are.
Setting = TypeAliasType("Setting", str)
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
Fraction = Annotated[float, Quantity("", low=0, high=1)]
Time = Annotated[float, Quantity("s", low=0, high=LONGEST_LIFE)]
Duration = Annotated[float, Quantity("s", above=0, high=LONGEST_LIFE)]


class Section(BaseModel):
    """A part of a config: closed, strict, frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def power_of_two(value: int) -> int:
    """Return a whole number above 0 if it is a power of two."""
    if value & (value - 1):
        lower = 1 << (value.bit_length() - 1)
        hint = f"the nearest are {lower} and {2 * lower}"
        raise config_error(f"{value} is not a power of two", "a power of two", hint)
    return value


def window(
    where: str, start: float, until: float | None, end: float, first: float = 0.0
) -> Iterator[Finding]:
    """Yield what is wrong with the times of `where`, in a run from `first` to `end`."""
    from_, joins = f"{where}.from", (f"{where}.from", "duration", "solver")
    within = f"a time within the duration of {seconds(end)}"
    if first:
        within = f"a time from {seconds(first)} to {seconds(end)}"
    if start < first:
        yield wrong(from_, f"{seconds(start)} is before the start of the run", within, joins=joins)
    if start >= end:
        what = f"{seconds(start)} is not before the end of the run"
        yield wrong(from_, what, within, joins=joins)
    if until is None:
        return
    if until > end:
        what = f"{seconds(until)} is after the end of the run"
        hint = f"lengthen the duration or end at {seconds(end)}"
        yield wrong(f"{where}.until", what, within, hint, joins)
    if until <= start:
        what = f"{seconds(until)} is not after 'from', {seconds(start)}"
        yield wrong(f"{where}.until", what, f"a time after {seconds(start)}", joins=(from_,))
