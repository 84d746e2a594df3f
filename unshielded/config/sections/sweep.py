"""The section ``sweep``: experiments that differ in a few settings."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from unshielded.config.sections.quantity import config_error
from unshielded.config.sections.sampling import SamplingDesign
from unshielded.config.sections.section import Section, Seed, Setting


def _no_duplicates(seeds: tuple[int, ...] | None) -> tuple[int, ...] | None:
    twice = [seed for seed, times in Counter(seeds or ()).items() if times > 1]
    if twice:
        raise config_error(f"the seed {twice[0]} is listed twice", "each seed once")
    return seeds


Values = Annotated[list[Any], Field(min_length=1)]


class Sweep(Section):
    """Experiments that differ from this one in a few settings."""

    grid: dict[Setting, Values] | None = Field(
        default=None, description="setting → its values; all combinations are run"
    )
    zip_: dict[Setting, Values] | None = Field(
        default=None,
        alias="zip",
        description="setting → its values, as many for each: they go together",
    )
    list_: tuple[dict[Setting, Any], ...] | None = Field(
        default=None,
        alias="list",
        strict=False,
        min_length=1,
        description="points one by one, each setting → its value",
    )
    sample: SamplingDesign | None = Field(
        default=None, description="points drawn between the limits of a few settings"
    )
    seeds: Annotated[tuple[Seed, ...] | None, AfterValidator(_no_duplicates)] = Field(
        default=None,
        strict=False,
        min_length=1,
        description="each combination is run with each seed",
    )
