r"""Permeability transition pore: the open share of a neuron's mitochondria.

.. math::
    \frac{dp}{dt} &= k_o\,\frac{x^{8}}{1 + x^{8}}\,(1-p) - k_c\,\frac{1}{1 + x^{8}}\,p \\
    x &= \frac{T}{CRC} + a_\Psi\Big(1 - \frac{\Delta\Psi}{\Delta\Psi_0}\Big)
        + a_R\,(R - 1)_+ \\
    J_{Ca} &= P\,p\,(f - c), \qquad J_{charge} = -g\,p\,\Delta\Psi

Opening is driven by the load relative to the retention capacity, by depolarisation and by
ROS. An opening releases calcium, which favours closure (transient openings), and depolarises,
which favours staying open: the pore is bistable with hysteresis, by feedback and not by a
latch.
"""

from mechanism import Mechanism, Parameter

mptp = Mechanism(
    name="mptp",
    equations="""
    pore_stress = matrix_calcium/retention_capacity + pore_depolarisation_gain*clip(1 - mitochondrial_potential/resting_mitochondrial_potential, 0, 1) + pore_ros_gain*clip(ros - 1, 0, inf) : 1
    pore_stress_4 = pore_stress*pore_stress*pore_stress*pore_stress : 1
    pore_drive = pore_stress_4*pore_stress_4/(1 + pore_stress_4*pore_stress_4) : 1
    dpore_open/dt = pore_opening_rate*pore_drive*(1 - pore_open) - pore_closing_rate*(1 - pore_drive)*pore_open : 1
    pore_calcium_flux = pore_calcium_permeability*pore_open*(free_matrix_calcium - calcium) : mmolar/second
    pore_charge_flux = pore_conductance*pore_open*mitochondrial_potential : mmolar/second
    """,
    parameters=(
        Parameter(
            "retention_capacity", 100.0, "mM", "total matrix calcium that opens the pore; mM of "
            "matrix is nmol/mg", "fitted", source="Mishra2025", rationale="brain mitochondria "
            "with ADP hold a hundred to several hundred nmol/mg; the lower end was taken so that "
            "deaths fall within minutes", per_cell=True, spread=0.2, low=1.0, high=1e4,
        ),
        Parameter(
            "pore_depolarisation_gain", 0.5, "", "stress of full depolarisation", "assumed",
            rationale="depolarisation lowers the calcium needed (Bernardi 1992)", low=0.0,
            high=10.0,
        ),
        Parameter(
            "pore_ros_gain", 0.01, "", "stress per excess ROS", "assumed",
            rationale="thiol oxidation lowers the calcium needed, severalfold when strong",
            low=0.0, high=10.0,
        ),
        Parameter(
            "pore_opening_rate", 0.05, "1/s", "rate of opening under full stress", "assumed",
            rationale="depolarisation of a neuron's mitochondria spreads over tens of seconds",
            low=1e-5, high=100.0,
        ),
        Parameter(
            "pore_closing_rate", 0.05, "1/s", "rate of closure without stress", "assumed",
            rationale="transient openings last tens of seconds", low=1e-5, high=100.0,
        ),
        Parameter(
            "pore_calcium_permeability", 100.0, "1/s", "release per gradient of free calcium",
            "assumed", rationale="empties a loaded matrix within tens of seconds, as fast as "
            "the cell extrudes", low=0.0, high=1e6,
        ),
        Parameter(
            "pore_conductance", 0.6, "mM/s/mV", "charge flux of open pores", "assumed",
            rationale="outweighs maximal respiration: the potential collapses", low=0.0,
            high=100.0,
        ),
    ),
    requires={
        "matrix_calcium": "mM",
        "free_matrix_calcium": "mM",
        "calcium": "mM",
        "mitochondrial_potential": "V",
        "resting_mitochondrial_potential": "V",
        "ros": "",
    },
    provides={"pore_open": ""},
    contributes={
        "cytosolic_calcium_flux": "pore_calcium_flux",
        "matrix_calcium_flux": "-pore_calcium_flux",
        "mitochondrial_charge_flux": "-pore_charge_flux",
    },
)  # fmt: skip
