r"""The ledger of energy: every ATP that is made or used, by item, so that the books close.

The pump exports sodium whatever brought it. To know what it works for, the sodium inside is
tagged by the door it came through:

.. math::
    \dot n_i = J_i - 3 J_p\, \frac{n_i}{[Na]}, \qquad
    \text{ATP for } i:\; J_p\,\frac{n_i}{[Na]}

for spikes, synapses and the sodium–calcium exchanger; the resting leak is the rest. The items add
up to the pump by construction. Exchanger sodium and PMCA together are calcium extrusion; spikes
include those of the axon.
"""

from mechanism import Mechanism

ledger = Mechanism(
    name="ledger",
    equations="""
    pump_per_sodium = pump_flux/sodium : 1/second
    dsodium_of_spikes/dt = spike_sodium_entry - 3*pump_per_sodium*sodium_of_spikes : mmolar
    dsodium_of_synapses/dt = synaptic_sodium_entry - 3*pump_per_sodium*sodium_of_synapses : mmolar
    dsodium_of_exchange/dt = 3*ncx_flux - 3*pump_per_sodium*sodium_of_exchange : mmolar
    datp_produced_oxidative/dt = oxidative_supply : mmolar
    datp_produced_glycolytic/dt = glycolysis : mmolar
    datp_used_resting/dt = pump_per_sodium*(sodium - sodium_of_spikes - sodium_of_synapses - sodium_of_exchange) : mmolar
    datp_used_action_potentials/dt = pump_per_sodium*sodium_of_spikes + atp_use_axon : mmolar
    datp_used_postsynaptic/dt = pump_per_sodium*sodium_of_synapses : mmolar
    datp_used_calcium/dt = pump_per_sodium*sodium_of_exchange + pmca_flux : mmolar
    datp_used_release/dt = atp_use_release : mmolar
    datp_used_recycling/dt = atp_use_recycling : mmolar
    datp_used_housekeeping/dt = atp_use_housekeeping : mmolar
    """,
    requires={
        "pump_flux": "mM/s",
        "pmca_flux": "mM/s",
        "ncx_flux": "mM/s",
        "sodium": "mM",
        "spike_sodium_entry": "mM/s",
        "synaptic_sodium_entry": "mM/s",
        "oxidative_supply": "mM/s",
        "glycolysis": "mM/s",
        "atp_use_axon": "mM/s",
        "atp_use_release": "mM/s",
        "atp_use_recycling": "mM/s",
        "atp_use_housekeeping": "mM/s",
    },
    initial={"sodium_of_exchange": "ncx_flux*resting_sodium/pump_flux"},
)  # fmt: skip
