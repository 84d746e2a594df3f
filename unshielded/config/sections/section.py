"""What every section of a config is: closed, strict, frozen; and what several of them share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from unshielded.config.sections.quantity import config_error
from unshielded.durations import DAY, YEAR

#: Of a full spiking simulation, in seconds.
LONGEST_RUN = 30 * DAY

#: Of a run with a solver, and of any age, in seconds.
LONGEST_LIFE = 120 * YEAR

#: Of a sweep.
MOST_POINTS = 100_000

Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]


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
