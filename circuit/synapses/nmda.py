r"""NMDA receptors with magnesium block, in the synapse and outside it.

.. math::
    \dot s &= k\,G_c\,(1-s) - s/\tau \\
    I &= \bar g\,(a\,s + s_N)\,B(V)\,(E - V), \qquad
    B(V) = \frac{1}{1 + \tfrac{[Mg]}{3.57\,\mathrm{mM}} e^{-62\,V/\mathrm{V}}}

Synaptic receptors see the cleft. The share :math:`s_N` that is held open by the perisynaptic
pool (extrasynaptic receptors, where failing clearance shows) and by the bath, and the share
:math:`a` that is left for released glutamate, come from :mod:`unshielded.circuit.synapses.nmda_binding`.
Calcium carries about a tenth of the current.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

nmda = Mechanism(
    name="nmda",
    q10=Q10(2.7, "measured", "Cais2008", "slow deactivation of NR1/NR2B in HEK cells, 22–46 °C"),
    equations="""
    dnmda_open/dt = nmda_binding_rate*cleft_glutamate*(1 - nmda_open) - nmda_open/nmda_decay : 1
    nmda_available : 1
    nmda_tonic_open : 1
    magnesium_unblock = 1/(1 + magnesium/magnesium_dissociation*exp(-membrane_potential/magnesium_voltage)) : 1
    nmda_unblocked_conductance = nmda_conductance*(nmda_available*nmda_open + nmda_tonic_open)*magnesium_unblock : siemens
    nmda_current = nmda_unblocked_conductance*(excitatory_reversal - membrane_potential) : amp
    """,
    parameters=(
        Parameter(
            "nmda_conductance", 0.17, "uS", "conductance of all synaptic NMDA receptors",
            "assumed", rationale="a seventh of the AMPA conductance; NMDA:AMPA peak ratios are 0.1–0.5; "
            "spread of receptor density assumed", per_cell=True, spread=0.15, low=0.0,
            high=20.0,
        ),
        Parameter(
            "nmda_decay", 100.0, "ms", "decay of the synaptic conductance", "assumed",
            source="Brunel2001", rationale="model constant after slice recordings", low=1.0,
            high=1e4,
        ),
        Parameter(
            "nmda_binding_rate", 0.38, "1/mM/ms", "opening rate per mean cleft concentration",
            "fitted", rationale="one release opens half of the receptors of its own synapse",
            low=0.0, high=100.0,
        ),
        Parameter(
            "extrasynaptic_fraction", 0.2, "", "extrasynaptic receptors per synaptic receptor",
            "assumed", rationale="a fifth to a third of NMDA receptors lie outside synapses",
            low=0.0, high=5.0,
        ),
        Parameter(
            "magnesium", 1.0, "mM", "extracellular magnesium", "assumed", source="Brunel2001",
            rationale="model constant after slice recordings", low=0.0, high=20.0,
        ),
        Parameter(
            "magnesium_dissociation", 3.57, "mM", "dissociation constant at 0 mV", "measured",
            source="Jahr1990", preparation="cultured hippocampal neurons", low=0.1, high=100.0,
        ),
        Parameter(
            "magnesium_voltage", 16.13, "mV", "voltage for an e-fold change of the block",
            "measured", source="Jahr1990", preparation="cultured hippocampal neurons", low=5.0,
            high=50.0,
        ),
        Parameter(
            "nmda_calcium_fraction", 0.1, "", "share of the current carried by calcium",
            "measured", source="Schneggenburger1993", preparation="rat forebrain and "
            "hippocampal neurons, 7–11 %", low=0.0, high=0.5,
        ),
    ),
    requires={
        "cleft_glutamate": "mM",
        "membrane_potential": "V",
        "excitatory_reversal": "V",
        "calcium_driving_force": "V",
    },
    provides={"nmda_open": "", "nmda_current": "A"},
    initial={"nmda_available": "1"},
    contributes={
        "inward_current": "nmda_current",
        "calcium_current": "nmda_calcium_fraction*nmda_unblocked_conductance*calcium_driving_force",
        "excitatory_conductance": "nmda_unblocked_conductance",
    },
)  # fmt: skip
