"""Config data that remembers where each piece was written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from unshielded.config.reading.errors import Mark

Path = tuple[str | int, ...]

_PLACE = re.compile(r"(?:0|[1-9][0-9]{0,5})\Z")


@dataclass(frozen=True)
class Node:
    """A value, where it starts and, below a mapping, where its key starts."""

    value: dict[str, Node] | list[Node] | str | int | float | bool | None
    mark: Mark
    key: Mark | None = None


def plain(node: Node) -> Any:
    """Return the data without the places."""
    match node.value:
        case dict():
            return {key: plain(child) for key, child in node.value.items()}
        case list():
            return [plain(child) for child in node.value]
        case scalar:
            return scalar


def child(node: Node | None, *keys: str) -> Node | None:
    """Return what is below mappings at `keys`, or None."""
    for key in keys:
        node = mapping(node).get(key)
    return node


def mapping(node: Node | None) -> dict[str, Node]:
    """Return the children of a mapping; none of anything else."""
    return node.value if node is not None and isinstance(node.value, dict) else {}


def items(node: Node | None) -> list[Node]:
    """Return the entries of a list; none of anything else."""
    return node.value if node is not None and isinstance(node.value, list) else []


def marks(node: Node) -> Iterator[Mark]:
    """Yield the places of `node` and of every key and value below it."""
    yield node.mark
    for inner in (*mapping(node).values(), *items(node)):
        if inner.key:
            yield inner.key
        yield from marks(inner)


def descend(node: Node, path: Sequence[str | int]) -> tuple[Node, int]:
    """Follow `path` as far as it goes; return the last node and how many steps were taken."""
    for taken, step in enumerate(path):
        match node.value, step:
            case dict() as children, str() if step in children:
                node = children[step]
            case list() as items, int() if 0 <= step < len(items):
                node = items[step]
            case list() as items, str() if (place := item(items, step)) is not None:
                node = items[place]
            case _:
                return node, taken
    return node, len(path)


def item(items: Sequence[Node], step: str) -> int | None:
    """Return the place in a list that a step of a dotted path names, or None."""
    return int(step) if _PLACE.match(step) and int(step) < len(items) else None


def merge(base: Node, over: Node) -> Node:
    """Lay `over` on `base`: mappings are merged key by key, everything else is replaced."""
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    merged = dict(base.value)
    for key, child in over.value.items():
        merged[key] = merge(merged[key], child) if key in merged else child
    return replace(over, value=merged)


def emptied(root: Node, path: Sequence[str]) -> Node:
    """Take out what is at `path`, so that nothing of it is merged with what is put there."""
    if not path:
        return replace(root, value=None)
    first, *rest = path
    match root.value:
        case dict() as children if first in children:
            return replace(root, value={**children, first: emptied(children[first], rest)})
        case list() as items if (place := item(items, first)) is not None:
            left = [*items[:place], emptied(items[place], rest), *items[place + 1 :]]
            return replace(root, value=left)
    return root


def without(node: Node, paths: Collection[Path]) -> Node:
    """Take out what is at each of `paths`; all are looked up before one goes."""
    gone = {str(path[0]) for path in paths if len(path) == 1}

    def left(step: str | int, inner: Node) -> Node:
        return without(inner, [p[1:] for p in paths if len(p) > 1 and str(p[0]) == str(step)])

    match node.value:
        case dict() as children if paths:
            kept = {key: left(key, inner) for key, inner in children.items() if key not in gone}
            return replace(node, value=kept)
        case list() as entries if paths:
            numbered = enumerate(entries)
            return replace(node, value=[left(n, e) for n, e in numbered if str(n) not in gone])
    return node


def put(root: Node, path: Sequence[str], node: Node) -> Node:
    """Lay `node` on what is at `path` below `root`, making the mappings that are missing.

    A number names an entry of a list that has it.
    """
    if not path:
        merged = merge(root, node)
        # A mapping keeps its place in the file; what an override adds to it has its own.
        return merged if merged is node else replace(merged, mark=root.mark, key=root.key)
    first, *rest = path
    if isinstance(root.value, list) and (place := item(root.value, first)) is not None:
        items = list(root.value)
        items[place] = put(items[place], rest, node)
        return replace(root, value=items)
    children = root.value if isinstance(root.value, dict) else None
    here = root if children is not None else replace(node, value={})
    empty = Node({}, node.mark, node.key)
    child = put((children or {}).get(first, empty), rest, node)
    return replace(here, value={**(children or {}), first: child})
