r"""Misfolded protein: made, cleaned up at a price, and in the way of its own clean-up.

.. math::
    \tau\,\dot P &= S - c\,F(P) - s\,(P - 1)_+, \qquad
    F(P) = \frac{(1 + K + 1/K_i)\,P}{K + P + P^2/K_i} \\
    S &= 1 + g + r\,(R - 1)_+ + \dots, \qquad
    c = k\,e\,e^{-a/\tau_a}\,(1 - \dots) \\
    J &= w_f\,(c\,F - 1)_+ + w_b\,\Big(\frac{P\,(1 + K)}{P + K} - 1\Big)_+

:math:`P` is the load of misfolded protein over that of a healthy young cell, made in proportion to
synthesis (1), a toxic gain of function (:math:`g`, 0 in health), reactive oxygen species, and what
mislocalised TDP-43 and granules add (:mod:`unshielded.degeneration.tdp43`, :mod:`unshielded.degeneration.stress_granules`). Chaperones, proteasome and autophagy remove it with a
capacity :math:`c` that needs energy (:math:`e`), declines with age (:math:`a`), saturates, and is choked
by much load (:math:`K_i`). A small rest is stowed away in inclusions without energy (:math:`s`). What a
unit of load gets of the clean-up, :math:`c\,F/P`, is what damaged mitochondria get as well: they queue at
the same pathway (:mod:`unshielded.degeneration.mitochondrial_turnover`).
Clean-up above the ordinary, which is part of housekeeping, costs :math:`J`: per protein
that is removed, and per protein that chaperones hold, whether they succeed or not.

Two circles can close, or not, depending on the numbers. Load chokes its own clean-up: :math:`F` has a
maximum at :math:`P = \sqrt{K K_i}`, so production above :math:`c\,F_{max}` is a saddle-node and the load
jumps to where inclusions hold it. And load costs energy, less energy is less clean-up: even
without choking (:math:`K_i \to \infty`) there is a saddle-node where the headroom is small.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

proteostasis = Mechanism(
    name="proteostasis",
    equations="""
    protein_clearance_capacity = protein_clearance*upkeep_fraction*tdp43_function*exp(-adulthood/protein_clearance_ageing_time) : 1
    protein_clearance_access = protein_clearance_capacity*(1 + protein_clearance_constant + 1/protein_clearance_choking)/(protein_clearance_constant + misfolded_load + misfolded_load**2/protein_clearance_choking) : 1
    protein_clearance_flux = protein_clearance_access*misfolded_load : 1
    dmisfolded_load/dt = (misfolding - protein_clearance_flux - inclusion_rate*clip(misfolded_load - 1, 0, inf))/misfolded_life : 1
    chaperones_engaged = misfolded_load*(1 + protein_clearance_constant)/(misfolded_load + protein_clearance_constant) : 1
    atp_use_protein_clearance = protein_clearance_atp_cost*clip(protein_clearance_flux - 1, 0, inf) + chaperone_atp_cost*clip(chaperones_engaged - 1, 0, inf) : mmolar/second
    """,
    parameters=(
        Parameter(
            "toxic_gain", 0.0, "", "misfolded protein made by a mutant, over that of a healthy cell",
            "assumed", rationale="0 is no mutant; a condition of variants; expression differs between cells",
            per_cell=True, spread=0.2, low=0.0, high=100.0,
        ),
        Parameter(
            "misfolding_by_ros", 0.2, "", "misfolded protein made by twice the resting ROS",
            "assumed", rationale="carbonylated protein is a minor part of what must be degraded",
            per_cell=True, low=0.0, high=100.0,
        ),
        Parameter(
            "protein_clearance", 1.0, "", "capacity of chaperones, proteasome and autophagy over that of a "
            "healthy young cell", "assumed", rationale="1 is healthy; a condition of variants and "
            "therapies", per_cell=True, low=0.0, high=10.0,
        ),
        Parameter(
            "protein_clearance_ageing_time", 150.0, "year", "years of ageing for an e-fold decline of the "
            "capacity", "assumed", source="Zeng2005", rationale="proteasome activity falls in most "
            "regions of old rodent brains, but not for every substrate (Giannini2013): a quarter in "
            "45 years; spread between cells assumed", per_cell=True, spread=0.2, low=1.0, high=1e6,
        ),
        Parameter(
            "protein_clearance_constant", 3.0, "", "load for half-maximal clean-up, over the healthy one",
            "assumed", rationale="a healthy cell uses a quarter of its capacity; cells survive "
            "inhibition of half their proteasomes", low=0.01, high=1e6,
        ),
        Parameter(
            "protein_clearance_choking", 30.0, "", "load that chokes its clean-up, over the healthy one; a "
            "large number switches choking off", "assumed", rationale="aggregates inhibit the "
            "proteasome (Bence2001); at what load is not known", per_cell=True, low=0.1, high=1e12,
        ),
        Parameter(
            "inclusion_rate", 0.005, "", "load stowed away in inclusions, over ordinary clean-up",
            "assumed", rationale="bounds the load at some hundreds of times the healthy one", low=0.0,
            high=10.0,
        ),
        Parameter(
            "misfolded_life", 1.0, "day", "mean life of a misfolded protein in a healthy cell",
            "assumed", rationale="well below the proteins' own mean life of days to weeks "
            "(Fornasiero2018)", low=0.001, high=3650.0,
        ),
        Parameter(
            "protein_clearance_atp_cost", 0.03, "mM/s", "ATP for as much clean-up as in a healthy cell",
            "assumed", rationale="a quarter of housekeeping: renewing 0.2 g of protein per ml within "
            "two weeks at 5 ATP per residue takes 0.008 mM/s, and most of what is degraded early "
            "is made in vain", per_cell=True, low=0.0, high=10.0,
        ),
        Parameter(
            "chaperone_atp_cost", 0.03, "mM/s", "ATP for holding as much misfolded protein as a healthy "
            "cell does", "assumed", rationale="as much as degradation; chaperones hydrolyse ATP at "
            "each cycle of binding, whether or not a protein folds", per_cell=True, low=0.0,
            high=10.0,
        ),
    ),
    requires={
        "upkeep_fraction": "",
        "adulthood": "s",
        "mean_ros": "",
        "tdp43_function": "",
        "misfolding": "",
    },
    provides={"misfolded_load": "", "protein_clearance_access": "", "atp_use_protein_clearance": "mM/s"},
    contributes={
        "misfolding": "1 + toxic_gain + misfolding_by_ros*clip(mean_ros - 1, 0, inf)",
        "added_maintenance": "atp_use_protein_clearance",
    },
    initial={"misfolded_load": "1"},
    records=(
        Recorded("misfolded_load", "", "misfolded protein over that of a healthy young cell"),
        Recorded(
            "protein_clearance_capacity", "", "capacity of the clean-up over that of a "
            "healthy young cell",
        ),
    ),
)  # fmt: skip
