r"""Membrane: a leaky integrator whose leak is made of ions and a pump.

.. math::
    C \dot V = -g_K (V-E_K) - g_{Na} (V-E_{Na}) - I_{transport} + I_{syn} + \dots

The leak is split into a potassium and a sodium part such that, with the electrogenic
Na+/K+ pump exporting the sodium that leaks in (three charges out, two in), the membrane
rests at ``resting_potential``:

.. math::
    g_{Na} / g_{leak} = \frac{V_r - E_K}{(V_r - E_K) + \tfrac{2}{3}(E_{Na} - V_r)}

So a failing pump depolarises the cell through its own equations: the outward pump current
goes, and :math:`E_K`, :math:`E_{Na}` run down. These reversal potentials, the net current
of the transporters and ``alive`` are written by the slow clock. For the refractory period after
a spike the cell cannot fire (its membrane goes on). A spike repolarises to ``reset_potential``, but not closer to :math:`E_K` than ``repolarisation_limit``: a cell that has
lost its potassium gradient cannot repolarise, and falls into depolarisation block.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

membrane = Mechanism(
    name="membrane",
    q10=Q10(3.1, "measured", "Lowitzsch1977", "absolute refractory period of human sensory nerve, 20–35 °C"),
    equations="""
    dmembrane_potential/dt = alive*(inward_current - transport_current)/membrane_capacitance : volt
    excitable_from : second
    leak_current = potassium_leak*(potassium_reversal - membrane_potential) + sodium_leak*(sodium_reversal - membrane_potential) : amp
    potassium_leak : siemens (constant)
    sodium_leak : siemens (constant)
    transport_current : amp
    potassium_reversal : volt
    sodium_reversal : volt
    alive : 1
    """,
    parameters=(
        Parameter(
            "membrane_capacitance", 200.0, "pF", "whole-cell capacitance", "assumed",
            source="Vogels2011", rationale="model cortical cell, after slice recordings",
            per_cell=True, low=1.0, high=1e5,
        ),
        Parameter(
            "leak_conductance", 10.0, "nS", "input conductance at rest", "assumed",
            source="Vogels2011", rationale="model cortical cell, after slice recordings",
            per_cell=True, spread=0.1, low=0.1, high=1e5,
        ),
        Parameter(
            "resting_potential", -65.0, "mV", "potential without input", "measured",
            source="Cormery2005", preparation="rat motor neuron -61…-63 mV; cortex -65 mV",
            per_cell=True, low=-100.0, high=-40.0,
        ),
        Parameter(
            "reset_potential", -58.0, "mV", "potential after a spike", "assumed",
            rationale="between rest and threshold, as in Vogels2011 (-60 mV)", per_cell=True,
            low=-100.0, high=-40.0,
        ),
        Parameter(
            "repolarisation_limit", 20.0, "mV", "distance of the reset from E_K, at least",
            "assumed", rationale="potassium channels repolarise to within 10–20 mV of E_K",
            low=0.0, high=100.0,
        ),
        Parameter(
            "refractory_period", 2.0, "ms", "absolute refractory period", "assumed",
            rationale="1–3 ms in cortical and motor neurons; caps the rate", per_cell=True,
            low=0.1, high=100.0,
        ),
        Parameter(
            "sodium_per_spike", 1.3, "", "sodium entry of a spike over the minimum C·100 mV",
            "measured", source="Alle2009", preparation="hippocampal mossy fibre, 37 °C",
            per_cell=True, low=1.0, high=10.0,
        ),
        Parameter(
            "spike_invasion", 1.0, "", "fraction of the membrane that a spike charges", "assumed",
            rationale="spikes invade the dendrites of cortical cells", per_cell=True, low=0.01, high=1.0,
        ),
    ),
    provides={
        "membrane_potential": "V",
        "potassium_reversal": "V",
        "sodium_reversal": "V",
        "transport_current": "A",
        "alive": "",
    },
    requires={
        "inward_current": "A",
        "extracellular_sodium": "mM",
        "thermal_voltage": "V",
        "resting_sodium": "mM",
        "extracellular_potassium": "mM",
        "intracellular_potassium": "mM",
        "spike_sodium_charge": "C",
    },
    contributes={
        "inward_current": "leak_current",
        "sodium_current": "sodium_leak*(sodium_reversal - membrane_potential)",
    },
    initial={
        "membrane_potential": "resting_potential",
        "excitable_from": "-1",
        "alive": "1",
        "sodium_reversal": "thermal_voltage*log(extracellular_sodium/resting_sodium)",
        "potassium_reversal": "thermal_voltage*log(extracellular_potassium/intracellular_potassium)",
        "sodium_leak": "leak_conductance*(resting_potential - potassium_reversal)/(resting_potential - potassium_reversal + 2/3*(sodium_reversal - resting_potential))",
        "potassium_leak": "leak_conductance - sodium_leak",
        "transport_current": "sodium_leak*(sodium_reversal - resting_potential)/3",
    },
    on_spike="""
    excitable_from = t + refractory_period
    membrane_potential = clip(reset_potential, potassium_reversal + repolarisation_limit, 0*volt)
    spike_sodium_charge += alive*sodium_per_spike*spike_invasion*membrane_capacitance*0.1*volt
    """,
)  # fmt: skip
