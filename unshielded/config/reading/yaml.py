"""Reading YAML with places, and refusing what a config has no use for.

Tags, anchors, aliases, duplicate keys, several documents, deep nesting and large files are
refused: none of them has a meaning here, and each can hide a mistake or an attack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from unshielded.config.reading.errors import MOST_PROBLEMS, Mark, Problem, problem, show
from unshielded.config.reading.scalars import Scalar, plain_scalar
from unshielded.config.reading.tree import Node

DEEPEST: Final = 32

#: Of keys and values. More take long to read, and a sweep has no more than 100,000 points.
MOST_VALUES: Final = 150_000

_UNUSABLE = re.compile("[\0\ud800-\udfff]")


class _Stop(Exception):
    """Nothing sensible can be read after this problem."""


def parse(
    text: str,
    name: str,
    problems: list[Problem],
    shift: int = 0,
    path: tuple[str, ...] = (),
) -> Node | None:
    """Return the data in `text` with places, or None if there is no making sense of it.

    Parameters
    ----------
    name
        How the text is called in messages.
    problems
        What is found wrong is added here.
    shift
        Columns before `text` on its first line.
    path
        The setting that the text is the value of; empty for a whole config.
    """
    reader = _Reader(name, problems, shift, path)
    try:
        return reader.document(reader.events(text))
    except _Stop:
        return None


@dataclass
class _Reader:
    name: str
    problems: list[Problem]
    shift: int
    path: tuple[str, ...]
    last: Mark = field(init=False)
    values: int = 0

    def __post_init__(self) -> None:
        self.last = Mark(self.name, 1, 1 + self.shift)

    def complain(
        self, mark: Mark, what: str, expected: str = "", hint: str = "", path: str = ""
    ) -> None:
        """Add a problem; after many of them the rest of the file is not read."""
        self.problems.append(problem(mark, path, what, expected, hint))
        if len(self.problems) >= MOST_PROBLEMS:
            what, hint = f"is not read further after {MOST_PROBLEMS} problems", "mend these first"
            self.problems.append(problem(mark, "", what, hint=hint))
            raise _Stop

    def place(self, mark: Any) -> Mark:
        """Return our mark for PyYAML's, which are of two classes that its types do not relate."""
        if mark is None:
            return self.last
        shift = self.shift if mark.line == 0 else 0
        return Mark(self.name, mark.line + 1, mark.column + 1 + shift)

    def events(self, text: str) -> Iterator[yaml.Event]:
        """Yield PyYAML's events; whatever it raises becomes a problem with a place."""
        try:
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                self.last = self.place(event.start_mark)
                self.values += isinstance(event, yaml.NodeEvent)
                if self.values > MOST_VALUES:
                    break
                yield event
        except yaml.reader.ReaderError as error:
            before = text[: error.position]
            line, column = before.count("\n"), error.position - (before.rfind("\n") + 1)
            mark = Mark(self.name, line + 1, column + 1 + (0 if line else self.shift))
            what = f"the character {text[error.position]!a} is not allowed"
            self.complain(mark, what, "printable text")
        except yaml.MarkedYAMLError as error:
            what = " ".join(filter(None, (error.context, error.problem)))
            mark = self.place(error.problem_mark or error.context_mark)
            self.complain(mark, f"is not YAML: {what}")
        except Exception as error:  # PyYAML raises unrelated types on bad escapes and numbers
            self.complain(self.last, f"is not YAML: {error}")
        else:
            if self.values <= MOST_VALUES:
                return
            self.complain(self.last, f"has more than {MOST_VALUES} values")
        raise _Stop

    def document(self, events: Iterator[yaml.Event]) -> Node:
        root = Node(None, self.last)
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    mark = self.place(event.start_mark)
                    self.complain(mark, "is a second document", "one document in a file")
                    raise _Stop
            elif isinstance(event, yaml.NodeEvent):
                root = self.node(event, events, self.path)
        return root

    def node(
        self,
        event: yaml.NodeEvent,
        events: Iterator[yaml.Event],
        path: tuple[str, ...],
        key: Mark | None = None,
    ) -> Node:
        mark = self.place(event.start_mark)
        dotted = ".".join(path)
        if len(path) > DEEPEST:
            self.complain(mark, f"is nested deeper than {DEEPEST} levels")
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            what = f"the alias *{event.anchor} is not supported"
            self.complain(mark, what, "the value itself", path=dotted)
            return Node(None, mark, key)
        if event.anchor is not None:
            what = f"the anchor &{event.anchor} is not supported"
            self.complain(mark, what, "a plain value", path=dotted)
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.complain(mark, f"the tag {tag} is not supported", "a plain value", path=dotted)
        if isinstance(event, yaml.MappingStartEvent):
            return Node(self.mapping(events, path), mark, key)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                assert isinstance(item, yaml.NodeEvent)
                items.append(self.node(item, events, (*path, str(len(items)))))
            return Node(items, mark, key)
        assert isinstance(event, yaml.ScalarEvent)
        return Node(self.scalar(event, mark, dotted), mark, key)

    def mapping(self, events: Iterator[yaml.Event], path: tuple[str, ...]) -> dict[str, Node]:
        children: dict[str, Node] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            assert isinstance(event, yaml.NodeEvent)
            mark = self.place(event.start_mark)
            name = self.key(event, events, path)
            value = next(events)
            assert isinstance(value, yaml.NodeEvent)
            child = self.node(value, events, (*path, "?" if name is None else name), mark)
            if name is None:
                continue
            if first := children.get(name):
                what = f"the key {show(name)} is given twice"
                hint = f"remove one; the first is at line {(first.key or first.mark).line}"
                self.complain(mark, what, hint=hint, path=".".join((*path, name)))
            else:
                children[name] = child
        return children

    def key(
        self, event: yaml.NodeEvent, events: Iterator[yaml.Event], path: tuple[str, ...]
    ) -> str | None:
        """Return a key as it stands: ``no:`` and ``1:`` are the names "no" and "1"."""
        if isinstance(event, yaml.ScalarEvent) and not _UNUSABLE.search(event.value):
            if event.anchor is not None or event.tag is not None:
                self.node(event, events, path)  # for what it says about them
            return str(event.value)
        if not isinstance(event, yaml.ScalarEvent):
            self.node(event, events, (*path, "?"))
        what = "is not usable as a key"
        self.complain(self.place(event.start_mark), what, "plain text", path=".".join(path))
        return None

    def scalar(self, event: yaml.ScalarEvent, mark: Mark, path: str) -> Scalar:
        text: str = event.value
        if _UNUSABLE.search(text):
            self.complain(mark, "contains a NUL or half a surrogate pair", "text", path=path)
            return None
        if event.style is not None:  # quoted or block
            return text
        try:
            return plain_scalar(text)
        except ValueError as error:
            self.complain(mark, f"is {error}", "a number of a usual length", path=path)
            return None
