"""The five steps of CONTRIBUTING.md, followed to the letter in a copy of the repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests.conftest import ROOT

Run = Callable[..., str]

#: Package → what is imported, and from where; the list that it is added to.
_LISTS = {
    "circuit": ("membrane.slow_potassium import slow_potassium", "NEURON"),
    "calcium": ("cytosol.toy_buffer import toy_buffer", "CELL"),
}

_CONFIG = """
name: five_steps
duration: 2 s
culture: {pyramidal: 2}
bath: [{agent: glutamate, concentration: 30 uM}]
record: {interval: 0.5 s, neurons: 2}
parameters: {slow_potassium_conductance: 20 nS, toy_buffer_sites: 100 uM}
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository in which the five steps were followed."""
    folder = tmp_path_factory.mktemp("five") / "repository"
    hidden = shutil.ignore_patterns(".*", "__pycache__", "build", "*.egg-info", "*.h5")
    shutil.copytree(ROOT, folder, symlinks=True, ignore=hidden)
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name, text in re.findall(r"```python\n# (\S+\.py)\n(.*?)```", page, re.DOTALL):
        (folder / name).write_text(text, encoding="utf-8")
    for package, (imported, of_clock) in _LISTS.items():
        path = folder / package / "__init__.py"
        text = path.read_text(encoding="utf-8")
        text = text.replace("\nfrom ", f"\nfrom unshielded.{package}.{imported}\nfrom ", 1)
        begin = text.index(f"\n{of_clock} = (")
        end = text.index("\n)", begin)
        name = imported.split()[-1]
        path.write_text(f"{text[:end]}\n    {name},{text[end:]}", encoding="utf-8")
    (entry,) = re.findall(r"```bibtex\n(.*?)```", page, re.DOTALL)
    with (folder / "unshielded" / "references.bib").open("a", encoding="utf-8") as file:
        file.write(entry)
    return folder


@pytest.fixture(scope="module")
def run(copy: Path, environment: dict[str, str]) -> Run:
    """Run Python in the copy, and return what it prints."""

    def call(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=copy,
            env={**environment, "PYTHONPATH": os.fspath(copy)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return call


def test_the_parameters_are_in_the_catalogue_and_in_the_schema(run: Run) -> None:
    found = json.loads(run("-m", "unshielded", "params", "--format", "json"))
    listed = {row["name"]: row for row in found}
    assert listed["slow_potassium_time"]["source"] == "Example2026"
    assert listed["toy_buffer_sites"]["unit"] == "uM"
    assert '"slow_potassium_conductance"' in run("-m", "unshielded", "schema")


@pytest.mark.thorough
def test_the_tests_of_the_model_pass_with_nothing_else_edited(run: Run) -> None:
    run(
        "-m",
        "pytest",
        "--quiet",
        "-p",
        "no:cacheprovider",
        "-m",
        "not slow",
        "tests/physics/test_slow_potassium.py",
        "tests/unit/test_model_catalogue.py",
        "tests/unit/test_mechanism_contract.py",
        "tests/unit/test_docs.py",
        "tests/unit/test_config_schema.py",
        "tests/unit/test_pages.py",
    )


@pytest.mark.thorough
def test_both_are_in_the_program_and_in_the_results(run: Run, copy: Path) -> None:
    (copy / "five.yaml").write_text(_CONFIG, encoding="utf-8")
    run("-m", "unshielded", "run", "five.yaml", "--out", "out")
    (path,) = (copy / "out").rglob("results.h5")
    with h5py.File(path) as file:
        traces = file["traces/pyramidal"]
        opened = np.asarray(traces["slow_potassium_open"])
        bound = np.asarray(traces["toy_buffer_calcium"])
    assert opened[-1].min() > 0.0
    assert bound[-1].min() > 0.0
    assert bound[-1].max() < 100.0  # uM: of its sites
