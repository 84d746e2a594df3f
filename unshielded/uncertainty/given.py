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

GIVEN: dict[str, Uncertainty] = {}
