"""``unshielded report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unshielded.cli.output import write


def report(
    result: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="Folder of a run, a lifespan, a sweep, a trial or of validate-science.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Page to write. Default: report.html beside the result."
        ),
    ] = None,
) -> None:
    """Write a result as one HTML page: question, deaths, figures, evidence, how to repeat it.

    The page needs no other file and no network. There is none of tms sessions yet.
    """
    from unshielded.reports.write import report as write_report

    write(str(write_report(result, out)))
