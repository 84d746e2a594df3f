r"""What drugs make of released GABA: benzodiazepines, antagonists, block of uptake.

A benzodiazepine site on GABA-A receptors (:math:`b` its occupancy by diazepam) lengthens and enlarges their
currents, wherever there is GABA:

.. math::
    \tau \to \tau\,(1 + p\,b)\,(1 + u\,t), \qquad
    \hat g \to \hat g\,(1 + q\,b)\,\frac{1 - o_M}{1 + B/K_B + G/K_G}, \qquad b = \frac{C}{C + K}

It multiplies the inhibition that is there and makes none. Bicuculline (:math:`B`) and gabazine (:math:`G`)
compete with GABA, but unbind more slowly than GABA stays in a cleft: what they hold when it comes is not there
for it, as with NMDA receptors. What an agonist in the bath holds (:math:`o_M`,
:mod:`unshielded.circuit.synapses.gaba_agonists`) is not there either. Tiagabine blocks the transporter GAT-1 (:math:`t`
its occupancy): released GABA stays for longer, at GABA-B receptors too; the peak is as it was.
"""

from unshielded.mechanism import Mechanism, Parameter

gaba_modulation = Mechanism(
    name="gaba_modulation",
    equations="""
    benzodiazepine_binding = diazepam_bath/(diazepam_bath + benzodiazepine_half_effect) : 1
    gat1_block = tiagabine_bath/(tiagabine_bath + tiagabine_half_effect) : 1
    gaba_uptake_prolongation = 1 + tiagabine_prolongation*gat1_block : 1
    gaba_a_prolongation = (1 + benzodiazepine_prolongation*benzodiazepine_binding)*gaba_uptake_prolongation : 1
    gaba_b_prolongation = gaba_uptake_prolongation : 1
    gaba_a_enhancement = 1 + benzodiazepine_enhancement*benzodiazepine_binding : 1
    gaba_a_antagonism = 1 + bicuculline_bath/bicuculline_dissociation + gabazine_bath/gabazine_dissociation : 1
    gaba_a_available = (1 - gaba_a_occupied)/gaba_a_antagonism : 1
    """,
    parameters=(
        Parameter(
            "gaba_a_receptors", 1.0, "", "GABA-A receptors that are left, over normal", "assumed",
            rationale="1 is healthy; an experimental condition", per_cell=True, low=0.0, high=10.0,
        ),
        Parameter(
            "benzodiazepine_half_effect", 0.05, "uM", "free diazepam for half effect", "assumed",
            source="Lee1979", rationale="0.05–1 µM augment recurrent inhibition in hippocampal "
            "slices, graded; binding in the tens of nM", low=1e-4, high=100.0,
        ),
        Parameter(
            "benzodiazepine_prolongation", 1.0, "", "decay time added by saturating diazepam, over "
            "normal", "assumed", source="Riley1983", rationale="doubles the duration of recurrent "
            "inhibition in olfactory cortex; half as much in unitary currents", low=0.0,
            high=10.0,
        ),
        Parameter(
            "benzodiazepine_enhancement", 0.2, "", "peak conductance added by saturating diazepam, "
            "over normal", "assumed", source="Riley1983", rationale="doubled in recurrent "
            "inhibition; little in unitary currents, as released GABA nearly saturates the "
            "receptors", low=0.0, high=10.0,
        ),
        Parameter(
            "bicuculline_dissociation", 1.0, "uM", "bicuculline for half inhibition without agonist",
            "assumed", rationale="half inhibition at 1–3 µM against GABA at its half activation; "
            "10–20 µM abolish inhibition in slices", low=1e-3, high=1e3,
        ),
        Parameter(
            "gabazine_dissociation", 0.2, "uM", "gabazine for half inhibition without agonist",
            "measured", source="Lindquist2005", preparation="human receptors of two compositions in Sf9 "
            "cells; 0.05–0.1 µM predicted at synapses", low=1e-4, high=1e3,
        ),
        Parameter(
            "tiagabine_half_effect", 0.2, "uM", "tiagabine for half block of GAT-1", "assumed",
            rationale="0.1–0.3 µM lower uptake into cultured astrocytes; slices are given 10–50 µM",
            low=1e-4, high=1e3,
        ),
        Parameter(
            "tiagabine_prolongation", 1.09, "", "decay time added by full block of GAT-1, over normal",
            "measured", source="Roepstorff1992", preparation="rat CA1 in slices, half-width of fast "
            "inhibitory currents, +109±15 % by 20–50 µM; sixteen-fold in slice "
            "cultures", low=0.0, high=100.0,
        ),
    ),
    requires={
        "gaba_a_occupied": "",
        **{f"{a}_bath": "mM" for a in ("diazepam", "tiagabine", "bicuculline", "gabazine")},
    },
    provides={
        "gaba_a_prolongation": "",
        "gaba_b_prolongation": "",
        "gaba_a_enhancement": "",
        "gaba_a_antagonism": "",
        "gaba_a_available": "",
        "gat1_block": "",
    },
)  # fmt: skip
