r"""Calbindin as a buffer that binds, and saturates, with its own kinetics.

.. math::
    \dot b = k_{on}\,c\,(B - b) - k_{off}\,b

per binding site. Without sites (:math:`B = 0`, the default) the constant ``buffer_capacity`` stands for
all endogenous buffers; which populations have some is in :mod:`unshielded.circuit.populations`. A cell given both has
both.

Binding is stiff: it relaxes at the rate of both directions, and calcium with it.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

calbindin = Mechanism(
    name="calbindin",
    q10=Q10(2.0, "assumed", rationale="binding of ions: diffusion (1.3) limits association, unbinding changes by 2–3"),
    equations="""
    dcalbindin_calcium/dt = calbindin_binding : mmolar
    calbindin_binding = calbindin_association_rate*calcium*(calbindin_sites - calbindin_calcium) - calbindin_dissociation_rate*calbindin_calcium : mmolar/second
    """,
    parameters=(
        Parameter(
            "calbindin_sites", 0.0, "uM", "binding sites of calbindin with explicit kinetics",
            "assumed", rationale="0: the constant buffer capacity stands for them; four "
            "functional sites per molecule", per_cell=True, spread=0.2, low=0.0, high=5000.0,
        ),
        Parameter(
            "calbindin_association_rate", 43.5, "1/uM/s", "binding of calcium", "assumed",
            source="Schmidt2003", rationale="the faster two sites of four; the others 5.5 /µM/s",
            low=0.01, high=1e4,
        ),
        Parameter(
            "calbindin_dissociation_rate", 35.8, "1/s", "unbinding of calcium", "assumed",
            source="Schmidt2003", rationale="dissociation constant of 0.8 µM; the others 0.5 µM",
            low=1e-3, high=1e4,
        ),
    ),
    requires={
        "calcium": "mM",
        "buffer_relaxation": "1/s",
        "calcium_binding_capacity": "",
        "resting_calcium": "mM",
    },
    provides={"calbindin_calcium": "mM"},
    stiff={
        "calbindin_binding": "calbindin_association_rate*calcium + calbindin_dissociation_rate + buffer_relaxation"
    },
    contributes={
        "cytosolic_calcium_flux": "-calbindin_binding",
        "buffer_relaxation": "calbindin_association_rate*(calbindin_sites - calbindin_calcium)/(1 + calcium_binding_capacity)",
    },
    initial={
        "calbindin_calcium": "calbindin_sites*resting_calcium/(resting_calcium + calbindin_dissociation_rate/calbindin_association_rate)",
    },
)  # fmt: skip
