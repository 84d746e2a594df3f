r"""Voltage-gated calcium channels: entry with each spike, and a persistent current.

A spike of an integrate-and-fire cell has no waveform, so the calcium that high-voltage
activated channels let in during it is one charge per spike. Below the spike a low-threshold
persistent (Cav1.3-like) conductance follows the membrane at once:

.. math::
    I = \bar g\,\frac{E_{Ca} - V}{1 + e^{-(V - V_h)/k}}

All of it is calcium. A cell that is held depolarised keeps it open.
"""

from unshielded.mechanism import Mechanism, Parameter

calcium_channel = Mechanism(
    name="calcium_channel",
    equations="""
    calcium_channel_current = calcium_channel_conductance*(calcium_reversal - membrane_potential)/(1 + exp(-(membrane_potential - calcium_channel_half_activation)/calcium_channel_slope)) : amp
    """,
    parameters=(
        Parameter(
            "calcium_per_spike", 1.0, "pC", "calcium charge that enters with one spike",
            "fitted", rationale="free calcium rises by tens of nM per spike in the cell body",
            per_cell=True, spread=0.1, low=0.0, high=1e3,
        ),
        Parameter(
            "calcium_channel_conductance", 0.3, "nS", "persistent calcium conductance",
            "assumed", rationale="persistent inward currents of tens to hundreds of pA in motor "
            "neurons; kept small because uncompensated", per_cell=True, low=0.0, high=100.0,
        ),
        Parameter(
            "calcium_channel_half_activation", -30.0, "mV", "half activation", "measured",
            source="Xu2001", preparation="cloned Cav1.3, -30…-40 mV", low=-80.0, high=20.0,
        ),
        Parameter(
            "calcium_channel_slope", 6.0, "mV", "slope of activation", "measured",
            source="Xu2001", preparation="cloned Cav1.3", low=1.0, high=30.0,
        ),
        Parameter(
            "calcium_reversal", 60.0, "mV", "apparent reversal of calcium current", "assumed",
            rationale="apparent reversal of mixed HVA currents in whole-cell recordings",
            low=0.0, high=200.0,
        ),
    ),
    requires={
        "membrane_potential": "V",
        "calcium_charge": "C",
        "alive": "",
    },
    contributes={
        "inward_current": "calcium_channel_current",
        "calcium_current": "calcium_channel_current",
    },
    on_spike="calcium_charge += alive*calcium_per_spike",
)  # fmt: skip
