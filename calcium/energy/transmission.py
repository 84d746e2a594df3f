r"""What the neuron's axon and terminals cost: spikes, release and recycling of transmitter.

.. math::
    J_{axon} = \frac{\nu\,Q_{axon}}{3 F\,\mathrm{vol}}\,e, \qquad
    e = \frac{[ATP]}{[ATP] + K_A}, \qquad
    J_{rel} = \frac{\nu_r\, n_v\, a_{rel}}{N_A\,\mathrm{vol}}, \qquad
    J_{rec} = \frac{\nu_r\, n_v\, a_{rec}}{N_A\,\mathrm{vol}}

with :math:`\nu` the neuron's discharge rate, :math:`\nu_r` that rate less what depletion of the
vesicles takes off (:mod:`unshielded.circuit.synapses.vesicles`), :math:`Q_{axon}` the sodium that a spike lets into the
axon, which pumps it out itself (one ATP for three), :math:`n_v` vesicles per spike over all terminals,
and :math:`a` ATP per vesicle: calcium extrusion and vesicle cycling for release; uptake,
glutamine and refilling for recycling. The astrocyte's part of recycling is booked here, with the
neuron whose transmitter it is, because the astrocyte is no cell of this model.
"""

from unshielded.mechanism import Mechanism, Parameter

transmission = Mechanism(
    name="transmission",
    equations="""
    firing_rate : hertz
    release_rate : hertz
    axonal_energy = atp/(atp + pump_atp_constant) : 1
    vesicle_rate = alive*axonal_energy*release_rate*vesicles_per_spike/(avogadro*cytosolic_volume) : mmolar/second
    atp_use_axon = alive*axonal_energy*firing_rate*axonal_spike_charge/(3*faraday*cytosolic_volume) : mmolar/second
    atp_use_release = vesicle_rate*atp_per_release : mmolar/second
    atp_use_recycling = vesicle_rate*atp_per_recycling : mmolar/second
    """,
    parameters=(
        Parameter(
            "axonal_spike_charge", 10.0, "pC", "sodium charge that enters the axon with a spike",
            "assumed", rationale="nodes and terminals of a myelinated axon, some 80 pF × 100 mV "
            "× 1.3", per_cell=True, low=0.0, high=2000.0,
        ),
        Parameter(
            "vesicles_per_spike", 2000.0, "", "vesicles released by one spike of rested terminals",
            "assumed", source="Attwell2001", rationale="8,000 boutons, release probability "
            "0.25, of a rodent pyramidal cell", per_cell=True, low=0.0, high=1e5,
        ),
        Parameter(
            "atp_per_release", 12800.0, "", "ATP per vesicle: presynaptic calcium and cycling",
            "assumed", source="Attwell2001", rationale="12,000 for calcium, some 800 for the "
            "vesicle's cycle", low=0.0, high=2e6,
        ),
        Parameter(
            "atp_per_recycling", 11000.0, "", "ATP per vesicle: glutamate taken up and recycled",
            "assumed", source="Attwell2001", rationale="2.7 ATP for each of 4,000 molecules",
            low=0.0, high=1e7,
        ),
        Parameter(
            "avogadro", 6.02214076e23, "1/mol", "Avogadro constant", "measured",
            source="CODATA2018", preparation="physical constant", low=6e23, high=6.1e23,
        ),
    ),
    requires={
        "cytosolic_volume": "m**3",
        "faraday": "C/mol",
        "discharges": "",
        "releases": "",
        "alive": "",
        "atp": "mM",
        "pump_atp_constant": "mM",
    },
    provides={"firing_rate": "Hz", "atp_use_axon": "mM/s", "atp_use_release": "mM/s", "atp_use_recycling": "mM/s"},
    contributes={"atp_use": "atp_use_axon + atp_use_release + atp_use_recycling"},
    before_step="""
    firing_rate = discharges/dt
    release_rate = releases/dt
    """,
)  # fmt: skip
