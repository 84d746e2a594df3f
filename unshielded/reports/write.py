"""The report of whatever result lies at a place."""

from __future__ import annotations

import os
from pathlib import Path

from unshielded.api.opening import open as open_result
from unshielded.api.runs import RunResult
from unshielded.api.sweeps import SweepResult
from unshielded.api.trials import TrialResult
from unshielded.reports.page import Page, html
from unshielded.reports.several import sweep_page, trial_page
from unshielded.reports.single import page as run_page
from unshielded.reports.validation import SCIENCE
from unshielded.reports.validation import page as validation_page
from unshielded.store.format.files import NoSuchEntry, write_atomically

REPORT = "report.html"


def report(path: str | os.PathLike[str], out: str | os.PathLike[str] | None = None) -> Path:
    """Write a result as one HTML page that needs no other file and no network.

    Parameters
    ----------
    path
        The folder of a run, a lifespan, a sweep, a trial or of ``validate-science``.
    out
        The page; ``report.html`` beside the result if not given.

    Returns
    -------
    pathlib.Path
        Where the page is.

    Raises
    ------
    StoreError
        If there is no such result, it is damaged or not done, or the page cannot be written.
    """
    place = Path(path)
    made, beside = _page(place)
    written = beside / REPORT if out is None else Path(out)
    with write_atomically(written) as partial:
        partial.write_text(html(made), encoding="utf-8")
    return written


def _page(place: Path) -> tuple[Page, Path]:
    """Return the report of what lies at a place, and the folder that it belongs into."""
    if (place / SCIENCE).is_file():
        return validation_page(place), place
    match open_result(place):
        case RunResult() as run:
            return run_page(run), run.path.parent
        case TrialResult() as trial:
            return trial_page(trial), trial.sweep.path
        case SweepResult() as sweep:
            return sweep_page(sweep), sweep.path
    raise NoSuchEntry(
        f"{place}: there is no report of sessions of magnetic stimulation; expected a run, a lifespan, "
        "a sweep, a trial or a validation; 'unshielded tms' writes tables and figures of sessions"
    )
