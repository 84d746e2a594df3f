"""CUBA and COBA in NEST: ``python with_nest.py WORKLOAD_FOLDER SECONDS``.

``iaf_psc_exp`` integrates exactly on the grid; ``iaf_cond_exp`` by an adaptive Runge-Kutta-Fehlberg
method. Synapses are of the homogeneous type, which saves memory and time.
"""

from __future__ import annotations

import sys

import nest
from common import Stopwatch, load, report

MODELS = {"CUBA": "iaf_psc_exp", "COBA": "iaf_cond_exp"}


def main(folder: str, seconds: float) -> None:
    """Build, simulate, report."""
    work, watch = load(folder), Stopwatch()
    values = work.values
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.resolution = work.step
    nest.local_num_threads = 1
    cell = {
        "C_m": values["capacitance"],
        "E_L": values["resting"],
        "V_th": values["threshold"],
        "V_reset": values["reset"],
        "t_ref": values["refractory"],
        "tau_syn_ex": values["excitatory_decay"],
        "tau_syn_in": values["inhibitory_decay"],
    }
    if work.name == "CUBA":
        cell |= {"tau_m": values["capacitance"] / values["leak"], "I_e": 0.0}
    else:
        cell |= {
            "g_L": values["leak"],
            "E_ex": values["excitatory_reversal"],
            "E_in": values["inhibitory_reversal"],
        }
    neurons = nest.Create(MODELS[work.name], work.neurons, params=cell)
    neurons.V_m = work.potential
    if work.name == "COBA":
        neurons.g_ex, neurons.g_in = work.excitation, work.inhibition
    split = work.excitatory_inputs * work.neurons
    for name, weight, which in (
        ("exciting", values["excitatory_weight"], slice(None, split)),
        ("inhibiting", -values["inhibitory_weight"], slice(split, None)),
    ):
        nest.CopyModel("static_synapse_hom_w", name, {"weight": weight, "delay": work.delay})
        nest.Connect(
            work.sources[which] + 1,
            work.targets[which] + 1,
            "one_to_one",
            {"synapse_model": name},
        )
    recorder = nest.Create("spike_recorder")
    nest.Connect(neurons, recorder)
    nest.Prepare()
    build, _ = watch.read()
    watch.restart()
    nest.Run(1000.0 * seconds)
    loop = watch.read()
    spikes = recorder.get("events", "senders") - 1
    report(work.neurons, spikes, build, loop)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
