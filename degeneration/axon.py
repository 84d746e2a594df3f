r"""The axon: what arrives at its end, and what is asked of it there.

.. math::
    \tau\,\dot m_d &= m\,v\,e_{ATP}\, e^{-\frac{L}{v_0\,\tau}\left(\frac{1}{v} - 1\right)} - m_d, \qquad
    \text{strain} = \frac{D}{m_d}, \qquad \text{margin} = 1 - \text{strain}

The soma makes mitochondria (:math:`m`, :mod:`unshielded.degeneration.mitochondrial_turnover`), transport carries them
down an axon of length :math:`L` at :math:`v\,v_0` (:math:`v` is 1 in health and needs ATP), and they
grow old on the way as elsewhere (mean life :math:`\tau`). So slower transport delivers less and older ones, and
more so in a longer axon. :math:`m_d` are the functional mitochondria at the end over those of a
young axon. :math:`D` is the demand there over what a young axon's end could make: the axon's own, and that of
each junction (:mod:`unshielded.degeneration.junction`, :mod:`unshielded.degeneration.sprouting`). The end lives on its own
mitochondria; ATP does not diffuse down an axon. They are counted as a thousandth at least, where strain
still has a meaning.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

axon = Mechanism(
    name="axon",
    equations="""
    transit_loss = axonal_length/(mitochondrial_velocity*mitochondrial_life)*(1/axonal_transport - 1) : 1
    mitochondria_delivered = mitochondrial_reserve*axonal_transport*atp_left*exp(-transit_loss) : 1
    ddistal_mitochondria/dt = (mitochondria_delivered - distal_mitochondria)/mitochondrial_life : 1
    distal_capacity = clip(distal_mitochondria, 0.001, inf) : 1
    distal_strain = distal_demand/distal_capacity : 1
    distal_margin = 1 - distal_strain : 1
    """,
    parameters=(
        Parameter(
            "axonal_transport", 1.0, "", "speed of transport over that in a healthy young axon",
            "assumed", rationale="1 is healthy; a condition of variants", per_cell=True, low=0.01,
            high=10.0,
        ),
        Parameter(
            "axonal_length", 0.75, "m", "length of the axon", "assumed", rationale="cervical cord to "
            "a hand muscle, as the conduction time of the motor units; a metre to the foot",
            per_cell=True, low=1e-3, high=3.0,
        ),
        Parameter(
            "mitochondrial_velocity", 50.0, "mm/day", "net speed of mitochondria down the axon",
            "assumed", source="Morfini2012", rationale="50–100 mm/day while they move; most pause or "
            "turn, so the lower end", low=0.1, high=1000.0,
        ),
        Parameter(
            "distal_axon_need", 0.1, "", "upkeep of the distal axon over the capacity of its "
            "mitochondria when young", "assumed", rationale="with the junctions at 10 Hz 40 % are "
            "used, a margin like that of the soma; not measured", per_cell=True, low=1e-4, high=10.0,
        ),
    ),
    requires={
        "mitochondrial_reserve": "",
        "mitochondrial_life": "s",
        "atp_left": "",
        "distal_demand": "",
    },
    provides={"distal_capacity": "", "distal_strain": "", "distal_margin": ""},
    contributes={"distal_demand": "distal_axon_need"},
    initial={"distal_mitochondria": "1"},
    records=(
        Recorded(
            "distal_mitochondria", "", "functional mitochondria at the axon's end "
            "over a young axon's",
        ),
        Recorded("distal_margin", "", "1 less demand over capacity at the axon's end"),
    ),
)  # fmt: skip
