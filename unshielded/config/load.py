"""Loading an experiment: files, what they extend, overrides, and all that is wrong at once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from unshielded.config.design import sweep_check, sweep_override, trial_check, trial_variants
from unshielded.config.design.sweep import child
from unshielded.config.experiment import Experiment, build
from unshielded.config.findings import Finding, did_you_mean, locate
from unshielded.config.json_schema import json_schema
from unshielded.config.reading import yaml
from unshielded.config.reading.errors import (
    MOST_PROBLEMS,
    ConfigError,
    Mark,
    Problem,
    problem,
    show,
)
from unshielded.config.reading.tree import Node, descend, merge, plain, put
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.catalogue import catalogue as real_catalogue
from unshielded.config.validate import validate

LONGEST_CHAIN: Final = 10


def load(
    path: str | os.PathLike[str],
    overrides: Sequence[str] = (),
    seed: int | None = None,
    catalogue: Catalogue | None = None,
) -> Experiment:
    """Load an experiment from a YAML config.

    Parameters
    ----------
    path
        The file.
    overrides
        Texts ``path=value`` as given to ``--set``; the value is YAML. A section is merged; a
        mapping whose names the user chooses, such as the grid of a sweep or the arms of a trial,
        is replaced. Later ones win. A setting that the grid of a sweep varies has this value alone
        from then on.
    seed
        Replaces the seed of the config, and the seeds of its sweep.
    catalogue
        The names that the config may use; the model's own if not given.

    Raises
    ------
    ConfigError
        With everything that is wrong.
    """
    names = catalogue or real_catalogue()
    problems: list[Problem] = []
    name = os.fspath(path)
    text = yaml.read_text(Path(name), name, problems)
    root = None if text is None else _with_bases(text, name, [], problems)
    given: list[sweep_override.Given] = []
    for override in overrides:
        root = _override(root, override, problems, given)
    if root is None or text is None:
        raise ConfigError(problems)
    if seed is not None:
        mark = Mark(f"--seed {seed}", 1, 1)
        node = Node(seed, mark, mark)
        root = put(sweep_override.fix(root, ("seed",), node), ("seed",), node)
    root = trial_variants.laid_out(root, _extended, problems)
    problems += sweep_override.clashes(root, given)
    problems += _invalid(root, names, problems)
    if problems:
        raise ConfigError(problems)
    return build(root, text, names)


def _with_bases(text: str, name: str, above: list[str], problems: list[Problem]) -> Node | None:
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
    above = [*above, os.path.realpath(name)]
    base = _base(extends, name, above, problems)
    return None if base is None else merge(base, root)


def _extended(extends: Node, name: str, path: str, problems: list[Problem]) -> Node | None:
    """Read what is extended elsewhere than at the top of a file."""
    return _base(extends, name, [], problems, path)


def _base(
    extends: Node, name: str, above: list[str], problems: list[Problem], path: str = "extends"
) -> Node | None:
    def refuse(what: str, expected: str) -> None:
        problems.append(problem(extends.mark, path, what, expected))

    value: Any = extends.value
    wanted = "a config file, relative to this one"
    if not isinstance(value, str) or not value:
        refuse(f"found {show(plain(extends))}", wanted)
        return None
    base = Path(name).parent / value
    if Path(value).is_absolute():
        refuse(f"{show(value)} is an absolute path", wanted)
    elif not _is_file(base):
        refuse(f"there is no file {show(str(base))}", wanted)
    elif os.path.realpath(base) in above:
        refuse(f"{show(value)} leads back to a file that extends it", "a chain without a cycle")
    elif len(above) > LONGEST_CHAIN:
        refuse(f"more than {LONGEST_CHAIN} files extend each other", "a shorter chain")
    else:
        text = yaml.read_text(base, str(base), problems)
        return None if text is None else _with_bases(text, str(base), above, problems)
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long, a folder that may not be entered
        return False


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
    if len(after) > yaml.LARGEST_FILE:
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


def _invalid(root: Node, catalogue: Catalogue, parsed: Sequence[Problem]) -> list[Problem]:
    """Return all that is wrong with the data, but for what was wrong with its YAML."""
    data = plain(root)
    config, findings = validate(data, catalogue)
    if not findings and config.sweep is None and config.trial is None:
        return []
    schema = json_schema(catalogue)
    problems = [locate(_with_hint(finding, schema), root) for finding in findings]
    if config.sweep is not None:
        problems += sweep_check.check(root, config.sweep, findings, catalogue, schema)
    trial = child(root, "trial")
    if trial and isinstance(trial.value, dict) and len(findings) <= MOST_PROBLEMS:
        problems += trial_check.check(root, findings, catalogue, schema)
    already = {(p.file, p.line, p.column, p.path) for p in parsed}
    return [p for p in problems if (p.file, p.line, p.column, p.path) not in already]


def _with_hint(finding: Finding, schema: dict[str, Any]) -> Finding:
    if not finding.at_key or finding.hint:
        return finding
    return replace(finding, hint=did_you_mean(finding.path, schema))
