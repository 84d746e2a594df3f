r"""Membrane lipids: a precursor that tightens the membrane against sodium.

.. math::
    \Delta g = -L\,\frac{C}{C + K}\,g_{Na}, \qquad I = \Delta g\,(E_{Na} - V)

A repaired membrane would leak less, and the pump would have less to export. Nobody has measured by how
much a lipid precursor does that in a neuron: the mechanism stands for the proposal, and both its numbers
are assumed. Without the precursor the change is exactly zero.
"""

from unshielded.mechanism import Mechanism, Parameter

#: The current, on the fast clock.
membrane_lipids_current = Mechanism(
    name="membrane_lipids_current",
    equations="""
    sodium_leak_change : siemens
    """,
    requires={"membrane_potential": "V", "sodium_reversal": "V"},
    provides={"sodium_leak_change": "S"},
    contributes={
        "inward_current": "sodium_leak_change*(sodium_reversal - membrane_potential)",
        "sodium_current": "sodium_leak_change*(sodium_reversal - membrane_potential)",
    },
)

membrane_lipids = Mechanism(
    name="membrane_lipids",
    equations="""
    leak_repair = lipid_leak_reduction*lipid_precursor_bath/(lipid_precursor_bath + lipid_half_effect) : 1
    """,
    parameters=(
        Parameter(
            "lipid_leak_reduction", 0.2, "", "sodium leak taken away by a saturating lipid "
            "precursor", "assumed", rationale="a fifth: what would matter and could have been "
            "missed; not measured", low=0.0, high=1.0,
        ),
        Parameter(
            "lipid_half_effect", 10.0, "uM", "lipid precursor for half effect", "assumed",
            rationale="affinity of choline transport, some 10 µM", low=1e-3, high=1e4,
        ),
    ),
    requires={"sodium_leak": "S", "lipid_precursor_bath": "mM", "sodium_leak_change": "S"},
    after_step="""
    sodium_leak_change = -leak_repair*sodium_leak
    """,
)  # fmt: skip
