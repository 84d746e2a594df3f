"""Files that are no configs, or too large: none is waited for, read whole or executed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults.hostile import HEAD, MIB, limited, quickly
from tests.faults.sweeping import needs_proc


def test_things_that_are_no_files(tmp_path: Path) -> None:
    """None of them may be opened and waited for."""
    pipe, link, loop = tmp_path / "pipe", tmp_path / "link", tmp_path / "loop"
    os.mkfifo(pipe)
    link.symlink_to("/dev/zero")
    loop.symlink_to(loop)
    for path, said in (
        (pipe, "is not a regular file"),
        (link, "is not a regular file"),
        (Path("/dev/zero"), "is not a regular file"),
        (Path("/dev/null"), "is not a regular file"),
        (tmp_path, "is a folder, not a file"),
        (loop, "cannot be read"),
        (tmp_path / ("x" * 300), "File name too long"),
        (tmp_path / "missing" / "c.yaml", "there is no such file"),
        (pipe / "c.yaml", "Not a directory"),
        (Path("c\0.yaml"), "null"),
        (Path(), "is a folder"),
    ):
        assert said in str(quickly(path)), path


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(HEAD)
    path.chmod(0)
    assert "cannot be read: Permission denied" in str(quickly(path))


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("c.yaml", "leads back to a file that extends it"),
        ("./../folder/c.yaml", "leads back to a file that extends it"),
        ("link.yaml", "leads back to a file that extends it"),
        ("other.yaml", "leads back to a file that extends it"),
        ("pipe", "there is no file"),
        ("/dev/zero", "absolute path"),
        ("../../../../../../../../dev/zero", "there is no file"),
        ("zero", "there is no file"),
        ("missing.yaml", "there is no file"),
        ("huge.yaml", "is larger than 1 MiB"),
        ("binary.yaml", "is not UTF-8"),
        ("bomb.yaml", "deeper than 32"),
        ("deep0.yaml", "more than 10 files extend each other"),
        ("a\0b", "is not allowed"),
        ("~/c.yaml", "there is no file"),
        ("$HOME/c.yaml", "there is no file"),
        ("file:///etc/hosts", "there is no file"),
        ("", "expected a config file, relative to this one"),
        (".", "there is no file"),
        ("x" * 5000, "there is no file"),
        ("list.yaml", "found a list, expected a mapping"),
    ],
)
def test_extends_goes_nowhere(tmp_path: Path, target: str, said: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "link.yaml").symlink_to("c.yaml")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "other.yaml").write_text("extends: c.yaml\n")
    with (folder / "huge.yaml").open("wb") as file:
        file.truncate(50 * MIB)
    (folder / "binary.yaml").write_bytes(b"\xff\xfe\0")
    (folder / "bomb.yaml").write_text("[" * 5000)
    (folder / "list.yaml").write_text("- 1\n")
    for number in range(20):
        (folder / f"deep{number}.yaml").write_text(f"extends: deep{number + 1}.yaml\n")
    (folder / "c.yaml").write_text(f"{HEAD}extends: '{target}'\n")
    assert said in str(quickly(folder / "c.yaml"))


def test_extends_may_leave_the_folder_but_only_reads(tmp_path: Path) -> None:
    """A config beside is a usual base; a file that is none is shown no further than its start."""
    (tmp_path / "secret").write_text("root:x:0:0:root:/root:/bin/bash\n" * 50)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "c.yaml").write_text(f"{HEAD}extends: ../secret\n")
    error = quickly(tmp_path / "c" / "c.yaml")
    assert str(error).count("root:x") <= 2  # the first 60 characters


@needs_proc
def test_50_megabytes_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    path.write_bytes(HEAD.encode() + b"# " + b"x" * (50 * MIB))
    for name in ("validate", "run", "sweep"):
        done, seconds, megabytes = limited(name, path)
        assert done.returncode == 2
        error = "" if name == "validate" else "error: "
        assert done.stderr == f"{error}{path}:1:1: is larger than 1 MiB, expected a YAML config\n"
        # Starting Python and pydantic is most of both.
        assert seconds < 20
        assert megabytes < 400
