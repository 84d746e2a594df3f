"""Hold the engine against the same model as plain C++ loops: the distance to the limit.

``python benchmarks/floor.py [--neurons 1000 10000] [--seconds 5] [--repeats 5] [--json FILE]``.
What the loops are and how to read the numbers: ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
from loops import Run, compile_loops, differences, run, same_until
from rich.console import Console
from rich.table import Table
from run import circuit_of, machine

from unshielded.assemble import Assembly
from unshielded.engine.build import build

ENGINE, FLOOR = "engine", "floor"
#: Slow states whose mean over the cells is compared at the end of the run.
COMPARED = ("calcium", "atp", "mitochondrial_potential")
GOALS = {1000: 1.3, 10_000: 1.2}


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
        rows.append((f"{n}, SI", float(engine.cells[n].mean()), float(floor.cells[n].mean())))
    for name, ours, theirs in rows:
        difference = abs(ours - theirs) / max(abs(ours), 1e-30)
        table.add_row(name, f"{ours:.6g}", f"{theirs:.6g}", f"{difference:.1e}")
    return table


def compare(
    neurons: int, seconds: float, repeats: int, folder: Path, console: Console
) -> dict[str, object]:
    """Measure one size; print, and return the numbers."""
    assembly = circuit_of(neurons, seconds, folder)
    with console.status(f"compiling {neurons} neurons"):
        engine = build(assembly)
        programs = {ENGINE: engine, FLOOR: compile_loops(engine, assembly, folder)}
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
    same = same_until(runs[ENGINE], runs[FLOOR], assembly.fast_steps_per_second)
    console.print(parity(runs[ENGINE], runs[FLOOR], assembly, seconds))
    console.print(
        f"{neurons} neurons, {seconds:g} s, {len(runs[ENGINE].ticks)} spikes, the same in both "
        f"{'to the end' if same == float('inf') else f'until {same:.4f} s'}; processor seconds, "
        f"median: {ENGINE} {median(times[ENGINE]):.3f}, {FLOOR} {median(times[FLOOR]):.3f}"
    )
    apart = differences(runs[ENGINE], runs[FLOOR])
    name = max(apart, key=apart.__getitem__)
    console.print(f"of all values of the cells {name} differs most: by {apart[name]:.1e}")
    console.print(
        f"{ENGINE} over {FLOOR}: {median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
        + (f", goal {GOALS[neurons]}" if neurons in GOALS else "")
    )
    return {"neurons": neurons, "seconds": seconds, "processor": times, "ratios": ratios}


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
