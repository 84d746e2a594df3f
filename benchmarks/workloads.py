"""The published networks that engines are compared on, as numbers and arrays; no engine in it.

Three benchmarks of Brette et al. (2007, J Comput Neurosci 23:349-398): current-based (CUBA) and
conductance-based (COBA) integrate-and-fire neurons, and Hodgkin-Huxley neurons with the kinetics of
Traub and Miles (HH). Wiring and initial values are drawn here, once for each seed, and given to every
engine: all simulate the same network.

Units throughout: mV, ms, nS, pF, pA.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

STEP = 0.1  # ms, of every engine


@dataclass(frozen=True)
class Workload:
    """A network: how many neurons, how they are wired, what they are.

    Attributes
    ----------
    neurons, excitatory
        All of them, and those that come first and excite.
    excitatory_inputs, inhibitory_inputs
        Synapses on every neuron, from different neurons, none from itself: 2 % of 4,000.
    delay
        From spike to synapse, in ms.
    values
        The parameters of the neurons, and what one spike adds (`excitatory_weight`,
        `inhibitory_weight`).
    """

    name: str
    neurons: int
    excitatory: int
    excitatory_inputs: int
    inhibitory_inputs: int
    delay: float
    values: Mapping[str, float]

    @property
    def populations(self) -> dict[str, slice]:
        """Name → which neurons."""
        return {
            "excitatory": slice(0, self.excitatory),
            "inhibitory": slice(self.excitatory, self.neurons),
        }

    @property
    def synapses(self) -> int:
        """How many."""
        return self.neurons * (self.excitatory_inputs + self.inhibitory_inputs)


_CELL = {
    "capacitance": 200.0,
    "leak": 10.0,
    "resting": -60.0,
    "excitatory_decay": 5.0,
    "inhibitory_decay": 10.0,
}
_FIRE = {"threshold": -50.0, "reset": -60.0, "refractory": 5.0}
_CONDUCTANCES = {
    "excitatory_reversal": 0.0,
    "inhibitory_reversal": -80.0,
    "excitatory_weight": 6.0,
    "inhibitory_weight": 67.0,
}

#: Benchmark 2. The resting potential lies above the threshold and stands for a background current.
#: Currents of one spike: conductances of 0.27 and 4.5 nS times the driving forces at -60 mV, 60 and
#: 20 mV, as in the authors' script for Brian; NEST's own script has 139.5 pA for inhibition.
CUBA = Workload(
    "CUBA", 4000, 3200, 64, 16, 0.1,
    {**_CELL, **_FIRE, "resting": -49.0, "excitatory_weight": 16.2, "inhibitory_weight": 90.0},
)  # fmt: skip

#: Benchmark 1.
COBA = Workload("COBA", 4000, 3200, 64, 16, 0.1, {**_CELL, **_FIRE, **_CONDUCTANCES})

#: The neurons and in-degrees of benchmark 3, a quarter of its size. Its delay of one step would
#: make Arbor, which exchanges spikes twice in every delay, halve its step.
HH = Workload(
    "HH", 1000, 800, 64, 16, 1.0,
    {
        **_CELL,
        **_CONDUCTANCES,
        "sodium": 20_000.0,
        "potassium": 6_000.0,
        "sodium_reversal": 50.0,
        "potassium_reversal": -90.0,
        "shift": -63.0,
        "threshold": -20.0,
    },
)  # fmt: skip

WORKLOADS = {w.name: w for w in (CUBA, COBA, HH)}


@dataclass(frozen=True)
class Drawn:
    """What one seed makes of a workload: arrays over synapses and over neurons.

    Attributes
    ----------
    sources, targets
        Of each synapse; the first `excitatory_inputs * neurons` of them excite.
    potential, excitation, inhibition
        Of each neuron at the start: mV, and nS or pA.
    """

    sources: NDArray[np.int32]
    targets: NDArray[np.int32]
    potential: NDArray[np.float64]
    excitation: NDArray[np.float64]
    inhibition: NDArray[np.float64]

    def save(self, path: Path) -> None:
        """Write the arrays where a script in another environment reads them."""
        np.savez(path, **vars(self))


def draw(workload: Workload, seed: int) -> Drawn:
    """Draw wiring and initial values."""
    random = np.random.default_rng(seed)
    n, first = workload.neurons, workload.excitatory
    exciting = _choose(random, n, 0, first, workload.excitatory_inputs)
    inhibiting = _choose(random, n, first, n, workload.inhibitory_inputs)
    sources = np.concatenate([exciting.ravel(), inhibiting.ravel()]).astype(np.int32)
    targets = np.concatenate([np.repeat(np.arange(n), a.shape[1]) for a in (exciting, inhibiting)])
    values = workload.values
    if "excitatory_reversal" in values:
        # As if the network had been active: without this it would stay silent.
        potential = values["resting"] + 5.0 * random.standard_normal(n) - 5.0
        excitation = np.maximum(0.0, 40.0 + 15.0 * random.standard_normal(n))
        inhibition = np.maximum(0.0, 200.0 + 120.0 * random.standard_normal(n))
    else:
        potential = random.uniform(values["reset"], values["threshold"], n)
        excitation = inhibition = np.zeros(n)
    return Drawn(sources, targets.astype(np.int32), potential, excitation, inhibition)


def scaled(workload: Workload, neurons: int) -> Workload:
    """Return the workload at another size, in-degrees kept."""
    return replace(workload, neurons=neurons, excitatory=round(0.8 * neurons))


def _choose(
    random: np.random.Generator, neurons: int, start: int, stop: int, inputs: int
) -> NDArray[np.int64]:
    """For every neuron `inputs` different sources from a range, itself left out."""
    chosen = np.empty((neurons, inputs), np.int64)
    for target in range(neurons):
        inside = start <= target < stop
        some = start + random.choice(stop - start - inside, inputs, replace=False)
        chosen[target] = some + (inside & (some >= target))
    return chosen
