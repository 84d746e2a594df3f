"""The tutorial, followed to the letter, over seconds in place of hours."""

from __future__ import annotations

import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests.conftest import ROOT
from tests.dish import DISH
from unshielded.config import load

PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
CONFIGS = dict(re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", PAGE, re.DOTALL))
LINES = [
    line
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("unshielded ")
]
#: As it is on the page → as it is here.
SHORTER = {"duration: 2 h": "duration: 4 s", "from: 1 min": "from: 1 s"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> dict[str, str]:
    """Follow the page; return what each command line printed, and the folder as ``cwd``."""
    folder = tmp_path_factory.mktemp("tutorial")
    for name, text in CONFIGS.items():
        for long, short in SHORTER.items():
            text = text.replace(long, short)
        (folder / name).write_text(text, encoding="utf-8")
    printed = {"cwd": str(folder)}
    for line in LINES:
        script = f'unshielded() {{ {shlex.quote(sys.executable)} -m unshielded "$@"; }}; {line}'
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        printed[line] = done.stdout + done.stderr
    return printed


def test_the_page_has_configs_and_commands_and_they_are_shortened() -> None:
    assert list(CONFIGS) == ["dish.yaml", "question.yaml"]
    assert {line.split()[1] for line in LINES} >= {"run", "sweep", "plot", "inspect", "params"}
    for long in SHORTER:
        assert any(long in text for text in CONFIGS.values())


def test_the_columns_that_the_page_explains_are_those_that_are_printed(
    said: dict[str, str],
) -> None:
    rows = re.findall(r"^\| (`[^|]*`) \|", PAGE, re.MULTILINE)
    names = [name for row in rows for name in re.findall(r"`([^`]*)`", row)]
    (head,) = [line for line in said["unshielded run dish.yaml"].splitlines() if "alive " in line]
    assert len(names) == 6
    assert all(name in head for name in names)


def test_the_files_that_the_page_promises_are_there(said: dict[str, str]) -> None:
    runs = Path(said["cwd"]) / "runs"
    assert len(list(runs.glob("dish/*/run.png"))) == 1
    for name in ("sweep.csv", "time_to_death.png"):
        assert (runs / "question" / name).exists()
    with (runs / "question" / "sweep.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["n"] != "0"]
    assert len(rows) == 3 * 2  # concentrations, classes


def test_without_the_blocker_the_cells_are_those_of_the_first_experiment(
    said: dict[str, str],
) -> None:
    runs = Path(said["cwd"]) / "runs"
    with (runs / "question" / "sweep.csv").open(encoding="utf-8") as file:
        points = {row["bath.1.concentration"]: row["id"] for row in csv.DictReader(file)}
    (first,) = runs.glob("dish/*/results.h5")

    def fate(path: Path, name: str) -> np.ndarray:
        with h5py.File(path) as file:
            return np.asarray(file["fate"][name])

    blocked, unblocked = (runs / "question" / points[c] / "results.h5" for c in ("10 uM", "0 uM"))
    for name in ("buffer_capacity", "final_atp", "integrated_ros"):
        np.testing.assert_array_equal(fate(unblocked, name), fate(first, name))
    np.testing.assert_array_equal(fate(blocked, "buffer_capacity"), fate(first, "buffer_capacity"))
    assert not np.array_equal(fate(blocked, "final_atp"), fate(first, "final_atp"))


def test_what_the_page_proposes_to_change_can_be_changed(tmp_path: Path) -> None:
    for name, text in CONFIGS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    proposals = [
        "bath.1.from=30 min",
        "parameters.retention_capacity=400 mM",
        "sweep.seeds=[1, 2, 3]",
    ]
    for proposal in proposals:
        key, _, value = proposal.rpartition(".")[2].partition("=")
        assert f"`{key}: {value}`" in PAGE.replace("{", "").replace("}", "").replace(
            "`parameters: ", "`"
        )
        load(tmp_path / "question.yaml", [proposal])


def test_it_has_the_program_of_the_other_tests() -> None:
    """So that the test does not compile one of its own."""
    culture = re.search(r"^culture: .*$", DISH.read_text(encoding="utf-8"), re.MULTILINE)
    assert culture is not None
    assert culture[0] in CONFIGS["dish.yaml"]
