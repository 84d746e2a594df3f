r"""The driving force of calcium through glutamate receptors.

.. math::
    D = (E_p - V)\,\frac{E - V_f}{E_p - V_f}

Calcium does not stop entering where the whole current reverses (:math:`E`, 0 mV). Its flux through an open
channel follows :math:`x/(1 - e^{-x})` with :math:`x = -2VF/RT` (Goldman, Hodgkin and Katz; hardly any
flows out); the line through that curve at :math:`V_f` and at 0 mV meets zero at :math:`E_p`. Between -75 and
0 mV the line is off by at most 14 % of the curve (above it, near -16 mV), and by at most 6 % of the flux at
:math:`V_f`; above 0 mV it falls below the curve. A fraction of the current that
calcium carries is measured at :math:`V_f`, where :math:`D = E - V_f`. So calcium current is conductance
times fraction times :math:`D`; it is a part of the current that depolarises and is counted once.
"""

from unshielded.mechanism import Mechanism, Parameter

calcium_permeation = Mechanism(
    name="calcium_permeation",
    equations="""
    calcium_driving_force = (permeant_calcium_reversal - membrane_potential)*(excitatory_reversal - fraction_potential)/(permeant_calcium_reversal - fraction_potential) : volt
    """,
    parameters=(
        Parameter(
            "permeant_calcium_reversal", 17.0, "mV", "where the line through calcium's flux meets zero",
            "assumed", rationale="through the constant-field flux at -60 and 0 mV, 37 °C; within 14 % "
            "of it between -75 and 0 mV", low=0.0, high=150.0,
        ),
        Parameter(
            "fraction_potential", -60.0, "mV", "potential at which fractions of calcium are measured",
            "measured", source="Burnashev1995", preparation="fractional currents at -60 mV", low=-100.0,
            high=-20.0,
        ),
    ),
    requires={"membrane_potential": "V", "excitatory_reversal": "V"},
    provides={"calcium_driving_force": "V"},
)  # fmt: skip
