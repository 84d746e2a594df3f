"""What several tests share: the cache of compiled programs, and the command as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import brian2.tests
import pytest
from _pytest import doctest

from tests.compiler import remembering
from tests.tiny import TINY, hostile

# Brian2 puts a class of its own in pytest's place, which fails at the examples of an ``__init__.py``.
if doctest.DoctestModule is brian2.tests.OurDoctestModule:
    doctest.DoctestModule = brian2.tests.OurDoctestModule.__base__  # type: ignore[misc]

ROOT = Path(__file__).parent.parent

Command = Callable[..., subprocess.CompletedProcess[str]]


def pytest_configure() -> None:
    """Heed SIGINT: what a shell starts in the background ignores it, and so do its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is thorough is slow too: ``-m "not slow"`` leaves it out.

    Files with slow tests come first: two workers that take file after file end together then.
    """
    for item in items:
        if item.get_closest_marker("thorough"):
            item.add_marker("slow")
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The cache of compiled programs: $UNSHIELDED_TEST_CACHE, or one of this session."""
    kept = os.environ.get("UNSHIELDED_TEST_CACHE")
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent  # each worker has its own folder in that of the session
    folder = Path(kept).absolute() if kept else base / "programs"
    folder.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNSHIELDED_CACHE", str(folder))
        # hundreds of processes are started: each would compile our modules anew
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("CXX", str(remembering(folder / "objects")))
        yield folder


@pytest.fixture(scope="session")
def argv() -> list[str]:
    """How a test starts the command."""
    return [sys.executable, "-m", "unshielded"]


@pytest.fixture(scope="session")
def environment(cache: Path) -> dict[str, str]:
    """The variables with which a test starts the command."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return {**os.environ, "PYTHONPATH": path, "UNSHIELDED_CACHE": str(cache), "COLUMNS": "100"}


@pytest.fixture(scope="session")
def command(argv: list[str], environment: dict[str, str]) -> Command:
    """Run the command as a process of its own: ``command("run", …, cwd=…, CXX="none")``."""

    def call(
        *arguments: str | Path, cwd: Path = ROOT, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*argv, *map(str, arguments)],
            cwd=cwd,
            env=environment | variables,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return call


@pytest.fixture(scope="session")
def tiny_run(
    command: Command, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The tiny experiment, run once: the folder of results and how the command ended.

    It is run in a folder with a file that Brian2 executes where it is imported from there.
    """
    folder = tmp_path_factory.mktemp("tiny")
    mark = folder / "executed"
    (folder / "brian_preferences").write_text(hostile(mark))
    done = command("run", TINY, "--out", folder / "runs", "--format", "json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "runs", done
