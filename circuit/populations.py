"""The populations of the circuit: sizes, and the numbers in which their neurons differ.

A population has no equations of its own. What is not listed here is the mechanisms' default.
The oculomotor-like pool is the motor pool with another calcium buffer: same membrane, same
input, same mitochondria, same thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mechanism import Kind, Parameter


@dataclass(frozen=True)
class Population:
    """A population: its size, whether its cells carry the calcium submodel, its numbers."""

    name: str
    size: int
    carries_calcium: bool
    description: str
    parameters: Mapping[str, Parameter]


def _numbers(*rows: tuple[str, float, str, Kind, str, str]) -> dict[str, Parameter]:
    """Rows of name, value, unit, kind, source, and preparation (measured) or rationale."""
    return {
        name: Parameter(
            name,
            value,
            unit,
            "",
            kind,
            source=source,
            preparation=note if kind == "measured" else "",
            rationale="" if kind == "measured" else note,
        )
        for name, value, unit, kind, source, note in rows
    }


_PYRAMIDAL = _numbers(
    ("cytosolic_volume", 5.5, "pL", "assumed", "", "area of 200 pF × 0.27 µm, as for dendrites of "
     "about 1.1 µm"),
    ("axonal_spike_charge", 49, "pC", "assumed", "Attwell2001", "unmyelinated collaterals, 4 cm of "
     "0.3 µm: 377 pF × 100 mV × 1.3"),
    ("background_rate", 3150, "Hz", "fitted", "Potjans2014", "layer-5 rates at rest, 8 Hz E and 9 Hz "
     "I: a compromise, about half and all of it"),
    ("command_rate", 700, "Hz", "fitted", "", "a command of 1 raises cortical rates moderately"),
    ("refractory_period", 4, "ms", "assumed", "", "absolute and relative; bursts stay below "
     "250 Hz"),
    ("ahp_increment", 0.8, "nS", "fitted", "Potjans2014", "layer-5 rate at rest"),
    ("ahp_time_constant", 600, "ms", "assumed", "", "medium and slow AHP of layer-5 cells lumped, "
     "100 ms to seconds"),
    ("calcium_per_spike", 1.0, "pC", "fitted", "Helmchen1996", "total 1.3 µM, free 13 nM, over "
     "the whole dendrite; 150 nM in its trunk"),
)  # fmt: skip

_MOTOR = _numbers(
    ("membrane_capacitance", 300, "pF", "assumed", "", "mouse lumbar motor neuron, 200–400 pF"),
    ("leak_conductance", 15, "nS", "assumed", "", "input resistance of 20–70 MΩ, time constant "
     "of 20 ms"),
    ("threshold_at_rest", -47, "mV", "assumed", "Cormery2005", "rat motor neurons -42…-43 mV; "
     "small cells lower"),
    ("ahp_increment", 8, "nS", "fitted", "Meehan2010", "slope and minimum rate of mouse motor "
     "neurons"),
    ("ahp_time_constant", 80, "ms", "measured", "Caillet2022", "cat, 68 ms at 1 MΩ"),
    ("buffer_capacity", 50, "", "measured", "Palecek1999", "mouse spinal motor neurons, 50±17"),
    ("cytosolic_volume", 8, "pL", "assumed", "", "area of 300 pF × 0.27 µm, as for dendrites of "
     "about 1.1 µm"),
    ("calcium_per_spike", 4.5, "pC", "fitted", "Palecek1999", "free calcium rises by about 55 nM "
     "per spike; 45–60 nM were tried, and this gives deaths within minutes of full loss"),
    ("refractory_period", 5, "ms", "assumed", "", "absolute and relative; doublets reach 200 Hz"),
    ("background_rate", 2200, "Hz", "fitted", "", "afferents other than the cortex keep the pool "
     "near threshold"),
)  # fmt: skip

_OCULOMOTOR = {
    **_MOTOR,
    **_numbers(
        ("buffer_capacity", 264, "", "measured", "Vanselow2000", "mouse oculomotor neurons, "
         "264±25"),
    ),
}  # fmt: skip

_INTERNEURON = _numbers(
    ("membrane_capacitance", 100, "pF", "assumed", "Brunel2001", "interneurons at half the "
     "capacitance of pyramidal cells"),
    ("leak_conductance", 10, "nS", "assumed", "Brunel2001", "time constant of 10 ms"),
    ("refractory_period", 1, "ms", "assumed", "Brunel2001", "fast-spiking interneuron"),
    ("ahp_increment", 0, "nS", "assumed", "", "fast-spiking cells hardly adapt"),
    ("ampa_conductance", 1.0, "uS", "assumed", "", "smaller cell"),
    ("nmda_conductance", 0.1, "uS", "assumed", "", "few NMDA receptors on fast-spiking cells"),
    ("background_rate", 1200, "Hz", "fitted", "Potjans2014", "layer-5 rate at rest, about 9 Hz"),
    ("command_rate", 150, "Hz", "fitted", "", "feed-forward inhibition follows the command"),
    ("buffer_capacity", 160, "", "measured", "Aponte2008", "parvalbumin interneurons, 100–200"),
    ("cytosolic_volume", 2, "pL", "assumed", "", "half the pyramidal volume"),
    ("calcium_per_spike", 0.3, "pC", "assumed", "", "brief spikes"),
)  # fmt: skip

_RENSHAW = _numbers(
    ("membrane_capacitance", 80, "pF", "assumed", "", "small interneurons"),
    ("leak_conductance", 6, "nS", "assumed", "", "input resistance of 100–300 MΩ"),
    ("ahp_increment", 0.5, "nS", "assumed", "", "little adaptation"),
    ("nmda_conductance", 0.1, "uS", "assumed", "", "smaller cell"),
    ("background_rate", 100, "Hz", "assumed", "", "driven by motor axon collaterals"),
    ("cytosolic_volume", 1.5, "pL", "assumed", "", "small interneurons"),
    ("calcium_per_spike", 0.3, "pC", "assumed", "", "brief spikes"),
)  # fmt: skip

POPULATIONS: dict[str, Population] = {
    p.name: p
    for p in (
        Population("pyramidal", 480, True, "layer-5 pyramidal cells, upper motor neurons",
                   _PYRAMIDAL),
        Population("motor", 120, True, "spinal motor neurons", _MOTOR),
        Population("oculomotor", 60, True, "motor neurons with the oculomotor calcium buffer",
                   _OCULOMOTOR),
        Population("interneuron", 120, False, "cortical GABAergic interneurons", _INTERNEURON),
        Population("renshaw", 40, False, "Renshaw cells", _RENSHAW),
    )
}  # fmt: skip
