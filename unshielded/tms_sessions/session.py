"""A session: stages one after the other, each made from what the one before has found.

:func:`hold` knows nothing of the engine: it is given a function that stimulates and returns what
the motor neurons did, so that it can be held on anything whose thresholds are known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from unshielded.arrays import Array
from unshielded.assemble.streams import stream
from unshielded.config.sections.tms_protocol import Tms
from unshielded.tms_sessions import protocol
from unshielded.tms_sessions.emg import RATE, MotorUnitSpikes, emg, epochs, peak_to_peak
from unshielded.tms_sessions.found import Example, Paired, Responses, Session, Silent, Tracked
from unshielded.tms_sessions.protocol import Design, PulseTrial
from unshielded.tms_sessions.silence import AFTER, BEFORE, Silence, rectified_average, silent_period
from unshielded.tms_sessions.threshold import (
    UNKNOWN,
    Change,
    Threshold,
    inhibition,
    mean_inhibition,
    response_threshold,
)

#: Stimulates as a design says and returns what the motor neurons did.
Stimulate = Callable[[Design], MotorUnitSpikes]

#: Intervals over which short-interval intracortical inhibition is averaged, s.
MEAN_FROM, MEAN_UNTIL = 0.9e-3, 7.1e-3

_EXAMPLE_FROM, _EXAMPLE_UNTIL = -20e-3, 80e-3  # around the test pulse, s
_EXAMPLES = 6
_FEW: Final = 0.1  # share of trials at rest with activity before the pulse that needs no warning
_ENOUGH: Final = 0.5  # share of trials at rest without which there is no resting threshold


def hold(tms: Tms, seed: int, rate: float, stimulate: Stimulate) -> Session:
    """Hold a session.

    Parameters
    ----------
    tms
        What is measured.
    seed
        Of order and jitter of the trials.
    rate
        Fast steps per second.
    stimulate
        Runs a design.
    """
    session = _Running(tms, seed, rate, stimulate)
    return session.hold()


def mep_amplitudes(design: Design, signal: Array, tms: Tms) -> Responses:
    """Measure every trial of a design on its electromyogram."""
    test = np.array([trial.at for trial in design.trials])
    first = np.array([trial.pulses[0][0] for trial in design.trials])
    start, stop = tms.window.from_, tms.window.until
    background = peak_to_peak(epochs(signal, first, start - stop, 0.0))
    return Responses(
        design.trials,
        peak_to_peak(epochs(signal, test, start, stop)),
        background,
        (background < tms.criterion) | (design.level > 0),
    )


@dataclass
class _Running:
    """A session while it is held."""

    tms: Tms
    seed: int
    rate: float
    stimulate: Stimulate
    responses: dict[str, Responses] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def hold(self) -> Session:
        tms = self.tms
        singles = self._measured(protocol.recruitment(tms, self.rate, self._random("recruitment")))
        intensity, amplitude = singles.of(protocol.RECRUITMENT)
        motor_threshold = response_threshold(intensity, amplitude >= tms.criterion)
        if singles.used.mean() < _ENOUGH:
            motor_threshold = Threshold(math.nan, math.nan, math.nan)
        target = tms.tracking.target if tms.tracking else math.nan
        unconditioned = response_threshold(intensity, amplitude >= target)
        if not motor_threshold.found:
            self._without_threshold(motor_threshold)
            return self._session(motor_threshold, unconditioned)
        rmt = motor_threshold.value
        if tms.tracking and not unconditioned.found:
            self.warnings.append(
                f"no intensity of the recruitment curve gives {1e3 * target:g} mV in half of the "
                "trials: no threshold tracking"
            )
            tms = tms.model_copy(update={"tracking": None})
        design = protocol.pairs(tms, rmt, unconditioned.value, self.rate, self._random("pairs"))
        responses = None if design is None else self._measured(design)
        tracked: tuple[Tracked, ...] = ()
        if responses and tms.tracking:
            unconditioned, tracked = self._tracked(responses, tms.tracking.target)
        return self._session(
            motor_threshold,
            unconditioned,
            tracked,
            _mean(tracked, unconditioned),
            tuple(self._paired(responses)) if responses else (),
            tuple(self._silent(rmt)),
        )

    def _session(
        self,
        motor_threshold: Threshold,
        unconditioned: Threshold,
        tracked: tuple[Tracked, ...] = (),
        mean: Change = UNKNOWN,
        paired: tuple[Paired, ...] = (),
        silent: tuple[Silent, ...] = (),
    ) -> Session:
        return Session(
            self.responses,
            motor_threshold,
            unconditioned,
            tracked,
            mean,
            paired,
            silent,
            tuple(self.examples),
            tuple(self.warnings),
        )

    def _random(self, stage: str) -> np.random.Generator:
        return stream(self.seed, "tms", stage)

    def _measured(self, design: Design) -> Responses:
        signal = emg(self.stimulate(design))
        found = mep_amplitudes(design, signal, self.tms)
        self.responses[design.name] = found
        self.examples += _examples(design, signal)
        active = float(np.mean(~found.used))
        if active > _FEW:
            self.warnings.append(
                f"{design.name}: in {100 * active:.0f} % of the trials the muscle was active before "
                "the pulse; they are left out, and the others are hardly at rest"
            )
        return found

    def _without_threshold(self, threshold: Threshold) -> None:
        tested = self.tms.recruitment.intensities
        microvolt = 1e6 * self.tms.criterion
        if threshold.side == "above":
            said = (
                f"up to {tested[-1]:g} % no intensity gives {microvolt:g} µV in half of the trials"
            )
        elif not threshold.side:
            said = "there are not enough trials at rest"
        else:
            said = f"from {tested[0]:g} % on every intensity gives {microvolt:g} µV in most trials"
        self.warnings.append(f"no resting motor threshold: {said}; nothing else is measured")

    def _tracked(
        self, responses: Responses, target: float
    ) -> tuple[Threshold, tuple[Tracked, ...]]:
        intensity, amplitude = responses.of(protocol.CONTROL)
        unconditioned = response_threshold(intensity, amplitude >= target)
        if not unconditioned.found:
            self.warnings.append(
                "between the pairs no test intensity gives the target alone: no inhibition"
            )
        found = []
        for isi in sorted({t.isi for t in responses.trials if t.kind == protocol.PAIR}):
            intensity, amplitude = responses.of(protocol.PAIR, isi)
            threshold = response_threshold(intensity, amplitude >= target)
            if not threshold.found:
                self.warnings.append(
                    f"at {1e3 * isi:.1f} ms the target lies {threshold.side} every test intensity: "
                    "widen tms.tracking.tests"
                )
            found.append(Tracked(isi, threshold, inhibition(threshold, unconditioned)))
        return unconditioned, tuple(found)

    def _paired(self, responses: Responses) -> Iterator[Paired]:
        for kind in protocol.BY_AMPLITUDE:
            isis = sorted({t.isi for t in responses.trials if t.kind == kind})
            if not isis:
                continue
            alone = responses.of(kind, 0.0)[1]
            if not alone.size or alone.mean() <= 0:
                self.warnings.append(f"{kind}: the single pulse gives no response: no ratio")
                continue
            for isi in isis[1:]:
                both = responses.of(kind, isi)[1]
                if not both.size:
                    self.warnings.append(f"{kind}: at {1e3 * isi:.1f} ms no trial is left")
                    continue
                ratio = float(both.mean() / alone.mean())
                error = math.hypot(_error(both), ratio * _error(alone)) / float(alone.mean())
                yield Paired(isi, ratio, error, kind)

    def _silent(self, motor_threshold: float) -> Iterator[Silent]:
        random = self._random("silent_period")
        design = protocol.silent_period(self.tms, motor_threshold, self.rate, random)
        if design is None:
            return
        signal = emg(self.stimulate(design))
        self.responses[design.name] = mep_amplitudes(design, signal, self.tms)
        self.examples += _examples(design, signal, -BEFORE, AFTER)
        for intensity in sorted({trial.test for trial in design.trials}):
            times = np.array([t.at for t in design.trials if t.test == intensity])
            cut = epochs(signal, times, -BEFORE, AFTER)
            silence = silent_period(cut, self.tms.window, random)
            if not math.isfinite(silence.duration):
                self.warnings.append(f"no silent period at {intensity:g} %: {_why(silence)}")
            yield Silent(intensity, silence, rectified_average(cut))


def _mean(tracked: Sequence[Tracked], unconditioned: Threshold) -> Change:
    among = [t.threshold for t in tracked if MEAN_FROM <= t.isi <= MEAN_UNTIL]
    return mean_inhibition(among, unconditioned)


def _error(values: Array) -> float:
    """Return the standard error of a mean."""
    return float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else math.nan


def _why(silence: Silence) -> str:
    if silence.activity <= 0:
        return "the muscle is silent before the pulse"
    if math.isnan(silence.onset):
        return "there is no motor evoked potential"
    if math.isinf(silence.end):
        return "activity does not return"
    return "activity does not cease"


def _examples(
    design: Design, signal: Array, start: float = _EXAMPLE_FROM, stop: float = _EXAMPLE_UNTIL
) -> Iterator[Example]:
    """Yield some trials of each kind: of single pulses one per intensity, else of one intensity."""
    groups: dict[tuple[str, float], list[PulseTrial]] = {}
    for trial in design.trials:
        groups.setdefault((trial.kind, trial.isi), []).append(trial)
    time = start + np.arange(round((stop - start) * RATE)) / RATE
    for (kind, isi), trials in sorted(groups.items()):
        tests = sorted({trial.test for trial in trials})
        if kind == protocol.RECRUITMENT:
            shown = [next(t for t in trials if t.test == test) for test in tests]
        else:
            test = tests[-1] if kind == protocol.SILENT else tests[len(tests) // 2]
            shown = sorted(trials, key=lambda trial: abs(trial.test - test))[:_EXAMPLES]
        times, intensity = np.array([[t.at, t.test] for t in shown]).T
        yield Example(kind, isi, intensity, time, epochs(signal, times, start, stop))
