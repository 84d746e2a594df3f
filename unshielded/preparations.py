"""Preparations: where a number is from, and at which temperature a model cell lives.

A published number belongs to a preparation: a slice, a culture or an animal, at a temperature and an age. A
run takes place in one of them. Rates and times are told at its temperature by the Q10 of their mechanisms;
what differs otherwise is listed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from unshielded.mechanism import MechanismError, Parameter
from unshielded.mechanism.temperature import BODY


@dataclass(frozen=True)
class Preparation:
    """A preparation: its temperature, what the cell is part of, its age, and numbers of its own.

    Attributes
    ----------
    name
        As configs write it.
    temperature
        In °C.
    compartment
        What of the cell is measured, and where the cell is.
    age
        Of the animal that it is from.
    description
        In a sentence.
    numbers
        Parameter → its number in this preparation, for all populations. It is taken as it is: one that
        scales with temperature is given at the preparation's.

    Raises
    ------
    MechanismError
        If a number that scales with temperature holds at another one.
    """

    name: str
    temperature: float
    compartment: Literal["soma in a slice", "whole cell in culture", "whole cell in the animal"]
    age: str
    description: str
    numbers: Mapping[str, Parameter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, number in self.numbers.items():
            if number.scaling != "fixed" and number.temperature != self.temperature:
                raise MechanismError(
                    f"preparation {self.name!r}: {name} holds at {number.temperature:g} °C, expected "
                    f"a number at {self.temperature:g} °C; give it temperature={self.temperature:g}"
                )


#: Persistent inward currents of motor neurons are those of high-threshold channels where nothing releases monoamines.
_WITHOUT_MONOAMINES: Final = {
    "calcium_channel_half_activation": Parameter(
        "calcium_channel_half_activation",
        -30.0,
        "mV",
        "half activation",
        "measured",
        source="Xu2001",
        preparation="cloned Cav1.3, -30…-40 mV; a persistent current at lower potentials needs serotonin or "
        "noradrenaline (Lee1998)",
        per_cell=True,
        low=-80.0,
        high=20.0,
    ),
    "dendritic_depolarisation": Parameter(
        "dendritic_depolarisation",
        0.0,
        "mV",
        "how far the persistent current, fully open, lifts the dendrites above the cell body",
        "assumed",
        source="Lee1998",
        rationale="plateaus need serotonin or noradrenaline, which are not in a slice or a culture",
        per_cell=True,
        low=0.0,
        high=60.0,
    ),
}

PREPARATIONS: Final[dict[str, Preparation]] = {
    p.name: p
    for p in (
        Preparation(
            "slice_21C",
            21.0,
            "soma in a slice",
            "neonatal to juvenile rodents, days to weeks",
            "acute slice of brainstem or spinal cord at room temperature, recorded at the soma",
            {
                "extrusion_rate": Parameter(
                    "extrusion_rate",
                    140.0,
                    "1/s",
                    "total calcium extruded per free calcium",
                    "measured",
                    source="Palecek1999",
                    preparation="somata of mouse spinal motor neurons, "
                    "21 °C, 140±47/s; stores and mitochondria are part of it",
                    per_cell=True,
                    spread=0.1,
                    low=0.0,
                    high=1e4,
                    temperature=21.0,
                ),
                **_WITHOUT_MONOAMINES,
            },
        ),
        Preparation(
            "culture_37C",
            BODY,
            "whole cell in culture",
            "embryonic rodents, one to three weeks in vitro",
            "primary culture of neurons in medium at body temperature",
            _WITHOUT_MONOAMINES,
        ),
        Preparation(
            "adult_37C",
            BODY,
            "whole cell in the animal",
            "adult",
            "circuit of an adult mammal at body temperature",
        ),
    )
}

#: What a run takes place in if nothing else is said.
DEFAULT: Final = "adult_37C"
