"""Bad configs in tests: where each problem is, and what is said about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from unshielded.config import ConfigError, load
from unshielded.config.reading.errors import Problem
from unshielded.config.sections.catalogue import Catalogue

HEAD = "name: a\nduration: 10 s\n"

#: Line, column and a piece of the message of a problem.
Said = tuple[int, int, str]


def problems_of(text: str, folder: Path, catalogue: Catalogue | None = None) -> tuple[Problem, ...]:
    """Load a bad config; return all that is said about it, each a line with file and place."""
    path = folder / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path, catalogue=catalogue)
    problems = caught.value.problems
    assert len(str(caught.value).splitlines()) == len(problems)
    for problem in problems:
        assert str(problem).startswith(f"{path}:{problem.line}:{problem.column}: ")
    return problems


def check(problems: tuple[Problem, ...], expected: tuple[Said, ...]) -> None:
    """Compare what is said with what should be: the same places, no more and no less."""
    places = [(p.line, p.column) for p in problems]
    assert places == [(line, column) for line, column, _ in expected], "\n".join(map(str, problems))
    for problem, (_, _, fragment) in zip(problems, expected, strict=True):
        assert fragment in str(problem)


def split(marked: str, *said: str) -> tuple[str, tuple[Said, ...]]:
    """Take the § out of a text; return the text, and what is said at the place of each."""
    places = []
    while "§" in marked:
        before, _, after = marked.partition("§")
        places.append((before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1))
        marked = before + after
    pairs = zip(places, said, strict=True)
    return marked, tuple((line, column, text) for (line, column), text in pairs)
