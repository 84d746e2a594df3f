"""Worker processes on this machine: one for each point that runs, used again for the next.

A worker that dies (killed, or out of memory) is replaced and its point queued again.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Lock
from typing import Any

from unshielded.engine.errors import SimulationError
from unshielded.processes import environment, python

#: How often a point is begun whose worker dies each time.
TRIES = 3

#: Seconds that workers have for ending their runs in good order.
_PATIENCE = 20.0


class Local:
    """An executor of `jobs` worker processes.

    Parameters
    ----------
    folder
        Of the sweep.
    jobs
        How many points run at a time.
    force
        Whether to compute what is already there.
    """

    def __init__(self, folder: Path, jobs: int, force: bool = False) -> None:
        self._folder, self._force = folder, force
        self._threads = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="point")
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        self._all: list[Worker] = []
        self._lock = Lock()
        self._closed = Event()

    def submit(self, number: int) -> Future[dict[str, Any]]:
        """Have a point computed by the next worker that is free."""
        return self._threads.submit(self._compute, number)

    def close(self) -> None:
        """End all workers, and wait for it."""
        self._closed.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            for worker in self._all:
                worker.dismiss()
            end = time.monotonic() + _PATIENCE
            for worker in self._all:
                worker.bury(end)
        self._threads.shutdown(wait=True)  # from here on nobody reads what workers say
        for worker in self._all:
            worker.close()

    def _compute(self, number: int) -> dict[str, Any]:
        error = SimulationError("")
        for _ in range(TRIES):
            worker = self._worker()
            try:
                found = worker.ask(number)
            except WorkerLost as lost:
                if self._closed.is_set():
                    raise CancelledError from lost
                error = lost
                continue
            self._idle.put(worker)
            return found
        return {
            "error": f"{error}, {TRIES} times; if the memory ran out, use fewer jobs (-j)",
            "exit_code": error.exit_code,
            "common": False,
        }

    def _worker(self) -> Worker:
        with suppress(Empty):
            while (worker := self._idle.get_nowait()).lost():
                pass  # it ended while it had nothing to do: no fault of the next point
            return worker
        with self._lock:
            if self._closed.is_set():
                raise CancelledError
            worker = Worker(self._folder, self._force)
            self._all.append(worker)
            return worker


class WorkerLost(SimulationError):
    """The process of a worker ended before its point did."""


class Worker:
    """A process that computes one point after another."""

    def __init__(self, folder: Path, force: bool) -> None:
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._process = subprocess.Popen(
            python("unshielded.sweeps.worker", folder, *(["--force"] if force else [])),
            env=environment(),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            start_new_session=True,  # Ctrl-C reaches us, and through us the worker
        )

    def ask(self, number: int) -> dict[str, Any]:
        """Have a point computed, and wait for it.

        Raises
        ------
        WorkerLost
            If the process ends instead.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(f"{number}\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except (OSError, ValueError):
            answer = ""
        if not answer.endswith("\n"):
            raise WorkerLost(f"the worker of this point {self._end()}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def lost(self) -> bool:
        """Tell whether the process is gone."""
        return self._process.poll() is not None

    def dismiss(self) -> None:
        """Ask the process to end: it does so when its input ends."""
        with suppress(OSError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.close()

    def bury(self, end: float) -> None:
        """Wait for the process to end; make it, if it does not by a time of the clock."""
        try:
            self._process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """Let go of a process that has ended."""
        for file in (self._process.stdin, self._process.stdout, self._log):
            assert file is not None
            with suppress(OSError):  # a last line that the process did not take
                file.close()

    def _end(self) -> str:
        code = self._process.wait()
        if code < 0:
            return f"was ended by signal {-code}"
        self._log.seek(0)
        last = (self._log.read().strip().splitlines() or [""])[-1]
        return f"ended with code {code}" + (f" ({last})" if last else "")
