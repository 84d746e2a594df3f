r"""Fuels: what the cell burns, and how far its supply follows it.

.. math::
    F = s_0 + \frac{[\mathrm{Glc}]}{K_G} + \frac{[\mathrm{Lac}]}{K_L} + \frac{[\mathrm{Pyr}]}{K_P}
        + \frac{[\mathrm{BHB}]}{K_B}, \qquad
    s = F\,\frac{1 + K_F}{F + K_F}, \qquad s_G = \frac{F_G (1 + K_F)}{F_G + K_F}

:math:`F` is the fuel offered over that of a fed cell, which is 1 by ``substrate_supply`` :math:`s_0`.
Respiration follows it (:math:`s`, 1 in a fed cell) and saturates at :math:`1 + K_F`, so a fuel that is added
helps a fed cell a little and a starved one much. Glycolysis takes glucose alone
(:math:`F_G = s_0 + [\mathrm{Glc}]/K_G`). ``substrate_supply`` stands for the glucose of blood or medium.
"""

from unshielded.mechanism import Mechanism, Parameter

fuels = Mechanism(
    name="fuels",
    equations="""
    glucose_offered = substrate_supply + glucose_bath/glucose_constant : 1
    fuel_offered = glucose_offered + lactate_bath/lactate_constant + pyruvate_bath/pyruvate_constant + hydroxybutyrate_bath/hydroxybutyrate_constant : 1
    substrate = fuel_offered*(1 + fuel_half_saturation)/(fuel_offered + fuel_half_saturation) : 1
    glucose_level = glucose_offered*(1 + fuel_half_saturation)/(glucose_offered + fuel_half_saturation) : 1
    """,
    parameters=(
        Parameter(
            "substrate_supply", 1.0, "", "fuel of blood or medium, over that of a fed cell", "assumed",
            rationale="1 is a fed cell; an experimental condition", per_cell=True, low=0.0,
            high=2.0,
        ),
        Parameter(
            "fuel_half_saturation", 0.2, "", "fuel at which supply is half its limit, over that of a fed "
            "cell", "assumed", rationale="added pyruvate raises the maximal respiration of "
            "cultured neurons by a tenth or two", low=0.0, high=10.0,
        ),
        Parameter(
            "glucose_constant", 5.0, "mM", "added glucose that counts as the fuel of a fed cell",
            "assumed", rationale="the concentration of blood", low=0.01, high=100.0,
        ),
        Parameter(
            "lactate_constant", 5.0, "mM", "lactate that counts as the fuel of a fed cell", "assumed",
            rationale="neurons live on some mM of lactate without glucose", low=0.01, high=100.0,
        ),
        Parameter(
            "pyruvate_constant", 2.0, "mM", "pyruvate that counts as the fuel of a fed cell",
            "assumed", rationale="1–5 mM protect cultured neurons without glucose", low=0.01,
            high=100.0,
        ),
        Parameter(
            "hydroxybutyrate_constant", 5.0, "mM", "beta-hydroxybutyrate that counts as the fuel of a "
            "fed cell", "assumed", source="Owen1967", rationale="some 5 mM replace 60 % of the brain's "
            "glucose after weeks of fasting, when blood holds 4.5 mM of glucose", low=0.01, high=100.0,
        ),
    ),
    requires={
        "glucose_bath": "mM",
        "lactate_bath": "mM",
        "pyruvate_bath": "mM",
        "hydroxybutyrate_bath": "mM",
    },
    provides={"substrate": "", "glucose_level": ""},
)  # fmt: skip
