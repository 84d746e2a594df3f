"""Slow states of neurons, axons, muscle and tissue: days to decades.

A cell is the sum of ``CELL``, in the grammar of :mod:`unshielded.calcium`; what surrounds all cells is ``TISSUE``.
They read means of the faster clocks (``LOADS``) and act back on the engine's parameters alone
(``FACTORS``, ``ADDED``). The healthy young cell is a steady state: every factor is 1, everything
added 0, as long as reactive oxygen species are at rest, the headroom for ATP exceeds
``upkeep_headroom``, the distal margin is positive, and age is below ``ageing_onset``.
"""

from unshielded.degeneration.ageing import ageing
from unshielded.degeneration.antioxidants import antioxidants
from unshielded.degeneration.axon import axon
from unshielded.degeneration.body import body
from unshielded.degeneration.eaat2_loss import eaat2_loss
from unshielded.degeneration.junction import junction
from unshielded.degeneration.mitochondrial_turnover import mitochondrial_turnover
from unshielded.degeneration.proteostasis import proteostasis
from unshielded.degeneration.sprouting import sprouting
from unshielded.degeneration.stress_granules import stress_granules
from unshielded.degeneration.tdp43 import tdp43
from unshielded.degeneration.upkeep_energy import upkeep_energy
from unshielded.mechanism import Parameter, recorded
from unshielded.mechanism.model import add_up

CELL = (
    ageing,
    upkeep_energy,
    mitochondrial_turnover,
    antioxidants,
    proteostasis,
    stress_granules,
    tdp43,
    axon,
    junction,
    sprouting,
)

#: One value for the whole tissue.
TISSUE = (eaat2_loss, body)

#: Sums over the mechanisms of a cell, with their units.
BALANCES = {
    "misfolding": "",
    "distal_demand": "",
    "added_maintenance": "mM/s",
}

#: What a cell's mechanisms may use of the faster clocks, as means over a window.
LOADS = {
    "firing_rate": "Hz",
    "mean_ros": "",
    "mean_atp": "mM",
    "mean_atp_use": "mM/s",
    "mean_atp_capacity": "mM/s",
    "age": "s",
}

#: What they may use of the other cells of their muscle: fibres without junction over fibres with one,
#: each unit counting with its number of fibres (its twitch force) and holding `unit_fibres` of them.
POOL = {"orphan_fibres": ""}

#: What the tissue may use: the mean use of ATP of living cells over that at the start, age since birth,
#: and the share of motor neurons that have died.
TISSUE_LOADS = {
    "whole_circuit_atp_use": "",
    "age": "s",
    "dead_fraction": "",
}

#: Engine parameter → what multiplies the cell's own value.
FACTORS = {
    "synthase_maximum_rate": "mitochondrial_reserve",
    "respiration_maximum_rate": "mitochondrial_reserve",
    "antioxidant_recovery": "1/antioxidant_defence",
    "twitch_force": "junction_transmission*unit_fibres",
    "unit_potential_amplitude": "junction_transmission*unit_fibres",
    "axonal_spike_charge": "1 + terminal_fraction*(unit_burden - 1)",
    "vesicles_per_spike": "unit_burden",
    "transmitter_release": "1 - distal_release_fraction*(1 - junction_transmission*innervation)",
}

#: Engine parameter → what is added to it, in SI.
ADDED = {"maintenance_rate": "added_maintenance"}

#: Engine parameter → what multiplies it in all cells.
TISSUE_FACTORS = {
    "eaat2": "eaat2_left",
    "substrate_supply": "nutrition",
}

#: What is recorded of a cell and of the tissue: unit and meaning.
RECORDED = recorded((*CELL, *TISSUE))

_TISSUE = add_up(TISSUE, {})

#: What of the record is of the tissue, and what of each cell is a named line, not a state.
TISSUE_RECORDED = tuple(n for n in RECORDED if n in {*_TISSUE.rates, *_TISSUE.named})
RECORDED_LINES = tuple(
    n for n in RECORDED if n in add_up(CELL, BALANCES).named and n not in TISSUE_RECORDED
)

PARAMETERS: dict[str, Parameter] = {p.name: p for m in (*CELL, *TISSUE) for p in m.parameters}

__all__ = [
    "ADDED",
    "BALANCES",
    "CELL",
    "FACTORS",
    "LOADS",
    "PARAMETERS",
    "POOL",
    "RECORDED",
    "RECORDED_LINES",
    "TISSUE",
    "TISSUE_FACTORS",
    "TISSUE_LOADS",
    "TISSUE_RECORDED",
]
