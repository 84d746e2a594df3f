"""Compare the speed of the engine with Brian2's own, on the same model, in one run.

``python benchmarks/run.py [--neurons 1000] [--seconds 10] [--repeats 3] [--quick] [--json FILE]``.
What is compared and how to read it: ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from statistics import median

from engines import Engines, Timing
from rich.console import Console
from rich.table import Table

from unshielded.assemble import Assembly, assemble
from unshielded.circuit.populations import POPULATIONS
from unshielded.config import load

OURS, STOCK, CYTHON = "unshielded", "standalone", "cython"
_LONGER = 4  # memory is measured again in a run this many times as long


def scaled_sizes(neurons: int) -> dict[str, int]:
    """Scale the populations to a total; what rounding leaves goes to the largest."""
    total = sum(p.size for p in POPULATIONS.values())
    sizes = {name: max(1, round(p.size * neurons / total)) for name, p in POPULATIONS.items()}
    sizes[max(sizes, key=sizes.__getitem__)] += neurons - sum(sizes.values())
    return sizes


def circuit_of(neurons: int, seconds: float, folder: Path) -> Assembly:
    """Assemble the default circuit, its populations scaled, its in-degrees kept."""
    sizes = {name: {"size": size} for name, size in scaled_sizes(neurons).items()}
    config = {"name": "benchmark", "duration": f"{seconds} s", "circuit": {"populations": sizes}}
    path = folder / "benchmark.yaml"
    path.write_text(json.dumps(config))  # JSON is YAML
    return assemble(load(path).config, seed=1)


def measure(engines: Engines, repeats: int, console: Console) -> dict[str, list[Timing]]:
    """Run every engine in turn, `repeats` times: a busy minute slows all of them."""
    with console.status("compiling the stock program"):
        engines.compile_stock()
    runs: dict[str, Callable[[], Timing]] = {
        OURS: engines.ours,
        STOCK: engines.stock,
        CYTHON: engines.cython,
    }
    timings: dict[str, list[Timing]] = {name: [] for name in runs}
    for turn in range(repeats):
        for name, run in runs.items():
            with console.status(f"repeat {turn + 1} of {repeats}: {name}"):
                timings[name].append(run())
    return timings


def speeds(timings: Mapping[str, Sequence[Timing]]) -> Table:
    """Tabulate biological seconds per second; median (lowest–highest)."""
    table = Table(title="Biological seconds per second: median (lowest–highest)")
    for column in ("engine", "runs", "program", "simulation", "processor"):
        table.add_column(column, justify="left" if column == "engine" else "right")
    for name, some in timings.items():
        table.add_row(
            name,
            f"{len(some)} × {some[0].simulated:.3g} s",
            _spread([t.simulated / t.wall for t in some]) if name != CYTHON else "–",
            _spread([t.speed for t in some]),
            _spread([t.simulated / t.processor for t in some]),
        )
    for name in (STOCK, CYTHON):
        pairs = list(zip(timings[OURS], timings[name], strict=True))
        table.add_row(
            f"unshielded / {name}",
            "",
            _spread([_per_wall(a) / _per_wall(b) for a, b in pairs], "×"),
            _spread([a.speed / b.speed for a, b in pairs], "×"),
            _spread([_per_processor(a) / _per_processor(b) for a, b in pairs], "×"),
        )
    return table


def rates(timings: Mapping[str, Sequence[Timing]], window: float, seconds: float) -> Table:
    """Tabulate who fired: the engines must agree but for their random numbers."""
    table = Table(title="Mean firing rates (Hz)")
    table.add_column("population")
    for name in timings:
        table.add_column(f"{name}\n0–{window:g} s", justify="right")
    for name in (OURS, STOCK):
        table.add_column(f"{name}\n0–{seconds:g} s", justify="right")
    for population in timings[OURS][0].rates:
        table.add_row(
            population,
            *(f"{median(t.early[population] for t in some):.2f}" for some in timings.values()),
            *(f"{median(t.rates[population] for t in timings[n]):.2f}" for n in (OURS, STOCK)),
        )
    return table


def machine() -> dict[str, str]:
    """Say what ran where."""
    compiler = os.environ.get("CXX", "g++")
    shown = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False)
    return {
        "processor": _processor_name(),
        "cores": str(os.cpu_count()),
        "load (1, 5, 15 min)": " ".join(f"{x:.1f}" for x in os.getloadavg()),
        "system": platform.platform(),
        "compiler": (shown.stdout.splitlines() or [compiler])[0],
        "python": platform.python_version(),
        **{name: version(name) for name in ("brian2", "numpy", "cython")},
    }


def main() -> None:
    """Measure, print, and write JSON if asked to."""
    parser = argparse.ArgumentParser(description="compare the engine with stock Brian2")
    parser.add_argument("--neurons", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10.0, help="biological seconds of a run")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="200 neurons, 2 s, once")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there, too")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.neurons, chosen.seconds, chosen.repeats = 200, 2.0, 1
    window = min(2.0, chosen.seconds / 2)
    console = Console(width=max(100, Console().width))
    with tempfile.TemporaryDirectory(prefix="unshielded-benchmark-") as name:
        folder = Path(name)
        assembly = circuit_of(chosen.neurons, chosen.seconds, folder)
        with console.status("compiling"):
            engines = Engines(assembly, chosen.seconds, window, folder)
        timings = measure(engines, chosen.repeats, console)
        peaks = {s: engines.peak(s) for s in (chosen.seconds, _LONGER * chosen.seconds)}
    synapses = sum(len(s.sources) for s in assembly.synapses.values())
    layout = assembly.layout
    console.print(
        f"{layout.neurons} neurons ({layout.cells} with calcium submodel), {synapses} synapses"
    )
    console.print(" · ".join(f"{key} {value}" for key, value in machine().items()), soft_wrap=True)
    console.print(speeds(timings))
    console.print(rates(timings, window, chosen.seconds))
    console.print(
        "Peak memory of the program: "
        + ", ".join(f"{peak:.1f} MB over {seconds:g} s" for seconds, peak in peaks.items())
    )
    if chosen.json:
        found = {
            "neurons": layout.neurons,
            "cells": layout.cells,
            "synapses": synapses,
            "machine": machine(),
            "timings": {k: [asdict(t) for t in some] for k, some in timings.items()},
            "peak_memory_mb": {str(seconds): peak for seconds, peak in peaks.items()},
        }
        chosen.json.write_text(json.dumps(found, indent=1) + "\n")


def _per_wall(timing: Timing) -> float:
    return timing.simulated / timing.wall


def _per_processor(timing: Timing) -> float:
    return timing.simulated / timing.processor


def _spread(values: Sequence[float], unit: str = "") -> str:
    return f"{median(values):.3g}{unit} ({min(values):.3g}–{max(values):.3g})"


def _processor_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(s.partition(": ")[2] for s in lines if s.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
