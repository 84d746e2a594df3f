"""Measure how cost grows: with neurons, with duration, and when nobody fires.

``python benchmarks/growth.py [--sizes 0.97,2.9,9.7,29,97] [--seconds 2] [--figure FILE] [--json FILE]``.
A size is `circuit.scale`: 1,028 neurons times that, in-degrees kept. Each needs a program of its own,
which is compiled first and not timed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np
from engines import Engines
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from rich.console import Console
from rich.table import Table

from unshielded.assemble import assemble
from unshielded.assemble.predict import predict
from unshielded.config import Config, load

_REPEATS = 3


@dataclass(frozen=True)
class Measured:
    """One size or duration: processor seconds (median), and peak memory of the program in MB."""

    scale: float
    neurons: int
    cells: int
    synapses: int
    seconds: float
    processor_s: float
    assemble_s: float
    memory_mb: float
    predicted_s: float
    rate_hz: float


def config_of(scale: float, seconds: float, folder: Path, silent: bool = False) -> Config:
    """Write the default circuit at a scale; silent, every neuron is lost from the start."""
    settings: dict[str, object] = {
        "name": "growth",
        "duration": f"{seconds} s",
        "circuit": {"scale": scale},
    }
    path = folder / "growth.yaml"
    path.write_text(json.dumps(settings))
    config = load(path).config
    if silent:
        lost = dict.fromkeys(config.circuit.populations, 1.0)
        path.write_text(json.dumps({**settings, "circuit": {"scale": scale, "loss": lost}}))
        config = load(path).config
    return config


def measure(config: Config, scale: float, repeats: int, folder: Path) -> Measured:
    """Compile, then run a config `repeats` times."""
    start = time.process_time()
    assembly = assemble(config, config.seed)
    assembled = time.process_time() - start
    engines = Engines(assembly, config.duration, config.duration, folder)
    timings = [engines.ours() for _ in range(repeats)]
    layout = assembly.layout
    spikes = sum(timings[-1].rates[part.name] * part.size for part in layout.slices if part.size)
    return Measured(
        scale,
        layout.neurons,
        layout.cells,
        sum(len(s.sources) for s in assembly.synapses.values()),
        config.duration,
        median(timing.processor for timing in timings),
        assembled,
        engines.peak(config.duration),
        predict(config).seconds,
        spikes / layout.neurons,
    )


def apart(config: Config, scale: float, repeats: int, folder: Path) -> Measured:
    """Measure in a process of its own, whose memory the next one does not inherit."""
    request = folder / "request.json"
    request.write_text(json.dumps([str(folder / "growth.yaml"), scale, repeats]))
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(request)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def table(title: str, rows: list[Measured]) -> Table:
    """Tabulate."""
    made = Table(title=title)
    for head in ("neurons", "synapses", "biological s", "processor s", "per neuron-second, µs",
                 "memory, MB", "assembling, s", "rate, Hz"):  # fmt: skip
        made.add_column(head, justify="right")
    for row in rows:
        made.add_row(
            f"{row.neurons:,}",
            f"{row.synapses:,}",
            f"{row.seconds:g}",
            f"{row.processor_s:.2f}",
            f"{1e6 * row.processor_s / row.neurons / row.seconds:.0f}",
            f"{row.memory_mb:.0f}",
            f"{row.assemble_s:.1f}",
            f"{row.rate_hz:.1f}",
        )
    return made


def slope(x: list[float], y: list[float]) -> float:
    """Return the exponent of a power law through the points."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def draw(sizes: list[Measured], durations: list[Measured], path: Path) -> None:
    """Draw time and memory against size and against duration."""
    figure = Figure(figsize=(8, 6), layout="constrained")
    axes = figure.subplots(2, 2)
    panels = (
        (sizes, "neurons", [float(r.neurons) for r in sizes]),
        (durations, "duration (biological s)", [r.seconds for r in durations]),
    )
    for column, (rows, label, x) in enumerate(panels):
        for row, (name, y) in enumerate(
            (
                ("processor time (s per biological s)", [r.processor_s / r.seconds for r in rows]),
                ("peak memory of the program (MB)", [r.memory_mb for r in rows]),
            )
        ):
            panel = axes[row][column]
            panel.loglog(x, y, "o-", color=("#0072b2", "#d55e00")[row])
            panel.set(
                xlabel=label, ylabel=name, title=f"exponent {round(slope(x, y), 2) + 0.0:.2f}"
            )
            panel.set_ylim(min(y) / 3, max(y) * 3)
            if max(x) < 100 * min(x):  # minor ticks would be labelled, over one another
                panel.set_xticks(x, [f"{value:g}" for value in x])
                panel.xaxis.set_minor_formatter(NullFormatter())
            if max(y) < 10 * min(y):
                panel.yaxis.set_minor_formatter(NullFormatter())
                panel.yaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
                panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            panel.grid(True, which="major", alpha=0.3)
    figure.savefig(path, dpi=120)


def main() -> None:
    """Measure, print, draw."""
    parser = argparse.ArgumentParser(description="how cost grows with size and duration")
    parser.add_argument("--sizes", default="0.97,2.9,9.7,29,97", help="scales of the circuit")
    parser.add_argument("--durations", default="2,8,32", help="biological s, at the smallest size")
    parser.add_argument("--seconds", type=float, default=2.0, help="biological s of each size")
    parser.add_argument("--repeats", type=int, default=_REPEATS)
    parser.add_argument("--figure", type=Path, metavar="FILE")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        place, scale, repeats = json.loads(chosen.one.read_text())
        with tempfile.TemporaryDirectory(prefix="unshielded-benchmark-") as name:
            found = measure(load(place).config, scale, repeats, Path(name))
        print(json.dumps(asdict(found)))
        return
    console = Console(width=max(110, Console().width))
    scales = [float(s) for s in chosen.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="unshielded-benchmark-") as name:
        folder = Path(name)

        def at(scale: float, seconds: float, silent: bool = False) -> Measured:
            config = config_of(scale, seconds, folder, silent)
            with console.status(f"scale {scale:g}, {seconds:g} s"):
                return apart(config, scale, chosen.repeats, folder)

        sizes = [at(scale, chosen.seconds) for scale in scales]
        durations = [at(scales[0], float(s)) for s in chosen.durations.split(",")]
        active, silent = at(scales[0], 8.0), at(scales[0], 8.0, silent=True)
    console.print(table("Size", sizes))
    console.print(table("Duration", durations))
    console.print(table("Active, and silent (all neurons lost)", [active, silent]))
    x = [float(row.neurons) for row in sizes]
    console.print(
        f"time grows as neurons^{slope(x, [r.processor_s for r in sizes]):.2f}, memory as "
        f"neurons^{slope(x, [r.memory_mb for r in sizes]):.2f}; a silent network takes "
        f"{silent.processor_s / active.processor_s:.2f} of the time of an active one"
    )
    if chosen.figure:
        draw(sizes, durations, chosen.figure)
    if chosen.json:
        found = {"sizes": sizes, "durations": durations, "active": [active], "silent": [silent]}
        text = {key: [asdict(row) for row in rows] for key, rows in found.items()}
        chosen.json.write_text(json.dumps(text, indent=1) + "\n")


if __name__ == "__main__":
    main()
