"""The sweep of a config: its points, and whether each of them is a good config."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from unshielded.config import culture, rules
from unshielded.config.catalogue import Catalogue
from unshielded.config.errors import Mark, Problem, problem
from unshielded.config.findings import Finding, did_you_mean, did_you_mean_path, dotted, locate
from unshielded.config.json_schema import Schema, below, paths
from unshielded.config.tree import Node, plain, put
from unshielded.config.validate import overlaps, validate

MOST_POINTS: Final = 10_000
SEED: Final = ("seed",)

Axis = tuple[tuple[str, ...], list[Node]]
Point = tuple[tuple[tuple[str, ...], Node], ...]

_NOT_SWEPT: Final = {
    "seed": "list the seeds in 'sweep.seeds'",
    "name": "it does not change the result",
    "description": "it does not change the result",
}


def without_sweep(root: Node) -> Node:
    """Return the config without its sweep section."""
    assert isinstance(root.value, dict)
    return replace(root, value={k: v for k, v in root.value.items() if k != "sweep"})


def apply(base: Node, point: Point) -> Node:
    """Return the config of one point."""
    for path, node in point:
        base = put(base, path, node)
    return base


def points(root: Node) -> Iterator[Point]:
    """Yield the points of a sweep that was checked; one empty point if there is none."""
    axes = _axes(root)
    if seeds := _child(_child(root, "sweep"), "seeds"):
        axes.append((SEED, _items(seeds)))
    return _product(axes)


def check(
    root: Node, known: Iterable[Finding], catalogue: Catalogue, schema: Schema
) -> Iterator[Problem]:
    """Yield what is wrong with the points of a sweep, at the values that make it wrong.

    Parameters
    ----------
    root
        The whole config; its sweep section has the right shape.
    known
        What is wrong without the sweep; not repeated.
    """
    bad = list(_bad_paths(root, schema))
    yield from bad
    axes = [] if bad else _axes(root)
    seeds = _child(_child(root, "sweep"), "seeds")
    number = math.prod(len(nodes) for _, nodes in axes) * (len(_items(seeds)) if seeds else 1)
    if number > MOST_POINTS:
        mark = (_child(root, "sweep") or root).mark
        yield problem(mark, "sweep", f"has {number} points", f"at most {MOST_POINTS}")
        return
    # Axes that no rule joins need no product: each value is tried by itself.
    cultures = any(overlaps(path, (culture.CULTURE,)) for path, _ in axes)
    together = (*rules.JOINED, *(culture.JOINED if cultures else ()))
    joined = [axis for axis in axes if overlaps(axis[0], together)]
    groups = [[axis] for axis in axes if axis not in joined] + ([joined] if joined else [])
    checker = _Checker(without_sweep(root), {(f.path, f.what) for f in known}, catalogue, schema)
    for group in groups:
        yield from checker.check(group)


@dataclass(frozen=True)
class _Checker:
    base: Node
    known: set[tuple[tuple[str | int, ...], str]]
    catalogue: Catalogue
    schema: Schema

    def check(self, axes: list[Axis]) -> Iterator[Problem]:
        seen: dict[str, Point] = {}
        for point in _product(axes):
            root = apply(self.base, point)
            config, findings = validate(plain(root), self.catalogue)
            new = [f for f in findings if (f.path, f.what) not in self.known]
            yield from (self.at_value(finding, root, point) for finding in new)
            if findings:
                continue
            content = config.model_dump_json(exclude={"name", "description"})
            first = seen.setdefault(content, point)
            if first is not point:
                yield _twice(point, first)

    def at_value(self, finding: Finding, root: Node, point: Point) -> Problem:
        if finding.at_key and not finding.hint:
            finding = replace(finding, hint=did_you_mean(finding.path, self.schema))
        found = locate(finding, root)
        involved = finding.involves or (finding.path,)
        for path, node in point:
            if overlaps(path, involved):
                here = Mark(found.file, found.line, found.column)
                mark = here if here in _places(node) else node.mark
                return problem(mark, found.path, found.what, found.expected, found.hint)
        return found


def _bad_paths(root: Node, schema: Schema) -> Iterator[Problem]:
    allowed = set(paths(schema))
    for section in ("bath", "stimulation"):
        entry = below(below(schema, section), "0")
        for place in range(len(_items(_child(root, section) or root))):
            allowed |= {f"{section}.{place}", *paths(entry, f"{section}.{place}.")}
    grid = _child(_child(root, "sweep"), "grid")
    axes = _axes(root)
    for path, _ in axes:
        name = dotted(path)
        axis = _child(grid, name)
        mark = (axis and axis.key) or root.mark
        if path[0] in _NOT_SWEPT:
            what = f"'{name}' cannot be swept"
            yield problem(mark, f"sweep.grid.{name}", what, hint=_NOT_SWEPT[path[0]])
        elif name not in allowed:
            what, hint = f"there is no setting '{name}'", did_you_mean_path(name, schema)
            yield problem(mark, f"sweep.grid.{name}", what, hint=hint)
        elif inner := [p for p, _ in axes if p != path and p[: len(path)] == path]:
            what = f"'{name}' and '{dotted(inner[0])}' set the same"
            yield problem(mark, f"sweep.grid.{name}", what, hint="remove one of them")


def _twice(point: Point, first: Point) -> Problem:
    # Two points of a group that are the same differ, as written, in at least one value.
    path, node = next(
        (here for here, there in zip(point, first, strict=True) if here[1] is not there[1]),
        point[-1],
    )
    earlier = next(n for p, n in first if p == path).mark
    return problem(
        node.mark,
        f"sweep.grid.{dotted(path)}",
        f"is the same experiment as the value at line {earlier.line}, column {earlier.column}",
        hint="remove one of them",
    )


def _product(axes: list[Axis]) -> Iterator[Point]:
    names = [path for path, _ in axes]
    for nodes in itertools.product(*(nodes for _, nodes in axes)):
        yield tuple(zip(names, nodes, strict=True))


def _axes(root: Node) -> list[Axis]:
    grid = _child(_child(root, "sweep"), "grid")
    if grid is None or not isinstance(grid.value, dict):
        return []
    return [(tuple(path.split(".")), _items(node)) for path, node in grid.value.items()]


def _child(node: Node | None, key: str) -> Node | None:
    return node.value.get(key) if node is not None and isinstance(node.value, dict) else None


def _items(node: Node) -> list[Node]:
    return node.value if isinstance(node.value, list) else []


def _places(node: Node) -> Iterator[Mark]:
    yield node.mark
    match node.value:
        case dict() as children:
            for child in children.values():
                if child.key:
                    yield child.key
                yield from _places(child)
        case list() as items:
            for item in items:
                yield from _places(item)
