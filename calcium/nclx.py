r"""Mitochondrial sodium–calcium exchanger: the way out, saturating and sodium dependent.

.. math::
    J_{NCLX} = V\,\frac{[Na]^3}{[Na]^3 + K_{Na}^3}\,\frac{f}{f + K_{Ca}}

with :math:`f` the free matrix calcium. Three sodium enter for one calcium. Its maximum rate is
a small fraction of the uniporter's: when uptake exceeds it, the matrix fills.
"""

from mechanism import Mechanism, Parameter

nclx = Mechanism(
    name="nclx",
    equations="""
    nclx_sodium = sodium*sodium*sodium/(nclx_sodium_constant*nclx_sodium_constant*nclx_sodium_constant) : 1
    nclx_flux = nclx_maximum_rate*nclx_sodium/(1 + nclx_sodium)*free_matrix_calcium/(free_matrix_calcium + nclx_calcium_constant) : mmolar/second
    """,
    parameters=(
        Parameter(
            "nclx_maximum_rate", 0.025, "mM/s", "maximum rate, per cytosol", "assumed",
            rationale="efflux of brain and heart mitochondria, 5–30 nmol/mg/min, at 7 % of the volume "
            "and 1 µl/mg", per_cell=True, low=0.0, high=10.0,
        ),
        Parameter(
            "nclx_sodium_constant", 9.4, "mM", "sodium for half activation", "measured",
            source="Cortassa2006", preparation="cardiac mitochondria", low=0.1, high=100.0,
        ),
        Parameter(
            "nclx_calcium_constant", 0.375, "uM", "matrix calcium for half activation",
            "measured", source="Cortassa2006", preparation="cardiac mitochondria", low=0.01,
            high=100.0,
        ),
    ),
    requires={"sodium": "mM", "free_matrix_calcium": "mM"},
    provides={"nclx_flux": "mM/s"},
    contributes={
        "cytosolic_calcium_flux": "nclx_flux",
        "matrix_calcium_flux": "-nclx_flux",
        "mitochondrial_charge_flux": "-nclx_flux",
    },
)  # fmt: skip
