r"""Kv7 (M) channels: what a drug, or their loss, adds to the potassium current of the membrane.

.. math::
    \tau \dot m &= m_\infty(V) - m, \qquad
    \tau \dot d = m_\infty(V + s) - m_\infty(V) - d, \qquad
    m_\infty = \frac{1}{1 + e^{-(V - V_{1/2})/k}} \\
    s &= S\,\frac{C}{C + K}, \qquad
    \Delta g = \bar g\,C_m\,\big[(1 - \ell)\,d - \ell\,m\big], \qquad
    I = \Delta g\,(E_K - V)

The current of a healthy, undrugged cell is contained in its fitted leak, after-hyperpolarisation and
gain, so the mechanism adds only the change: retigabine (:math:`C`) shifts the activation by :math:`s`,
a share :math:`\ell` of the channels is gone (``kv7_loss``). Without either the change is exactly zero.
The conductance is per membrane capacitance, as channels are counted per membrane. The gates are slow
and live on the slow clock; retigabine's slower closing is left out.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

#: The current, on the fast clock.
kv7_current = Mechanism(
    name="kv7_current",
    equations="""
    kv7_change : siemens
    """,
    requires={"membrane_potential": "V", "potassium_reversal": "V"},
    provides={"kv7_change": "S"},
    contributes={
        "inward_current": "kv7_change*(potassium_reversal - membrane_potential)",
    },
)

kv7 = Mechanism(
    name="kv7",
    q10=Q10(2.5, "assumed", "Pahlavan2023", "gating of voltage-gated channels, alike in all classes; not measured for Kv7 here"),
    equations="""
    dkv7_open/dt = (kv7_steady - kv7_open)/kv7_time_constant : 1
    dkv7_opened_by_drug/dt = (kv7_drugged - kv7_steady - kv7_opened_by_drug)/kv7_time_constant : 1
    kv7_shift = retigabine_shift*retigabine_bath/(retigabine_bath + retigabine_half_effect) : volt
    kv7_steady = 1/(1 + exp((kv7_half_potential - membrane_potential)/kv7_slope)) : 1
    kv7_drugged = 1/(1 + exp((kv7_half_potential - membrane_potential - kv7_shift)/kv7_slope)) : 1
    """,
    parameters=(
        Parameter(
            "kv7_density", 0.02, "nS/pF", "conductance of all Kv7 channels, per capacitance",
            "assumed", rationale="4 nS in a cell of 200 pF, of which 3 % are open at rest: a "
            "hundredth of the leak that contains them; models of pyramidal cells have "
            "0.01–0.1 nS/pF", per_cell=True, low=0.0, high=1.0,
            scales="fixed",  # a conductance per capacitance is not a rate
        ),
        Parameter(
            "kv7_loss", 0.0, "", "Kv7 channels that are lost", "assumed",
            rationale="0 is healthy; an experimental condition", per_cell=True, low=0.0,
            high=1.0,
        ),
        Parameter(
            "kv7_half_potential", -28.7, "mV", "half activation", "measured",
            source="Tatulian2003", preparation="single KCNQ2/3 channels in CHO cells, -28.7±1.4 mV",
            low=-100.0, high=50.0,
        ),
        Parameter(
            "kv7_slope", 10.0, "mV", "slope of the activation", "assumed",
            rationale="9–11 mV for KCNQ2/3 in transfected cells", low=1.0, high=50.0,
        ),
        Parameter(
            "kv7_time_constant", 60.0, "ms", "opening and closing", "assumed",
            rationale="150 ms at room temperature in sympathetic neurons; two to three times "
            "faster at 37 °C", low=4.0, high=1e4,
        ),
        Parameter(
            "retigabine_shift", 33.1, "mV", "shift of the activation by saturating retigabine",
            "measured", source="Wickenden2000", preparation="KCNQ2/3 in CHO cells, 33.1±2.6 mV by "
            "10 µM; 11 mV in single channels (Tatulian2003), which also open three times as often",
            low=0.0, high=100.0,
        ),
        Parameter(
            "retigabine_half_effect", 1.6, "uM", "retigabine for half the shift", "measured",
            source="Wickenden2000", preparation="KCNQ2/3 in CHO cells, 1.6±0.3 µM; the slope "
            "factor of 1.2 is taken as 1", low=1e-3, high=1e3,
        ),
    ),
    requires={
        "membrane_potential": "V",
        "membrane_capacitance": "F",
        "retigabine_bath": "mM",
        "kv7_change": "S",
    },
    provides={"kv7_open": ""},
    initial={"kv7_open": "kv7_steady"},
    after_step="""
    kv7_change = kv7_density*membrane_capacitance*((1 - kv7_loss)*kv7_opened_by_drug - kv7_loss*kv7_open)
    """,
)  # fmt: skip
