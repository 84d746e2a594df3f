r"""Spike-frequency adaptation: an after-hyperpolarising potassium conductance.

.. math::
    \tau_{ahp} \dot g_{ahp} = -g_{ahp}, \qquad g_{ahp} \mathrel{+}= \Delta g\,c \text{ per spike}

Calcium opens it (SK channels): what drugs leave of the calcium of a spike, :math:`c`, is left of it
(:mod:`unshielded.circuit.membrane.calcium_channel`). SK channels sit beside the channels that a spike opens; calcium of the
persistent current does not reach them here. The conductance limits sustained rates, and, in a network without inhibition, ends each burst.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

adaptation = Mechanism(
    name="adaptation",
    q10=Q10(2.5, "assumed", "Lee2005", "the slow after-hyperpolarisation of cortical cells decays far faster when warm, the medium one moderately so"),
    equations="""
    dahp_conductance/dt = -ahp_conductance/ahp_time_constant : siemens
    """,
    parameters=(
        Parameter(
            "ahp_increment", 1.0, "nS", "conductance added by each spike", "fitted",
            rationale="rates of layer 5 at rest (Potjans2014: about 8 Hz)", per_cell=True,
            low=0.0, high=1e4,
        ),
        Parameter(
            "ahp_time_constant", 200.0, "ms", "decay of the after-hyperpolarisation", "assumed",
            rationale="medium to slow AHP of layer-5 cells, 100–500 ms", per_cell=True,
            low=1.0, high=1e4,
        ),
    ),
    requires={"membrane_potential": "V", "potassium_reversal": "V", "spike_calcium_left": ""},
    provides={"ahp_conductance": "S"},
    contributes={
        "inward_current": "ahp_conductance*(potassium_reversal - membrane_potential)",
    },
    on_spike="ahp_conductance += ahp_increment*spike_calcium_left",
)  # fmt: skip
