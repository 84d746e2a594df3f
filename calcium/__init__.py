"""Inside one neuron, on the slow clock: calcium, mitochondria, energy and fate.

A cell is the sum of ``CELL``. Before each slow step it takes from its membrane the charge that
has entered; afterwards it hands back the transporters' current, the reversal potentials, and
whether it is alive.
"""

from unshielded.calcium.calpain import calpain
from unshielded.calcium.cytosol.calbindin import calbindin
from unshielded.calcium.cytosol.chelator import chelator
from unshielded.calcium.cytosol.cytosol import cytosol
from unshielded.calcium.cytosol.extrusion import extrusion
from unshielded.calcium.cytosol.influx import influx
from unshielded.calcium.cytosol.parvalbumin import parvalbumin
from unshielded.calcium.drugs import AGENTS, drugs
from unshielded.calcium.energy.atp import atp
from unshielded.calcium.energy.capacity import capacity
from unshielded.calcium.energy.creatine_kinase import creatine_kinase
from unshielded.calcium.energy.fuels import fuels
from unshielded.calcium.energy.katp import katp
from unshielded.calcium.energy.ledger import ledger
from unshielded.calcium.energy.maintenance import maintenance
from unshielded.calcium.energy.sodium_pump import sodium_pump
from unshielded.calcium.energy.transmission import transmission
from unshielded.calcium.fate import fate
from unshielded.calcium.loads import TOTALS, loads
from unshielded.calcium.mitochondria.matrix import matrix
from unshielded.calcium.mitochondria.mcu import mcu
from unshielded.calcium.mitochondria.mptp import mptp
from unshielded.calcium.mitochondria.nclx import nclx
from unshielded.calcium.mitochondria.oxidative_damage import oxidative_damage
from unshielded.calcium.mitochondria.respiration import respiration
from unshielded.calcium.mitochondria.ros import ros
from unshielded.calcium.mitochondria.swelling import swelling
from unshielded.fates import FATES
from unshielded.mechanism import Parameter, recorded

CELL = (
    cytosol,
    chelator,
    calbindin,
    parvalbumin,
    influx,
    extrusion,
    mcu,
    nclx,
    matrix,
    fuels,
    respiration,
    atp,
    creatine_kinase,
    katp,
    sodium_pump,
    transmission,
    ledger,
    ros,
    oxidative_damage,
    mptp,
    swelling,
    calpain,
    fate,
    maintenance,
    capacity,
    loads,
)

#: Drugs that act inside, on the slow clock, one concentration for all cells.
BATH = (drugs,)

#: Sums over the mechanisms of a cell, with their units.
BALANCES = {
    "cytosolic_calcium_flux": "mM/s",
    "matrix_calcium_flux": "mM/s",
    "mitochondrial_charge_flux": "mM/s",
    "sodium_flux": "mM/s",
    "outward_transport_flux": "mM/s",
    "atp_use": "mM/s",
    "calcium_binding_capacity": "",
    "buffer_relaxation": "1/s",
}

#: What the cell takes from its membrane before each slow step.
TAKEN = {
    "membrane_potential": "V",
    "calcium_charge": "C",
    "leak_sodium_charge": "C",
    "spike_sodium_charge": "C",
    "synaptic_sodium_charge": "C",
    "discharges": "",
    "releases": "",
}

#: What of it the cell takes whole: the membrane starts to collect anew.
EMPTIED = tuple(name for name in TAKEN if name != "membrane_potential")

#: What the cell hands back to its membrane after each slow step.
HANDED_BACK = {
    "transport_current": "A",
    "sodium_reversal": "V",
    "potassium_reversal": "V",
    "katp_open_conductance": "S",
    "alive": "",
}

#: What mechanisms may use without defining it.
GIVEN = {**TAKEN, **{name: unit for name, unit in HANDED_BACK.items() if name != "alive"}}

#: What of the bath mechanisms may use.
BATH_GIVEN = {
    **{f"{stem}_bath": "mM" for stem in AGENTS.values()},
    "chelator": "mM",
    "added_creatine": "mM",
    "chelator_loading_rate": "1/s",
    "chelator_loss_time": "s",
}

#: What is recorded of a cell: unit and meaning.
RECORDED = recorded(CELL)

PARAMETERS: dict[str, Parameter] = {p.name: p for m in (*CELL, *BATH) for p in m.parameters}

__all__ = [
    "AGENTS",
    "BALANCES",
    "BATH",
    "BATH_GIVEN",
    "CELL",
    "EMPTIED",
    "FATES",
    "GIVEN",
    "HANDED_BACK",
    "PARAMETERS",
    "RECORDED",
    "TAKEN",
    "TOTALS",
]
