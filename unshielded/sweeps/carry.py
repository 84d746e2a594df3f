"""Carry out a sweep: submit its points to an executor, collect the results."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Protocol

from unshielded.sweeps.plan import SweepPlan
from unshielded.sweeps.state import running

#: Seconds between two looks at how the running points come along.
_LOOK = 1.0

#: Exit code of a point whose processes were lost again and again.
LOST = 6

Progress = Callable[[int, str, float, int], None]


class Executor(Protocol):
    """Computes points of one plan, in processes here or elsewhere.

    A process that is lost is its own affair: it hands the point to another one.
    """

    def submit(self, number: int) -> Future[dict[str, Any]]:
        """Have a point computed; the future gives what `point.compute` returns."""

    def close(self) -> None:
        """End what still runs, and the processes."""


@dataclass(frozen=True)
class PointResult:
    """One point of a sweep, done or failed.

    Attributes
    ----------
    values
        Setting → value as written, for the settings that the sweep varies.
    outcome
        Of the run, as plain data; None if it failed.
    error, exit_code
        Why it failed.
    common
        Whether that would befall other points too: no room to write, no compiler.
    """

    values: dict[str, Any]
    seed: int
    outcome: dict[str, Any] | None
    error: str = ""
    exit_code: int = 0
    common: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain data, as the command prints it."""
        failed = {"error": self.error, "exit_code": self.exit_code}
        return {"point": self.values, "seed": self.seed, **(self.outcome or failed)}


def carry_out(
    plan: SweepPlan,
    executor: Executor,
    progress: Progress | None = None,
    keep_going: bool = True,
) -> Generator[tuple[int, PointResult], None, None]:
    """Compute every point; yield each with its number as it ends. Then close the executor.

    Parameters
    ----------
    progress
        Called with a point's number, its phase, simulated seconds and number of living cells.
    keep_going
        Whether to go on when a point has failed. A failure that would befall others too ends the
        sweep in any case.
    """
    ended: SimpleQueue[int] = SimpleQueue()  # a look at every future each time would be n² looks
    try:
        waiting = {number: executor.submit(number) for number in range(len(plan))}
        for number, future in waiting.items():
            future.add_done_callback(partial(_note, ended, number))
        looked = time.monotonic()
        while waiting:
            try:
                number = ended.get(timeout=_LOOK)
            except Empty:
                pass
            else:
                point = _point(*plan.listing[number], waiting.pop(number))
                yield number, point
                if point.common or (point.error and not keep_going):
                    return
            if progress is not None and time.monotonic() - looked >= _LOOK:
                looked = time.monotonic()
                for number, heard in running(plan).items():
                    if number in waiting:  # notes of other plans and killed sweeps lie there too
                        progress(number, heard.phase, heard.time_s, heard.alive)
    finally:
        executor.close()


def _note(ended: SimpleQueue[int], number: int, future: Future[dict[str, Any]]) -> None:
    ended.put(number)


def _point(values: dict[str, Any], seed: int, future: Future[dict[str, Any]]) -> PointResult:
    try:
        found = future.result()
    except Exception as error:  # the executor gave up on this point, and says why
        return PointResult(values, seed, None, f"{type(error).__name__}: {error}", LOST)
    if "error" in found:
        return PointResult(values, seed, None, found["error"], found["exit_code"], found["common"])
    return PointResult(values, seed, found)
