"""The plan of a sweep: one file from which any process can build any of its points.

The config that it was made from, and what that extends, may change or be gone.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from unshielded.config import Experiment
from unshielded.config.portable import from_json, to_json
from unshielded.store.format.files import StoreError, explain, write_atomically

PLAN = "plan.json"
LOCK = "sweep.lock"


@dataclass(frozen=True)
class SweepPlan:
    """All points of a sweep, and where their results go.

    Attributes
    ----------
    experiment
        The sweep as it was loaded.
    out
        Parent of ``<name>/``.
    place
        The folder itself, where it was given another name since; ``<out>/<name>`` if None.
    """

    experiment: Experiment
    out: Path
    place: Path | None = None

    @property
    def folder(self) -> Path:
        """Holds the plan, a folder for each run, and the tables."""
        return self.place or self.out / self.experiment.config.name

    @property
    def renamed(self) -> bool:
        """Whether the folder has another name than the sweep."""
        return self.folder.name != self.experiment.config.name

    @cached_property
    def listing(self) -> list[tuple[dict[str, Any], int]]:
        """Values and seed of every point."""
        return self.experiment.listing()

    @cached_property
    def durations(self) -> list[float]:
        """Biological seconds of every point."""
        trial = self.experiment.config.trial is not None  # its variants may change anything
        if trial or any("duration" in values for values, _ in self.listing):
            return [self.point(number).config.duration for number in range(len(self))]
        return [self.experiment.config.duration] * len(self)

    def __len__(self) -> int:
        return len(self.listing)

    def point(self, number: int) -> Experiment:
        """Build the experiment of one point; they are numbered from 0.

        Raises
        ------
        StoreError
            If there is no such point.
        """
        if not 0 <= number < len(self):
            raise StoreError(
                f"{self.folder / PLAN}: there is no point {number}, expected 0 to {len(self) - 1}"
            )
        return self.experiment.point(number)

    def run_folder(self, number: int) -> Path:
        """Return the folder of one run."""
        return self.folder / self.point(number).identity


def plan(experiment: Experiment, out: Path) -> SweepPlan:
    """Write down a sweep in its folder, in place of an earlier one of that name.

    Raises
    ------
    StoreError
        If it cannot be written; the earlier one is then still there.
    """
    made = SweepPlan(experiment, out.absolute())
    text = json.dumps(to_json(experiment), allow_nan=False)
    path = made.folder / PLAN
    with write_atomically(path) as partial:
        partial.write_text(text + "\n", encoding="utf-8")
    return made


def read_plan(folder: Path) -> SweepPlan:
    """Read the plan of a sweep's folder.

    Raises
    ------
    StoreError
        If there is none, or it is not what a sweep wrote.
    """
    path = folder.absolute() / PLAN  # as it was named: a link keeps its own name
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise StoreError(
            f"{path}: there is no plan; expected the folder of a sweep, such as runs/<name>"
        ) from error
    except OSError as error:
        raise explain(path, "read", error) from error
    except UnicodeDecodeError as error:
        raise StoreError(f"{path}: is not a sweep plan ({error.reason})") from error
    try:
        experiment = from_json(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise StoreError(
            f"{path}: is not a plan of this version ({error}); start the sweep again from its config: "
            "points that are there are not repeated"
        ) from error
    return SweepPlan(experiment, path.parent.parent, path.parent)


@contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """Keep other sweeps out of a folder while this one is at it.

    The system lifts the lock when the process ends, however it ends.

    Raises
    ------
    StoreError
        If another one is at it, or the folder cannot be written.
    """
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise explain(path, "write", error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            who = file.read(200).strip() or "another process"
            raise StoreError(
                f"{folder}: another sweep is at work here ({who}); wait for it, or choose another "
                "folder with --out"
            ) from None
        except OSError:  # a file system without locks
            yield
            return
        with suppress(OSError):  # a courtesy; that the disk is full is told by what follows
            os.ftruncate(file.fileno(), 0)
            os.write(file.fileno(), f"process {os.getpid()} on {socket.gethostname()}\n".encode())
        yield
