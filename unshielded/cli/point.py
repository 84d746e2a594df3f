"""``unshielded point``."""

from __future__ import annotations

from typing import Annotated

import typer

from unshielded.cli.options import ForceOption
from unshielded.cli.output import log, write_json
from unshielded.cli.sweep import FAILED, FolderArgument


def point(
    folder: FolderArgument,
    numbers: Annotated[
        list[int],
        typer.Argument(metavar="N…", min=0, help="Numbers of the points, counted from 0."),
    ],
    force: ForceOption = False,
) -> None:
    """Compute single points of a sweep; cluster jobs call this command."""
    from unshielded.interrupt import interruptible
    from unshielded.sweeps.plan import read_plan
    from unshielded.sweeps.point import compute

    planned = read_plan(folder)
    for number in numbers:
        planned.run_folder(number)  # that there is such a point is said before any is computed
    failed = 0
    with interruptible(heeds=True) as guard:
        for number in numbers:
            found = compute(str(planned.folder), number, force, guard.cancel)
            write_json({"number": number, **found}, indent=None)
            if "error" in found:
                failed += 1
                log(f"error: point {number}: {found['error']}")
                if found["common"]:  # the others would fare no better
                    raise typer.Exit(found["exit_code"])
    if failed:
        raise typer.Exit(FAILED)
