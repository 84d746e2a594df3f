"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigArgument = Annotated[
    str,
    typer.Argument(
        metavar="CONFIG",
        help="The experiment: a YAML config file; '-' reads it from standard input.",
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a setting, for example drive.level=0.5; repeat to change several.",
    ),
]
OutOption = Annotated[
    Path,
    typer.Option(
        "--out", metavar="DIR", help="Folder for results: they are written to DIR/<name>/<id>/."
    ),
]
ForceOption = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Compute again even if results exist, also those of another version of the model.",
    ),
]
RUNS = Path("runs")
