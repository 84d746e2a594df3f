"""The section ``solver``: how to solve a run that is too long for full spiking simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from unshielded.config.sections.quantity import Quantity
from unshielded.config.sections.section import LONGEST_LIFE, Section
from unshielded.durations import YEAR

if TYPE_CHECKING:
    from unshielded.config.sections.schema import Config

#: Of a window, in seconds: what it costs is that of a plain run of this length.
_LONGEST_WINDOW: Final = 3600.0


class Solver(Section):
    """The multiscale solver: spikes in windows, cells and ageing in between."""

    kind: Annotated[
        Literal["multiscale"],
        Field(description="windows of spikes; the cells and slow states relax in between"),
    ]
    window: Annotated[
        float,
        Quantity("s", above=0, high=_LONGEST_WINDOW),
        Field(description="biological time of a window"),
    ] = 4.0
    settle: Annotated[
        float,
        Quantity("s", low=0, high=_LONGEST_WINDOW),
        Field(description="start of a window that is not counted in its loads"),
    ] = 1.0
    largest_step: Annotated[
        float,
        Quantity("s", above=0, high=LONGEST_LIFE),
        Field(
            description="from one window to the next, at most; the window's length: no "
            "projection, all is simulated"
        ),
    ] = YEAR
    smallest_step: Annotated[
        float,
        Quantity("s", low=0, high=LONGEST_LIFE),
        Field(description="below which neither loads nor deaths shorten a step"),
    ] = 60.0
    tolerance: Annotated[
        float,
        Quantity("", above=0, high=1),
        Field(description="change of a population's mean loads over a step, relative"),
    ] = 0.1
    deaths: Annotated[
        float,
        Quantity("", above=0, high=1),
        Field(description="share of a population that may die within a step"),
    ] = 0.05
    memory: Annotated[
        float,
        Quantity("s", low=0, high=_LONGEST_WINDOW),
        Field(description="spiking time over which the loads of each cell are averaged"),
    ] = 30.0
    accuracy: Annotated[
        float,
        Quantity("", low=1e-9, high=1e-2),
        Field(description="relative tolerance of the integrator between windows"),
    ] = 1e-4
    start_age: Annotated[
        float,
        Quantity("s", low=0, high=LONGEST_LIFE),
        Field(description="age at the start; 'from' and 'until' are ages then"),
    ] = 25 * YEAR


def begin(config: Config) -> float:
    """Return the time of the start as 'from' and 'until' count it: 0, or the age."""
    return 0.0 if config.solver is None else config.solver.start_age


def end(config: Config) -> float:
    """Return the time of the end, counted likewise, in seconds."""
    return begin(config) + config.duration
