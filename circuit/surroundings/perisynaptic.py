r"""Glutamate around the synapses: spill-over, cleared by astrocytes; on the slow clock.

What leaves the clefts dilutes into the perisynaptic space, from which astrocytic EAAT2 and
the neuronal transporter (Michaelis–Menten) and diffusion remove it:

.. math::
    \dot G_p &= \rho\,J_{spill}
        - (V_{EAAT2}\,e\,\epsilon + V_{n})\frac{G_p}{K_m + G_p} - k_d\,(G_p - G_{ambient})
        + k_x\,(\bar G_p - G_p) + J_0

with :math:`e` the EAAT2 that is there (``eaat2``, 0…1, times what a drug has induced,
:mod:`unshielded.circuit.surroundings.eaat2_expression`), :math:`\epsilon` the astrocyte's energy
(:mod:`unshielded.circuit.surroundings.astrocyte`), :math:`\bar G_p` the mean of the two neighbours in the population, whose
spaces exchange by diffusion (spill-over), and :math:`J_0` the non-vesicular leak
that keeps :math:`G_{ambient}` in the healthy tissue. Blockers of uptake compete with glutamate, with a constant for EAAT2
and one for the neuronal transporter (EAAT3): :math:`K_m \to K_m\,(1 + \sum_i C_i/K_i)`. Dihydrokainate does not bind to
EAAT3; TBOA and PDC bind to both. PDC is a substrate, and what it exchanges for is left out. Linearised, clearance slows 2.0-fold at
71 % and 3.0-fold at 95 % loss of EAAT2 [Huebel2017]. :math:`s_x` is the open share of the
extrasynaptic NMDA receptors, which see this pool.
"""

from typing import Final

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

#: Of what leaves by diffusion.
_DIFFUSION: Final = Q10(
    1.3, "assumed", rationale="diffusion: temperature over the viscosity of water, 20–30 °C"
)

perisynaptic = Mechanism(
    name="perisynaptic",
    q10=Q10(2.5, "assumed", "Wadiche1998", "of carriers, 2–3; uptake by EAAT1 changes far more with temperature than the chloride current"),
    equations="""
    dperisynaptic_glutamate/dt = glutamate_inflow + spillover - astrocyte_uptake - neuronal_uptake + glutamate_escape_rate*(ambient_glutamate - perisynaptic_glutamate) + ambient_release : mmolar
    glutamate_inflow : mmolar/second
    spillover : mmolar/second
    neighbouring_glutamate : mmolar
    eaat2_competition = 1 + tboa_bath/tboa_eaat2_dissociation + pdc_bath/pdc_eaat2_dissociation + dihydrokainate_bath/dihydrokainate_dissociation : 1
    eaat3_competition = 1 + tboa_bath/tboa_eaat3_dissociation + pdc_bath/pdc_eaat3_dissociation : 1
    eaat2_saturation = perisynaptic_glutamate/(uptake_half_saturation*eaat2_competition + perisynaptic_glutamate) : 1
    eaat3_saturation = perisynaptic_glutamate/(uptake_half_saturation*eaat3_competition + perisynaptic_glutamate) : 1
    astrocyte_uptake = eaat2*(1 + eaat2_induction)*eaat2_maximum_rate*astrocyte_energy*eaat2_saturation : mmolar/second
    neuronal_uptake = neuronal_uptake_maximum_rate*eaat3_saturation : mmolar/second
    ambient_release = (eaat2_maximum_rate + neuronal_uptake_maximum_rate)*ambient_glutamate/(uptake_half_saturation + ambient_glutamate) : mmolar/second
    """,
    parameters=(
        Parameter(
            "cleft_volume_ratio", 0.005, "", "cleft volume over perisynaptic volume", "assumed",
            rationale="disc of 0.3 µm by 20 nm in the extracellular 20 % of 1 µm³ per synapse",
            low=0.0, high=1.0,
        ),
        Parameter(
            "eaat2_maximum_rate", 0.845, "mM/s", "maximum rate of astrocytic EAAT2", "fitted",
            source="Huebel2017", rationale="glial:neuronal uptake 4:1 as in the source; scaled "
            "so that the perisynaptic pool clears in 25 ms", low=0.0, high=20.0,
        ),
        Parameter(
            "neuronal_uptake_maximum_rate", 0.211, "mM/s", "maximum rate of neuronal uptake",
            "fitted", source="Huebel2017", rationale="a quarter of the glial rate, as in the "
            "source", low=0.0, high=20.0,
        ),
        Parameter(
            "uptake_half_saturation", 30.0, "uM", "Michaelis constant of uptake", "assumed",
            source="Huebel2017", rationale="model constant after oocyte and slice work",
            low=1.0, high=1e3,
        ),
        Parameter(
            "glutamate_escape_rate", 4.8, "1/s", "diffusion out of the perisynaptic space",
            "fitted", rationale="with it the loss of 71 % of EAAT2 slows clearance 2-fold, of "
            "95 % 3-fold", low=0.0, high=500.0,
            q10=_DIFFUSION,
        ),
        Parameter(
            "glutamate_exchange_rate", 12.0, "1/s", "diffusion to and from the neighbours' "
            "perisynaptic spaces", "assumed", rationale="0.3 µm²/ms (free diffusion slowed by "
            "tortuosity) over 5 µm, the distance of interleaved dendrites", low=0.0, high=250.0,
            q10=_DIFFUSION,
        ),
        Parameter(
            "ambient_glutamate", 0.025, "uM", "concentration without synaptic release",
            "measured", source="Herman2007", preparation="rat hippocampal slice", low=0.0,
            high=100.0,
        ),
        Parameter(
            "eaat2", 1.0, "", "remaining astrocytic EAAT2 (set by glutamate.eaat2)", "assumed",
            rationale="1 is healthy tissue; ALS motor cortex has lost 71 % (Rothstein1995)",
            low=0.0, high=1.0,
        ),
        Parameter(
            "tboa_eaat2_dissociation", 5.7, "uM", "inhibition constant of DL-TBOA at EAAT2", "measured",
            source="Shimamoto1998", preparation="human EAAT2 in COS-1 cells; 42 µM at EAAT1", low=1e-3,
            high=1e4,
        ),
        Parameter(
            "tboa_eaat3_dissociation", 6.0, "uM", "inhibition constant of DL-TBOA at EAAT3", "assumed",
            source="Shimamoto2000", rationale="EAAT3 is blocked about as well as EAAT2", low=1e-3,
            high=1e4,
        ),
        Parameter(
            "pdc_eaat2_dissociation", 8.0, "uM", "inhibition constant of L-trans-2,4-PDC at EAAT2",
            "measured", source="Arriza1994", preparation="human EAAT2 in COS-7 cells", low=1e-3,
            high=1e4,
        ),
        Parameter(
            "pdc_eaat3_dissociation", 61.0, "uM", "inhibition constant of L-trans-2,4-PDC at EAAT3",
            "measured", source="Arriza1994", preparation="human EAAT3 in COS-7 cells", low=1e-3,
            high=1e4,
        ),
        Parameter(
            "dihydrokainate_dissociation", 79.0, "uM", "inhibition constant of dihydrokainate at EAAT2",
            "measured", source="Shimamoto1998", preparation="human EAAT2 in COS-1 cells; 23 µM in COS-7 "
            "cells (Arriza1994), none at EAAT1 and EAAT3", low=1e-3, high=1e4,
        ),
    ),
    requires={
        "spilled_glutamate": "mM",
        "astrocyte_energy": "",
        "eaat2_induction": "",
        **{f"{a}_bath": "mM" for a in ("tboa", "pdc", "dihydrokainate")},
    },
    provides={"perisynaptic_glutamate": "mM", "astrocyte_uptake": "mM/s"},
    initial={
        "perisynaptic_glutamate": "ambient_glutamate",
        "neighbouring_glutamate": "ambient_glutamate",
    },
    before_step="""
    glutamate_inflow = cleft_volume_ratio*spilled_glutamate/dt
    spilled_glutamate = 0*mmolar
    spillover = glutamate_exchange_rate*(neighbouring_glutamate - perisynaptic_glutamate)
    """,
    records=(
        Recorded("perisynaptic_glutamate", "uM", "glutamate around the neuron's synapses"),
    ),
)  # fmt: skip
