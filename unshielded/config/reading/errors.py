"""What is wrong with a config: every problem with its place, all of them at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

#: Nobody reads on after so many; the rest would only take time.
MOST_PROBLEMS: Final = 100

#: Longer ones are cut in messages; no setting there is has as many characters.
_LONGEST_PATH: Final = 200


class Mark(NamedTuple):
    """A place in a file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    file, line, column
        Where. For an override, `file` is ``--set path=value`` and `column` counts in what
        follows ``--set``.
    path
        The setting, such as ``circuit.populations.motor_fr.size``; empty for the whole file.
    what
        What is wrong, with the value.
    expected
        What would be right.
    hint
        The remedy, often ``did you mean 'motor_fr'?``.
    """

    file: str
    line: int
    column: int
    path: str
    what: str
    expected: str = ""
    hint: str = ""

    @property
    def mark(self) -> Mark:
        """Where it is."""
        return Mark(self.file, self.line, self.column)

    def __str__(self) -> str:
        text = f"{self.mark}: "
        path = self.path if len(self.path) <= _LONGEST_PATH else f"{self.path[:_LONGEST_PATH]}…"
        text += f"{path}: " if path else ""
        text += self.what
        text += f", expected {self.expected}" if self.expected else ""
        text += f"; {self.hint}" if self.hint else ""
        # One problem is one line, whatever a file name or a key contains.
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class ConfigError(ValueError):
    """A config cannot be used.

    Attributes
    ----------
    problems
        All that is wrong, in the order of files and lines. ``str()`` prints one per line.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(self.problems)  # what pickling makes it from again

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def problem(mark: Mark, path: str, what: str, expected: str = "", hint: str = "") -> Problem:
    """Return a `Problem` at `mark`."""
    return Problem(*mark, path, what, expected, hint)


#: How alike two names are, as difflib counts it, of which one is taken for the other; of names as short as
#: "ATP", which is two thirds like "APV", more.
_NEAR: Final = 0.65
_NEAR_IF_SHORT: Final = 0.75
_SHORT: Final = 3


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a hint at the one of `names` that was probably meant; empty if none is near.

    Examples
    --------
    >>> nearest("motor_f", ["motor_fr", "pv"])
    "did you mean 'motor_fr'?"
    >>> nearest("ATP", ["APV"])
    ''
    """
    alike = {known.casefold(): known for known in names}
    cutoff = _NEAR if len(name) > _SHORT else _NEAR_IF_SHORT
    near = difflib.get_close_matches(name.casefold(), alike, n=1, cutoff=cutoff)
    return f"did you mean '{alike[near[0]]}'?" if near else ""


def show(value: object) -> str:
    """Describe a value that was read from YAML, briefly.

    Examples
    --------
    >>> show(None), show(True), show("1 ms"), show([1])
    ('nothing', 'true', "'1 ms'", 'a list')
    """
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
    text = repr(value)
    if len(text) <= 60:
        return text
    return f"{text[:57]}…{text[0]}" if isinstance(value, str) else f"{text[:57]}…"
