r"""The energy of the astrocytes around a neuron's synapses; on the slow clock.

.. math::
    \dot A = V\,\sigma\,\frac{A_0 - A}{A_0 - A + K_D} - J_0\,\frac{A}{A + K_A} - a\,\rho\,J_{EAAT2},
    \qquad \epsilon = \frac{A}{A + K_E}\,\frac{A_r + K_E}{A_r}

Every glutamate that EAAT2 takes up brings three sodium ions with it, which the pump exports for one
ATP, and is made into glutamine for another. Uptake lives on that sodium gradient, so it slows as
ATP :math:`A` runs out (:math:`\epsilon`, 1 at rest). :math:`\sigma` is the supply that is left;
:math:`V` covers the need at rest (ATP settles 0.25 % above its start).
"""

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

astrocyte = Mechanism(
    name="astrocyte",
    q10=Q10(2.2, "assumed", "Michenfelder1992", "oxygen use of a dog's brain without electrical activity: 2.2"),
    equations="""
    dastrocyte_atp/dt = astrocyte_production - astrocyte_housekeeping*astrocyte_atp/(astrocyte_atp + astrocyte_atp_constant) - atp_per_uptake*uptake_volume_ratio*astrocyte_uptake : mmolar
    astrocyte_adp = astrocyte_adenine - astrocyte_atp : mmolar
    astrocyte_production = astrocyte_supply*astrocyte_maximum_supply*astrocyte_adp/(astrocyte_adp + astrocyte_adp_constant) : mmolar/second
    astrocyte_energy = astrocyte_atp/(astrocyte_atp + uptake_atp_constant)*(resting_astrocyte_atp + uptake_atp_constant)/resting_astrocyte_atp : 1
    """,
    parameters=(
        Parameter(
            "resting_astrocyte_atp", 2.0, "mM", "ATP of astrocytes at rest", "assumed",
            rationale="1–3 mM in cultured astrocytes", low=0.1, high=10.0,
        ),
        Parameter(
            "astrocyte_adenine", 2.1, "mM", "ATP plus ADP of astrocytes", "assumed",
            rationale="free ADP well below ATP", low=0.1, high=20.0,
        ),
        Parameter(
            "astrocyte_housekeeping", 0.15, "mM/s", "use of ATP but for uptake", "assumed",
            source="Attwell2001", rationale="a quarter of the tissue's 0.5 mM/s, as of neurons",
            low=0.0, high=10.0,
        ),
        Parameter(
            "astrocyte_maximum_supply", 0.6, "mM/s", "maximum production of ATP", "assumed",
            rationale="three to four times the need at rest", low=0.0, high=100.0,
        ),
        Parameter(
            "astrocyte_supply", 1.0, "", "production that is left, over normal", "assumed",
            rationale="1 is healthy; an experimental condition", low=0.0, high=10.0,
        ),
        Parameter(
            "astrocyte_adp_constant", 0.3, "mM", "ADP for half-maximal production", "assumed",
            rationale="covers the need at rest at the resting ADP", low=1e-3, high=5.0,
        ),
        Parameter(
            "astrocyte_atp_constant", 0.1, "mM", "ATP for half-maximal use", "assumed",
            rationale="as in neurons", low=1e-4, high=5.0,
        ),
        Parameter(
            "uptake_atp_constant", 0.3, "mM", "ATP at which uptake halves", "assumed",
            rationale="the pump's affinity (0.1 mM) and the third power of sodium in uptake: "
            "a somewhat weaker one", low=1e-4, high=5.0,
        ),
        Parameter(
            "atp_per_uptake", 2.0, "", "ATP for each glutamate taken up", "assumed",
            source="Attwell2001", rationale="one for three sodium ions, one for glutamine",
            low=0.0, high=20.0,
        ),
        Parameter(
            "uptake_volume_ratio", 1.0, "", "perisynaptic volume over that of the astrocyte's "
            "processes around it", "assumed", rationale="each about a fifth of the tissue",
            low=0.0, high=100.0,
        ),
    ),
    requires={"astrocyte_uptake": "mM/s"},
    provides={"astrocyte_energy": ""},
    initial={"astrocyte_atp": "resting_astrocyte_atp"},
    records=(
        Recorded("astrocyte_atp", "mM", "ATP of the astrocytes around the neuron's synapses"),
    ),
)  # fmt: skip
