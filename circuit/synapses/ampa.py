r"""AMPA receptors, driven by cleft glutamate.

.. math::
    \dot s = k\,G_c\,(1 - s - d) - s/\tau, \qquad \dot d = \phi\,s/\tau - d/\tau_d, \qquad
    I = \bar g\, s\,(E - V)

Of the channels that close a share :math:`\phi` is desensitised (:math:`d`) for a while.

A fraction :math:`\pi` of the receptors has no edited GluA2 and lets calcium pass. Calcium carries
:math:`\phi` of the current of both kinds together, and depolarises with it:

.. math::
    \phi = \frac{(1 - \pi)\,\phi_e + \pi\,(1 - b)\,\phi_p}{1 - \pi\,b}

:math:`b` is the block of the permeable receptors. Sodium carries what the reversal potential of 0 mV
implies. What the bath holds open (:math:`s_A`) and leaves available (:math:`a`) comes from
:mod:`unshielded.circuit.synapses.ampa_binding`. Rectification by polyamines is left out: it lowers
the current of permeable receptors above 0 mV, where no cell of this model stays.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

ampa = Mechanism(
    name="ampa",
    q10=Q10(2.5, "assumed", rationale="gating, between those of GABA-A (2.1) and NMDA receptors (2.7)"),
    equations="""
    dampa_open/dt = ampa_binding_rate*cleft_glutamate*(1 - ampa_open - ampa_desensitised) - ampa_open/ampa_decay : 1
    dampa_desensitised/dt = ampa_desensitisation*ampa_open/ampa_decay - ampa_desensitised/ampa_resensitisation : 1
    ampa_available : 1
    ampa_tonic_open : 1
    permeable_ampa_block : 1
    ampa_gated_conductance = ampa_conductance*(ampa_available*ampa_open + ampa_tonic_open) : siemens
    ampa_total_conductance = ampa_gated_conductance*(1 - permeable_ampa_fraction*permeable_ampa_block) : siemens
    ampa_calcium_conductance = ampa_gated_conductance*(ampa_calcium_fraction*(1 - permeable_ampa_fraction) + permeable_ampa_calcium_fraction*permeable_ampa_fraction*(1 - permeable_ampa_block)) : siemens
    ampa_current = ampa_total_conductance*(excitatory_reversal - membrane_potential) : amp
    """,
    parameters=(
        Parameter(
            "ampa_conductance", 1.2, "uS", "conductance of all AMPA receptors of a neuron",
            "assumed", rationale="1,000 synapses of about 1.2 nS; spread of receptor density "
            "assumed", per_cell=True, spread=0.15, low=0.0,
            high=1e3,
        ),
        Parameter(
            "ampa_decay", 3.0, "ms", "decay of the synaptic conductance", "assumed",
            source="Dura2023", rationale="M1 network model: 0.05/5.3 ms; Brunel2001: 2 ms",
            low=0.5, high=100.0,
        ),
        Parameter(
            "ampa_binding_rate", 0.53, "1/mM/ms", "opening rate per mean cleft concentration",
            "fitted", rationale="one release opens 0.7 of the receptors of its own synapse",
            low=0.0, high=100.0,
        ),
        Parameter(
            "ampa_desensitisation", 0.2, "", "share of closing channels that is desensitised",
            "assumed", source="Hjelmstad1999", rationale="excised patches desensitise strongly after "
            "1 ms; single synapses in slices show none", low=0.0, high=1.0,
        ),
        Parameter(
            "ampa_resensitisation", 16.0, "ms", "recovery from desensitisation", "measured",
            source="Raman1995", preparation="chick nucleus magnocellularis", low=1.0, high=1e4,
        ),
        Parameter(
            "excitatory_reversal", 0.0, "mV", "reversal of AMPA and NMDA currents", "assumed",
            source="Brunel2001", rationale="model constant after slice recordings", low=-20.0,
            high=20.0,
        ),
        Parameter(
            "ampa_calcium_fraction", 0.007, "", "fraction of the current of receptors with edited "
            "GluA2 that calcium carries", "measured", source="Burnashev1995", preparation="cloned "
            "receptors with edited GluA2, 0.5–1 %", low=0.0, high=0.2,
        ),
        Parameter(
            "permeable_ampa_fraction", 0.05, "", "fraction of AMPA receptors without edited GluA2",
            "assumed", source="Burnashev1995", rationale="principal cells of the forebrain hardly "
            "have any", per_cell=True, low=0.0, high=1.0,
        ),
        Parameter(
            "permeable_ampa_calcium_fraction", 0.035, "", "fraction of the current of receptors "
            "without edited GluA2 that calcium carries", "measured", source="Burnashev1995",
            preparation="cloned receptors without GluA2, 3–4 %", low=0.0, high=0.3,
        ),
    ),
    requires={"cleft_glutamate": "mM", "membrane_potential": "V", "calcium_driving_force": "V"},
    provides={"ampa_open": "", "ampa_current": "A"},
    initial={"ampa_available": "1", "permeable_ampa_block": "0"},
    contributes={
        "inward_current": "ampa_current",
        "calcium_current": "ampa_calcium_conductance*calcium_driving_force",
        "excitatory_conductance": "ampa_total_conductance",
    },
)  # fmt: skip
