"""A compiler that remembers: what it has compiled before it hands out again, at once.

A program takes most of a minute of a processor to compile, and several tests build one from an
empty cache. What it knows, objects and lists of headers (``-MM``), comes from the real compiler,
which also does the rest: linking, ``--version``.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

#: The real one.
REAL = os.environ.get("CXX", "g++")


def remembering(folder: Path) -> Path:
    """Write a compiler that keeps what it knows in a folder; return its path, for ``$CXX``."""
    folder.mkdir(parents=True, exist_ok=True)
    compiler = folder / "compiler"
    told = subprocess.run([*REAL.split(), "--version"], capture_output=True, check=False).stdout
    version = hashlib.sha256(told).hexdigest()[:16]
    words = f'"{sys.executable}" -IS "{__file__}" "{folder}" {version} {REAL} "$@"'
    text = f"#!/bin/sh\nexec {words}\n"
    partial = folder / f"compiler-{os.getpid()}"
    partial.write_text(text)
    partial.chmod(0o755)
    partial.replace(compiler)  # another test process may be using it
    return compiler


def main(folder: Path, version: str, command: list[str]) -> int:
    """Compile, or hand out what a command has compiled before."""
    target = Path(command[command.index("-o") + 1]) if "-o" in command else Path()
    if "-MM" in command:
        known = folder / f"{_key(version, command)}.d"
        if not known.exists():
            done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
            if done.returncode:
                return done.returncode
            _keep(known, done.stdout)
        sys.stdout.buffer.write(known.read_bytes())
        return 0
    if target.suffix != ".o":
        return subprocess.call(command)
    known = folder / f"{_key(version, command)}.o"
    if known.exists():
        target.write_bytes(known.read_bytes())
        return 0
    code = subprocess.call(command)
    if not code:
        _keep(known, target.read_bytes())
    return code


def _keep(known: Path, content: bytes) -> None:
    """Write a file that is whole or not there: others read it, and this process may be killed."""
    partial = known.with_suffix(f".{os.getpid()}")
    partial.write_bytes(content)
    partial.replace(known)


def _key(version: str, command: list[str]) -> str:
    """Everything that the output depends on, but the system's own headers."""
    headers = [*Path().rglob("*.h")]
    for word in command:
        if word.startswith("-I") and word != "-I.":
            headers += Path(word[2:]).glob("*.h")
    sources = [Path(word) for word in command if word.endswith(".cpp")]
    made = hashlib.sha256(repr((version, command)).encode())
    for file in [*sources, *sorted(headers)]:
        made.update(file.read_bytes())
    return made.hexdigest()[:40]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
