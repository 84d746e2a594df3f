"""Rules for the section ``solver``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from unshielded.config.findings import Finding
from unshielded.config.reading.tree import Path
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.quantity import write_quantity
from unshielded.config.sections.schema import Config
from unshielded.config.sections.section import LONGEST_RUN

SOLVER: Final[Path] = ("solver",)
_DURATION: Final[Path] = ("duration",)
_STIMULATION: Final[Path] = ("stimulation",)
_MEMBRANE: Final[Path] = ("record", "membrane")
_DRIVE: Final[Path] = ("drive",)


def check(config: Config, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what does not fit the solver, or needs one."""
    solver = config.solver
    if solver is None:
        if config.duration > LONGEST_RUN:
            yield Finding(
                _DURATION,
                f"{_written(config.duration)} is too long for full spiking simulation",
                f"at most {LONGEST_RUN / 86400:g} days, or a solver",
                "add 'solver: {kind: multiscale}'",
                involves=(_DURATION, SOLVER),
            )
        yield from _slow_without(config, catalogue)
        return
    if solver.settle >= solver.window:
        yield Finding(
            (*SOLVER, "settle"),
            f"{_written(solver.settle)} leaves nothing of the window of {_written(solver.window)}",
            "less than the window",
            involves=(SOLVER,),
        )
    for name in ("window", "settle"):
        value = getattr(solver, name)
        slow = config.numerics.slow_steps_per_second
        if value * slow != round(value * slow):
            yield Finding(
                (*SOLVER, name),
                f"{_written(value)} is not a whole number of slow steps",
                f"a multiple of 1/{slow} s",
                involves=(SOLVER, ("numerics", "slow_steps_per_second")),
            )
    if solver.largest_step < solver.window:
        yield Finding(
            (*SOLVER, "largest_step"),
            f"{_written(solver.largest_step)} is shorter than the window",
            f"at least {_written(solver.window)}",
            involves=(SOLVER,),
        )
    if config.duration < solver.window:
        yield Finding(
            _DURATION,
            f"{_written(config.duration)} is shorter than a window of the solver",
            f"at least {_written(solver.window)}",
            involves=(_DURATION, SOLVER),
        )
    if not any(p.carries_calcium and p.size for p in config.circuit.populations.values()):
        yield Finding(
            SOLVER,
            "no neuron carries the calcium submodel, and nothing else ages",
            "a population with carries_calcium: true and a size above 0",
            involves=(SOLVER, ("circuit", "populations"), ("culture",)),
        )
    refused = (
        (_STIMULATION, bool(config.stimulation), "magnetic pulses need full spiking simulation"),
        (_MEMBRANE, config.record.membrane is not None, "fast traces need full spiking simulation"),
        (
            (*_DRIVE, "from"),
            config.drive.from_ != 0 or config.drive.until is not None,
            "the command of every window is the same",
        ),
    )
    for path, given, why in refused:
        if given:
            hint = "remove it, or remove 'solver'"
            yield Finding(path, why, "nothing here with a solver", hint, involves=(path, SOLVER))


def _slow_without(config: Config, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield parameters that would have no effect without a solver."""
    places: list[tuple[Path, Mapping[str, float]]] = [(("parameters",), config.parameters)]
    for name, population in config.circuit.populations.items():
        places.append((("circuit", "populations", name, "parameters"), population.parameters))
    for section, given in places:
        for name in sorted(catalogue.slow & set(given)):
            yield Finding(
                (*section, name),
                f"{name} acts over days to years, longer than a full spiking simulation",
                "a solver",
                "add 'solver: {kind: multiscale}'",
                involves=((*section, name), SOLVER),
                at_key=True,
            )


def _written(value: float) -> str:
    return str(write_quantity(value, "s"))
