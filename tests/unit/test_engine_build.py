"""What a program depends on, and a cache that mends itself. Nothing is compiled here."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.physics.engine import tiny
from tests.tiny import NEURONS
from unshielded.assemble import Assembly
from unshielded.engine import build as builder
from unshielded.engine.build import MANIFEST, PROGRAM, build
from unshielded.engine.errors import CompileError


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
    "carriers": ("circuit.populations.renshaw.carries_calcium=true",),
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
    assert len(compiled) == 3
    assert {"vector_math.h", "segment.h", "network.py", "integrate.py"} <= set(builder._SOURCES)


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
