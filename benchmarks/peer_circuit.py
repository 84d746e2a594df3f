"""The circuit of this project without its calcium submodel: ours, stock Brian2, and NEST's nearest.

No peer has its equations: saturable glutamate in a cleft that feeds AMPA, NMDA and metabotropic
receptors and is cleared by astrocytes, release that depletes, adaptation, a bath. NEST gets a network
of ``iaf_cond_exp`` neurons with the same wiring, delays, background events and mean rates: less work
for each neuron and step, a lower bound for what the circuit would cost there.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import engines
import numpy as np
from peer_engines import OURS, STOCK, Timing, nest_circuit
from run import scaled_sizes

from unshielded.assemble import Assembly, assemble
from unshielded.config import load

NEAREST = "NEST (iaf_cond_exp)"
_ROUSED = 10.0  # Hz: NEST's neurons of a slower population fire at this rate, or not at all


def circuits(
    sizes: Sequence[int],
    seconds: float,
    repeats: int,
    folder: Path,
    peers: Path,
    say: Callable[[str], None],
) -> Iterator[tuple[int, dict[str, list[Timing]], Mapping[str, float], str]]:
    """Yield, size by size: neurons, timings, seconds of compiling, and how many synapses."""
    for size in sizes:
        where = folder / f"circuit-{size}"
        where.mkdir()
        assembly = without_calcium(size, seconds, 1, where)
        compiled = {}
        say(f"circuit of {size} neurons: compiling ours")
        start = time.perf_counter()
        both = engines.Engines(assembly, seconds, seconds, where)
        compiled[OURS] = time.perf_counter() - start
        say(f"circuit of {size} neurons: compiling stock Brian2")
        start = time.perf_counter()
        both.compile_stock()
        compiled[STOCK] = time.perf_counter() - start
        timings: dict[str, list[Timing]] = {OURS: [], STOCK: [], NEAREST: []}
        for turn in range(1, repeats + 1):
            at = f"circuit of {size} neurons, turn {turn} of {repeats}"
            say(f"{at}: {OURS}")
            other = where / str(turn)
            other.mkdir()
            assembly = without_calcium(size, seconds, turn, other)
            ours = engines.Engines(assembly, seconds, seconds, other)
            timings[OURS].append(_converted(ours.ours(), turn))
            say(f"{at}: {STOCK}")
            timings[STOCK].append(_converted(both.stock(), turn))
            say(f"{at}: {NEAREST}")
            describe(assembly, timings[OURS][-1].rates, where)
            timings[NEAREST].append(nest_circuit(where, seconds, turn, peers))
        synapses = sum(len(s.sources) for s in assembly.synapses.values())
        yield size, timings, compiled, f"{synapses:,} synapses"


def without_calcium(neurons: int, seconds: float, seed: int, folder: Path) -> Assembly:
    """Assemble the default circuit at a size, in-degrees kept, no neuron with the submodel."""
    populations = {
        name: {"size": size, "carries_calcium": False}
        for name, size in scaled_sizes(neurons).items()
    }
    config = {"name": "peers", "duration": f"{seconds} s", "circuit": {"populations": populations}}
    path = folder / "circuit.yaml"
    path.write_text(json.dumps(config))  # JSON is YAML
    return assemble(load(path).config, seed)


def describe(assembly: Assembly, rates: Mapping[str, float], folder: Path) -> None:
    """Write for NEST: wiring, delays, background, and at which rate every neuron is to fire.

    Where a population's mean rate is low, some of its neurons fire and the others rest: a current
    that lets a neuron fire at 0.1 Hz differs from one that does not by less than rounding.
    """
    wirings = list(assembly.synapses.values())
    size = assembly.layout.neurons
    wanted = np.zeros(size)
    names = {}
    for part in assembly.layout.slices:
        if not part.size:
            continue
        names[part.name] = [part.start, part.stop]
        roused = max(_ROUSED, rates[part.name])
        firing = math.ceil(part.size * rates[part.name] / roused)
        some = np.linspace(0, part.size - 1, firing).astype(int)
        if firing:
            wanted[part.start + some] = rates[part.name] * part.size / firing
    background = np.broadcast_to(np.asarray(assembly.neurons["background_rate"], float), size)
    np.savez(
        folder / "drawn.npz",
        sources=np.concatenate([w.sources for w in wirings]),
        targets=np.concatenate([w.targets for w in wirings]),
        delays=np.concatenate([w.delays for w in wirings]) * 1e3,
        wanted=wanted,
        background=background,
    )
    described = {
        "neurons": size,
        "step": round(1e3 / assembly.fast_steps_per_second, 3),  # NEST counts in microseconds
        "populations": names,
    }
    (folder / "workload.json").write_text(json.dumps(described))


def _converted(timing: engines.Timing, turn: int) -> Timing:
    return Timing(
        turn,
        timing.simulated,
        timing.simulated / timing.speed,
        math.nan,  # not measured
        timing.wall,
        timing.processor,
        timing.rates,
        (),
    )
