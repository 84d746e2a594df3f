"""Configs that are out to do harm: explained within seconds and little memory, never obeyed."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Command
from tests.faults.sweeping import needs_proc
from tests.tiny import TINY
from unshielded.config import ConfigError, dump, load, yaml
from unshielded.config.errors import MOST_PROBLEMS, Problem
from unshielded.config.scalars import to_yaml
from unshielded.config.tree import descend

ROOT = Path(__file__).parents[2]
HEAD = "name: a\nduration: 10 s\n"
MIB = 1 << 20

#: A config with something in every section; its dump has every setting.
EVERYTHING = """
name: everything
description: all there is
duration: 20 s
circuit:
  loss: {pv: {loss: 0.5, from: 1 s, until: 2 s}}
  interneuron_loss: {loss: 0.1, from: 1 s, until: 3 s}
  populations: {motor_fr: {parameters: {leak_conductance: 50 nS}}}
drive: {command: rhythmic, until: 10 s}
bath: [{agent: glutamate, concentration: 10 uM, from: 1 s, until: 2 s}]
stimulation: [{at: 1 s, intensity: 50}]
parameters: {calbindin_sites: 50 uM}
record: {membrane: {until: 1 s}}
tms: {times: [1 s, 2 s]}
sweep:
  grid: {glutamate.eaat2: [0, 1]}
  seeds: [1, 2]
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The data of a config with every setting."""
    folder = tmp_path_factory.mktemp("config")
    (folder / "some.yaml").write_text(EVERYTHING)
    full = dump(load(folder / "some.yaml"))
    problems: list[Problem] = []
    root = yaml.parse(full, "full", problems)
    assert root is not None
    assert not problems
    data = yaml_data(root)
    sweep = {"grid": {"glutamate.eaat2": [0.0, 1.0]}, "seeds": [1, 2]}
    (folder / "full.yaml").write_text(to_yaml({**data, "sweep": sweep}))
    assert load(folder / "full.yaml").config.tms is not None
    return {**data, "sweep": sweep}


def yaml_data(node: yaml.Node) -> Any:
    match node.value:
        case dict():
            return {key: yaml_data(child) for key, child in node.value.items()}
        case list():
            return [yaml_data(child) for child in node.value]
    return node.value


def leaves(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    match data:
        case dict():
            for key, value in data.items():
                yield from leaves(value, (*path, key))
        case list():
            for place, value in enumerate(data):
                yield from leaves(value, (*path, place))
        case _:
            yield path


def changed(data: Any, path: tuple[str | int, ...], value: object) -> Any:
    data = copy.deepcopy(data)
    here = data
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return data


BAD: tuple[object, ...] = (
    "some text",
    "",
    None,
    True,
    [],
    [1, "x"],
    {},
    {"a": {"b": 1}},
    float("nan"),
    float("inf"),
    -1,
    10**60,
    1e300,
    "1e300 s",
    "nan s",
    "1 kg",
    "1 s s^-1 m",
    "-5 mV",
    "1e-300 s",
    "½ s",
    "1 s\n2 s",
    "x" * 5000,
    "../../etc",
    "__import__('os')",
)


def refusal(file: Path) -> ConfigError | None:
    try:
        load(file)
    except ConfigError as error:
        return error
    return None


def explained(folder: Path, data: Any, path: tuple[str | int, ...]) -> bool:
    """Load, or check that what is said names the place; tell whether it was refused."""
    text = to_yaml(data)
    file = folder / "mutant.yaml"
    file.write_text(text, encoding="utf-8")
    error = refusal(file)
    if error is None:
        return False
    root = yaml.parse(text, "mutant", [])
    assert root is not None
    node, _ = descend(root, path)
    first, dotted = (node.key or node.mark).line, ".".join(map(str, path))
    places = [(p.line, p.path) for p in error.problems]
    named = any(first <= at <= node.mark.line or dotted in name for at, name in places)
    # a rule that joins settings may be marked at the other one; it tells this one's name or value
    mine = [f"'{path[-1]}'", *([node.value] if isinstance(node.value, str) and node.value else [])]
    told = any(each in str(error) for each in mine)
    told = told or dotted.rpartition(".")[0] in [name for _, name in places]  # or at their section
    assert named or told, f"{dotted}, line {first}: {error}"
    assert len(str(error).splitlines()) == len(error.problems)
    return True


def kinds(data: Any) -> list[tuple[str | int, ...]]:
    """All leaves, but of the pathways and populations, which are alike, one each."""
    found: dict[tuple[str | int, ...], tuple[str | int, ...]] = {}
    for path in leaves(data):
        alike = len(path) > 3 and path[1] in ("pathways", "populations")
        found.setdefault((*path[:2], "*", *path[3:]) if alike else path, path)
    return list(found.values())


def test_every_kind_of_leaf_is_checked(whole: dict[str, Any], tmp_path: Path) -> None:
    """Each once, with another bad value."""
    paths = kinds(whole)
    assert len(paths) > 100
    refused = sum(
        explained(tmp_path, changed(whole, path, BAD[number % len(BAD)]), path)
        for number, path in enumerate(paths)
    )
    # A null, an empty text or a large number is right in some places.
    assert refused > 0.8 * len(paths)


@pytest.mark.slow
def test_every_leaf_is_checked(whole: dict[str, Any], tmp_path: Path) -> None:
    for number, path in enumerate(leaves(whole)):
        explained(tmp_path, changed(whole, path, BAD[number % len(BAD)]), path)


@pytest.mark.nightly
def test_every_kind_of_leaf_is_checked_with_every_bad_value(
    whole: dict[str, Any], tmp_path: Path
) -> None:
    for path in kinds(whole):
        for value in BAD:
            explained(tmp_path, changed(whole, path, value), path)


ANYTHING = (
    st.sampled_from(BAD)
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
    | st.builds(
        "{} {}".format, st.floats() | st.integers(), st.sampled_from(["s", "mV", "Hz", "%"])
    )
    | st.recursive(
        st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text("ab."), inner)
    )
)
SETTINGS = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@SETTINGS
@given(data=st.data())
def test_any_leaf_with_anything(whole: dict[str, Any], tmp_path: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(leaves(whole))))
    explained(tmp_path, changed(whole, path, data.draw(ANYTHING)), path)


@pytest.mark.slow
@settings(SETTINGS, max_examples=500)
@given(data=st.data())
def test_any_leaf_with_anything_often(
    whole: dict[str, Any], tmp_path: Path, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(list(leaves(whole))))
    explained(tmp_path, changed(whole, path, data.draw(ANYTHING)), path)


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


def quickly(path: Path, *overrides: str) -> ConfigError:
    start = time.process_time()  # a busy machine is no failure
    with pytest.raises(ConfigError) as caught:
        load(path, overrides)
    assert time.process_time() - start < 5.0
    assert len(caught.value.problems) <= 2 * MOST_PROBLEMS
    assert all(len(str(p)) < 2000 for p in caught.value.problems)
    return caught.value


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
        path.write_bytes((end.join([*HEAD.splitlines(), "drive: {level: 2}", ""])).encode())
        found.add(load(path).identity)
    path.write_bytes(b"\xef\xbb\xbfname: a\r\nduration: 10 s\rdrive: {level: 2}\n\n\r\n")
    found.add(load(path).identity)
    assert len(found) == 1
    path.write_bytes(b"name: a\r\nduration: 10 s\rdrive: {levl: 2}\n")
    assert "c.yaml:3:9: drive.levl" in str(quickly(path))


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


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from unshielded.cli.main import main
code = main(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
# ru_maxrss would be that of whoever started this process, if it was larger: it survives exec
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(f"used {used.ru_utime + used.ru_stime} {peak}")
sys.exit(code)
"""


def limited(*arguments: str | Path) -> tuple[subprocess.CompletedProcess[str], float, float]:
    """Run the command with little memory and time: how it ended, seconds and MB used."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    *_, seconds, kilobytes = done.stdout.split()
    return done, float(seconds), float(kilobytes) / 1024


@needs_proc
def test_50_megabytes_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    path.write_bytes(HEAD.encode() + b"# " + b"x" * (50 * MIB))
    for name in ("validate", "run", "sweep"):
        done, seconds, megabytes = limited(name, path)
        assert done.returncode == 2
        assert (
            done.stderr
            == f"{'error: ' if name != 'validate' else ''}{path}:1:1: is larger than 1 MiB, expected a YAML config\n"
        )
        # Starting Python and pydantic is most of both.
        assert seconds < 5
        assert megabytes < 400


@needs_proc
@pytest.mark.parametrize(
    "case", ["a billion laughs", "400,000 numbers", "5,000 lists", "5,000 unknown settings"]
)
def test_a_bomb_through_the_command(case: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.yaml"
    text, said = BOMBS[case]
    assert isinstance(text, str)
    path.write_text(text)
    done, seconds, megabytes = limited("validate", path)
    assert done.returncode == 2
    assert said in done.stderr
    assert seconds < 8
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
