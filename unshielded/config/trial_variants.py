"""What a variant of a trial extends, put in its place as settings by path."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from unshielded.config.errors import Problem, problem
from unshielded.config.sweep import child, mapping
from unshielded.config.tree import Node, marks, put

Read = Callable[[Node, str, str, list[Problem]], Node | None]

#: What a file says about itself, and not about the circuit.
_ABOUT: Final = ("name", "description", "seed", "sweep", "trial", "tms")


def laid_out(root: Node, read: Read, problems: list[Problem]) -> Node:
    """Return a config in which no variant extends a file: its settings are there instead.

    What the file takes over from one that the config itself is made of is not laid on it again:
    a variant made for ``base.yaml`` leaves alone what a trial that extends ``base.yaml`` changes.

    Parameters
    ----------
    read
        Gives the settings of a file that a node names, relative to the file it stands in.
    """
    own = {os.path.realpath(mark.file) for _, mark in marks(root)}
    for name, variant in mapping(child(child(root, "trial"), "variants")).items():
        extends = child(variant, "extends")
        if extends is None:
            continue
        given = {key: node for key, node in mapping(variant).items() if key != "extends"}
        if extends.mark.file.startswith("--set"):
            what, hint = "cannot be set from outside", "write it in a file"
            problems.append(problem(extends.mark, _path(name), what, hint=hint))
            continue
        base = read(extends, extends.mark.file, _path(name), problems)
        found = {} if base is None else dict(_leaves(base, "", own))
        laid = replace(variant, value={**found, **given})
        root = put(_without(root, name), ("trial", "variants", name), laid)
    return root


def _path(name: str) -> str:
    return f"trial.variants.{name}.extends"


def _without(root: Node, name: str) -> Node:
    """Take a variant out, so that nothing of it is merged with what takes its place."""
    trial = mapping(root)["trial"]
    variants = mapping(trial)["variants"]
    empty = replace(mapping(variants)[name], value=None)
    kept = replace(variants, value={**mapping(variants), name: empty})
    changed = replace(trial, value={**mapping(trial), "variants": kept})
    return replace(root, value={**mapping(root), "trial": changed})


def _leaves(node: Node, path: str, own: set[str]) -> Iterator[tuple[str, Node]]:
    """Yield path and value of all settings of other files, in the order they are written."""
    for key, inner in mapping(node).items():
        here = f"{path}.{key}" if path else key
        if not path and key in _ABOUT:
            continue
        if isinstance(inner.value, dict):
            yield from _leaves(inner, here, own)
        elif os.path.realpath(inner.mark.file) not in own:
            yield here, inner
