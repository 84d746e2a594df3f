"""A culture: isolated cells in place of the circuit, resolved into populations without synapses.

A culture is a choice of other defaults. What a config says against them is reported where it
says so; what it says in agreement (a complete dump does) is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from unshielded.config.findings import Finding
from unshielded.config.reading.tree import Path
from unshielded.config.sections.schema import LARGEST_POPULATION, Config

CULTURE: Final[Path] = ("culture",)
_POPULATIONS: Final[Path] = ("circuit", "populations")
_PATHWAYS: Final[Path] = ("circuit", "pathways")
_LOSS: Final[Path] = ("circuit", "interneuron_loss")
_LOSSES: Final[Path] = ("circuit", "loss")
_STIMULATION: Final[Path] = ("stimulation",)
_COMMAND: Final[Path] = ("drive", "command")

#: Parameters that are zero in a culture: nobody is there to release anything.
UNDRIVEN: Final = ("background_rate", "command_rate")

#: Every setting that a culture has something to say about.
JOINED: Final = (
    CULTURE,
    _POPULATIONS,
    _PATHWAYS,
    _LOSS,
    _LOSSES,
    _COMMAND,
    _STIMULATION,
    ("parameters",),
)


def population(culture: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what a culture makes of one population, whatever is wrong with its size."""
    size = culture.get(name, 0)
    good = type(size) is int and 0 <= size <= LARGEST_POPULATION
    return {"size": size if good else 0, "carries_calcium": name in culture}


def check(config: Config) -> Iterator[Finding]:
    """Yield every setting that contradicts the culture, if there is one."""
    if config.culture is None:
        return
    if not any(config.culture.values()):
        yield Finding(CULTURE, "there is no cell in the culture", "a number above 0",
                      involves=(CULTURE,))  # fmt: skip
    yield from _populations(config, config.culture)
    for name, pathway in config.circuit.pathways.items():
        if pathway.in_degree:
            what = f"{pathway.in_degree} synapses contradict the culture, which has none"
            yield _against((*_PATHWAYS, name, "in_degree"), what, "0")
    if config.circuit.interneuron_loss.loss:
        what = "a loss of interneurons contradicts the culture, which loses none"
        yield _against((*_LOSS, "loss"), what, "0")
    for name, loss in config.circuit.loss.items():
        if loss.loss:
            what = f"a loss of {name} contradicts the culture, which loses none"
            yield _against((*_LOSSES, name, "loss"), what, "0")
    if config.stimulation:
        what = "magnetic pulses contradict the culture, which has no afferents"
        yield _against(_STIMULATION, what, "[]")
    if config.drive.command != "rest":
        what = f"'{config.drive.command}' contradicts the culture, which has no motor command"
        yield _against(_COMMAND, what, "rest")
    for name in UNDRIVEN:
        if config.parameters.get(name):
            yield _against(("parameters", name), f"{name} contradicts the culture", "0 Hz")


def _populations(config: Config, culture: Mapping[str, int]) -> Iterator[Finding]:
    for name, chosen in config.circuit.populations.items():
        here = (*_POPULATIONS, name)
        size = culture.get(name, 0)
        if chosen.size != size:
            what = f"{chosen.size} neurons contradict the culture of {size}"
            hint = f"remove it and give the number as 'culture.{name}'"
            yield Finding((*here, "size"), what, str(size), hint,
                          involves=(CULTURE, (*here, "size")))  # fmt: skip
        if chosen.carries_calcium != (name in culture):
            wanted = "true" if name in culture else "false"
            what = f"{str(chosen.carries_calcium).lower()} contradicts the culture"
            yield _against((*here, "carries_calcium"), what, wanted)
        for parameter in UNDRIVEN:
            if chosen.parameters.get(parameter):
                path = (*here, "parameters", parameter)
                yield _against(path, f"{parameter} contradicts the culture", "0 Hz")


def _against(path: Path, what: str, expected: str) -> Finding:
    hint = "remove it, or remove 'culture' to simulate the circuit"
    return Finding(path, what, expected, hint, involves=(CULTURE, path))
