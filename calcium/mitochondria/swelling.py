r"""What becomes of a mitochondrion whose pore stays open: it swells, ruptures, loses cytochrome c.

.. math::
    \dot w &= \frac{p - w - q}{\tau_w} - \frac{1 - D(x_o)}{\tau_{wr}}\,w - \frac{w}{\tau_q} \\
    \dot q &= \frac{w}{\tau_q} - \frac{q}{\tau_{rep}}

Shares of the neuron's mitochondria: :math:`p` with open pore, of these :math:`w` swollen and
:math:`q` ruptured. One that shuts within seconds is as before. A swollen one may contract; a
ruptured one, without cytochrome c, no longer respires (it is no part of the polarised share) and
is replaced within days.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

swelling = Mechanism(
    name="swelling",
    q10=Q10(2.2, "assumed", "Michenfelder1992", "swelling, rupture and renewal, taken as other metabolism: 2.2"),
    equations="""
    dswollen/dt = (pore_open - swollen - cytochrome_c)/swelling_time - contraction - swollen/rupture_time : 1
    dcytochrome_c/dt = swollen/rupture_time - replacement : 1
    contraction = closing_drive*swollen/contraction_time : 1/second
    replacement = cytochrome_c/replacement_time : 1/second
    mean_mitochondrial_potential : volt
    """,
    parameters=(
        Parameter(
            "swelling_time", 120.0, "s", "swelling of the matrix through an open pore", "assumed",
            rationale="light scattering of isolated mitochondria falls within minutes", low=1.0,
            high=1e6,
        ),
        Parameter(
            "contraction_time", 120.0, "s", "contraction once the pore can shut", "assumed",
            rationale="as swelling", low=1.0, high=1e6,
        ),
        Parameter(
            "rupture_time", 300.0, "s", "rupture of a swollen mitochondrion's outer membrane",
            "assumed", rationale="cytochrome c is released within minutes of swelling", low=1.0,
            high=1e6,
        ),
        Parameter(
            "replacement_time", 86400.0, "s", "replacement of ruptured mitochondria", "assumed",
            rationale="damaged ones are cleared within a day or so; all turn over within weeks",
            low=1.0, high=1e9,
        ),
    ),
    requires={
        "pore_open": "",
        "closing_drive": "",
        "mitochondrial_potential": "V",
        "resting_mitochondrial_potential": "V",
    },
    provides={"swollen": "", "cytochrome_c": "", "contraction": "1/s", "replacement": "1/s"},
    initial={"mean_mitochondrial_potential": "resting_mitochondrial_potential"},
    after_step="""
    mean_mitochondrial_potential = (1 - pore_open)*mitochondrial_potential
    """,
    records=(
        Recorded(
            "mean_mitochondrial_potential", "mV", "mean potential of all "
            "mitochondria, as a dye sees it",
        ),
        Recorded("swollen", "", "share of mitochondria that are swollen"),
        Recorded("cytochrome_c", "", "share of mitochondria that have lost cytochrome c"),
    ),
)  # fmt: skip
