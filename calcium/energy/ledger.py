r"""The ledger of energy: every ATP that is made or used, by item, so that the books close.

The pump exports sodium whatever brought it. To know what it works for, the sodium inside is
tagged by the pathway it came through:

.. math::
    \dot n_i = J_i - (3 J_p + 3 J_{NCX}^{-})\, \frac{n_i}{[Na]}, \qquad
    \text{ATP for } i:\; J_p\,\frac{n_i}{[Na]}

for spikes, synapses and the sodium–calcium exchanger; the resting leak is the rest. An exchanger in
reverse (:math:`J_{NCX}^{-}`) exports sodium whatever its tag. The items add
up to the pump by construction. Exchanger sodium and PMCA together are calcium extrusion; spikes
include those of the axon.
"""

from unshielded.mechanism import Mechanism, Recorded

ledger = Mechanism(
    name="ledger",
    equations="""
    pump_per_sodium = pump_flux/sodium : 1/second
    export_per_sodium = 3*pump_per_sodium + 3*ncx_turnover*clip(-ncx_drive, 0, inf)/sodium : 1/second
    dsodium_of_spikes/dt = spike_sodium_entry - export_per_sodium*sodium_of_spikes : mmolar
    dsodium_of_synapses/dt = synaptic_sodium_entry - export_per_sodium*sodium_of_synapses : mmolar
    dsodium_of_exchange/dt = 3*ncx_turnover*clip(ncx_drive, 0, inf) - export_per_sodium*sodium_of_exchange : mmolar
    datp_produced_oxidative/dt = oxidative_supply : mmolar
    datp_produced_glycolytic/dt = glycolysis : mmolar
    datp_used_resting/dt = pump_per_sodium*(sodium - sodium_of_spikes - sodium_of_synapses - sodium_of_exchange) : mmolar
    datp_used_action_potentials/dt = pump_per_sodium*sodium_of_spikes + atp_use_axon : mmolar
    datp_used_postsynaptic/dt = pump_per_sodium*sodium_of_synapses : mmolar
    datp_used_calcium/dt = pump_per_sodium*sodium_of_exchange + pmca_flux : mmolar
    datp_used_release/dt = atp_use_release : mmolar
    datp_used_recycling/dt = atp_use_recycling : mmolar
    datp_used_housekeeping/dt = atp_use_housekeeping : mmolar
    datp_used_maintenance/dt = atp_use_maintenance : mmolar
    """,
    requires={
        "pump_flux": "mM/s",
        "pmca_flux": "mM/s",
        "ncx_turnover": "mM/s",
        "ncx_drive": "",
        "sodium": "mM",
        "spike_sodium_entry": "mM/s",
        "synaptic_sodium_entry": "mM/s",
        "oxidative_supply": "mM/s",
        "glycolysis": "mM/s",
        "atp_use_axon": "mM/s",
        "atp_use_release": "mM/s",
        "atp_use_recycling": "mM/s",
        "atp_use_housekeeping": "mM/s",
        "atp_use_maintenance": "mM/s",
        "resting_sodium": "mM",
        "ncx_flux": "mM/s",
    },
    initial={"sodium_of_exchange": "ncx_flux*resting_sodium/pump_flux"},
    records=(
        Recorded("atp_produced_oxidative", "mM", "ATP made by oxidative phosphorylation"),
        Recorded("atp_produced_glycolytic", "mM", "ATP made by glycolysis"),
        Recorded("atp_used_resting", "mM", "ATP used to pump the sodium of the resting leak"),
        Recorded(
            "atp_used_action_potentials", "mM", "ATP used to pump the sodium of "
            "spikes, axon included",
        ),
        Recorded("atp_used_postsynaptic", "mM", "ATP used to pump the sodium of synaptic currents"),
        Recorded("atp_used_calcium", "mM", "ATP used by calcium extrusion"),
        Recorded("atp_used_release", "mM", "ATP used by the neuron's own terminals for release"),
        Recorded("atp_used_recycling", "mM", "ATP used for recycling the transmitter released"),
        Recorded("atp_used_housekeeping", "mM", "ATP used by everything else"),
        Recorded(
            "atp_used_maintenance", "mM", "ATP used by clean-up and repair beyond "
            "housekeeping",
        ),
    ),
)  # fmt: skip
