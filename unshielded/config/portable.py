"""An experiment as plain JSON data, whole: no other file is needed to build it again.

The data hold the text of the file and the config as it was put together from that file, from what
it extends and from the command line, each value with the place it was written at::

    {"format": 1, "source_text": "…", "files": ["a.yaml"], "config": node}
    node = {"at": [file, line, column], "key": [file, line, column] | null,
            "value": scalar  |  "list": [node, …]  |  "mapping": [[name, node], …]}

A mapping is a list of pairs because the order of settings is the order of points.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import islice
from typing import Any, Final, TypeGuard

from unshielded.config.design import sweep_check, trial_check
from unshielded.config.experiment import Experiment
from unshielded.config.findings import locate
from unshielded.config.json_schema import json_schema
from unshielded.config.reading.errors import Mark, Problem, show
from unshielded.config.reading.tree import Node, plain
from unshielded.config.reading.yaml import DEEPEST
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.catalogue import catalogue as real_catalogue
from unshielded.config.validate import validate

FORMAT: Final = 1

_LARGEST: Final = 2**31

#: No config has them: see :mod:`unshielded.config.reading.yaml`.
_UNUSABLE: Final = re.compile("[\0\ud800-\udfff]")


def to_json(experiment: Experiment) -> dict[str, Any]:
    """Return an experiment, its sweep included, as data that `json.dumps` takes.

    Parameters
    ----------
    experiment
        A loaded experiment, or a point of one.

    Returns
    -------
    data
        `from_json` makes of it an experiment with the same identity, origins, source text and
        points.
    """
    files: dict[str, int] = {}
    config = _node(experiment.root, files)
    return {
        "format": FORMAT,
        "source_text": experiment.source_text,
        "files": list(files),
        "config": config,
    }


def from_json(data: Any, catalogue: Catalogue | None = None) -> Experiment:
    """Return the experiment that `to_json` wrote.

    The config is validated again, and so is the shape of its sweep; the points are when they are
    built.

    Parameters
    ----------
    data
        Plain data, as from `json.loads`.
    catalogue
        The names that the config may use; the model's own if not given.

    Raises
    ------
    ValueError
        In one line, if the data are of another form, or their config is not good by this version.
    """
    if not isinstance(data, dict):
        raise ValueError(f"the stored experiment is {show(data)}, expected a mapping")
    if (found := data.get("format")) != FORMAT or type(found) is not int:
        raise ValueError(f"the stored experiment has format {show(found)}, expected {FORMAT}")
    source_text, files = data.get("source_text"), data.get("files")
    if data.keys() != {"format", "source_text", "files", "config"}:
        keys = ", ".join(map(ascii, islice(data, 8)))
        raise ValueError(
            f"the stored experiment has {keys}, expected format, source_text, files and config"
        )
    if not _is_text(source_text):
        raise ValueError(f"source_text is {show(source_text)}, expected text")
    if not isinstance(files, list) or not all(isinstance(name, str) for name in files):
        raise ValueError("files is something else than a list of names")
    root = _read(data["config"], files, 0)
    if not isinstance(root.value, dict):
        raise ValueError(f"config is {show(plain(root))}, expected a mapping")
    names = catalogue or real_catalogue()
    config, findings = validate(plain(root), names)
    _refuse(locate(finding, root) for finding in findings)
    if config.sweep is not None:
        _refuse(sweep_check.shape(root, config.sweep, json_schema(names)))
    if config.trial is not None:
        wrong = trial_check.shape(root, json_schema(names))
        _refuse(locate(finding, root) for finding in wrong)
    return Experiment(config, source_text, names, root)


def _refuse(problems: Iterable[Problem]) -> None:
    for problem in problems:
        raise ValueError(f"the stored config is not good by this version: {problem}")


def _node(node: Node, files: dict[str, int]) -> dict[str, Any]:
    """Return a node as plain data; add the files of its places to `files`."""

    def place(mark: Mark) -> list[int]:
        return [files.setdefault(mark.file, len(files)), mark.line, mark.column]

    written: dict[str, Any] = {"at": place(node.mark), "key": node.key and place(node.key)}
    match node.value:
        case dict() as children:
            written["mapping"] = [[name, _node(child, files)] for name, child in children.items()]
        case list() as items:
            written["list"] = [_node(item, files) for item in items]
        case scalar:
            written["value"] = scalar
    return written


def _read(data: Any, files: list[str], depth: int) -> Node:
    """Return the node that `_node` wrote, or raise ValueError."""
    if depth > DEEPEST:
        raise ValueError(f"config is nested deeper than {DEEPEST} levels")
    if not isinstance(data, dict) or len(data) != 3 or not {"at", "key"} <= data.keys():
        raise ValueError(f"config has {show(data)} of another form in place of a value")
    mark = _place(data["at"], files)
    key = None if data["key"] is None else _place(data["key"], files)
    match data:
        case {"mapping": list() as pairs}:
            children: dict[str, Node] = {}
            for pair in pairs:
                match pair:
                    case [str() as name, child] if _is_text(name) and name not in children:
                        children[name] = _read(child, files, depth + 1)
                    case _:
                        raise ValueError(
                            "config has a mapping that is not a list of names and values"
                        )
            return Node(children, mark, key)
        case {"list": list() as items}:
            return Node([_read(item, files, depth + 1) for item in items], mark, key)
        case {"value": None | bool() | int() as scalar}:
            return Node(scalar, mark, key)
        case {"value": float() as number} if math.isfinite(number):
            return Node(number, mark, key)
        case {"value": str() as text} if _is_text(text):
            return Node(text, mark, key)
    raise ValueError(f"config has {show(next(iter(data.keys() - {'at', 'key'})))} in place of data")


def _is_text(data: Any) -> TypeGuard[str]:
    return isinstance(data, str) and not _UNUSABLE.search(data)


def _place(data: Any, files: list[str]) -> Mark:
    match data:
        case [file, line, column] if all(
            isinstance(number, int) and not isinstance(number, bool) and 0 <= number < _LARGEST
            for number in data
        ):
            if file < len(files):
                return Mark(files[file], line, column)
    raise ValueError(f"config has {show(data)} as a place, expected [file, line, column]")
