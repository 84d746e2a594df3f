"""Files of a user that have the name of a module, or that Brian2 executes, have no effect."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tiny import TINY, hostile
from unshielded.processes import environment, python
from unshielded.sweeps.slurm import write_array

#: Our folders, a module of the library and one that we depend on.
NAMES = ("circuit", "calcium", "unshielded", "random", "numpy", "yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which each file leaves its name in ``marks`` when it is executed."""
    (tmp_path / "marks").mkdir()
    for name in NAMES:
        mark = tmp_path / "marks" / name
        (tmp_path / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\n")
    (tmp_path / "brian_preferences").write_text(hostile(tmp_path / "marks" / "brian_preferences"))
    return tmp_path


def marks(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "marks").iterdir())


def call(folder: Path, *command: str, cache: Path, **variables: str) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(UNSHIELDED_CACHE=str(cache), **variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_files_would_be_executed(folder: Path, cache: Path) -> None:
    call(folder, sys.executable, "-c", "import circuit, random", cache=cache)
    assert marks(folder) == ["circuit", "random"]


@pytest.mark.thorough
def test_a_sweep_its_workers_and_the_script_for_slurm(folder: Path, cache: Path) -> None:
    config = folder / "two.yaml"
    config.write_text(f"{TINY.read_text()}\nsweep: {{seeds: [3, 4]}}\n")
    call(folder, *python("unshielded", "sweep", config, "--out", folder), cache=cache)
    (planned,) = {path.parent for path in folder.glob("*/plan.json")}
    for name in NAMES:  # beside the workers, too
        (planned / f"{name}.py").write_text((folder / f"{name}.py").read_text())
    (planned / "brian_preferences").write_text((folder / "brian_preferences").read_text())
    call(folder, *python("unshielded", "sweep", config, "--out", folder, "--force"), cache=cache)
    script = write_array(planned, [0, 1], 1e8, 10.0)
    call(folder, "bash", os.fspath(script), cache=cache, SLURM_ARRAY_TASK_ID="1")
    assert marks(folder) == []
