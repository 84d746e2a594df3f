"""No room, no permission, or a file in the way: exit 4, and what was there stays.

A limit on the size of files (``ulimit -f``) stands in for a full disk wherever it runs; where a
file system of a few megabytes can be mounted, the disk is really full.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.compiler import REAL
from tests.faults.sweeping import (
    NAME,
    Sweeper,
    acknowledged,
    contents,
    digest,
    leftovers,
    needs_proc,
    nothing_incomplete_looks_complete,
    write_config,
)

pytestmark = pytest.mark.slow

#: prctl's PR_CAPBSET_DROP, and CAP_DAC_OVERRIDE: what the next program cannot have.
_DROP_CAPABILITY, _WRITE_ANYWHERE = 24, 1


@pytest.fixture
def sweeper(argv: list[str], environment: dict[str, str], tmp_path: Path) -> Sweeper:
    return Sweeper(argv, environment, tmp_path)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path / "tiny.yaml", sweep="sweep: {seeds: [1, 2]}\n")


@pytest.fixture(scope="module")
def prepared(
    argv: list[str], environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A sweep of two points that has one of them."""
    folder = tmp_path_factory.mktemp("prepared")
    config = write_config(folder / "tiny.yaml", sweep="sweep: {seeds: [1, 2]}\n")
    sweeper = Sweeper(argv, environment, folder)
    assert sweeper.finish("sweep", config, "--out", folder, "--emit", "slurm-array") == 0
    assert sweeper.finish("point", folder / NAME, 0) == 0, sweeper.said()
    return folder / NAME


@pytest.fixture
def half(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it, to damage."""
    return Path(shutil.copytree(prepared, tmp_path / "out" / NAME))


def files_of(bytes_: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_))


def one_line(said: str, *words: str) -> None:
    last = said.strip().splitlines()
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert any(all(word in line for word in words) for line in last), said


def mended(sweeper: Sweeper, folder: Path, before: dict[int, str]) -> None:
    """What was there is, nothing half done is, and with room the sweep goes on."""
    assert acknowledged(folder) == before
    nothing_incomplete_looks_complete(folder)
    assert not leftovers(folder)
    assert sweeper.finish("resume", folder) == 0, sweeper.said()
    now = acknowledged(folder)
    assert before.items() < now.items() or len(before) == 2
    assert len(now) == 2
    assert not leftovers(folder)


THOROUGH = pytest.mark.thorough


@pytest.mark.parametrize(
    "bytes_", [pytest.param(0, marks=THOROUGH), 4_000, pytest.param(500_000, marks=THOROUGH)]
)
def test_a_limit_of_file_size_while_a_point_runs(sweeper: Sweeper, half: Path, bytes_: int) -> None:
    before = acknowledged(half)
    assert sweeper.finish("resume", half, limit=files_of(bytes_)) == 4, sweeper.said()
    if bytes_:  # else there is no room for the message either
        one_line(sweeper.said(), "error", str(half))
    mended(sweeper, half, before)


def test_a_limit_of_file_size_while_it_merges(sweeper: Sweeper, half: Path) -> None:
    assert sweeper.finish("resume", half) == 0
    whole = contents(half)
    before = acknowledged(half)
    assert sweeper.finish("resume", half, limit=files_of(700)) == 4, sweeper.said()
    assert contents(half) == whole  # the older table is as it was
    (half / "sweep.csv").unlink()
    assert sweeper.finish("resume", half, limit=files_of(700)) == 4
    assert not (half / "sweep.csv").exists()
    mended(sweeper, half, before)
    assert contents(half) == whole


@THOROUGH
@pytest.mark.parametrize("bytes_", [10_000, 200_000])
def test_a_limit_of_file_size_while_it_builds(
    sweeper: Sweeper, half: Path, tmp_path: Path, bytes_: int
) -> None:
    """The smaller one stops before the compiler, the larger one in it."""
    before, cache = acknowledged(half), tmp_path / "cache"
    code = sweeper.finish(
        "resume", half, limit=files_of(bytes_), UNSHIELDED_CACHE=str(cache), CXX=REAL
    )
    assert code == 4, sweeper.said()
    one_line(sweeper.said(), "error", "cache", "UNSHIELDED_CACHE")
    assert not list(cache.rglob("build.json"))
    assert not leftovers(cache)
    mended(sweeper, half, before)


# ---- a disk that is really full ----


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        call = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        try:
            subprocess.run(call, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"nothing can be mounted here: {error}; limits of file size are tested")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@THOROUGH
@needs_proc
def test_a_full_disk_while_a_point_runs(
    sweeper: Sweeper, half: Path, small_disk: Callable[[str], Path]
) -> None:
    size = sum(file.stat().st_size for file in half.rglob("*") if file.is_file())
    for room in (30_000, 1_500_000):
        disk = small_disk(str(size + room))
        folder = Path(shutil.copytree(half, disk / NAME))
        before = acknowledged(folder)
        assert len(before) == 1
        code = sweeper.finish("resume", folder)
        assert code == 4, sweeper.said()
        one_line(sweeper.said(), "error", str(disk))
        assert acknowledged(folder) == before
        nothing_incomplete_looks_complete(folder)
        assert not leftovers(folder)
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        mended(sweeper, folder, before)


@THOROUGH
@needs_proc
def test_a_full_disk_while_it_merges(
    sweeper: Sweeper, half: Path, small_disk: Callable[[str], Path]
) -> None:
    assert sweeper.finish("resume", half) == 0
    whole = contents(half)
    disk = small_disk("32m")
    folder = Path(shutil.copytree(half, disk / NAME))
    for old in (True, False):
        if not old:
            (folder / "sweep.csv").unlink()
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass
        assert sweeper.finish("resume", folder) == 4, sweeper.said()
        one_line(sweeper.said(), "error", "disk is full")
        assert (folder / "sweep.csv").exists() == old
        assert {k: v for k, v in whole.items() if "results" in k}.items() <= contents(
            folder
        ).items()
        filler.unlink()
    assert sweeper.finish("resume", folder) == 0
    assert contents(folder) == whole


@THOROUGH
@needs_proc
def test_a_full_disk_while_it_builds(
    sweeper: Sweeper, half: Path, small_disk: Callable[[str], Path]
) -> None:
    before = acknowledged(half)
    for size in ("16k", "2m"):
        cache = small_disk(size)
        code = sweeper.finish("resume", half, UNSHIELDED_CACHE=str(cache), CXX=REAL)
        assert code == 4, sweeper.said()
        one_line(sweeper.said(), "error", "cache", "full")
        assert not list(cache.rglob("build.json"))
        assert not leftovers(cache)
    mended(sweeper, half, before)


# ---- folders ----


def contents_of(folder: Path) -> dict[Path, str]:
    """Every file but the lock, which names whoever came last."""
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != "sweep.lock"]
    return {p: digest(p) for p in files}


def test_a_read_only_folder(sweeper: Sweeper, config: Path) -> None:
    """Root may write anywhere: that is taken from it first."""
    folder = Path(tempfile.mkdtemp(prefix="unshielded-"))
    try:
        shutil.copy(config, folder / "tiny.yaml")
        out = folder / "out"
        assert sweeper.finish("sweep", config, "--out", out, "--emit", "slurm-array") == 0
        for place in (out / NAME, out, folder):
            place.chmod(0o555)
        before = contents_of(out)

        def powerless() -> None:
            if os.getuid() == 0:
                ctypes.CDLL(None).prctl(_DROP_CAPABILITY, _WRITE_ANYWHERE, 0, 0, 0)

        for call in (
            ["sweep", folder / "tiny.yaml", "--out", out],
            ["sweep", folder / "tiny.yaml", "--out", folder / "other"],
            ["resume", out / NAME],
            ["point", out / NAME, 0],
        ):
            code = sweeper.finish(*call, limit=powerless, MPLCONFIGDIR=str(folder))
            assert code == 4, sweeper.said()
            one_line(sweeper.said(), "permission denied", str(folder))
        assert contents_of(out) == before
    finally:
        for place in (folder, *folder.rglob("*")):
            if place.is_dir():
                place.chmod(0o755)
        shutil.rmtree(folder)


def test_a_missing_parent_is_made(sweeper: Sweeper, config: Path, tmp_path: Path) -> None:
    out = tmp_path / "a" / "b" / "c"
    assert sweeper.finish("sweep", config, "--out", out) == 0, sweeper.said()
    assert len(acknowledged(out / NAME)) == 2


def test_a_file_where_a_folder_should_be(sweeper: Sweeper, half: Path, config: Path) -> None:
    before = acknowledged(half)
    blocked = half.parent.parent / "blocked"
    blocked.write_text("mine")
    assert sweeper.finish("sweep", config, "--out", blocked) == 4
    one_line(sweeper.said(), str(blocked), "a part of the path is a file")
    assert blocked.read_text() == "mine"
    (half / NAME).write_text("mine, too")  # no run has that name
    from unshielded.sweeps import read_plan

    place = read_plan(half).run_folder(1)
    place.write_text("mine")
    assert sweeper.finish("resume", half) == 4
    one_line(sweeper.said(), str(place))
    assert place.read_text() == "mine"
    place.unlink()
    mended(sweeper, half, before)
