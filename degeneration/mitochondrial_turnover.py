r"""Turnover of mitochondria: made, damaged, and removed at a price.

.. math::
    \tau\,\dot m &= b\,e\,(1 - q)_+ - m - \delta\,m, \qquad
    \delta = d_R\,(R - 1)_+ + \frac{a}{\tau_a} \\
    \tau\,\dot q &= \delta\,m - \frac{\tau}{\tau_q}\,c\,q \\
    J &= C\,\Big(\frac{\delta\,m}{\tau} + \frac{c\,q}{\tau_q}\Big)

:math:`m` are the functional mitochondria over those of a young cell, :math:`q` the damaged ones that
wait for mitophagy, :math:`\tau` the mean life, :math:`R` the reactive oxygen species, :math:`a` the
years of ageing. Biogenesis (:math:`b`, 1 in health) needs energy (:math:`e`) and room: what is
damaged takes it up. Mitophagy has the share :math:`c` of the clean-up that each unit of load gets
(:mod:`unshielded.degeneration.proteostasis`, 1 in health). The ordinary turnover is part of housekeeping; what comes on top costs
:math:`J`, half of it to take a mitochondrion apart and half to make another.
At constant loads :math:`m = b\,e\,(1 - q)/(1 + \delta)`.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

mitochondrial_turnover = Mechanism(
    name="mitochondrial_turnover",
    equations="""
    mitochondrial_damage = mitochondrial_ros_damage*clip(mean_ros - 1, 0, inf) + adulthood/mitochondrial_ageing_time : 1
    mitophagy = protein_clearance_access*damaged_mitochondria/mitophagy_time : 1/second
    dmitochondrial_reserve/dt = (biogenesis*upkeep_fraction*clip(1 - damaged_mitochondria, 0, 1) - mitochondrial_reserve*(1 + mitochondrial_damage))/mitochondrial_life : 1
    ddamaged_mitochondria/dt = mitochondrial_damage*mitochondrial_reserve/mitochondrial_life - mitophagy : 1
    atp_use_renewal = mitochondrial_atp_cost*(mitochondrial_damage*mitochondrial_reserve/mitochondrial_life + mitophagy)/2 : mmolar/second
    """,
    parameters=(
        Parameter(
            "mitochondrial_life", 35.2, "day", "mean life of a mitochondrion", "assumed",
            source="Menzies1971", rationale="half-life of 24.4 days in rat brain, over ln 2; in man "
            "unknown, and parts of the respiratory chain live for months (Krishna2021)", low=0.1,
            high=3650.0,
        ),
        Parameter(
            "biogenesis", 1.0, "", "mitochondria made over those of a healthy young cell",
            "assumed", rationale="1 is healthy; a condition of variants and therapies",
            per_cell=True, low=0.0, high=10.0,
        ),
        Parameter(
            "mitochondrial_ageing_time", 105.0, "year", "years of ageing that damage as many "
            "mitochondria as ordinary turnover removes", "fitted", source="Boumezbeur2010",
            rationale="neuronal mitochondrial metabolism is 30 % lower in the elderly than in the "
            "young, 45 years apart; a rate of metabolism is taken for a capacity; spread between cells "
            "assumed", per_cell=True, spread=0.2, low=1.0, high=1e6,
        ),
        Parameter(
            "mitochondrial_ros_damage", 0.1, "", "damage by twice the resting ROS, over ordinary "
            "turnover", "assumed", rationale="a chronic doubling is borne with a loss of a tenth",
            per_cell=True, low=0.0, high=100.0,
        ),
        Parameter(
            "mitophagy_time", 2.0, "day", "removal of a damaged mitochondrion", "assumed",
            rationale="damaged ones are cleared within a day or two, in axons more slowly",
            low=0.01, high=3650.0,
        ),
        Parameter(
            "mitochondrial_atp_cost", 1000.0, "mM", "ATP for taking apart and making anew all "
            "mitochondria of a cell", "assumed", rationale="7 % of the volume with 0.3 g of protein "
            "per ml, 0.19 mol of residues per litre, 5 ATP for each", low=0.0, high=1e6,
        ),
    ),
    requires={"mean_ros": "", "adulthood": "s", "upkeep_fraction": "", "protein_clearance_access": ""},
    provides={"mitochondrial_reserve": "", "mitochondrial_life": "s"},
    contributes={"added_maintenance": "atp_use_renewal"},
    initial={"mitochondrial_reserve": "1", "damaged_mitochondria": "0"},
    records=(
        Recorded("mitochondrial_reserve", "", "functional mitochondria over those of a young cell"),
        Recorded(
            "damaged_mitochondria", "", "mitochondria that wait for mitophagy, over "
            "all of a young cell",
        ),
    ),
)  # fmt: skip
