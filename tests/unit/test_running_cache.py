"""A build cache that others use too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from unshielded.engine.build import Build, cache_folder
from unshielded.running.cache import executable, fix_place, share, unreadable


@pytest.fixture
def program(tmp_path: Path) -> Build:
    folder = tmp_path / "0123456789abcdef"
    folder.mkdir(mode=0o700)
    (folder / "main").write_text("#!/bin/sh\n")
    (folder / "main").chmod(0o755)
    return Build(folder / "main", True, {})


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o755), (0o027, 0o750), (0o077, 0o700)])
def test_a_program_is_shared_as_files_are(program: Build, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        share(program)
        assert os.umask(mask) == mask  # it is as it was
    finally:
        os.umask(before)
    assert program.program.parent.stat().st_mode & 0o777 == mode


def test_a_relative_place_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UNSHIELDED_CACHE", "cache")
    fix_place()
    monkeypatch.chdir("/")
    assert cache_folder() == tmp_path / "cache"


def test_programs_that_cannot_be_run_are_counted(program: Build) -> None:
    cache = program.program.parents[1]
    assert executable(cache)
    assert not executable(cache / "nowhere")
    assert unreadable(cache) == 0
    program.program.chmod(0o644)
    assert unreadable(cache) == 1
