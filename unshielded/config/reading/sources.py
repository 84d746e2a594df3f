"""The texts of config files: read once, and remembered, so that no file is needed a second time."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from unshielded.config.reading.errors import Mark, Problem, problem

LARGEST_FILE: Final = 1 << 20

_WANTED: Final = "a YAML config"

#: The name under which the config is read from standard input.
STDIN: Final = "-"

#: Where the shell puts what it has opened for a process: ``<(command)``, or a pipe into it.
_OPENED: Final = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")


@dataclass
class Sources:
    """Config files by the names that they go by in messages.

    Attributes
    ----------
    files
        Name → what the file really is, behind all links, and its text.
    closed
        Whether there are no other files than those.
    """

    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    closed: bool = False

    def real(self, name: str) -> str:
        """Return one path for every name of the same file."""
        return self.files[name][0] if name in self.files else os.path.realpath(name)

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        try:
            return name in self.files or (not self.closed and Path(name).is_file())
        except OSError:  # a name that is too long, a folder that may not be entered
            return False

    def read(self, name: str, problems: list[Problem]) -> str | None:
        """Return the text of a file, or None after adding to `problems`."""
        if name not in self.files:
            if (text := _read(Path(name), name, problems, self.closed)) is None:
                return None
            self.files[name] = (os.path.realpath(name), text)
        return self.files[name][1]


def _read(path: Path, name: str, problems: list[Problem], closed: bool) -> str | None:
    start = Mark(name, 1, 1)
    try:
        if closed:
            raise FileNotFoundError
        if name == STDIN:
            raw = sys.stdin.buffer.read(LARGEST_FILE + 1)
            return _text(raw, name, problems)
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise IsADirectoryError(21, "is a folder, not a file")
        if not (stat.S_ISREG(info.st_mode) or _is_pipe_to_us(name, info.st_mode)):
            raise OSError(22, "is not a regular file")
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        problems.append(problem(start, "", "there is no such file", _WANTED))
        return None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        problems.append(problem(start, "", f"cannot be read: {why}", _WANTED))
        return None
    return _text(raw, name, problems)


def _is_pipe_to_us(name: str, mode: int) -> bool:
    """Whether it is one that the shell opened for this process; any other might never be written to."""
    return stat.S_ISFIFO(mode) and name.startswith(_OPENED)


def _text(raw: bytes, name: str, problems: list[Problem]) -> str | None:
    start = Mark(name, 1, 1)
    if len(raw) > LARGEST_FILE:
        problems.append(problem(start, "", "is larger than 1 MiB", _WANTED))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        byte = f"the byte 0x{raw[error.start]:02x} is not UTF-8"
        problems.append(problem(Mark(name, line, column), "", byte, "text in UTF-8"))
        return None
