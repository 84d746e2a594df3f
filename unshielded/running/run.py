"""One run, from a checked experiment to a sealed result in its own folder.

A run is a pure function of its config and seed. Its folder is named by their hash; what lies
there complete, made by the same model, is the result and is not computed again.
"""

from __future__ import annotations

import json
import math
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

from unshielded import calcium, circuit
from unshielded.arrays import Array
from unshielded.assemble import Assembly, Layout, assemble
from unshielded.assemble.lesion import NEVER
from unshielded.assemble.schedule import applied, columns
from unshielded.config import Config, Experiment, dump
from unshielded.engine.build import Build, build
from unshielded.engine.errors import OutputError
from unshielded.engine.program import Job, TraceSelection, execute
from unshielded.engine.scratch import clear, own_folder
from unshielded.model import digest
from unshielded.multiscale.recording import lifespan, variables
from unshielded.multiscale.solve import solve
from unshielded.results.summary import OUTCOMES, summarise
from unshielded.running.cache import fix_compiler, fix_place, share
from unshielded.running.kept import keep
from unshielded.running.provenance import citations, provenance
from unshielded.running.start import check_assembly
from unshielded.running.windows import Windows
from unshielded.store.format.files import StoreError, explain, write_atomically
from unshielded.store.format.layout import RESULTS_FILE
from unshielded.store.reading.read import open_run
from unshielded.store.writing.recording import PopulationSlice, RawRecording, RecordedVariable
from unshielded.store.writing.write import write_run

ENGINE = "brian2 cpp_standalone"
LOG = "log.json"

Progress = Callable[[str, float, int], None]


@dataclass(frozen=True)
class RunOutcome:
    """The outcome of a run.

    Attributes
    ----------
    id
        Its identity.
    results
        The HDF5.
    simulated_s, wall_s
        Biological time, and the seconds that simulating and writing took when it was computed.
    compiled
        Whether a program had to be compiled for it.
    populations
        Name → its outcome, as in :data:`unshielded.results.summary.OUTCOMES`.
    lifespan
        Of a run with a solver, its outcome (:mod:`unshielded.multiscale.outcome`); else None.
    """

    id: str
    results: Path
    simulated_s: float
    wall_s: float
    compiled: bool
    populations: dict[str, dict[str, Any]]
    lifespan: dict[str, float | str | None] | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain data, as the command prints it."""
        return {
            "id": self.id,
            "results": str(self.results),
            "simulated_s": self.simulated_s,
            "wall_s": round(self.wall_s, 3),
            "engine": ENGINE,
            "compiled": self.compiled,
            "populations": self.populations,
            **({} if self.lifespan is None else {"lifespan": self.lifespan}),
        }


def run(
    experiment: Experiment,
    out: Path,
    progress: Progress | None = None,
    cancel: Event | None = None,
    force: bool = False,
    folder: Path | None = None,
) -> RunOutcome:
    """Run an experiment; reuse its result if it exists.

    Parameters
    ----------
    out
        Parent of ``<name>/<id>/``.
    progress
        Called with a phase (``assemble``, ``compile``, ``simulate``, ``write``), the simulated
        seconds and the number of living cells.
    cancel
        Set it to end the run.
    force
        Compute even what is there, also in place of a result of another model.
    folder
        Where the result goes, if not to ``<out>/<name>/<id>``.

    Raises
    ------
    OtherModel
        If a sound result of another model or format is there, and `force` is not set.
    SimulationError, StoreError
        With the exit code of what went wrong.
    """
    folder = folder or out / experiment.config.name / experiment.identity
    if not force:
        done = find(experiment, out, folder)
        if done is not None:
            clear(folder, "scratch")  # of a process that was killed when all was written
            return done
        keep(folder / RESULTS_FILE)
    report = progress or (lambda phase, time, alive: None)
    report("assemble", 0.0, 0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = own_folder(folder, "scratch")
    except OSError as error:
        raise explain(folder, "make", error) from error
    try:
        return _run(experiment, folder, scratch, report, cancel)
    except OSError as error:
        # numpy reports a full disk without number and name
        raise OutputError(f"{error.filename or folder}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _run(
    experiment: Experiment, folder: Path, scratch: Path, report: Progress, cancel: Event | None
) -> RunOutcome:
    config = experiment.config
    assembly = assemble(config, config.seed)
    check_assembly(config, assembly)
    report("compile", 0.0, 0)
    fix_place()
    fix_compiler()
    program = build(assembly, cancel)
    share(program)
    if program.note and sys.stderr is not None:
        print(f"note: {program.note}", file=sys.stderr)
    start = time.perf_counter()

    def simulated(seconds: float, alive: int) -> None:
        report("simulate", seconds, alive)

    if config.solver is None:
        job = _job(config, assembly.layout)
        execute(program, assembly, job, scratch, simulated, cancel)
        recording = _recording(config, assembly, scratch)
    else:
        recording = _lifespan(config, assembly, program, scratch, simulated, cancel)
    report("write", config.duration, 0)
    with write_atomically(folder / "config.yaml") as path:
        path.write_text(dump(experiment), encoding="utf-8")
    with write_atomically(folder / "citations.bib") as path:
        path.write_text(citations(config), encoding="utf-8")
    write_run(
        folder / RESULTS_FILE,
        recording,
        provenance(experiment, program.manifest),
        experiment.source_text,
        json.dumps(experiment.resolved, sort_keys=True),
        json.dumps(experiment.origin, sort_keys=True),
        citations(config),
    )
    wall = time.perf_counter() - start
    _write_log(folder, wall, program)
    return _outcome(folder, experiment, wall, program.compiled)


def find(experiment: Experiment, out: Path, folder: Path | None = None) -> RunOutcome | None:
    """Return the outcome of a complete result of this model below `out`, or in `folder`, if there is one."""
    folder = folder or out / experiment.config.name / experiment.identity
    try:
        with open_run(folder / RESULTS_FILE) as result:
            if result.is_old or result.provenance().get("model") != digest():
                return None
        wall = float(json.loads((folder / LOG).read_text(encoding="utf-8"))["wall_s"])
    except (StoreError, OSError, ValueError, KeyError, TypeError):
        return None
    return _outcome(folder, experiment, wall, False)


def _outcome(folder: Path, experiment: Experiment, wall: float, compiled: bool) -> RunOutcome:
    populations = summarise(folder / RESULTS_FILE)["populations"]
    return RunOutcome(
        id=experiment.identity,
        results=folder / RESULTS_FILE,
        simulated_s=experiment.config.duration,
        wall_s=wall,
        compiled=compiled,
        populations={
            name: {key: values[key] for key in OUTCOMES} for name, values in populations.items()
        },
        lifespan=None if experiment.config.solver is None else _became(folder / RESULTS_FILE),
    )


def _became(results: Path) -> dict[str, float | str | None]:
    """The outcome of a lifespan; None for what did not happen."""
    with open_run(results) as result:
        found = result.outcome()
    return {
        n: None if isinstance(v, float) and not math.isfinite(v) else v for n, v in found.items()
    }


def _write_log(folder: Path, wall: float, program: Build) -> None:
    """What differs between two runs of the same thing is kept out of the result."""
    entry = {
        "wall_s": wall,
        "compiled": program.compiled,
        "program": program.program.parent.name,
        "model": digest(),
    }
    with write_atomically(folder / LOG) as path:
        path.write_text(json.dumps(entry) + "\n", encoding="utf-8")


def _job(config: Config, layout: Layout) -> Job:
    rate = config.numerics.fast_steps_per_second
    traced = config.record.membrane
    if traced is None:
        membrane = TraceSelection((), 0, 0, 1)
    else:
        membrane = TraceSelection(
            _first(layout, traced.neurons, carriers_only=False),
            round(traced.from_ * rate),
            round(min(traced.until, config.duration) * rate),
            max(1, round(traced.interval * rate)),
        )
    return Job(
        steps=round(config.duration * rate),
        record_steps=round(config.record.interval * rate),
        spikes=config.record.spikes,
        membrane=membrane,
    )


def _first(layout: Layout, count: int, carriers_only: bool) -> tuple[int, ...]:
    """The first neurons of each population: any are as good, their parameters are drawn."""
    return tuple(
        neuron
        for part in layout.slices
        if part.carries_calcium or not carriers_only
        for neuron in range(part.start, min(part.start + count, part.stop))
    )


def _lifespan(
    config: Config,
    assembly: Assembly,
    program: Build,
    scratch: Path,
    progress: Callable[[float, int], None],
    cancel: Event | None,
) -> RawRecording:
    """Solve a run in windows, and leave the raw files of a run in `scratch`."""
    assert config.solver is not None
    rate = config.numerics.fast_steps_per_second
    windows = Windows(
        program,
        round(config.solver.window * rate),
        round(config.solver.settle * rate),
        scratch,
        cancel,
    )
    history = solve(config, assembly, windows, progress)
    history.write(scratch)
    lost_from, restored_from = history.losses()
    plain = _recording(config.model_copy(update={"bath": ()}), assembly, scratch)
    return replace(
        plain,
        duration=config.duration,
        variables=variables(),
        agents=(),
        applied={},
        lifespan=lifespan(history, config, assembly),
        lost_from=lost_from,
        restored_from=restored_from,
    )


def _recording(config: Config, assembly: Assembly, scratch: Path) -> RawRecording:
    layout = assembly.layout
    rate = config.numerics.fast_steps_per_second
    membrane = _job(config, layout).membrane
    recorded = columns(config, layout)
    return RawRecording(
        directory=scratch,
        populations=tuple(
            PopulationSlice(s.name, s.start, s.stop, s.carries_calcium) for s in layout.slices
        ),
        fast_steps_per_second=rate,
        duration=round(config.duration * rate) / rate,
        record_interval=config.record.interval,
        variables=tuple(
            RecordedVariable(name, unit, meaning)
            for name, (unit, meaning) in {**calcium.RECORDED, **circuit.RECORDED}.items()
            if layout.cells
        ),
        membrane_neurons=membrane.neurons,
        membrane_start=membrane.start / rate,
        membrane_interval=membrane.interval / rate,
        traced_neurons=_first(layout, config.record.neurons, carriers_only=True),
        buffer_capacity=np.asarray(assembly.cells["buffer_capacity"], dtype=float),
        agents=tuple(column.label for column in recorded),
        applied=applied(assembly.schedule, recorded, rate),
        lost_from=_times(assembly, "silenced_from"),
        restored_from=_times(assembly, "restored_from"),
    )


def _times(assembly: Assembly, name: str) -> Array:
    """Times of the neurons, in s; infinite for never."""
    times = np.broadcast_to(np.asarray(assembly.neurons[name], float), assembly.layout.neurons)
    return np.where(times < NEVER, times, np.inf)
