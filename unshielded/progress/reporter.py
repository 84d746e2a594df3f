"""Who hears how far runs are, and tells it: on a terminal, in a notebook, or line by line."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from unshielded.config.sections.section import LONGEST_RUN
from unshielded.durations import YEAR
from unshielded.progress.live import LiveTable
from unshielded.progress.log import log
from unshielded.progress.notebook import displayed, in_notebook

_EVERY = 1.0  # seconds between two lines


class Reporter(Protocol):
    """Hears how the points of a sweep (a run is one point, number 0) come along."""

    def advance(self, number: int, phase: str, simulated: float, alive: int) -> None:
        """Take note of a point's phase, simulated seconds and living cells."""

    def finish(self, number: int, error: str) -> None:
        """Take note of a point's end, and of why it failed if it did."""


@contextmanager
def reporter(labels: list[str], durations: list[float]) -> Iterator[Reporter]:
    """Give the reporter for points of these names and durations: a terminal's, or JSON lines."""
    console = _stderr()
    if not _lively(console):
        yield _Lines(labels, durations)
    elif len(labels) == 1:
        with _columns(console) as progress:
            yield _Bar(progress, labels[0], durations[0])
    else:
        table = LiveTable(labels, durations)
        # what the command prints goes to the real stdout, not above the table
        with Live(
            table,
            console=console,
            refresh_per_second=2,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        ):
            yield table


@contextmanager
def watching(
    labels: list[str], durations: list[float], wanted: bool | None = None
) -> Iterator[Reporter]:
    """Give the reporter for a caller in Python.

    Parameters
    ----------
    wanted
        Whether to show anything. If None, on a terminal and in a notebook: a script that nobody
        looks at has no use for it.
    """
    if wanted is False:
        yield _Silent()
    elif in_notebook():
        with displayed(LiveTable(labels, durations)) as shown:
            yield shown
    elif wanted or _lively(_stderr()):
        with reporter(labels, durations) as shown:
            yield shown
    else:
        yield _Silent()


def _stderr() -> Console:
    return Console(stderr=True, highlight=False, markup=False, emoji=False, force_jupyter=False)


def _lively(console: Console) -> bool:
    """Tell whether what was printed can be replaced."""
    return console.is_terminal and not console.is_dumb_terminal


class _Silent:
    """Tells nobody."""

    def advance(self, number: int, phase: str, simulated: float, alive: int) -> None: ...

    def finish(self, number: int, error: str) -> None: ...


def _columns(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[note]}", markup=False),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def progressed(simulated: float, duration: float) -> str:
    """Write how far a run is, in years where it is solved over a lifetime.

    Examples
    --------
    >>> progressed(30.0, 60.0), progressed(31557600.0, 2524608000.0)
    ('30/60 s', '1/80 years')
    """
    if duration > LONGEST_RUN:
        return f"{simulated / YEAR:.4g}/{duration / YEAR:.4g} years"
    return f"{simulated:.4g}/{duration:.4g} s"


class _Bar:
    """One bar, for one run."""

    def __init__(self, progress: Progress, label: str, duration: float) -> None:
        self._progress, self._label, self._duration = progress, label, duration
        self._bar: TaskID = progress.add_task("", total=None, note="")
        self._phase = ""

    def advance(self, number: int, phase: str, simulated: float, alive: int) -> None:
        simulating = phase == "simulate"
        if phase != self._phase:
            self._phase = phase
            # a new start: the time left follows from the speed of simulating alone
            total = self._duration if simulating else None
            description = f"{self._label} {phase}".strip()
            self._progress.reset(self._bar, total=total, description=description, note="")
        if simulating:
            note = f"{progressed(simulated, self._duration)}, {alive} cells alive"
            self._progress.update(self._bar, completed=simulated, note=note)

    def finish(self, number: int, error: str) -> None:
        """Do nothing: the command says how its run ended."""


class _Lines:
    """JSON lines: each phase and each end of a point, and otherwise at most one a second."""

    def __init__(self, labels: list[str], durations: list[float]) -> None:
        self._labels, self._durations = labels, durations
        self._phase: dict[int, str] = {}
        self._started: dict[int, tuple[float, float]] = {}  # clock and simulated seconds
        self._last = 0.0
        self._done = 0
        self._lock = Lock()

    def advance(self, number: int, phase: str, simulated: float, alive: int) -> None:
        with self._lock:
            now = time.monotonic()
            new = phase != self._phase.get(number)
            if new:
                self._phase[number] = phase
                self._started[number] = now, simulated
            if not new and (phase != "simulate" or now - self._last < _EVERY):
                return
            self._last = now
            line: dict[str, object] = {**self._label(number), "phase": phase}
            if phase == "simulate":
                duration, (start, first) = self._durations[number], self._started[number]
                speed = (simulated - first) / (now - start) if now > start else 0.0
                left = (duration - simulated) / speed if speed else None
                line |= {
                    "time_s": simulated,
                    "duration_s": duration,
                    "percent": round(100 * simulated / duration, 1),
                    "eta_s": None if left is None else round(left, 1),
                    "alive": alive,
                }
            log(json.dumps(line))

    def finish(self, number: int, error: str) -> None:
        if len(self._labels) == 1 and not error:
            return
        with self._lock:
            self._done += 1
            line: dict[str, object] = {
                **self._label(number),
                "phase": "failed" if error else "done",
                "finished": self._done,
                "points": len(self._labels),
            }
            log(json.dumps(line | ({"error": error} if error else {})))

    def _label(self, number: int) -> dict[str, str]:
        return {"point": self._labels[number]} if self._labels[number] else {}
