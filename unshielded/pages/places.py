"""Where each mechanism is written: the file, its docstring, its room and its clock."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from unshielded import calcium, circuit, degeneration
from unshielded.mechanism import Mechanism

#: Group of mechanisms, from the outside to the slow: title, what it is, its mechanisms.
GROUPS: tuple[tuple[str, str, tuple[Mechanism, ...]], ...] = (
    (
        "Outside the cell: membrane and synapses",
        "at every time step of the membrane (fast clock), one of each for every neuron",
        circuit.NEURON,
    ),
    (
        "Outside the cell: surroundings",
        "on the slow clock of the cell, one of each for every neuron",
        circuit.SURROUNDINGS,
    ),
    (
        "Outside the cell: the bath",
        "on the slow clock, one for all neurons",
        circuit.BATH,
    ),
    (
        "Inside the cell",
        "on the slow clock of the cell, one of each for every neuron that carries the calcium submodel",
        calcium.CELL,
    ),
    ("Inside the cell: drugs", "on the slow clock, one for all cells", calcium.BATH),
    ("Slow: cells", "over days to decades, one of each for every cell", degeneration.CELL),
    ("Slow: tissue", "over days to decades, one for the whole tissue", degeneration.TISSUE),
)


#: Characters of the longest title.
_TITLE = 60


@dataclass(frozen=True)
class Place:
    """A file of mechanisms.

    Attributes
    ----------
    module
        Its full name, ``unshielded.calcium.mitochondria.mptp``.
    docstring
        Its text.
    mechanisms
        What it holds, in the order of the model.
    """

    module: str
    docstring: str
    mechanisms: tuple[Mechanism, ...]

    @property
    def slug(self) -> str:
        """Name of its page: that of the file."""
        return self.module.rpartition(".")[2]

    @property
    def path(self) -> str:
        """The file, from the top of the repository."""
        return self.module.removeprefix("unshielded.").replace(".", "/") + ".py"

    @property
    def room(self) -> str:
        """The folder, ``calcium/mitochondria``."""
        return self.path.rpartition("/")[0]

    @property
    def title(self) -> str:
        """What the first line of the docstring names; the name of the file if that is a sentence."""
        first = re.split("[.:;]", self.summary, maxsplit=1)[0]
        named = first if len(first) <= _TITLE else words(self.slug)
        return named[0].upper() + named[1:]

    @property
    def summary(self) -> str:
        """The first paragraph of the docstring, on one line."""
        return " ".join(self.docstring.partition("\n\n")[0].split())

    @property
    def explanation(self) -> str:
        """The docstring without its first paragraph."""
        return self.docstring.partition("\n\n")[2].rstrip()


@cache
def places() -> tuple[Place, ...]:
    """Return the files of all mechanisms of the model, in the order of :data:`GROUPS`."""
    held: dict[str, list[Mechanism]] = {}
    for _, _, mechanisms in GROUPS:
        for mechanism in mechanisms:
            held.setdefault(_module_of(mechanism), []).append(mechanism)
    return tuple(
        Place(name, importlib.import_module(name).__doc__ or "", tuple(mechanisms))
        for name, mechanisms in held.items()
    )


@cache
def place_of(mechanism: str) -> Place:
    """Return the file of a mechanism by the mechanism's name.

    Raises
    ------
    KeyError
        If the model has no such mechanism.
    """
    for place in places():
        if any(m.name == mechanism for m in place.mechanisms):
            return place
    raise KeyError(f"the model has no mechanism {mechanism!r}")


def words(name: str) -> str:
    """Return a code name as words, abbreviations as the field writes them.

    Examples
    --------
    >>> words("resting_atp"), words("gaba_a_decay")
    ('resting ATP', 'GABA-A decay')
    """
    spoken = " ".join(_ABBREVIATIONS.get(word, word) for word in name.split("_"))
    return re.sub(r"GABA ([ab])\b", lambda found: f"GABA-{found[1].upper()}", spoken)


_ABBREVIATIONS = {
    **{
        word: word.upper() for word in ("adp", "ahp", "ampa", "atp", "eaat2", "gaba", "mcu", "nclx")
    },
    **{word: word.upper() for word in ("nmda", "pmca", "ros", "tboa", "tms", "ampk")},
    "katp": "K(ATP)",
    "kv7": "Kv7",
    "mk801": "MK-801",
    "naspm": "NASPM",
    "tdp43": "TDP-43",
}


def _module_of(mechanism: Mechanism) -> str:
    """Return the module that makes a mechanism: the first file that holds it and is not a package."""
    for module in _files():
        if any(value is mechanism for value in vars(module).values()):
            return module.__name__
    raise LookupError(f"no file of the model holds the mechanism {mechanism.name!r}")


@cache
def _files() -> tuple[ModuleType, ...]:
    return tuple(_walk())


def _walk() -> Iterator[ModuleType]:
    for package in (circuit, calcium, degeneration):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.ispkg:
                yield importlib.import_module(found.name)
