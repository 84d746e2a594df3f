r"""Matrix calcium: total as the state, free calcium clamped by phosphate precipitation.

.. math::
    \frac{dT}{dt} = \frac{1}{\phi}\sum J, \qquad
    f = S\,\frac{L}{L + \kappa_m f_{max}}, \quad L = \frac{T}{1 - p}, \qquad
    S = f_{max}\,e^{(\Delta\Psi_0 - \Delta\Psi)/\Delta\Psi_S}

:math:`\phi` is the mitochondrial share of the cell's volume, :math:`L` the load of a mitochondrion
whose pore is shut; the open ones (:math:`p`) hold nothing. The precipitate
needs an alkaline matrix: its solubility :math:`S` rises a hundredfold as the potential, and the
pH difference with it, collapses. With about 1 µl of matrix per
mg of protein, 1 mM of total matrix calcium is 1 nmol/mg.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

matrix = Mechanism(
    name="matrix",
    equations="""
    dmatrix_calcium/dt = matrix_calcium_flux/mitochondrial_fraction : mmolar
    matrix_solubility = matrix_free_maximum*exp((resting_mitochondrial_potential - mitochondrial_potential)/solubility_slope) : mmolar
    free_matrix_calcium = matrix_solubility*mitochondrial_load/(mitochondrial_load + matrix_buffer_capacity*matrix_free_maximum) : mmolar
    """,
    parameters=(
        Parameter(
            "mitochondrial_fraction", 0.07, "", "matrix volume over cytosolic volume", "assumed",
            rationale="mitochondria take 5–10 % of a neuron", per_cell=True, spread=0.1,
            low=0.001, high=0.5,
        ),
        Parameter(
            "matrix_free_maximum", 5.0, "uM", "free calcium over a precipitate", "measured",
            source="Chalmers2003", preparation="rat brain mitochondria: free 1–5 µM between 10 "
            "and 500 nmol/mg", low=0.1, high=1e3,
        ),
        Parameter(
            "solubility_slope", 30.0, "mV", "loss of potential for an e-fold solubility",
            "assumed", rationale="solubility of the phosphate rises about hundredfold when the "
            "matrix acidifies by the pH difference (Chalmers2003)", low=5.0, high=1e3,
        ),
        Parameter(
            "matrix_buffer_capacity", 5000.0, "", "bound over free at low load", "fitted",
            source="Chalmers2003", rationale="free about 0.2 µM at 1 nmol/mg", low=1.0, high=1e6,
        ),
    ),
    requires={
        "matrix_calcium_flux": "mM/s",
        "mitochondrial_load": "mM",
        "mitochondrial_potential": "V",
        "resting_mitochondrial_potential": "V",
        "nclx_maximum_rate": "mM/s",
        "mcu_flux": "mM/s",
        "nclx_sodium_bound": "",
        "nclx_calcium_constant": "mM",
        "nclx_equilibrium": "mM",
    },
    provides={"matrix_calcium": "mM", "free_matrix_calcium": "mM"},
    # At rest NCLX returns what the uniporter takes up.
    initial={
        "resting_nclx_fraction": "mcu_flux/(mitochondrial_fraction*nclx_maximum_rate*nclx_sodium_bound)",
        "resting_free_matrix": "((nclx_calcium_constant + nclx_equilibrium)*resting_nclx_fraction + nclx_equilibrium)/(1 - resting_nclx_fraction)",
        "matrix_calcium": "matrix_buffer_capacity*matrix_free_maximum*resting_free_matrix/(matrix_free_maximum - resting_free_matrix)",
    },
    records=(
        Recorded(
            "matrix_calcium", "mM", "total matrix calcium, mean of all mitochondria; "
            "1 mM is about 1 nmol per mg of protein",
        ),
    ),
)  # fmt: skip
