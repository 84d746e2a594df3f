"""Worker processes without an engine: used again, lost, replaced and ended; and Slurm's array."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from unshielded.sweeps.local import TRIES, Local
from unshielded.sweeps.slurm import MOST_TASKS, write_array

_WORKER = """\
import json, os, signal, sys, time
from pathlib import Path
from unshielded.sweeps import worker

def compute(folder, number, force, cancel):
    print("a library says something")
    os.write(1, b"and another one, past Python\\n")
    trail = Path(folder) / f"begun-{number}"
    times = len(trail.read_text()) if trail.exists() else 0
    trail.write_text("x" * (times + 1))
    if number == 13 or (number == 7 and times < 2):
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 14:
        sys.exit("no memory left")
    if number == 15:
        os.write(int(os.environ["ANSWERS"]), b'{"half": ')
        os._exit(0)
    if number >= 100:
        cancel.wait(60)
        Path(folder, f"cancelled-{number}").touch()
        raise worker.Interrupted(15)
    return {"number": number, "force": force, "process": os.getpid()}

worker.compute = compute
os.environ["ANSWERS"] = "1000"
made = os.dup
def dup(fd):
    new = made(fd)
    os.dup2(new, 1000)
    return new
os.dup = dup
worker.main(sys.argv[1], "--force" in sys.argv[2:])
os._exit(0)
"""


@pytest.fixture
def local(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Callable[..., Local]:
    """Make executors whose workers compute nothing, and fail as told."""
    script, python = tmp_path / "worker.py", tmp_path / "python"
    script.write_text(_WORKER)
    arguments = 'while [ "$1" != unshielded.sweeps.worker ]; do shift; done; shift'
    python.write_text(f'#!/bin/sh\n{arguments}\nexec {sys.executable} {script} "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))

    def make(jobs: int = 1, force: bool = False) -> Local:
        made = Local(tmp_path, jobs, force)
        request.addfinalizer(made.close)
        return made

    return make


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_is_used_again_and_ends_with_its_executor(local: Callable[..., Local]) -> None:
    made = local(force=True)
    found = [made.submit(number).result(60) for number in range(4)]
    assert [f["number"] for f in found] == [0, 1, 2, 3]
    assert all(f["force"] for f in found)
    (process,) = {f["process"] for f in found}
    made.close()
    assert not alive(process)


def test_as_many_workers_as_jobs(local: Callable[..., Local]) -> None:
    made = local(jobs=3)
    found = [f.result(60) for f in [made.submit(number) for number in range(12) if number != 7]]
    assert 1 <= len({f["process"] for f in found}) <= 3


def test_a_point_whose_worker_dies_is_begun_again(
    local: Callable[..., Local], tmp_path: Path
) -> None:
    made = local(jobs=2)
    futures = {number: made.submit(number) for number in (7, 1, 13, 2)}
    found = {number: future.result(60) for number, future in futures.items()}
    assert found[7]["number"] == 7  # at the third time
    assert (tmp_path / "begun-7").read_text() == "x" * 3
    assert (tmp_path / "begun-13").read_text() == "x" * TRIES
    assert f"was ended by signal 9, {TRIES} times" in found[13]["error"]
    assert "fewer jobs (-j)" in found[13]["error"]
    assert found[13]["exit_code"] == 6
    assert not found[13]["common"]
    assert found[1]["number"] == 1
    assert found[2]["number"] == 2


def test_a_worker_that_gives_up_is_quoted(local: Callable[..., Local]) -> None:
    found = local().submit(14).result(60)
    assert re.search(r"ended with code 1 \(no memory left\)", found["error"])


def test_half_an_answer_is_none(local: Callable[..., Local]) -> None:
    found = local().submit(15).result(60)
    assert "ended with code 0" in found["error"]


def test_a_worker_killed_while_it_waits_is_no_fault_of_the_next_point(
    local: Callable[..., Local], tmp_path: Path
) -> None:
    made = local()
    for number in range(2 * TRIES):
        process = made.submit(20 + number).result(60)["process"]
        os.kill(process, signal.SIGKILL)
        end = time.monotonic() + 10
        while time.monotonic() < end and _state(process) not in ("Z", ""):
            time.sleep(0.01)
    assert made.submit(1).result(60)["number"] == 1
    assert (tmp_path / "begun-1").read_text() == "x"


def _state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def test_closing_ends_what_runs_and_what_waits(local: Callable[..., Local], tmp_path: Path) -> None:
    made = local(jobs=2)
    futures = [made.submit(number) for number in (100, 101, 102, 103)]
    end = time.monotonic() + 60
    while time.monotonic() < end and len(list(tmp_path.glob("begun-*"))) < 2:
        time.sleep(0.01)
    began = time.monotonic()
    made.close()
    assert time.monotonic() - began < 15  # not the patience for one that is stuck
    assert all(future.done() for future in futures)
    assert all(future.cancelled() or future.exception() for future in futures)
    assert {p.name for p in tmp_path.glob("cancelled-*")} == {"cancelled-100", "cancelled-101"}


# ---- Slurm ----


def run_task(script: Path, task: int, environment: dict[str, str]) -> list[int]:
    done = subprocess.run(
        ["bash", str(script)],
        env=environment | {"SLURM_ARRAY_TASK_ID": str(task)},
        capture_output=True,
        text=True,
        check=True,
    )
    said = done.stdout.split()
    assert said[:4] == ["-P", "-m", "unshielded", "point"]
    return [int(word) for word in said[5:]]


@pytest.mark.parametrize(
    "count", [1, 2, MOST_TASKS - 1, MOST_TASKS, MOST_TASKS + 1, 2 * MOST_TASKS + 7]
)
def test_an_array_covers_every_point_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    folder = tmp_path / "a folder; with 'quotes', 50%"
    folder.mkdir()
    echo = tmp_path / "py thon"
    echo.write_text('#!/bin/sh\nprintf "%s\\n" "$1" "$2" "$3" "$4" folder; shift 5; echo "$@"\n')
    echo.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(echo))
    numbers = [3 * n for n in range(count)]
    script = write_array(folder, numbers, 1.2e9, 90.0)
    assert os.access(script, os.X_OK)
    text = script.read_text()
    found = re.search(r"^#SBATCH --array=0-(\d+)$", text, re.M)
    assert found
    last = int(found[1])
    assert last < MOST_TASKS
    assert "#SBATCH --mem=1200M" in text
    (output,) = re.findall(r"^#SBATCH --output=(.*)$", text, re.M)
    (log,) = shlex.split(output)  # one word for sbatch, which reads quotes as a shell does
    assert log == f"{folder}/slurm-%a.log".replace("50%", "50%%")
    each = -(-count // MOST_TASKS)
    assert f"#SBATCH --time={-(-each * 90 // 60)}\n" in text
    tasks = range(last + 1) if count < 10 else (0, 1, last // 2, last - 1, last)
    covered = [n for task in tasks for n in run_task(script, task, dict(os.environ))]
    assert len(covered) == len(set(covered))
    if count < 10:
        assert covered == numbers
    else:  # 1000 starts of a shell take too long: the first and the last, and no gap by their size
        sizes = {task: len(run_task(script, task, dict(os.environ))) for task in (0, last)}
        assert sizes[0] * last + sizes[last] == count
        assert covered[0] == numbers[0]
        assert covered[-1] == numbers[-1]
