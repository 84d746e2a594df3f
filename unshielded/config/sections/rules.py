"""Rules that join several settings: those of every section."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unshielded.config.findings import Finding, steps, wrong
from unshielded.config.reading.tree import Path
from unshielded.config.sections import (
    bath,
    circuit,
    culture,
    drive,
    kinetics,
    numerics,
    preparation,
    solver,
    therapies,
    trial,
    unused,
)
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.schema import Config

#: What a rule joins with another setting.
JOINED: Final = tuple(
    map(
        steps,
        ("duration", "numerics", "circuit.scale", "circuit.populations", "circuit.pathways",
         "circuit.interneuron_loss", "circuit.loss", "drive.from", "drive.until", "stimulation", "record.interval",
         "record.membrane", "bath", "therapies", "culture", "solver", "preparation",
         "parameters.permeable_ampa_fraction", *(f"parameters.{name}" for name in kinetics.NAMES)),
    )
)  # fmt: skip

#: Settings of which two or more decide the rate of external releases.
RELEASES: Final = tuple(map(steps, drive.RELEASES))

#: Settings that decide what there is and what runs: as a whole, and in parts.
_WHOLE: Final = tuple(map(steps, ("solver", "circuit")))
_PARTS: Final = tuple(map(steps, ("circuit.populations", "circuit.pathways")))

#: What a culture has something to say about.
JOINED_IN_CULTURE: Final = tuple(
    map(steps, ("culture", "circuit", "drive.command", "stimulation", "parameters"))
)


def decides_use(setting: Path) -> bool:
    """Tell whether a setting decides which parameters are of use: what there is, and what runs."""
    if setting[:2] in _PARTS:
        return len(setting) < 4 or setting[3] in ("size", "carries_calcium", "in_degree")
    return setting[0] == "culture" or setting in _WHOLE


def check(config: Config, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what does not fit together in a config whose single settings are right."""
    duration, end = config.duration, config.end
    pulses = bool(config.stimulation)
    if config.culture is not None:
        yield from culture.check(
            config.culture, config.circuit, config.drive, config.parameters, pulses=pulses
        )
    elif not any(population.size for population in config.circuit.populations.values()):
        yield wrong("circuit.populations", "there is no neuron in any population", "a size above 0")
    if config.solver is None:
        yield from solver.check_without(duration, config.circuit, config.parameters, catalogue)
    else:
        yield from solver.check(config.solver, duration, config.numerics, config.circuit)
        yield from solver.refused(config.drive, config.record, pulses=pulses)
    yield from preparation.check(config.preparation, catalogue, lifespan=config.solver is not None)
    given = preparation.numbers(config.preparation, catalogue) | config.parameters
    yield from circuit.check(config.circuit, given, end, catalogue)
    yield from numerics.check(config.numerics, config.record, duration)
    yield from drive.check(config.drive, config.stimulation, config.numerics, duration)
    if config.culture is None:
        yield from drive.check_releases(
            config.drive, config.circuit, given, config.numerics, catalogue
        )
    yield from bath.check(
        config.bath, config.circuit, config.parameters, config.numerics, end, catalogue
    )
    yield from kinetics.check(config.circuit, given, config.bath, config.numerics, catalogue)
    yield from unused.check(
        config.circuit,
        config.parameters,
        catalogue,
        culture=config.culture is not None,
        lifespan=config.solver is not None,
    )
    if config.trial is not None:
        yield from trial.check(config.trial, config.circuit, catalogue)
    around = therapies.Surroundings(
        start=config.start,
        end=end,
        lifespan=config.solver is not None,
        culture=config.culture is not None,
        circuit=config.circuit,
        bath=config.bath,
    )
    yield from therapies.check(config.therapies, around, catalogue)


def settled(config: Config) -> Config:
    """Return the config with the defaults that its scale, its culture or its duration makes."""
    changes: dict[str, object] = {"circuit": culture.settled(config.circuit, config.culture)}
    changes["record"] = numerics.settled(config.record, config.duration)
    if config.culture is not None and "command" not in config.drive.model_fields_set:
        changes["drive"] = config.drive.model_copy(update={"command": "rest"})
    return config.model_copy(update=changes)


def rounded(config: Config) -> Config:
    """Return the config with its intervals and the times of its bath on whole steps."""
    clocks = config.numerics
    changes = {
        "record": numerics.rounded(clocks, config.record, config.duration),
        "bath": bath.rounded(clocks, config.bath, config.end),
    }
    return config.model_copy(update=changes)
