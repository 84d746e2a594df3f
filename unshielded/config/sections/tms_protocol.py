"""The ``tms`` section: what ``unshielded tms`` measures, and with how many trials.

Intensities of a recruitment curve are per cent of the maximum stimulator output. All others are
relative to a threshold that the session itself finds.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from unshielded.config.sections.drive import Intensity
from unshielded.config.sections.quantity import Quantity, config_error
from unshielded.config.sections.section import LONGEST_RUN, Section

Ratio = Annotated[float, Quantity("", above=0, high=4)]
Amplitude = Annotated[float, Quantity("mV", above=0, high=100)]
Trials = Annotated[int, Field(ge=2, le=10_000)]


def _rising(values: Any) -> Any:
    for before, after in pairwise(values):
        if after <= before:
            raise config_error(f"{after:g} follows {before:g}", "values that rise")
    return values


Isis = Annotated[
    tuple[Annotated[float, Quantity("ms", low=0.5, high=300)], ...], AfterValidator(_rising)
]
_Delay = Annotated[float, Quantity("ms", low=0, high=1000)]


def _several(values: tuple[float, ...]) -> tuple[float, ...]:
    if len(values) < 3:
        raise config_error(f"{len(values)} values", "at least 3, or no curve can be fitted")
    return values


def _default(section: type[Section]) -> Any:
    """Return the section with all its defaults; no validation: units are slow to load."""
    return section.model_construct()


class ResponseWindow(Section):
    """When after a pulse the motor evoked potential is looked for."""

    from_: _Delay = Field(default=10e-3, alias="from", description="start")
    until: _Delay = Field(default=60e-3, description="end")

    @model_validator(mode="after")
    def _in_order(self) -> ResponseWindow:
        if self.until <= self.from_:
            what = f"{1e3 * self.until:g} ms is not after 'from'"
            raise config_error(what, f"a time after {1e3 * self.from_:g} ms")
        return self


class Recruitment(Section):
    """Single pulses at rest: input–output curve and resting motor threshold."""

    intensities: Annotated[
        tuple[Intensity, ...], AfterValidator(_rising), AfterValidator(_several)
    ] = Field(
        default=tuple(20.0 + 5.0 * step for step in range(17)),
        strict=False,
        description="per cent of the maximum stimulator output",
    )
    trials: Trials = Field(default=5, description="per intensity")


class Tracking(Section):
    """Paired pulses: the test intensity that reaches the target, for each interval."""

    conditioning: Ratio = Field(
        default=0.7, description="first pulse, times the resting motor threshold"
    )
    isis: Isis = Field(
        default=(1e-3, 1.5e-3, 2e-3, 2.5e-3, 3e-3, 4e-3, 5e-3, 7e-3),
        strict=False,
        min_length=1,
        description="times from the first to the second pulse",
    )
    target: Amplitude = Field(default=0.2e-3, description="motor evoked potential to reach")
    tests: Annotated[tuple[Ratio, Ratio], AfterValidator(_rising)] = Field(
        default=(0.88, 1.32),
        strict=False,
        description="lowest and highest second pulse, times the unconditioned intensity; the "
        "trials are spread evenly between them",
    )
    trials: Trials = Field(default=24, description="pairs per interval")
    control_trials: Trials = Field(
        default=60, description="single pulses of the same intensities, between the pairs"
    )


class PairedAmplitude(Section):
    """Paired pulses at one test intensity: conditioned over unconditioned amplitude."""

    conditioning: Ratio = Field(
        default=0.8, description="first pulse, times the resting motor threshold"
    )
    test: Ratio = Field(default=1.2, description="second pulse, times the resting motor threshold")
    isis: Isis = Field(
        default=(2.5e-3, 3e-3, 10e-3, 15e-3),
        strict=False,
        min_length=1,
        description="times from the first to the second pulse",
    )
    trials: Trials = Field(default=12, description="per interval, and of the test pulse alone")


class LongInterval(PairedAmplitude):
    """As by amplitude, after a first pulse that is itself above motor threshold."""

    conditioning: Ratio = Field(
        default=1.2, description="first pulse, times the resting motor threshold"
    )
    isis: Isis = Field(
        default=(100e-3,),
        strict=False,
        min_length=1,
        description="times from the first to the second pulse",
    )


class ShortFacilitation(PairedAmplitude):
    """A second pulse below motor threshold after one above: both over the first alone."""

    conditioning: Ratio = Field(
        default=1.1, description="first pulse, times the resting motor threshold"
    )
    test: Ratio = Field(default=0.9, description="second pulse, times the resting motor threshold")
    isis: Isis = Field(
        default=(1.5e-3, 3e-3),
        strict=False,
        min_length=1,
        description="times from the first to the second pulse",
    )


class SilentPeriod(Section):
    """Single pulses during a sustained contraction."""

    intensities: Annotated[tuple[Ratio, ...], AfterValidator(_rising)] = Field(
        default=(1.2, 1.35, 1.5),
        strict=False,
        min_length=1,
        description="times the resting motor threshold",
    )
    trials: Trials = Field(default=12, description="per intensity")
    interval: Annotated[float, Quantity("s", low=0.6, high=60)] = Field(
        default=0.9, description="between pulses"
    )
    level: Annotated[float, Quantity("", above=0, high=100)] = Field(
        default=1.0, description="drive.level of the contraction"
    )


class Tms(Section):
    """A session of transcranial magnetic stimulation."""

    recruitment: Recruitment = _default(Recruitment)
    tracking: Tracking | None = Field(
        default=_default(Tracking), description="null = no inhibition by threshold tracking"
    )
    amplitude: PairedAmplitude | None = Field(
        default=_default(PairedAmplitude), description="null = no paired pulses by amplitude"
    )
    long_interval: LongInterval | None = Field(
        default=_default(LongInterval), description="null = no inhibition at long intervals"
    )
    facilitation: ShortFacilitation | None = Field(
        default=_default(ShortFacilitation), description="null = no facilitation at short intervals"
    )
    silent_period: SilentPeriod | None = Field(
        default=_default(SilentPeriod), description="null = none"
    )
    criterion: Amplitude = Field(
        default=50e-6, description="smallest motor evoked potential that counts as a response"
    )
    window: ResponseWindow = _default(ResponseWindow)
    interval: Annotated[float, Quantity("s", low=0.1, high=60)] = Field(
        default=0.4, description="between trials at rest, on average"
    )
    jitter: Annotated[float, Quantity("", low=0, high=0.5)] = Field(
        default=0.1, description="largest deviation from the interval, as a fraction of it"
    )
    settling: Annotated[float, Quantity("s", low=0, high=600)] = Field(
        default=2.0, description="before the first pulse"
    )
    times: tuple[Annotated[float, Quantity("s", low=0, high=LONGEST_RUN)], ...] | None = Field(
        default=None,
        strict=False,
        min_length=1,
        description="the experiment is run, and a session is held with each population's loss "
        "as it is at these times; null = one session, of the config as it is",
    )
