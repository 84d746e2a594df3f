r"""What a cell has borne: running totals of what its membrane and its bursts bring in.

.. math::
    \dot L_x = x

for each :math:`x` that comes from spikes: sodium by its entry pathway, discharges, releases, the membrane
potential, and the calcium fluxes of which bursts make more, or less, than their mean would. The
totals act on nothing and are in no result. Their rise over a time is the cell's mean load, which
:mod:`unshielded.multiscale` holds between its windows of spikes. Calcium entry has its total in
:mod:`unshielded.calcium.cytosol.influx`.
"""

from unshielded.mechanism import Mechanism

#: Total → what it adds up.
TOTALS = {
    "total_potential": "membrane_potential",
    "total_leak_sodium": "leak_sodium_entry",
    "total_spike_sodium": "spike_sodium_entry",
    "total_synaptic_sodium": "synaptic_sodium_entry",
    "total_discharges": "firing_rate",
    "total_releases": "release_rate",
    "total_free_calcium": "calcium",
    "total_mitochondrial_potential": "mitochondrial_potential",
    "total_uptake": "mcu_flux",
}

_REQUIRED = {
    "membrane_potential": "V",
    "leak_sodium_entry": "mM/s",
    "spike_sodium_entry": "mM/s",
    "synaptic_sodium_entry": "mM/s",
    "firing_rate": "Hz",
    "release_rate": "Hz",
    "calcium": "mM",
    "mitochondrial_potential": "V",
    "mcu_flux": "mM/s",
}

_UNITS = {
    "V": "volt*second",
    "mM/s": "mmolar",
    "Hz": "1",
    "mM": "mmolar*second",
}

loads = Mechanism(
    name="loads",
    observes=True,
    equations="\n".join(
        f"d{total}/dt = {what} : {_UNITS[_REQUIRED[what]]}" for total, what in TOTALS.items()
    ),
    requires=_REQUIRED,
    provides={"total_uptake": "mM"},
)
