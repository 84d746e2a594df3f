"""What a session finds, stage by stage."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from unshielded.arrays import Array, Mask
from unshielded.tms_sessions.protocol import AMPLITUDE, PulseTrial
from unshielded.tms_sessions.silence import Silence
from unshielded.tms_sessions.threshold import UNKNOWN, Change, Threshold, Z


@dataclass(frozen=True)
class Responses:
    """What the trials of one stage gave: one value per trial.

    Attributes
    ----------
    trials
        In order of time.
    amplitude, background
        Peak to peak, V: in the window after the test pulse, and in one as long before the first
        pulse.
    used
        Whether the trial is evaluated: at rest, those before which the muscle was silent.
    """

    trials: tuple[PulseTrial, ...]
    amplitude: Array
    background: Array
    used: Mask

    def of(self, kind: str, isi: float | None = None) -> tuple[Array, Array]:
        """Return intensity of the test pulse and amplitude, of the trials of a kind that are used."""
        chosen = [
            k
            for k, trial in enumerate(self.trials)
            if self.used[k] and trial.kind == kind and (isi is None or trial.isi == isi)
        ]
        return np.array([self.trials[k].test for k in chosen]), self.amplitude[chosen]


@dataclass(frozen=True)
class Tracked:
    """Inhibition by threshold tracking at one interval (s)."""

    isi: float
    threshold: Threshold
    inhibition: Change


@dataclass(frozen=True)
class Paired:
    """Amplitudes at one interval (s), of the pair over the single pulse, with a standard error.

    Attributes
    ----------
    kind
        Which pulses: of :data:`unshielded.tms_sessions.protocol.BY_AMPLITUDE`.
    """

    isi: float
    ratio: float
    error: float
    kind: str = AMPLITUDE

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval, on the scale of the logarithm, for a ratio is positive."""
        if not self.ratio > 0:
            return math.nan, math.nan
        factor = math.exp(Z * self.error / self.ratio)
        return self.ratio / factor, self.ratio * factor


@dataclass(frozen=True)
class Silent:
    """The silent period after pulses of one intensity, and the average it was read from (V)."""

    intensity: float
    silence: Silence
    average: Array


@dataclass(frozen=True)
class Example:
    """Single electromyograms: samples [trial, sample] in V, and their times from the pulse (s)."""

    kind: str
    isi: float
    intensity: Array
    time: Array
    signals: Array


@dataclass(frozen=True)
class Session:
    """What a session found.

    Attributes
    ----------
    responses
        Stage → its trials.
    motor_threshold
        Resting motor threshold, per cent of maximum.
    unconditioned
        Intensity that reaches the target without conditioning; from the control trials of the
        paired stage, or, without one, from the recruitment curve.
    tracked, paired, silent
        Empty where not measured.
    mean_inhibition
        Over the intervals from 1 to 7 ms.
    examples
        For figures.
    warnings
        What could not be measured, and why.
    """

    responses: dict[str, Responses]
    motor_threshold: Threshold
    unconditioned: Threshold
    tracked: tuple[Tracked, ...] = ()
    mean_inhibition: Change = UNKNOWN
    paired: tuple[Paired, ...] = ()
    silent: tuple[Silent, ...] = ()
    examples: tuple[Example, ...] = ()
    warnings: tuple[str, ...] = ()
