"""The names of all settings, as the JSON schema has them, and which of them was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final

from unshielded.config.reading.errors import nearest
from unshielded.config.reading.tree import Node, Path, child, items
from unshielded.model import FORMER_NAMES, REMOVED_NAMES

Schema = dict[str, Any]

#: What a mapping is about the file, or makes many experiments of it: no experiment varies it.
_NOT_VARIED: Final = ("name", "description", "extends", "seed", "sweep", "trial")

#: Lists whose entries have settings of their own, by their number.
LISTS: Final = ("bath", "stimulation", "therapies")


class Names:
    """Every setting that a config may have.

    Parameters
    ----------
    schema
        The JSON schema of a config.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def unit(self, path: str) -> str:
        """Return the unit that a setting is usually written in; empty if it has none."""
        units = (option["x-unit"] for option in self._at(path.split(".")) if "x-unit" in option)
        return next(units, "")

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The dotted path of every setting and section that an experiment may vary."""
        top = self._children([self._schema])
        return tuple(
            path
            for name, schema in top.items()
            if name not in _NOT_VARIED
            for path in (name, *self._below([schema], f"{name}."))
        )

    def entry(self, name: str, place: int) -> Iterator[str]:
        """Yield the path of an entry of one of `LISTS`, and of all that it may have."""
        yield f"{name}.{place}"
        yield from self._below(self._at([name, "0"]), f"{name}.{place}.")

    def settable(self, root: Node) -> set[str]:
        """Return the settings that a point of a design may have, entries of lists included."""
        entries = ((name, range(len(items(child(root, name))))) for name in LISTS)
        return {*self.paths, *(p for name, n in entries for i in n for p in self.entry(name, i))}

    def hint(self, path: Path) -> str:
        """Return a hint at the setting that was probably meant, or the settings there are."""
        *parents, name = map(str, path)
        if name in FORMER_NAMES and parents[-1:] == ["parameters"]:
            return f"it is now called '{FORMER_NAMES[name]}'"
        if name in REMOVED_NAMES and parents[-1:] == ["parameters"]:
            return f"it is gone; '{REMOVED_NAMES[name]}' does its work in another way"
        siblings = list(self._children(self._at(parents)))
        if hint := nearest(name, siblings):
            return hint
        by_name: dict[str, str] = {}
        for known in sorted(self.paths, key=len):
            by_name.setdefault(known.rsplit(".", 1)[-1], known)
        if near := difflib.get_close_matches(name, by_name, n=1, cutoff=0.8):
            return f"did you mean '{by_name[near[0]]}'?"
        return f"there are {', '.join(siblings)}" if 0 < len(siblings) <= 12 else ""

    def hint_at_path(self, path: str) -> str:
        """Return a hint at the dotted path that was probably meant."""
        parents, _, name = path.rpartition(".")
        if parents.endswith("parameters") and name in FORMER_NAMES:
            return f"it is now called '{parents}.{FORMER_NAMES[name]}'"
        if parents.endswith("parameters") and name in REMOVED_NAMES:
            return f"it is gone; '{parents}.{REMOVED_NAMES[name]}' does its work in another way"
        # what is in front of a name makes any two paths alike
        alike = [known for known in self.paths if nearest(name, [known.rpartition(".")[2]])]
        return nearest(path, alike)

    def _options(self, schema: Schema) -> Iterator[Schema]:
        """Yield what a schema may stand for: itself, what it refers to, what it is any of."""
        if "$ref" in schema:
            schema = self._schema["definitions"][schema["$ref"].rsplit("/", 1)[-1]]
        yield schema
        for option in (*schema.get("allOf", ()), *schema.get("anyOf", ())):
            yield from self._options(option)

    def _children(self, schemas: Iterable[Schema]) -> dict[str, Schema]:
        """Return the keys that a mapping may have, with their schemas."""
        options = (option for schema in schemas for option in self._options(schema))
        return {k: v for option in options for k, v in option.get("properties", {}).items()}

    def _at(self, steps: Sequence[str]) -> list[Schema]:
        """Return what may be at a path."""
        here = [self._schema]
        for step in steps:
            options = [option for schema in here for option in self._options(schema)]
            lists = [o["items"] for o in options if isinstance(o.get("items"), dict)]
            below = [o["properties"][step] for o in options if step in o.get("properties", {})]
            here = lists if lists and step.isdecimal() else below
        return [option for schema in here for option in self._options(schema)]

    def _below(self, schemas: Iterable[Schema], prefix: str) -> Iterator[str]:
        for name, schema in self._children(schemas).items():
            yield f"{prefix}{name}"
            yield from self._below([schema], f"{prefix}{name}.")
