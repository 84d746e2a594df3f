r"""Ageing: how long the slow decline has gone on.

.. math::
    a = s\,T_0\,\Big(\frac{t}{T_0} - 1\Big)_+

with :math:`t` the age since birth, :math:`T_0` the age at which a young adult's cells are what this
model calls healthy (age zero of the slow mechanisms), and :math:`s` the speed of ageing, 0 without.
Nothing declines by itself; each mechanism says how its own capacity follows :math:`a`.
"""

from unshielded.mechanism import Mechanism, Parameter

ageing = Mechanism(
    name="ageing",
    equations="""
    adulthood = ageing_speed*ageing_onset*clip(age/ageing_onset - 1, 0, inf) : second
    """,
    parameters=(
        Parameter(
            "ageing_onset", 25.0, "year", "age at which decline sets in, age zero of the slow "
            "mechanisms", "assumed", rationale="groups called young in studies of ageing are 20–30 "
            "years old", low=1.0, high=150.0,
        ),
        Parameter(
            "ageing_speed", 1.0, "", "years of ageing in a year", "assumed",
            rationale="1 is the decline of the sources; 0 switches ageing off", per_cell=True,
            low=0.0, high=20.0,
        ),
    ),
    requires={"age": "s"},
    provides={"adulthood": "s"},
)  # fmt: skip
