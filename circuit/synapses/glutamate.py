r"""Glutamate in the clefts.

Every release into the synaptic field of a neuron raises the mean concentration of its clefts
by ``release_concentration / synapse_count``; it leaves by diffusion within a millisecond:

.. math::
    \dot G_c = -G_c/\tau_c

What has left (``spilled_glutamate``) is taken by the perisynaptic space
(:mod:`unshielded.circuit.surroundings.perisynaptic`) [Clements1992].
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

glutamate = Mechanism(
    name="glutamate",
    q10=Q10(1.3, "assumed", rationale="diffusion: temperature over the viscosity of water, 20–30 °C"),
    equations="""
    dcleft_glutamate/dt = -cleft_clearance : mmolar
    dspilled_glutamate/dt = cleft_clearance : mmolar
    cleft_clearance = cleft_glutamate/cleft_time_constant : mmolar/second
    """,
    parameters=(
        Parameter(
            "release_concentration", 1.1, "mM", "peak in the cleft after one release", "measured",
            source="Clements1992", preparation="cultured hippocampal synapses", low=0.0, high=20.0,
        ),
        Parameter(
            "cleft_time_constant", 1.2, "ms", "decay of the cleft transient", "measured",
            source="Clements1992", preparation="cultured hippocampal synapses", low=0.3, high=50.0,
        ),
        Parameter(
            "synapse_count", 1000.0, "", "glutamatergic synapses in a neuron's synaptic field",
            "assumed", rationale="unit of weight: the model's few afferents stand for the "
            "thousands of a real cell", per_cell=True, low=10.0, high=1e6,
        ),
    ),
    provides={"cleft_glutamate": "mM", "spilled_glutamate": "mM"},
)  # fmt: skip
