"""The points of a sweep.

A sweep is a product of blocks: each axis of the grid is one, and so are the zipped axes, the list,
the sample and the seeds. The last block changes fastest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from unshielded.config.findings import dotted
from unshielded.config.reading.tree import Node, child, items, mapping, plain, put, without
from unshielded.config.sections import sampling
from unshielded.config.sections.sweep import Sweep

SEED: Final = ("seed",)

Names = tuple[str, ...]
Point = tuple[tuple[Names, Node], ...]


class DesignedRun(NamedTuple):
    """One of the experiments that a sweep or a trial makes of a config.

    Attributes
    ----------
    labels
        What tells it from the others but the seed, as tables show it.
    settings
        What is laid on the config, the seed included where it differs.
    """

    labels: dict[str, Any]
    seed: int
    settings: Point

    def root(self, root: Node) -> Node:
        """Return the config of this run, laid on that of all."""
        return apply(alone(root), self.settings)


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


class Product(Sequence[Point]):
    """Every combination of blocks; one empty point if there are no blocks."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks

    def __len__(self) -> int:
        return math.prod(len(block.rows) for block in self.blocks)

    def __getitem__(self, number: int) -> Point:  # type: ignore[override]
        if not 0 <= number < len(self):
            raise IndexError(number)
        point: Point = ()
        for block in reversed(self.blocks):
            number, place = divmod(number, len(block.rows))
            point = (*block[place], *point)
        return point


class SweepRuns(Sequence[DesignedRun]):
    """The runs of a sweep, each made when it is asked for.

    Parameters
    ----------
    seed
        Of the config, where the sweep has none.
    """

    def __init__(self, blocks: Sequence[Block], seed: int) -> None:
        self._points, self._seed = Product(blocks), seed

    def __len__(self) -> int:
        return len(self._points)

    def __getitem__(self, number: int) -> DesignedRun:  # type: ignore[override]
        point = self._points[number]
        values = {dotted(path): plain(node) for path, node in point}
        return DesignedRun(values, values.pop(dotted(SEED), self._seed), point)


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
    found = [
        Block(
            "sweep.grid",
            (setting(name),),
            [(node,) for node in items(child(section, "grid", name))],
        )
        for name in sweep.grid or ()
    ]
    if sweep.zip_:
        columns = [items(child(section, "zip", name)) for name in sweep.zip_]
        rows = list(zip(*columns, strict=True))
        found.append(Block("sweep.zip", tuple(map(setting, sweep.zip_)), rows))
    if sweep.list_:
        names = list(sweep.list_[0])
        entries = [mapping(node) for node in items(child(section, "list"))]
        rows = [tuple(entry[name] for name in names) for entry in entries]
        found.append(Block("sweep.list", tuple(map(setting, names)), rows))
    if sweep.sample:
        axes = mapping(child(section, "sample", "axes"))
        marks = [axes[name].key or axes[name].mark for name in sweep.sample.axes]
        rows = [
            tuple(Node(value, mark, mark) for value, mark in zip(values, marks, strict=True))
            for values in sampling.draw(sweep.sample)
        ]
        found.append(Block("sweep.sample.axes", tuple(map(setting, sweep.sample.axes)), rows))
    if sweep.seeds:
        rows = [(node,) for node in items(child(section, "seeds"))]
        found.append(Block("sweep.seeds", (SEED,), rows))
    return found


def apply(base: Node, point: Point) -> Node:
    """Return the config of one point."""
    for path, node in point:
        base = put(base, path, node)
    return base


def alone(root: Node) -> Node:
    """Return the config without what makes many experiments of it."""
    return without(root, [("sweep",), ("trial",)])


def setting(name: str) -> Names:
    """Return the path that a name in a sweep stands for."""
    return tuple(name.split("."))
