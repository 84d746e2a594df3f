r"""Markers of oxidative damage, as they are measured in tissue.

.. math::
    \dot M = \frac{M_0 R - M}{\tau_M}

for protein carbonyl and lipid peroxidation: made in proportion to reactive oxygen species
(:math:`R`, 1 at rest), removed by turnover. They are outputs; nothing depends on them.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

oxidative_damage = Mechanism(
    name="oxidative_damage",
    q10=Q10(2.2, "assumed", "Michenfelder1992", "turnover of protein and lipids, taken as other metabolism: 2.2"),
    equations="""
    dprotein_carbonyl/dt = (resting_protein_carbonyl*ros - protein_carbonyl)/carbonyl_turnover : mole/kilogram
    dlipid_peroxidation/dt = (resting_lipid_peroxidation*ros - lipid_peroxidation)/peroxide_turnover : mole/kilogram
    """,
    parameters=(
        Parameter(
            "resting_protein_carbonyl", 1.5, "nmol/mg", "protein carbonyl at rest, per protein",
            "assumed", rationale="1–3 nmol/mg in healthy brain", low=0.0, high=100.0,
        ),
        Parameter(
            "carbonyl_turnover", 36000.0, "s", "turnover of carbonylated protein", "assumed",
            rationale="degraded by the proteasome within hours", low=60.0, high=1e8,
        ),
        Parameter(
            "resting_lipid_peroxidation", 0.5, "nmol/mg", "malondialdehyde at rest, per protein",
            "assumed", rationale="0.5–2 nmol/mg, depending on the assay", low=0.0, high=100.0,
        ),
        Parameter(
            "peroxide_turnover", 7200.0, "s", "removal of lipid peroxidation products",
            "assumed", rationale="aldehydes are metabolised within an hour or two", low=60.0,
            high=1e8,
        ),
    ),
    requires={"ros": ""},
    provides={"protein_carbonyl": "mol/kg", "lipid_peroxidation": "mol/kg"},
    initial={
        "protein_carbonyl": "resting_protein_carbonyl",
        "lipid_peroxidation": "resting_lipid_peroxidation",
    },
    records=(
        Recorded("protein_carbonyl", "nmol/mg", "protein carbonyl per protein"),
        Recorded("lipid_peroxidation", "nmol/mg", "malondialdehyde per protein"),
    ),
)  # fmt: skip
