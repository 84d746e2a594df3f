"""The runs of a trial: every variant with every arm, from every start, with every seed.

The control has no start, and neither has an arm that says itself when each of its therapies
begins: those are run once for each variant and seed. The seed changes fastest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from unshielded.config.design.sweep import SEED, DesignedRun, Names, Point, setting
from unshielded.config.reading.tree import Node, child, items, mapping, plain
from unshielded.config.sections.trial import Trial

THERAPIES: Final[Names] = ("therapies",)
BATH: Final[Names] = ("bath",)

#: The start of who gets nothing that could begin.
NO_START: Final = "–"


@dataclass(frozen=True, eq=False)
class Allocation:
    """One run of a trial, but for its seed.

    Attributes
    ----------
    variant
        Empty where the trial has none.
    start
        As written; `NO_START` for the control.
    settings
        What is laid on the config: of the variant, then of the arm.
    """

    variant: str
    arm: str
    start: str
    settings: Point

    def run(self, seed: int, root: Node) -> DesignedRun:
        """Return the run with one seed."""
        variant = {"variant": self.variant} if self.variant else {}
        labels = {**variant, "arm": self.arm, "start": self.start}
        return DesignedRun(labels, seed, (*self.settings, (SEED, Node(seed, root.mark, root.mark))))


def runs(root: Node, trial: Trial, seed: int) -> list[DesignedRun]:
    """Return all runs of a trial whose shape was checked.

    Parameters
    ----------
    root
        The whole config, with places.
    seed
        Of the config, where the trial has none.
    """
    allocated = allocations(root, trial.control)
    return [each.run(one, root) for each in allocated for one in trial.seeds or (seed,)]


def allocations(root: Node, control: str | None) -> Iterator[Allocation]:
    """Yield variant, arm and start of every run once, whatever its seed."""
    section = child(root, "trial")
    variants: dict[str, Node | None] = {**mapping(child(section, "variants"))} or {"": None}
    starts = items(child(section, "starts"))
    for variant, of_variant in variants.items():
        base = _by_path(of_variant)
        for arm, node in mapping(child(section, "arms")).items():
            given = _by_path(node) if isinstance(node.value, dict) else _therapies(node, root)
            open_ended = arm != control and any(not _timed(entry) for entry in _entries(given))
            for start in starts if open_ended and starts else [None]:
                timed = given if start is None else _from(given, start)
                yield Allocation(variant, arm, _label(timed, start), (*base, *timed))


def _by_path(node: Node | None) -> Point:
    """Return settings by dotted path as a point."""
    return tuple((setting(name), value) for name, value in mapping(node).items())


def _therapies(node: Node, root: Node) -> Point:
    """The therapies of an arm in place of those of the config; none where there are none."""
    return ((THERAPIES, node),) if node.value or child(root, "therapies") else ()


def _entries(settings: Point) -> Iterator[dict[str, Node]]:
    """Yield the settings of all that an arm gives and that can begin at some time."""
    for path, node in settings:
        for entry in items(node):
            if path == BATH:
                yield mapping(entry)
            elif path == THERAPIES:
                yield from map(mapping, mapping(entry).values())


def _timed(entry: dict[str, Node]) -> bool:
    return "from" in entry or "after" in entry


def _from(settings: Point, start: Node) -> Point:
    """Let all begin at `start` that says nothing else."""
    key = "after" if isinstance(start.value, dict) else "from"
    begin = replace(start, key=start.mark)

    def begun(entry: Node) -> Node:
        if _timed(mapping(entry)) or not (entry.value is None or isinstance(entry.value, dict)):
            return entry
        return replace(entry, value={**mapping(entry), key: begin})

    def each(entry: Node) -> Node:
        return replace(entry, value={name: begun(node) for name, node in mapping(entry).items()})

    timed = []
    for path, node in settings:
        if path in (BATH, THERAPIES) and isinstance(node.value, list):
            change = begun if path == BATH else each
            entries = [change(e) if isinstance(e.value, dict) else e for e in node.value]
            node = replace(node, value=entries)
        timed.append((path, node))
    return tuple(timed)


def _label(settings: Point, start: Node | None) -> str:
    """Say when an arm begins: at the start, or at the one time that it gives itself."""
    if start is not None:
        return _text(start)
    own = [entry.get("from") or entry.get("after") for entry in _entries(settings)]
    texts = {NO_START if node is None else _text(node) for node in own}
    return texts.pop() if len(texts) == 1 else NO_START


def _text(node: Node) -> str:
    value = plain(node)
    return f"{value.get('lost')} lost" if isinstance(value, dict) else str(value)
