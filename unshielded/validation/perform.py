"""Measure targets, seed by seed, several at a time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import replace
from itertools import product
from pathlib import Path
from threading import Event

from unshielded.validation.lab import Lab
from unshielded.validation.target import Result, Sample, Target

#: Called with the number of a measurement, and False when it starts, True when it has ended.
Progress = Callable[[int, bool], None]


def plan(targets: Sequence[Target], seeds: Sequence[int]) -> list[tuple[Target, int]]:
    """Return what is measured, in order: those that run programs first, as they take longest."""
    longest_first = sorted(targets, key=lambda target: not target.engine)
    return list(product(longest_first, seeds))


def perform(
    targets: Sequence[Target],
    seeds: Sequence[int],
    out: Path,
    jobs: int,
    progress: Progress | None = None,
    cancel: Event | None = None,
) -> list[Result]:
    """Measure targets with every seed.

    Parameters
    ----------
    out
        Parent of the runs; those that are there are not repeated.
    jobs
        Measurements at a time. A compiled program is a process of its own, so a thread that
        waits for it is enough; a lone cell is solved in Python and gets a process.

    Returns
    -------
    list of Result
        In the order of `targets`.

    Raises
    ------
    SimulationError, StoreError, ConfigError, MechanismError
        The first thing that goes wrong; a table with holes would not say what it seems to.
    """
    cancel = cancel or Event()
    work = plan(targets, seeds)
    samples: dict[tuple[str, int], Sample] = {}
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(jobs, mp_context=context) as processes,
        ThreadPoolExecutor(jobs) as threads,
    ):

        def one(number: int) -> Sample:
            target, seed = work[number]
            if progress:
                progress(number, False)
            place = Lab(out, preparation=target.preparation)
            if target.engine:
                return target.measure(replace(place, cancel=cancel), seed)
            return processes.submit(target.measure, place, seed).result()

        waiting: dict[Future[Sample], int] = {threads.submit(one, k): k for k in range(len(work))}
        try:
            while waiting:
                # a signal is noticed between two waits
                for future in wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED).done:
                    number = waiting.pop(future)
                    target, seed = work[number]
                    samples[target.id, seed] = future.result()
                    if progress:
                        progress(number, True)
        finally:
            cancel.set()
            for future in waiting:
                future.cancel()
            processes.shutdown(wait=False, cancel_futures=True)
    return [Result(t, tuple(samples[t.id, seed] for seed in seeds)) for t in targets]
