"""What validation finds, before it is known where in which file that was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from unshielded.config.reading.errors import Mark, Problem, problem
from unshielded.config.reading.tree import Node, Path, descend


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a setting.

    Attributes
    ----------
    path
        The setting.
    joins
        The other settings that the finding depends on.
    at_key
        Whether it is the name that is wrong, not the value.
    """

    path: Path
    what: str
    expected: str = ""
    hint: str = ""
    joins: tuple[Path, ...] = ()
    at_key: bool = False

    def touches(self, paths: Iterable[Path]) -> bool:
        """Whether it depends on what is at, above or below one of `paths`."""
        mine = (self.path, *self.joins)
        return any(overlaps(path, mine) for path in paths)


def wrong(
    where: str,
    what: str,
    expected: str = "",
    hint: str = "",
    joins: Iterable[str] = (),
    *,
    at_key: bool = False,
) -> Finding:
    """Return a finding about the setting at a dotted path, which is joined with others.

    Examples
    --------
    >>> wrong("bath.0.until", "is too late", joins=["duration"]).path
    ('bath', 0, 'until')
    """
    return Finding(steps(where), what, expected, hint, tuple(map(steps, joins)), at_key)


def steps(where: str) -> Path:
    """Return a dotted path as its steps; the numbers are places in lists."""
    return tuple(int(step) if step.isdecimal() else step for step in where.split("."))


def dotted(path: Path) -> str:
    """Return `path` as it is written after ``--set``."""
    return ".".join(map(str, path))


def overlaps(path: Path, others: Iterable[Path]) -> bool:
    """Whether `path` is at, above or below one of `others`."""
    return any(all(str(a) == str(b) for a, b in zip(path, other, strict=False)) for other in others)


def locate(finding: Finding, root: Node) -> Problem:
    """Return the problem with the place where the setting is written.

    What is written nowhere is reported where it is missing: at the innermost section around.
    """
    node, taken = descend(root, finding.path)
    shown = finding.path
    if taken < len(finding.path) and not isinstance(node.value, dict):
        shown = finding.path[:taken]  # a short form, such as a number for a whole section
    mark = node.key if finding.at_key and node.key and taken == len(finding.path) else node.mark
    return problem(mark, dotted(shown), finding.what, finding.expected, finding.hint)


def mark_of(path: Path, root: Node) -> Mark | None:
    """Return where the setting at `path` is written, or None if it is a default."""
    node, taken = descend(root, path)
    written = taken == len(path) or not isinstance(node.value, dict)
    return node.mark if written else None
