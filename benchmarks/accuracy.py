"""Show what the steps cost in accuracy: the same runs at a quarter of each step.

``python benchmarks/accuracy.py [--json FILE]``.

1. Isolated motor neurons under a ramp of current, without noise: times of spikes, their number, and
   the cell's state at the end, exactly comparable.
2. The circuit: its random input belongs to the step, so that runs differ as two seeds do; what can be
   compared are means, against the spread between seeds.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
from rich.console import Console
from rich.table import Table

from unshielded.config import load
from unshielded.running.run import run
from unshielded.store.reading.read import open_run

_CONFIGS = Path(__file__).parents[1] / "configs"
FAST, SLOW = 8192, 512
STEPS = {"default": (FAST, SLOW), "fast / 4": (4 * FAST, SLOW), "slow / 4": (FAST, 4 * SLOW)}
STEPS |= {"both / 4": (4 * FAST, 4 * SLOW)}
_STATES = ("calcium", "atp", "sodium", "matrix_calcium", "ros")
_SEEDS = (1, 2, 3)


def _overrides(steps: tuple[int, int]) -> list[str]:
    fast, slow = steps
    return [
        f"numerics.fast_steps_per_second={fast}",
        f"numerics.slow_steps_per_second={slow}",
        "sweep=null",
    ]


def ramp(steps: tuple[int, int], out: Path) -> dict[str, list[float]]:
    """Return spike times of every neuron in turn, and final states, of the deterministic run."""
    experiment = load(_CONFIGS / "in_vitro" / "current_ramp.yaml", _overrides(steps))
    found: dict[str, list[float]] = {"first": [], "last": [], "spikes": []}
    with open_run(run(experiment, out).results) as result:
        for population in result.populations:
            if not population.size:
                continue
            times, ids = result.spikes(population.name)
            for neuron in range(population.size):
                mine = times[ids == neuron]
                found["spikes"].append(float(len(mine)))
                found["first"].append(float(mine[0]) if len(mine) else float("nan"))
                found["last"].append(float(mine[-1]) if len(mine) else float("nan"))
            for state in _STATES:
                values = result.band(population.name, state).mean
                found.setdefault(state, []).append(float(values[-1]))
    return found


def circuit(steps: tuple[int, int], seed: int, seconds: float, out: Path) -> dict[str, float]:
    """Return mean rates and final states of the default circuit."""
    overrides = [*_overrides(steps), f"duration={seconds} s"]
    experiment = load(_CONFIGS / "healthy.yaml", overrides, seed)
    outcome = run(experiment, out)
    found = {f"{name} (Hz)": p["mean_rate_hz"] for name, p in outcome.populations.items()}
    with open_run(outcome.results) as result:
        for name in ("pyramidal", "motor_fr"):
            for state in ("calcium", "atp"):
                band = result.band(name, state)
                found[f"{name} {state} ({band.unit})"] = float(band.mean[-5:].mean())
    return found


def deterministic(console: Console, out: Path) -> dict[str, dict[str, float]]:
    """Compare the ramp at each step with that at the finest."""
    runs = {}
    for name, steps in STEPS.items():
        with console.status(f"ramp: {name}"):
            runs[name] = ramp(steps, out)
    finest = runs["both / 4"]
    table = Table(title="Ramp of current, against both steps / 4: largest over neurons")
    for head in ("steps", "first spike, ms", "last spike, ms", "spikes, of all", *_STATES):
        table.add_column(head, justify="left" if head == "steps" else "right")
    found = {}
    for name, here in runs.items():
        if here is finest:
            continue
        row = {
            "first_ms": 1e3 * _largest(here["first"], finest["first"]),
            "last_ms": 1e3 * _largest(here["last"], finest["last"]),
            "spikes": abs(sum(here["spikes"]) - sum(finest["spikes"])),
        }
        row |= {state: _relative(here[state], finest[state]) for state in _STATES}
        table.add_row(
            name,
            f"{row['first_ms']:.2f}",
            f"{row['last_ms']:.2f}",
            f"{row['spikes']:.0f} of {sum(finest['spikes']):.0f}",
            *(f"{100 * row[state]:.3f} %" for state in _STATES),
        )
        found[name] = row
    console.print(table)
    return found


def statistical(console: Console, seconds: float, out: Path) -> dict[str, dict[str, float]]:
    """Compare means over seeds of the circuit at the default and at the finest steps."""
    runs = {}
    for name in ("default", "both / 4"):
        with console.status(f"circuit: {name}"):
            runs[name] = [circuit(STEPS[name], seed, seconds, out) for seed in _SEEDS]
    table = Table(title=f"Circuit, {seconds:g} s, seeds {_SEEDS}: mean ± SD over seeds")
    for head in ("", *runs, "difference, %", "difference in SD of a mean"):
        table.add_column(head, justify="right" if head else "left")
    found = {}
    for name in runs["default"][0]:
        a, b = ([r[name] for r in runs[k]] for k in runs)
        if fmean(b) == 0:
            continue
        spread = np.hypot(stdev(a), stdev(b)) / len(a) ** 0.5
        row = {
            "default": fmean(a),
            "finest": fmean(b),
            "percent": 100 * (fmean(a) / fmean(b) - 1),
            "in_sd": (fmean(a) - fmean(b)) / spread,
        }
        table.add_row(
            name,
            f"{fmean(a):.4g} ± {stdev(a):.2g}",
            f"{fmean(b):.4g} ± {stdev(b):.2g}",
            f"{row['percent']:+.2f}",
            f"{row['in_sd']:+.1f}",
        )
        found[name] = row
    console.print(table)
    return found


def _largest(a: list[float], b: list[float]) -> float:
    return float(np.nanmax(np.abs(np.subtract(a, b))))


def _relative(a: list[float], b: list[float]) -> float:
    return float(np.max(np.abs(np.subtract(a, b)) / np.abs(b)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="what the steps cost in accuracy")
    parser.add_argument("--seconds", type=float, default=20.0, help="biological s of the circuit")
    parser.add_argument("--json", type=Path, metavar="FILE")
    chosen = parser.parse_args()
    console = Console(width=max(110, Console().width))
    with tempfile.TemporaryDirectory(prefix="unshielded-benchmark-") as name:
        found = {
            "ramp": deterministic(console, Path(name)),
            "circuit": statistical(console, chosen.seconds, Path(name)),
        }
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
