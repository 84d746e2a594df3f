"""The wiring: who projects to whom, with which receptor, how many, how strong, how late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mechanism import Kind

Receptor = Literal["glutamate", "gaba", "glycine"]


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

PATHWAYS: dict[str, Pathway] = {
    p.name: p
    for p in (
        # Cortex: connection probabilities of layer 5 (Potjans & Diesmann 2014) × source size.
        Pathway("pyramidal", "pyramidal", "glutamate", 40, 2.0, *_LOCAL, "fitted", "Potjans2014",
                "probability 0.083 measured; weight fitted to the rates at rest"),
        Pathway("pyramidal", "interneuron", "glutamate", 29, 2.0, *_LOCAL, "fitted", "Potjans2014",
                "probability 0.060 measured; weight fitted to the rates at rest"),
        Pathway("interneuron", "pyramidal", "gaba", 45, 1.3, *_LOCAL, "fitted", "Potjans2014",
                "probability 0.373 measured; weight fitted to the rates at rest"),
        Pathway("interneuron", "interneuron", "gaba", 38, 1.0, *_LOCAL, "fitted", "Potjans2014",
                "probability 0.316 measured; weight fitted to the rates at rest"),
        # Spinal cord.
        Pathway("pyramidal", "motor", "glutamate", 60, 6.0, *_DESCENDING, "fitted", "",
                "direct and relayed corticospinal input; 10–20 Hz in a sustained contraction"),
        Pathway("pyramidal", "oculomotor", "glutamate", 60, 6.0, *_DESCENDING, "fitted", "",
                "the same input as the motor pool, so that only the buffer differs"),
        Pathway("motor", "renshaw", "glutamate", 12, 4.0, *_COLLATERAL, "assumed", "Watanabe2015",
                "connectivity 6 % in the source; more here for the smaller pool"),
        Pathway("renshaw", "motor", "glycine", 10, 1.0, *_COLLATERAL, "assumed", "Watanabe2015",
                "connectivity 4 % in the source; more here for the smaller pool"),
        Pathway("renshaw", "oculomotor", "glycine", 10, 1.0, *_COLLATERAL, "assumed", "",
                "the same input as the motor pool; real oculomotor nuclei have no Renshaw cells"),
    )
}  # fmt: skip
