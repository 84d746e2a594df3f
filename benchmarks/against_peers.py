"""Compare the speed of the engine with NEST, NEURON, CoreNEURON and Arbor, in one run.

``python benchmarks/against_peers.py [--peers PYTHON] [--workloads CUBA COBA HH circuit]
[--repeats 5] [--quick] [--json FILE]``. What is compared and how to read it: ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import mean, median, stdev

from peer_circuit import circuits
from peer_engines import ENGINES, OURS, Engines, PeerError, Timing
from rich.console import Console
from rich.table import Table
from run import machine
from workloads import WORKLOADS, draw

_SECONDS = {"CUBA": 5.0, "COBA": 2.0, "HH": 3.0}  # biological, of each run
_QUICK = {"CUBA": 1.0, "COBA": 0.3, "HH": 0.5}
_PEERS = Path(__file__).resolve().parents[1] / ".venv-bench" / "bin" / "python"
_CLOSE = 0.05  # relative difference of rates that needs no explanation

Timings = dict[str, list[Timing]]


def measure(engines: Engines, repeats: int, say: Callable[[str], None]) -> Timings:
    """Compile all, then run them in turn, each turn on another network."""
    workload = engines.workload
    names = ENGINES[workload.name]
    engines.give(draw(workload, 1))
    for name in names:
        say(f"{workload.name}: compiling for {name}")
        engines.compile(name)
    timings: Timings = {name: [] for name in names}
    for seed in range(1, repeats + 1):
        engines.give(draw(workload, seed))
        for name in names:
            say(f"{workload.name}, network {seed} of {repeats}: {name}")
            timings[name].append(engines.run(name, seed))
    return timings


def speeds(title: str, timings: Timings, compiled: Mapping[str, float]) -> Table:
    """Tabulate seconds per biological second; median (lowest-highest)."""
    table = Table(title=f"{title}: seconds per biological second, median (lowest–highest)")
    for column in ("engine", "loop", "ratio", "loop, processor", "ratio", "process", "ratio"):
        table.add_column(column, justify="left" if column == "engine" else "right")
    table.add_column("compiling (s)", justify="right")
    for name, some in timings.items():
        cells = []
        for kind in ("loop", "loop_processor", "process"):
            own = [getattr(t, kind) / t.simulated for t in some]
            ours = [getattr(t, kind) / t.simulated for t in timings[OURS]]
            cells.append(_spread(own))
            ratios = [a / b for a, b in zip(own, ours, strict=True)]
            cells.append("1" if name == OURS else _spread(ratios, "×"))
        table.add_row(name, *cells, f"{compiled[name]:.0f}" if name in compiled else "–")
    return table


def rates(title: str, timings: Timings) -> Table:
    """Tabulate who fired, and whether it agrees with ours."""
    table = Table(title=f"{title}: mean rates ± SD over networks (Hz)")
    table.add_column("population")
    for name in timings:
        table.add_column(name, justify="right")
    agree = dict.fromkeys(timings, True)
    for population in timings[OURS][0].rates:
        ours = [t.rates[population] for t in timings[OURS]]
        cells = []
        for name, some in timings.items():
            own = [t.rates[population] for t in some]
            off = abs(mean(own) - mean(ours))
            spread = max(_deviation(own), _deviation(ours))
            agree[name] &= off <= max(_CLOSE * mean(ours), 2 * spread)
            cells.append(f"{mean(own):.2f} ± {_deviation(own):.2f}")
        table.add_row(population, *cells)
    table.add_section()
    table.add_row("agrees", *("yes" if agree[name] else "NO" for name in timings))
    if timings[OURS][0].counts:
        pairs = [zip(some, timings[OURS], strict=True) for some in timings.values()]
        same = [sum(a.counts == b.counts for a, b in some) for some in pairs]
        table.add_row("same count in every neuron", *(f"{n} of {len(ours)}" for n in same))
    return table


def versions(peers: Path) -> dict[str, str]:
    """Ask the peers' Python what it has."""
    names = ("nest-simulator", "neuron", "arbor", "numpy")
    script = f"from importlib.metadata import version as v; print(*map(v, {names!r}))"
    done = subprocess.run([str(peers), "-c", script], capture_output=True, text=True, check=True)
    return dict(zip(names, done.stdout.split(), strict=True))


def main() -> None:
    """Measure, print, and write JSON if asked to."""
    parser = argparse.ArgumentParser(description="compare the engine with other simulators")
    parser.add_argument("--peers", type=Path, default=_PEERS, help="the Python that has them")
    choices = (*WORKLOADS, "circuit")
    parser.add_argument("--workloads", nargs="+", choices=choices, default=choices)
    parser.add_argument("--sizes", nargs="+", type=int, help="neurons of the circuit")
    parser.add_argument("--repeats", type=int, default=5, help="networks, each run by all in turn")
    parser.add_argument("--quick", action="store_true", help="2 networks, short runs")
    parser.add_argument("--core", type=int, help="the processor core that all run on")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there, too")
    chosen = parser.parse_args()
    if not chosen.peers.exists():
        parser.error(f"{chosen.peers} is not there; make bench installs the peers into .venv-bench")
    repeats = min(2, chosen.repeats) if chosen.quick else chosen.repeats
    console = Console(width=max(150, Console().width))
    found: dict[str, object] = {"machine": machine(), "peers": versions(chosen.peers)}
    described = {**machine(), **{f"peers' {k}": v for k, v in versions(chosen.peers).items()}}
    console.print(" · ".join(f"{key} {value}" for key, value in described.items()), soft_wrap=True)
    if chosen.core is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {chosen.core})
    with tempfile.TemporaryDirectory(prefix="unshielded-peers-") as name, console.status("") as at:
        folder = Path(name)
        for workload in (WORKLOADS[n] for n in chosen.workloads if n in WORKLOADS):
            seconds = (_QUICK if chosen.quick else _SECONDS)[workload.name]
            engines = Engines(workload, seconds, folder / workload.name, chosen.peers.absolute())
            timings = measure(engines, repeats, at.update)
            size = f"{workload.neurons:,} neurons, {workload.synapses:,} synapses, {seconds:g} s"
            title = f"{workload.name} ({size})"
            console.print(speeds(title, timings, engines.compiled), rates(title, timings))
            found[workload.name] = _as_json(timings, engines.compiled)
        if "circuit" in chosen.workloads:
            sizes = chosen.sizes or ([1000] if chosen.quick else [1000, 4000, 20000])
            length = 1.0 if chosen.quick else 2.0
            for size, timings, compiled, note in circuits(
                sizes, length, repeats, folder, chosen.peers.absolute(), at.update
            ):
                title = f"circuit without calcium ({size:,} neurons, {note}, {length:g} s)"
                console.print(speeds(title, timings, compiled), rates(title, timings))
                found[f"circuit {size}"] = _as_json(timings, compiled)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n")


def _as_json(timings: Timings, compiled: Mapping[str, float]) -> dict[str, object]:
    runs = {
        name: [{k: v for k, v in asdict(t).items() if k != "counts"} for t in some]
        for name, some in timings.items()
    }
    return {"compiling": dict(compiled), "runs": runs}


def _deviation(values: Sequence[float]) -> float:
    return stdev(values) if len(values) > 1 else 0.0


def _spread(values: Sequence[float], unit: str = "") -> str:
    if any(v != v for v in values):  # not measured
        return "–"
    return f"{median(values):.3g}{unit} ({min(values):.3g}–{max(values):.3g})"


if __name__ == "__main__":
    try:
        main()
    except PeerError as error:
        raise SystemExit(f"against_peers.py: {error}") from error
