r"""Mitochondrial sodium–calcium exchanger: sodium dependent, saturating, and reversible.

.. math::
    J_{NCLX} = \phi\,V\,\frac{[Na]^3}{[Na]^3 + K_{Na}^3}\,\frac{f - f_{eq}}{K_{Ca} + f + f_{eq}},
    \qquad
    f_{eq} = c\,\left(\frac{[Na]_m}{[Na]}\right)^3 e^{-\Delta\Psi F/RT}

with :math:`f` the free matrix calcium. Three sodium enter for one calcium, so the potential helps
calcium out: efflux rises with matrix over cytosolic calcium, and :math:`f_{eq}` is a two-hundredth
of cytosolic calcium in a polarised mitochondrion. In a depolarised one the exchanger lets calcium
in until both sides are equal. Its maximum rate is a small fraction of the uniporter's: when uptake
exceeds it, the matrix fills. Matrix sodium follows cytosolic sodium (the Na+/H+ exchanger).
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

nclx = Mechanism(
    name="nclx",
    q10=Q10(2.5, "assumed", rationale="of carriers, 2–3; not measured in neurons"),
    equations="""
    nclx_sodium_bound = hill(sodium/nclx_sodium_constant, 3) : 1
    nclx_equilibrium = calcium*matrix_sodium_ratio**3*exp(-mitochondrial_potential/thermal_voltage) : mmolar
    nclx_flux = mitochondrial_fraction*nclx_maximum_rate*nclx_sodium_bound*(free_matrix_calcium - nclx_equilibrium)/(nclx_calcium_constant + free_matrix_calcium + nclx_equilibrium) : mmolar/second
    """,
    parameters=(
        Parameter(
            "nclx_maximum_rate", 0.28, "mM/s", "maximum rate, per matrix volume", "fitted",
            rationale="calibrated to 17 nmol/mg/min at 1 µl/mg; efflux of brain and heart mitochondria is "
            "5–30", per_cell=True, low=0.0, high=10.0,
        ),
        Parameter(
            "nclx_sodium_constant", 9.4, "mM", "sodium for half activation", "measured",
            source="Cortassa2006", preparation="cardiac mitochondria", low=0.1, high=20.0,
        ),
        Parameter(
            "nclx_calcium_constant", 0.375, "uM", "matrix calcium for half activation",
            "measured", source="Cortassa2006", preparation="cardiac mitochondria", low=0.01,
            high=100.0,
        ),
        Parameter(
            "matrix_sodium_ratio", 1.0, "", "matrix over cytosolic sodium", "assumed",
            source="Bernardinelli2006", rationale="19 mM in resting astrocytes, near the "
            "cytosol's; not known for neurons", low=0.05, high=5.0,
        ),
    ),
    requires={
        "sodium": "mM",
        "calcium": "mM",
        "free_matrix_calcium": "mM",
        "mitochondrial_potential": "V",
        "thermal_voltage": "V",
        "polarised_fraction": "",
        "mitochondrial_fraction": "",
    },
    provides={"nclx_flux": "mM/s"},
    contributes={
        "cytosolic_calcium_flux": "polarised_fraction*nclx_flux",
        "matrix_calcium_flux": "-polarised_fraction*nclx_flux",
        "mitochondrial_charge_flux": "-nclx_flux",
    },
)  # fmt: skip
