"""How far each point of a sweep is, read from its folder alone: from any process, at any time."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from unshielded.model import digest
from unshielded.running.kept import OtherModel, other
from unshielded.running.run import LOG
from unshielded.store.format.layout import RESULTS_FILE
from unshielded.store.format.owner import runs
from unshielded.sweeps.plan import SweepPlan
from unshielded.sweeps.point import BEAT, FAILURE, RUNNING

#: Without a sign of life for this long, a point is no longer running. Clocks of a cluster differ.
_SILENT = 60 * BEAT


class Stage(StrEnum):
    """Where a point can be."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    OTHER = "of another model"


@dataclass(frozen=True)
class PointState:
    """Where a point is; what it last said while it runs, or why it failed."""

    stage: Stage
    phase: str = ""
    time_s: float = 0.0
    alive: int = 0
    error: str = ""
    wall_s: float | None = None


def states(plan: SweepPlan) -> list[PointState]:
    """Return the state of every point. Results are looked for, not checked: that is `verify`."""
    now = running(plan)
    return [now.get(number) or state(plan.run_folder(number)) for number in range(len(plan))]


def state(place: Path) -> PointState:
    """Return the state of a run that does not run, from its folder."""
    log = _said(place / LOG)
    wall = log.get("wall_s")
    model = log.get("model")
    finished = isinstance(model, str) and isinstance(wall, float | int)
    if finished and (place / RESULTS_FILE).is_file():
        return PointState(Stage.DONE if model == digest() else Stage.OTHER, wall_s=wall)
    failure = _said(place / FAILURE)
    if failure:
        return PointState(Stage.FAILED, error=str(failure.get("error", "")))
    return PointState(Stage.WAITING)


def others(folder: Path) -> list[Path]:
    """Return the runs in a sweep's folder that are sound results of another model, or of another format."""
    return sorted(
        path.parent
        for path in folder.glob(f"*/{RESULTS_FILE}")
        if _said(path.with_name(LOG)).get("model") != digest() and other(path)
    )


def keep_others(plan: SweepPlan) -> None:
    """Refuse to compute a plan in a folder with results of another model: plan and tables would replace theirs.

    Raises
    ------
    OtherModel
        If so.
    """
    if found := others(plan.folder):
        count = "1 result is" if len(found) == 1 else f"{len(found)} results are"
        raise OtherModel(
            f"{plan.folder}: {count} of another model or format and kept: compute into "
            "another folder (--out), or replace plan, tables and the runs of this sweep with --force"
        )


def running(plan: SweepPlan) -> dict[int, PointState]:
    """Return what the points that run last said, by their number."""
    found: dict[int, PointState] = {}
    for path in (plan.folder / RUNNING).glob("*.json"):
        said = _said(path)
        try:
            silent = time.time() - path.stat().st_mtime
            here = said["host"] == socket.gethostname()
            if silent < _SILENT and (not here or runs(int(said["process"]))):
                found[int(path.stem)] = PointState(
                    Stage.RUNNING, str(said["phase"]), float(said["time_s"]), int(said["alive"])
                )
        except (OSError, KeyError, TypeError, ValueError):
            continue  # it has just ended, or is not a note of ours
    return found


def _said(path: Path) -> dict[str, Any]:
    """The note in a file; an empty one if there is none, or no sense in it."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
