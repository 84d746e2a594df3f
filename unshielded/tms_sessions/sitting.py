"""Sessions on the engine: how each stage is run, and several sessions in parallel.

A stage is an ordinary run of an experiment that differs from the config in its pulses, its length,
its motor command and what it records. It is named by the hash of what it computes, like every run,
so a stage that is there is found.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import numpy as np

from unshielded.assemble import assemble
from unshielded.circuit.populations import LIMB_POOLS
from unshielded.config import Config, Experiment, override, revise
from unshielded.engine.errors import Interrupted, SimulationError
from unshielded.running.run import run
from unshielded.store.format.files import StoreError
from unshielded.store.reading.read import open_run
from unshielded.tms_sessions.emg import MotorUnitSpikes, Muscle
from unshielded.tms_sessions.found import Session
from unshielded.tms_sessions.planning import SessionPlan, Sitting
from unshielded.tms_sessions.protocol import Design
from unshielded.tms_sessions.session import hold

#: Called with the number of a sitting, a phase, the simulated seconds and the living cells.
Progress = Callable[[int, str, float, int], None]


@dataclass(frozen=True)
class Held:
    """A session that was held, or failed.

    Attributes
    ----------
    sitting
        Which.
    session
        What it found; None if it failed.
    runs
        The result of each stage.
    error
        Why it failed.
    """

    sitting: Sitting
    session: Session | None
    runs: tuple[Path, ...] = ()
    error: str = ""


def stage(experiment: Experiment, sitting: Sitting, design: Design) -> Experiment:
    """Return the experiment of one stage of a session."""
    pulses = [{"at": f"{at!r} s", "intensity": intensity} for at, intensity in design.pulses]
    drive = {"command": "sustained", "level": design.level} if design.level else {"command": "rest"}
    changes = {
        "sweep": None,
        "trial": None,
        "tms": None,
        "duration": f"{design.duration!r} s",
        "stimulation": pulses,
        "drive": {**drive, "from": "0 s", "until": None},
        "record": {"interval": "1 s", "spikes": True, "neurons": 0, "membrane": None},
    }
    made = [override(path, value) for path, value in changes.items()]
    return revise(experiment, [*sitting.overrides, *made], sitting.seed)


def record(results: Path, config: Config, seed: int) -> MotorUnitSpikes:
    """Return the spikes of the limb's motor pools of a run, and the muscle that they drive."""
    assembly = assemble(config, seed)
    amplitude = np.asarray(assembly.neurons["unit_potential_amplitude"], float)
    delay = np.asarray(assembly.neurons["axon_conduction_time"], float)
    parts = [part for part in assembly.layout.slices if part.name in LIMB_POOLS]
    times, units, first = [np.zeros(0)], [np.zeros(0, np.int64)], 0
    with open_run(results) as result:
        for part in parts:
            when, who = result.spikes(part.name)
            times.append(when)
            units.append(who + first)
            first += part.size
    place = np.concatenate([np.arange(part.start, part.stop) for part in parts])
    muscle = Muscle(amplitude[place], delay[place])
    return MotorUnitSpikes(np.concatenate(times), np.concatenate(units), muscle, config.duration)


def hold_all(
    planned: SessionPlan,
    out: Path,
    jobs: int,
    progress: Progress | None = None,
    cancel: Event | None = None,
    force: bool = False,
) -> Generator[tuple[int, Held | None], None, None]:
    """Hold every session, and run every course, `jobs` at a time; yield each as it ends.

    Yields
    ------
    number, held
        The sessions have numbers from 0 in their order; the courses follow, with None.

    Raises
    ------
    Interrupted
        When `cancel` is set. A session that fails does not stop the others; a course does.
    """
    cancel = cancel or Event()
    sittings = planned.sittings
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        waiting: dict[Future[Held | None], int] = {}
        try:
            for number, course in enumerate(planned.courses, len(sittings)):
                report = _reporter(number, 0.0, progress)
                waiting[pool.submit(_course, course, out, report, cancel, force)] = number
            for number in range(len(sittings)):
                task = (planned, number, out, progress, cancel, force)
                waiting[pool.submit(_held, *task)] = number
            while waiting:
                # a signal is noticed between two waits
                for future in wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED).done:
                    yield waiting.pop(future), future.result()
        finally:
            cancel.set()
            for future in waiting:
                future.cancel()


def _course(
    experiment: Experiment,
    out: Path,
    report: Callable[[str, float, int], None],
    cancel: Event,
    force: bool,
) -> None:
    run(experiment, out, report, cancel, force)


def sit(
    planned: SessionPlan,
    number: int,
    out: Path,
    progress: Progress | None = None,
    cancel: Event | None = None,
    force: bool = False,
) -> Held:
    """Hold one session of a plan.

    Raises
    ------
    SimulationError, StoreError
        As ``unshielded run``.
    """
    sitting = planned.sittings[number]
    runs: list[Path] = []
    simulated = 0.0

    def stimulate(design: Design) -> MotorUnitSpikes:
        nonlocal simulated
        experiment = stage(planned.experiment, sitting, design)
        report = _reporter(number, simulated, progress)
        outcome = run(experiment, out, report, cancel, force)
        simulated += design.duration
        runs.append(outcome.results)
        return record(outcome.results, experiment.config, sitting.seed)

    session = hold(sitting.tms, sitting.seed, sitting.rate, stimulate)
    return Held(sitting, session, tuple(runs))


def _held(
    planned: SessionPlan,
    number: int,
    out: Path,
    progress: Progress | None,
    cancel: Event,
    force: bool,
) -> Held | None:
    try:
        return sit(planned, number, out, progress, cancel, force)
    except Interrupted:
        raise
    except (SimulationError, StoreError) as error:
        return Held(planned.sittings[number], None, (), str(error))


def _reporter(
    number: int, before: float, progress: Progress | None
) -> Callable[[str, float, int], None]:
    """Report a stage as a part of its session; other stages show only at the start."""

    def report(phase: str, time: float, alive: int) -> None:
        if progress and (phase == "simulate" or not before):
            progress(number, phase, before + time, alive)

    return report
