"""The live table of a sweep on a terminal: counts, what runs, and what failed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

#: Rows of what runs, and of what failed last; the counts tell how many more there are.
_RUNNING, _FAILED = 12, 5

#: Of the bars: a line fits 80 columns.
_WIDTH = 12


@dataclass
class _Run:
    """What is known of a point that runs."""

    phase: str
    began: float  # the clock, and the simulated seconds, at the first word of this phase
    first: float
    simulated: float = 0.0
    alive: int = 0

    def left(self, duration: float, now: float) -> float | None:
        """Return the seconds that are left of the simulation, by its speed so far."""
        done, spent = self.simulated - self.first, now - self.began
        if self.phase != "simulate" or done <= 0 or spent <= 0:
            return None
        return (duration - self.simulated) * spent / done


class LiveTable:
    """Hears how points come along, and shows it whenever rich asks."""

    def __init__(self, labels: list[str], durations: list[float]) -> None:
        self._labels, self._durations = labels, durations
        self._running: dict[int, _Run] = {}
        self._failed: list[tuple[str, str]] = []
        self._done: set[int] = set()
        self._began = time.monotonic()
        self._lock = Lock()

    def advance(self, number: int, phase: str, simulated: float, alive: int) -> None:
        """Take note of a point's phase, simulated seconds and living cells."""
        with self._lock:
            run = self._running.get(number)
            if run is None or run.phase != phase:
                run = self._running[number] = _Run(phase, time.monotonic(), simulated)
            run.simulated, run.alive = simulated, alive

    def finish(self, number: int, error: str) -> None:
        """Take note of a point's end, and of why it failed if it did."""
        with self._lock:
            self._running.pop(number, None)
            self._done.add(number)
            if error:
                self._failed.append((self._labels[number], error))

    def __rich__(self) -> RenderableType:
        with self._lock:
            now = time.monotonic()
            parts: list[RenderableType] = [self._counts(now)]
            if self._running:
                parts.append(self._table(now))
            parts += [Text(f"failed: {who}: {why}") for who, why in self._failed[-_FAILED:]]
            return Group(*parts)

    def _counts(self, now: float) -> Table:
        whole = len(self._labels)
        done, failed = len(self._done), len(self._failed)
        words = [f"{done - failed} of {whole} points done", f"{len(self._running)} running"]
        words += [f"{failed} failed"] if failed else []
        left = self._left(now)
        words += [f"{_clock(left)} left"] if left is not None and done < whole else []
        row = Table.grid(padding=(0, 2))
        row.add_row(ProgressBar(whole, done, width=_WIDTH), " · ".join(words))
        return row

    def _left(self, now: float) -> float | None:
        """Guess the time left from the share of all simulated seconds that is behind."""
        behind = sum(self._durations[n] for n in self._done)
        behind += sum(run.simulated for run in self._running.values())
        spent = now - self._began
        return (sum(self._durations) - behind) * spent / behind if behind and spent > 2 else None

    def _table(self, now: float) -> Table:
        made = Table(box=None, pad_edge=False, show_header=False)
        for number, run in sorted(self._running.items())[:_RUNNING]:
            duration = self._durations[number]
            left = run.left(duration, now)
            made.add_row(
                self._labels[number],
                run.phase,
                ProgressBar(duration, run.simulated, width=_WIDTH),
                f"{100 * run.simulated / duration:.0f} %",
                "" if left is None else f"{_clock(left)} left",
                f"{run.alive} alive" if run.alive else "",
            )
        if len(self._running) > _RUNNING:
            made.add_row(f"and {len(self._running) - _RUNNING} more")
        return made


def _clock(seconds: float) -> str:
    """Write a time as h:mm:ss.

    Examples
    --------
    >>> _clock(3725.2)
    '1:02:05'
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
