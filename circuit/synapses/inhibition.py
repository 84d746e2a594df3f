r"""Inhibition: GABA-A (at the soma, and slow in dendrites), GABA-B and glycine conductances.

.. math::
    \dot g = (g_0 - g)/\tau, \qquad I = g\,(E - V), \qquad
    g \mathrel{+}= w\,r\,a\,\hat g \text{ per spike}

with :math:`w` the weight of the synapse, :math:`r` what the spike releases
(:mod:`unshielded.circuit.synapses.vesicles`) and :math:`a` the size of the receiving cell, for its membrane has receptors
of a given density. GABA-A receptors may be fewer (``gaba_a_receptors``). What drugs make of it is in
:mod:`unshielded.circuit.synapses.gaba_modulation` (:math:`\tau`, :math:`\hat g`) and
:mod:`unshielded.circuit.synapses.gaba_agonists` (:math:`g_0`, 0 without them). Strychnine (:math:`C`) leaves
:math:`1/(1 + C/K)` of the glycine receptors: it unbinds far more slowly than released glycine is there.

GABA-B opens potassium channels by a cascade, slowly and with cooperativity [Destexhe1996]:

.. math::
    \dot b = -b/\tau_b, \quad b \mathrel{+}= w\,r \text{ per spike}, \qquad
    \dot g = k\,\frac{b^2}{b^2 + B^2}\,(a\,\hat g - g) - (g - g_0)/\tau

So single releases hardly act, and the volley of many cells holds the membrane down for longer than a tenth of a second.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter


def _receptor(
    name: str,
    reversal: str,
    unit: Parameter,
    decay: Parameter,
    *,
    prolonged: str = "",
    tonic: str = "",
) -> Mechanism:
    relaxation = f"({tonic} - {name}_conductance)" if tonic else f"-{name}_conductance"
    time = f"({decay.name}*{prolonged})" if prolonged else decay.name
    return Mechanism(
        name=name,
        equations=f"""
        d{name}_conductance/dt = {relaxation}/{time} : siemens
        {f"{tonic} : siemens" if tonic else ""}
        """,
        parameters=(unit, decay),
        requires={
            "membrane_potential": "V",
            reversal: "V",
            **({prolonged: ""} if prolonged else {}),
        },
        provides={f"{name}_conductance": "S", **({tonic: "S"} if tonic else {})},
        contributes={
            "inward_current": f"{name}_conductance*({reversal} - membrane_potential)",
            "inhibitory_conductance": f"{name}_conductance",
        },
    )


gaba_a = _receptor(
    "gaba_a",
    "inhibitory_reversal",
    Parameter(
        "gaba_a_unit", 1.0, "nS", "conductance of one release of weight 1", "assumed",
        rationale="unitary inhibitory conductance of about 1 nS", low=0.0, high=20.0,
    ),
    Parameter(
        "gaba_a_decay", 10.0, "ms", "decay of the GABA-A conductance", "assumed",
        source="Brunel2001", rationale="model constant after slice recordings; 18 ms in Dura2023",
        low=0.5, high=1e3,
        q10=Q10(2.1, "measured", "Otis1992", "decay of inhibitory currents in dentate granule cells, 22–37 °C"),
    ),
    prolonged="gaba_a_prolongation",
)  # fmt: skip

gaba_a_slow = _receptor(
    "gaba_a_slow",
    "inhibitory_reversal",
    Parameter(
        "gaba_a_slow_unit", 0.3, "nS", "conductance of one dendritic release of weight 1",
        "assumed", rationale="dendritic inhibition is small at the soma, and slow", low=0.0,
        high=100.0,
    ),
    Parameter(
        "gaba_a_slow_decay", 50.0, "ms", "decay of the dendritic GABA-A conductance", "assumed",
        source="Dura2023", rationale="100 ms in the model of motor cortex; somatostatin cells' "
        "currents decay in 20–60 ms in slices", low=0.5, high=1e3,
        q10=Q10(2.1, "assumed", "Otis1992", "as the fast GABA-A currents"),
    ),
    prolonged="gaba_a_prolongation",
    tonic="gaba_a_tonic",
)  # fmt: skip

gaba_b = Mechanism(
    name="gaba_b",
    q10=Q10(2.5, "assumed", rationale="a cascade of a G protein and a channel: that of most enzymes and channels, 2–3"),
    equations="""
    dgaba_b_binding/dt = -gaba_b_binding/(gaba_b_binding_decay*gaba_b_prolongation) : 1
    gaba_b_activation = gaba_b_binding**2/(gaba_b_binding**2 + gaba_b_half_binding**2) : 1
    gaba_b_tonic : siemens
    dgaba_b_conductance/dt = gaba_b_opening_rate*gaba_b_activation*(gaba_b_maximum*inhibitory_conductance_scale - gaba_b_conductance) - (gaba_b_conductance - gaba_b_tonic)/gaba_b_decay : siemens
    """,
    parameters=(
        Parameter(
            "gaba_b_maximum", 20.0, "nS", "conductance of all potassium channels that dendritic releases of "
            "GABA open in a cell of 200 pF", "fitted", rationale="with the half binding: a cortex that is silent for more than 100 ms in "
            "health; after a strong pulse some 10 nS open, the leak of the cell", low=0.0, high=1e3,
        ),
        Parameter(
            "gaba_b_half_binding", 40.0, "", "releases of weight 1 within the decay of binding for half activation", "fitted",
            rationale="with the maximum: volleys of most somatostatin cells open channels, their "
            "rate at rest hardly", low=0.1, high=1e4,
        ),
        Parameter(
            "gaba_b_binding_decay", 40.0, "ms", "decay of what a release leaves at the receptors and their G protein",
            "assumed", source="Destexhe1996", rationale="decay of the G protein in 30 ms in the model of recorded currents",
            low=1.0, high=1e3,
        ),
        Parameter(
            "gaba_b_opening_rate", 67.0, "1/s", "opening of the channels at full activation", "fitted",
            source="Destexhe1996", rationale="a silent cortex after a pulse, by trial; currents rise to their peak in tens of ms", low=0.0, high=1e4,
        ),
        Parameter(
            "gaba_b_decay", 150.0, "ms", "closing of the channels", "fitted", source="Dura2023",
            rationale="a silent cortex after a pulse, by trial; 260.9 ms in the source; currents end in 150–300 ms", low=1.0, high=1e4,
        ),
    ),
    requires={
        "membrane_potential": "V",
        "potassium_reversal": "V",
        "gaba_b_prolongation": "",
        "inhibitory_conductance_scale": "",
    },
    provides={"gaba_b_conductance": "S", "gaba_b_tonic": "S"},
    contributes={
        "inward_current": "gaba_b_conductance*(potassium_reversal - membrane_potential)",
        "inhibitory_conductance": "gaba_b_conductance",
    },
)  # fmt: skip

glycine = _receptor(
    "glycine",
    "inhibitory_reversal",
    Parameter(
        "glycine_unit", 1.0, "nS", "conductance of one release of weight 1", "assumed",
        rationale="unitary inhibitory conductance of about 1 nS", low=0.0, high=20.0,
    ),
    Parameter(
        "glycine_decay", 10.0, "ms", "decay of the glycine conductance", "assumed",
        rationale="glycinergic currents of motor neurons decay in 5–15 ms", low=0.5, high=1e3,
        q10=Q10(2.1, "assumed", "Otis1992", "as GABA-A currents: channels of one family"),
    ),
)  # fmt: skip

strychnine_block = Mechanism(
    name="strychnine_block",
    equations="""
    glycine_available = 1/(1 + strychnine_bath/strychnine_dissociation) : 1
    """,
    parameters=(
        Parameter(
            "strychnine_dissociation", 0.01, "uM", "strychnine for half inhibition of glycine "
            "receptors", "assumed", rationale="pA2 of 8.0 at adult receptors, 7.0 at neonatal ones, "
            "in tables of receptors", low=1e-4, high=100.0,
        ),
    ),
    requires={"strychnine_bath": "mM"},
    provides={"glycine_available": ""},
)  # fmt: skip

chloride = Mechanism(
    name="chloride",
    equations="",
    parameters=(
        Parameter(
            "inhibitory_reversal", -80.0, "mV", "reversal of GABA-A and glycine currents",
            "assumed", source="Vogels2011", rationale="model constant after slice recordings",
            low=-100.0, high=-40.0,
        ),
        Parameter(
            "inhibitory_conductance_scale", 1.0, "", "unitary inhibitory conductance, over that of "
            "a cell of 200 pF", "assumed", rationale="receptors per membrane area are the same in "
            "all cells", per_cell=True, low=0.0, high=1e3,
        ),
    ),
    provides={"inhibitory_reversal": "V"},
)  # fmt: skip
