r"""Parvalbumin: a slow, saturable buffer whose sites magnesium holds at rest.

.. math::
    \dot p &= k_{Ca}\,c\,(P - p - m) - k_{-Ca}\,p \\
    \dot m &= k_{Mg}\,[Mg]\,(P - p - m) - k_{-Mg}\,m

Calcium must wait for magnesium to leave, so a brief rise passes and a long one is taken up,
until the sites are full. Without sites (:math:`P = 0`, the default) there is none; which populations have
some is in :mod:`unshielded.circuit.populations`.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

parvalbumin = Mechanism(
    name="parvalbumin",
    q10=Q10(2.0, "assumed", rationale="binding of ions: diffusion (1.3) limits association, unbinding changes by 2–3"),
    equations="""
    dparvalbumin_calcium/dt = parvalbumin_binding : mmolar
    dparvalbumin_magnesium/dt = parvalbumin_exchange : mmolar
    parvalbumin_free = parvalbumin_sites - parvalbumin_calcium - parvalbumin_magnesium : mmolar
    parvalbumin_binding = parvalbumin_association_rate*calcium*parvalbumin_free - parvalbumin_dissociation_rate*parvalbumin_calcium : mmolar/second
    parvalbumin_exchange = parvalbumin_magnesium_association_rate*cytosolic_magnesium*parvalbumin_free - parvalbumin_magnesium_dissociation_rate*parvalbumin_magnesium : mmolar/second
    """,
    parameters=(
        Parameter(
            "parvalbumin_sites", 0.0, "uM", "binding sites of parvalbumin with explicit kinetics",
            "assumed", rationale="0: the constant buffer capacity stands for them; two sites per "
            "molecule", per_cell=True, spread=0.2, low=0.0, high=5000.0,
        ),
        Parameter(
            "parvalbumin_association_rate", 107.0, "1/uM/s", "binding of calcium", "assumed",
            source="Lee2000", rationale="rate constants in use since; dissociation constant of "
            "9 nM without magnesium", low=0.01, high=1e4,
        ),
        Parameter(
            "parvalbumin_dissociation_rate", 0.95, "1/s", "unbinding of calcium", "measured",
            source="Lee2000", preparation="parvalbumin for bovine chromaffin cells, 0.95±0.03 /s", low=1e-3, high=1e4,
        ),
        Parameter(
            "parvalbumin_magnesium_association_rate", 0.8, "1/uM/s", "binding of magnesium",
            "assumed", source="Lee2000", rationale="dissociation constant of 31 µM", low=1e-4,
            high=100.0,
        ),
        Parameter(
            "parvalbumin_magnesium_dissociation_rate", 25.0, "1/s", "unbinding of magnesium",
            "assumed", source="Lee2000", rationale="rate-limiting for fast calcium binding",
            low=1e-3, high=1e4,
        ),
        Parameter(
            "cytosolic_magnesium", 0.59, "mM", "free magnesium in the cytosol", "assumed",
            source="Anwar2012", rationale="model constant; 0.14–0.7 mM are used", low=0.0,
            high=10.0,
        ),
    ),
    requires={
        "calcium": "mM",
        "buffer_relaxation": "1/s",
        "calcium_binding_capacity": "",
        "resting_calcium": "mM",
    },
    provides={"parvalbumin_calcium": "mM"},
    stiff={
        "parvalbumin_binding": "parvalbumin_association_rate*calcium + parvalbumin_dissociation_rate + buffer_relaxation",
        "parvalbumin_exchange": "parvalbumin_magnesium_association_rate*cytosolic_magnesium + parvalbumin_magnesium_dissociation_rate",
    },
    contributes={
        "cytosolic_calcium_flux": "-parvalbumin_binding",
        "buffer_relaxation": "parvalbumin_association_rate*parvalbumin_free/(1 + calcium_binding_capacity)",
    },
    initial={
        "resting_calcium_drive": "parvalbumin_association_rate*resting_calcium/parvalbumin_dissociation_rate",
        "resting_magnesium_drive": "parvalbumin_magnesium_association_rate*cytosolic_magnesium/parvalbumin_magnesium_dissociation_rate",
        "parvalbumin_calcium": "parvalbumin_sites*resting_calcium_drive/(1 + resting_calcium_drive + resting_magnesium_drive)",
        "parvalbumin_magnesium": "parvalbumin_sites*resting_magnesium_drive/(1 + resting_calcium_drive + resting_magnesium_drive)",
    },
)  # fmt: skip
