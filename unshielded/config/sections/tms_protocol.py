"""The ``tms`` section: what ``unshielded tms`` measures, and with how many trials.

Intensities of a recruitment curve are per cent of the maximum stimulator output. All others are
relative to a threshold that the session itself finds.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, model_validator

from unshielded.config.sections.quantity import Quantity, config_error
from unshielded.config.sections.section import LONGEST_RUN, Section

#: The most that a stimulator of this model gives, per cent of its nominal maximum.
LARGEST_INTENSITY: Final = 200.0

Intensity = Annotated[float, Quantity("", low=0, high=LARGEST_INTENSITY)]
Ratio = Annotated[float, Quantity("", above=0, high=4)]
Isi = Annotated[float, Quantity("ms", low=0.5, high=100)]
Interval = Annotated[float, Quantity("s", low=0.1, high=60)]
Amplitude = Annotated[float, Quantity("mV", above=0, high=100)]
Trials = Annotated[int, Field(ge=2, le=10_000)]


def _rising(values: Any) -> Any:
    for before, after in pairwise(values):
        if after <= before:
            raise config_error(f"{after:g} follows {before:g}", "values that rise")
    return values


def _several(values: tuple[float, ...]) -> tuple[float, ...]:
    if len(values) < 3:
        raise config_error(f"{len(values)} values", "at least 3, or no curve can be fitted")
    return values


class ResponseWindow(Section):
    """When after a pulse the motor evoked potential is looked for."""

    from_: Annotated[
        float, Quantity("ms", low=0, high=1000), Field(alias="from", description="start")
    ] = 10e-3
    until: Annotated[float, Quantity("ms", low=0, high=1000), Field(description="end")] = 60e-3

    @model_validator(mode="after")
    def _in_order(self) -> ResponseWindow:
        if self.until <= self.from_:
            what = f"{1e3 * self.until:g} ms is not after 'from'"
            raise config_error(what, f"a time after {1e3 * self.from_:g} ms")
        return self


class Recruitment(Section):
    """Single pulses at rest: input–output curve and resting motor threshold."""

    intensities: Annotated[
        tuple[Intensity, ...],
        Field(strict=False, description="per cent of the maximum stimulator output"),
        AfterValidator(_rising),
        AfterValidator(_several),
    ] = tuple(20.0 + 2.5 * step for step in range(33))
    trials: Annotated[Trials, Field(description="per intensity")] = 5


class Tracking(Section):
    """Paired pulses: the test intensity that reaches the target, for each interval."""

    conditioning: Annotated[
        Ratio, Field(description="first pulse, times the resting motor threshold")
    ] = 0.7
    isis: Annotated[
        tuple[Isi, ...],
        Field(strict=False, min_length=1, description="times from the first to the second pulse"),
        AfterValidator(_rising),
    ] = (1e-3, 1.5e-3, 2e-3, 2.5e-3, 3e-3, 3.5e-3, 4e-3, 5e-3, 6e-3, 7e-3)
    target: Annotated[Amplitude, Field(description="motor evoked potential to reach")] = 0.2e-3
    tests: Annotated[
        tuple[Ratio, Ratio],
        Field(
            strict=False,
            description="lowest and highest second pulse, times the unconditioned intensity; the "
            "trials are spread evenly between them",
        ),
        AfterValidator(_rising),
    ] = (0.88, 1.32)
    trials: Annotated[Trials, Field(description="pairs per interval")] = 48
    control_trials: Annotated[
        Trials, Field(description="single pulses of the same intensities, between the pairs")
    ] = 144


class PairedAmplitude(Section):
    """Paired pulses at one test intensity: conditioned over unconditioned amplitude."""

    conditioning: Annotated[
        Ratio, Field(description="first pulse, times the resting motor threshold")
    ] = 0.8
    test: Annotated[Ratio, Field(description="second pulse, times the resting motor threshold")] = (
        1.2
    )
    isis: Annotated[
        tuple[Isi, ...],
        Field(strict=False, min_length=1, description="times from the first to the second pulse"),
        AfterValidator(_rising),
    ] = (2.5e-3, 3e-3, 10e-3, 15e-3)
    trials: Annotated[Trials, Field(description="per interval, and of the test pulse alone")] = 12


class SilentPeriod(Section):
    """Single pulses during a sustained contraction."""

    intensities: Annotated[
        tuple[Ratio, ...],
        Field(strict=False, min_length=1, description="times the resting motor threshold"),
        AfterValidator(_rising),
    ] = (1.2, 1.35, 1.5)
    trials: Annotated[Trials, Field(description="per intensity")] = 15
    interval: Annotated[
        float, Quantity("s", low=0.6, high=60), Field(description="between pulses")
    ] = 1.0
    level: Annotated[
        float, Quantity("", above=0, high=100), Field(description="drive.level of the contraction")
    ] = 1.0


class Tms(Section):
    """A session of transcranial magnetic stimulation."""

    recruitment: Recruitment = Recruitment.model_construct()
    tracking: Annotated[
        Tracking | None, Field(description="null = no inhibition by threshold tracking")
    ] = Tracking.model_construct()
    amplitude: Annotated[
        PairedAmplitude | None, Field(description="null = no paired pulses by amplitude")
    ] = PairedAmplitude.model_construct()
    silent_period: Annotated[SilentPeriod | None, Field(description="null = none")] = (
        SilentPeriod.model_construct()
    )
    criterion: Annotated[
        Amplitude, Field(description="smallest motor evoked potential that counts as a response")
    ] = 50e-6
    window: ResponseWindow = ResponseWindow.model_construct()
    interval: Annotated[Interval, Field(description="between trials at rest, on average")] = 0.5
    jitter: Annotated[
        float,
        Quantity("", low=0, high=0.5),
        Field(description="largest deviation from the interval, as a fraction of it"),
    ] = 0.1
    settling: Annotated[
        float, Quantity("s", low=0, high=600), Field(description="before the first pulse")
    ] = 2.0
    times: Annotated[
        tuple[Annotated[float, Quantity("s", low=0, high=LONGEST_RUN)], ...] | None,
        Field(
            strict=False,
            min_length=1,
            description="the experiment is run, and a session is held with each population's loss "
            "as it is at these times; null = one session, of the config as it is",
        ),
    ] = None
