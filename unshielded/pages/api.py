"""Pages about the code: one for each public room, made from its docstrings by Sphinx."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import unshielded
from unshielded.pages.rst import heading

#: Rooms that a user of the package may call; of the first, what it exports.
ROOMS = ("mechanism", "model", "preparations", "config", "single_cell", "statistics", "numerics", "store", "results", "calibration", "tms_sessions")  # fmt: skip

_INTRODUCTION = """\
What the package offers to Python. :doc:`unshielded` is the public face; the rooms below it are what it is
made of, and may change between versions.
"""


def write(folder: Path) -> None:
    """Write the reference, ``index.rst`` and one page for each room, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ["unshielded", *ROOMS]
    listed = "\n".join(f"   {name}" for name in names)
    index = f"{heading('Python')}\n{_INTRODUCTION}\n.. toctree::\n   :maxdepth: 1\n\n{listed}\n"
    (folder / "index.rst").write_text(index, encoding="utf-8")
    (folder / "unshielded.rst").write_text(_face(), encoding="utf-8")
    for name in ROOMS:
        module = importlib.import_module(f"unshielded.{name}")
        (folder / f"{name}.rst").write_text(_room(module), encoding="utf-8")


def _face() -> str:
    parts = [heading("unshielded"), ".. automodule:: unshielded\n"]
    exported: Iterable[str] = vars(unshielded)["__all__"]
    for name in exported:
        if not name.startswith("_"):
            parts.append(_documented(f"unshielded.{name}", getattr(unshielded, name)))
    return "\n".join(parts)


def _documented(name: str, exported: object) -> str:
    """Return the entry of a public name; of one that a room's page has, a link to it."""
    if inspect.ismodule(exported):
        return f".. automodule:: {name}\n"
    home = getattr(exported, "__module__", "")
    is_class = inspect.isclass(exported)
    if any(f"{home}.".startswith(f"unshielded.{room}.") for room in ROOMS):
        role = "class" if is_class else "func"
        return f"``{name}`` is :py:{role}:`{home}.{name.rpartition('.')[2]}`.\n"
    if is_class:
        return f".. autoclass:: {name}\n   :members:\n"
    return f".. auto{'function' if callable(exported) else 'data'}:: {name}\n"


def _room(module: ModuleType) -> str:
    found = pkgutil.walk_packages(getattr(module, "__path__", []), f"{module.__name__}.")
    packages = {module.__name__: hasattr(module, "__path__")} | {m.name: m.ispkg for m in found}
    parts = [heading(module.__name__.removeprefix("unshielded."))]
    for name, is_package in packages.items():
        if name != module.__name__:
            parts.append(heading(f"``{name.removeprefix('unshielded.')}``", 2))
        # What a package exports is documented where it is defined.
        parts.append(f".. automodule:: {name}\n" + ("" if is_package else "   :members:\n"))
    return "\n".join(parts)
