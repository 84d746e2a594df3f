r"""Voltage-gated calcium channels: entry with each spike, and a persistent inward current.

A spike of an integrate-and-fire cell has no waveform, so the calcium that high-voltage
activated channels let in during it is one charge per spike. Below the spike a low-threshold
persistent (Cav1.3-like) conductance follows the membrane slowly:

.. math::
    \tau \dot m = \frac{1}{1 + e^{-(V + D m - V_h)/k}} - m, \qquad I = \bar g\,m\,(E_{Ca} - V)

All of it is calcium. In motor neurons it activates near the spike threshold and is as large as the currents of their
synapses: it amplifies them. It flows in the dendrites, and holds them above the cell body by :math:`D m`: the two
compartments of Booth & Rinzel (1995) with the current between them at rest. So it goes off at a lower potential than it
came on, and a cell can fire on when the input has gone.
Nimodipine takes away the persistent
conductance, and of the charge of a spike the share that L-type channels carry; cadmium takes away both.
4-AP broadens the spike, and more comes in. Nimodipine binds better to depolarised membranes, which is left out.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

calcium_channel = Mechanism(
    name="calcium_channel",
    q10=Q10(2.5, "assumed", "Pahlavan2023", "gating of voltage-gated channels, alike in all classes"),
    equations="""
    dcalcium_channel_open/dt = (calcium_channel_steady - calcium_channel_open)/calcium_channel_time_constant : 1
    calcium_channel_steady = 1/(1 + exp(-(membrane_potential + dendritic_depolarisation*calcium_channel_open - calcium_channel_half_activation)/calcium_channel_slope)) : 1
    l_type_left = 1/(1 + nimodipine_bath/nimodipine_inhibition) : 1
    calcium_channels_left = 1/(1 + cadmium_bath/cadmium_inhibition) : 1
    spike_calcium_left = calcium_channels_left*(1 - l_type_fraction*(1 - l_type_left))*(1 + aminopyridine_calcium_gain*aminopyridine_binding) : 1
    calcium_channel_current = calcium_channel_conductance*calcium_channels_left*l_type_left*calcium_channel_open*(calcium_reversal - membrane_potential) : amp
    """,
    parameters=(
        Parameter(
            "calcium_per_spike", 1.0, "pC", "calcium charge that enters with one spike",
            "fitted", rationale="free calcium rises by tens of nM per spike in the cell body",
            per_cell=True, spread=0.1, low=0.0, high=1e3,
        ),
        Parameter(
            "calcium_channel_conductance", 0.3, "nS", "persistent calcium conductance",
            "assumed", rationale="kept small because uncompensated", per_cell=True, low=0.0, high=1e3,
        ),
        Parameter(
            "calcium_channel_half_activation", -30.0, "mV", "half activation", "measured",
            source="Xu2001", preparation="cloned Cav1.3, -30…-40 mV", per_cell=True, low=-80.0, high=20.0,
        ),
        Parameter(
            "dendritic_depolarisation", 0.0, "mV", "how far the persistent current, fully open, lifts the dendrites "
            "above the cell body", "assumed", rationale="0 where the channels are where the spike begins",
            per_cell=True, low=0.0, high=60.0,
        ),
        Parameter(
            "calcium_channel_time_constant", 40.0, "ms", "opening and closing", "assumed",
            source="Powers2012", rationale="slow: persistent calcium currents amplify inputs below 5 Hz alone; "
            "30–80 ms in models of motor neurons", low=0.5, high=1e4,
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
        Parameter(
            "nimodipine_inhibition", 1.0, "uM", "nimodipine for half block of low-threshold L-type "
            "channels", "assumed", source="Xu2001", rationale="Cav1.3 needs micromolar dihydropyridines, "
            "some ten times more than Cav1.2; 10–20 µM block persistent inward currents of motor "
            "neurons", low=1e-3, high=1e3,
        ),
        Parameter(
            "l_type_fraction", 0.45, "", "share of a spike's calcium charge that L-type channels carry",
            "assumed", source="Sayer1993", rationale="nimodipine blocks 40–50 % of the high-threshold "
            "peak current of human neocortical cells; a brief spike may open fewer", low=0.0, high=1.0,
        ),
        Parameter(
            "cadmium_inhibition", 4.0, "uM", "cadmium for half block of calcium channels", "assumed",
            source="Hinkle1987", rationale="half block of depolarisation-stimulated calcium uptake, pituitary "
            "cells; 20 µM block virtually all high-threshold channels of sensory neurons", low=1e-3,
            high=1e4,
        ),
        Parameter(
            "aminopyridine_calcium_gain", 1.0, "", "calcium of a spike added by saturating 4-AP, over "
            "normal", "assumed", rationale="a spike of twice the width; widths of two to three times are "
            "seen", low=0.0, high=10.0,
        ),
    ),
    requires={
        "aminopyridine_binding": "",
        "nimodipine_bath": "mM",
        "cadmium_bath": "mM",
        "membrane_potential": "V",
        "calcium_charge": "C",
        "alive": "",
    },
    provides={"cadmium_inhibition": "mM", "spike_calcium_left": "", "calcium_channel_current": "A"},
    initial={"calcium_channel_open": "1/(1 + exp(-(membrane_potential - calcium_channel_half_activation)/calcium_channel_slope))"},
    contributes={
        "inward_current": "calcium_channel_current",
        "calcium_current": "calcium_channel_current",
    },
    on_spike="calcium_charge += alive*calcium_per_spike*spike_calcium_left",
)  # fmt: skip
