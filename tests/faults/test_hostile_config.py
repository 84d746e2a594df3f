"""Texts of configs that are out to do harm: explained, never obeyed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.faults.hostile import HEAD, limited, quickly
from tests.faults.sweeping import needs_proc
from tests.tiny import TINY
from unshielded.config import load


def _laughs() -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines) + "\n"


def _deep_block(levels: int) -> str:
    return "".join(f"{' ' * n}a:\n" for n in range(levels))


#: The text of a config, and a piece of what is said about it.
BOMBS: dict[str, tuple[str | bytes, str]] = {
    "a billion laughs": (HEAD + _laughs(), "the anchor &a0 is not supported"),
    "a billion laughs in a line": (
        HEAD + "drive: [&a [x, x], &b [*a, *a], &c [*b, *b], *c]\n",
        "the alias *c is not supported",
    ),
    "an anchor on a key": (HEAD + "&k drive: {}\n", "the anchor &k"),
    "an alias as a key": (HEAD + "? *k\n: 1\n", "the alias *k"),
    "an alias to itself": (HEAD + "drive: &d [*d]\n", "the anchor &d"),
    "python object": (
        HEAD + "drive: !!python/object/apply:os.system ['touch executed']\n",
        "python/object/apply:os.system is not supported",
    ),
    "python name": (HEAD + "drive: !!python/name:os.system\n", "python/name:os.system"),
    "python module": (HEAD + "drive: !!python/module:antigravity\n", "python/module"),
    "python new": (HEAD + "drive: !!python/object/new:os.system [ls]\n", "python/object/new"),
    "tag on a key": (HEAD + "!!python/name:os.system drive: {}\n", "python/name:os.system"),
    "tag of a directive": (
        "%TAG !e! tag:yaml.org,2002:python/\n---\n" + HEAD + "drive: !e!name:os.system x\n",
        "python/name:os.system is not supported",
    ),
    "a set": (HEAD + "drive: !!set {a, b}\n", "2002:set is not supported"),
    "binary": (HEAD + "drive: !!binary aGVsbG8=\n", "2002:binary is not supported"),
    "an ordered map": (HEAD + "drive: !!omap [a: 1]\n", "2002:omap is not supported"),
    "YAML of another version": ("%YAML 9.9\n---\n" + HEAD, "is not YAML"),
    "5,000 lists": (HEAD + "drive: " + "[" * 5000 + "]" * 5000, "deeper than 32"),
    "5,000 mappings": (HEAD + "drive: " + "{a: " * 5000 + "1" + "}" * 5000, "deeper than 32"),
    "5,000 keys within each other": (HEAD + _deep_block(1000), "deeper than 32"),
    "5,000 dashes": (HEAD + "drive:\n  " + "- " * 5000 + "1\n", "deeper than 32"),
    "5,000 questions": (HEAD + "? " * 5000 + "\n", "deeper than 32"),
    "a million lists unclosed": (HEAD + "drive: " + "[" * 1_000_000, "deeper than 32"),
    "400,000 numbers": (HEAD + "drive: [" + "1," * 400_000 + "]\n", "more than 150000 values"),
    "200,000 entries": (HEAD + "bath:\n" + "- 1\n" * 200_000, "more than 150000 values"),
    "50,000 unknown settings": (
        HEAD + "drive:\n" + "".join(f"  a{n}: 1\n" for n in range(50_000)),
        "has 50000 problems or more",
    ),
    "5,000 unknown settings": (
        HEAD + "drive:\n" + "".join(f"  a{n}: 1\n" for n in range(5000)),
        "has 5000 problems or more",
    ),
    "50,000 of the same key": (HEAD + "a: 1\n" * 50_000, "not read further after 100 problems"),
    "50,000 aliases": (
        HEAD + "a: &a x\n" + "".join(f"b{n}: *a\n" for n in range(50_000)),
        "not read further after 100 problems",
    ),
    "a key of a million letters": (HEAD + "a" * 1_000_000 + ": 1\n", "is not YAML"),
    "a million documents": ("---\n" * 260_000, "is a second document"),
    "a number of a million digits": (HEAD + f"seed: {'9' * 1_000_000}\n", "1000000 characters"),
    "a text of a million letters": (HEAD + f"drive: {'a ' * 500_000}\n", "found 'a a"),
    "only a bracket": ("[" * 10, "is not YAML"),
    "NUL bytes": (bytes(1000), "'\\x00' is not allowed"),
    "a NUL in a name": (HEAD.encode() + b"description: a\0b\n", "'\\x00' is not allowed"),
    "UTF-16": ((HEAD + "drive: {}\n").encode("utf-16"), "is not UTF-8"),
    "UTF-16 without a mark": (HEAD.encode("utf-16-le"), "'\\x00' is not allowed"),
    "UTF-32": (HEAD.encode("utf-32"), "is not UTF-8"),
    "Latin-1": (HEAD.encode() + "description: é\n".encode("latin-1"), "0xe9 is not UTF-8"),
    "a surrogate in UTF-8": (HEAD.encode() + b"description: \xed\xa0\x80\n", "0xed is not UTF-8"),
    "an overlong slash": (HEAD.encode() + b"extends: \xc0\xaf\n", "0xc0 is not UTF-8"),
    "an HDF5 file": (b"\x89HDF\r\n\x1a\n" + bytes(100), "0x89 is not UTF-8"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(100), "'\\x7f' is not allowed"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "0x89 is not UTF-8"),
    "a bell": (HEAD + 'description: "a\a"\n', "'\\x07' is not allowed"),
    "a command to the terminal": (HEAD + '"\\e[2J\\e]0;x\\a": 1\n', r"\x1b[2J\x1b]0;x\x07"),
    "text that turns around": (HEAD + "\u202edrive: {}\n", r"\u202edrive"),
    "letters that look alike": (HEAD + "drіve: {}\n", "did you mean 'drive'?"),
    "digits of another script": (HEAD + "seed: ٣\n", "found '٣', expected a whole number"),
    "unit of look-alikes": ("name: a\nduration: 10 ѕ\n", "'10 ѕ' is not a quantity"),
}


@pytest.mark.parametrize("case", BOMBS)
def test_a_bomb_is_explained(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text, said = BOMBS[case]
    path = tmp_path / "bomb.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    error = quickly(path)
    assert said in str(error)
    assert str(error).isprintable() or all(line.isprintable() for line in str(error).splitlines())
    assert [p.name for p in tmp_path.iterdir()] == ["bomb.yaml"], "something was executed"


def test_any_line_ends_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    found = set()
    for end in ("\n", "\r\n", "\r", "\u2028"):
        path.write_bytes((end.join([*HEAD.splitlines(), "drive: {level: 1.5}", ""])).encode())
        found.add(load(path).identity)
    path.write_bytes(b"\xef\xbb\xbfname: a\r\nduration: 10 s\rdrive: {level: 1.5}\n\n\r\n")
    found.add(load(path).identity)
    assert len(found) == 1
    path.write_bytes(b"name: a\r\nduration: 10 s\rdrive: {levl: 2}\n")
    assert "c.yaml:3:9: drive.levl" in str(quickly(path))


@needs_proc
@pytest.mark.parametrize(
    "case",
    [
        "a billion laughs",
        *(
            pytest.param(case, marks=pytest.mark.thorough)
            for case in ("400,000 numbers", "5,000 lists", "5,000 unknown settings")
        ),
    ],
)
def test_a_bomb_through_the_command(case: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.yaml"
    text, said = BOMBS[case]
    assert isinstance(text, str)
    path.write_text(text)
    done, seconds, megabytes = limited("validate", path)
    assert done.returncode == 2
    assert said in done.stderr
    assert seconds < 30  # some 8 s on an idle core
    assert megabytes < 300


def test_a_bomb_in_an_override(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(HEAD)
    for override in (
        "drive=" + "[" * 5000,
        "drive.level=&a [1]",
        "drive.level=!!python/name:os.system",
        "a." * 5000 + "b=1",
        "drive.level=" + "9" * 5000,
        "=" * 5000,
        "drive." + "x" * 100_000 + "=1",
        "extends=/etc/passwd",
        "name=../../x",
        "drive.level=1\n2",
    ):
        error = quickly(path, override)
        assert all(line.isprintable() for line in str(error).splitlines())


def test_the_machine_readable_error_of_a_bomb_is_one_line(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "bomb\n\x1b[2J.yaml"
    path.write_text("name: A\n")
    done = command("validate", path)
    assert done.returncode == 2
    assert "\x1b" not in done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 2  # the name, and the duration that is missing
    assert json.loads(json.dumps(done.stderr)) == done.stderr
    assert TINY.exists()
