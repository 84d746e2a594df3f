r"""The antioxidant defence: its capacity over years.

.. math::
    \tau\,\dot d = e^{-a/\tau_a} - d - u\,(R - 1)_+\,d

:math:`d` is the capacity to regenerate the reserve of :mod:`unshielded.calcium.mitochondria.ros` (glutathione synthesis, NADPH),
1 in a young cell; it falls with the years of ageing :math:`a` and where reactive oxygen species stay
above rest. It divides the time constant of that regeneration (``antioxidant_recovery``), so it matters
only where there is an excess to deal with.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

antioxidants = Mechanism(
    name="antioxidants",
    equations="""
    dantioxidant_defence/dt = (exp(-adulthood/antioxidant_ageing_time) - antioxidant_defence*(1 + antioxidant_wear*clip(mean_ros - 1, 0, inf)))/antioxidant_renewal : 1
    """,
    parameters=(
        Parameter(
            "antioxidant_ageing_time", 200.0, "year", "years of ageing for an e-fold decline",
            "assumed", source="Detcheverry2023", rationale="most but not all studies find less "
            "glutathione in old brains, and one found as much or more over 23–99 years (Tong2016): a "
            "slow decline, a fifth in 45 years", per_cell=True, spread=0.2, low=1.0, high=1e6,
        ),
        Parameter(
            "antioxidant_wear", 0.1, "", "capacity lost at twice the resting ROS, over renewal",
            "assumed", rationale="the enzymes are themselves oxidised; as mitochondria",
            per_cell=True, low=0.0, high=100.0,
        ),
        Parameter(
            "antioxidant_renewal", 10.0, "day", "renewal of the enzymes of the defence", "assumed",
            rationale="proteins of the brain live for days to weeks", low=0.01, high=3650.0,
        ),
    ),
    requires={"mean_ros": "", "adulthood": "s"},
    provides={"antioxidant_defence": ""},
    initial={"antioxidant_defence": "1"},
    records=(
        Recorded(
            "antioxidant_defence", "", "capacity of the antioxidant defence over "
            "that of a young cell",
        ),
    ),
)  # fmt: skip
