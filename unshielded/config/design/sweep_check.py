"""Whether a sweep has the right shape, and whether each of its points is a good config."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final

from unshielded.config.design.sweep import (
    Block,
    Names,
    Point,
    Product,
    alone,
    apply,
    blocks,
    setting,
)
from unshielded.config.findings import Finding, dotted, locate, overlaps
from unshielded.config.json_schema import names
from unshielded.config.reading.errors import MOST_PROBLEMS, Mark, Problem, problem
from unshielded.config.reading.tree import Node, Path, child, items, mapping, marks, plain
from unshielded.config.sections import rules
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.sampling import parts
from unshielded.config.sections.section import MOST_POINTS
from unshielded.config.sections.sweep import Sweep
from unshielded.config.validate import validate

NOT_SWEPT: Final = {
    "seed": "list the seeds in 'sweep.seeds'",
    "name": "it does not change the result",
    "description": "it does not change the result",
}

_SAMPLED: Final = "sweep.sample.axes"
_LOSSES: Final[tuple[Names, ...]] = (("circuit", "interneuron_loss"), ("circuit", "loss"))


def check(
    root: Node, sweep: Sweep, known: Iterable[Finding], catalogue: Catalogue
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
    wrong = list(islice(shape(root, sweep, catalogue), MOST_PROBLEMS))
    if wrong:
        yield from (locate(finding, root) for finding in wrong)
        return
    found = blocks(root, sweep)
    # Blocks that no rule joins need no product: each value is tried by itself.
    cultures = any(overlaps(("culture",), block.paths) for block in found)
    together = rules.JOINED + (rules.JOINED_IN_CULTURE if cultures else ())
    if any(rules.decides_use(path) for block in found for path in block.paths):
        together += (("parameters",),)
    if sum(any(overlaps(path, rules.RELEASES) for path in block.paths) for block in found) > 1:
        together += rules.RELEASES
    joined = [
        block
        for block in found
        if any(overlaps(path, together) for path in block.paths)
        and (cultures or not _constant_losses(block))
    ]
    checker = Checker(alone(root), {(f.path, f.what) for f in known}, catalogue)
    each = [checker.alone(block) for block in found if block not in joined]
    yield from islice(chain(*each, checker.product(joined)), MOST_PROBLEMS)


def _constant_losses(block: Block) -> bool:
    """Whether a block sets losses from the start, whose times no rule can join with others."""
    return all(path[:2] in _LOSSES for path in block.paths) and not any(
        isinstance(node.value, dict) for row in block.rows for node in row
    )


def shape(root: Node, sweep: Sweep, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what is wrong with a sweep whatever its values are."""
    section = child(root, "sweep")
    wrong = [*_names(root, sweep, catalogue), *_lengths(section, sweep), *_entries(section, sweep)]
    yield from wrong
    if not wrong and (number := len(Product(blocks(root, sweep)))) > MOST_POINTS:
        yield Finding(("sweep",), f"has {number} points", f"at most {MOST_POINTS}")


def _named(root: Node, sweep: Sweep) -> Iterator[tuple[Path, str]]:
    """Yield the place and the name of every setting that a sweep names."""
    for block, given in (
        (("grid",), sweep.grid),
        (("zip",), sweep.zip_),
        (("sample", "axes"), sweep.sample and sweep.sample.axes),
    ):
        yield from ((("sweep", *block, name), name) for name in given or ())
    listed: dict[str, Path] = {}
    for place in range(len(sweep.list_ or ())):
        for name in mapping(items(child(root, "sweep", "list"))[place]):
            listed.setdefault(name, ("sweep", "list", place, name))
    yield from ((path, name) for name, path in listed.items())


def _names(root: Node, sweep: Sweep, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield settings that there are not, that cannot be swept, or that two blocks set."""
    known = names(catalogue)
    allowed = known.settable(root)
    named = list(_named(root, sweep))
    inside: dict[Names, str] = {}  # section → a setting in it that is swept
    for _, name in named:
        path = setting(name)
        inside |= {path[:length]: name for length in range(1, len(path))}
    first: dict[str, Path] = {}
    for where, name in named:
        path, what, hint = setting(name), "", "remove one of them"
        if path[0] in NOT_SWEPT:
            what, hint = f"'{name}' cannot be swept", NOT_SWEPT[path[0]]
        elif name not in allowed:
            what, hint = f"there is no setting '{name}'", known.hint_at_path(name)
        elif name in first:
            what = f"'{name}' is set in '{dotted(first[name][:2])}' too"
        elif path in inside:
            what = f"'{name}' and '{inside[path]}' set the same"
        if what:
            yield Finding(where, what, hint=hint, at_key=True)
        first.setdefault(name, where)


def _lengths(section: Node | None, sweep: Sweep) -> Iterator[Finding]:
    """Yield zipped axes that are not as long as the first."""
    lengths = {name: len(items(child(section, "zip", name))) for name in sweep.zip_ or ()}
    for name, length in lengths.items():
        first, expected = next(iter(lengths.items()))
        if length != expected:
            what = f"has {length} values while '{first}' has {expected}"
            hint = "settings whose values do not go together belong in 'sweep.grid'"
            yield Finding(("sweep", "zip", name), what, "axes of the same length", hint)


def _entries(section: Node | None, sweep: Sweep) -> Iterator[Finding]:
    """Yield listed points that do not set what the others set."""
    entries = [mapping(entry) for entry in items(child(section, "list"))] if sweep.list_ else []
    first: dict[str, int] = {}
    for place, entry in enumerate(entries):
        first = {**dict.fromkeys(entry, place), **first}
    for place, entry in enumerate(entries):
        where = ("sweep", "list", place)
        if not first:
            yield Finding(where, "sets nothing", "a setting and its value")
        for name in first.keys() - entry.keys():
            what = f"does not set '{name}', which entry {first[name]} sets"
            hint = "write its value here too, so that every point says all it varies"
            yield Finding(where, what, "the same settings in every entry", hint)


@dataclass(frozen=True)
class Checker:
    """Tells what is wrong with single points.

    Attributes
    ----------
    base
        The config without what makes many of it.
    known
        Path and words of what is wrong with it already; not repeated.
    told
        Places and settings of samples with a problem: one value of many is enough to tell.
    """

    base: Node
    known: set[tuple[Path, str]]
    catalogue: Catalogue
    told: set[tuple[Mark, str]] = field(default_factory=set)

    def product(self, joined: list[Block]) -> Iterator[Problem]:
        """Try every combination of blocks."""
        seen: dict[str, Point] = {}
        drawn = _drawn(joined)
        for point in Product(joined) if joined else ():
            content, problems = self.point(point, drawn)
            yield from problems
            if content is not None and (first := seen.setdefault(content, point)) is not point:
                yield _twice(joined, point, first)

    def alone(self, block: Block) -> Iterator[Problem]:
        """Try every value of a block of which no rule joins anything with anything else."""
        drawn = _drawn([block])
        tried: dict[tuple[Names, str], str] = {}
        if drawn:  # what one setting accepts is a range: its ends tell of all between
            for path, column in zip(block.paths, zip(*block.rows, strict=True), strict=True):
                ends = (end(column, key=lambda n: parts(n.value)[0]) for end in (min, max))
                for node in ends:
                    yield from self.point(((path, node),), drawn)[1]
                tried |= {(path, repr(node.value)): repr(node.value) for node in column}
        seen: dict[tuple[str, ...], Point] = {}
        for point in map(block.__getitem__, range(len(block.rows))):
            key: list[str] = []
            for path, node in point:
                written = (path, repr(plain(node)))
                content = tried.get(written)
                if content is None:
                    content, problems = self.point(((path, node),))
                    yield from problems
                if content is not None:
                    tried[written] = content
                    key.append(content)
            whole = len(key) == len(point)
            if whole and (first := seen.setdefault(tuple(key), point)) is not point:
                yield _twice([block], point, first)

    def point(
        self, point: Point, drawn: frozenset[Mark] = frozenset()
    ) -> tuple[str | None, list[Problem]]:
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
            found = _at_value(finding, root, point)
            if found.mark not in drawn or (found.mark, found.path) not in self.told:
                problems.append(found)
            self.told.add((found.mark, found.path))
        return None, problems


def _at_value(finding: Finding, root: Node, point: Point) -> Problem:
    """Return the problem at the value of the point that makes it."""
    found = locate(finding, root)
    for path, node in point:
        if finding.touches([path]):
            mark = found.mark if found.mark in marks(node) else node.mark
            return problem(mark, found.path, found.what, found.expected, found.hint)
    return found


def _drawn(blocks: list[Block]) -> frozenset[Mark]:
    """Return the places of sampled axes."""
    sampled = (block for block in blocks if block.name == _SAMPLED)
    return frozenset(node.mark for block in sampled for node in block.rows[0])


def _twice(joined: list[Block], point: Point, first: Point) -> Problem:
    # Two points that are the same differ, as written, in at least one value.
    block_of = {path: block.name for block in joined for path in block.paths}
    (path, node), (_, earlier) = next(
        (pair for pair in zip(point, first, strict=True) if pair[0][1] is not pair[1][1]),
        (point[-1], first[-1]),
    )
    place = f"line {earlier.mark.line}, column {earlier.mark.column}"
    what, hint = f"is the same experiment as the value at {place}", "remove one of them"
    if node.mark == earlier.mark:
        what, hint = (
            "two points of the sample are the same",
            "draw fewer points or widen the limits",
        )
    return problem(node.mark, f"{block_of[path]}.{dotted(path)}", what, hint=hint)
