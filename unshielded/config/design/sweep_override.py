"""What ``--set`` means for a sweep or a trial: what they name is replaced, settings are fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from unshielded.config.design.sweep import setting
from unshielded.config.findings import dotted
from unshielded.config.reading.errors import Problem, problem
from unshielded.config.reading.tree import (
    Node,
    Path,
    child,
    descend,
    emptied,
    items,
    mapping,
    without,
)
from unshielded.config.sections.sampling import SampleAxis


class Given(NamedTuple):
    """What one override sets; the key of `node` is the place of the override."""

    path: tuple[str, ...]
    node: Node


_SAMPLED: Final = ("sweep", "sample", "axes")
_OF_AN_AXIS: Final = tuple(SampleAxis.model_fields)

#: Mappings whose names the user chooses: what is given in place of one is all of it.
_CHOSEN: Final = (
    ("sweep", "grid"),
    ("sweep", "zip"),
    _SAMPLED,
    ("trial", "arms"),
    ("trial", "variants"),
)
#: What holds mappings of settings by path, each of which is replaced in the same way.
_OF_POINTS: Final = (("sweep", "list"), ("trial", "arms"), ("trial", "variants"))


def keys(written: list[str], root: Node | None) -> list[str]:
    """Return the keys of an override: settings of a sweep or a trial are dotted paths themselves.

    Examples
    --------
    >>> keys(["sweep", "zip", "drive", "level"], None)
    ['sweep', 'zip', 'drive.level']
    """
    match written:
        case ["sweep", "grid" | "zip", _, *_]:
            return [*written[:2], ".".join(written[2:])]
        case ["sweep", "list", _, _, *_] | ["trial", "arms" | "variants", _, _, *_]:
            return [*written[:3], *_by_path(written[3:], written[:3], root)]
        case ["sweep", "sample", "axes", *names, last] if names and last in _OF_AN_AXIS:
            # circuit.scale is a setting, drive.level.scale the scale of an axis
            axes = mapping(child(root, *_SAMPLED))
            if ".".join(names) in axes and ".".join((*names, last)) not in axes:
                return [*_SAMPLED, ".".join(names), last]
    if tuple(written[:3]) == _SAMPLED and len(written) > 3:
        return [*_SAMPLED, ".".join(written[3:])]
    return written


def _by_path(names: list[str], path: list[str], root: Node | None) -> list[str]:
    """Return the keys below a mapping of settings by path: a setting that it has, or a new one."""
    node, taken = descend(root, path) if root is not None else (None, 0)
    if node is not None and taken == len(path):
        if isinstance(node.value, list):
            return names  # an arm that is a list of therapies
        for length in range(len(names), 0, -1):
            if (name := ".".join(names[:length])) in mapping(node):
                return [name, *names[length:]]
    return [".".join(names)]


def cleared(root: Node, path: Sequence[str], given: Node) -> Node:
    """Take out what an override replaces as a whole, and what otherwise would be merged with it."""
    if len(path) == 3 and tuple(path[:2]) in _OF_POINTS:
        return emptied(root, path)
    for names in _CHOSEN:
        below, taken = descend(given, names[len(path) :])
        whole = taken == len(names) - len(path) and isinstance(below.value, dict)
        if names[: len(path)] == tuple(path) and whole:
            root = emptied(root, names)
    return root


def fix(root: Node, path: Sequence[str], given: Node) -> Node:
    """Take what an override gives one value out of the grid and the seeds."""
    fixed: list[Path] = [
        ("sweep", "grid", name)
        for name in mapping(child(root, "sweep", "grid"))
        if _decides(path, given, setting(name))
    ]
    if _decides(path, given, ("seed",)):
        fixed += [("sweep", "seeds"), ("trial", "seeds")]
    return without(root, fixed)


def clashes(root: Node, given: Sequence[Given]) -> Iterator[Problem]:
    """Yield overrides of settings that the sweep sets, which cannot be resolved by removing an axis."""
    axes = list(_axes(root))
    order = {override.node.key: place for place, override in enumerate(given)}
    for place, (path, node) in enumerate(given):
        if path[0] == "sweep":
            continue
        for block, name, axis, values in axes:
            if axis.key and order.get(axis.key._replace(line=1, column=1), -1) > place:
                continue  # given later: it wins
            if _decides(path, node, setting(name)) or any(
                _decides(setting(name), value, path) for value in values
            ):
                what = f"'{block}' sets '{name}' too"
                hint = f"change it there, or leave that out with --set {block}=null"
                if block == "sweep.grid":
                    hint = f"set '{name}' as a whole, which takes it out of the sweep"
                assert node.key is not None
                yield problem(node.key, dotted(path), what, "one or the other", hint)


def _decides(path: Sequence[str], given: Node, wanted: Sequence[str]) -> bool:
    """Whether `given` at `path` says what is at `wanted`, which is at or below `path`."""
    if tuple(wanted[: len(path)]) != tuple(path):
        return False
    below = wanted[len(path) :]
    node, taken = descend(given, below)
    return taken == len(below) or not isinstance(node.value, dict)


def _axes(root: Node) -> Iterator[tuple[str, str, Node, Sequence[Node]]]:
    """Yield block, setting, place and values of all that a sweep varies but the seeds."""
    for key in ("grid", "zip"):
        for name, axis in mapping(child(root, "sweep", key)).items():
            yield f"sweep.{key}", name, axis, items(axis)
    columns: dict[str, list[Node]] = {}
    for entry in items(child(root, "sweep", "list")):
        for name, value in mapping(entry).items():
            columns.setdefault(name, []).append(value)
    for name, values in columns.items():
        yield "sweep.list", name, values[0], values
    for name, axis in mapping(child(root, *_SAMPLED)).items():
        yield "sweep.sample", name, axis, [replace(axis, value=0.0)]
