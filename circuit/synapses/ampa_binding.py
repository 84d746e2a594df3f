r"""What binds to AMPA receptors from the bath; on the slow clock.

Agonists compete for the same site, NBQX raises the concentration needed, and perampanel takes receptors
away whatever the agonist (a negative allosteric modulator):

.. math::
    d_i = \frac{C_i/EC_i}{1+[NBQX]/K_{NBQX}}, \quad
    s_A = \frac{1}{1 + [P]/K_P}\,\frac{\sum_i \rho_i d_i}{1 + \sum_i d_i}

:math:`s_A` is the share of receptors that is held open, :math:`\rho` the steady over the peak response of
a sustained application (desensitisation). What is bound, or taken away, is not there for released glutamate.
Perampanel binds within a second or two, faster than the bath exchanges: its kinetics are left out.
"""

from unshielded.mechanism import Mechanism, Parameter

ampa_binding = Mechanism(
    name="ampa_binding",
    equations="""
    ampa_antagonism = 1 + nbqx_bath/nbqx_dissociation : 1
    perampanel_left = 1/(1 + perampanel_bath/perampanel_inhibition) : 1
    ampa_agonism = (glutamate_bath/ampa_half_activation_glutamate + ampa_bath/ampa_half_activation_ampa + kainate_bath/ampa_half_activation_kainate)/ampa_antagonism : 1
    ampa_response = (ampa_steady_response*(glutamate_bath/ampa_half_activation_glutamate + ampa_bath/ampa_half_activation_ampa) + kainate_steady_response*kainate_bath/ampa_half_activation_kainate)/ampa_antagonism : 1
    """,
    parameters=(
        Parameter(
            "ampa_half_activation_glutamate", 19.0, "uM", "glutamate for half activation of AMPA "
            "receptors, steady state", "assumed", rationale="about 20 µM at steady state, 480 µM "
            "at the peak, in cultured hippocampal neurons", low=0.1, high=1e4,
        ),
        Parameter(
            "ampa_half_activation_ampa", 4.5, "uM", "AMPA for half activation, steady state",
            "fitted", rationale="calibrated; 3–11 µM", low=0.1, high=1e4,
        ),
        Parameter(
            "ampa_half_activation_kainate", 140.0, "uM", "kainate for half activation of AMPA "
            "receptors", "measured", source="Jayaraman1998", preparation="rat hippocampal "
            "neurons, dissociation per site 140±30 µM", low=0.1, high=1e4,
        ),
        Parameter(
            "ampa_steady_response", 0.064, "", "steady over peak response of AMPA receptors to "
            "glutamate or AMPA", "fitted", source="Traynelis2010", rationale="calibrated; 0.002–0.08 over "
            "receptor types, 0.01–0.02 for those with GluA2", low=0.0, high=1.0,
        ),
        Parameter(
            "kainate_steady_response", 0.3, "", "response to saturating kainate over the peak to "
            "glutamate", "assumed", rationale="hardly desensitises; ten times glutamate's plateau",
            low=0.0, high=1.0,
        ),
        Parameter(
            "nbqx_dissociation", 0.1, "uM", "NBQX for half inhibition without agonist",
            "assumed", rationale="0.15 µM from binding, 0.06–0.1 µM from currents", low=1e-3,
            high=1e3,
        ),
        Parameter(
            "perampanel_inhibition", 0.56, "uM", "perampanel for half inhibition, at any agonist",
            "measured", source="Chen2014", preparation="cultured rat hippocampal neurons, kainate; "
            "0.09 µM on calcium responses of cortical neurons to 2 µM AMPA", low=1e-3, high=1e3,
        ),
    ),
    requires={
        "ampa_available": "",
        "ampa_tonic_open": "",
        **{f"{a}_bath": "mM" for a in ("glutamate", "ampa", "kainate", "nbqx", "perampanel")},
    },
    after_step="""
    ampa_available = perampanel_left/(ampa_antagonism*(1 + ampa_agonism))
    ampa_tonic_open = perampanel_left*ampa_response/(1 + ampa_agonism)
    """,
)  # fmt: skip
