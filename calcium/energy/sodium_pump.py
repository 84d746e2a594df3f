r"""Sodium, the Na+/K+ pump, and the gradients that the membrane lives on.

.. math::
    \frac{d[Na]}{dt} &= J_{leak} + J_{spikes} + J_{synapses} - 3 J_p + 3 J_{NCX}, \qquad
    J_i = \frac{Q_i}{F\,\mathrm{vol}\,\Delta t} \\
    J_p &= J_{max}\left(\frac{[Na]}{[Na] + K}\right)^3 \frac{[ATP]}{[ATP] + K_A}\,g(V), \qquad
    g = \frac{1}{1 + a\,e^{-0.1 V F/RT} + b\,e^{-V F/RT}} \\
    E_{Na} &= \frac{RT}{F}\ln\frac{[Na]_o}{[Na]}, \qquad
    E_K = \frac{RT}{F}\ln\frac{[K]_o}{[K]_i},\quad [K]_i = [K]_0 - ([Na] - [Na]_0)

Potassium leaves as sodium enters, until its gradient is gone. One ATP exports three sodium and
imports two potassium: one net charge out, so it works against a negative potential and slows with
it (:math:`g`, Luo & Rudy 1994). :math:`J_{max}` is set, cell by cell, such that the
pump balances leak and exchanger of the resting cell.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

sodium_pump = Mechanism(
    name="sodium_pump",
    equations="""
    dsodium/dt = sodium_entry + sodium_flux - 3*pump_flux : mmolar
    sodium_entry = leak_sodium_entry + spike_sodium_entry + synaptic_sodium_entry : mmolar/second
    leak_sodium_entry : mmolar/second
    spike_sodium_entry : mmolar/second
    synaptic_sodium_entry : mmolar/second
    pump_maximum_rate : mmolar/second (constant)
    pump_sodium = sodium/(sodium + pump_sodium_constant) : 1
    pump_voltage = 1/(1 + pump_voltage_weak*exp(-0.1*membrane_potential/thermal_voltage) + pump_voltage_strong*exp(-membrane_potential/thermal_voltage)) : 1
    pump_flux = pump_maximum_rate*pump_sodium**3*atp/(atp + pump_atp_constant)*pump_voltage : mmolar/second
    sodium_potential = thermal_voltage*log(extracellular_sodium/sodium) : volt
    potassium_potential = thermal_voltage*log(extracellular_potassium/remaining_potassium) : volt
    remaining_potassium = clip(intracellular_potassium - sodium + resting_sodium, extracellular_potassium, intracellular_potassium) : mmolar
    """,
    parameters=(
        Parameter(
            "resting_sodium", 6.0, "mM", "intracellular sodium at rest", "assumed",
            rationale="4–15 mM in neurons; the lower end for a quiescent one, as activity "
            "multiplies pumping (Howarth2012)", low=3.0, high=50.0,
        ),
        Parameter(
            "extracellular_sodium", 145.0, "mM", "extracellular sodium", "assumed",
            source="Kager2000", rationale="model constant, cerebrospinal fluid", low=20.0,
            high=300.0,
        ),
        Parameter(
            "intracellular_potassium", 133.0, "mM", "intracellular potassium at rest",
            "assumed", source="Kager2000", rationale="model constant", low=10.0, high=300.0,
        ),
        Parameter(
            "extracellular_potassium", 3.5, "mM", "extracellular potassium", "assumed",
            source="Kager2000", rationale="model constant, cerebrospinal fluid", low=0.5,
            high=50.0,
        ),
        Parameter(
            "thermal_voltage", 26.7, "mV", "RT/F at 37 °C", "measured", source="CODATA2018",
            preparation="physical constants", low=20.0, high=30.0,
            scales="absolute",
        ),
        Parameter(
            "faraday", 96485.33, "C/mol", "Faraday constant", "measured", source="CODATA2018",
            preparation="physical constant", low=96485.0, high=96486.0,
        ),
        Parameter(
            "pump_sodium_constant", 25.0, "mM", "sodium per site for half occupancy", "assumed",
            rationale="half activation of the alpha-1 and alpha-3 pumps at 10–30 mM",
            per_cell=True, low=1.0, high=100.0,
        ),
        Parameter(
            "pump_voltage_weak", 0.1245, "", "weak voltage dependence of the pump", "assumed",
            source="Luo1994", rationale="cardiac model constant", low=0.0, high=10.0,
        ),
        Parameter(
            "pump_voltage_strong", 0.04, "", "strong voltage dependence of the pump", "assumed",
            source="Luo1994", rationale="cardiac model constant, 0.0365 at 145 mM sodium × 1.09",
            low=0.0, high=10.0,
        ),
        Parameter(
            "pump_atp_constant", 0.094, "mM", "ATP for half activity", "assumed",
            source="ModelDB266637", rationale="constant of the source", low=1e-4, high=5.0,
        ),
    ),
    requires={
        "atp": "mM",
        "membrane_potential": "V",
        "sodium_flux": "mM/s",
        "outward_transport_flux": "mM/s",
        "leak_sodium_charge": "C",
        "spike_sodium_charge": "C",
        "synaptic_sodium_charge": "C",
        "cytosolic_volume": "m**3",
        "sodium_reversal": "V",
        "ncx_flux": "mM/s",
        "sodium_leak": "S",
        "resting_potential": "V",
        "resting_atp": "mM",
        "alive": "",
    },
    provides={
        "sodium": "mM",
        "sodium_entry": "mM/s",
        "spike_sodium_entry": "mM/s",
        "synaptic_sodium_entry": "mM/s",
        "thermal_voltage": "V",
        "extracellular_sodium": "mM",
        "pump_flux": "mM/s",
        "sodium_potential": "V",
        "potassium_potential": "V",
    },
    contributes={
        "atp_use": "pump_flux",
        "outward_transport_flux": "pump_flux",
    },
    initial={
        "sodium": "resting_sodium",
        "pump_maximum_rate": "(sodium_leak*(sodium_reversal - resting_potential)/(3*faraday*cytosolic_volume) + ncx_flux)*((resting_sodium + pump_sodium_constant)/resting_sodium)**3*(resting_atp + pump_atp_constant)/resting_atp*(1 + pump_voltage_weak*exp(-0.1*resting_potential/thermal_voltage) + pump_voltage_strong*exp(-resting_potential/thermal_voltage))",
    },
    before_step="""
    leak_sodium_entry = leak_sodium_charge/(faraday*cytosolic_volume*dt)
    spike_sodium_entry = spike_sodium_charge/(faraday*cytosolic_volume*dt)
    synaptic_sodium_entry = synaptic_sodium_charge/(faraday*cytosolic_volume*dt)
    """,
    after_step="""
    transport_current = alive*outward_transport_flux*faraday*cytosolic_volume
    sodium_reversal = sodium_potential
    potassium_reversal = potassium_potential
    """,
    records=(
        Recorded("sodium", "mM", "intracellular sodium"),
        Recorded("membrane_potential", "mV", "membrane potential of the cell"),
    ),
)  # fmt: skip
