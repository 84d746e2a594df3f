r"""Stress granules: they form under stress and dissolve with energy.

.. math::
    \tau\,\dot g &= f\,\Sigma\,(1 - g) - \frac{e}{\pi}\,g, \qquad
    \Sigma = (R - 1)_+ + \frac{(P - 1)_+}{P_0} + (1 - e) \\
    S &\mathrel{+}= \lambda_g\,g, \qquad J = w_g\,e\,g

:math:`g` is the share of what can condense that is in granules, none in a healthy cell. Reactive oxygen
species, misfolded load and lack of energy (:math:`e`, :mod:`unshielded.degeneration.upkeep_energy`) make them; taking
them apart needs energy, and takes :math:`\pi` times as long where they persist (1 in health). They cost that
energy (:math:`J`), and what stays long in them misfolds (:math:`\lambda_g`); either is switched off by its
parameter at 0.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

stress_granules = Mechanism(
    name="stress_granules",
    equations="""
    granule_stress = clip(mean_ros - 1, 0, inf) + clip(misfolded_load - 1, 0, inf)/granule_load_constant + clip(1 - upkeep_fraction, 0, 1) : 1
    atp_use_granules = granule_atp_cost*upkeep_fraction*stress_granules : mmolar/second
    dstress_granules/dt = (granule_formation*granule_stress*(1 - stress_granules) - upkeep_fraction*stress_granules/granule_persistence)/granule_dissolution_time : 1
    """,
    parameters=(
        Parameter(
            "granule_formation", 0.05, "", "formation at unit stress, over dissolution", "assumed",
            rationale="twice the resting ROS leaves a twentieth in granules", per_cell=True,
            low=0.0, high=100.0,
        ),
        Parameter(
            "granule_load_constant", 5.0, "", "misfolded load above rest that is unit stress",
            "assumed", rationale="a severalfold load starts the stress response", low=0.01,
            high=1e6,
        ),
        Parameter(
            "granule_persistence", 1.0, "", "life of granules over that in a healthy cell",
            "assumed", rationale="1 is healthy; a condition of variants", per_cell=True, low=0.01,
            high=1e4,
        ),
        Parameter(
            "granule_dissolution_time", 2.0, "hour", "dissolution with full energy", "assumed",
            source="Protter2016", rationale="they go within an hour or two of the stress; taking "
            "them apart needs ATP", low=0.01, high=1e4,
        ),
        Parameter(
            "granule_atp_cost", 0.03, "mM/s", "ATP for dissolving granules with everything in them",
            "assumed", rationale="remodelling of protein and RNA by ATPases; as for chaperones",
            per_cell=True, low=0.0, high=10.0,
        ),
        Parameter(
            "granule_misfolding", 0.5, "", "misfolded protein made with everything in granules, over "
            "that of a healthy cell", "assumed", rationale="as for TDP-43, which is one of what they "
            "hold; persistent granules turn solid", per_cell=True, low=0.0, high=100.0,
        ),
    ),
    requires={"mean_ros": "", "misfolded_load": "", "upkeep_fraction": ""},
    provides={"stress_granules": ""},
    contributes={
        "misfolding": "granule_misfolding*stress_granules",
        "added_maintenance": "atp_use_granules",
    },
    initial={"stress_granules": "0"},
    records=(
        Recorded("stress_granules", "", "share of what can condense that is in stress granules"),
    ),
)  # fmt: skip
