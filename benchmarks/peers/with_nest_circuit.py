"""A stand-in for the circuit in NEST: ``python with_nest_circuit.py FOLDER SECONDS SEED``.

``iaf_cond_exp`` neurons with the wiring and delays of the circuit, one Poisson source for every
background input. All synapses carry a negligible weight: every event is delivered, and a constant
current makes each neuron fire at the rate that it is to have.
"""

from __future__ import annotations

import sys

import nest
import numpy as np
from common import Stopwatch, load, report

_CELL = {
    "C_m": 200.0,
    "g_L": 10.0,
    "E_L": -60.0,
    "V_th": -50.0,
    "V_reset": -60.0,
    "t_ref": 2.0,
    "tau_syn_ex": 5.0,
    "tau_syn_in": 10.0,
}
_NEGLIGIBLE = 1e-6  # nS


def main(folder: str, seconds: float, seed: int) -> None:
    """Build, simulate, report."""
    work, watch = load(folder), Stopwatch()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.resolution = work.step
    nest.local_num_threads = 1
    nest.rng_seed = seed
    neurons = nest.Create("iaf_cond_exp", work.neurons, params=_CELL)
    neurons.I_e = currents(work.wanted)
    neurons.V_m = np.random.default_rng(seed).uniform(_CELL["V_reset"], _CELL["V_th"], work.neurons)
    delays = work.step * np.maximum(1, np.round(work.delays / work.step))
    wiring = {"synapse_model": "static_synapse", "weight": np.full(len(delays), _NEGLIGIBLE)}
    nest.Connect(work.sources + 1, work.targets + 1, "one_to_one", wiring | {"delay": delays})
    for rate in np.unique(work.background[work.background > 0]):
        source = nest.Create("poisson_generator", params={"rate": float(rate)})
        fed = neurons[np.flatnonzero(work.background == rate).tolist()]
        nest.Connect(source, fed, syn_spec={"weight": _NEGLIGIBLE, "delay": work.step})
    recorder = nest.Create("spike_recorder")
    nest.Connect(neurons, recorder)
    nest.Prepare()
    build, _ = watch.read()
    watch.restart()
    nest.Run(work.step * round(1000.0 * seconds / work.step))
    loop = watch.read()
    report(work.neurons, recorder.get("events", "senders") - 1, build, loop)


def currents(rates: np.ndarray) -> np.ndarray:
    """Return the constant currents, in pA, at which integrate-and-fire neurons fire at rates, in Hz."""
    membrane = _CELL["C_m"] / _CELL["g_L"]
    firing = rates > 0
    rise = np.exp((1000.0 / rates[firing] - _CELL["t_ref"]) / membrane)
    result = np.zeros(len(rates))
    # It rises from the reset potential towards `end`, and meets the threshold on its way.
    end = (rise * _CELL["V_th"] - _CELL["V_reset"]) / (rise - 1)
    result[firing] = _CELL["g_L"] * (end - _CELL["E_L"])
    return result


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
