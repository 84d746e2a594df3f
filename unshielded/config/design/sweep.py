"""The points of a sweep.

A sweep is a product of blocks: each axis of the grid is one, and so are the zipped axes, the list,
the sample and the seeds. The last block changes fastest.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from unshielded.config.reading.tree import Node, put
from unshielded.config.sections import sampling
from unshielded.config.sections.schema import Sweep

SEED: Final = ("seed",)

Names = tuple[str, ...]
Point = tuple[tuple[Names, Node], ...]


@dataclass(frozen=True, eq=False)
class Block:
    """Settings that vary together.

    Attributes
    ----------
    name
        Where it is written, such as ``sweep.zip``.
    paths
        The settings.
    rows
        What they are set to: one value per setting, in each row.
    """

    name: str
    paths: tuple[Names, ...]
    rows: Sequence[tuple[Node, ...]]

    def __getitem__(self, number: int) -> Point:
        return tuple(zip(self.paths, self.rows[number], strict=True))


def blocks(root: Node, sweep: Sweep | None) -> list[Block]:
    """Return the blocks of a sweep whose shape was checked.

    Parameters
    ----------
    root
        The whole config, with places.
    sweep
        Its sweep section, checked; what was wrong in it is not there.
    """
    if sweep is None:
        return []
    section = child(root, "sweep")
    found: list[Block] = []
    grid = child(section, "grid")
    for name in sweep.grid or ():
        rows = [(node,) for node in items(child(grid, name))]
        found.append(Block("sweep.grid", (setting(name),), rows))
    if sweep.zip_:
        zipped = child(section, "zip")
        columns = [items(child(zipped, name)) for name in sweep.zip_]
        paths = tuple(setting(name) for name in sweep.zip_)
        found.append(Block("sweep.zip", paths, list(zip(*columns, strict=True))))
    if sweep.list_:
        names = list(sweep.list_[0])
        entries = [mapping(node) for node in items(child(section, "list"))]
        rows_of_list = [tuple(entry[name] for name in names) for entry in entries]
        found.append(Block("sweep.list", tuple(map(setting, names)), rows_of_list))
    if sweep.sample:
        axes = mapping(child(child(section, "sample"), "axes"))
        paths = tuple(setting(name) for name in sweep.sample.axes)
        marks = [axes[name].key or axes[name].mark for name in sweep.sample.axes]
        drawn = [
            tuple(Node(value, mark, mark) for value, mark in zip(values, marks, strict=True))
            for values in sampling.draw(sweep.sample)
        ]
        found.append(Block("sweep.sample.axes", paths, drawn))
    if sweep.seeds:
        rows = [(node,) for node in items(child(section, "seeds"))]
        found.append(Block("sweep.seeds", (SEED,), rows))
    return found


def count(blocks: Sequence[Block]) -> int:
    """Return how many points there are; one if there are no blocks."""
    return math.prod(len(block.rows) for block in blocks)


def points(blocks: Sequence[Block]) -> Iterator[Point]:
    """Yield every point; one empty point if there are no blocks."""
    for numbers in itertools.product(*(range(len(block.rows)) for block in blocks)):
        yield _joined(blocks, numbers)


def point(blocks: Sequence[Block], number: int) -> Point:
    """Return the point that `points` yields as the one of this number, from 0.

    Raises
    ------
    IndexError
        If there is no such point.
    """
    number_of_points = count(blocks)
    if not 0 <= number < number_of_points:
        raise IndexError(f"there is no point {number}, expected 0 to {number_of_points - 1}")
    numbers: list[int] = []
    for block in reversed(blocks):
        number, place = divmod(number, len(block.rows))
        numbers.insert(0, place)
    return _joined(blocks, numbers)


def apply(base: Node, point: Point) -> Node:
    """Return the config of one point."""
    for path, node in point:
        base = put(base, path, node)
    return base


def _joined(blocks: Sequence[Block], numbers: Sequence[int]) -> Point:
    pairs = zip(blocks, numbers, strict=True)
    return tuple(itertools.chain.from_iterable(block[number] for block, number in pairs))


def setting(name: str) -> Names:
    """Return the path that a name in a sweep stands for."""
    return tuple(name.split("."))


def child(node: Node | None, key: str) -> Node | None:
    """Return what a mapping has at `key`, or None."""
    return mapping(node).get(key)


def mapping(node: Node | None) -> dict[str, Node]:
    """Return the children of a mapping; none of anything else."""
    return node.value if node is not None and isinstance(node.value, dict) else {}


def items(node: Node | None) -> list[Node]:
    """Return the entries of a list; none of anything else."""
    return node.value if node is not None and isinstance(node.value, list) else []


def without_sweep(root: Node) -> Node:
    """Return the config without what makes many experiments of it."""
    kept = {k: v for k, v in mapping(root).items() if k not in ("sweep", "trial")}
    return replace(root, value=kept)
