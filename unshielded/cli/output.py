"""Output of the command: data to stdout, everything else to stderr.

On a terminal tables have colours and fit its width. Elsewhere they are plain text as wide as
they need to be.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console, RenderableType
from rich.table import Table

from unshielded.progress.log import log as log

#: Of stdin, stdout and stderr.
_LAST_STREAM = 2

#: Wide enough for any table that is not read on a terminal.
_PLAIN_WIDTH = 240


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[
    Format, typer.Option("--format", help="Print text for people or JSON for programs.")
]


class ReaderGone(Exception):
    """The reader of stdout has closed it (``unshielded params | head``)."""


class _Console(Console):
    """Leaves it to the command how to end when its reader is gone."""

    def on_broken_pipe(self) -> None:
        raise ReaderGone


def write(text: str) -> None:
    """Print text to stdout."""
    try:
        sys.stdout.write(text + "\n")
    except BrokenPipeError:
        raise ReaderGone from None


def write_json(value: Any, indent: int | None = 2) -> None:
    """Print one JSON value to stdout."""
    write(json.dumps(value, indent=indent, allow_nan=False))


def show(*parts: RenderableType) -> None:
    """Print tables, trees and lines to stdout."""
    terminal = sys.stdout.isatty()
    text = io.StringIO()
    console = _Console(
        file=sys.stdout if terminal else text,
        width=None if terminal else _PLAIN_WIDTH,
        no_color=None if terminal else True,
        force_terminal=None if terminal else False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for part in parts:
        # a line is never broken: paths stay whole, and can be copied
        console.print(part, soft_wrap=isinstance(part, str))
    if not terminal:
        write("\n".join(line.rstrip() for line in text.getvalue().splitlines()))


def flush() -> None:
    """Hand everything that was printed to whoever reads it."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise ReaderGone from None


def abandon_stdout() -> None:
    """Send what is still unwritten nowhere, so that Python does not fail on it at its end."""
    _abandon(sys.stdout)


def open_streams() -> None:
    """Open what was closed (``>&-``) to nowhere: else the next file that is opened takes its place."""
    with suppress(OSError):
        while (nowhere := os.open(os.devnull, os.O_RDWR)) <= _LAST_STREAM:
            os.set_inheritable(nowhere, True)
        os.close(nowhere)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            stream = os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)
            setattr(sys, name, stream)


def settle() -> None:
    """Send nowhere what cannot be written, as to a log on a full disk: Python would end with 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _abandon(stream)


def _abandon(stream: TextIO) -> None:
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def table(*heads: str, title: str = "", numbers: Iterable[int] = ()) -> Table:
    """Make an empty table.

    Parameters
    ----------
    heads
        The columns.
    title
        What stands above it.
    numbers
        Which columns are aligned to the right.
    """
    right = set(numbers)
    made = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for place, head in enumerate(heads):
        made.add_column(head, justify="right" if place in right else "left", overflow="fold")
    return made


def number(value: float | None, digits: int = 1, unit: str = "") -> str:
    """Write a number for a table; a dash where there is none.

    Examples
    --------
    >>> number(12.345), number(None), number(3.0, 0, " s")
    ('12.3', '–', '3 s')
    """
    return "–" if value is None else f"{value:.{digits}f}{unit}"


def size(count: float) -> str:
    """Write a number of bytes.

    Examples
    --------
    >>> size(999), size(1_234_000), size(5.6e9)
    ('999 B', '1.2 MB', '5.6 GB')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
