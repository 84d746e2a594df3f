"""HH in Arbor: ``python with_arbor.py WORKLOAD_FOLDER SECONDS``.

Run in a folder where ``arbor-build-catalogue`` has compiled ``mechanisms/arbor``. Fixed step:
potential implicit, then gates exact with the new potential (``cnexp``). All cells form one group,
which lets Arbor vectorise over them.
"""

from __future__ import annotations

import math
import sys
from types import SimpleNamespace

import arbor
import numpy as np
from arbor import units
from common import Stopwatch, load, report

_MICRO = 1e-3  # nS to the microsiemens of expsyn
_CENTRE = "(location 0 0.5)"


class Network(arbor.recipe):
    """The workload."""

    def __init__(self, work: SimpleNamespace) -> None:
        super().__init__()
        self.work = work
        split = work.excitatory_inputs * work.neurons
        self.inputs = [
            (
                label,
                work.values[f"{kind}_weight"] * _MICRO,
                work.sources[part].reshape(work.neurons, -1),
            )
            for label, kind, part in (
                ("exciting", "excitatory", slice(None, split)),
                ("inhibiting", "inhibitory", slice(split, None)),
            )
        ]
        self.properties = arbor.neuron_cable_properties()
        self.properties.catalogue.extend(arbor.load_catalogue("./unshielded-catalogue.so"), "")

    def num_cells(self) -> int:
        return self.work.neurons

    def cell_kind(self, gid: int) -> arbor.cell_kind:
        return arbor.cell_kind.cable

    def global_properties(self, kind: arbor.cell_kind) -> arbor.cable_global_properties:
        return self.properties

    def cell_description(self, gid: int) -> arbor.cable_cell:
        values = self.work.values
        area = values["capacitance"] * 1e-6  # cm2, at 1 uF/cm2
        radius = 1e4 * math.sqrt(area / (4 * math.pi))
        tree = arbor.segment_tree()
        ends = (arbor.mpoint(x, 0, 0, radius) for x in (-radius, radius))
        tree.append(arbor.mnpos, *ends, tag=1)
        densities = {k: values[k] * 1e-9 / area for k in ("sodium", "potassium", "leak")}
        others = ("sodium_reversal", "potassium_reversal", "resting", "shift")
        membrane = arbor.mechanism("traub_miles", densities | {k: values[k] for k in others})
        decor = (
            arbor.decor()
            .set_property(Vm=self.work.potential[gid] * units.mV, cm=0.01 * units.F / units.m2)
            .paint("(all)", arbor.density(membrane))
            .place(_CENTRE, arbor.threshold_detector(values["threshold"] * units.mV), "spikes")
        )
        for label, kind in (("exciting", "excitatory"), ("inhibiting", "inhibitory")):
            time, reversal = values[f"{kind}_decay"], values[f"{kind}_reversal"]
            decor.place(_CENTRE, arbor.synapse("expsyn", tau=time, e=reversal), label)
        return arbor.cable_cell(tree, decor, discretization=arbor.cv_policy_single())

    def connections_on(self, gid: int) -> list[arbor.connection]:
        delay = self.work.delay * units.ms
        return [
            arbor.connection((source, "spikes"), label, weight, delay)
            for label, weight, sources in self.inputs
            for source in sources[gid].tolist()
        ]

    def event_generators(self, gid: int) -> list[arbor.event_generator]:
        # The conductances at the start come as one event at the start.
        once = arbor.explicit_schedule([0.0 * units.ms])
        return [
            arbor.event_generator(label, amounts[gid] * _MICRO, once)
            for label, amounts in (
                ("exciting", self.work.excitation),
                ("inhibiting", self.work.inhibition),
            )
        ]


def main(folder: str, seconds: float) -> None:
    """Build, simulate, report."""
    work, watch = load(folder), Stopwatch()
    recipe, context = Network(work), arbor.context(threads=1)
    hint = arbor.partition_hint()
    hint.cpu_group_size = work.neurons
    groups = arbor.partition_load_balance(recipe, context, {arbor.cell_kind.cable: hint})
    simulation = arbor.simulation(recipe, context, groups)
    simulation.record(arbor.spike_recording.all)
    build, _ = watch.read()
    watch.restart()
    simulation.run(1000.0 * seconds * units.ms, work.step * units.ms)
    loop = watch.read()
    spikes = simulation.spikes()
    report(work.neurons, np.array([gid for (gid, _), _ in spikes.tolist()]), build, loop)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
