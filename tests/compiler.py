"""A compiler that remembers: what it has compiled before it hands out again, at once.

A program takes most of a minute of a processor to compile, and several tests build one from an
empty cache. What it knows comes from the real compiler, which also does all but compile: ``-MM``,
linking, ``--version``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

#: The real one.
REAL = os.environ.get("CXX", "g++")


def remembering(folder: Path) -> Path:
    """Write a compiler that keeps what it knows in a folder; return its path, for ``$CXX``."""
    folder.mkdir(parents=True, exist_ok=True)
    compiler = folder / "compiler"
    text = f'#!/bin/sh\nexec "{sys.executable}" -IS "{__file__}" "{folder}" {REAL} "$@"\n'
    partial = folder / f"compiler-{os.getpid()}"
    partial.write_text(text)
    partial.chmod(0o755)
    partial.replace(compiler)  # another test process may be using it
    return compiler


def main(folder: Path, command: list[str]) -> int:
    """Compile, or hand out what a command has compiled before."""
    target = Path(command[command.index("-o") + 1]) if "-o" in command else Path()
    if target.suffix != ".o":
        return subprocess.call(command)
    known = folder / f"{_key(command)}.o"
    if not known.exists():
        if code := subprocess.call(command):
            return code
        partial = known.with_suffix(f".{os.getpid()}")
        shutil.copy(target, partial)
        partial.replace(known)
        return 0
    shutil.copy(known, target)
    return 0


def _key(command: list[str]) -> str:
    """Everything that the object depends on, but the system's own headers."""
    headers = [*Path().rglob("*.h")]
    for word in command:
        if word.startswith("-I") and word != "-I.":
            headers += Path(word[2:]).glob("*.h")
    sources = [Path(word) for word in command if word.endswith(".cpp")]
    made = hashlib.sha256(repr(command).encode())
    made.update(subprocess.check_output([command[0], "--version"]))
    for file in [*sources, *sorted(headers)]:
        made.update(file.read_bytes())
    return made.hexdigest()[:40]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
