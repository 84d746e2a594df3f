"""``unshielded trial``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from unshielded.cli.jobs import AddressOption, FailFastOption, JobsOption, Where, WhereOption
from unshielded.cli.options import RUNS, ConfigArgument, ForceOption, OutOption, SetOption
from unshielded.cli.output import Format, FormatOption, number, show, table, write_json
from unshielded.cli.sweep import carry_through, end
from unshielded.processes import cores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from unshielded.results.trial import ArmOutcome
    from unshielded.statistics.intervals import Estimate


def trial(
    config: ConfigArgument,
    overrides: SetOption = None,
    jobs: JobsOption = None,
    where: WhereOption = Where.LOCAL,
    address: AddressOption = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Show the runs and their predicted time, memory and disk space; compute nothing.",
        ),
    ] = False,
    fail_fast: FailFastOption = False,
    out: OutOption = RUNS,
    force: ForceOption = False,
    style: FormatOption = Format.TEXT,
) -> None:
    """Run every arm of a config's trial and compare each arm with the control.

    A trial is a sweep: 'status' and 'resume' work on its folder, and runs with results are not
    repeated. Run the command again to compare the existing results.
    """
    from unshielded.api.experiments import loaded
    from unshielded.api.sweeps import SweepResult
    from unshielded.api.trials import TrialResult, with_trial, written
    from unshielded.interrupt import interruptible
    from unshielded.results.trial import as_json, of_lives
    from unshielded.sweeps import SweepPlan, occupied, plan

    experiment = with_trial(loaded(config, overrides or ()))
    if dry_run:
        from unshielded.cli.dry_run import foresee

        foresee(SweepPlan(experiment, out), jobs or cores(), style)
        return
    with interruptible(), occupied(out / experiment.config.name):
        planned = plan(experiment, out)
        points, places = carry_through(planned, where, jobs, address, fail_fast, force)
        found = TrialResult(SweepResult(planned.folder, planned))
        if any(point.outcome is not None for point in points):
            places += written(found)
            if style is Format.JSON:
                write_json(as_json(found.compared, found.control))
            else:
                lives = _HOW_LIVES if of_lives(found.compared) else ()
                show(summary(found.compared), "", _HOW, *lives, "", *map(str, places))
        elif style is Format.JSON:
            write_json(as_json([], found.control))
        end(planned, points)


_HOW = (
    "Motor neurons; means over seeds. Brackets are 95 % intervals over seeds, of differences from "
    "the control\nwith the same seed; – where seeds give none. Hazard ratios are of what happens "
    "after the start. More: trial.csv"
)

_HOW_LIVES = (
    "Starts are ages. A life that is not weak at its end counts as one that becomes so then.",
)


def summary(outcomes: Sequence[ArmOutcome]) -> Table:
    """Show the outcome of every arm, and its difference from the control."""
    from unshielded.plot.trial_course import span_axis
    from unshielded.results.trial import of_lives

    lives = of_lives(outcomes)
    longest = max(each.mean_life for each in outcomes)
    factor, label = span_axis(longest, lives)
    unit = label.partition("(")[2].rstrip(")")
    several = any(each.variant for each in outcomes)
    heads = [
        *(["variant"] if several else []),
        "arm",
        "from",
        "seeds",
        "alive",
        "difference",
        "force\nkept, %",
        "deaths",
        "hazard ratio",
        f"life gained\n{unit}",
        "deaths\nprevented, %",
        *(["onset\ndelayed, years", "20 % strength\ndelayed, years"] if lives else []),
    ]
    first = 2 + several
    made = table(*heads, numbers=range(first, len(heads)))
    for each in outcomes:
        against = each.against
        names = [*([each.variant] if several else []), each.arm, each.start]
        force = None if each.force_kept is None else 100 * each.force_kept
        row = [*names, str(each.seeds), f"{each.alive:.1f} of {each.n:.0f}"]
        if against is None:
            made.add_row(*row, "", number(force, 0), str(each.deaths), *[""] * (3 + 2 * lives))
            continue
        made.add_row(
            *row,
            _interval(against.alive, 1.0, 1),
            number(force, 0),
            str(each.deaths),
            against.hazard.text(),
            _interval(against.gained, factor, 2),
            _interval(against.prevented, 100.0, 0),
            *([_interval(e, factor, 1) for e in (against.onset, against.severe)] if lives else []),
        )
    return made


def _interval(estimate: Estimate, scale: float, digits: int) -> str:
    if estimate.value is None:
        return "–"
    value, *ends = (
        None if each is None else round(scale * each, digits) + 0.0  # there is one zero
        for each in (estimate.value, estimate.low, estimate.high)
    )
    low, high = (number(end, digits) for end in ends)
    return f"{value:+.{digits}f} " + (f"[{low}, {high}]" if None not in ends else "[–]")
