"""Inside one neuron, on the slow clock: calcium, mitochondria, energy and fate.

A cell is the sum of ``CELL``. Before each slow step it takes from its membrane the charge that
has entered; afterwards it hands back the transporters' current, the reversal potentials, and
whether it is alive.
"""

from calcium.atp import atp
from calcium.cytosol import cytosol
from calcium.extrusion import extrusion
from calcium.fate import fate
from calcium.influx import influx
from calcium.matrix import matrix
from calcium.mcu import mcu
from calcium.mptp import mptp
from calcium.nclx import nclx
from calcium.record import RECORDED
from calcium.respiration import respiration
from calcium.ros import ros
from calcium.sodium_pump import sodium_pump
from mechanism import Parameter

CELL = (
    cytosol,
    influx,
    extrusion,
    mcu,
    nclx,
    matrix,
    respiration,
    atp,
    sodium_pump,
    ros,
    mptp,
    fate,
)

#: Sums over the mechanisms of a cell, with their units.
BALANCES = {
    "cytosolic_calcium_flux": "mM/s",
    "matrix_calcium_flux": "mM/s",
    "mitochondrial_charge_flux": "mM/s",
    "sodium_flux": "mM/s",
    "outward_transport_flux": "mM/s",
    "atp_use_sodium_pump": "mM/s",
    "atp_use_calcium": "mM/s",
}

#: What the cell takes from its membrane before each slow step.
TAKEN = {"membrane_potential": "V", "calcium_charge": "C", "sodium_charge": "C"}

#: What of it the cell takes whole: the membrane starts to collect anew.
EMPTIED = ("calcium_charge", "sodium_charge")

#: What the cell hands back to its membrane after each slow step.
HANDED_BACK = {
    "transport_current": "A",
    "sodium_reversal": "V",
    "potassium_reversal": "V",
    "alive": "",
}

#: What mechanisms may use without defining it.
GIVEN = {**TAKEN, **{name: unit for name, unit in HANDED_BACK.items() if name != "alive"}}

PARAMETERS: dict[str, Parameter] = {p.name: p for m in CELL for p in m.parameters}

__all__ = [
    "BALANCES",
    "CELL",
    "EMPTIED",
    "GIVEN",
    "HANDED_BACK",
    "PARAMETERS",
    "RECORDED",
    "TAKEN",
]
