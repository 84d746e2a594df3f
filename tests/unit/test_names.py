"""One name for one thing: no class name is defined twice in the packages."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

#: `unshielded` reaches the other four by links; each file is to be read once.
PACKAGES = ("unshielded", "circuit", "calcium", "degeneration", "mechanism")


def modules() -> Iterator[Path]:
    """Each module of the packages, once."""
    found = {
        path.resolve() for package in PACKAGES for path in (ROOT / package).rglob("*.py")
    }  # older Pythons follow links, newer ones do not
    assert len(found) > 200
    yield from sorted(found)


def test_no_class_name_is_defined_twice() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{path.relative_to(ROOT)}:{node.lineno}")
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert not twice, "give each class a name of its own"
