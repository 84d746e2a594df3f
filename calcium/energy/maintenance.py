r"""Maintenance: what clean-up and repair cost beyond the housekeeping of a healthy cell.

.. math::
    J_{maint} = M\,\frac{[ATP]}{[ATP] + K_A}

Housekeeping (:mod:`unshielded.calcium.energy.atp`) contains the turnover of proteins and organelles of a healthy cell.
What comes on top of it (chaperones, proteasome and autophagy under a load of misfolded protein) is
:math:`M`, ``maintenance_rate``: 0 by default. It slows with ATP as housekeeping does, and has an item of
its own in the ledger.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

maintenance = Mechanism(
    name="maintenance",
    q10=Q10(2.2, "assumed", "Michenfelder1992", "oxygen use of a dog's brain without electrical activity: 2.2"),
    equations="""
    atp_use_maintenance = maintenance_rate*atp/(atp + housekeeping_atp_constant) : mmolar/second
    """,
    parameters=(
        Parameter(
            "maintenance_rate", 0.0, "mM/s", "clean-up and repair beyond housekeeping", "assumed",
            rationale="0 is a healthy cell, whose turnover is in its housekeeping; an "
            "experimental condition", per_cell=True, low=0.0, high=10.0,
        ),
    ),
    requires={"atp": "mM", "housekeeping_atp_constant": "mM"},
    provides={"atp_use_maintenance": "mM/s"},
    contributes={"atp_use": "atp_use_maintenance"},
)  # fmt: skip
