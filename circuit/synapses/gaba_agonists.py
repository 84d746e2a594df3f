r"""GABA agonists in the bath: receptors that they hold open, and terminals that they quieten.

.. math::
    d &= \frac{M/EC_M + a\,t}{1 + B/K_B + G/K_G}, \qquad o_M = \frac{d}{1 + d}, \qquad
    g_A = \hat g_A\,C_m\,n\,\rho\,o_M \\
    g_B &= \hat g_B\,C_m\,o_B, \qquad o_B = \frac{C}{C + K}

Muscimol (:math:`M`) opens GABA-A receptors of every cell, synaptic or not; bicuculline and gabazine compete with
it. Of a sustained response a share :math:`\rho` is left by desensitisation. Where GABA is released, block of its uptake
(:math:`t`) leaves some around: :math:`a` of a half-activating concentration. Baclofen (:math:`C`) opens the potassium
channels of GABA-B receptors. Conductances go by the membrane capacitance, as receptors are counted per membrane.

On terminals baclofen lowers the calcium that comes in, by up to :math:`m`
(:mod:`unshielded.circuit.synapses.terminals`).
"""

from unshielded.mechanism import Mechanism, Parameter

#: What the bath holds, seen by both clocks.
gaba_agonists = Mechanism(
    name="gaba_agonists",
    equations="""
    gaba_a_agonism = (muscimol_bath/muscimol_half_activation + tiagabine_ambient*gat1_block)/gaba_a_antagonism : 1
    gaba_a_occupied = gaba_a_agonism/(1 + gaba_a_agonism) : 1
    gaba_b_occupied = baclofen_bath/(baclofen_bath + baclofen_half_activation) : 1
    """,
    parameters=(
        Parameter(
            "muscimol_half_activation", 5.0, "uM", "muscimol for half activation of GABA-A receptors",
            "assumed", rationale="a few µM at synaptic compositions, as GABA or half of it; nM at "
            "receptors with a delta subunit, which are left out", low=1e-4, high=1e3,
        ),
        Parameter(
            "tiagabine_ambient", 0.05, "", "GABA around cells without GAT-1, over what half activates",
            "assumed", source="Frahm2001", rationale="tiagabine alone induces a significant, small "
            "chloride conductance in slices", low=0.0, high=10.0,
        ),
        Parameter(
            "baclofen_half_activation", 3.8, "uM", "baclofen for half activation of GABA-B receptors",
            "measured", source="Lanthorn1981", preparation="racemic, transmission at Schaffer "
            "collaterals and mossy fibres in rat hippocampal slices", low=1e-3, high=1e3,
        ),
    ),
    requires={
        "gaba_a_antagonism": "",
        "gat1_block": "",
        **{f"{a}_bath": "mM" for a in ("muscimol", "baclofen")},
    },
    provides={"gaba_a_occupied": "", "gaba_b_occupied": ""},
)  # fmt: skip

#: The conductances that follow, on the slow clock.
gaba_tonic = Mechanism(
    name="gaba_tonic",
    equations="",
    parameters=(
        Parameter(
            "gaba_a_density", 0.5, "nS/pF", "conductance of all GABA-A receptors, per capacitance",
            "assumed", rationale="100 nS in a cell of 200 pF; peaks of several nA in cultured cells",
            low=0.0, high=100.0, scales="fixed",  # a conductance per capacitance is not a rate
        ),
        Parameter(
            "gaba_a_steady_response", 0.2, "", "steady over peak response of GABA-A receptors",
            "assumed", rationale="a tenth to a third is left after a minute of a saturating agonist",
            low=0.0, high=1.0,
        ),
        Parameter(
            "gaba_b_density", 0.02, "nS/pF", "conductance of all potassium channels that GABA-B "
            "receptors open, per capacitance", "assumed", source="Gahwiler1985", rationale="4 nS in a cell "
            "of 200 pF, an outward current of about 100 pA near rest; the source's channels rectify, "
            "which is left out", low=0.0, high=10.0, scales="fixed",
        ),
    ),
    requires={
        "gaba_a_tonic": "S",
        "gaba_b_tonic": "S",
        "gaba_a_occupied": "",
        "gaba_b_occupied": "",
        "gaba_a_receptors": "",
        "membrane_capacitance": "F",
    },
    after_step="""
    gaba_a_tonic = gaba_a_density*membrane_capacitance*gaba_a_receptors*gaba_a_steady_response*gaba_a_occupied
    gaba_b_tonic = gaba_b_density*membrane_capacitance*gaba_b_occupied
    """,
)  # fmt: skip
