r"""The current through K-ATP channels; what opens them is :mod:`unshielded.calcium.energy.katp`.

.. math::
    I = g\,(E_K - V)
"""

from unshielded.mechanism import Mechanism

katp_current = Mechanism(
    name="katp_current",
    equations="""
    katp_open_conductance : siemens
    """,
    requires={"membrane_potential": "V", "potassium_reversal": "V"},
    provides={"katp_open_conductance": "S"},
    contributes={
        "inward_current": "katp_open_conductance*(potassium_reversal - membrane_potential)",
    },
)
