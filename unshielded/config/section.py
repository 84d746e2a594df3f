"""What every section of a config is: closed, strict, frozen."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

#: Of a run, in seconds.
LONGEST_RUN = 30 * 86400.0


class Section(BaseModel):
    """A part of a config: closed, strict, frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
