"""Result files that are damaged, made up, or out to do harm: refused or read, never obeyed."""

from __future__ import annotations

import faulthandler
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py
import pytest

from tests.conftest import Command
from tests.synthetic_recording import make_recording
from unshielded.cli.main import app, main
from unshielded.store.format.seal import seal
from unshielded.store.writing.write import write_run

ROOT = Path(__file__).parents[2]
SEAL = 48  # bytes: 16 of a mark, 32 of SHA-256
FINE, CORRUPT = 0, 5
SLOWEST = 10.0  # seconds that a user waits for an answer about a file
MOST_MEMORY = 2 << 30  # bytes; a result of this test is 1 MB

#: The commands that look into a result, as they are typed; those that there are.
CALLS = {"inspect": ["inspect", "{file}"], "verify": ["verify", "{folder}", "--rerun", "0"]}
COMMANDS = [name for name in CALLS if name in {c.name for c in app.registered_commands}]


def typed(name: str, path: Path) -> list[str]:
    return [part.format(file=path, folder=path.parent) for part in CALLS[name]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A sealed result."""
    folder = tmp_path_factory.mktemp("run")
    recording = make_recording(folder / "raw", duration=5.0, scale=0.2, traced=1)
    write_run(folder / "results.h5", recording, {"seed": 1}, "", "{}", "{}", "")
    return (folder / "results.h5").read_bytes()


def _flip(data: bytearray, choose: random.Random) -> None:
    data[choose.randrange(len(data))] ^= 1 << choose.randrange(8)


def _flips(data: bytearray, choose: random.Random) -> None:
    for _ in range(8):
        _flip(data, choose)


def _bytes(data: bytearray, choose: random.Random) -> None:
    for _ in range(200):
        data[choose.randrange(len(data))] = choose.randrange(256)


def _fill(byte: bytes) -> Callable[[bytearray, random.Random], None]:
    def fill(data: bytearray, choose: random.Random) -> None:
        size = choose.choice([8, 64, 512, 4096])
        start = choose.randrange(len(data) - size)
        if data[start : start + size] == byte * size:
            data[start] ^= 1  # it was filled with this already
        else:
            data[start : start + size] = byte * size

    return fill


def _swap(data: bytearray, choose: random.Random) -> None:
    size, before = 512, bytes(data)
    while bytes(data) == before:
        one, two = (choose.randrange(len(data) // size) * size for _ in range(2))
        first, second = data[one : one + size], data[two : two + size]
        data[one : one + size], data[two : two + size] = second, first


def _number(data: bytearray, choose: random.Random) -> None:
    """An offset, length or count that is another."""
    start, before = choose.randrange(len(data) - 8) // 8 * 8, bytes(data)
    while bytes(data) == before:
        number = choose.choice([0, 1, 255, 1 << 31, 1 << 40, (1 << 63) - 1])
        data[start : start + 8] = number.to_bytes(8, "little")


def _cut(data: bytearray, choose: random.Random) -> None:
    del data[choose.randrange(len(data)) :]


def _cut_out(data: bytearray, choose: random.Random) -> None:
    start = choose.randrange(8, len(data) - 1)
    del data[start : start + choose.randrange(1, 64)]


def _insert(data: bytearray, choose: random.Random) -> None:
    start = choose.randrange(8, len(data))
    data[start:start] = bytes(choose.randrange(1, 64))


def _append(data: bytearray, choose: random.Random) -> None:
    data += choose.randbytes(choose.randrange(1, 200))


def _magic(data: bytearray, choose: random.Random) -> None:
    data[choose.randrange(8)] ^= 1 << choose.randrange(8)


MUTATIONS = (
    _flip,
    _flips,
    _bytes,
    _fill(b"\0"),
    _fill(b"\xff"),
    _swap,
    _number,
    _cut,
    _cut_out,
    _insert,
    _append,
    _magic,
)


def mutants(data: bytes, each: int, seed: int) -> Iterator[bytes]:
    """Yield `each` mutants of every kind."""
    choose = random.Random(seed)
    for mutation in MUTATIONS:
        for _ in range(each):
            mutant = bytearray(data)
            mutation(mutant, choose)
            yield bytes(mutant)


@pytest.mark.parametrize("each", [4, pytest.param(25, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("name", COMMANDS)
def test_mutants_are_refused_at_once(
    whole: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, each: int
) -> None:
    path = tmp_path / "results.h5"
    for number, mutant in enumerate(mutants(whole, each, seed=1)):
        assert mutant != whole
        path.write_bytes(mutant)
        start = time.perf_counter()
        code = main(typed(name, path))
        assert time.perf_counter() - start < SLOWEST
        said = capsys.readouterr()
        assert code == CORRUPT, number
        assert name == "verify" or said.out == "", "something incomplete looked complete"
        assert str(path) in said.out + said.err
        assert "Traceback" not in said.err
    assert number == each * len(MUTATIONS) - 1


@pytest.mark.parametrize("name", COMMANDS)
def test_every_flip_in_a_dataset_is_found(
    whole: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = tmp_path / "results.h5"
    path.write_bytes(whole)
    with h5py.File(path, "r") as file:
        places: list[int] = []

        def note(_: str, entry: h5py.Group | h5py.Dataset) -> None:
            if isinstance(entry, h5py.Dataset):
                chunks = entry.id.get_num_chunks() if entry.chunks else 0
                places.extend(entry.id.get_chunk_info(k).byte_offset for k in range(chunks))
                if not entry.chunks and entry.id.get_offset() is not None:
                    places.append(entry.id.get_offset())

        file.visititems(note)
    assert len(places) > 100
    choose = random.Random(2)
    for place in choose.sample(places, 20):
        mutant = bytearray(whole)
        mutant[place] ^= 1 << choose.randrange(8)
        path.write_bytes(mutant)
        assert main(typed(name, path)) == CORRUPT
        said = capsys.readouterr()
        assert "the checksum does not match" in said.out + said.err


@pytest.mark.parametrize("name", COMMANDS)
def test_real_processes_refuse_damage(
    command: Command, whole: bytes, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "results.h5"
    for mutant in random.Random(3).sample(list(mutants(whole, 1, seed=3)), 4):
        path.write_bytes(mutant)
        done = command(*typed(name, path))
        assert done.returncode == CORRUPT
        if name == "inspect":
            assert done.stdout == ""
            assert done.stderr.startswith(f"error: {path}: ")
            assert len(done.stderr.splitlines()) == 1
        assert str(path) in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


#: Looks at mutants whose checksum is right, each in a process of its own, and says how it ended.
LOOK = """
import json, os, resource, sys, time
from pathlib import Path
import h5py, unshielded.store.reading.read, unshielded.cli.inspect_results
from unshielded.cli.main import main
for path in sorted(Path(sys.argv[1]).glob("*/results.h5")):
    log = path.parent.with_suffix(".log")
    call = [part.format(file=path, folder=path.parent) for part in sys.argv[2:]]
    child = os.fork()
    if child == 0:
        code = 99
        try:
            for stream, name in ((1, os.devnull), (2, str(log))):
                os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
            code = main(call)
            sys.stdout.flush()
        finally:
            os._exit(code)
    _, status, used = os.wait4(child, 0)
    seconds = used.ru_utime + used.ru_stime  # of the processor: a busy machine is not a failure
    answer = {"name": str(path), "code": os.waitstatus_to_exitcode(status), "seconds": seconds}
    print(json.dumps({**answer, "kilobytes": used.ru_maxrss, "said": log.read_text()}), flush=True)
"""


def look(folder: Path, name: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(folder), *CALLS[name]],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(list(folder.glob("*/results.h5")))
    for one in found:
        assert one["code"] in (FINE, CORRUPT), one
        assert one["seconds"] < SLOWEST, one
        assert one["kilobytes"] < MOST_MEMORY >> 10, one
        assert "Traceback" not in one["said"], one
        assert name == "verify" or (one["code"] == FINE) == (one["said"] == ""), one
    return found


def resealed(whole: bytes, folder: Path, each: int, seed: int) -> None:
    """Write mutants with a checksum that is right: what lies behind the seal has to hold."""
    for number, mutant in enumerate(mutants(whole[:-SEAL], each, seed)):
        path = folder / f"{number:04}" / "results.h5"
        path.parent.mkdir()
        path.write_bytes(mutant)
        seal(path)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_resealed_mutant_is_read_or_refused(whole: bytes, tmp_path: Path, name: str) -> None:
    resealed(whole, tmp_path, 1, seed=4)
    assert CORRUPT in {one["code"] for one in look(tmp_path, name)}


@pytest.mark.thorough
@pytest.mark.parametrize("name", COMMANDS)
def test_300_resealed_mutants_are_read_or_refused(whole: bytes, tmp_path: Path, name: str) -> None:
    resealed(whole, tmp_path, 25, seed=5)
    look(tmp_path, name)


def test_a_library_that_loops_or_crashes_is_ended(
    whole: bytes,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the HDF5 library does on some files is done here on purpose."""
    from unshielded.cli import inspect_results as module
    from unshielded.store.format import apart

    def loop(*_: object) -> None:
        while True:
            pass

    def crash(*_: object) -> None:
        faulthandler.disable()  # it would tell of it, at length
        os.abort()

    path = tmp_path / "results.h5"
    path.write_bytes(whole)
    monkeypatch.setattr(apart, "SECONDS", 1)
    for harm, said in ((loop, "does not come to an end"), (crash, "SIGABRT")):
        monkeypatch.setattr(module, "_look", harm)
        assert main(["inspect", str(path)]) == CORRUPT
        assert said in capsys.readouterr().err


def test_a_library_that_asks_for_all_memory_is_refused(
    whole: bytes,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from unshielded.store.reading import inspection

    path = tmp_path / "results.h5"
    path.write_bytes(whole)
    monkeypatch.setattr(inspection, "walk", lambda *_: bytearray(1 << 40))
    assert main(["inspect", str(path)]) == CORRUPT
    assert "asks for more memory" in capsys.readouterr().err
