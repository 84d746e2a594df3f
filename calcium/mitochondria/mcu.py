r"""Mitochondrial calcium uniporter (Magnus & Keizer form, as in Cortassa 2006).

.. math::
    J_{MCU} = \phi\,V\,
      \frac{x (1+x)^3}{(1+x)^4 + L\,/\,(1 + c/K_{act})^{2.8}}\;
      \frac{u}{1 - e^{-u}}, \qquad
    x = c/K_{trans},\; u = 2 F(\Delta\Psi - \Delta\Psi^*)/RT

Uptake is supralinear in calcium (allosteric gate), so bursts load the matrix more than their
mean. Near :math:`u = 0`, where the pore works, the voltage term is 0/0, and is kept finite
(:mod:`unshielded.mechanism.lowering`). The flux is that of a cell with all its mitochondria; it
enters the balances with the polarised share.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

mcu = Mechanism(
    name="mcu",
    q10=Q10(2.0, "assumed", rationale="a channel that binds calcium: between an open pore (1.3) and a carrier (2.5); not measured in neurons"),
    equations="""
    mcu_occupancy = calcium/mcu_translocation_constant : 1
    mcu_gate = mcu_allosteric_constant*(1 + calcium/mcu_activation_constant)**-2.8 : 1
    mcu_voltage = 2*(mitochondrial_potential - mcu_voltage_offset)/thermal_voltage : 1
    mcu_left = ru360_inhibition/(ru360_inhibition + ru360_bath) : 1
    mcu_flux = mitochondrial_fraction*mcu_left*mcu_maximum_rate*mcu_occupancy*(1 + mcu_occupancy)**3/((1 + mcu_occupancy)**4 + mcu_gate)*ghk(mcu_voltage) : mmolar/second
    """,
    parameters=(
        Parameter(
            "mcu_maximum_rate", 40.0, "mM/s", "rate constant of the uniporter, per matrix volume",
            "fitted", source="Barrett2014", rationale="calibrated: mitochondria take about half of a "
            "large calcium load of a motor neuron",
            per_cell=True, low=0.0, high=200.0,
        ),
        Parameter(
            "mcu_translocation_constant", 19.0, "uM", "dissociation of transported calcium",
            "measured", source="Cortassa2006", preparation="cardiac mitochondria", low=2.0,
            high=1e3,
        ),
        Parameter(
            "mcu_activation_constant", 0.38, "uM", "dissociation of activating calcium",
            "measured", source="Cortassa2006", preparation="cardiac mitochondria", low=0.05,
            high=100.0,
        ),
        Parameter(
            "mcu_allosteric_constant", 110.0, "", "closed over open without calcium",
            "measured", source="Cortassa2006", preparation="cardiac mitochondria", low=5.0,
            high=1e6,
        ),
        Parameter(
            "mcu_voltage_offset", 91.0, "mV", "offset of the voltage term", "measured",
            source="Cortassa2006", preparation="cardiac mitochondria", low=0.0, high=150.0,
        ),
        Parameter(
            "ru360_inhibition", 0.01, "uM", "Ru360 for half inhibition", "assumed",
            source="Matlib1998", rationale="0.2 nM on isolated mitochondria; enters cells poorly",
            low=1e-5, high=100.0,
        ),
    ),
    requires={
        "calcium": "mM",
        "mitochondrial_potential": "V",
        "thermal_voltage": "V",
        "ru360_bath": "mM",
        "mitochondrial_fraction": "",
        "polarised_fraction": "",
    },
    provides={"mcu_flux": "mM/s"},
    contributes={
        "cytosolic_calcium_flux": "-polarised_fraction*mcu_flux",
        "matrix_calcium_flux": "polarised_fraction*mcu_flux",
        "mitochondrial_charge_flux": "-2*mcu_flux",
    },
)  # fmt: skip
