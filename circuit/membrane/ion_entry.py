r"""What the slow clock collects: the calcium and sodium charge that has entered.

.. math::
    \dot Q_{Ca} = I_{Ca}, \qquad
    \dot Q_{leak} = g_{Na}(E_{Na}-V), \qquad
    \dot Q_{syn} = s\, g_{syn}\,(E_{Na}-V)

The sodium share :math:`s` of a synaptic conductance with its reversal at 0 mV follows from
:math:`E_{Na}` and :math:`E_K` at rest, :math:`E_K / (E_K - E_{Na})`. Charge is counted once: the same
current depolarises, and is taken, whole, by the slow clock.
"""

from unshielded.mechanism import Mechanism, Parameter

ion_entry = Mechanism(
    name="ion_entry",
    equations="""
    dcalcium_charge/dt = alive*calcium_current : coulomb
    dleak_sodium_charge/dt = alive*sodium_current : coulomb
    dsynaptic_sodium_charge/dt = alive*synaptic_sodium_fraction*excitatory_conductance*(sodium_reversal - membrane_potential) : coulomb
    spike_sodium_charge : coulomb
    discharges : 1
    """,
    parameters=(
        Parameter(
            "synaptic_sodium_fraction", 0.58, "", "sodium share of the synaptic conductance",
            "assumed", rationale="reversal at 0 mV between E_K = -97 mV and E_Na = 71 mV, the "
            "calculation of Attwell2001", low=0.0, high=1.0,
        ),
    ),
    requires={
        "calcium_current": "A",
        "sodium_current": "A",
        "excitatory_conductance": "S",
        "membrane_potential": "V",
        "alive": "",
        "sodium_reversal": "V",
    },
    provides={
        "calcium_charge": "C",
        "leak_sodium_charge": "C",
        "synaptic_sodium_charge": "C",
        "spike_sodium_charge": "C",
        "discharges": "",
    },
    on_spike="discharges += alive",
)  # fmt: skip
