"""Small C++ programs against the headers of the engine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import unshielded.engine
from unshielded.engine.build import FLAGS

HEADERS = Path(unshielded.engine.__file__).parent


def compiled(source: str, folder: Path) -> Path:
    """Compile `source` as the engine is compiled."""
    program, text = folder / "program", folder / "program.cpp"
    text.write_text(source)
    subprocess.run(
        [os.environ.get("CXX", "g++"), *FLAGS, f"-I{HEADERS}", str(text), "-o", str(program)],
        check=True,
        capture_output=True,
        text=True,
    )
    return program
