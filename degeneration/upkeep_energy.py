r"""The energy that is left for upkeep: clean-up, renewal, transport.

.. math::
    e_{ATP} = \frac{A}{A + K}\,\frac{A_0 + K}{A_0}, \qquad
    h = 1 - \frac{J_{use}}{J_{max}}, \qquad
    \tau\,\dot e = e_{ATP}\,\min\!\Big(1, \frac{h_+}{h_0}\Big) - e

:math:`A` is the mean ATP, :math:`A_0` that of the resting young cell, :math:`J_{use}` the mean use and
:math:`J_{max}` what the cell could make. ATP itself falls late, when demand has all but reached
capacity, because ADP drives its synthesis. Regulated upkeep is given up before that: it gets its
full share down to a headroom :math:`h_0`, and nothing at none. Both shares are 1 in the healthy cell. The
share :math:`e` follows within hours (it is a state, so what upkeep itself costs may enter the use of ATP
without a circle of definitions).
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

upkeep_energy = Mechanism(
    name="upkeep_energy",
    equations="""
    atp_left = mean_atp/(mean_atp + upkeep_atp_constant)*(reference_atp + upkeep_atp_constant)/reference_atp : 1
    headroom = 1 - mean_atp_use/mean_atp_capacity : 1
    dupkeep_fraction/dt = (atp_left*clip(headroom/upkeep_headroom, 0, 1) - upkeep_fraction)/upkeep_time : 1
    """,
    parameters=(
        Parameter(
            "reference_atp", 2.4, "mM", "ATP of the resting young cell", "assumed",
            source="ModelDB266637", rationale="the model's resting ATP", low=0.1, high=10.0,
        ),
        Parameter(
            "upkeep_atp_constant", 0.1, "mM", "ATP for half-maximal upkeep", "assumed",
            rationale="as for the pumps and housekeeping; proteasome, chaperones and kinesin are "
            "half saturated at 10–100 µM", low=1e-4, high=5.0,
        ),
        Parameter(
            "upkeep_headroom", 0.2, "", "share of the capacity for ATP that must be spare for full "
            "upkeep", "assumed", rationale="AMP kinase answers to a rise of ADP long before ATP "
            "falls, and cuts what can wait", per_cell=True, low=1e-6, high=1.0,
        ),
        Parameter(
            "upkeep_time", 6.0, "hour", "in which upkeep follows the energy there is", "assumed",
            rationale="phosphorylation takes minutes, a change of synthesis and clean-up hours",
            low=0.01, high=1e4,
        ),
    ),
    requires={
        "mean_atp": "mM",
        "mean_atp_use": "mM/s",
        "mean_atp_capacity": "mM/s",
        "added_maintenance": "mM/s",
    },
    provides={"atp_left": "", "headroom": "", "upkeep_fraction": ""},
    initial={"upkeep_fraction": "1"},
    records=(
        Recorded("upkeep_fraction", "", "share of the full upkeep that the energy allows"),
        Recorded("headroom", "", "1 less use over capacity of ATP in the soma"),
        Recorded("added_maintenance", "mM/s", "ATP for clean-up and renewal beyond housekeeping"),
    ),
)  # fmt: skip
