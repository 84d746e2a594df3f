"""Run a compiled program: write its inputs, watch it, and believe only what can be checked."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Event, Thread

import numpy as np

from unshielded.arrays import AnyArray
from unshielded.assemble import Assembly, Layout
from unshielded.assemble.wiring import neighbours
from unshielded.engine.build import Build
from unshielded.engine.errors import Interrupted, NotFinite, OutputError, SimulationError
from unshielded.engine.limits import MAXIMUM_MEAN
from unshielded.processes import of_program

#: Changes of the bath: their number, then ``step group.variable start stop value`` for each.
SCHEDULE = "schedule.txt"

Progress = Callable[[float, int], None]


@dataclass(frozen=True)
class TraceSelection:
    """Fast traces: which neurons, and when; times in fast steps."""

    neurons: tuple[int, ...]
    start: int
    stop: int
    interval: int


@dataclass(frozen=True)
class Job:
    """How long to run and what to write; times in fast steps.

    `settled` asks for the state of all neurons and cells, then and at the end
    (``settled.f64``, ``state.f64``); None for none.
    """

    steps: int
    record_steps: int
    spikes: bool
    membrane: TraceSelection
    settled: int | None = None


def execute(
    build: Build,
    assembly: Assembly,
    job: Job,
    scratch: Path,
    progress: Progress | None = None,
    cancel: Event | None = None,
) -> None:
    """Run a compiled program in `scratch`, leaving the raw output files there.

    Parameters
    ----------
    progress
        Called with the simulated seconds and the number of living cells.
    cancel
        Set it to end the program.

    Raises
    ------
    NotFinite, OutputError, Interrupted, SimulationError
        As the program ended.
    """
    cancel = cancel or Event()
    arguments = _write_inputs(build, assembly, scratch)
    if cancel.is_set():
        raise Interrupted(signal.SIGTERM)
    with (scratch / "stderr.txt").open("w", encoding="utf-8") as log:
        process = Popen(
            [str(build.program), *arguments],
            cwd=scratch,
            env=of_program(**_settings(job, assembly.layout)),
            stdout=PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # Ctrl-C reaches us, and through us the program
        )
    complete = 0
    ended = Event()
    watch = Thread(target=_end_when, args=(cancel, ended, process), daemon=True)
    watch.start()
    assert process.stdout is not None
    try:
        for line in process.stdout:
            message = json.loads(line)
            complete = message.get("complete", complete)
            if progress is not None and "time" in message:
                progress(message["time"], message["alive"])
        code = process.wait()
    finally:
        ended.set()
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()
    if code and cancel.is_set():
        raise Interrupted(signal.SIGTERM)  # it may not have come to handling signals yet
    _judge(
        code, complete, job, assembly.layout, (scratch / "stderr.txt").read_text(encoding="utf-8")
    )


def _end_when(cancel: Event, ended: Event, process: Popen[str]) -> None:
    """End the program once `cancel` is set: it prints nothing between two records."""
    while not ended.wait(0.1):
        if cancel.is_set():
            process.terminate()
            return


def _write_inputs(build: Build, assembly: Assembly, scratch: Path) -> list[str]:
    """Write arrays to files, and return the program's arguments."""
    _check_releases(assembly)
    _check_sizes(build, assembly)
    _write_schedule(assembly, scratch / SCHEDULE)
    static = scratch / "static_arrays"
    inputs = scratch / "inputs"
    static.mkdir()
    inputs.mkdir()
    arguments = ["--results_dir", "unused/"]
    values: dict[str, object] = {f"neurons.{k}": v for k, v in assembly.neurons.items()}
    if assembly.layout.cells:
        values |= {f"cells.{k}": v for k, v in assembly.cells.items()}
    for receptor, synapses in assembly.synapses.items():
        if len(synapses.sources):
            prefix = f"_static_array__array_{receptor}"
            synapses.sources.astype("<i4").tofile(static / f"{prefix}_sources")
            synapses.targets.astype("<i4").tofile(static / f"{prefix}_targets")
            values[f"{receptor}.weight"] = synapses.weights
            values[build.delays[receptor]] = synapses.delays
    for name, ends in zip(("sources", "targets"), neighbours(assembly.layout), strict=True):
        ends.astype("<i4").tofile(static / f"_static_array__array_beside_{name}")
    for name, value in values.items():
        array = np.asarray(value)
        _check_finite(name, array, assembly.layout)
        if array.ndim:
            array.tofile(inputs / name)
            arguments.append(f"{name}=inputs/{name}")
        else:
            arguments.append(f"{name}={float(array)!r}")
    return arguments


def _write_schedule(assembly: Assembly, path: Path) -> None:
    for event in assembly.schedule:
        if not np.isfinite(event.value):
            raise SimulationError(f"the scheduled {event.variable} is not finite")
    lines = [str(len(assembly.schedule))]
    lines += [
        f"{e.tick} {e.group}.{e.variable} {e.start} {e.stop} {float(e.value)!r}"
        for e in assembly.schedule
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _check_finite(name: str, values: AnyArray, layout: Layout) -> None:
    """Refuse a start at which the model's own equations for rest have no answer."""
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        group = name.partition(".")[0]
        each = group in ("neurons", "cells") and values.ndim
        where = f", {_whose(int(bad[0]), layout)}" if each else ""
        raise NotFinite(
            f"the input {name} is not finite (t = 0 s{where}); milder parameters may help"
        )


def _check_sizes(build: Build, assembly: Assembly) -> None:
    """Refuse what the program would replace by defaults, or read beyond."""
    if dict(assembly.structure) != build.manifest["structure"]:
        raise SimulationError("the program was compiled for a circuit of another structure")
    layout = assembly.layout
    sized = [(f"neurons.{k}", v, layout.neurons) for k, v in assembly.neurons.items()]
    sized += [(f"cells.{k}", v, layout.cells) for k, v in assembly.cells.items()]
    for receptor, synapses in assembly.synapses.items():
        count = len(synapses.sources)
        sized += [(f"{receptor}.{k}", v, count) for k, v in vars(synapses).items()]
        for ends in (synapses.sources, synapses.targets):
            if count and not 0 <= ends.min() <= ends.max() < layout.neurons:
                raise SimulationError(f"a synapse of {receptor} ends outside the circuit")
    for name, values, size in sized:
        if np.ndim(values) and np.shape(values) != (size,):
            raise SimulationError(f"the input {name} has {np.size(values)} values, not {size}")


def _check_releases(assembly: Assembly) -> None:
    level = assembly.neurons["command_level"]
    rate = np.max(
        np.asarray(assembly.neurons["background_rate"])
        + np.asarray(assembly.neurons["command_rate"]) * level,
        initial=0.0,
    )
    if rate > MAXIMUM_MEAN * assembly.fast_steps_per_second:
        raise SimulationError(
            f"external releases of {rate:.0f} Hz are more than one per fast step; lower "
            "background_rate, command_rate or drive.level, or raise numerics.fast_steps_per_second"
        )


def _settings(job: Job, layout: Layout) -> dict[str, str]:
    traced = job.membrane
    return {
        "UNSHIELDED_OUT": ".",
        "UNSHIELDED_SCHEDULE": SCHEDULE,
        "UNSHIELDED_STEPS": str(job.steps),
        "UNSHIELDED_RECORD_STEPS": str(job.record_steps),
        "UNSHIELDED_SPIKES": str(int(job.spikes)),
        **({} if job.settled is None else {"UNSHIELDED_SETTLE": str(job.settled)}),
        "UNSHIELDED_PLACES": ",".join(str(p.start) for p in layout.slices if p.size),
        "UNSHIELDED_MEMBRANE_NEURONS": str(len(traced.neurons)),
        "UNSHIELDED_MEMBRANE_LIST": ",".join(map(str, traced.neurons)),
        "UNSHIELDED_MEMBRANE_FROM": str(traced.start),
        "UNSHIELDED_MEMBRANE_UNTIL": str(traced.stop),
        "UNSHIELDED_MEMBRANE_STEPS": str(max(1, traced.interval)),
    }


def _whose(neuron: int, layout: Layout) -> str:
    """Name a neuron as a config counts it: by its population, from 0."""
    for part in layout.slices:
        if part.start <= neuron < part.stop:
            return f"neuron {neuron - part.start} of {part.name}"
    return f"neuron {neuron}"


def _judge(code: int, complete: int, job: Job, layout: Layout, log: str) -> None:
    """Turn how the program ended into an exception, or into nothing if it ended well."""
    message = log.strip().splitlines()[-1] if log.strip() else ""
    if code == 3:
        found = json.loads(message)
        variable = found["not_finite"]
        # What is in the bath has one value, and no neuron.
        of = "" if variable.endswith("_bath") else f" of {_whose(found['neuron'], layout)}"
        raise NotFinite(
            f"{variable}{of} is not finite by t = {found['time']:g} s; a smaller time step "
            "(numerics.fast_steps_per_second) or milder parameters may help"
        )
    if code == 4:
        raise OutputError(json.loads(message)["error"])
    if code == 6 and message.startswith("{"):
        raise SimulationError(json.loads(message)["error"])
    if code in (128 + signal.SIGINT, 128 + signal.SIGTERM):
        raise Interrupted(code - 128)
    if code < 0:
        raise SimulationError(f"the program was ended by signal {-code}")
    # Brian2 reports bad inputs on stderr and goes on with defaults: any word there is an error.
    if code or log.strip() or complete != job.steps:
        raise SimulationError(
            f"the program ended with code {code} after {complete} of {job.steps} steps: {message}"
        )
