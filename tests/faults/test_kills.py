"""SIGKILL at any time, to any process of a sweep; then `resume`: the bits of an undisturbed sweep.

After each kill, what was acknowledged is still there, and what is there is whole. The same code
kills 30 times of each kind in CI and 100 times by night. Only what hit a living process counts.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.sweeping import (
    NAME,
    PATIENCE,
    Sweeper,
    acknowledged,
    contents,
    ending,
    kill,
    leftovers,
    needs_proc,
    nothing_incomplete_looks_complete,
    processes,
    programs,
    until,
    workers,
    write_config,
)

pytestmark = needs_proc

KILLS = [
    pytest.param(30, marks=pytest.mark.slow),
    pytest.param(100, marks=pytest.mark.nightly),
]

#: More than a start with all its imports takes on a machine that is busy.
_LONGEST = 60.0


@dataclass
class Siege:
    """A sweep that is killed and resumed until it is whole, again and again, each time anew."""

    sweeper: Sweeper
    config: Path
    expected: dict[str, str]
    choose: random.Random
    phases: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    fresh: bool = True
    kept: dict[int, str] = field(default_factory=dict)

    @property
    def out(self) -> Path:
        return self.sweeper.folder / str(self.rounds)

    @property
    def folder(self) -> Path:
        return self.out / NAME

    @property
    def kills(self) -> int:
        return sum(self.phases.values())

    def start(self) -> subprocess.Popen[str]:
        """Begin a sweep, or go on with it if there is a plan."""
        if (self.folder / "plan.json").exists():
            return self.sweeper.start("resume", self.folder, "-j", 2)
        return self.sweeper.start("sweep", self.config, "-j", 2, "--out", self.out)

    def hit(self, process: int) -> bool:
        """Kill one process; keep in mind in which phase that was."""
        phase = self.phase()
        if kill(process):
            self.phases[phase] += 1
            return True
        return False

    def phase(self) -> str:
        if list(self.folder.glob("*/results.h5.*.partial")):
            return "result half written"
        if list(self.folder.glob("*.partial")):
            return "table or figure half written"
        if programs(self.sweeper.folder):
            return "simulate"
        done = len(list(self.folder.glob("*/log.json")))
        if done == len(self.expected) - 1:
            return "all points there"
        if workers(self.sweeper.folder):
            return "worker at something else"
        return "start"

    def inspect(self) -> None:
        """Nothing acknowledged is lost, nothing incomplete looks complete, nobody is left."""
        assert until(lambda: not processes(self.sweeper.folder)), processes(self.sweeper.folder)
        now = acknowledged(self.folder)
        assert self.kept.items() <= now.items()
        self.kept = now
        nothing_incomplete_looks_complete(self.folder)
        table = self.folder / "sweep.csv"
        if table.exists():
            assert {"sweep.csv": self.expected["sweep.csv"]}.items() <= contents(
                self.folder
            ).items()
        if len(now) == len(self.expected) - 1 and self.choose.random() < 0.5:
            self.conclude()

    def conclude(self) -> None:
        """Resume undisturbed, compare with the undisturbed sweep, and begin anew."""
        with ending(self.start()) as process:
            assert process.wait(300) == 0, self.sweeper.said()
        assert contents(self.folder) == self.expected
        assert not leftovers(self.folder)
        assert not processes(self.sweeper.folder)
        self.rounds += 1
        self.kept = {}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_config(tmp_path_factory.mktemp("config") / "tiny.yaml")


@pytest.fixture(scope="module")
def expected(
    argv: list[str],
    environment: dict[str, str],
    config: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """What the sweep comes to if nothing disturbs it."""
    folder = tmp_path_factory.mktemp("whole")
    sweeper = Sweeper(argv, environment, folder)
    assert sweeper.finish("sweep", config, "--out", folder) == 0, sweeper.said()
    found = contents(folder / NAME)
    assert len(found) == 5
    return found


@pytest.fixture
def siege(
    argv: list[str],
    environment: dict[str, str],
    tmp_path: Path,
    config: Path,
    expected: dict[str, str],
) -> Iterator[Siege]:
    found = Siege(Sweeper(argv, environment, tmp_path), config, expected, random.Random(5))
    yield found
    print("kills:", dict(found.phases), "rounds:", found.rounds)


@pytest.mark.parametrize("kills", KILLS)
def test_the_command_is_killed(siege: Siege, kills: int) -> None:
    """At any time from its start; its workers end by themselves."""
    longest = 4.0
    while siege.kills < kills:
        began = time.monotonic()
        with ending(siege.start()) as process:
            delay = siege.choose.uniform(0.1, longest)
            if until(lambda p=process: p.poll() is not None, delay):  # type: ignore[misc]
                longest = max(1.0, time.monotonic() - began)  # so long it takes, then
            else:
                siege.hit(process.pid)
            process.wait()
        siege.inspect()
    siege.conclude()


@pytest.mark.parametrize("kills", KILLS)
def test_workers_are_killed(siege: Siege, kills: int) -> None:
    """Also while they write a result. The command replaces them, or says what failed."""
    while siege.kills < kills:
        with ending(siege.start()) as process:
            while process.poll() is None and siege.kills < kills:
                if siege.choose.random() < 0.3:
                    wanted = siege.choose.choice(("result half written", "simulate"))
                    until(
                        lambda w=wanted, p=process: siege.phase() == w or p.poll() is not None,  # type: ignore[misc]
                        3.0,
                        0.001,
                    )
                else:
                    time.sleep(siege.choose.uniform(0.0, 1.0))
                found = workers(siege.sweeper.folder)
                if found:
                    siege.hit(siege.choose.choice(found))
            code = process.wait(_LONGEST)
        assert code in (0, 1), siege.sweeper.said()
        siege.inspect()
        if code == 0 and siege.out.exists():
            siege.conclude()
    siege.conclude()


@pytest.mark.parametrize("kills", KILLS)
def test_the_simulating_program_is_killed(siege: Siege, kills: int) -> None:
    """Its point fails, the others go on, and `resume` computes it."""
    while siege.kills < kills:
        hit = 0
        with ending(siege.start()) as process:
            while process.poll() is None and siege.kills < kills:
                if until(
                    lambda p=process: programs(siege.sweeper.folder) or p.poll() is not None,  # type: ignore[misc]
                    _LONGEST,
                    0.005,
                ):
                    time.sleep(siege.choose.uniform(0.0, 0.3))
                    found = programs(siege.sweeper.folder)
                    if found:
                        hit += siege.hit(siege.choose.choice(found))
            code = process.wait(_LONGEST)
        failed = siege.sweeper.said().count("was ended by signal 9")
        assert code == (1 if failed else 0), siege.sweeper.said()
        # a program that ended between the look and the kill was hit too late to fail
        assert failed <= 2 * hit
        siege.inspect()
        if code == 0:
            siege.conclude()
    siege.conclude()


@pytest.mark.parametrize("kills", KILLS)
def test_the_merge_is_killed(siege: Siege, kills: int) -> None:
    """All results are there; table, HDF5 and figure are being written."""
    with ending(siege.start()) as process:
        assert process.wait(300) == 0
    table = siege.folder / "sweep.csv"
    for path in siege.folder.glob("*.*"):
        if path.name not in ("plan.json", "sweep.lock"):
            path.unlink()
    longest = 3.0
    while siege.kills < kills:
        with ending(siege.start()) as process:
            said = siege.sweeper.said
            merging = f'"finished": {len(siege.expected) - 1}'
            assert until(lambda: merging in said(), _LONGEST, 0.002), said()  # noqa: B023
            began = time.monotonic()
            delay = siege.choose.uniform(0.0, longest)
            if siege.choose.random() < 0.3:  # as soon as something is half written
                until(lambda: list(siege.folder.glob("*.partial")), delay, 0.0005)
            else:
                time.sleep(delay)
            if process.poll() is None:
                siege.hit(process.pid)
                process.wait()
            else:
                longest = max(0.2, min(longest, 0.9 * (time.monotonic() - began)))
        assert until(lambda: not processes(siege.sweeper.folder))
        assert len(acknowledged(siege.folder)) == len(siege.expected) - 1
        if table.exists():
            assert contents(siege.folder) == siege.expected
            if siege.choose.random() < 0.5:
                table.unlink()  # so that kills find old tables there, and none
    siege.conclude()


#: A compiler that remembers: what it has compiled before it hands out again, at once, so that a
#: build takes seconds. What it knows comes from the real compiler.
_REMEMBERING = """\
#!/bin/sh
out=; previous=
for word in "$@"; do
    [ "$previous" = -o ] && out=$word
    previous=$word
done
case "$out" in
    *.o) ;;
    *) exec g++ "$@" ;;
esac
known={folder}/$( (printf '%s\\n' "$@"; cat "${{out%.o}}.cpp") | sha256sum | cut -c1-40).o
if [ -f "$known" ]; then exec cp "$known" "$out"; fi
g++ "$@" || exit
cp "$out" "$known.$$" && mv "$known.$$" "$known"
"""


@pytest.mark.parametrize("kills", KILLS)
def test_a_compile_is_killed(siege: Siege, kills: int, tmp_path: Path) -> None:
    """The command, or whatever generates, makes or compiles, while the cache is empty."""
    known, cache, compiler = (tmp_path / name for name in ("known", "cache", "compiler"))
    known.mkdir()
    compiler.write_text(_REMEMBERING.format(folder=known))
    compiler.chmod(0o755)
    environment = siege.sweeper.environment | {
        "UNSHIELDED_CACHE": str(cache),
        "CXX": str(compiler),
        "TMPDIR": str(tmp_path),  # the compiler's own files do not pile up elsewhere
    }
    siege.sweeper = Sweeper(siege.sweeper.argv, environment, tmp_path)
    longest = 10.0
    while siege.kills < kills:
        began = time.monotonic()
        with ending(siege.sweeper.start("run", siege.config, "--out", tmp_path / "out")) as process:
            assert until(
                lambda: list(cache.glob("build-*")) or process.poll() is not None,  # noqa: B023
                _LONGEST,
                0.005,
            )
            delay = siege.choose.uniform(0.0, longest)
            until(lambda: list(cache.glob("*/build.json")), delay)
            built = list(cache.glob("*/build.json"))
            if built:
                longest = max(1.0, min(longest, time.monotonic() - began))
            else:
                victims = [p for p in processes(cache) if p != process.pid]
                if siege.choose.random() < 0.3 or not victims:
                    victims = [process.pid]
                victim = siege.choose.choice(victims)
                doing = _doing(victim)
                if kill(victim):
                    siege.phases[doing] += 1
            if built or victim == process.pid:
                process.kill()
            code = process.wait(_LONGEST)
        # make may have been done with what was killed; and the command itself ends by signal 9
        assert code in (0, 6, -9), siege.sweeper.said()
        assert until(lambda: not processes(tmp_path)), processes(tmp_path)
        for folder in cache.glob("*"):
            if folder.is_dir() and not folder.name.startswith("build-"):
                assert os.access(folder / "main", os.X_OK)
                assert (folder / "build.json").exists()
                _forget(folder)
        assert not list((tmp_path / "out").glob("*/*/results.h5")) or code == 0
        _forget(tmp_path / "out")
    assert siege.sweeper.finish("sweep", siege.config, "--out", siege.out) == 0
    assert contents(siege.folder) == siege.expected  # by the program of the last build
    assert not leftovers(siege.folder)
    assert not leftovers(cache)
    (program,) = cache.glob("*/build.json")
    assert {file.name for file in program.parent.iterdir()} == {"build.json", "main", "names.json"}
    assert PATIENCE


def _doing(process: int) -> str:
    try:
        line = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return "gone"
    name = Path(line[0].decode()).name
    return {"generate": "generate"}.get(name, name)


def _forget(folder: Path) -> None:
    subprocess.run(["rm", "-rf", str(folder)], check=True)
