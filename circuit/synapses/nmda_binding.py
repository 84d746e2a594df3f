r"""What binds to NMDA receptors, and blocks them, from the bath; on the slow clock.

Agonists compete for the same site, antagonists raise the concentration needed:

.. math::
    d &= \frac{\sum_a C_a/EC_a}{1 + [APV]/K_{APV}}, \quad
    o = \frac{d^{1.5}}{1 + d^{1.5}}, \quad
    s_N = (1 - b - m)\,(x\,s_x + (1 + x)\,\rho\,o) \\
    \dot b &= k_{on}[\mathrm{MK801}]\,s\,(1 - b - m) - k_{off}\,b \\
    \dot m &= \frac{s}{\rho\,(1 + x)}\,\big(k_m [\mathrm{memantine}]\,(1 - b - m) - k_m K_m\,m\big)

:math:`s_N` is the share of receptors that is held open, :math:`\rho` the steady over the peak response of a
sustained application (desensitisation, and calcium-dependent inactivation), :math:`s` the open share
without the blockers. What is bound, or blocked, is not there for released glutamate.

MK-801 and memantine share one site in the open channel: they enter what opens, and are trapped when it
closes. MK-801 hardly leaves; memantine leaves as soon as the channel opens again, so its block at rest
holds and its equilibrium does not depend on how much is open. Its rates are those under a sustained saturating
agonist. Left out: a sixth of blocked channels lets memantine go when it closes, and depolarisation
loosens the block e-fold per 31 mV. Binding is capped at 200/s, more than the slow clock resolves.
:math:`s_x` are the extrasynaptic receptors, :math:`x` their number, which see the perisynaptic pool as well.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

nmda_binding = Mechanism(
    name="nmda_binding",
    q10=Q10(2.7, "assumed", "Cais2008", "blockers come and go with the channel open: as the gating of NMDA receptors"),
    equations="""
    dmk801_block/dt = mk801_binding*(1 - mk801_block - memantine_block) - mk801_dissociation_rate*mk801_block : 1
    mk801_binding = clip(mk801_association_rate*mk801_bath*(nmda_open + nmda_held_open), 0/second, 200/second) : 1/second
    dmemantine_block/dt = memantine_access*memantine_association_rate*(memantine_bath*(1 - mk801_block - memantine_block) - memantine_half_block*memantine_block) : 1
    memantine_access = clip((nmda_open + nmda_held_open)/((1 + extrasynaptic_fraction)*nmda_steady_response), 0, 200/second/(memantine_association_rate*(memantine_bath + memantine_half_block))) : 1
    nmda_antagonism = 1 + apv_bath/apv_dissociation : 1
    nmda_agonism = (glutamate_bath/nmda_half_activation + nmda_bath/nmda_half_activation_nmda)/nmda_antagonism : 1
    nmda_occupied = hill(nmda_agonism, 1.5) : 1
    extrasynaptic_agonism = perisynaptic_glutamate/nmda_half_activation/nmda_antagonism : 1
    extrasynaptic_open = hill(extrasynaptic_agonism, 1.5) : 1
    nmda_held_open = extrasynaptic_fraction*extrasynaptic_open*(1 - nmda_occupied) + (1 + extrasynaptic_fraction)*nmda_steady_response*nmda_occupied : 1
    """,
    parameters=(
        Parameter(
            "nmda_half_activation", 2.3, "uM", "glutamate for half activation of NMDA receptors "
            "(Hill 1.5)", "measured", source="Patneau1990", preparation="cultured hippocampal "
            "neurons", low=0.1, high=100.0,
        ),
        Parameter(
            "nmda_half_activation_nmda", 35.0, "uM", "NMDA for half activation of NMDA receptors",
            "assumed", source="Traynelis2010", rationale="30–90 µM by subunit; 35 µM in cultured "
            "hippocampal neurons", low=0.1, high=1e4,
        ),
        Parameter(
            "nmda_steady_response", 0.18, "", "share of NMDA receptors that a sustained saturating "
            "agonist holds open", "fitted", source="Schinder1996", rationale="fitted to "
            "validation V5 (NMDA for 20 and 50 min) with half of the present mitochondria in pyramidal "
            "cells; with the present ones none of eight values from 0.18 to 0.7 meets V5; up to a half of the peak is published", low=0.0, high=1.0,
        ),
        Parameter(
            "apv_dissociation", 1.4, "uM", "D-APV for half inhibition without agonist",
            "assumed", source="Benveniste1991", rationale="1.2–1.4 µM in cultured hippocampal "
            "neurons, 0.3–4 µM by subunit", low=0.01, high=1e3,
        ),
        Parameter(
            "mk801_association_rate", 25.0, "1/uM/s", "binding of MK-801 to the open channel",
            "assumed", rationale="25–30 /µM/s; channels count as open in proportion to their "
            "response", low=0.0, high=1e4,
        ),
        Parameter(
            "mk801_dissociation_rate", 1.9e-4, "1/s", "unbinding of MK-801", "measured",
            source="Huettner1988", preparation="rat cortical culture, 90 min at -70 mV with NMDA",
            low=0.0, high=10.0,
        ),
        Parameter(
            "memantine_association_rate", 0.32, "1/uM/s", "binding of memantine under a sustained "
            "saturating agonist", "measured", source="Gilling2009", preparation="human NR1/NR2A in HEK "
            "cells, -70 mV, 0.32±0.11 /µM/s; unbinds at 0.53±0.10 /s, here 0.45 /s", low=1e-4,
            high=1e3,
        ),
        Parameter(
            "memantine_half_block", 1.4, "uM", "memantine for half block", "measured",
            source="Blanpied1997", preparation="cultured rat cortical neurons, NMDA, -67 mV",
            low=1e-3, high=1e4,
        ),
    ),
    requires={
        "perisynaptic_glutamate": "mM",
        "nmda_open": "",
        "extrasynaptic_fraction": "",
        "nmda_available": "",
        "nmda_tonic_open": "",
        **{f"{a}_bath": "mM" for a in ("glutamate", "nmda", "apv", "mk801", "memantine")},
    },
    after_step="""
    nmda_available = (1 - mk801_block - memantine_block)*(1 - nmda_occupied)/nmda_antagonism
    nmda_tonic_open = (1 - mk801_block - memantine_block)*nmda_held_open
    """,
)  # fmt: skip
