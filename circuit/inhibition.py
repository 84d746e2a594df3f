r"""Inhibition: GABA-A and glycine conductances.

.. math::
    \dot g = -g/\tau, \qquad I = g\,(E - V), \qquad g \mathrel{+}= w\,\hat g \text{ per spike}
"""

from mechanism import Mechanism, Parameter


def _receptor(name: str, unit: Parameter, decay: Parameter) -> Mechanism:
    return Mechanism(
        name=name,
        equations=f"""
        d{name}_conductance/dt = -{name}_conductance/{decay.name} : siemens
        """,
        parameters=(unit, decay),
        requires={"membrane_potential": "V", "inhibitory_reversal": "V"},
        provides={f"{name}_conductance": "S"},
        contributes={
            "inward_current": f"{name}_conductance*(inhibitory_reversal - membrane_potential)",
        },
    )


gaba_a = _receptor(
    "gaba_a",
    Parameter(
        "gaba_a_unit", 1.0, "nS", "conductance of one release of weight 1", "assumed",
        rationale="unitary inhibitory conductance of about 1 nS", low=0.0, high=100.0,
    ),
    Parameter(
        "gaba_a_decay", 10.0, "ms", "decay of the GABA-A conductance", "assumed",
        source="Brunel2001", rationale="model constant after slice recordings", low=0.5,
        high=1e3,
    ),
)  # fmt: skip

glycine = _receptor(
    "glycine",
    Parameter(
        "glycine_unit", 1.0, "nS", "conductance of one release of weight 1", "assumed",
        rationale="unitary inhibitory conductance of about 1 nS", low=0.0, high=100.0,
    ),
    Parameter(
        "glycine_decay", 10.0, "ms", "decay of the glycine conductance", "assumed",
        rationale="glycinergic currents of motor neurons decay in 5–15 ms", low=0.5, high=1e3,
    ),
)  # fmt: skip

chloride = Mechanism(
    name="chloride",
    equations="",
    parameters=(
        Parameter(
            "inhibitory_reversal", -80.0, "mV", "reversal of GABA-A and glycine currents",
            "assumed", source="Vogels2011", rationale="model constant after slice recordings",
            low=-100.0, high=-40.0,
        ),
    ),
    provides={"inhibitory_reversal": "V"},
)  # fmt: skip
