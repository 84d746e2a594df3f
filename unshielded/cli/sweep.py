"""``unshielded sweep``."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unshielded.cli.options import RUNS, ConfigArgument, ForceOption, OutOption, SetOption
from unshielded.cli.output import Format, FormatOption, log, number, show, table, write_json

if TYPE_CHECKING:
    from rich.table import Table

    from unshielded.config import Experiment
    from unshielded.sweep import Point

FAILED = 1

#: Whose rates are shown; the others are in sweep.csv.
_RATES = ("pyramidal", "pv", "motor_s")

#: Whose median time of death is shown.
_TIMED = "motor_fr"


def sweep(
    config: ConfigArgument,
    overrides: SetOption = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "-j", "--jobs", min=1, metavar="N", help="Runs at a time.", show_default="all cores"
        ),
    ] = None,
    out: OutOption = RUNS,
    force: ForceOption = False,
    style: FormatOption = Format.TEXT,
) -> None:
    """Run every point of a config's sweep; points that are already there are not repeated."""
    from unshielded.cli.interrupt import interruptible
    from unshielded.cli.progress import reporter
    from unshielded.config import load
    from unshielded.sweep import run_sweep, write_tables

    experiment = load(config, overrides or ())
    singles = list(experiment.points())
    labels = [label(values, seed) for values, seed, _ in singles]
    durations = [single.config.duration for _, _, single in singles]
    found: dict[int, Point] = {}
    with interruptible() as guard, reporter(labels, durations) as report:
        running = run_sweep(
            experiment, out, jobs or cores(), report.advance, guard.cancel, force=force
        )
        with closing(running):
            for place, point in running:
                found[place] = point
                report.finish(place, point.error)
        points = [found[place] for place in sorted(found)]
        places = write_tables(experiment, points, out)
    failed = [point for point in points if point.outcome is None]
    if style is Format.JSON:
        write_json([point.as_json() for point in points])
    elif len(failed) < len(points):
        show(outcomes(experiment, points), "", *(str(place) for place in places if place))
    for point in failed:
        log(f"error: {label(point.values, point.seed)}: {point.error}")
    if failed:
        log(f"{len(failed)} of {len(points)} runs failed; run the same command again to retry")
        raise typer.Exit(FAILED)


def cores() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def label(values: dict[str, Any], seed: int) -> str:
    """Name a point.

    Examples
    --------
    >>> label({"circuit.interneuron_loss": 0.5}, 1)
    'interneuron_loss=0.5 seed=1'
    """
    return " ".join([*(f"{_short(p)}={v}" for p, v in values.items()), f"seed={seed}"])


def _short(path: str) -> str:
    return path.rpartition(".")[2]


def outcomes(experiment: Experiment, points: list[Point]) -> Table:
    """Show rates, burn-out and median time of death at each level; mean ± sd over seeds."""
    from unshielded.analyse import dose_response

    populations = experiment.config.circuit.populations
    present = [name for name, p in populations.items() if p.size]
    rates = [name for name in _RATES if name in present] or present
    dying = [name for name in present if populations[name].carries_calcium]
    axes = list(dict.fromkeys(axis for point in points for axis in point.values))
    several = len({point.seed for point in points}) > 1
    levels: dict[str, dict[str, dict[str, Any]]] = {}
    for row in dose_response([point.as_json() for point in points]):
        key = repr([row[axis] for axis in axes])
        levels.setdefault(key, {})[row["population"]] = row
    heads = [
        *(_short(axis).replace("_", "\n") for axis in axes),
        *(["runs"] if several else []),
        *(f"{name}\nHz" for name in rates),
        *(f"{name}\nburned\nout, %" for name in dying),
        *(f"{name}\ndies at\ns" for name in dying if name == _TIMED),
    ]
    made = table(*heads, numbers=range(len(heads)))
    made.padding = (0, 1, 0, 0)  # fits 80 columns
    for row in levels.values():
        some = next(iter(row.values()))
        made.add_row(
            *(str(some[axis]) for axis in axes),
            *([str(some["runs"])] if several else []),
            *(_mean(row[name], "mean_rate_hz") for name in rates),
            *(_mean(row[name], "burned_out_percent") for name in dying),
            *(_mean(row[name], "median_time_of_death_s") for name in dying if name == _TIMED),
        )
    return made


def _mean(row: dict[str, Any], name: str) -> str:
    mean, deviation = row[f"{name}_mean"], row[f"{name}_sd"]
    return number(mean) + (f"±{deviation:.1f}" if deviation is not None else "")
