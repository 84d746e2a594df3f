"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigArgument = Annotated[str, typer.Argument(metavar="CONFIG", help="The YAML config.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a setting, such as drive.level=0.5; may be repeated.",
    ),
]
OutOption = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="Where results go: DIR/<name>/<id>/.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Compute also what is already there.")]
RUNS = Path("runs")
