"""What a program depends on, and a cache that mends itself. Nothing is compiled here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import unshielded
from tests.physics.engine import tiny
from tests.tiny import NEURONS
from unshielded.assemble import Assembly
from unshielded.engine import build as builder
from unshielded.engine.build import MANIFEST, PROGRAM, build
from unshielded.engine.errors import CompileError
from unshielded.model import PROGRAM_CODE, RESULT_CODE, texts
from unshielded.processes import environment

PACKAGE = Path(unshielded.__file__).parent
#: What the generated source includes.
HEADERS = ("segment.h", "vector_math.h", "synapses.h", "alignment.h")

_LOADED = """
import sys, unshielded.engine.generate
rooms = ("unshielded.engine", "unshielded.mechanism", "unshielded.model")
print(*(module.__file__ for name, module in sys.modules.items() if name.startswith(rooms)))
"""


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """An empty cache, and a compiler that only counts; the sizes of what it was asked for."""
    asked: list[int] = []

    def pretend(assembly: Assembly, work: Path, inputs: Mapping[str, object], *_: Any) -> None:
        asked.append(assembly.layout.neurons)
        (work / PROGRAM).write_text("#!/bin/sh\n")
        (work / PROGRAM).chmod(0o755)
        (work / MANIFEST).write_text(json.dumps({**inputs, "delays": {}}))

    monkeypatch.setattr(builder, "_generate_and_compile", pretend)
    monkeypatch.setenv("UNSHIELDED_CACHE", str(tmp_path / "cache"))
    return asked


SAME = {
    "seed": ("seed=7",),
    "duration": ("duration=99 s",),
    "lesion": ("circuit.interneuron_loss={loss: 0.3, from: 0 s, until: 1 s}",),
    "shared parameter": ("parameters.magnesium=2 mM",),
    "parameter of cells": ("parameters.buffer_capacity=80",),
    "parameter of a population": ("circuit.populations.motor_fr.parameters.buffer_capacity=80",),
    "weight": ("circuit.pathways.pyramidal_to_motor_fr.weight=9",),
    "delay": ("circuit.pathways.pyramidal_to_motor_fr.delay=20 ms",),
    "drive": ("drive.command=rhythmic", "drive.frequency=3 Hz"),
    "bath": ("bath=[{agent: APV, concentration: 1 mM, from: 1 s}]",),
    "clearance": ("glutamate.eaat2=0.1",),
    "heterogeneity": ("circuit.heterogeneity=0",),
    "recording": ("record.interval=0.5 s", "record.spikes=false", "record.membrane={until: 1 s}"),
}
OTHER = {
    "size": ("circuit.populations.motor_fr.size=9",),
    "carriers": ("circuit.populations.renshaw.carries_calcium=false",),
    "in-degree": ("circuit.pathways.motor_fr_to_renshaw.in_degree=2",),
    "fast clock": ("numerics.fast_steps_per_second=16384",),
    "slow clock": ("numerics.slow_steps_per_second=1024",),
}


@pytest.mark.parametrize("case", SAME)
def test_no_second_program_for(compiled: list[int], case: str) -> None:
    first, second = build(tiny()), build(tiny(SAME[case]))
    assert first.program == second.program
    assert (first.compiled, second.compiled) == (True, False)
    assert compiled == [NEURONS]


@pytest.mark.parametrize("case", OTHER)
def test_another_program_for(compiled: list[int], case: str) -> None:
    first, second = build(tiny()), build(tiny(OTHER[case]))
    assert first.program != second.program
    assert second.compiled
    assert len(compiled) == 2


def test_equations_flags_and_headers_are_part_of_the_key(
    compiled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tiny())
    monkeypatch.setattr(builder, "FLAGS", (*builder.FLAGS, "-O1"))
    build(tiny())
    from dataclasses import replace

    from unshielded import circuit

    other = replace(circuit.NEURON[0], equations=circuit.NEURON[0].equations + "\n x = 1 : 1\n")
    monkeypatch.setattr(circuit, "NEURON", (other, *circuit.NEURON[1:]))
    build(tiny())
    monkeypatch.setattr(builder, "texts", lambda _: {"engine/segment.h": "another"})
    build(tiny())
    assert len(compiled) == 4


def test_every_source_that_a_program_is_made_of_is_part_of_the_key(tmp_path: Path) -> None:
    listed = {PACKAGE / name for name in texts(PROGRAM_CODE)}
    shown = subprocess.run(
        [sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True, cwd=tmp_path,
        env=environment(),
    )  # fmt: skip
    used = {Path(file) for file in shown.stdout.split()}
    assert PACKAGE / "engine" / "generate.py" in used
    assert used <= listed
    assert {PACKAGE / "engine" / name for name in HEADERS} <= listed


@pytest.mark.parametrize("pattern", RESULT_CODE)
def test_every_pattern_of_sources_finds_some(pattern: str) -> None:
    assert texts([pattern])


def test_a_change_of_any_source_is_seen(tmp_path: Path) -> None:
    package = tmp_path / "unshielded"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    before = texts(RESULT_CODE)
    assert texts(RESULT_CODE, package) == before
    assert before.keys() > texts(PROGRAM_CODE).keys()
    for name, text in before.items():
        (package / name).write_text(text + "\n", encoding="utf-8")
    assert {name: text + "\n" for name, text in before.items()} == texts(RESULT_CODE, package)


@pytest.mark.parametrize("lost", [MANIFEST, PROGRAM])
def test_a_folder_that_lost_a_file_is_made_again(compiled: list[int], lost: str) -> None:
    folder = build(tiny()).program.parent
    (folder / lost).unlink()
    again = build(tiny())
    assert again.compiled
    assert again.program.parent == folder
    assert (folder / lost).exists()
    assert not build(tiny()).compiled


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_manifest_that_is_broken_is_made_again(compiled: list[int], text: str) -> None:
    folder = build(tiny()).program.parent
    (folder / MANIFEST).write_text(text)
    assert build(tiny()).compiled
    assert not build(tiny()).compiled


def test_a_compiler_that_fails_leaves_nothing_behind(
    compiled: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise CompileError("no luck")

    monkeypatch.setattr(builder, "_generate_and_compile", fail)
    with pytest.raises(CompileError, match="no luck"):
        build(tiny())
    assert [p for p in (tmp_path / "cache").rglob("*") if p.name in (PROGRAM, MANIFEST)] == []


def test_a_cache_that_cannot_be_written_says_what_to_do(
    compiled: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("UNSHIELDED_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(CompileError, match="set UNSHIELDED_CACHE"):
        build(tiny())


def test_threads_share_one_program(compiled: list[int]) -> None:
    found = []
    threads = [threading.Thread(target=lambda: found.append(build(tiny()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({b.program for b in found}) == 1
    assert sum(b.compiled for b in found) == len(compiled) == 1


def test_a_program_that_is_closed_to_this_user_is_built_beside_it(
    compiled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(tiny())
    folder = first.program.parent
    first.program.chmod(0o644)  # of another user, who lets nobody run it, nor remove it
    remove = shutil.rmtree

    def refuse(place: Path, **options: Any) -> None:
        if Path(place) != folder:
            remove(place, **options)

    monkeypatch.setattr(builder.shutil, "rmtree", refuse)
    again = build(tiny())
    assert again.compiled
    assert again.program.parent == folder.with_name(f"{folder.name}-{os.getuid()}")
    assert f"chmod -R a+rX {folder}" in again.note
    third = build(tiny())
    assert (third.program, third.compiled, third.note) == (again.program, False, "")
    assert len(compiled) == 2


def test_a_program_that_is_there_needs_no_compiler(
    compiled: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(tiny())
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    builder._compiler.cache_clear()
    try:
        again = build(tiny())
        assert (again.program, again.compiled) == (first.program, False)
        with pytest.raises(CompileError, match="install a C\\+\\+ compiler"):
            build(tiny(OTHER["size"]))
    finally:
        builder._compiler.cache_clear()
    assert len(compiled) == 1


def test_a_cache_in_which_nothing_runs_is_told_before_compiling(
    compiled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "executable", lambda _: False)
    with pytest.raises(CompileError, match=r"noexec\); set UNSHIELDED_CACHE"):
        build(tiny())
    assert compiled == []
