r"""Synaptic conductances as they are recorded: averages over about a second.

.. math::
    \tau \dot{\bar g} = g - \bar g

for the sum of AMPA and NMDA conductances, and for that of GABA-A, GABA-B and glycine. Beside the leak they tell how
intense the input of a neuron is, and how much it shortens the time over which the membrane integrates. Nothing
depends on them.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

synaptic_conductance = Mechanism(
    name="synaptic_conductance",
    observes=True,
    equations="""
    dmean_excitatory_conductance/dt = (excitatory_conductance - mean_excitatory_conductance)/conductance_averaging_time : siemens
    dmean_inhibitory_conductance/dt = (inhibitory_conductance - mean_inhibitory_conductance)/conductance_averaging_time : siemens
    """,
    parameters=(
        Parameter(
            "conductance_averaging_time", 1.0, "s", "over which the recorded conductances are averaged",
            "assumed", rationale="longer than any synaptic current, shorter than a contraction", low=0.02,
            high=1e3,
            scales="fixed",  # of the recording
        ),
    ),
    requires={"excitatory_conductance": "S", "inhibitory_conductance": "S"},
    records=(
        Recorded("mean_excitatory_conductance", "nS", "AMPA and NMDA conductance, averaged over a second"),
        Recorded("mean_inhibitory_conductance", "nS", "GABA and glycine conductance, averaged over a second"),
    ),
)  # fmt: skip
