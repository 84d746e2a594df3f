"""``unshielded validate-science``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unshielded.cli.output import Format, FormatOption, log, show, table, write_json
from unshielded.processes import cores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from unshielded.validation import Target
    from unshielded.validation.target import Result

BROKEN = 1
_OUT = Path("runs/validate-science")


def validate_science(
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help="Folder for the table, the page and the figures."
        ),
    ] = _OUT,
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="V1,V4",
            help="Identifiers of the targets to test.",
            show_default="all",
        ),
    ] = None,
    seeds: Annotated[
        int,
        typer.Option(
            "--seeds", min=1, max=100, metavar="N", help="Number of seeds per experiment."
        ),
    ] = 3,
    jobs: Annotated[
        int | None,
        typer.Option(
            "-j",
            "--jobs",
            min=1,
            metavar="N",
            help="Number of runs at the same time.",
            show_default="all cores",
        ),
    ] = None,
    style: FormatOption = Format.TEXT,
) -> None:
    """Compare the model with published experiments.

    Each experiment is repeated on the model with several seeds. The command writes a table
    (science.md, science.html, science.json) and a figure for each target. It takes minutes;
    existing simulations are reused. The exit code is 1 if a target that is claimed as met
    is missed.
    """
    from unshielded.interrupt import interruptible
    from unshielded.progress.reporter import reporter
    from unshielded.validation.perform import perform, plan
    from unshielded.validation.report import summary, write_report

    targets = chosen(only)
    numbers = range(1, seeds + 1)
    labels = [f"{target.id} seed={seed}" for target, seed in plan(targets, numbers)]
    with interruptible() as guard, reporter(labels, [1.0] * len(labels)) as report:

        def progress(number: int, ended: bool) -> None:
            if ended:
                report.finish(number, "")
            else:
                report.advance(number, "measure", 0.0, 0)

        results = perform(targets, numbers, out / "runs", jobs or cores(), progress, guard.cancel)
        places = write_report(results, out)
    if style is Format.JSON:
        write_json([result.as_json() for result in results])
    else:
        show(rows(results), "", summary(results), *(str(place) for place in places))
    if code := ending(results):
        raise typer.Exit(code)


def chosen(only: str | None) -> list[Target]:
    """Return the targets of a text such as ``V1,V4``, in their own order; all for None."""
    from unshielded.validation import TARGETS

    if only is None:
        return list(TARGETS.values())
    names = {name.strip().upper() for name in only.split(",") if name.strip()}
    unknown = sorted(names - set(TARGETS))
    if unknown or not names:
        what = f"there is no target {unknown[0]!r}" if unknown else "no target is named"
        raise typer.BadParameter(
            f"{what}; expected some of {','.join(TARGETS)}", param_hint="--only"
        )
    return [target for name, target in TARGETS.items() if name in names]


def rows(results: Sequence[Result]) -> Table:
    """Show every line of every target."""
    from unshielded.validation.report import expected, value

    made = table(
        "target", "preparation", "measured", "published", "here", "verdict", numbers=(3, 4)
    )
    for result in results:
        for place, m in enumerate(result.measurements):
            verdict = "" if m.met is None else "met" if m.met else "missed"
            made.add_row(
                result.target.id if place == 0 else "",
                result.target.preparation if place == 0 else "",
                m.line.name,
                expected(m.line),
                value(m),
                verdict,
            )
    return made


def ending(results: Sequence[Result]) -> int:
    """Name what is not as claimed; return the exit code."""
    for result in results:
        if result.broken:
            missed = ", ".join(m.line.name for m in result.measurements if m.met is False)
            log(f"error: {result.target.id} is claimed met, and is missed: {missed}")
        elif result.met and result.target.claimed == "missed":
            log(f"{result.target.id} is claimed missed, and is now met: change the claim")
    return BROKEN if any(result.broken for result in results) else 0
