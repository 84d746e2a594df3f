"""Results that are there, opened as what they are."""

from __future__ import annotations

import os
from pathlib import Path

from unshielded.api.runs import RunResult, at
from unshielded.api.sweeps import SweepResult
from unshielded.api.tms import TmsResult
from unshielded.api.trials import TrialResult
from unshielded.store.format.files import StoreError
from unshielded.store.format.layout import RESULTS_FILE
from unshielded.sweeps.plan import PLAN, read_plan
from unshielded.tms_sessions.outcome import FILE


def open(path: str | os.PathLike[str]) -> RunResult | SweepResult | TrialResult | TmsResult:
    """Open results.

    Parameters
    ----------
    path
        A ``results.h5`` or the folder of a run, the folder of a sweep or a trial, or a ``tms.h5`` or
        its folder. A folder with one run in it is that run.

    Returns
    -------
    RunResult, SweepResult, TrialResult or TmsResult
        What lies there; values are read when they are asked for.

    Raises
    ------
    StoreError
        If there are no results, or they are damaged.
    """
    place = Path(path)
    if not place.is_dir():
        return TmsResult(place) if place.name == FILE else at(place)
    if (place / RESULTS_FILE).exists():
        return at(place)
    if (place / PLAN).exists():
        planned = read_plan(place)
        found = SweepResult(place, planned)
        return found if planned.experiment.config.trial is None else TrialResult(found)
    if (place / FILE).exists():
        return TmsResult(place / FILE)
    runs = sorted(place.glob(f"*/{RESULTS_FILE}"))
    if len(runs) == 1:
        return at(runs[0])
    what = "no results" if not runs else f"{len(runs)} runs and no sweep"
    hint = "run something, or check the path" if not runs else f"open one, such as {runs[0].parent}"
    raise StoreError(f"{place}: there are {what} in this folder; {hint}")
