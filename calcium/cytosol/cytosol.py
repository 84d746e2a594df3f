r"""Cytosolic calcium with its buffers.

.. math::
    (1 + \kappa + \kappa_B)\,\frac{d[\mathrm{Ca}]}{dt} = \sum J

Every flux :math:`J` is one of total calcium, per cytosolic volume; it moves free calcium by
its share :math:`1/(1+\kappa)`, whichever side it comes from. :math:`\kappa` does not enter the
mean under steady drive, which is influx over extrusion rate; it sets peak and time constant.
:math:`\kappa_B` is a loaded chelator (:mod:`unshielded.calcium.cytosol.chelator`); buffers that saturate enter as
fluxes (:mod:`unshielded.calcium.cytosol.calbindin`, :mod:`unshielded.calcium.cytosol.parvalbumin`).
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

cytosol = Mechanism(
    name="cytosol",
    equations="""
    dcalcium/dt = cytosolic_calcium_flux/(1 + calcium_binding_capacity) : mmolar
    """,
    parameters=(
        Parameter(
            "buffer_capacity", 100.0, "", "bound over free calcium, endogenous (kappa)",
            "measured", source="Helmchen1996", preparation="rat layer-5 dendrites, 80–130",
            per_cell=True, spread=0.2, low=0.0, high=1e4,
        ),
        Parameter(
            "cytosolic_volume", 4.0, "pL", "volume that the entering ions mix with", "assumed",
            rationale="dendrites of about 1 µm: volume = area × 0.25 µm, area = C / (1 µF/cm²)",
            per_cell=True, low=1e-3, high=1000.0,
        ),
        Parameter(
            "resting_calcium", 0.07, "uM", "free calcium at rest", "assumed",
            source="Vanselow2000", rationale="about 80 nM in mouse oculomotor neurons, 50–100 nM in most",
            low=0.01, high=0.2,
        ),
    ),
    requires={"cytosolic_calcium_flux": "mM/s", "calcium_binding_capacity": ""},
    provides={"calcium": "mM", "cytosolic_volume": "m**3", "resting_calcium": "mM"},
    contributes={"calcium_binding_capacity": "buffer_capacity"},
    initial={"calcium": "resting_calcium"},
    records=(
        Recorded("calcium", "uM", "free cytosolic calcium"),
    ),
)  # fmt: skip
