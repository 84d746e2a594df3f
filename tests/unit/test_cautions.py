"""Cautions: what a run that is allowed should not surprise with."""

from __future__ import annotations

from pathlib import Path

import pytest

from unshielded.cli.cautions import cautions
from unshielded.cli.main import main
from unshielded.config import load


def config(folder: Path, more: str) -> Path:
    path = folder / "c.yaml"
    path.write_text(f"name: c\nduration: 1 s\n{more}\n")
    return path


@pytest.mark.parametrize(
    ("more", "warned"),
    [
        ("circuit: {scale: 0.125}", True),
        ("circuit: {scale: 0.499}", True),
        ("circuit: {scale: 0.5}", False),
        ("circuit: {scale: 1}", False),
        ("circuit: {scale: 4}", False),
        ("{}", False),
    ],
)
def test_a_circuit_below_the_smallest_that_was_measured(
    tmp_path: Path, more: str, warned: bool
) -> None:
    more = "" if more == "{}" else more
    assert bool(cautions(load(config(tmp_path, more)).config)) == warned


@pytest.mark.parametrize("command", ["validate", "sweep --dry-run"])
def test_it_is_said_before_anything_runs(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = config(tmp_path, "sweep: {grid: {circuit.scale: [0.125, 0.25, 0.5, 1]}, seeds: [1, 2]}")
    name, *options = command.split()
    assert main([name, str(path), *options]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if "compare only" in line]
    assert [line.partition(":")[2].split(":")[0].strip() for line in said] == [
        "circuit.scale is 0.125",
        "circuit.scale is 0.25",
    ]
