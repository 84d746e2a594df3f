"""Run one model in each engine, and say how long it took and who fired.

Every engine runs in a process of its own, below a temporary folder.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unshielded.assemble import Assembly
from unshielded.engine.build import build
from unshielded.engine.program import Job, TraceSelection, execute

_PLAIN = Path(__file__).with_name("plain.py").resolve()
_PARTS = ("cells", "others")  # the order of the neurons

# Starts the program in a bare interpreter and leaves the program's peak memory in a file. A
# child inherits the peak of the process that starts it: that must be smaller than its own.
_MEASURE = """#!{python} -SE
import resource, subprocess, sys
code = subprocess.call([{program!r}, *sys.argv[1:]])
with open({peak!r}, "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""


@dataclass(frozen=True)
class Timing:
    """One run.

    Attributes
    ----------
    simulated
        Biological seconds.
    wall
        Seconds from starting the program to its end; compiling is not in it.
    processor
        Seconds of processor time: what a busy machine does not change much.
    speed
        Biological seconds per wall second of the simulation alone, start and end left out.
    rates
        Mean rate of each population, in Hz, and the same of the first `window` seconds.
    """

    simulated: float
    wall: float
    processor: float
    speed: float
    rates: dict[str, float]
    early: dict[str, float]


class Engines:
    """The three engines on one assembly, in one folder."""

    def __init__(self, assembly: Assembly, seconds: float, window: float, folder: Path) -> None:
        self.assembly, self.seconds, self.window, self.folder = assembly, seconds, window, folder
        self._request = folder / "assembly.pickle"
        self._request.write_bytes(pickle.dumps(assembly))
        self._build = build(assembly)
        self._stock = folder / "standalone"

    def ours(self) -> Timing:
        """Time the engine of `unshielded`, writing its inputs and starting it included."""
        reports: list[tuple[float, float]] = []
        with self._scratch() as scratch:
            processor, start = _processor(), time.perf_counter()
            execute(
                self._build,
                self.assembly,
                self._job(self.seconds),
                scratch,
                lambda at, _: reports.append((at, time.perf_counter())),
            )
            wall, processor = time.perf_counter() - start, _processor() - processor
            ticks = np.fromfile(scratch / "spike_ticks.i64", "<i8")
            neurons = np.fromfile(scratch / "spike_neurons.i32", "<i4")
        (first, then), (last, now) = reports[0], reports[-1]
        return Timing(
            self.seconds,
            wall,
            processor,
            (last - first) / (now - then) if last > first else float("nan"),
            *self._rates(ticks / self.assembly.fast_steps_per_second, neurons),
        )

    def peak(self, seconds: float) -> float:
        """Return the peak memory of our program over a run, in MB."""
        with self._scratch() as scratch:
            peak, script = scratch / "peak", scratch / "measure"
            script.write_text(
                _MEASURE.format(
                    python=sys.executable, program=str(self._build.program), peak=str(peak)
                )
            )
            script.chmod(0o755)
            execute(
                replace(self._build, program=script), self.assembly, self._job(seconds), scratch
            )
            return int(peak.read_text()) / 1e3

    def compile_stock(self) -> None:
        """Generate and compile the stock program; not timed."""
        self._python("standalone", self.seconds)

    def stock(self) -> Timing:
        """Time the stock standalone program."""
        processor, start = _processor(), time.perf_counter()
        reports = self._run_stock()
        wall, processor = time.perf_counter() - start, _processor() - processor
        times, neurons, offset = [], [], 0
        for part, size in zip(_PARTS, self._sizes(), strict=True):
            if size:
                times.append(self._result(f"{part}_spikes_t", "<f8"))
                neurons.append(self._result(f"{part}_spikes_i", "<i4") + offset)
            offset += size
        return Timing(
            self.seconds,
            wall,
            processor,
            self.seconds / (reports[-1] - reports[0]),
            *self._rates(np.concatenate(times), np.concatenate(neurons)),
        )

    def cython(self) -> Timing:
        """Time the Cython runtime, over the window only."""
        found = json.loads(self._python("cython", self.window).splitlines()[-1])
        rates = self._means(np.asarray(found["counts"]), self.window)
        simulated, wall = found["simulated"], found["wall"]
        return Timing(simulated, wall, found["processor"], simulated / wall, rates, rates)

    def _run_stock(self) -> list[float]:
        """Run the stock program; return when it reported: first the start, last the end.

        What Brian2 itself says of its running time is processor time.
        """
        command = [str(self._stock / "main")]
        with subprocess.Popen(command, cwd=self._stock, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            reports = [time.perf_counter() for _ in process.stdout]
        if process.returncode:
            raise RuntimeError(f"the stock program ended with code {process.returncode}")
        return reports

    def _python(self, engine: str, seconds: float) -> str:
        path = [str(_PLAIN.parents[1]), *filter(None, sys.path)]
        done = subprocess.run(
            [sys.executable, str(_PLAIN), engine, str(self._request), repr(seconds)],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"plain.py {engine} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _job(self, seconds: float) -> Job:
        """Record everything once a biological second, as by default; in a short run, more often."""
        rate = self.assembly.fast_steps_per_second
        every = round(rate * min(1.0, self.seconds / 4))
        every -= every % (rate // self.assembly.slow_steps_per_second)
        return Job(round(seconds * rate), every, True, TraceSelection((), 0, 0, 1))

    @contextmanager
    def _scratch(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            yield Path(folder)

    def _sizes(self) -> tuple[int, int]:
        layout = self.assembly.layout
        return layout.cells, layout.neurons - layout.cells

    def _result(self, name: str, kind: str) -> NDArray[Any]:
        """Read an array of the stock program: Brian2 appends a hash to its name."""
        (path,) = (self._stock / "results").glob(f"_dynamic_array_{name}_*")
        return np.fromfile(path, kind)

    def _rates(
        self, times: NDArray[Any], neurons: NDArray[Any]
    ) -> tuple[dict[str, float], dict[str, float]]:
        size = self.assembly.layout.neurons
        early = neurons[times < self.window]
        return (
            self._means(np.bincount(neurons, minlength=size), self.seconds),
            self._means(np.bincount(early, minlength=size), self.window),
        )

    def _means(self, counts: NDArray[Any], seconds: float) -> dict[str, float]:
        return {
            part.name: float(counts[part.start : part.stop].mean()) / seconds
            for part in self.assembly.layout.slices
            if part.size
        }


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
