"""HH in NEURON or CoreNEURON: ``python with_neuron.py WORKLOAD_FOLDER SECONDS [core]``.

Run in a folder where ``nrnivmodl -coreneuron`` has compiled ``mechanisms/neuron``. Fixed step:
potential implicit, then gates exact with the new potential (``cnexp``). CoreNEURON says itself how
long its solver took; handing the model over to it counts as building.
"""

from __future__ import annotations

import math
import os
import re
import sys
import tempfile

from common import Stopwatch, load, report
from neuron import coreneuron, h

_MICRO = 1e-3  # nS to the microsiemens of ExpSyn


def main(folder: str, seconds: float, core: bool) -> None:
    """Build, simulate, report."""
    work, watch = load(folder), Stopwatch()
    values = work.values
    parallel = h.ParallelContext()
    parallel.nthread(1)
    area = values["capacitance"] * 1e-6  # cm2, at 1 uF/cm2
    side = 1e4 * math.sqrt(area / math.pi)
    cells, synapses, starters = [], ([], []), []
    for n in range(work.neurons):
        cell = h.Section(name=f"cell{n}")
        cell.L = cell.diam = side
        cell.cm = 1.0
        cell.insert("traub_miles")
        here = cell(0.5).traub_miles
        for name in ("sodium", "potassium", "leak"):
            setattr(here, name, values[name] * 1e-9 / area)
        for name in ("sodium_reversal", "potassium_reversal", "resting", "shift"):
            setattr(here, name, values[name])
        for kind, made in zip(("excitatory", "inhibitory"), synapses, strict=True):
            synapse = h.ExpSyn(cell(0.5))
            synapse.tau, synapse.e = values[f"{kind}_decay"], values[f"{kind}_reversal"]
            made.append(synapse)
        parallel.set_gid2node(n, 0)
        spikes = h.NetCon(cell(0.5)._ref_v, None, sec=cell)
        spikes.threshold = values["threshold"]
        parallel.cell(n, spikes)
        cells.append(cell)
    connections = []
    split = work.excitatory_inputs * work.neurons
    weights = (values["excitatory_weight"], values["inhibitory_weight"])
    wiring = zip(work.sources.tolist(), work.targets.tolist(), strict=True)
    for k, (source, target) in enumerate(wiring):
        kind = int(k >= split)
        connection = parallel.gid_connect(source, synapses[kind][target])
        connection.weight[0], connection.delay = weights[kind] * _MICRO, work.delay
        connections.append(connection)
    # The conductances at the start come as one event at the start.
    starter = h.NetStim()
    starter.start, starter.number, starter.noise = 0, 1, 0
    for made, amounts in zip(synapses, (work.excitation, work.inhibition), strict=True):
        for synapse, amount in zip(made, amounts.tolist(), strict=True):
            connection = h.NetCon(starter, synapse)
            connection.weight[0], connection.delay = amount * _MICRO, work.step
            starters.append(connection)
    times, ids = h.Vector(), h.Vector()
    parallel.spike_record(-1, times, ids)
    h.dt = work.step
    parallel.set_maxstep(10)
    h.secondorder = 0
    h.finitialize(-65)
    for cell, potential in zip(cells, work.potential.tolist(), strict=True):
        cell(0.5).v = potential
    h.fcurrent()
    build, _ = watch.read()
    watch.restart()
    if core:
        coreneuron.enable, coreneuron.verbose = True, 2
        coreneuron.cell_permute = 0
    output = _captured(lambda: parallel.psolve(1000.0 * seconds))
    loop = watch.read()
    if core:  # without handing the model over
        solver = float(re.search(r"Solver Time\s*:\s*([\d.]+)", output)[1])
        build += loop[0] - solver
        loop = solver, solver * loop[1] / loop[0]
    report(work.neurons, ids.as_numpy(), build, loop)


def _captured(call) -> str:
    """Call, and return what was written to standard output, by C++ too."""
    sys.stdout.flush()
    kept = os.dup(1)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 1)
        try:
            call()
        finally:
            os.dup2(kept, 1)
        file.seek(0)
        return file.read().decode(errors="replace")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3:] == ["core"])
