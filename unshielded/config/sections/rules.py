"""Rules that join several settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unshielded.config.findings import Finding
from unshielded.config.reading.tree import Path
from unshielded.config.sections import bath, buffers, culture, solver_check, therapy_check
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.quantity import seconds
from unshielded.config.sections.schema import Config, Loss
from unshielded.config.sections.solver import end as end_of_run

DURATION: Final[Path] = ("duration",)
FAST: Final[Path] = ("numerics", "fast_steps_per_second")
SLOW: Final[Path] = ("numerics", "slow_steps_per_second")
INTERVAL: Final[Path] = ("record", "interval")
LOSS: Final[Path] = ("circuit", "interneuron_loss")
LOSSES: Final[Path] = ("circuit", "loss")
STIMULATION: Final[Path] = ("stimulation",)
DRIVE: Final[Path] = ("drive",)
MEMBRANE: Final[Path] = ("record", "membrane")
POPULATIONS: Final[Path] = ("circuit", "populations")

#: Every setting that a rule joins with another.
JOINED: Final = (
    DURATION,
    FAST,
    SLOW,
    INTERVAL,
    LOSS,
    LOSSES,
    STIMULATION,
    ("circuit", "scale"),
    (*DRIVE, "from"),
    (*DRIVE, "until"),
    MEMBRANE,
    POPULATIONS,
    bath.BATH,
    culture.CULTURE,
    solver_check.SOLVER,
    therapy_check.THERAPIES,
)


def check(config: Config, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what does not fit together in a config whose single settings are right."""
    yield from culture.check(config)
    yield from solver_check.check(config, catalogue)
    yield from bath.check(config, catalogue)
    yield from therapy_check.check(config, catalogue)
    yield from buffers.check(config, catalogue)
    yield from _clocks(config)
    yield from _intervals(config)
    yield from _windows(config)
    yield from _pulses(config)
    if config.culture is None and not any(
        population.size for population in config.circuit.populations.values()
    ):
        yield Finding(
            POPULATIONS,
            "there is no neuron in any population",
            "a size above 0",
            involves=(POPULATIONS,),
        )


def rounded(config: Config) -> Config:
    """Return the config with its intervals on whole steps: 100 ms is 51 slow steps of 1/512 s."""
    slow, fast = config.numerics.slow_steps_per_second, config.numerics.fast_steps_per_second
    record = config.record
    changes: dict[str, object] = {"interval": round(record.interval * slow) / slow}
    if record.membrane is not None:
        interval = max(1, round(record.membrane.interval * fast)) / fast
        changes["membrane"] = record.membrane.model_copy(update={"interval": interval})
    config = config.model_copy(update={"record": record.model_copy(update=changes)})
    return bath.rounded(config)


def _clocks(config: Config) -> Iterator[Finding]:
    slow, fast = config.numerics.slow_steps_per_second, config.numerics.fast_steps_per_second
    if fast % slow:
        yield Finding(
            SLOW,
            f"{slow} slow steps do not divide {fast} fast steps",
            f"at most {fast}",
            involves=(SLOW, FAST),
        )


def _intervals(config: Config) -> Iterator[Finding]:
    slow, fast = config.numerics.slow_steps_per_second, config.numerics.fast_steps_per_second
    interval = config.record.interval
    whole = round(interval * slow)
    if whole < 1:
        yield Finding(
            INTERVAL,
            f"{seconds(interval)} is shorter than a slow step",
            f"at least {seconds(1 / slow)}",
            involves=(INTERVAL, SLOW),
        )
    elif whole / slow > config.duration:
        yield Finding(
            INTERVAL,
            f"{seconds(interval)} is longer than the run",
            f"at most the duration of {seconds(config.duration)}",
            involves=(INTERVAL, SLOW, DURATION),
        )
    membrane = config.record.membrane
    if membrane is not None and round(membrane.interval * fast) < 1:
        yield Finding(
            (*MEMBRANE, "interval"),
            f"{seconds(membrane.interval)} is shorter than a fast step",
            f"at least {seconds(1 / fast)}",
            involves=((*MEMBRANE, "interval"), FAST),
        )


def _windows(config: Config) -> Iterator[Finding]:
    drive, membrane = config.drive, config.record.membrane
    yield from _window(DRIVE, drive.from_, drive.until, config.duration)
    if membrane is not None:
        yield from _window(MEMBRANE, membrane.from_, membrane.until, config.duration)
    yield from _loss(LOSS, config.circuit.interneuron_loss, end_of_run(config))
    for name, loss in config.circuit.loss.items():
        yield from _loss((*LOSSES, name), loss, end_of_run(config))


def _loss(section: Path, loss: Loss, duration: float) -> Iterator[Finding]:
    if (loss.from_ is None) != (loss.until is None):
        given, missing = ("from", "until") if loss.until is None else ("until", "from")
        yield Finding(
            (*section, given),
            f"'{given}' is given without '{missing}'",
            "both for a growing loss, none for a constant one",
            f"add '{missing}'",
            involves=((*section, "from"), (*section, "until")),
        )
    elif loss.from_ is not None:
        yield from _window(section, loss.from_, loss.until, duration)


def _pulses(config: Config) -> Iterator[Finding]:
    """Yield pulses outside the run, and those that are not after the one before."""
    fast = config.numerics.fast_steps_per_second
    last = -1
    for place, pulse in enumerate(config.stimulation):
        path = (*STIMULATION, place, "at")
        tick = round(pulse.at * fast)
        if pulse.at >= config.duration:
            what = f"{seconds(pulse.at)} is not before the end of the run"
            expected = f"a time within the duration of {seconds(config.duration)}"
            yield Finding(path, what, expected, involves=(STIMULATION, DURATION))
        if tick <= last:
            what = f"{seconds(pulse.at)} is not after the pulse before it"
            yield Finding(path, what, "pulses in order of time, a fast step apart at least",
                          involves=(STIMULATION, FAST))  # fmt: skip
        last = tick


def _window(section: Path, start: float, end: float | None, duration: float) -> Iterator[Finding]:
    from_, until = (*section, "from"), (*section, "until")
    within = f"a time within the duration of {seconds(duration)}"
    if start >= duration:
        what = f"{seconds(start)} is not before the end of the run"
        yield Finding(from_, what, within, involves=(from_, DURATION))
    if end is None:
        return
    if end > duration:
        what = f"{seconds(end)} is after the end of the run"
        hint = f"lengthen the duration or end at {seconds(duration)}"
        yield Finding(until, what, within, hint, involves=(until, DURATION))
    if start >= end:
        what = f"{seconds(end)} is not after 'from', {seconds(start)}"
        expected = f"a time after {seconds(start)}"
        yield Finding(until, what, expected, involves=(from_, until))
