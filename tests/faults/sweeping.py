"""Sweeps that are disturbed on purpose: start them, find their processes, look at what is left."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tiny import TINY
from unshielded.config import load
from unshielded.store.format.files import StoreError
from unshielded.store.reading.read import open_run
from unshielded.sweeps import Stage, SweepPlan, read_plan, states

needs_proc = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs /proc")

NAME = "tiny"

#: Axis and seeds: four points, and a figure at the end.
GRID = """
sweep:
  grid: {circuit.interneuron_loss: [0.0, 0.5]}
  seeds: [1, 2]
"""

#: Seconds in which whatever a killed process leaves behind has to be gone.
PATIENCE = 20.0


def write_config(path: Path, duration: str = "1 s", sweep: str = GRID) -> Path:
    """Write the config of a sweep over the tiny circuit."""
    path.write_text(TINY.read_text().replace("duration: 2 s", f"duration: {duration}") + sweep)
    return path


@dataclass(frozen=True)
class Sweeper:
    """Starts commands; what they print on stderr goes to a file, so that none of them waits."""

    argv: list[str]
    environment: dict[str, str]
    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "stderr.txt"

    def start(
        self, *call: object, limit: Callable[[], None] | None = None, **variables: str
    ) -> subprocess.Popen[str]:
        if limit is not None:
            # Python keeps half a module if there is no room for all of its bytecode, and from
            # then on nobody can import it
            variables["PYTHONDONTWRITEBYTECODE"] = "1"
        with self.log.open("w") as log, (self.folder / "stdout.txt").open("w") as out:
            return subprocess.Popen(
                [*self.argv, *map(str, call)],
                env=self.environment | variables,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
                text=True,
                preexec_fn=limit,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text()

    def printed(self) -> str:
        return (self.folder / "stdout.txt").read_text()

    def finish(self, *call: object, limit: Callable[[], None] | None = None, **env: str) -> int:
        with ending(self.start(*call, limit=limit, **env)) as process:
            return process.wait(300)


@contextmanager
def ending(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Leave no process behind when a test fails."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def until(true: Callable[[], object], seconds: float = PATIENCE, step: float = 0.02) -> bool:
    """Wait until something is true; tell whether it came true in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True


# ---- processes ----


def processes(mark: Path) -> dict[int, str]:
    """Process → command line, of all that work below a folder or were told of it."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with suppress(OSError):
            if (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                continue
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(mark) in line or str((entry / "cwd").readlink()).startswith(str(mark)):
                found[int(entry.name)] = line
    return found


def workers(mark: Path) -> list[int]:
    return [p for p, line in processes(mark).items() if "unshielded.sweeps.worker" in line]


def programs(mark: Path) -> list[int]:
    """The C++ programs that simulate."""
    found = processes(mark).items()
    return [p for p, line in found if line.partition(" ")[0].endswith("/main")]


def writers(folder: Path, pattern: str) -> list[int]:
    """The living processes whose half-written files match; those of killed ones lie there too."""
    marks = [p.name.removesuffix(".partial").rpartition("-")[2] for p in folder.glob(pattern)]
    return [int(mark) for mark in marks if Path(f"/proc/{mark}").exists()]


def kill(process: int) -> bool:
    """Kill a process with SIGKILL; tell whether it was there, and no zombie."""
    try:
        if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        os.kill(process, signal.SIGKILL)
    except (OSError, ProcessLookupError):
        return False
    return True


# ---- what is left on the disk ----


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def contents(folder: Path) -> dict[str, str]:
    """What a sweep comes to: every result, its table, and the same as HDF5."""
    files = [*folder.glob("*/results.h5"), *folder.glob("sweep.csv"), *folder.glob("sweep.h5")]
    return {str(file.relative_to(folder)): digest(file) for file in files}


def acknowledged(folder: Path) -> dict[int, str]:
    """Point → checksum of its result, of all that a sweep says are done; each is whole."""
    try:
        plan = read_plan(folder)
    except StoreError:
        return {}
    found = {}
    for number, state in enumerate(states(plan)):
        if state.stage is Stage.DONE:
            result = plan.run_folder(number) / "results.h5"
            with open_run(result):  # a file that is not whole, and sealed, is refused here
                found[number] = digest(result)
    return found


def nothing_incomplete_looks_complete(folder: Path) -> None:
    """Whatever has the name of a finished file is one, whether or not a point counts as done."""
    for result in folder.glob("*/results.h5"):
        with open_run(result):
            pass


def leftovers(folder: Path) -> list[str]:
    """What only a process that is at work may have there."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.name.startswith(("scratch-", "build-"))
        or ".partial" in path.name
        or path.parent.name == "running"
    ]


def planned(config: Path, out: Path) -> SweepPlan:
    return SweepPlan(load(config), out)
