"""A run or a sweep, whole."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event

from unshielded.engine.errors import Interrupted
from unshielded.running.run import LOG, Progress
from unshielded.store.format.files import StoreError, explain
from unshielded.store.format.layout import RESULTS_FILE
from unshielded.verify.again import compute_again
from unshielded.verify.files import IDENTITY, check_run
from unshielded.verify.tables import check_tables
from unshielded.verify.verdict import DIFFERS, FileProblem, Verdict


def places(folder: Path) -> list[Path]:
    """Return the folders of the runs at a place: itself, or those inside it.

    Raises
    ------
    StoreError
        If there are none.
    """
    folder = folder.absolute()
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "there is no such folder"
        raise StoreError(f"{folder}: {what}; expected the folder of a run or of a sweep")
    try:
        if _is_run(folder):
            return [folder]
        found = sorted(each for each in folder.iterdir() if each.is_dir() and _inside(each))
    except OSError as error:
        raise explain(folder, "read", error) from error
    if not found:
        raise StoreError(
            f"{folder}: there is no run in this folder; expected that of a run or of a sweep, "
            "such as runs/<name>"
        )
    return found


def verify(
    folder: Path,
    again: int = 1,
    advance: Callable[[], None] | None = None,
    progress: Progress | None = None,
    cancel: Event | None = None,
) -> Verdict:
    """Check a run or a sweep.

    Every file that is damaged is named, not the first one only.

    Parameters
    ----------
    folder
        Of a run, or of a sweep.
    again
        How many of the sound results are computed again, drawn at random.
    advance
        Called after each run.
    progress, cancel
        Of what is computed again; see :func:`unshielded.running.run.run`.

    Raises
    ------
    StoreError
        If there is no run at all, or there is no room to compute one again.
    Interrupted
        If it was cancelled.
    """
    folder = folder.absolute()
    found = places(folder)
    verdict = Verdict()
    for place in found:
        if cancel is not None and cancel.is_set():
            raise Interrupted(signal.SIGINT)
        check_run(place, verdict)
        if advance is not None:
            advance()
    if found != [folder]:
        check_tables(folder, verdict)
    sound = [place for place in found if place.name in verdict.populations]
    for place in random.sample(sound, min(again, len(sound))):
        verdict.again.append(compute_again(place, progress, cancel))
        if verdict.again[-1].verdict == DIFFERS:
            verdict.problems.append(FileProblem(place / RESULTS_FILE, verdict.again[-1].why))
    return verdict


def _is_run(place: Path) -> bool:
    return (place / RESULTS_FILE).exists() or (place / LOG).exists()


def _inside(place: Path) -> bool:
    """Whether a folder inside that of a sweep is one of a run, if only begun."""
    return _is_run(place) or bool(IDENTITY.match(place.name))
