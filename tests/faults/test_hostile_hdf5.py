"""Results with a right seal and hostile content: links, gigantic shapes, odd types and names."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests.synthetic_recording import make_recording
from unshielded.cli.main import main
from unshielded.store.format.seal import seal
from unshielded.store.writing.write import write_run

SEAL = 48  # bytes: 16 of a mark, 32 of SHA-256
FINE, CORRUPT = 0, 5
SLOWEST = 10.0  # seconds that a user waits for an answer about a file


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A sealed result."""
    folder = tmp_path_factory.mktemp("run")
    recording = make_recording(folder / "raw", duration=5.0, scale=0.2, traced=1)
    write_run(folder / "results.h5", recording, {"seed": 1}, "", "{}", "{}", "")
    return (folder / "results.h5").read_bytes()


def _edit(whole: bytes, path: Path, change: Callable[[h5py.File], None]) -> None:
    """Change a result with the HDF5 library, and seal it again."""
    path.write_bytes(whole[:-SEAL])
    with h5py.File(path, "r+") as file:
        change(file)
    seal(path)


def _external_link(file: h5py.File) -> None:
    file["secret"] = h5py.ExternalLink("secret.h5", "/secret")


def _external_group(file: h5py.File) -> None:
    del file["fate"]
    file["fate"] = h5py.ExternalLink("secret.h5", "/")


def _absolute_link(file: h5py.File) -> None:
    file["hosts"] = h5py.ExternalLink("/etc/hosts", "/")


def _soft_link(file: h5py.File) -> None:
    file["soft"] = h5py.SoftLink("/populations/motor_fr")


def _dangling(file: h5py.File) -> None:
    file["soft"] = h5py.SoftLink("/../../nowhere")


def _loop_of_soft_links(file: h5py.File) -> None:
    file["one"], file["two"] = h5py.SoftLink("/two"), h5py.SoftLink("/one")


def _external_storage(file: h5py.File) -> None:
    where = [("secret.bin", 0, 16)]
    file.create_dataset("stored", (2,), "f8", external=where)


def _virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((2,), "f8")
    layout[:] = h5py.VirtualSource("secret.h5", "secret", (2,))
    file.create_virtual_dataset("virtual", layout)


def _replaced(name: str, **more: object) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        del file[name]
        file.create_dataset(name, **more)  # type: ignore[arg-type]

    return change


def _huge_attribute(file: h5py.File) -> None:
    file.attrs.create("huge", np.zeros(8000))
    for number in range(2000):
        file["fate"].attrs[f"attribute {number}"] = number


def _root(name: str, value: object) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        file.attrs[name] = value

    return change


def _of_population(name: str, value: object) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        file["populations/motor_fr"].attrs[name] = value

    return change


def _names(*names: str) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        file["populations"].attrs["names"] = np.array(names, dtype=h5py.string_dtype())

    return change


def _unit(value: object) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        file["populations/motor_fr/calcium_mean"].attrs["units"] = value

    return change


def _reference(file: h5py.File) -> None:
    file.attrs["reference"] = file["fate"].ref
    file["fate/alive"].attrs["units"] = file["fate"].ref
    file.create_dataset("references", data=[file["fate"].ref], dtype=h5py.ref_dtype)


def _deep(file: h5py.File) -> None:
    group = file
    for _ in range(3000):
        group = group.create_group("a")


def _wide(file: h5py.File) -> None:
    for number in range(20_000):
        file.create_group(f"wide/{number}")


def _cycle(file: h5py.File) -> None:
    file["fate/again"] = file["/"]
    file["fate/self"] = file["fate"]


def _undecodable(file: h5py.File) -> None:
    file["fate"].create_group(b"\xff\xfe")
    file.create_group(b"\xff\xfe\x80")
    file.create_group("new\nline\x1b[31m")


def _named_type(file: h5py.File) -> None:
    file["type"] = np.dtype("f8")
    del file["ledger"]
    file["ledger"] = np.dtype([("a", "i4"), ("b", "f8")])


def _compound(file: h5py.File) -> None:
    file["compound"] = np.zeros(3, dtype=[("a", "i4"), ("b", "f8", (4,))])
    file["void"] = np.void(b"abc")
    file["enumerated"] = np.zeros(3, dtype=h5py.enum_dtype({"NO": 0, "YES": 1}))
    file["ragged"] = h5py.Empty(h5py.vlen_dtype(np.float64))
    file["complex"] = np.zeros(3, dtype=complex)
    file["half"] = np.zeros(3, dtype="f2")


def _bath(file: h5py.File) -> None:
    file.create_group("bath/glutamate")["applied_from"] = np.zeros(2)
    file["bath/glutamate/applied"] = np.zeros(3)


HUGE = 10**15

#: What was done to the file → how `inspect` ends.
HOSTILE: dict[str, tuple[Callable[[h5py.File], None], int]] = {
    "external link": (_external_link, FINE),
    "external group in place of the fates": (_external_group, CORRUPT),
    "link to a file of the system": (_absolute_link, FINE),
    "soft link": (_soft_link, FINE),
    "dangling soft link": (_dangling, FINE),
    "soft links in a circle": (_loop_of_soft_links, FINE),
    "external storage": (_external_storage, FINE),
    "virtual dataset": (_virtual, FINE),
    "gigantic, unallocated": (
        lambda f: f.create_dataset("huge", (HUGE,), "f8", chunks=(1 << 20,)) and None,
        FINE,
    ),
    "gigantic fates": (
        _replaced("fate/alive", shape=(HUGE,), dtype="i1", chunks=(1 << 20,)),
        CORRUPT,
    ),
    "gigantic chunk": (
        lambda f: f.create_dataset("huge", (HUGE,), "f8", chunks=((1 << 29) - 1,)) and None,
        FINE,
    ),
    "gigantic in every direction": (
        lambda f: f.create_dataset("huge", (1 << 20,) * 3, "f8", chunks=(1, 1, 1)) and None,
        FINE,
    ),
    "gigantic names": (
        _replaced("fate/population", shape=(HUGE,), dtype=h5py.string_dtype(), chunks=(1 << 10,)),
        CORRUPT,
    ),
    "fates of two dimensions": (_replaced("fate/alive", data=np.zeros((4, 4))), CORRUPT),
    "fates of other length": (_replaced("fate/alive", data=np.zeros(3)), CORRUPT),
    "fates that are text": (_replaced("fate/alive", data=["yes"] * 14), CORRUPT),
    "fate that is one number": (_replaced("fate/alive", data=1.0), CORRUPT),
    "spikes that are one number": (_replaced("spikes/pv/timestamps", data=1.0), CORRUPT),
    "spikes that are nothing": (
        _replaced("spikes/pv/timestamps", data=h5py.Empty("f8")),
        CORRUPT,
    ),
    "many attributes": (_huge_attribute, FINE),
    "no end of the run": (_root("duration", np.nan), CORRUPT),
    "duration in words": (_root("duration", "long"), CORRUPT),
    "durations": (_root("duration", np.zeros(3)), CORRUPT),
    "complete in words": (_root("complete", "yes"), CORRUPT),
    "not complete": (_root("complete", 0), CORRUPT),
    "complete twice": (_root("complete", np.ones(2)), CORRUPT),
    "another format": (_root("format_version", 10**9), CORRUPT),
    "name of many": (_root("name", np.zeros((3, 3))), FINE),
    "name of a terminal": (_root("name", "\x1b]0;title\x07\x1b[2J"), FINE),
    "seed in words": (_root("seed", "x"), FINE),
    "size of minus one": (_of_population("size", -1), FINE),
    "size in words": (_of_population("size", "many"), CORRUPT),
    "population that is not there": (_names("motor_fr", "nobody"), CORRUPT),
    "population outside": (_names("../../fate"), CORRUPT),
    "population without a name": (_names(""), CORRUPT),
    "unit of many": (_unit(np.arange(3)), FINE),
    "unit that is nothing": (_unit(h5py.Empty("f4")), FINE),
    "references": (_reference, FINE),
    "3,000 groups deep": (_deep, FINE),
    "20,000 groups": (_wide, FINE),
    "groups in a circle": (_cycle, CORRUPT),
    "names that are no text": (_undecodable, CORRUPT),
    "types in place of data": (_named_type, FINE),
    "data of other types": (_compound, FINE),
    "bath of other lengths": (_bath, CORRUPT),
}


@pytest.fixture
def secret(tmp_path: Path) -> str:
    """What lies beside the result, and is none of its business."""
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["secret"] = np.array([71077345.0, 71077345.0])
        file["alive"] = np.zeros(3)
        file.attrs["secret"] = "71077345"
    (tmp_path / "secret.bin").write_bytes(np.array([71077345.0, 71077345.0]).tobytes())
    return "71077345"


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_result_is_neither_followed_nor_believed(
    whole: bytes,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    secret: str,
    case: str,
) -> None:
    change, expected = HOSTILE[case]
    path = tmp_path / "results.h5"
    _edit(whole, path, change)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for call in ([], ["--format", "json"]):
        code = main(["inspect", str(path), *call])
        said = capsys.readouterr()
        assert code == expected, said.err
        assert (said.out == "") == (code != FINE)
        assert (said.err == "") == (code == FINE)
        assert "Traceback" not in said.err
        assert "\x1b" not in said.out + said.err
        assert secret not in said.out + said.err
        assert "\n" not in said.err.rstrip("\n")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The two children together; a busy machine is not a failure, so it is time of the processor.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2 * SLOWEST


ENTRIES = ("secret", "virtual", "stored", "soft", "one", "huge", "compound", "void", "ragged",
           "references", "enumerated", "complex", "half", "fate", "fate/alive", "/", "a/a/a", "wide",
           "\0", "\udcff", "..", "a" * 5000, "/".join("a" * 2000))  # fmt: skip


@pytest.mark.parametrize("case", [c for c, (_, code) in HOSTILE.items() if code == FINE])
def test_an_entry_of_a_hostile_result_is_described_or_refused(
    whole: bytes,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    secret: str,
    case: str,
) -> None:
    path = tmp_path / "results.h5"
    _edit(whole, path, HOSTILE[case][0])
    with h5py.File(path, "r") as file:
        there = set(file)
    asked = [e for e in ENTRIES if e.partition("/")[0] in {*there, "\0", "\udcff", ".."}]
    for entry in asked:
        code = main(["inspect", str(path), entry, "--format", "json"])
        said = capsys.readouterr()
        assert code in (FINE, 2, CORRUPT), said.err
        assert "Traceback" not in said.err
        assert secret not in said.out + said.err
        assert (said.out == "") == (code != FINE)
