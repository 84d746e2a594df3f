"""A sweep: a list of complete experiments, run side by side, each into its own folder."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

from unshielded.analyse import write_csv
from unshielded.assemble import assemble
from unshielded.config import Experiment
from unshielded.plot.sweep import plot_sweep
from unshielded.simulate.build import build
from unshielded.simulate.errors import Interrupted, SimulationError
from unshielded.simulate.run import Outcome, find, run
from unshielded.store.files import StoreError

Progress = Callable[[int, str, float, int], None]


@dataclass(frozen=True)
class Point:
    """One point of a sweep, done or failed."""

    values: dict[str, Any]
    seed: int
    outcome: Outcome | None
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain data, as the command prints it."""
        done = {"error": self.error} if self.outcome is None else self.outcome.as_json()
        return {"point": self.values, "seed": self.seed, **done}


def run_sweep(
    experiment: Experiment,
    out: Path,
    jobs: int,
    progress: Progress | None = None,
    cancel: Event | None = None,
    force: bool = False,
) -> Generator[tuple[int, Point], None, None]:
    """Run every point, `jobs` at a time; yield each with its number as it ends.

    The simulation is a program of its own, so threads are enough to run several. A point that
    fails does not stop the others; an interruption does.
    """
    cancel = cancel or Event()
    points = list(experiment.points())
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        waiting: dict[Future[Outcome], int] = {}
        try:
            compiled = _compile_for(points, out, cancel, force)
            for number, (_, _, single) in enumerate(points):
                report = _reporter(number, progress)
                waiting[pool.submit(run, single, out, report, cancel, force)] = number
            while waiting:
                for future in wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED).done:
                    number = waiting.pop(future)
                    yield number, _point(points[number], future, number == compiled)
        finally:
            cancel.set()
            for future in waiting:
                future.cancel()


def write_tables(
    experiment: Experiment, points: list[Point], out: Path
) -> tuple[Path, Path | None]:
    """Write ``sweep.csv``, and the figure of a sweep over one or two numeric settings."""
    folder = out / experiment.config.name
    done = [point.as_json() for point in points if point.outcome is not None]
    table = folder / "sweep.csv"
    write_csv(done, table)
    return table, plot_sweep(done, folder) if done else None


def _reporter(number: int, progress: Progress | None) -> Callable[[str, float, int], None] | None:
    if progress is None:
        return None
    return lambda phase, time, alive: progress(number, phase, time, alive)


def _compile_for(
    points: list[tuple[dict[str, Any], int, Experiment]], out: Path, cancel: Event, force: bool
) -> int | None:
    """Compile for the first point that has to run; return its number if that took compiling.

    The others, which nearly always share its program, then start with it.
    """
    for number, (_, _, single) in enumerate(points):
        if force or find(single, out) is None:
            with suppress(SimulationError):  # the point itself will say what is wrong
                program = build(assemble(single.config, single.config.seed), cancel)
                return number if program.compiled else None
            return None
    return None


def _point(
    point: tuple[dict[str, Any], int, Experiment], future: Future[Outcome], compiled: bool
) -> Point:
    values, seed, _ = point
    try:
        outcome = future.result()
        return Point(values, seed, replace(outcome, compiled=compiled or outcome.compiled))
    except Interrupted:
        raise
    except (SimulationError, StoreError) as error:
        return Point(values, seed, None, str(error))
    except Exception as error:
        # Whatever it is, it is this point's: the others go on, and this one is named.
        return Point(values, seed, None, f"{type(error).__name__}: {error}")
