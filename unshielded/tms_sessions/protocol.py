"""What is done in a session: trials with their pulses, in random order.

Trials are a fixed design: every interval is tested at the same intensities in one random order. Threshold tracking at the bench picks the next intensity from the last response;
both look for the intensity that reaches the target in half of the trials.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from unshielded.config.sections.drive import LARGEST_INTENSITY
from unshielded.config.sections.tms_protocol import PairedAmplitude, Tms

#: After the last pulse, s: what is looked at of its trial.
_TAIL: Final = 0.5

RECRUITMENT, CONTROL, PAIR = "recruitment", "control", "pair"
AMPLITUDE, SILENT = "amplitude", "silent_period"
#: Inhibition at long intervals (LICI), facilitation at short ones (SICF).
LONG, FACILITATION = "long_interval", "facilitation"

#: Kinds of trials that are compared by amplitude.
BY_AMPLITUDE: Final = (AMPLITUDE, LONG, FACILITATION)


@dataclass(frozen=True)
class PulseTrial:
    """One trial: a test pulse, alone or after a conditioning pulse.

    Attributes
    ----------
    kind
        What it is for.
    test
        Intensity of the test pulse, per cent of the maximum stimulator output.
    isi
        From the conditioning to the test pulse, s; 0 without a conditioning pulse.
    conditioning
        Its intensity, per cent; 0 without one.
    at
        Time of the test pulse, s.
    """

    kind: str
    test: float
    isi: float = 0.0
    conditioning: float = 0.0
    at: float = 0.0

    @property
    def pulses(self) -> tuple[tuple[float, float], ...]:
        """Time and intensity of each pulse of the trial."""
        test = (self.at, self.test)
        return ((self.at - self.isi, self.conditioning), test) if self.isi else (test,)


@dataclass(frozen=True)
class Design:
    """One run of a session.

    Attributes
    ----------
    name
        Of the stage.
    trials
        In order of time.
    duration
        In s.
    level
        Of the contraction; 0 at rest.
    """

    name: str
    trials: tuple[PulseTrial, ...]
    duration: float
    level: float = 0.0

    @property
    def pulses(self) -> list[tuple[float, float]]:
        """Time (s) and intensity of every pulse, in order of time."""
        return [pulse for trial in self.trials for pulse in trial.pulses]


def recruitment(tms: Tms, rate: float, random: np.random.Generator) -> Design:
    """Return single pulses over the whole range of intensities, at rest.

    Parameters
    ----------
    rate
        Fast steps per second: pulses lie on whole steps, so that every pair of an interval has
        the same.
    random
        Draws order and jitter.
    """
    asked = tms.recruitment
    trials = [
        PulseTrial(RECRUITMENT, test) for test in asked.intensities for _ in range(asked.trials)
    ]
    return _design("recruitment", trials, tms, tms.interval, rate, random)


def pairs(
    tms: Tms, motor_threshold: float, unconditioned: float, rate: float, random: np.random.Generator
) -> Design | None:
    """Return the paired pulses, and the single ones that they are compared with, at rest.

    Parameters
    ----------
    motor_threshold, unconditioned
        Resting motor threshold, and the intensity that reaches the target, per cent of maximum.

    Returns
    -------
    Design or None
        None where the config asks for none.
    """
    trials = [*_tracking(tms, motor_threshold, unconditioned), *_by_amplitude(tms, motor_threshold)]
    if not trials:
        return None
    return _design("pairs", trials, tms, tms.interval, rate, random)


def silent_period(
    tms: Tms, motor_threshold: float, rate: float, random: np.random.Generator
) -> Design | None:
    """Return single pulses during a contraction; None where the config asks for none."""
    asked = tms.silent_period
    if asked is None:
        return None
    tests = _possible(motor_threshold * ratio for ratio in asked.intensities)
    trials = [PulseTrial(SILENT, test) for test in tests for _ in range(asked.trials)]
    if not trials:
        return None
    return _design("silent_period", trials, tms, asked.interval, rate, random, asked.level)


def by_amplitude(tms: Tms) -> list[tuple[str, PairedAmplitude]]:
    """Return what is compared by amplitude, of :data:`BY_AMPLITUDE`, with its settings."""
    asked = zip(BY_AMPLITUDE, (tms.amplitude, tms.long_interval, tms.facilitation), strict=True)
    return [(kind, settings) for kind, settings in asked if settings is not None]


def longest(tms: Tms) -> float:
    """Return the biological time of a whole session, s, when no stage is left out."""
    tracking, silent = tms.tracking, tms.silent_period
    compared = [asked for _, asked in by_amplitude(tms)]
    rest = len(tms.recruitment.intensities) * tms.recruitment.trials
    stages = 1 + (tracking is not None or bool(compared)) + (silent is not None)
    if tracking is not None:
        rest += len(tracking.isis) * tracking.trials + tracking.control_trials
    rest += sum((len(asked.isis) + 1) * asked.trials for asked in compared)
    contracting = 0.0
    if silent is not None:
        contracting = len(silent.intensities) * silent.trials * silent.interval
    return rest * tms.interval + contracting + stages * (tms.settling + _TAIL + 0.5)


def _tracking(tms: Tms, motor_threshold: float, unconditioned: float) -> Iterator[PulseTrial]:
    asked = tms.tracking
    if asked is None:
        return
    conditioning = _rounded(motor_threshold * asked.conditioning)
    alone = _possible(unconditioned * np.linspace(*asked.tests, asked.control_trials))
    yield from (PulseTrial(CONTROL, test) for test in alone)
    for isi in asked.isis:
        tests = _possible(unconditioned * np.linspace(*asked.tests, asked.trials))
        yield from (PulseTrial(PAIR, test, isi, conditioning) for test in tests)


def _by_amplitude(tms: Tms, motor_threshold: float) -> Iterator[PulseTrial]:
    for kind, asked in by_amplitude(tms):
        first = _rounded(motor_threshold * asked.conditioning)
        second = _rounded(motor_threshold * asked.test)
        if max(first, second) > LARGEST_INTENSITY:
            continue
        # what the second pulse adds is compared with the first alone, what the first takes with the second
        alone = first if kind == FACILITATION else second
        for isi in (0.0, *asked.isis):
            one = PulseTrial(kind, second, isi, first) if isi else PulseTrial(kind, alone)
            yield from (one for _ in range(asked.trials))


def _rounded(intensity: float) -> float:
    """Round an intensity to a tenth of a per cent, as a stimulator does at best."""
    return round(intensity, 1)


def _possible(intensities: Iterable[float]) -> list[float]:
    """Keep what the stimulator can give."""
    rounded = (_rounded(float(intensity)) for intensity in intensities)
    return [intensity for intensity in rounded if intensity <= LARGEST_INTENSITY]


def _design(
    name: str,
    trials: Sequence[PulseTrial],
    tms: Tms,
    interval: float,
    rate: float,
    random: np.random.Generator,
    level: float = 0.0,
) -> Design:
    """Shuffle the trials and place them in time."""
    order = random.permutation(len(trials))
    steps = interval * (1 + tms.jitter * random.uniform(-1, 1, len(trials)))
    times = tms.settling + np.cumsum(steps)
    placed = tuple(
        PulseTrial(
            trials[k].kind,
            trials[k].test,
            _on_grid(trials[k].isi, rate),
            trials[k].conditioning,
            _on_grid(float(at), rate),
        )
        for k, at in zip(order, times, strict=True)
    )
    return Design(name, placed, float(np.ceil(placed[-1].at + _TAIL)), level)


def _on_grid(time: float, rate: float) -> float:
    return round(time * rate) / rate
