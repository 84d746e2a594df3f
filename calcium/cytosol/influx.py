r"""Calcium entry: the charge that the membrane handed over, as a flux, and a resting leak.

.. math::
    J_{in} = \frac{Q_{Ca}}{2 F\,\mathrm{vol}\,\Delta t} + J_{leak}

:math:`Q_{Ca}` is what entered during the last slow step, taken whole (conservative coupling).
The leak balances extrusion at ``resting_calcium`` by construction.
"""

from unshielded.mechanism import Mechanism, Recorded

influx = Mechanism(
    name="influx",
    equations="""
    calcium_entry : mmolar/second
    calcium_leak : mmolar/second (constant)
    dcalcium_entered/dt = calcium_entry + calcium_leak : mmolar
    """,
    requires={
        "calcium_charge": "C",
        "cytosolic_volume": "m**3",
        "faraday": "C/mol",
    },
    provides={"calcium_entry": "mM/s", "calcium_leak": "mM/s", "calcium_entered": "mM"},
    contributes={"cytosolic_calcium_flux": "calcium_entry + calcium_leak"},
    before_step="""
    calcium_entry = calcium_charge/(2*faraday*cytosolic_volume*dt)
    """,
    records=(Recorded("calcium_entered", "mM", "total calcium entered, per cytosol"),),
)
