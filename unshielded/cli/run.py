"""``unshielded run``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unshielded.cli.options import RUNS, ConfigArgument, ForceOption, OutOption, SetOption
from unshielded.cli.output import Format, FormatOption, log, number, show, table, write_json
from unshielded.durations import YEAR

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
    from unshielded.cli.interrupt import interruptible
    from unshielded.cli.progress import reporter
    from unshielded.config import load
    from unshielded.running.run import run as simulate

    experiment = load(config, overrides or (), seed)
    if experiment.config.sweep is not None:
        log("the config's sweep is ignored; 'unshielded sweep' runs it")
    if experiment.config.trial is not None:
        log("the config's trial is ignored; 'unshielded trial' runs it")
    with (
        interruptible(heeds=True) as guard,
        reporter([""], [experiment.config.duration]) as report,
    ):

        def progress(phase: str, simulated: float, alive: int) -> None:
            report.advance(0, phase, simulated, alive)

        outcome = simulate(experiment, out, progress, guard.cancel, force)
        report.finish(0, "")
    if style is Format.JSON:
        write_json(outcome.as_json(), indent=None)
    else:
        life: list[Table | str] = []
        if outcome.lifespan is not None:
            life = ["", lifetime(outcome.lifespan)]
        show(populations(outcome, experiment.config), *life, "", *_places(outcome, out))


def populations(outcome: RunOutcome, config: Config) -> Table:
    """Show the outcome of each population."""
    made = table(
        "population",
        "neurons",
        "alive",
        "burned out",
        "mean rate",
        "median time of death",
        numbers=range(1, 6),
    )
    for name, found in outcome.populations.items():
        if not found["n"]:
            continue
        carries = config.circuit.populations[name].carries_calcium
        share = 100.0 * found["burned_out"] / found["n"] if carries else None
        made.add_row(
            name,
            str(found["n"]),
            str(found["alive"]),
            number(share, 1, " %"),
            number(found["mean_rate_hz"], 1, " Hz"),
            _time_of_death(found["median_time_of_death_s"], config),
        )
    return made


def _time_of_death(seconds: float | None, config: Config) -> str:
    """A time of the run, or the age in a lifespan."""
    if config.solver is None or seconds is None:
        return number(seconds, 1, " s")
    return number((config.solver.start_age + seconds) / YEAR, 2, " years old")


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
    return f"{outcome.results}  ({seconds})", f"unshielded plot {outcome.results.parent}"
