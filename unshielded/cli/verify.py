"""``unshielded verify``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unshielded.cli.output import Format, FormatOption, log, show, write_json

if TYPE_CHECKING:
    from unshielded.verify import Verdict


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run or of a sweep.")],
    rerun: Annotated[
        int,
        typer.Option(
            "--rerun", min=0, metavar="N", help="Number of results to recompute; 0 for none."
        ),
    ] = 1,
    style: FormatOption = Format.TEXT,
) -> None:
    """Check every file of a run or sweep; recompute some results and compare them bit by bit."""
    from unshielded.cli.counting import counting
    from unshielded.interrupt import interruptible
    from unshielded.verify import places
    from unshielded.verify import verify as check

    number = len(places(folder))
    with interruptible(heeds=True) as guard, counting("verify", number) as advance:
        found = check(folder, rerun, advance, cancel=guard.cancel)
    if style is Format.JSON:
        write_json(_json(folder, number, found))
    else:
        show(*_text(folder, number, found))
    if found.exit_code:
        bad = len(found.problems)
        log(f"error: {folder}: {bad} {'problems' if bad > 1 else 'problem'} found")
        raise typer.Exit(found.exit_code)


def _json(folder: Path, number: int, found: Verdict) -> dict[str, Any]:
    from unshielded.verify import by_path

    return {
        "folder": str(folder),
        "sound": not found.problems,
        "runs": number,
        "files": found.files,
        "problems": [
            {"path": str(p.path), "problem": p.what, "exit_code": p.exit_code}
            for p in by_path(found.problems)
        ],
        "computed_again": [
            {"id": a.id, "verdict": a.verdict, "why": a.why or None} for a in found.again
        ],
        "notes": found.notes,
    }


def _text(folder: Path, number: int, found: Verdict) -> list[str]:
    from unshielded.verify import by_path

    lines = [f"{p.path}: {p.what}" for p in by_path(found.problems)]
    lines += [f"note: {note}" for note in found.notes]
    for each in found.again:
        why = f" ({each.why})" if each.why else ""
        lines.append(f"computed again: {each.id}: {each.verdict}{why}")
    state = f"{len(found.problems)} problems" if found.problems else "sound"
    runs = "run" if number == 1 else "runs"
    return [*lines, f"{folder}: {number} {runs}, {found.files} files: {state}"]
