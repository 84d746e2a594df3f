"""What a config is put together from: files, what they extend, and what is set from outside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from unshielded.config.design import sweep_override, trial_variants
from unshielded.config.reading import yaml
from unshielded.config.reading.errors import Mark, Problem, problem, show
from unshielded.config.reading.sources import LARGEST_FILE, Sources
from unshielded.config.reading.tree import Node, descend, merge, plain, put
from unshielded.config.sections.section import Section, Seed

LONGEST_CHAIN: Final = 10

FORMAT: Final = 2


class Recipe(Section):
    """A file and what is set from outside; with the texts of all files, it needs no other."""

    format: Literal[2] = FORMAT
    config: str
    overrides: tuple[str, ...] = Field(default=(), strict=False)
    seed: Seed | None = None
    files: dict[str, Annotated[tuple[str, str], Field(strict=False)]]


def put_together(
    name: str, overrides: Iterable[str], seed: int | None, sources: Sources
) -> tuple[Node | None, list[Problem]]:
    """Return the whole config, with places, and what is wrong with its texts.

    The config is None where nothing can be made of it.
    """
    problems: list[Problem] = []
    text = sources.read(name, problems)
    root = None if text is None else _with_bases(text, name, (), sources, problems)
    given: list[sweep_override.Given] = []
    for override in overrides:
        root = _override(root, override, problems, given)
    if root is None:
        return None, problems
    if seed is not None:
        mark = Mark(f"--seed {seed}", 1, 1)
        node = Node(seed, mark, mark)
        root = put(sweep_override.fix(root, ("seed",), node), ("seed",), node)

    def extended(extends: Node, name: str, path: str) -> Node | None:
        return _base(extends, name, (), sources, problems, path)

    root = trial_variants.laid_out(root, extended, sources, problems)
    problems += sweep_override.clashes(root, given)
    return root, problems


def _with_bases(
    text: str, name: str, above: tuple[str, ...], sources: Sources, problems: list[Problem]
) -> Node | None:
    """Parse a config and lay it on what it extends."""
    root = yaml.parse(text, name, problems)
    if root is None:
        return None
    if not isinstance(root.value, dict):
        found = "the file is empty" if root.value is None else f"found {show(plain(root))}"
        problems.append(problem(root.mark, "", found, "a mapping of settings"))
        return None
    extends = root.value.get("extends")
    if extends is None:
        return root
    root = replace(root, value={k: v for k, v in root.value.items() if k != "extends"})
    base = _base(extends, name, (*above, sources.real(name)), sources, problems)
    return None if base is None else merge(base, root)


def _base(
    extends: Node,
    name: str,
    above: tuple[str, ...],
    sources: Sources,
    problems: list[Problem],
    path: str = "extends",
) -> Node | None:
    """Read the file that is extended at `path` of the file `name`."""
    value, wanted = plain(extends), "a config file, relative to this one"
    base = str(Path(name).parent / value) if isinstance(value, str) else ""
    if not isinstance(value, str) or not value:
        what = f"found {show(value)}"
    elif Path(value).is_absolute():
        what = f"{show(value)} is an absolute path"
    elif not sources.has(base):
        what = f"there is no file {show(base)}"
    elif sources.real(base) in above:
        what, wanted = (
            f"{show(value)} leads back to a file that extends it",
            "a chain without a cycle",
        )
    elif len(above) > LONGEST_CHAIN:
        what, wanted = f"more than {LONGEST_CHAIN} files extend each other", "a shorter chain"
    else:
        text = sources.read(base, problems)
        return None if text is None else _with_bases(text, base, above, sources, problems)
    problems.append(problem(extends.mark, path, what, wanted))
    return None


def _override(
    root: Node | None, text: str, problems: list[Problem], given: list[sweep_override.Given]
) -> Node | None:
    """Lay ``path=value`` on the config; add what it sets to `given`."""
    origin = f"--set {text if len(text) <= 80 else text[:79] + '…'}"
    start = Mark(origin, 1, 1)
    before, equals, after = text.partition("=")
    keys = before.strip().split(".")
    if not equals or not all(keys) or len(keys) > yaml.DEEPEST:
        example = "--set drive.level=0.5"
        problems.append(problem(start, "", "is not an override", f"path=value, such as {example}"))
        return root
    if keys[0] == "extends":
        what, hint = "cannot be set from outside", "write it in a file"
        problems.append(problem(start, "extends", what, hint=hint))
        return root
    keys = sweep_override.keys(keys, root)
    if len(after) > LARGEST_FILE:
        problems.append(problem(start, before, "is larger than 1 MiB"))
        return root
    value = yaml.parse(after, origin, problems, len(before) + 1, tuple(keys))
    if root is None or value is None:
        return root
    last, taken = descend(root, keys)
    if isinstance(last.value, list) and taken < len(keys):
        what = f"there is no entry {show(keys[taken])} in '{'.'.join(keys[:taken])}'"
        count = len(last.value)
        expected = f"a number from 0 to {count - 1}" if count else "the whole list"
        problems.append(problem(start, before.strip(), what, expected))
        return root
    node = replace(value, key=start)
    given.append(sweep_override.Given(tuple(keys), node))
    root = sweep_override.fix(sweep_override.cleared(root, keys, node), keys, node)
    return put(root, keys, node)
