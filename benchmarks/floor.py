"""Hold the engine against the same model as plain C++ loops: the distance to the limit.

``python benchmarks/floor.py [--neurons 1000 10000] [--seconds 5] [--repeats 5] [--json FILE]``.
What the loops are and how to read the numbers: ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from run import circuit_of, machine

import unshielded.engine
from unshielded import calcium, circuit
from unshielded.assemble import Assembly
from unshielded.engine.build import FLAGS, Build, build
from unshielded.engine.program import Job, TraceSelection, execute

ENGINE, FLOOR = "engine", "floor"
#: Slow states whose mean over the cells is compared at the end of the run.
COMPARED = ("calcium", "atp", "mitochondrial_potential")
GOALS = {1000: 1.3, 10_000: 1.2}
_SOURCE = Path(__file__).with_name("floor") / "floor.cpp"
_ENGINE = Path(unshielded.engine.__file__).parent


@dataclass(frozen=True)
class Run:
    """One run: processor time in seconds, spikes in order, and the last values of the cells."""

    processor: float
    ticks: NDArray[np.int64]
    neurons: NDArray[np.int32]
    last: Mapping[str, NDArray[np.float64]]


def compile_floor(folder: Path) -> Path:
    """Compile the loops with the engine's flags."""
    program = folder / FLOOR
    compiler = os.environ.get("CXX", "g++")
    command = [compiler, *FLAGS, f"-I{_ENGINE}", str(_SOURCE), "-o", str(program)]
    subprocess.run(command, check=True)
    return program


def run(program: Build, assembly: Assembly, seconds: float, folder: Path) -> Run:
    """Run a program on the inputs of an assembly, which both read from the same files."""
    rate = assembly.fast_steps_per_second
    job = Job(round(seconds * rate), rate, True, TraceSelection((), 0, 0, 1))
    with tempfile.TemporaryDirectory(dir=folder) as name:
        scratch = Path(name)
        before = _processor()
        execute(program, assembly, job, scratch)
        used = _processor() - before
        names = [*calcium.RECORDED, *circuit.RECORDED]
        last = np.fromfile(scratch / "final.f64", "<f8").reshape(len(names), -1)
        return Run(
            used,
            np.fromfile(scratch / "spike_ticks.i64", "<i8"),
            np.fromfile(scratch / "spike_neurons.i32", "<i4"),
            dict(zip(names, last, strict=True)),
        )


def same_until(first: Run, second: Run, rate: int) -> float:
    """Return the time in seconds until which all spikes are the same; infinite if all are."""
    shorter = min(len(first.ticks), len(second.ticks))
    ticks = first.ticks[:shorter] != second.ticks[:shorter]
    differ = np.flatnonzero(ticks | (first.neurons[:shorter] != second.neurons[:shorter]))
    if differ.size:
        return float(first.ticks[differ[0]]) / rate
    return float("inf") if len(first.ticks) == len(second.ticks) else 0.0


def parity(engine: Run, floor: Run, assembly: Assembly, seconds: float) -> Table:
    """Tabulate rates by population, and means of slow states at the end."""
    table = Table(title="Parity")
    for column in ("", ENGINE, FLOOR, "relative difference"):
        table.add_column(column, justify="left" if not column else "right")
    size = assembly.layout.neurons
    counts = [np.bincount(r.neurons, minlength=size) for r in (engine, floor)]
    rows: list[tuple[str, float, float]] = []
    for part in assembly.layout.slices:
        if part.size:
            ours, theirs = (float(c[part.start : part.stop].mean()) / seconds for c in counts)
            rows.append((f"{part.name}, Hz", ours, theirs))
    for n in COMPARED:
        rows.append((f"{n}, SI", float(engine.last[n].mean()), float(floor.last[n].mean())))
    for name, ours, theirs in rows:
        difference = abs(ours - theirs) / max(abs(ours), 1e-30)
        table.add_row(name, f"{ours:.6g}", f"{theirs:.6g}", f"{difference:.1e}")
    return table


def compare(
    neurons: int, seconds: float, repeats: int, folder: Path, console: Console
) -> dict[str, object]:
    """Measure one size; print, and return the numbers."""
    assembly = circuit_of(neurons, seconds, folder)
    rates = (assembly.fast_steps_per_second, assembly.slow_steps_per_second)
    os.environ["FLOOR_FAST_RATE"], os.environ["FLOOR_SLOW_RATE"] = map(str, rates)
    with console.status(f"compiling {neurons} neurons"):
        engine = build(assembly)
        programs = {ENGINE: engine, FLOOR: replace(engine, program=compile_floor(folder))}
    shortest = 1 / assembly.slow_steps_per_second
    times: dict[str, list[float]] = {name: [] for name in programs}
    runs = {}
    for turn in range(repeats):
        for name, program in programs.items():
            with console.status(f"{neurons} neurons, repeat {turn + 1} of {repeats}: {name}"):
                start = run(program, assembly, shortest, folder).processor
                runs[name] = run(program, assembly, seconds, folder)
            times[name].append(runs[name].processor - start)
    ratios = [a / b for a, b in zip(times[ENGINE], times[FLOOR], strict=True)]
    same = same_until(runs[ENGINE], runs[FLOOR], rates[0])
    console.print(parity(runs[ENGINE], runs[FLOOR], assembly, seconds))
    console.print(
        f"{neurons} neurons, {seconds:g} s, {len(runs[ENGINE].ticks)} spikes, the same in both "
        f"{'to the end' if same == float('inf') else f'until {same:.4f} s'}; processor seconds, "
        f"median: {ENGINE} {median(times[ENGINE]):.3f}, {FLOOR} {median(times[FLOOR]):.3f}"
    )
    console.print(
        f"{ENGINE} over {FLOOR}: {median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
        + (f", goal {GOALS[neurons]}" if neurons in GOALS else "")
    )
    return {"neurons": neurons, "seconds": seconds, "processor": times, "ratios": ratios}


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure all sizes, print, and write JSON if asked to."""
    parser = argparse.ArgumentParser(description="compare the engine with hand-written loops")
    parser.add_argument("--neurons", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--seconds", type=float, default=5.0, help="biological seconds of a run")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there, too")
    chosen = parser.parse_args()
    console = Console(width=max(100, Console().width))
    console.print(" · ".join(f"{key} {value}" for key, value in machine().items()), soft_wrap=True)
    with tempfile.TemporaryDirectory(prefix="unshielded-floor-") as name:
        found = [
            compare(neurons, chosen.seconds, chosen.repeats, Path(name), console)
            for neurons in chosen.neurons
        ]
    if chosen.json:
        chosen.json.write_text(json.dumps({"machine": machine(), "sizes": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
