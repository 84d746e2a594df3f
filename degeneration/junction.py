r"""Neuromuscular junctions: held while the axon's end can feed them, given up when it cannot.

.. math::
    \dot i &= \frac{\rho\,\omega\,(1 - i)}{\tau_+} - \frac{z\,\epsilon\,i}{\tau_-}, \qquad
    \epsilon = \min(1, (\text{strain} - 1)_+), \qquad
    \omega = \min\!\Big(1, \frac{\text{margin}_+}{M}\Big), \qquad
    \rho = \frac{o}{o + o_{1/2}} \\
    D &\mathrel{+}= i\,(n + n_\nu\,\nu), \qquad \text{transmission} = \min\!\Big(1, \frac{1}{\text{strain}}\Big)

:math:`i` is the share of the unit's own muscle fibres that it holds. Where demand exceeds what the end can
make (strain above 1) junctions are given up; demand falls with each, until the rest can be fed: a
metabolic amputation, which saves the soma its part as well. Lost fibres are won back
slowly, where there is energy to grow (:math:`\omega`) and fibres without a junction (:math:`\rho`; others
may have taken them). With ``retraction_enabled`` (:math:`z`) at 0 nothing is pruned: the end goes on at
less than its demand, and the share of spikes that is transmitted falls.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

junction = Mechanism(
    name="junction",
    equations="""
    junction_demand = junction_need + junction_spike_need*firing_rate : 1
    distal_failure = clip(distal_strain - 1, 0, 1) : 1
    junction_transmission = clip(distal_capacity/distal_demand, 0, 1) : 1
    retraction = retraction_enabled*distal_failure/retraction_time : 1/second
    growth_energy = clip(distal_margin/growth_margin, 0, 1) : 1
    orphan_fraction = orphan_fibres/(orphan_fibres + orphan_half) : 1
    dinnervation/dt = orphan_fraction*growth_energy*(1 - innervation)/reinnervation_time - retraction*innervation : 1
    """,
    parameters=(
        Parameter(
            "retraction_enabled", 1.0, "", "1: junctions that cannot be fed are given up; 0: they are "
            "kept and fail", "assumed", rationale="a condition, to see what pruning is good for",
            per_cell=True, low=0.0, high=1.0,
        ),
        Parameter(
            "retraction_time", 30.0, "day", "retraction when demand is twice the capacity, or more",
            "assumed", rationale="junctions of SOD1 mice are lost over weeks, long before the cells "
            "(Kennel1996, Fischer2004)", per_cell=True, low=0.1, high=36500.0,
        ),
        Parameter(
            "reinnervation_time", 60.0, "day", "return to lost fibres of one's own", "assumed",
            rationale="weeks to months after partial denervation", per_cell=True, low=0.1,
            high=36500.0,
        ),
        Parameter(
            "growth_margin", 0.2, "", "distal margin at which axons grow at full speed", "assumed",
            rationale="as the headroom for upkeep in the soma", per_cell=True, low=1e-6, high=1.0,
        ),
        Parameter(
            "orphan_half", 0.05, "", "orphan over innervated fibres at which half of what is sought "
            "is found", "assumed", rationale="sprouts reach neighbouring fibres only", low=1e-6,
            high=10.0,
        ),
        Parameter(
            "junction_need", 0.1, "", "upkeep of a unit's own junctions over the capacity of the "
            "distal mitochondria when young", "assumed", rationale="see distal_axon_need",
            per_cell=True, low=0.0, high=10.0,
        ),
        Parameter(
            "junction_spike_need", 0.02, "s", "use of a unit's own junctions per spike, over the "
            "capacity of the distal mitochondria when young", "assumed", rationale="see "
            "distal_axon_need: as much at 10 Hz as the upkeep of axon and junctions",
            per_cell=True, low=0.0, high=10.0,
        ),
        Parameter(
            "terminal_fraction", 0.5, "", "share of the soma's part of the axonal spike charge that goes "
            "with its junctions", "assumed", rationale="terminal branches against the stem; not "
            "measured", per_cell=True, low=0.0, high=1.0,
        ),
        Parameter(
            "distal_release_fraction", 0.0, "", "share of the cell's synapses in the circuit that are at "
            "the end of its axon", "assumed", rationale="0 for motor neurons, whose collaterals to "
            "Renshaw cells are near the soma; corticospinal synapses are at the end",
            per_cell=True, low=0.0, high=1.0,
        ),
    ),
    requires={
        "firing_rate": "Hz",
        "distal_strain": "",
        "distal_margin": "",
        "distal_capacity": "",
        "distal_demand": "",
        "orphan_fibres": "",
    },
    provides={
        "innervation": "",
        "junction_demand": "",
        "junction_transmission": "",
        "retraction": "1/s",
        "growth_energy": "",
    },
    contributes={"distal_demand": "innervation*junction_demand"},
    initial={"innervation": "1"},
    records=(
        Recorded(
            "junction_transmission", "", "share of what its junctions ask for that "
            "the axon's end can pay",
        ),
        Recorded("innervation", "", "share of the unit's own muscle fibres that it holds"),
    ),
)  # fmt: skip
