r"""A calcium chelator loaded into the cell (BAPTA), in rapid equilibrium.

.. math::
    b = B\,\frac{c}{K + c}, \qquad
    \kappa_B = \frac{\partial b}{\partial c} = \frac{B\,K}{(K + c)^2}, \qquad
    J = -\dot B\,\frac{c}{K + c}

:math:`\kappa_B` adds to the buffer capacity; chelator that arrives binds calcium (:math:`J`), so
total calcium is conserved while it is loaded.
"""

from unshielded.mechanism import Mechanism, Parameter

chelator = Mechanism(
    name="chelator",
    equations="""
    chelator_free = chelator_dissociation/(chelator_dissociation + calcium) : 1
    chelator_arrival = chelator_loading_rate*bapta_bath - chelator/chelator_loss_time : mmolar/second
    chelated_calcium = chelator*(1 - chelator_free) : mmolar
    """,
    parameters=(
        Parameter(
            "chelator_dissociation", 0.2, "uM", "dissociation constant of BAPTA", "assumed",
            rationale="0.16–0.25 µM at physiological ionic strength", low=0.01, high=100.0,
        ),
    ),
    requires={
        "calcium": "mM",
        "chelator": "mM",
        "bapta_bath": "mM",
        "chelator_loading_rate": "1/s",
        "chelator_loss_time": "s",
    },
    provides={"chelated_calcium": "mM"},
    contributes={
        "calcium_binding_capacity": "chelator*chelator_free/(chelator_dissociation + calcium)",
        "cytosolic_calcium_flux": "-chelator_arrival*(1 - chelator_free)",
    },
)  # fmt: skip
