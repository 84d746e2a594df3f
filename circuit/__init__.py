"""The spiking motor circuit: what a neuron's membrane and synapses do.

A neuron is the sum of ``NEURON``, on the fast clock; the glutamate around it, ``SURROUNDINGS``,
is slow. Populations (:mod:`unshielded.circuit.populations`) differ by their
parameters and their wiring (:mod:`unshielded.circuit.pathways`), and by nothing else.
"""

from unshielded.circuit.membrane.adaptation import adaptation
from unshielded.circuit.membrane.calcium_channel import calcium_channel
from unshielded.circuit.membrane.injection import injection
from unshielded.circuit.membrane.ion_entry import ion_entry
from unshielded.circuit.membrane.katp_current import katp_current
from unshielded.circuit.membrane.kv7 import kv7, kv7_current
from unshielded.circuit.membrane.membrane import membrane
from unshielded.circuit.membrane.membrane_lipids import membrane_lipids, membrane_lipids_current
from unshielded.circuit.membrane.persistent_sodium import (
    persistent_sodium,
    persistent_sodium_current,
)
from unshielded.circuit.membrane.slow_inactivation import slow_inactivation
from unshielded.circuit.membrane.sodium_channel_block import sodium_channel_block
from unshielded.circuit.membrane.spike_threshold import spike_threshold
from unshielded.circuit.muscle.muscle_unit import motor_axon, muscle_unit
from unshielded.circuit.stimulation import tms
from unshielded.circuit.surroundings.astrocyte import astrocyte
from unshielded.circuit.surroundings.bath import AGENTS, bath
from unshielded.circuit.surroundings.eaat2_expression import eaat2_expression
from unshielded.circuit.surroundings.perisynaptic import perisynaptic
from unshielded.circuit.synapses.ampa import ampa
from unshielded.circuit.synapses.ampa_binding import ampa_binding
from unshielded.circuit.synapses.calcium_permeation import calcium_permeation
from unshielded.circuit.synapses.drive import drive
from unshielded.circuit.synapses.facilitation import facilitation
from unshielded.circuit.synapses.gaba_agonists import gaba_agonists, gaba_tonic
from unshielded.circuit.synapses.gaba_modulation import gaba_modulation
from unshielded.circuit.synapses.glutamate import glutamate
from unshielded.circuit.synapses.inhibition import (
    chloride,
    gaba_a,
    gaba_a_slow,
    gaba_b,
    glycine,
    strychnine_block,
)
from unshielded.circuit.synapses.nmda import nmda
from unshielded.circuit.synapses.nmda_binding import nmda_binding
from unshielded.circuit.synapses.permeable_ampa_block import permeable_ampa_block
from unshielded.circuit.synapses.synaptic_conductance import synaptic_conductance
from unshielded.circuit.synapses.terminals import terminals
from unshielded.circuit.synapses.vesicles import vesicles
from unshielded.mechanism import Parameter, recorded

NEURON = (
    membrane,
    spike_threshold,
    slow_inactivation,
    adaptation,
    drive,
    injection,
    tms,
    facilitation,
    vesicles,
    terminals,
    glutamate,
    calcium_permeation,
    ampa,
    nmda,
    gaba_a,
    gaba_a_slow,
    gaba_modulation,
    gaba_agonists,
    gaba_b,
    glycine,
    strychnine_block,
    chloride,
    calcium_channel,
    katp_current,
    ion_entry,
    motor_axon,
    kv7_current,
    persistent_sodium_current,
    membrane_lipids_current,
)

#: What surrounds a neuron, the muscle at the end of its axon, and slow channels, on the slow clock.
SURROUNDINGS = (
    perisynaptic,
    astrocyte,
    nmda_binding,
    ampa_binding,
    permeable_ampa_block,
    sodium_channel_block,
    gaba_tonic,
    muscle_unit,
    synaptic_conductance,
    kv7,
    persistent_sodium,
    membrane_lipids,
)

#: The solution around all neurons, on the slow clock, one for all.
BATH = (bath, eaat2_expression)

#: What a neuron sees of it.
NEURON_GIVEN = {f"{stem}_bath": "mM" for stem in AGENTS.values()}

#: What the surroundings take from the neuron, or set in it.
SURROUNDINGS_GIVEN = {
    "spilled_glutamate": "mM",
    "motor_discharges": "",
    "excitatory_conductance": "S",
    "inhibitory_conductance": "S",
    "nmda_open": "",
    "extrasynaptic_fraction": "",
    "nmda_available": "",
    "nmda_tonic_open": "",
    "ampa_open": "",
    "ampa_available": "",
    "ampa_tonic_open": "",
    "permeable_ampa_block": "",
    "gaba_a_tonic": "S",
    "gaba_b_tonic": "S",
    "gaba_a_occupied": "",
    "gaba_b_occupied": "",
    "gaba_a_receptors": "",
    "sodium_channel_block": "V",
    "membrane_potential": "V",
    "membrane_capacitance": "F",
    "sodium_leak": "S",
    "kv7_change": "S",
    "persistent_sodium_change": "S",
    "sodium_leak_change": "S",
    "eaat2_induction": "",
    **{f"{stem}_bath": "mM" for stem in AGENTS.values()},
}

#: What is recorded of a neuron that carries the calcium submodel: unit and meaning.
RECORDED = recorded((*NEURON, *SURROUNDINGS))

#: Sums over the mechanisms of a neuron, with their units.
BALANCES = {
    "inward_current": "A",
    "calcium_current": "A",
    "sodium_current": "A",
    "excitatory_conductance": "S",
    "inhibitory_conductance": "S",
}

PARAMETERS: dict[str, Parameter] = {
    p.name: p for m in (*NEURON, *SURROUNDINGS, *BATH) for p in m.parameters
}

#: Parameters that are experimental conditions → the setting that gives them.
CONDITIONS = {
    "command_level": "drive.level",
    "command_from": "drive.from",
    "command_until": "drive.until",
    "command_ramp": "drive.ramp",
    "command_frequency": "drive.frequency",
    "command_duty": "drive.duty",
    "eaat2": "glutamate.eaat2",
}

__all__ = [
    "AGENTS",
    "BALANCES",
    "BATH",
    "CONDITIONS",
    "NEURON",
    "NEURON_GIVEN",
    "PARAMETERS",
    "RECORDED",
    "SURROUNDINGS",
    "SURROUNDINGS_GIVEN",
]
