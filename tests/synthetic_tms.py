"""A muscle whose thresholds are known, in place of the circuit.

A pulse of intensity S fires the units whose own threshold lies below S times a factor of chance, one
per trial. Conditioning divides S by 1 + inhibition(isi). The median response to an intensity is that
without chance, so the intensity that reaches an amplitude in half of the trials can be computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from unshielded.arrays import Array, Integers
from unshielded.tms_sessions.emg import MotorUnitSpikes, Muscle, emg
from unshielded.tms_sessions.protocol import Design

RATE = 8192.0
_LATENCY = 8e-3


@dataclass(frozen=True)
class Arm:
    """An arm to stimulate.

    Attributes
    ----------
    inhibition
        ISI (s) → relative rise of every threshold.
    spread
        Standard deviation of the logarithm of the factor of chance.
    silence
        After a pulse during a contraction, s.
    rate
        Of each unit in a contraction, Hz.
    """

    inhibition: Callable[[float], float] = lambda isi: 0.0
    spread: float = 0.05
    silence: float = 0.15
    rate: float = 12.0
    units: int = 120
    seed: int = 0

    @property
    def muscle(self) -> Muscle:
        """Small units first; 40 to 400 µV, 20 to 12 ms."""
        rank = np.linspace(0, 1, self.units)
        return Muscle(40e-6 * 10**rank, 20e-3 - 8e-3 * rank)

    @property
    def thresholds(self) -> Array:
        """Of the units, per cent: the smallest is recruited first."""
        return 45.0 * np.exp(0.7 * np.linspace(0, 1, self.units))

    def __call__(self, design: Design) -> MotorUnitSpikes:
        random = np.random.default_rng([self.seed, len(design.trials)])
        times, units = [np.zeros(0)], [np.zeros(0, np.int64)]
        if design.level:
            count = int(self.rate * design.duration * self.units)
            times.append(random.uniform(0, design.duration, count))
            units.append(random.integers(0, self.units, count))
            for trial in design.trials:
                silent = (times[1] > trial.at) & (times[1] < trial.at + self.silence)
                times[1], units[1] = times[1][~silent], units[1][~silent]
        for trial in design.trials:
            fired = self.fired(trial.test, trial.isi, np.exp(self.spread * random.normal()))
            times.append(np.full(len(fired), trial.at + _LATENCY))
            units.append(fired)
            first = self.fired(trial.conditioning) if trial.isi else fired[:0]
            times.append(np.full(len(first), trial.at - trial.isi + _LATENCY))
            units.append(first)
        return MotorUnitSpikes(
            np.concatenate(times), np.concatenate(units), self.muscle, design.duration
        )

    def fired(self, intensity: float, isi: float = 0.0, chance: float = 1.0) -> Integers:
        """Return the units that a pulse fires."""
        strength = intensity * chance / (1 + (self.inhibition(isi) if isi else 0.0))
        return np.flatnonzero(self.thresholds < strength)

    def median_amplitude(self, intensity: float) -> float:
        """Return the response to a pulse without chance, V from peak to peak."""
        fired = self.fired(intensity)
        when = np.full(len(fired), 0.01)
        return float(np.ptp(emg(MotorUnitSpikes(when, fired, self.muscle, 0.1))))

    def intensity(self, amplitude: float) -> float:
        """Return the lowest intensity whose median response reaches an amplitude."""
        tested = np.arange(30.0, 100.0, 0.01)
        # the response changes only where a unit is added
        counts = np.array([len(self.fired(s)) for s in tested])
        first = tested[np.r_[0, np.flatnonzero(np.diff(counts)) + 1]]
        return next(float(s) for s in first if self.median_amplitude(s) >= amplitude)
