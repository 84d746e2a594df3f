"""Uncertainties set by hand, and numbers that an experiment sets.

Those that decide most of the outcomes of a lone cell (``unshielded screen``) were judged one by one.
"""

from __future__ import annotations

from unshielded.uncertainty.distribution import Uncertainty

#: Numbers that say what is done, not what a neuron is.
SETTINGS = frozenset(
    {
        "injected_current",
        "injection_ramp",
        "injection_until",
        "retraction_enabled",
        "eaat2",
        "afferent_releases",
    }
)


def _hand(width: float, why: str) -> Uncertainty:
    return Uncertainty("log-normal", width, why, by_hand=True)


GIVEN: dict[str, Uncertainty] = {
    "extracellular_sodium": _hand(1.03, "cerebrospinal fluid, 140–155 mM"),
    "extracellular_potassium": _hand(
        1.15, "2.7–3.9 mM in cerebrospinal fluid and the cortex of animals at rest"
    ),
    "intracellular_potassium": _hand(
        1.08, "120–150 mM by electrodes; what osmolarity leaves room for"
    ),
}
