"""The section ``solver``: how to solve a run that is too long for full spiking simulation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.circuit import Circuit
from unshielded.config.sections.drive import Drive
from unshielded.config.sections.numerics import SLOW, Numerics, Record
from unshielded.config.sections.quantity import Quantity, seconds
from unshielded.config.sections.section import LONGEST_RUN, Duration, Section, Time
from unshielded.durations import DAY, YEAR

#: What a remedy of those that need one begins with.
ADD_A_SOLVER = "add 'solver: {kind: multiscale}'"

#: Of at most an hour: what a window costs is that of a plain run of this length.
_Short = Annotated[float, Quantity("s", low=0, high=3600)]
_Share = Annotated[float, Quantity("", above=0, high=1)]


class Solver(Section):
    """The multiscale solver: spikes in windows, cells and ageing in between."""

    kind: Literal["multiscale"] = Field(
        description="windows of spikes; the cells and slow states relax in between"
    )
    window: Annotated[float, Quantity("s", above=0, high=3600)] = Field(
        default=4.0, description="biological time of a window"
    )
    settle: _Short = Field(
        default=1.0, description="start of a window that is not counted in its loads"
    )
    largest_step: Duration = Field(
        default=YEAR,
        description="from one window to the next, at most; the window's length: no projection, "
        "all is simulated",
    )
    smallest_step: Time = Field(
        default=60.0, description="below which neither loads nor deaths shorten a step"
    )
    tolerance: _Share = Field(
        default=0.1, description="change of a population's mean loads over a step, relative"
    )
    deaths: _Share = Field(
        default=0.05, description="share of a population that may die within a step"
    )
    memory: _Short = Field(
        default=30.0, description="spiking time over which the loads of each cell are averaged"
    )
    accuracy: Annotated[float, Quantity("", low=1e-9, high=1e-2)] = Field(
        default=1e-4, description="relative tolerance of the integrator between windows"
    )
    start_age: Time = Field(
        default=25 * YEAR, description="age at the start; 'from' and 'until' are ages then"
    )


def check(
    solver: Solver, duration: float, numerics: Numerics, circuit: Circuit
) -> Iterator[Finding]:
    """Yield what does not fit together in a solver, or with the run that it solves."""
    if solver.settle >= solver.window:
        what = f"{seconds(solver.settle)} leaves nothing of the window of {seconds(solver.window)}"
        yield wrong("solver.settle", what, "less than the window", joins=("solver",))
    slow = numerics.slow_steps_per_second
    for name, value in (("window", solver.window), ("settle", solver.settle)):
        if value * slow != round(value * slow):
            what = f"{seconds(value)} is not a whole number of slow steps"
            yield wrong(f"solver.{name}", what, f"a multiple of 1/{slow} s", joins=("solver", SLOW))
    at_least = f"at least {seconds(solver.window)}"
    if solver.largest_step < solver.window:
        what = f"{seconds(solver.largest_step)} is shorter than the window"
        yield wrong("solver.largest_step", what, at_least, joins=("solver",))
    if duration < solver.window:
        what = f"{seconds(duration)} is shorter than a window of the solver"
        yield wrong("duration", what, at_least, joins=("solver",))
    if not circuit.has_cells:
        what = "no neuron carries the calcium submodel, and nothing else ages"
        expected = "a population with carries_calcium: true and a size above 0"
        yield wrong("solver", what, expected, joins=("circuit.populations", "culture"))


def refused(drive: Drive, record: Record, *, pulses: bool) -> Iterator[Finding]:
    """Yield what only a full spiking simulation can do."""
    command_changes = drive.from_ != 0 or drive.until is not None
    for where, given, why in (
        ("stimulation", pulses, "magnetic pulses need full spiking simulation"),
        (
            "record.membrane",
            record.membrane is not None,
            "fast traces need full spiking simulation",
        ),
        ("drive.from", command_changes, "the command of every window is the same"),
    ):
        if given:
            hint = "remove it, or remove 'solver'"
            yield wrong(where, why, "nothing here with a solver", hint, joins=("solver",))


def check_without(
    duration: float, circuit: Circuit, parameters: Mapping[str, float], catalogue: Catalogue
) -> Iterator[Finding]:
    """Yield what needs a solver: a long run, and parameters that have no effect in a short one."""
    if duration > LONGEST_RUN:
        what = f"{seconds(duration)} is too long for full spiking simulation"
        expected = f"at most {LONGEST_RUN / DAY:g} days, or a solver"
        yield wrong("duration", what, expected, ADD_A_SOLVER, ("solver",))
    given = {f"parameters.{name}": name for name in parameters}
    for population, chosen in circuit.populations.items():
        where = f"circuit.populations.{population}.parameters"
        given |= {f"{where}.{name}": name for name in chosen.parameters}
    for path, name in given.items():
        if name in catalogue.slow:
            what = f"{name} acts over days to years, longer than a full spiking simulation"
            yield wrong(path, what, "a solver", ADD_A_SOLVER, ("solver",), at_key=True)
