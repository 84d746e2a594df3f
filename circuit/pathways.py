"""The wiring: who projects to whom, with which receptor, how many, how strong, how late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from unshielded.mechanism import Kind

#: The synapses of ``glutamate_steady`` do not deplete: corticospinal ones rather facilitate
#: (Muir1973). Those of ``glutamate_facilitating`` release little from rest and more in a train.
Receptor = Literal[
    "glutamate", "glutamate_steady", "glutamate_facilitating", "gaba", "gaba_slow", "glycine"
]


@dataclass(frozen=True)
class Pathway:
    """A projection with a fixed number of synapses per target neuron.

    A fixed in-degree keeps the number of synapses the same for every seed. `weight` counts
    releases of unit size; `delay` is the mean, `delay_spread` the half-width of its uniform
    distribution (both in seconds).
    """

    source: str
    target: str
    receptor: Receptor
    in_degree: int
    weight: float
    delay: float
    delay_spread: float
    kind: Kind
    reference: str
    rationale: str

    @property
    def name(self) -> str:
        """``<source>_to_<target>``."""
        return f"{self.source}_to_{self.target}"


_LOCAL = (0.0015, 0.0005)
_DESCENDING = (0.010, 0.003)
_COLLATERAL = (0.002, 0.0005)

_CORTEX = (
    # Connection probabilities of layer 5 (Potjans & Diesmann 2014) × source size.
    Pathway("pyramidal", "pyramidal", "glutamate", 40, 2.6, *_LOCAL, "fitted", "Potjans2014",
            "probability 0.083 measured; weight fitted to the rates at rest"),
    Pathway("pyramidal", "pv", "glutamate", 29, 5.5, *_LOCAL, "fitted", "Potjans2014",
            "probability 0.060 measured; weight fitted to the rates at rest; strong within layer 5 "
            "(Apicella2012)"),
    Pathway("pyramidal", "sst", "glutamate_facilitating", 12, 2.8, *_LOCAL, "fitted", "Silberberg2007",
            "all excitation of the class, fitted to its rate at rest; few synapses, so that their cells do not "
            "fire as one"),
    Pathway("pyramidal", "vip", "glutamate", 12, 23.0, *_LOCAL, "fitted", "",
            "all excitation of the class, in place of other areas' too, fitted to some 6 Hz at rest"),
    Pathway("pv", "pyramidal", "gaba", 30, 2.7, *_LOCAL, "fitted", "Potjans2014",
            "probability 0.373 measured for all interneurons; weight fitted to the rates at rest"),
    Pathway("pv", "pv", "gaba", 22, 3.0, *_LOCAL, "fitted", "Potjans2014",
            "probability 0.316 measured for all interneurons; weight fitted to the rates at rest"),
    Pathway("sst", "pyramidal", "gaba_slow", 15, 0.75, *_LOCAL, "fitted", "Potjans2014",
            "probability 0.373 measured for all interneurons; dendritic"),
    Pathway("sst", "pv", "gaba", 10, 1.0, *_LOCAL, "assumed", "Pfeffer2013",
            "somatostatin cells inhibit every class but themselves"),
    Pathway("sst", "vip", "gaba", 8, 2.0, *_LOCAL, "assumed", "Pfeffer2013",
            "somatostatin cells inhibit every class but themselves"),
    Pathway("vip", "sst", "gaba", 10, 1.5, *_LOCAL, "assumed", "Pfeffer2013",
            "VIP cells inhibit somatostatin cells, and hardly any other"),
)  # fmt: skip


def _spinal(pool: str, collaterals: int) -> tuple[Pathway, ...]:
    """What every motor pool of the cord gets, and its collaterals to Renshaw cells."""
    back = Pathway(
        pool,
        "renshaw",
        "glutamate",
        collaterals,
        6.4,
        *_COLLATERAL,
        "assumed",
        "Watanabe2015",
        "connectivity 6 % in the source; more here for the smaller pool",
    )
    return (
        Pathway("pyramidal", pool, "glutamate_steady", 200, 0.125, *_DESCENDING, "assumed", "Porter1993",
                "potentials of one fibre of about 0.1 mV; half of the fibres reach a motor neuron"),
        Pathway("v2a", pool, "glutamate", 100, 5.0, *_COLLATERAL, "fitted", "Berg2007",
                "in a contraction excitation and inhibition are several times the leak"),
        Pathway("v1", pool, "glycine", 32, 4.8, *_COLLATERAL, "fitted", "Berg2007",
                "in a contraction excitation and inhibition are several times the leak"),
        Pathway("v2b", pool, "gaba", 20, 4.8, *_COLLATERAL, "fitted", "Berg2007",
                "in a contraction excitation and inhibition are several times the leak"),
        *((back,) if collaterals else ()),
        Pathway("renshaw", pool, "glycine", 10, 1.0, *_COLLATERAL, "assumed", "Watanabe2015",
                "connectivity 4 % in the source; more here for the smaller pool"),
        Pathway("ia", pool, "glycine", 6, 1.0, *_COLLATERAL, "assumed", "",
                "reciprocal inhibition, driven by the command to the antagonist"),
    )  # fmt: skip


_PREMOTOR = "premotor circuits are recurrent and balanced"

_CORD = (
    *_spinal("motor_s", 6),
    *_spinal("motor_fr", 3),
    *_spinal("motor_ff", 3),
    *_spinal("motor_buffered", 0),
    Pathway("pyramidal", "ia", "glutamate_steady", 20, 2.4, *_DESCENDING, "assumed", "",
            "the corticospinal tract drives Ia interneurons in parallel to motor neurons"),
    *(
        Pathway("pyramidal", target, "glutamate_steady", 20, 2.6, *_DESCENDING, "fitted", "",
                "the corticospinal tract ends mostly on interneurons; without it they are all but silent")
        for target in ("v2a", "v1", "v2b")
    ),
    *(
        Pathway("v2a", target, "glutamate", 10, 1.0, *_COLLATERAL, "assumed", "Petersen2014", _PREMOTOR)
        for target in ("v2a", "v1", "v2b")
    ),
    *(
        Pathway("v1", target, "glycine", 8, 3.0, *_COLLATERAL, "assumed", "Petersen2014", _PREMOTOR)
        for target in ("v2a", "v1", "v2b")
    ),
    *(
        Pathway("v2b", target, "gaba", 8, 3.0, *_COLLATERAL, "assumed", "Petersen2014", _PREMOTOR)
        for target in ("v2a", "v1", "v2b")
    ),
    Pathway("renshaw", "ia", "glycine", 6, 1.0, *_COLLATERAL, "assumed", "Hultborn1971",
            "recurrent inhibition of Ia inhibitory interneurons"),
)  # fmt: skip

PATHWAYS: dict[str, Pathway] = {p.name: p for p in (*_CORTEX, *_CORD)}
