"""Compute one point of a sweep: what every executor calls, in whatever process.

The result is a pure function of the plan and the point's number. For whoever looks, the sweep's
folder says how far a running point is (``running/<number>.json``, replaced every second), and the
run's own why it failed (``failure.json``).
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from unshielded.engine.errors import CompileError, Interrupted, SimulationError
from unshielded.running.run import run
from unshielded.store.format.files import StoreError
from unshielded.sweeps.plan import PLAN, SweepPlan, read_plan

RUNNING = "running"
FAILURE = "failure.json"
BEAT = 1.0  # seconds between two signs of life
INPUT_OUTPUT, BUG = 4, 70


def compute(
    folder: str, number: int, force: bool = False, cancel: Event | None = None
) -> dict[str, Any]:
    """Compute one point; reuse its result if it exists.

    Parameters
    ----------
    folder
        Of the sweep; where others compute too, on a file system that they share.
    number
        Of the point.
    force
        Compute it even if it is there.
    cancel
        Set it to end the run.

    Returns
    -------
    dict
        The outcome of the run (``id``, ``results``, ``populations``, …); or ``error``,
        ``exit_code`` and ``common`` (whether it would befall other points too) if it failed.
        Plain data.

    Raises
    ------
    Interrupted
        If it was cancelled.
    """
    path = Path(folder)
    changed = (path / PLAN).stat().st_mtime_ns if (path / PLAN).exists() else 0
    try:
        plan = _plan(path, changed)
        place = plan.run_folder(number)
        with _signs_of_life(plan.folder / RUNNING, number) as said:
            point = plan.point(number)
            outcome = run(point, plan.out, said.update, cancel, force, place).as_json()
    except Interrupted:
        raise
    except Exception as error:
        # Whatever it is, it is this point's: the others go on, and this one is named.
        failure = _failure(error)
        if "place" in locals():
            _keep(place / FAILURE, failure)
        return failure
    with suppress(OSError):
        (place / FAILURE).unlink(missing_ok=True)
    return outcome


@lru_cache(maxsize=1)
def _plan(folder: Path, changed: int) -> SweepPlan:
    """The plan, read once by a process that computes many points of it."""
    return read_plan(folder)


def _failure(error: Exception) -> dict[str, Any]:
    if isinstance(error, (SimulationError, StoreError)):
        # no room or no permission to write, or no compiler: the next point fares no better
        common = isinstance(error, CompileError) or error.exit_code == INPUT_OUTPUT
        return {"error": str(error), "exit_code": error.exit_code, "common": common}
    return {"error": f"{type(error).__name__}: {error}", "exit_code": BUG, "common": False}


class _Signs:
    """The last that was heard of a run."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._said = {"phase": "start", "time_s": 0.0, "alive": 0}

    def update(self, phase: str, time: float, alive: int) -> None:
        with self._lock:
            self._said = {"phase": phase, "time_s": time, "alive": alive}

    def now(self) -> dict[str, Any]:
        with self._lock:
            return {**self._said, "process": os.getpid(), "host": socket.gethostname()}


@contextmanager
def _signs_of_life(folder: Path, number: int) -> Iterator[_Signs]:
    signs, ended = _Signs(), Event()
    path = folder / f"{number}.json"

    def beat() -> None:
        while not ended.wait(BEAT):  # a point that is done already has nothing to tell
            _keep(path, signs.now())

    heart = Thread(target=beat, daemon=True)
    heart.start()
    try:
        yield signs
    finally:
        ended.set()
        heart.join()
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _keep(path: Path, said: dict[str, Any]) -> None:
    """Write a note whole or not at all; nothing depends on it, so a full disk is not an error here."""
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(said) + "\n", encoding="utf-8")
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
