"""The source of a program, and so every bit that it computes, is the same in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: A compiler that keeps the source and makes nothing of it.
_KEEPING = """\
#!/bin/sh
cp -r . "{kept}"
for word in "$@"; do
    if [ "$previous" = -o ]; then touch "$word"; chmod +x "$word"; fi
    previous=$word
done
"""

_BUILD = """
from tests.physics.engine import tiny
from unshielded.engine.build import build
build(tiny())
"""


def _source(folder: Path, hash_seed: str) -> dict[str, str]:
    compiler = folder / "compiler"
    compiler.write_text(_KEEPING.format(kept=folder / "kept"))
    compiler.chmod(0o755)
    (folder / "kept").mkdir()
    subprocess.run(
        [sys.executable, "-P", "-c", _BUILD],
        check=True,
        cwd=folder,
        env={
            **os.environ,
            "CXX": str(compiler),
            "HOME": str(folder),
            "PYTHONHASHSEED": hash_seed,
            "PYTHONPATH": str(ROOT),
            "UNSHIELDED_CACHE": str(folder / "cache"),
        },
    )
    files = [*(folder / "kept").rglob("*.cpp"), *(folder / "kept").rglob("*.h")]
    assert len(files) > 20
    return {str(file.relative_to(folder / "kept")): file.read_text() for file in files}


@pytest.mark.thorough
def test_no_statement_moves_with_hashes_of_names_or_files_of_the_user(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
    preferences = "codegen.loop_invariant_optimisations = False\n"
    for place in ("brian_preferences", ".brian/user_preferences"):
        (tmp_path / "2" / place).parent.mkdir(exist_ok=True)
        (tmp_path / "2" / place).write_text(preferences)
    (tmp_path / "2" / "random.py").write_text("raise ImportError('not the library')\n")
    one, other = (_source(tmp_path / seed, seed) for seed in ("1", "2"))
    # Brian2 sets its clocks to zero there, in an order that depends on addresses; nothing else.
    mains = [sorted(source.pop("main.cpp").splitlines()) for source in (one, other)]
    assert mains[0] == mains[1]
    assert one == other
