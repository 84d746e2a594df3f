r"""What binds to glutamate receptors, and sodium channels, from the bath; on the slow clock.

Agonists compete for the same site, antagonists raise the concentration needed:

.. math::
    d_N &= \frac{\sum_a C_a/EC_a}{1 + [APV]/K_{APV}}, \quad
    o_N = \frac{d_N^{1.5}}{1 + d_N^{1.5}}, \quad
    s_N = (1 - b)\,(x\,s_x + (1 + x)\,\rho_N\,o_N) \\
    \dot b &= k_{on}[\mathrm{MK801}]\,s_{open}\,(1-b) - k_{off}\,b \\
    d_i &= \frac{C_i/EC_i}{1+[NBQX]/K_{NBQX}}, \quad
    s_A = \frac{\sum_i \rho_i d_i}{1 + \sum_i d_i}

:math:`s_N, s_A` are the shares of receptors that are held open, :math:`\rho` the steady over the
peak response of a sustained application (desensitisation, and calcium-dependent inactivation).
What is bound, or blocked, is not there for released glutamate. MK-801 enters open channels only
and hardly leaves; its binding is capped at 200/s, more than the slow clock resolves. :math:`s_x` are
the extrasynaptic receptors, :math:`x` their number, which see the perisynaptic pool as well.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

receptor_binding = Mechanism(
    name="receptor_binding",
    q10=Q10(2.7, "assumed", "Cais2008", "MK-801 leaves with the channel open: as the gating of NMDA receptors"),
    equations="""
    dmk801_block/dt = mk801_binding*(1 - mk801_block) - mk801_dissociation_rate*mk801_block : 1
    mk801_binding = clip(mk801_association_rate*mk801_bath*(nmda_open + nmda_held_open), 0/second, 200/second) : 1/second
    nmda_antagonism = 1 + apv_bath/apv_dissociation : 1
    nmda_agonism = (glutamate_bath/nmda_half_activation + nmda_bath/nmda_half_activation_nmda)/nmda_antagonism : 1
    nmda_occupied = hill(nmda_agonism, 1.5) : 1
    extrasynaptic_agonism = perisynaptic_glutamate/nmda_half_activation/nmda_antagonism : 1
    extrasynaptic_open = hill(extrasynaptic_agonism, 1.5) : 1
    nmda_held_open = extrasynaptic_fraction*extrasynaptic_open*(1 - nmda_occupied) + (1 + extrasynaptic_fraction)*nmda_steady_response*nmda_occupied : 1
    ampa_antagonism = 1 + nbqx_bath/nbqx_dissociation : 1
    ampa_agonism = (glutamate_bath/ampa_half_activation_glutamate + ampa_bath/ampa_half_activation_ampa + kainate_bath/ampa_half_activation_kainate)/ampa_antagonism : 1
    ampa_response = (ampa_steady_response*(glutamate_bath/ampa_half_activation_glutamate + ampa_bath/ampa_half_activation_ampa) + kainate_steady_response*kainate_bath/ampa_half_activation_kainate)/ampa_antagonism : 1
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
            "nmda_steady_response", 0.088, "", "share of NMDA receptors that a sustained saturating "
            "agonist holds open", "fitted", source="Schinder1996", rationale="the one number "
            "fitted to validation V5 (NMDA for 20 and 50 min); 18 nS of a cell, as the 1–3 nA of "
            "cultured neurons with half of it desensitised", low=0.0, high=1.0,
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
            "ampa_half_activation_glutamate", 19.0, "uM", "glutamate for half activation of AMPA "
            "receptors, steady state", "assumed", rationale="about 20 µM at steady state, 480 µM "
            "at the peak, in cultured hippocampal neurons", low=0.1, high=1e4,
        ),
        Parameter(
            "ampa_half_activation_ampa", 4.0, "uM", "AMPA for half activation, steady state",
            "assumed", rationale="3–11 µM", low=0.1, high=1e4,
        ),
        Parameter(
            "ampa_half_activation_kainate", 140.0, "uM", "kainate for half activation of AMPA "
            "receptors", "measured", source="Jayaraman1998", preparation="rat hippocampal "
            "neurons, dissociation per site 140±30 µM", low=0.1, high=1e4,
        ),
        Parameter(
            "ampa_steady_response", 0.03, "", "steady over peak response of AMPA receptors to "
            "glutamate or AMPA", "assumed", source="Traynelis2010", rationale="0.002–0.08 over "
            "receptor types, 0.01–0.02 for those with GluA2", low=0.0, high=1.0,
        ),
        Parameter(
            "kainate_steady_response", 0.3, "", "response to saturating kainate over the peak to "
            "glutamate", "assumed", rationale="hardly desensitises; ten times glutamate's plateau",
            low=0.0, high=1.0,
        ),
        Parameter(
            "ttx_inhibition", 0.01, "uM", "TTX for half block of sodium channels", "assumed",
            rationale="5–15 nM in neurons; 0.5–1 µM are used", low=1e-5, high=100.0,
        ),
        Parameter(
            "ttx_lift", 200.0, "mV", "rise of the spike threshold by full block", "assumed",
            rationale="beyond any potential of the membrane", low=0.0, high=1e3,
        ),
        Parameter(
            "nbqx_dissociation", 0.1, "uM", "NBQX for half inhibition without agonist",
            "assumed", rationale="0.15 µM from binding, 0.06–0.1 µM from currents", low=1e-3,
            high=1e3,
        ),
    ),
    requires={
        "perisynaptic_glutamate": "mM",
        "nmda_open": "",
        "extrasynaptic_fraction": "",
        "sodium_channel_block": "V",
        **{f"{a}_bath": "mM" for a in ("glutamate", "nmda", "ampa", "kainate", "apv", "mk801", "nbqx", "ttx")},
    },
    after_step="""
    sodium_channel_block = ttx_lift*ttx_bath/(ttx_bath + ttx_inhibition)
    nmda_available = (1 - mk801_block)*(1 - nmda_occupied)/nmda_antagonism
    nmda_tonic_open = (1 - mk801_block)*nmda_held_open
    ampa_available = 1/(ampa_antagonism*(1 + ampa_agonism))
    ampa_tonic_open = ampa_response/(1 + ampa_agonism)
    """,
)  # fmt: skip
