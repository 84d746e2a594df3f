"""Time a sweep: one program for all points, against one stock Brian2 build for each.

``python benchmarks/sweeping.py [--points 32] [--seconds 2] [--jobs 2] [--stock 4] [--json FILE]``.
Compiling is in both. Of the stock builds only some are done, `--stock`, and the time is scaled up:
they are all alike, and each takes a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console

from unshielded.assemble import assemble
from unshielded.config import Experiment, load

_PLAIN = Path(__file__).with_name("plain.py").resolve()


def the_sweep(points: int, seconds: float, folder: Path) -> Experiment:
    """Write the default circuit at `points` levels of interneuron loss."""
    levels = [round(n / max(1, points - 1), 6) for n in range(points)]
    config = {
        "name": "benchmark",
        "duration": f"{seconds} s",
        "sweep": {"grid": {"circuit.interneuron_loss": levels}},
    }
    path = folder / "benchmark.yaml"
    path.write_text(json.dumps(config))  # JSON is YAML
    return load(path)


def ours(jobs: int, folder: Path) -> float:
    """Run the whole sweep by the command, into an empty cache; return the seconds."""
    cache = folder / "cache"
    start = time.perf_counter()
    command = [sys.executable, "-m", "unshielded", "sweep", str(folder / "benchmark.yaml")]
    command += ["-j", str(jobs), "--out", str(folder / "runs"), "--format", "json"]
    subprocess.run(
        command,
        env=_environment() | {"UNSHIELDED_CACHE": str(cache)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


def stock(experiment: Experiment, count: int, seconds: float, jobs: int, folder: Path) -> float:
    """Build and run `count` points in stock Brian2 standalone, `jobs` at a time."""
    spread = [round(n * (len(experiment.listing()) - 1) / max(1, count - 1)) for n in range(count)]

    def one(number: int) -> None:
        place = folder / f"stock{number}"
        place.mkdir()
        config = experiment.point(number).config
        (place / "assembly.pickle").write_bytes(pickle.dumps(assemble(config, config.seed)))
        build = [sys.executable, str(_PLAIN), "standalone", "assembly.pickle", repr(seconds)]
        _quietly(build, place)
        _quietly([str(place / "standalone" / "main")], place / "standalone")

    start = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, spread))
    return time.perf_counter() - start


def _quietly(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def _environment() -> dict[str, str]:
    path = [str(_PLAIN.parents[1]), *filter(None, sys.path)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="time a sweep against one build for each point")
    parser.add_argument("--points", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=2.0, help="biological seconds of a point")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--stock", type=int, default=4, help="stock builds that are really done")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there, too")
    chosen = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory(prefix="unshielded-benchmark-") as name:
        folder = Path(name)
        experiment = the_sweep(chosen.points, chosen.seconds, folder)
        with console.status(f"unshielded: {chosen.points} points"):
            one_program = ours(chosen.jobs, folder)
        with console.status(f"stock Brian2: {chosen.stock} builds"):
            some = stock(experiment, chosen.stock, chosen.seconds, chosen.jobs, folder)
    one_each = some * chosen.points / chosen.stock
    console.print(
        f"{chosen.points} points × {chosen.seconds:g} s, {chosen.jobs} at a time, compiling "
        f"included:\nunshielded, one program for all   {one_program:8.1f} s\n"
        f"stock Brian2, one build each      {one_each:8.1f} s "
        f"({chosen.stock} of them done in {some:.1f} s)\n"
        f"ratio                             {one_each / one_program:8.1f} ×"
    )
    if chosen.json:
        found = {**vars(chosen), "json": None, "unshielded_s": one_program, "stock_s": one_each}
        chosen.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
