"""What a variant of a trial extends, put in its place as settings by path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from unshielded.config.findings import dotted
from unshielded.config.reading.errors import Problem, problem
from unshielded.config.reading.sources import Sources
from unshielded.config.reading.tree import Node, child, emptied, mapping, marks, put

#: What a variant calls the file that it is laid on.
EXTENDS: Final = "extends"

#: Gives what a node names, in a file, at a path; None after telling what is wrong.
Read = Callable[[Node, str, str], Node | None]

#: What a file says about itself, and not about the circuit.
_ABOUT: Final = ("name", "description", "seed", "sweep", "trial", "tms")


def laid_out(root: Node, read: Read, sources: Sources, problems: list[Problem]) -> Node:
    """Return a config in which no variant extends a file: its settings are there instead.

    What the file takes over from one that the config itself is made of is not laid on it again:
    a variant made for ``base.yaml`` leaves alone what a trial that extends ``base.yaml`` changes.
    A variant whose file cannot be read keeps its ``extends``.

    Parameters
    ----------
    read
        Gives the settings of a file that a node names, relative to the file it stands in.
    sources
        Tells which names are of the same file.
    """
    own = {sources.real(mark.file) for mark in marks(root)}
    for name, variant in mapping(child(root, "trial", "variants")).items():
        extends, path = child(variant, EXTENDS), ("trial", "variants", name)
        if extends is None:
            continue
        given = {key: node for key, node in mapping(variant).items() if key != EXTENDS}
        if extends.mark.file.startswith("--set"):
            what, hint = "cannot be set from outside", "write it in a file"
            problems.append(problem(extends.mark, dotted((*path, EXTENDS)), what, hint=hint))
            continue
        base = read(extends, extends.mark.file, dotted((*path, EXTENDS)))
        if base is not None:
            laid = replace(variant, value={**dict(_leaves(base, "", sources, own)), **given})
            root = put(emptied(root, path), path, laid)
    return root


def _leaves(node: Node, path: str, sources: Sources, own: set[str]) -> Iterator[tuple[str, Node]]:
    """Yield path and value of all settings of other files, in the order they are written."""
    for key, inner in mapping(node).items():
        here = f"{path}.{key}" if path else key
        if not path and key in _ABOUT:
            continue
        if isinstance(inner.value, dict):
            yield from _leaves(inner, here, sources, own)
        elif sources.real(inner.mark.file) not in own:
            yield here, inner
