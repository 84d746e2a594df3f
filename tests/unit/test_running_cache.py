"""A build cache that others use too."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from unshielded.cli.main import main
from unshielded.engine.build import Build, _compiler
from unshielded.engine.cache import cache_folder, executable
from unshielded.engine.errors import CompileError
from unshielded.processes import environment, of_program
from unshielded.running.cache import fix_compiler, fix_place, runnable, share, unreadable


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


@pytest.mark.parametrize("home", [None, ""])
def test_without_a_home_programs_are_among_temporary_files(
    home: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("UNSHIELDED_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    if home is not None:
        monkeypatch.setenv("HOME", home)
    monkeypatch.setattr(Path, "home", unknown)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    place = cache_folder()
    assert place == cache_folder() == tmp_path / f"unshielded-{os.getuid()}"
    assert place.stat().st_mode & 0o777 == 0o700
    place.chmod(0o777)
    with pytest.raises(CompileError, match="set UNSHIELDED_CACHE"):
        cache_folder()


def test_programs_that_cannot_be_run_are_counted(program: Build) -> None:
    cache = program.program.parents[1]
    assert executable(cache)
    assert not executable(cache / "nowhere")
    assert (unreadable(cache), runnable(cache)) == (0, 1)
    program.program.chmod(0o644)
    assert (unreadable(cache), runnable(cache)) == (1, 0)
    assert runnable(cache / "nowhere") == 0


@pytest.mark.parametrize("words", ["env g++", "/usr/bin/env 'g++' -DA='b c'"])
def test_a_compiler_of_several_words_is_one_program(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNSHIELDED_CACHE", str(tmp_path))
    monkeypatch.setenv("CXX", words)
    fix_compiler()
    made = Path(os.environ["CXX"])
    assert made.parent == tmp_path
    said = subprocess.run([made, "--version"], capture_output=True, text=True, check=True)
    assert "g++" in said.stdout
    (tmp_path / "a.cpp").write_text("int main() { return 0; }")
    subprocess.run([made, tmp_path / "a.cpp", "-o", tmp_path / "a.out"], check=True)
    subprocess.run([tmp_path / "a.out"], check=True)


@pytest.mark.parametrize(("given", "left"), [("", None), ("g++", "g++"), ("no such", "no such")])
def test_other_compilers_are_left(
    given: str, left: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNSHIELDED_CACHE", str(tmp_path))
    monkeypatch.setenv("CXX", given)
    fix_compiler()
    assert os.environ.get("CXX") == left


def test_options_of_a_compiler_are_part_of_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A launcher changes nothing of what is compiled, an option does."""
    monkeypatch.setenv("UNSHIELDED_CACHE", str(tmp_path))
    known = {}
    for words in ("g++", "env g++", "g++ -mno-fma"):
        monkeypatch.setenv("CXX", words)
        fix_compiler()
        known[words] = _compiler.__wrapped__()
    assert known["env g++"] == known["g++"]
    assert known["g++ -mno-fma"] == f"{known['g++']} -mno-fma"


def test_variables_that_change_numbers_reach_neither_compiler_nor_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("MAKEFLAGS", "CXXFLAGS", "CPATH", "LIBRARY_PATH"):
        monkeypatch.setenv(name, "-O0")
        assert name not in environment()
    for name in ("GLIBC_TUNABLES", "LD_PRELOAD", "OMP_NUM_THREADS", "MYVARIABLE"):
        monkeypatch.setenv(name, "1")
        assert name not in of_program(UNSHIELDED_OUT=".")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/gcc/lib64")
    assert of_program(UNSHIELDED_OUT=".")["LD_LIBRARY_PATH"] == "/opt/gcc/lib64"


def test_doctor_tells_what_still_runs_without_a_compiler(
    program: Build, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UNSHIELDED_CACHE", str(program.program.parents[1]))
    monkeypatch.setattr("unshielded.cli.doctor._tool", lambda _: "")
    assert main(["doctor"]) == 0
    said = capsys.readouterr().err
    assert "error" not in said
    assert "only experiments run whose program is in the cache (1 are)" in said
    program.program.unlink()
    assert main(["doctor", "--quick"]) == 6
    assert "error: make was not found" in capsys.readouterr().err
