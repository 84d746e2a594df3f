"""Damage, full disks and crashes: a plain error, quickly, and nothing lost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.synthetic_recording import make_recording
from unshielded.store.format.files import CorruptResult, StoreError, write_atomically
from unshielded.store.reading.read import inspect, open_run
from unshielded.store.writing import write as writing
from unshielded.store.writing.write import write_run

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("run")
    recording = make_recording(folder / "raw", duration=10.0, scale=0.3)
    write_run(folder / "results.h5", recording, {"seed": 1}, "", "{}", "{}", "")
    return (folder / "results.h5").read_bytes()


def refuses(path: Path, data: bytes) -> None:
    """The file is refused as corrupt, in a few seconds at the most."""
    path.write_bytes(data)
    start = time.process_time()  # a busy machine is not a failure
    with pytest.raises(CorruptResult, match=r"results\.h5") as caught:
        inspect(path)
    assert time.process_time() - start < 5.0  # some 0.1 s on an idle core
    assert "\n" not in str(caught.value)


def test_cut_short(whole: bytes, tmp_path: Path) -> None:
    choose = random.Random(1)
    cuts = [0, 1, 7, 8, 48, 100, len(whole) - 1, len(whole) - 48, len(whole) - 49]
    cuts += [choose.randrange(len(whole)) for _ in range(50)]
    for cut in cuts:
        refuses(tmp_path / "results.h5", whole[:cut])


def test_flipped_bits(whole: bytes, tmp_path: Path) -> None:
    choose = random.Random(2)
    places = [0, 8, len(whole) - 1, len(whole) - 40]
    for place in places + [choose.randrange(len(whole)) for _ in range(50)]:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << choose.randrange(8)
        refuses(tmp_path / "results.h5", bytes(damaged))


@pytest.mark.parametrize("data", [b"", b"name: demo\n", b"\x89HDF\r\n\x1a\n", bytes(10_000)])
def test_other_files(data: bytes, tmp_path: Path) -> None:
    refuses(tmp_path / "results.h5", data)


def test_things_that_are_no_files(tmp_path: Path) -> None:
    pipe = tmp_path / "results.h5"
    os.mkfifo(pipe)  # opening it would wait for ever
    for path in (pipe, tmp_path, Path("/dev/null")):
        with pytest.raises(StoreError, match="not a regular file"):
            inspect(path)


def test_a_failing_writer_keeps_the_old_result(
    whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = make_recording(tmp_path / "raw", duration=2.0, scale=0.1)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "write_spikes", fail)
    path = tmp_path / "run" / "results.h5"
    for before in (None, whole):
        if before is not None:
            path.write_bytes(before)
        with pytest.raises(KeyboardInterrupt):
            write_run(path, recording, {}, "", "{}", "{}", "")
        assert (path.read_bytes() if path.exists() else None) == before
        assert not path.with_name("results.h5.partial").exists()


def test_killed_while_writing(whole: bytes, tmp_path: Path) -> None:
    """A kill leaves the old result, and the next run does not mind the rest."""
    path = tmp_path / "results.h5"
    path.write_bytes(whole)
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from unshielded.store.format.files import write_atomically\n"
        "with write_atomically(Path(sys.argv[1])) as partial:\n"
        "    partial.write_bytes(b'half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT)
    assert done.returncode == -9
    assert path.read_bytes() == whole
    with write_atomically(path) as partial:
        partial.write_bytes(b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("limit", [2_000, 60_000, 200_000])
def test_no_space_left(limit: int, tmp_path: Path) -> None:
    """A file-size limit stands in for a full disk: HDF5 meets it at the same places."""
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from tests.synthetic_recording import make_recording\n"
        "from unshielded.store.format.files import StoreError\n"
        "from unshielded.store.writing.write import write_run\n"
        "folder = Path(sys.argv[1])\n"
        "recording = make_recording(folder / 'raw', duration=10.0)\n"
        "limit = int(sys.argv[2])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
        "try:\n"
        "    write_run(folder / 'results.h5', recording, {}, '', '{}', '{}', '')\n"
        "except StoreError as error:\n"
        "    print(error)\n"
        "    sys.exit(error.exit_code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, str(tmp_path), str(limit)],  # no half bytecode
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 4, done.stderr
    assert "results.h5: cannot write: the file would exceed" in done.stdout
    assert done.stderr == ""
    assert [p.name for p in tmp_path.iterdir()] == ["raw"]


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    for path, message in {
        tmp_path / "file" / "results.h5": "is a file, expected a folder",
        tmp_path / "folder": "there is a folder of that name",
    }.items():
        with pytest.raises(StoreError, match=message), write_atomically(path) as partial:
            partial.write_text("x")


def test_reading_from_a_read_only_folder(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "results.h5"
    path.write_bytes(whole)
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        with open_run(path) as run:
            assert run.seed == 1
    finally:
        tmp_path.chmod(0o755)
