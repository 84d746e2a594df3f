"""Hostile names and places: nothing is written outside the output folder, nothing is executed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Command
from tests.tiny import TINY, hostile
from unshielded.cli.main import main
from unshielded.store.format.files import write_atomically

TinyRun = tuple[Path, subprocess.CompletedProcess[str]]

USAGE, INPUT_OUTPUT = 2, 4


def listing(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Everything below a folder: names, modes and contents."""
    return {
        str(p.relative_to(folder)): (
            p.lstat().st_mode,
            p.read_bytes() if p.is_file() and not p.is_symlink() else b"",
        )
        for p in folder.rglob("*")
    }


NAMES = {
    "the folder above": "../escaped",
    "far above": "../../../../../../tmp/escaped",
    "above in the middle": "a/../../escaped",
    "from the root": "/tmp/escaped",
    "a home": "~root",
    "a folder in it": "a/b",
    "another system's folder": "..\\\\escaped",
    "itself": ".",
    "its parent": "..",
    "hidden": ".hidden",
    "nothing": "",
    "a blank": " ",
    "a NUL": "a\\0b",
    "a newline at the end": "a\\n",
    "a tab": "a\\tb",
    "300 characters": "a" * 300,
    "65 characters": "a" * 65,
    "Cyrillic that looks Latin": "run_а",
    "full-width": "ｒｕｎ",
    "a dot that is one character": "․․/x",
    "a slash that is none": "a∕b",
    "a combining mark": "e\u0301",
    "no width": "a\u200bb",
    "an option": "--force x",
    "a pattern": "*",
    "a command": "$(touch executed)",
    "a variable": "${HOME}",
    "per cent": "%2e%2e",
    "a surrogate": "\\uD800",
}


@pytest.mark.parametrize("case", NAMES)
def test_a_hostile_name_is_refused_and_nothing_is_written(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    text = TINY.read_text().replace("name: tiny", f'name: "{NAMES[case]}"')
    assert text != TINY.read_text()
    (work / "c.yaml").write_text(text)
    (work / "base.yaml").write_text(text)
    (work / "extending.yaml").write_text("extends: base.yaml\n")
    before = listing(tmp_path)
    for call in (
        ["validate", "c.yaml"],
        ["run", "c.yaml", "--out", "out"],
        ["run", "extending.yaml", "--out", "out"],
        ["sweep", "c.yaml", "--out", "out"],
    ):
        assert main(call) == USAGE, call
        said = capsys.readouterr()
        assert "name: " in said.err
        assert "Traceback" not in said.err
        assert said.out == ""
    assert listing(tmp_path) == before


@pytest.mark.parametrize("case", NAMES)
def test_a_hostile_name_in_an_override_is_refused(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    override = f'name="{NAMES[case]}"'
    assert main(["run", str(TINY), "--set", override, "--out", str(tmp_path / "out")]) == USAGE
    assert ": name: " in capsys.readouterr().err
    assert listing(tmp_path) == {}


def test_a_sweep_cannot_rename_its_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(TINY.read_text() + "sweep: {grid: {name: [../a, ../b]}}\n")
    assert main(["sweep", str(config), "--out", str(tmp_path / "out")]) == USAGE
    assert "it does not change the result" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["c.yaml"]


def _pipe(place: Path) -> Path:
    os.mkfifo(place)
    return place


def _below_a_file(place: Path) -> Path:
    place.write_text("mine")
    return place / "out"


def _link_to_nowhere(place: Path) -> Path:
    place.symlink_to(place.parent / "nowhere" / "further")
    return place


def _link_to_itself(place: Path) -> Path:
    place.symlink_to(place)
    return place


def _name_taken(place: Path) -> Path:
    place.mkdir()
    (place / "tiny").write_text("mine")
    return place


#: Makes an odd place → the place to give as --out, and a piece of what is said.
PLACES = {
    "a pipe": (_pipe, "a part of the path is a file"),
    "below a file": (_below_a_file, "a part of the path is a file"),
    "a link to nowhere": (_link_to_nowhere, ""),
    "a link to itself": (_link_to_itself, ""),
    "its name is taken": (_name_taken, "a part of the path is a file"),
    "a long name": (lambda place: place.parent / ("x" * 300), "File name too long"),
    "a long path": (lambda place: place.parent / "/".join(["x" * 200] * 30), "File name too long"),
    "a device": (lambda place: Path("/dev/null"), "a part of the path is a file"),
    "below a device": (lambda place: Path("/dev/null/out"), "a part of the path is a file"),
}


@pytest.mark.parametrize("case", PLACES)
@pytest.mark.parametrize("name", ["run", "sweep"])
def test_an_odd_place_for_results_is_4_and_stays_as_it_was(
    case: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, said = PLACES[case]
    config = tmp_path / "c.yaml"
    config.write_text(TINY.read_text() + "sweep: {seeds: [1]}\n")
    out = make(tmp_path / "out")
    before = listing(tmp_path)
    code = main([name, str(config), "--out", str(out)])
    told = capsys.readouterr()
    assert code == INPUT_OUTPUT, told.err
    assert told.out == ""
    assert "Traceback" not in told.err
    last = told.err.splitlines()[-1]
    assert last.startswith("error: ")
    assert said in last
    assert listing(tmp_path) == before


def test_a_place_that_no_system_has_is_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(TINY), "--out", f"{tmp_path}/out\0"]) == USAGE
    assert "null byte" in capsys.readouterr().err
    assert listing(tmp_path) == {}


def test_a_link_in_place_of_a_result_is_replaced_and_not_followed(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine")
    place = tmp_path / "out" / "results.h5"
    place.parent.mkdir()
    place.symlink_to(mine)
    with write_atomically(place) as partial:
        partial.write_text("new")
    assert mine.read_text() == "mine"
    assert not place.is_symlink()
    assert place.read_text() == "new"


def test_a_link_in_place_of_a_partial_file_is_not_followed(tmp_path: Path) -> None:
    """Somebody who may write to the folder knows the name of the next partial file."""
    mine = tmp_path / "mine"
    mine.write_text("mine")
    place = tmp_path / "out" / "results.h5"
    with write_atomically(place) as partial:
        partial.write_text("old")
        name = partial.name
    (place.parent / name).symlink_to(mine)
    with write_atomically(place) as partial:
        assert partial.name == name
        partial.write_text("new")
    assert mine.read_text() == "mine"
    assert place.read_text() == "new"
    assert not place.is_symlink()
    assert list(place.parent.iterdir()) == [place]


#: Commands that look at a result, a config or nothing; those that run are in test_cli_faults.
LOOKING = (
    ["validate", str(TINY)],
    ["inspect", "RESULT"],
    ["plot", "RESULT", "--out", "figure.png"],
    ["plot", "--survival", "RUNS", "--out", "survival.png"],
    ["activity", "RESULT"],
    ["params"],
    ["schema"],
    ["doctor", "--quick"],
    ["export", "--help"],
    ["tms", str(TINY), "--help"],
    ["status", "RUNS"],
    ["verify", "RESULT"],
    ["compare", "RESULT", "RESULT"],
    ["--version"],
)


def lay_traps(folder: Path, mark: Path) -> None:
    """Put there what Brian2, Python and others execute where they are started from there."""
    (folder / "brian_preferences").write_text(hostile(mark))
    touch = f"import pathlib; pathlib.Path({str(mark)!r}).touch()\n"
    for name in ("sitecustomize", "usercustomize", "h5py", "yaml", "numpy", "brian2", "rich"):
        (folder / f"{name}.py").write_text(touch)


@pytest.fixture
def installed(environment: dict[str, str]) -> Command:
    """Run the command as its installed script does: without the current folder on the path."""

    def call(
        *arguments: str | Path, cwd: Path = ROOT, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", "-m", "unshielded", *map(str, arguments)],
            cwd=cwd,
            env=environment | variables,
            capture_output=True,
            text=True,
            timeout=300,
        )

    return call


@pytest.mark.slow
def test_no_command_executes_what_lies_in_the_current_folder(
    installed: Command, tiny_run: TinyRun, tmp_path: Path
) -> None:
    (result,) = tiny_run[0].rglob("results.h5")
    mark = tmp_path / "executed"
    lay_traps(tmp_path, mark)
    places = {"RESULT": str(result), "RUNS": str(tiny_run[0])}
    for call in LOOKING:
        done = installed(*(places.get(a, a) for a in call), cwd=tmp_path)
        assert "Traceback" not in done.stderr, done.stderr
        assert not mark.exists(), call
    assert not (tiny_run[0].parent / "executed").exists()


@pytest.mark.thorough
def test_no_run_executes_what_lies_in_the_current_folder(
    installed: Command, tiny_run: TinyRun, tmp_path: Path
) -> None:
    """Neither the command nor a process that it starts."""
    mark = tmp_path / "executed"
    lay_traps(tmp_path, mark)
    (tmp_path / "c.yaml").write_text(TINY.read_text() + "sweep: {seeds: [5, 6]}\n")
    done = installed("sweep", "c.yaml", "-j", "2", cwd=tmp_path)
    assert not mark.exists()
    assert done.returncode == 0, done.stderr
    cache = str(tmp_path / "cache")  # an empty one, so that it compiles here
    done = installed("run", TINY, cwd=tmp_path, UNSHIELDED_CACHE=cache)
    assert not mark.exists()
    assert done.returncode == 0, done.stderr
