"""The hand-written loops of ``floor/``: compile them, and run them or the engine on the same inputs."""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import unshielded.engine
from unshielded import calcium, circuit
from unshielded.assemble import Assembly
from unshielded.engine.build import FLAGS, Build
from unshielded.engine.program import Job, TraceSelection, execute
from unshielded.model import engine_models

_SOURCE = Path(__file__).with_name("floor") / "floor.cpp"
_ENGINE = Path(unshielded.engine.__file__).parent
_RECORDED = (*calcium.RECORDED, *circuit.RECORDED)


@dataclass(frozen=True)
class Run:
    """One run: processor time in seconds, spikes in order, and how it left the cells, in SI.

    `cells` has all states of the cells and all that is recorded of them.
    """

    processor: float
    ticks: NDArray[np.int64]
    neurons: NDArray[np.int32]
    cells: Mapping[str, NDArray[np.float64]]


def compile_loops(engine: Build, assembly: Assembly, folder: Path) -> Build:
    """Compile the loops with the engine's flags: a program that stands in for the engine's."""
    program = folder / "floor"
    compiler = os.environ.get("CXX", "g++")
    command = [compiler, *FLAGS, f"-I{_ENGINE}", str(_SOURCE), "-o", str(program)]
    subprocess.run(command, check=True)
    state = [("cells", name, assembly.layout.cells) for name in engine_models().cell.states]
    return replace(engine, program=program, manifest={**engine.manifest, "state": state})


def run(program: Build, assembly: Assembly, seconds: float, folder: Path) -> Run:
    """Run a program on the inputs of an assembly, which both read from the same files."""
    rate = assembly.fast_steps_per_second
    os.environ["UNSHIELDED_BENCHMARK_FAST_RATE"] = str(rate)
    os.environ["UNSHIELDED_BENCHMARK_SLOW_RATE"] = str(assembly.slow_steps_per_second)
    os.environ["UNSHIELDED_BENCHMARK_RECORDED"] = ",".join(_RECORDED)
    os.environ["UNSHIELDED_BENCHMARK_STATES"] = ",".join(engine_models().cell.states)
    job = Job(round(seconds * rate), rate, True, TraceSelection((), 0, 0, 1), settled=0)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        scratch = Path(name)
        before = _processor()
        execute(program, assembly, job, scratch)
        used = _processor() - before
        last = np.fromfile(scratch / "final.f64", "<f8").reshape(len(_RECORDED), -1)
        return Run(
            used,
            np.fromfile(scratch / "spike_ticks.i64", "<i8"),
            np.fromfile(scratch / "spike_neurons.i32", "<i4"),
            {**_states(program, scratch), **dict(zip(_RECORDED, last, strict=True))},
        )


def same_until(first: Run, second: Run, rate: int) -> float:
    """Return the time in seconds until which all spikes are the same; infinite if all are."""
    shorter = min(len(first.ticks), len(second.ticks))
    ticks = first.ticks[:shorter] != second.ticks[:shorter]
    differ = np.flatnonzero(ticks | (first.neurons[:shorter] != second.neurons[:shorter]))
    if differ.size:
        return float(first.ticks[differ[0]]) / rate
    if len(first.ticks) == len(second.ticks):
        return float("inf")
    longer = max(first, second, key=lambda r: len(r.ticks))
    return float(longer.ticks[shorter]) / rate


def differences(first: Run, second: Run) -> dict[str, float]:
    """Return for each value of the cells the largest difference, over the largest value of any."""
    found = {}
    for name, values in first.cells.items():
        scale = max(float(np.abs(values).max()), 1e-300)
        found[name] = float(np.abs(values - second.cells[name]).max()) / scale
    return found


def _states(program: Build, scratch: Path) -> dict[str, NDArray[np.float64]]:
    """All states of the cells, out of what a program writes of its state."""
    values = np.fromfile(scratch / "state.f64", "<f8")
    ends = np.cumsum([size for _, _, size in program.state])
    parts = zip(program.state, np.split(values, ends[:-1]), strict=True)
    wanted = engine_models().cell.states
    return {name: v for (group, name, _), v in parts if group == "cells" and name in wanted}


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
