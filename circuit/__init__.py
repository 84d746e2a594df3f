"""The spiking motor circuit: what a neuron's membrane and synapses do on the fast clock.

A neuron is the sum of ``NEURON``. Populations (:mod:`circuit.populations`) differ by their
parameters and their wiring (:mod:`circuit.pathways`), and by nothing else.
"""

from circuit.adaptation import adaptation
from circuit.ampa import ampa
from circuit.calcium_channel import calcium_channel
from circuit.drive import drive
from circuit.glutamate import glutamate
from circuit.inhibition import chloride, gaba_a, glycine
from circuit.ion_entry import ion_entry
from circuit.membrane import membrane
from circuit.nmda import nmda
from circuit.spike_threshold import spike_threshold
from mechanism import Parameter

NEURON = (
    membrane,
    spike_threshold,
    adaptation,
    drive,
    glutamate,
    ampa,
    nmda,
    gaba_a,
    glycine,
    chloride,
    calcium_channel,
    ion_entry,
)

#: Sums over the mechanisms of a neuron, with their units.
BALANCES = {
    "inward_current": "A",
    "calcium_current": "A",
    "sodium_current": "A",
    "excitatory_conductance": "S",
}

PARAMETERS: dict[str, Parameter] = {p.name: p for m in NEURON for p in m.parameters}

__all__ = ["BALANCES", "NEURON", "PARAMETERS"]
