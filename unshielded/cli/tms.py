"""``unshielded tms``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from unshielded.cli.options import RUNS, ConfigArgument, ForceOption, OutOption, SetOption
from unshielded.cli.output import Format, FormatOption, log, number, show, table, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from unshielded.tms_sessions.sitting import Held

FAILED = 1


def tms(
    config: ConfigArgument,
    overrides: SetOption = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "-j",
            "--jobs",
            min=1,
            metavar="N",
            help="Number of sessions computed at the same time.",
            show_default="all cores",
        ),
    ] = None,
    out: OutOption = RUNS,
    force: ForceOption = False,
    style: FormatOption = Format.TEXT,
) -> None:
    """Simulate transcranial magnetic stimulation (TMS) and measure the muscle's responses.

    Motor threshold, recruitment curve, intracortical inhibition and facilitation with paired
    pulses, cortical silent period. One session for each point of the config's sweep, each seed
    and each of its 'tms.times'; stages that are already there are not repeated.
    """
    from unshielded.api.experiments import loaded
    from unshielded.api.tms import durations, held, labels
    from unshielded.interrupt import interruptible
    from unshielded.progress.reporter import reporter
    from unshielded.tms_sessions.outcome import precedence, write_outcome
    from unshielded.tms_sessions.planning import ProtocolError, plan
    from unshielded.tms_sessions.report import as_json, summary

    try:
        planned = plan(loaded(config, overrides or ()))
    except ProtocolError as error:
        raise typer.BadParameter(f"{config}: {error}") from None
    with interruptible() as guard, reporter(labels(planned), durations(planned)) as report:
        sessions = held(planned, out, jobs, report, guard.cancel, force)
        places = write_outcome(planned, sessions, out)
        first = precedence(planned, sessions, out)
    failed = [held for held in sessions if held.session is None]
    if style is Format.JSON:
        held_as_json = [as_json(s) for s in sessions]
        write_json({"sessions": held_as_json, "summary": summary(sessions), "course": first})
    elif len(failed) < len(sessions):
        files = [str(place) for place in places]
        show(outcomes(sessions), *curves(sessions), *told_of(first), "", *files)
    tell(sessions)
    if failed:
        log(
            f"{len(failed)} of {len(sessions)} sessions failed; run the same command again to retry"
        )
        raise typer.Exit(FAILED)


def tell(sessions: Sequence[Held]) -> None:
    """Say on stderr what could not be measured, and what failed."""
    from unshielded.sweeps.labels import label

    for held in sessions:
        name = label(dict(held.sitting.values), held.sitting.seed)
        if held.sitting.time is not None:
            name += f" at {_minutes(held.sitting.time)}"
        if held.session is None:
            log(f"error: {name}: {held.error}")
            continue
        for warning in held.session.warnings:
            log(f"warning: {name}: {warning}")


def outcomes(sessions: Sequence[Held]) -> Table:
    """Show thresholds, mean inhibition and silent period: mean and 95 % interval."""
    from unshielded.tms_sessions.report import MEASURES, summary

    rows = summary(sessions)
    axes = list(dict.fromkeys(path for row in rows for path in row["point"]))
    timed = any(row["time_s"] is not None for row in rows)
    heads = {
        "motor_threshold": "motor\nthreshold\n% of max",
        "unconditioned": "target\nintensity\n% of max",
        "mean_inhibition": "mean\ninhibition\n%",
        "silent_period": "silent\nperiod\nms",
    }
    columns = [
        *(path.rpartition(".")[2].replace("_", "\n") for path in axes),
        *(["loss of"] if timed else []),
        "sessions",
        *(heads[name] for name in MEASURES),
    ]
    made = table(*columns, numbers=range(len(columns)))
    made.padding = (0, 1, 0, 0)
    for row in rows:
        made.add_row(
            *(str(row["point"].get(path, "")) for path in axes),
            *([_minutes(row["time_s"])] if timed else []),
            str(row["sessions"]),
            *(_with_interval(row[name]) for name in MEASURES),
        )
    return made


def curves(sessions: Sequence[Held]) -> list[Table | str]:
    """Show inhibition against the interval for each point; mean ± sd over seeds."""
    from unshielded.tms_sessions.report import inhibition_by_interval

    rows = inhibition_by_interval(sessions)
    if not rows:
        return []
    intervals = list(rows[0]["inhibition_percent"])
    made = table(
        "inhibition (%) at",
        *(f"{isi:g} ms" for isi in intervals),
        numbers=range(1, len(intervals) + 1),
    )
    made.padding = (0, 1, 0, 0)
    for row in rows:
        name = " ".join(f"{p.rpartition('.')[2]}={v}" for p, v in row["point"].items())
        if row["time_s"] is not None:
            name = f"{name} {_minutes(row['time_s'])}".strip()
        made.add_row(name, *(_mean(row["inhibition_percent"][isi]) for isi in intervals))
    return ["", made]


def told_of(first: dict[str, Any] | None) -> list[str]:
    """Say in a line each when inhibition falls, and when the first motor neuron dies."""
    if first is None:
        return []
    fall, death = first["inhibition_falls_s"], first["first_death_s"]
    limit = f"{first['limit_percent']:g} %"
    return [
        "",
        f"inhibition falls to {limit} after {_minutes(fall)}"
        if fall is not None
        else f"inhibition does not fall to {limit}, or was not above it to start with",
        f"the first motor neuron dies after {_minutes(death)}"
        if death is not None
        else "no motor neuron dies",
    ]


def _mean(value: dict[str, Any]) -> str:
    spread = "" if value["sd"] is None else f"±{value['sd']:.1f}"
    return number(value["mean"]) + spread


def _with_interval(value: dict[str, Any]) -> str:
    if value["low"] is None or value["high"] is None:
        return number(value["mean"])
    return f"{number(value['mean'])}\n{number(value['low'])}–{number(value['high'])}"


def _minutes(time: float) -> str:
    from unshielded.api.tms import minutes

    return minutes(time)
