"""Whether a sweep has the right shape, and whether each of its points is a good config."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Final

from unshielded.config.design.sweep import (
    Block,
    Names,
    Point,
    apply,
    blocks,
    child,
    count,
    items,
    mapping,
    points,
    setting,
    without_sweep,
)
from unshielded.config.findings import Finding, did_you_mean, did_you_mean_path, dotted, locate
from unshielded.config.json_schema import Schema, below, paths
from unshielded.config.reading.errors import MOST_PROBLEMS, Mark, Problem, problem
from unshielded.config.reading.tree import Node, plain
from unshielded.config.sections import culture, rules
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.sampling import parts
from unshielded.config.sections.schema import Sweep
from unshielded.config.sections.section import MOST_POINTS
from unshielded.config.validate import overlaps, validate

NOT_SWEPT: Final = {
    "seed": "list the seeds in 'sweep.seeds'",
    "name": "it does not change the result",
    "description": "it does not change the result",
}


def check(
    root: Node, sweep: Sweep, known: Iterable[Finding], catalogue: Catalogue, schema: Schema
) -> Iterator[Problem]:
    """Yield what is wrong with a sweep and its points, at the values that make it wrong.

    Parameters
    ----------
    root
        The whole config.
    sweep
        Its sweep section without what is wrong in it.
    known
        What is wrong without the sweep; not repeated.
    """
    wrong = list(islice(shape(root, sweep, schema), MOST_PROBLEMS))
    yield from wrong
    if wrong:
        return
    found = blocks(root, sweep)
    swept = [path for block in found for path in block.paths]
    # Blocks that no rule joins need no product: each value is tried by itself.
    cultures = any(overlaps(path, (culture.CULTURE,)) for path in swept)
    together = (*rules.JOINED, *(culture.JOINED if cultures else ()))
    joined = [
        block
        for block in found
        if any(overlaps(path, together) for path in block.paths)
        and (cultures or not _constant_losses(block))
    ]
    checker = Checker(without_sweep(root), {(f.path, f.what) for f in known}, catalogue, schema)
    each = [checker.alone(block) for block in found if block not in joined]
    yield from islice(chain(*each, checker.product(joined)), MOST_PROBLEMS)


def _constant_losses(block: Block) -> bool:
    """Whether a block sets losses from the start, whose times no rule can join with others."""
    return all(
        (path == rules.LOSS or path[:-1] == rules.LOSSES)
        and not any(isinstance(row[place].value, dict) for row in block.rows)
        for place, path in enumerate(block.paths)
    )


def shape(root: Node, sweep: Sweep, schema: Schema) -> Iterator[Problem]:
    """Yield what is wrong with a sweep whatever its values are."""
    section = child(root, "sweep")
    wrong = [*_names(root, sweep, schema), *_lengths(section, sweep), *_entries(section, sweep)]
    yield from wrong
    if wrong:
        return
    number = count(blocks(root, sweep))
    if number > MOST_POINTS:
        mark = (section or root).mark
        yield problem(mark, "sweep", f"has {number} points", f"at most {MOST_POINTS}")


def _named(root: Node, sweep: Sweep) -> Iterator[tuple[str, str, Mark]]:
    """Yield block, setting and place of every setting that a sweep names."""
    section = child(root, "sweep")
    entries = [mapping(entry) for entry in items(child(section, "list"))] if sweep.list_ else []
    listed: dict[str, Node] = {}
    for entry in entries:
        for name, node in entry.items():
            listed.setdefault(name, node)
    for block, given, nodes in (
        ("sweep.grid", sweep.grid, mapping(child(section, "grid"))),
        ("sweep.zip", sweep.zip_, mapping(child(section, "zip"))),
        ("sweep.list", listed, listed),
        (
            "sweep.sample.axes",
            sweep.sample and sweep.sample.axes,
            mapping(child(child(section, "sample"), "axes")),
        ),
    ):
        for name in given or ():
            yield block, name, nodes[name].key or nodes[name].mark


def settable(root: Node, schema: Schema) -> set[str]:
    """Return the settings that a point may have, entries of the config's lists included."""
    allowed = set(paths(schema))
    for section in ("bath", "stimulation", "therapies"):
        entry = below(below(schema, section), "0")
        for place in range(len(items(child(root, section)))):
            allowed |= {f"{section}.{place}", *paths(entry, f"{section}.{place}.")}
    return allowed


def _names(root: Node, sweep: Sweep, schema: Schema) -> Iterator[Problem]:
    """Yield settings that there are not, that cannot be swept, or that two blocks set."""
    allowed = settable(root, schema)
    named = list(_named(root, sweep))
    inside: dict[Names, str] = {}  # section → a setting in it that is swept
    for _, name, _ in named:
        path = setting(name)
        for length in range(1, len(path)):
            inside.setdefault(path[:length], name)
    first: dict[str, str] = {}
    for block, name, mark in named:
        where, path = f"{block}.{name}", setting(name)
        if path[0] in NOT_SWEPT:
            yield problem(mark, where, f"'{name}' cannot be swept", hint=NOT_SWEPT[path[0]])
        elif name not in allowed:
            hint = did_you_mean_path(name, schema)
            yield problem(mark, where, f"there is no setting '{name}'", hint=hint)
        elif name in first:
            what = f"'{name}' is set in '{first[name]}' too"
            yield problem(mark, where, what, hint="remove one of them")
        elif path in inside:
            what = f"'{name}' and '{inside[path]}' set the same"
            yield problem(mark, where, what, hint="remove one of them")
        first.setdefault(name, block)


def _lengths(section: Node | None, sweep: Sweep) -> Iterator[Problem]:
    """Yield zipped axes that are not as long as the first."""
    zipped = child(section, "zip")
    lengths = {name: len(items(child(zipped, name))) for name in sweep.zip_ or ()}
    for name, length in lengths.items():
        first, expected = next(iter(lengths.items()))
        if length != expected:
            node = child(zipped, name)
            assert node is not None
            what = f"has {length} values while '{first}' has {expected}"
            hint = "settings whose values do not go together belong in 'sweep.grid'"
            yield problem(node.mark, f"sweep.zip.{name}", what, "axes of the same length", hint)


def _entries(section: Node | None, sweep: Sweep) -> Iterator[Problem]:
    """Yield listed points that do not set what the others set."""
    entries = items(child(section, "list")) if sweep.list_ else []
    names: dict[str, int] = {}
    for place, entry in enumerate(entries):
        for name in mapping(entry):
            names.setdefault(name, place)
    for place, entry in enumerate(entries):
        where = f"sweep.list.{place}"
        if not names:
            yield problem(entry.mark, where, "sets nothing", "a setting and its value")
        for name in names.keys() - mapping(entry).keys():
            what = f"does not set '{name}', which entry {names[name]} sets"
            hint = "write its value here too, so that every point says all it varies"
            yield problem(entry.mark, where, what, "the same settings in every entry", hint)


@dataclass(frozen=True)
class Checker:
    """Tells what is wrong with single points.

    Attributes
    ----------
    base
        The config without what makes many of it.
    known
        Path and words of what is wrong with it already; not repeated.
    """

    base: Node
    known: set[tuple[tuple[str | int, ...], str]]
    catalogue: Catalogue
    schema: Schema
    #: Places and settings of samples with a problem: one value of many is enough to tell.
    told: set[tuple[Mark, str]] = field(default_factory=set)

    def product(self, joined: list[Block]) -> Iterator[Problem]:
        """Try every combination of blocks."""
        seen: dict[str, Point] = {}
        drawn = _marks(joined)
        for point in points(joined) if joined else ():
            content, problems = self.point(point, drawn)
            yield from problems
            if content is not None and (first := seen.setdefault(content, point)) is not point:
                yield _twice(joined, point, first)

    def alone(self, block: Block) -> Iterator[Problem]:
        """Try every value of a block of which no rule joins anything with anything else."""
        drawn = _marks([block])
        rows = range(len(block.rows))
        if drawn:  # what one setting accepts is a range: its ends tell of all between
            columns = zip(*block.rows, strict=True)
            numbers = [[parts(node.value)[0] for node in column] for column in columns]
            ends = [(min(rows, key=c.__getitem__), max(rows, key=c.__getitem__)) for c in numbers]
            for place, chosen in enumerate(ends):
                for row in dict.fromkeys(chosen):
                    yield from self.point((block[row][place],), drawn)[1]
        seen: dict[tuple[str | None, ...], Point] = {}
        contents: dict[tuple[int, str], str] = {}
        for row in rows:
            point = block[row]
            key: list[str | None] = []
            for place, pair in enumerate(point):
                written = (place, repr(plain(pair[1])))
                content: str | None = written[1] if drawn else contents.get(written)
                if content is None:
                    content, problems = self.point((pair,), drawn)
                    yield from problems
                    if content is not None:
                        contents[written] = content
                key.append(content)
            if None not in key and (first := seen.setdefault(tuple(key), point)) is not point:
                yield _twice([block], point, first)

    def point(self, point: Point, drawn: set[Mark]) -> tuple[str | None, list[Problem]]:
        """Return a digest of the config of a point, None for a bad one, and what is wrong.

        Parameters
        ----------
        drawn
            Places of sampled axes.
        """
        root = apply(self.base, point)
        config, findings = validate(plain(root), self.catalogue)
        if not findings:
            content = config.model_dump_json(exclude={"name", "description"})
            return hashlib.sha256(content.encode()).hexdigest(), []
        problems: list[Problem] = []
        for finding in findings:
            if (finding.path, finding.what) in self.known:
                continue
            found = self._at_value(finding, root, point)
            place = Mark(found.file, found.line, found.column)
            if place in drawn and (place, found.path) in self.told:
                continue
            self.told.add((place, found.path))
            problems.append(found)
        return None, problems

    def _at_value(self, finding: Finding, root: Node, point: Point) -> Problem:
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


def _marks(blocks: list[Block]) -> set[Mark]:
    """Return the places of sampled axes."""
    sampled = (block for block in blocks if block.name == "sweep.sample.axes")
    return {node.mark for block in sampled for node in block.rows[0]}


def _twice(joined: list[Block], point: Point, first: Point) -> Problem:
    # Two points that are the same differ, as written, in at least one value.
    names = {path: block.name for block in joined for path in block.paths}
    (path, node), (_, earlier) = next(
        (pair for pair in zip(point, first, strict=True) if pair[0][1] is not pair[1][1]),
        (point[-1], first[-1]),
    )
    where = f"{names[path]}.{dotted(path)}"
    if node.mark == earlier.mark:
        hint = "draw fewer points or widen the limits"
        return problem(node.mark, where, "two points of the sample are the same", hint=hint)
    place = f"at line {earlier.mark.line}, column {earlier.mark.column}"
    what = f"is the same experiment as the value {place}"
    return problem(node.mark, where, what, hint="remove one of them")


def _places(node: Node) -> Iterator[Mark]:
    yield node.mark
    match node.value:
        case dict() as children:
            for child in children.values():
                if child.key:
                    yield child.key
                yield from _places(child)
        case list() as entries:
            for entry in entries:
                yield from _places(entry)
