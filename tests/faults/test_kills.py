"""SIGKILL at any time, to any process of a sweep; then `resume`: the bits of an undisturbed sweep.

After each kill, what was acknowledged is still there, and what is there is whole. Moments and
victims are drawn anew each time; what a failed test prints repeats them (UNSHIELDED_TEST_SEED).
The same code kills twice of each kind in `make test`, and 30 times, or
UNSHIELDED_TEST_KILLS, in `make test-all`. Only what hit a living process counts.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.compiler import remembering
from tests.faults.sweeping import (
    NAME,
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
    writers,
)

pytestmark = needs_proc

MANY = int(os.environ.get("UNSHIELDED_TEST_KILLS", "30"))
KILLS = [
    pytest.param(2, marks=pytest.mark.slow),
    pytest.param(MANY, marks=pytest.mark.thorough, id="many"),
]

ASSEMBLE, SIMULATE, WRITE = "assemble", "simulate", "result half written"

#: In the sweep.
POINTS = 4

#: More than a start with all its imports takes on a machine that is busy.
_LONGEST = 300.0  # on a busy machine


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

    def await_phase(self, process: subprocess.Popen[str], wanted: str) -> None:
        """Wait until the sweep is in a phase; not for ever, for it may not come to it again."""
        until(lambda: self.phase() == wanted or process.poll() is not None, 10.0, 0.002)
        time.sleep(self.choose.uniform(0.0, 0.03))

    def phase(self) -> str:
        """What the sweep is at, by its files alone: it is asked a thousand times a second."""
        if writers(self.folder, "*/results.h5.*.partial"):
            return WRITE
        if writers(self.folder, "*.partial"):
            return "table or figure half written"
        scratch = [place for place in self.folder.glob("*/scratch-*") if _lives(place)]
        if any((place / "stderr.txt").exists() for place in scratch):
            return SIMULATE
        if scratch:
            return ASSEMBLE
        done = len(list(self.folder.glob("*/log.json")))
        return "all points there" if done == POINTS else "start, or between two points"

    def inspect(self) -> None:
        """Nothing acknowledged is lost, nothing incomplete looks complete, nobody is left."""
        assert until(lambda: not processes(self.sweeper.folder)), processes(self.sweeper.folder)
        now = acknowledged(self.folder)
        assert self.kept.items() <= now.items()
        self.kept = now
        nothing_incomplete_looks_complete(self.folder)
        if len(now) == POINTS and self.choose.random() < 0.5:
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
    assert len(found) > POINTS  # all results, and tables
    return found


@pytest.fixture
def siege(
    argv: list[str],
    environment: dict[str, str],
    tmp_path: Path,
    config: Path,
    expected: dict[str, str],
) -> Iterator[Siege]:
    seed = os.environ.get("UNSHIELDED_TEST_SEED") or str(random.SystemRandom().randrange(10**6))
    print(f"UNSHIELDED_TEST_SEED={seed}")
    found = Siege(Sweeper(argv, environment, tmp_path), config, expected, random.Random(seed))
    yield found
    print("kills:", dict(found.phases), "rounds:", found.rounds)


@pytest.mark.parametrize("kills", KILLS)
def test_the_command_is_killed(siege: Siege, kills: int) -> None:
    """At any time from its start; its workers end by themselves."""
    longest = 4.0
    while siege.kills < kills:
        began = time.monotonic()
        with ending(siege.start()) as process:
            wanted = siege.choose.choice(("", "", ASSEMBLE, SIMULATE, WRITE))
            if wanted:
                siege.await_phase(process, wanted)
            else:
                time.sleep(siege.choose.uniform(0.0, longest))
            if process.poll() is None:
                siege.hit(process.pid)
            else:
                longest = max(1.0, time.monotonic() - began)  # so long it takes, then
            process.wait()
        # a table is there only when all is
        assert contents(siege.folder).items() <= siege.expected.items()
        siege.inspect()
    siege.conclude()


@pytest.mark.parametrize("kills", KILLS)
def test_workers_are_killed(siege: Siege, kills: int) -> None:
    """Also while they write a result. The command replaces them, or says what failed."""
    while siege.kills < kills:
        with ending(siege.start()) as process:
            while process.poll() is None and siege.kills < kills:
                wanted = siege.choose.choice(("", SIMULATE, WRITE))
                if wanted:
                    siege.await_phase(process, wanted)
                else:
                    time.sleep(siege.choose.uniform(0.0, 1.0))
                found = workers(siege.sweeper.folder)
                if wanted == WRITE:
                    found = writers(siege.folder, "*/results.h5.*.partial") or found
                if found:
                    siege.hit(siege.choose.choice(found))
            code = process.wait(_LONGEST)
        assert code in (0, 1), siege.sweeper.said()
        siege.inspect()
        if code == 0 and siege.out.exists():
            siege.conclude()
    siege.conclude()


@pytest.mark.thorough
@pytest.mark.parametrize("kills", KILLS)
def test_the_simulating_program_is_killed(siege: Siege, kills: int) -> None:
    """Its point fails, the others go on, and `resume` computes it."""
    while siege.kills < kills:
        hit = 0
        with ending(siege.start()) as process:
            while process.poll() is None and siege.kills < kills:
                until(
                    lambda p=process: p.poll() is not None or _begun(siege.folder),  # type: ignore[misc]
                    _LONGEST,
                    0.001,
                )
                time.sleep(siege.choose.uniform(0.0, 0.05))
                if found := programs(siege.sweeper.folder):
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


def _lives(scratch: Path) -> bool:
    """Whether the process that a scratch folder names is there: killed ones leave theirs."""
    return Path("/proc", scratch.name.rpartition("-")[0].rpartition("-")[2]).exists()


def _begun(folder: Path) -> bool:
    """Whether a program has been started that has not been cleared away: cheap to ask."""
    return any(_lives(found.parent) for found in folder.glob("*/scratch-*/stderr.txt"))


@pytest.mark.thorough
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
            merging = f'"finished": {POINTS}'
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
        assert len(acknowledged(siege.folder)) == POINTS
        if table.exists():
            assert contents(siege.folder).items() <= siege.expected.items()
            if siege.choose.random() < 0.5:
                table.unlink()  # so that kills find old tables there, and none
    siege.conclude()


@pytest.mark.thorough
@pytest.mark.parametrize("kills", KILLS)
def test_a_compile_is_killed(
    siege: Siege, kills: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The command, or whatever generates, makes or compiles, while the cache is empty.

    The compiler begins knowing nothing, so that the real one is killed too; with few kills it
    begins knowing three of four files.
    """
    cache, compiler = tmp_path / "cache", remembering(tmp_path / "known")
    if kills < MANY:
        known = sorted((request.getfixturevalue("cache") / "objects").glob("*.o"))
        for file in (file for number, file in enumerate(known) if number % 4):
            shutil.copy(file, compiler.parent)
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
                lambda: list(cache.glob("build-*")) or process.poll() is not None,
                _LONGEST,
                0.005,
            )
            delay = siege.choose.uniform(0.0, longest)
            if siege.choose.random() < 0.6:  # make and the compiler, not what generates
                until(
                    lambda: (
                        process.poll() is not None or list(cache.glob("build-*/source/makefile"))
                    ),
                    _LONGEST,
                )
                delay = siege.choose.uniform(0.0, 4.0)
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


def _doing(process: int) -> str:
    try:
        line = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return "gone"
    if b"unshielded.engine.generate" in line:
        return "generate"
    return "command" if b"unshielded" in line else Path(line[0].decode()).name


def _forget(folder: Path) -> None:
    subprocess.run(["rm", "-rf", str(folder)], check=True)
