"""What validation finds, before it is known where in which file that was written."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from unshielded.config.json_schema import Schema, below, children, paths
from unshielded.config.reading.errors import Mark, Problem, nearest, problem
from unshielded.config.reading.tree import Node, Path, descend


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a setting.

    Attributes
    ----------
    path
        The setting.
    involves
        All settings that the finding depends on.
    at_key
        Whether it is the name that is wrong, not the value.
    """

    path: Path
    what: str
    expected: str = ""
    hint: str = ""
    involves: tuple[Path, ...] = ()
    at_key: bool = False


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


def dotted(path: Path) -> str:
    """Return `path` as it is written after ``--set``."""
    return ".".join(map(str, path))


def did_you_mean(path: Path, schema: Schema) -> str:
    """Return a hint at the setting that was probably meant, or the settings there are."""
    *parents, name = map(str, path)
    section = schema
    for parent in parents:
        section = below(section, parent)
    siblings = list(children(section))
    if hint := nearest(name, siblings):
        return hint
    if elsewhere := [p for p in paths(schema) if p.rsplit(".", 1)[-1] == name]:
        return f"did you mean '{min(elsewhere, key=len)}'?"
    everywhere = {p.rsplit(".", 1)[-1]: p for p in paths(schema)}
    if near := difflib.get_close_matches(name, everywhere, n=1, cutoff=0.8):
        return f"did you mean '{everywhere[near[0]]}'?"
    if 0 < len(siblings) <= 12:
        return f"there are {', '.join(siblings)}"
    return ""


def did_you_mean_path(path: str, schema: Schema) -> str:
    """Return a hint at the dotted path that was probably meant."""
    return nearest(path, paths(schema))
