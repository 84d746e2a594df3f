"""``unshielded run``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unshielded.cli.cautions import caution
from unshielded.cli.options import RUNS, ConfigArgument, ForceOption, OutOption, SetOption
from unshielded.cli.output import Format, FormatOption, log, number, show, table, write_json
from unshielded.durations import YEAR, suited

if TYPE_CHECKING:
    from rich.table import Table

    from unshielded.config import Config
    from unshielded.running.run import RunOutcome


def run(
    config: ConfigArgument,
    overrides: SetOption = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", help="Seed of this run; replaces the config's seed."),
    ] = None,
    out: OutOption = RUNS,
    force: ForceOption = False,
    style: FormatOption = Format.TEXT,
) -> None:
    """Run one experiment; reuse the result if it exists. A sweep in the config is ignored."""
    from unshielded.api.experiments import loaded
    from unshielded.api.runs import compute
    from unshielded.interrupt import interruptible
    from unshielded.progress.reporter import reporter

    experiment = loaded(config, overrides or (), seed)
    if experiment.config.sweep is not None:
        log("the config's sweep is ignored; 'unshielded sweep' runs it")
    if experiment.config.trial is not None:
        log("the config's trial is ignored; 'unshielded trial' runs it")
    caution([experiment.config])
    with (
        interruptible(heeds=True) as guard,
        reporter([""], [experiment.config.duration]) as report,
    ):
        outcome = compute(experiment, out, report, guard.cancel, force)
    if style is Format.JSON:
        write_json(outcome.as_json(), indent=None)
    else:
        life: list[Table | str] = []
        if outcome.lifespan is not None:
            life = ["", lifetime(outcome.lifespan)]
        show(populations(outcome, experiment.config), *life, "", *_places(outcome, out))


def populations(outcome: RunOutcome, config: Config) -> Table:
    """Show the outcome of each population."""
    from unshielded.results.summary import burned_out_percent

    made = table(
        "population",
        "neurons",
        "alive",
        "lost",
        "burned out",
        "doomed",
        "mean rate",
        "mean time to death",
        "median",
        numbers=range(1, 9),
    )
    for name, found in outcome.populations.items():
        if not found["n"]:
            continue
        carries = config.circuit.populations[name].carries_calcium
        share = burned_out_percent(found) if carries else None
        made.add_row(
            name,
            str(found["n"]),
            str(found["alive"]),
            number(found["lost"], 0),
            number(share, 1, " %"),
            number(found["doomed"], 0),
            number(found["mean_rate_hz"], 1, " Hz"),
            *(
                _time(found[f"{name}_time_to_death_s"], found, config)
                for name in ("mean", "median")
            ),
        )
    return made


def _time(seconds: float | None, found: Mapping[str, Any], config: Config) -> str:
    """A time of the run, or the age in a lifespan of years; later than the end if nobody died."""
    if seconds is None and found["mean_time_to_death_s"] is None:
        return "–"
    later = "> " if seconds is None or not found["burned_out"] else ""
    seconds = found["followed_s"] if seconds is None else seconds
    if config.solver is not None and config.duration >= YEAR:
        return later + number((config.solver.start_age + seconds) / YEAR, 2, " years old")
    unit, name = suited(config.duration)
    return later + number(seconds / unit, 1, f" {name}")


def lifetime(found: dict[str, float | str | None]) -> Table:
    """Show the outcome of a lifespan."""
    made = table("", "", numbers=[1])
    made.show_header = False
    for name, value in found.items():
        unit = " years" if "_years" in name else ""
        words = name.replace("_years", "").replace("_", " ")
        shown = str(value or "–") if isinstance(value, str) else number(value, 2, unit)
        made.add_row(words, shown)
    return made


def _places(outcome: RunOutcome, out: Path) -> tuple[str, str]:
    years = outcome.simulated_s / YEAR
    lived = (
        f"{outcome.simulated_s:g} s simulated" if outcome.lifespan is None else f"{years:g} years"
    )
    seconds = f"{lived} in {outcome.wall_s:.1f} s"
    return (
        f"{outcome.results}  ({seconds})",
        f"unshielded plot {quote(str(outcome.results.parent))}",
    )
