"""Run a published workload in one engine, each run in a process of its own; say how long and who fired."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from workloads import STEP, Drawn, Workload

HERE = Path(__file__).resolve().parent
OURS, STOCK = "unshielded", "Brian2"
#: Who can run what.
ENGINES = {
    "CUBA": (OURS, STOCK, "NEST"),
    "COBA": (OURS, STOCK, "NEST"),
    "HH": (OURS, STOCK, "NEURON", "CoreNEURON", "Arbor"),
}
_FLAGS_FOR_PEERS = "-O3 -march=native"  # they default to -O2 for any processor


@dataclass(frozen=True)
class Timing:
    """One run.

    Attributes
    ----------
    seed, simulated
        Which network, and biological seconds.
    loop, loop_processor
        Wall and processor seconds of the simulation alone.
    process, process_processor
        The same from starting the process to its end: imports, building the network, results.
    rates
        Mean rate of each population, in Hz.
    counts
        Spikes of each neuron.
    """

    seed: int
    simulated: float
    loop: float
    loop_processor: float
    process: float
    process_processor: float
    rates: Mapping[str, float]
    counts: tuple[int, ...]


class PeerError(RuntimeError):
    """An engine could not be built or run; the message ends with what it said."""


class Engines:
    """The engines of one workload, in one folder; `peers` is the Python that has them."""

    def __init__(self, workload: Workload, seconds: float, folder: Path, peers: Path) -> None:
        self.workload, self.seconds, self.folder, self.peers = workload, seconds, folder, peers
        self.compiled: dict[str, float] = {}
        self._runs: dict[str, Callable[[int], Timing]] = {
            OURS: self._ours,
            STOCK: self._stock,
            "NEST": lambda seed: self._script(seed, "with_nest.py", folder),
            "NEURON": lambda seed: self._script(seed, "with_neuron.py", folder / "neuron"),
            "CoreNEURON": lambda seed: self._script(
                seed, "with_neuron.py", folder / "neuron", "core"
            ),
            "Arbor": lambda seed: self._script(seed, "with_arbor.py", folder / "arbor"),
        }
        folder.mkdir(parents=True)
        values = {**vars(workload), "values": dict(workload.values), "step": STEP}
        (folder / "workload.json").write_text(json.dumps(values))

    def give(self, drawn: Drawn) -> None:
        """Set wiring and initial values for what is compiled and run next."""
        drawn.save(self.folder / "drawn.npz")
        split = self.workload.excitatory_inputs * self.workload.neurons
        arrays: dict[str, Any] = {
            "exciting_sources": drawn.sources[:split],
            "exciting_targets": drawn.targets[:split],
            "inhibiting_sources": drawn.sources[split:],
            "inhibiting_targets": drawn.targets[split:],
            "neurons_v": drawn.potential,
            "neurons_excitation": drawn.excitation,
            "neurons_inhibition": drawn.inhibition,
        }
        for name in (OURS, STOCK):
            static = self.folder / name / "static_arrays"
            for array, values in arrays.items() if static.exists() else ():
                path = static / f"_static_array__array_{array}"
                if path.stat().st_size != values.nbytes:
                    raise PeerError(f"{path} has another size than the {array} to put there")
                values.tofile(path)

    def compile(self, engine: str) -> None:
        """Compile what the engine needs; not timed with the runs."""
        start = time.perf_counter()
        if engine in (OURS, STOCK):
            kind = "ours" if engine == OURS else "stock"
            path = os.pathsep.join([str(HERE.parent), *filter(None, sys.path)])
            script = str(HERE / "peers" / "with_unshielded.py")
            empty = self.folder / f"{engine}-empty"  # no brian_preferences in it
            program = str(self.folder / engine)
            command = [sys.executable, script, str(self.folder), program, kind, repr(self.seconds)]
            _run(command, empty, {"PYTHONPATH": path})
        elif engine in ("NEURON", "CoreNEURON") and "NEURON" not in self.compiled:
            mechanisms = str(HERE / "peers" / "mechanisms" / "neuron")
            tool = str(self.peers.with_name("nrnivmodl"))
            flags = ["-incflags", _FLAGS_FOR_PEERS]
            _run([tool, "-coreneuron", *flags, mechanisms], self.folder / "neuron", self._path())
        elif engine == "Arbor":
            mechanisms = str(HERE / "peers" / "mechanisms" / "arbor")
            tool = str(self.peers.with_name("arbor-build-catalogue"))
            _run([tool, "unshielded", mechanisms], self.folder / "arbor", self._path())
        self.compiled[engine] = time.perf_counter() - start

    def run(self, engine: str, seed: int) -> Timing:
        """Run one engine on what was given; `seed` is only noted."""
        return self._runs[engine](seed)

    def _ours(self, seed: int) -> Timing:
        out = self.folder / "out"
        out.mkdir(exist_ok=True)
        (out / "schedule").write_text("0\n")
        settings = {
            "OUT": str(out),
            "SCHEDULE": str(out / "schedule"),
            "STEPS": str(round(1000 * self.seconds / STEP)),
            "RECORD_STEPS": str(round(1000 / STEP)),
            "SPIKES": "1",
            **{f"MEMBRANE_{name}": "0" for name in ("NEURONS", "FROM", "UNTIL")},
            "MEMBRANE_STEPS": "1",
        }
        program = self.folder / OURS
        environment = {f"UNSHIELDED_{name}": value for name, value in settings.items()}
        run = _timed([str(program / "main")], program, environment)
        return self._timing(seed, run, np.fromfile(out / "spike_neurons.i32", "<i4"))

    def _stock(self, seed: int) -> Timing:
        program = self.folder / STOCK
        run = _timed([str(program / "main")], program, {})
        (path,) = (program / "results").glob("_dynamic_array_spikes_i_*")
        return self._timing(seed, run, np.fromfile(path, "<i4"))

    def _timing(self, seed: int, run: _Run, spikes: Any) -> Timing:
        """Make the timing of a compiled program: its first line says when its loop began."""
        first, last = run.lines[0], run.lines[-1]
        setting_up = float(json.loads(first[1])["begins"])
        ended = json.loads(last[1]).get("ends", run.processor)
        counts = np.bincount(spikes, minlength=self.workload.neurons)
        return self._made(seed, run, (last[0] - first[0], ended - setting_up), counts)

    def _script(self, seed: int, script: str, where: Path, *more: str) -> Timing:
        command = [str(self.peers), str(HERE / "peers" / script), str(self.folder)]
        run = _timed([*command, repr(self.seconds), *more], where, self._path())
        found = json.loads(run.lines[-1][1])
        loop = found["loop"], found["loop_processor"]
        return self._made(seed, run, loop, np.array(found["counts"]))

    def _made(self, seed: int, run: _Run, loop: tuple[float, float], counts: Any) -> Timing:
        rates = {
            name: float(counts[part].mean()) / self.seconds
            for name, part in self.workload.populations.items()
        }
        times = (*loop, run.wall, run.processor)
        return Timing(seed, self.seconds, *times, rates, tuple(counts.tolist()))

    def _path(self) -> dict[str, str]:
        """The peers' tools call each other by name."""
        return {"PATH": os.pathsep.join([str(self.peers.parent), os.environ.get("PATH", "")])}


def nest_circuit(folder: Path, seconds: float, seed: int, peers: Path) -> Timing:
    """Run NEST on the network that a folder describes (see ``peer_circuit.py``)."""
    command = [str(peers), str(HERE / "peers" / "with_nest_circuit.py"), str(folder)]
    run = _timed([*command, repr(seconds), str(seed)], folder, {})
    found = json.loads(run.lines[-1][1])
    counts = np.array(found["counts"])
    parts = json.loads((folder / "workload.json").read_text())["populations"]
    rates = {name: float(counts[a:b].mean()) / seconds for name, (a, b) in parts.items()}
    times = (found["loop"], found["loop_processor"], run.wall, run.processor)
    return Timing(seed, seconds, *times, rates, ())


@dataclass(frozen=True)
class _Run:
    lines: Sequence[tuple[float, str]]
    wall: float
    processor: float


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return {**kept, "OMP_NUM_THREADS": "1", **more}


def _run(command: Sequence[str], folder: Path, more: Mapping[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        command, cwd=folder, env=_environment(more), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise PeerError(f"{Path(command[0]).name} ended with code {done.returncode}:\n{said}")


def _timed(command: Sequence[str], folder: Path, more: Mapping[str, str]) -> _Run:
    """Run, note when each line of output came, and the time of all."""
    log = folder / "stderr"
    before, start = _processor(), time.perf_counter()
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(more),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        lines = [(time.perf_counter(), line) for line in process.stdout]
    wall = time.perf_counter() - start
    if process.returncode:
        said = "\n".join(log.read_text().splitlines()[-20:])
        raise PeerError(f"{' '.join(command)} ended with code {process.returncode}:\n{said}")
    return _Run([(at, line) for at, line in lines if line.strip()], wall, _processor() - before)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
