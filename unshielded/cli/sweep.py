"""``unshielded sweep`` and ``unshielded resume``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from unshielded.cli.cautions import caution
from unshielded.cli.jobs import (
    AddressOption,
    FailFastOption,
    JobsOption,
    Where,
    WhereOption,
    executor,
    memory_to_ask_for,
)
from unshielded.cli.options import RUNS, ConfigArgument, ForceOption, OutOption, SetOption
from unshielded.cli.outcomes import outcomes
from unshielded.cli.output import Format, FormatOption, log, show, write, write_json
from unshielded.processes import cores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unshielded.sweeps import PointResult, SweepPlan

FAILED = 1

FolderArgument = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder of a sweep: runs/<name>.")
]


class Script(StrEnum):
    """What can be written in place of computing."""

    SLURM_ARRAY = "slurm-array"


def sweep(
    config: ConfigArgument,
    overrides: SetOption = None,
    jobs: JobsOption = None,
    where: WhereOption = Where.LOCAL,
    address: AddressOption = None,
    emit: Annotated[
        Script | None,
        typer.Option(
            "--emit", help="Write a job script that computes the points; compute nothing now."
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Show the points and their predicted time, memory and disk space; compute nothing.",
        ),
    ] = False,
    fail_fast: FailFastOption = False,
    out: OutOption = RUNS,
    force: ForceOption = False,
    style: FormatOption = Format.TEXT,
) -> None:
    """Run every point of a config's sweep; reuse points whose results exist."""
    from unshielded.api.experiments import loaded
    from unshielded.interrupt import interruptible
    from unshielded.sweeps import SweepPlan, keep_others, occupied, plan

    experiment = loaded(config, overrides or ())
    if dry_run:
        from unshielded.cli.dry_run import foresee

        foresee(SweepPlan(experiment, out), jobs or cores(), style)
        return
    with interruptible(), occupied(out / experiment.config.name):
        if not force:
            keep_others(SweepPlan(experiment, out.absolute()))
        planned = plan(experiment, out)
        if emit is Script.SLURM_ARRAY:
            write(str(_array(planned, force)))
            return
        _carry(planned, where, jobs, address, fail_fast, force, style)


def resume(
    folder: FolderArgument,
    jobs: JobsOption = None,
    where: WhereOption = Where.LOCAL,
    address: AddressOption = None,
    fail_fast: FailFastOption = False,
    force: ForceOption = False,
    style: FormatOption = Format.TEXT,
) -> None:
    """Continue a sweep: compute the missing points and write the tables.

    Existing results are verified by checksum; damaged ones are computed again.
    """
    from unshielded.interrupt import interruptible
    from unshielded.sweeps import occupied, read_plan

    planned = read_plan(folder)
    if planned.renamed:
        log(f"note: {folder} is the sweep {planned.experiment.config.name!r}, renamed")
    with interruptible(), occupied(planned.folder):
        _carry(planned, where, jobs, address, fail_fast, force, style)


def _carry(
    plan: SweepPlan,
    where: Where,
    jobs: int | None,
    address: str | None,
    fail_fast: bool,
    force: bool,
    style: Format,
) -> None:
    points, places = carry_through(plan, where, jobs, address, fail_fast, force)
    if style is Format.JSON:
        write_json([point.as_json() for point in points])
    elif any(point.outcome is not None for point in points):
        show(*outcomes(plan.experiment, points), "", *map(str, places))
    end(plan, points)


def carry_through(
    plan: SweepPlan,
    where: Where,
    jobs: int | None,
    address: str | None,
    fail_fast: bool,
    force: bool,
) -> tuple[list[PointResult], list[Path]]:
    """Compute all points of a plan; return those that ended, and the tables of a whole sweep."""
    from unshielded.api import sweeps
    from unshielded.progress.reporter import reporter

    caution(plan.point(number).config for number in range(len(plan)))
    sweeps.check(plan, force)  # before a cluster is asked for workers
    with reporter(sweeps.labels(plan), plan.durations) as report:
        at_work = executor(plan, where, jobs, address, force)
        return sweeps.carry_through(plan, at_work, report, fail_fast)


def end(plan: SweepPlan, points: Sequence[PointResult]) -> None:
    """Say which points failed, and end the command with their exit code; do nothing if none did."""
    from unshielded.sweeps.labels import label

    failed = [point for point in points if point.outcome is None]
    for point in failed:
        log(f"error: {label(point.values, point.seed)}: {point.error}")
    if failed:
        left = len(plan) - len(points)
        log(
            f"{len(failed)} of {len(plan)} runs failed"
            + (f", {left} were not begun or not finished" if left else "")
            + f"; to try them again: unshielded resume {quote(str(plan.folder))}"
        )
        raise typer.Exit(next((p.exit_code for p in failed if p.common), FAILED))


def _array(plan: SweepPlan, force: bool) -> Path:
    from unshielded.assemble.predict import predict
    from unshielded.store.format.files import StoreError
    from unshielded.sweeps import Stage, keep_others, states
    from unshielded.sweeps.slurm import write_array

    if not force:
        keep_others(plan)
    found = enumerate(states(plan))
    numbers = [n for n, state in found if force or state.stage is not Stage.DONE]
    if not numbers:
        raise StoreError(f"{plan.folder}: all points are there; 'unshielded resume' checks them")
    configs = [plan.point(number).config for number in numbers]
    memory = max((memory_to_ask_for(config) for config in configs), default=0)
    seconds = max((predict(config).seconds for config in configs), default=0.0)
    # a slower processor, and compiling
    return write_array(plan.folder, numbers, memory, 2 * seconds + 300, force)
