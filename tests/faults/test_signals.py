"""SIGINT and SIGTERM to the commands of a sweep: an orderly end, nobody left, and a way on."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.faults.sweeping import (
    NAME,
    Sweeper,
    acknowledged,
    contents,
    ending,
    leftovers,
    needs_proc,
    processes,
    programs,
    until,
    workers,
    write_config,
)
from tests.tiny import TINY
from unshielded.cli.main import main
from unshielded.engine import program

# what is waited for is no compiler
pytestmark = [needs_proc, pytest.mark.slow, pytest.mark.usefixtures("tiny_run")]

SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.fixture
def sweeper(argv: list[str], environment: dict[str, str], tmp_path: Path) -> Sweeper:
    return Sweeper(argv, environment, tmp_path)


def call(sweeper: Sweeper, name: str, duration: str) -> list[object]:
    """A command that simulates for so long, with a plan where it needs one."""
    config = write_config(sweeper.folder / "tiny.yaml", duration)
    out = sweeper.folder / "out"
    if name in ("point", "resume"):
        assert sweeper.finish("sweep", config, "--out", out, "--emit", "slurm-array") == 0
    return {
        "run": ["run", config, "--out", out],
        "sweep": ["sweep", config, "--out", out, "-j", 2],
        "resume": ["resume", out / NAME, "-j", 2],
        "point": ["point", out / NAME, 0, 1],
    }[name]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("run", signal.SIGINT),
        ("sweep", signal.SIGTERM),
        *(
            pytest.param(name, number, marks=pytest.mark.thorough)
            for name, number in [
                ("run", signal.SIGTERM),
                ("sweep", signal.SIGINT),
                *((name, number) for name in ("resume", "point") for number in SIGNALS),
            ]
        ),
    ],
)
def test_a_signal_ends_everything(sweeper: Sweeper, name: str, number: signal.Signals) -> None:
    with ending(sweeper.start(*call(sweeper, name, "20 h"))) as process:
        assert until(lambda: programs(sweeper.folder), 60), sweeper.said()
        process.send_signal(number)
        assert process.wait(30) == 128 + number
    assert sweeper.said().splitlines()[-1].startswith("interrupted; run the same command again")
    assert "Traceback" not in sweeper.said()
    assert sweeper.printed() == ""
    assert not processes(sweeper.folder)  # all have been waited for
    assert not leftovers(sweeper.folder)
    assert not list(sweeper.folder.rglob("results.h5"))
    assert not list(sweeper.folder.rglob("failure.json"))  # to be interrupted is not a failure


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.thorough)]
)
def test_a_second_signal_ends_at_once(sweeper: Sweeper, number: signal.Signals) -> None:
    """Even while it waits for a worker that does not end; which then does so by itself."""
    with ending(sweeper.start(*call(sweeper, "sweep", "20 h"))) as process:
        assert until(lambda: programs(sweeper.folder), 60), sweeper.said()
        stuck = workers(sweeper.folder)
        for worker in stuck:
            os.kill(worker, signal.SIGSTOP)
        process.send_signal(number)
        time.sleep(1.0)
        assert process.poll() is None  # it waits for the worker
        process.send_signal(number)
        assert process.wait(5) == -number
        for worker in stuck:
            os.kill(worker, signal.SIGCONT)
    assert until(lambda: not processes(sweeper.folder)), processes(sweeper.folder)


@pytest.mark.parametrize(
    "delay", [0.4, 1.5, *(pytest.param(d, marks=pytest.mark.thorough) for d in (0.1, 0.8, 2.5))]
)
def test_a_signal_at_any_time_is_no_error(sweeper: Sweeper, delay: float) -> None:
    with ending(sweeper.start(*call(sweeper, "sweep", "20 h"))) as process:
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        # so early that Python itself is not up, its own way of ending holds
        assert process.wait(30) in (130, -signal.SIGINT, 1)
    assert until(lambda: not processes(sweeper.folder)), processes(sweeper.folder)
    assert not leftovers(sweeper.folder)


@pytest.mark.parametrize("name", ["run", "sweep"])
@pytest.mark.parametrize(
    "attempt", [0, *(pytest.param(n, marks=pytest.mark.thorough) for n in range(1, 12))]
)
def test_a_signal_at_a_random_moment_leaves_nothing(
    sweeper: Sweeper, name: str, attempt: int
) -> None:
    """Another moment in each run of the tests: starting, compiled program being set up, simulating."""
    random = Random()
    delay, number = random.uniform(0.05, 5.0), random.choice(SIGNALS)
    with ending(sweeper.start(*call(sweeper, name, "20 h"))) as process:
        time.sleep(delay)
        process.send_signal(number)
        code = process.wait(30)
    case = f"{number.name} to {name} after {delay:.4f} s: {code}\n{sweeper.said()}"
    # so early that Python itself is not up, its own way of ending holds
    assert code in (128 + number, -number, 1), case
    assert until(lambda: not processes(sweeper.folder)), case
    assert not leftovers(sweeper.folder), case
    assert not list(sweeper.folder.rglob("results.h5")), case


@pytest.mark.thorough
@pytest.mark.parametrize(
    "ask", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.thorough)]
)
def test_an_interrupted_sweep_goes_on(
    sweeper: Sweeper, ask: signal.Signals, tmp_path: Path
) -> None:
    config = write_config(tmp_path / "tiny.yaml")
    whole, out = tmp_path / "whole", tmp_path / "out"
    assert sweeper.finish("sweep", config, "--out", whole) == 0
    with ending(sweeper.start("sweep", config, "--out", out, "-j", 1)) as process:
        assert until(lambda: '"finished": 1' in sweeper.said(), 60)
        process.send_signal(ask)
        code = process.wait(30)
    assert code in (128 + ask, 0)
    before = acknowledged(out / NAME)
    assert before
    assert sweeper.finish("resume", out / NAME) == 0
    assert before.items() <= acknowledged(out / NAME).items()
    assert contents(out / NAME) == contents(whole / NAME)


def test_the_worker_ends_with_the_command(sweeper: Sweeper) -> None:
    """What the system does to all: the command is gone without a word to anybody."""
    with ending(sweeper.start(*call(sweeper, "sweep", "20 h"))) as process:
        assert until(lambda: programs(sweeper.folder), 60), sweeper.said()
        process.kill()
    gone: Callable[[], bool] = lambda: not processes(sweeper.folder)  # noqa: E731
    assert until(gone), processes(sweeper.folder)


def test_a_signal_while_the_program_starts_leaves_nothing(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes when the program is there, but the command has not yet noted that it is."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: Any, **named: Any) -> subprocess.Popen[str]:
        started.append(subprocess.Popen(*arguments, **named))
        os.kill(os.getpid(), signal.SIGTERM)
        return started[-1]

    monkeypatch.setattr(program, "Popen", start)
    arguments = ["run", str(TINY), "--out", str(tmp_path), "--set", "duration=20 h"]
    assert main(arguments) == 128 + signal.SIGTERM
    (process,) = started
    with ending(process):
        assert process.poll() is not None
    assert not leftovers(tmp_path)
