"""Sweeps without an engine: plan, state, workers, and how a sweep goes on or ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import TINY
from unshielded.cli.main import main
from unshielded.config import load
from unshielded.engine.errors import CompileError, Interrupted, NotFinite, OutputError
from unshielded.model import digest
from unshielded.store.format.files import StoreError
from unshielded.sweeps import Stage, SweepPlan, carry_out, occupied, plan, read_plan, states
from unshielded.sweeps import point as points
from unshielded.sweeps.state import running


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "c.yaml"
    path.write_text(f"{TINY.read_text()}\nsweep: {{seeds: [1, 2, 3, 4, 5]}}\n")
    return path


@pytest.fixture
def planned(config: Path, tmp_path: Path) -> SweepPlan:
    return plan(load(config), tmp_path / "out")


def done(planned: SweepPlan, number: int) -> None:
    """Pretend that a point is done."""
    place = planned.run_folder(number)
    place.mkdir(parents=True, exist_ok=True)
    (place / "results.h5").write_bytes(b"")
    (place / "log.json").write_text(json.dumps({"model": digest(), "wall_s": 1.5}))


# ---- plan ----


def test_a_plan_is_read_as_it_was_made(planned: SweepPlan, config: Path) -> None:
    config.unlink()  # all that is needed is in the plan
    again = read_plan(planned.folder)
    assert again.folder == planned.folder
    assert again.listing == planned.listing
    assert [again.run_folder(n) for n in range(5)] == [planned.run_folder(n) for n in range(5)]


@pytest.mark.parametrize("number", [-1, 5, 10**9])
def test_a_point_that_is_not_there(planned: SweepPlan, number: int) -> None:
    with pytest.raises(StoreError, match=r"there is no point .* expected 0 to 4"):
        planned.point(number)


def damaged_plans(whole: bytes) -> dict[str, bytes]:
    return {
        "empty": b"",
        "half": whole[: len(whole) // 2],
        "no JSON": b"plan\n",
        "a number": b"1\n",
        "a list": b"[]\n",
        "no keys": b"{}\n",
        "binary": bytes(range(256)),
        "deep": b"[" * 100_000,
        "foreign": json.dumps({"version": 3, "points": [1, 2]}).encode(),
    }


def test_commands_on_what_is_no_plan_are_4_with_one_line(
    planned: SweepPlan, capsys: pytest.CaptureFixture[str]
) -> None:
    path = planned.folder / "plan.json"
    whole = path.read_bytes()
    variants: dict[str, bytes | None] = {"none": None, **damaged_plans(whole)}
    for name, data in variants.items():
        path.unlink(missing_ok=True)
        if data is not None:
            path.write_bytes(data)
        before = sorted(planned.folder.iterdir())
        for call in (["status"], ["resume"], ["point", "0"]):
            code = main([call[0], str(planned.folder), *call[1:]])
            captured = capsys.readouterr()
            assert code == 4, (name, call, captured.err)
            assert len(captured.err.splitlines()) == 1, (name, captured.err)
            assert str(path) in captured.err
            assert captured.out == ""
        assert sorted(planned.folder.iterdir()) == before  # nothing was made


def test_a_plan_in_a_folder_of_another_name(
    planned: SweepPlan, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = planned.folder.rename(planned.folder.with_name("other"))
    again = read_plan(moved)
    assert (again.folder, again.renamed) == (moved, True)
    done(again, 2)
    assert again.run_folder(2).parent == moved
    assert main(["status", str(moved)]) == 0
    assert "1 done" in capsys.readouterr().out
    where = []
    monkeypatch.setattr(points, "run", lambda *given: where.append(given[-1]))
    points.compute(str(moved), 0)
    assert where == [again.run_folder(0)]
    assert not planned.folder.exists()


def test_a_folder_that_is_a_link_keeps_its_name(planned: SweepPlan, tmp_path: Path) -> None:
    elsewhere = planned.folder.rename(tmp_path / "scratch_of_the_cluster")
    planned.folder.symlink_to(elsewhere)
    again = read_plan(planned.folder)
    assert (again.folder, again.renamed) == (planned.folder, False)
    assert plan(planned.experiment, planned.out).folder == planned.folder


def test_point_numbers_are_checked_before_anything_is_computed(
    planned: SweepPlan, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["point", str(planned.folder), "0", "5"]) == 4
    assert "there is no point 5, expected 0 to 4" in capsys.readouterr().err
    assert not planned.run_folder(0).exists()
    assert main(["point", str(planned.folder), "-1"]) == 2
    assert main(["point", str(planned.folder), "one"]) == 2
    assert main(["point", str(planned.folder)]) == 2


def test_a_folder_has_one_sweep_at_a_time(planned: SweepPlan) -> None:
    code = (
        "import sys; from pathlib import Path; from unshielded.sweeps import occupied\n"
        "with occupied(Path(sys.argv[1])): pass"
    )
    call = [sys.executable, "-c", code, str(planned.folder)]
    with occupied(planned.folder):
        refused = subprocess.run(call, capture_output=True, text=True, check=False)
        assert refused.returncode
        assert f"process {os.getpid()} on {socket.gethostname()}" in refused.stderr
    assert subprocess.run(call, check=False).returncode == 0


# ---- state ----


def test_states(planned: SweepPlan) -> None:
    notes = planned.folder / "running"
    notes.mkdir()
    here = {"process": os.getpid(), "host": socket.gethostname()}
    said = {"phase": "simulate", "time_s": 1.0, "alive": 7}
    done(planned, 0)
    (notes / "1.json").write_text(json.dumps({**said, **here}))
    planned.run_folder(2).mkdir()
    (planned.run_folder(2) / "failure.json").write_text(
        json.dumps({"error": "why", "exit_code": 3})
    )
    found = states(planned)
    assert [s.stage for s in found] == [
        Stage.DONE, Stage.RUNNING, Stage.FAILED, Stage.WAITING, Stage.WAITING,
    ]  # fmt: skip
    assert found[0].wall_s == 1.5
    assert (found[1].phase, found[1].time_s, found[1].alive) == ("simulate", 1.0, 7)
    assert found[2].error == "why"


def test_notes_of_processes_that_are_gone_do_not_count(planned: SweepPlan) -> None:
    notes = planned.folder / "running"
    notes.mkdir()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    said = {"phase": "simulate", "time_s": 1.0, "alive": 7}
    here = socket.gethostname()
    (notes / "0.json").write_text(json.dumps({**said, "process": gone.pid, "host": here}))
    (notes / "1.json").write_text(json.dumps({**said, "process": 1, "host": "elsewhere"}))
    (notes / "2.json").write_text(json.dumps({**said, "process": 1, "host": "elsewhere"}))
    long_ago = time.time() - 3600
    os.utime(notes / "2.json", (long_ago, long_ago))
    (notes / "3.json").write_text("{")
    (notes / "x.json").write_text(json.dumps({**said, "process": 1, "host": "elsewhere"}))
    assert set(running(planned)) == {1}


@pytest.mark.parametrize(
    "log", ["", "[]", "{}", "null", '{"model": 1}', '{"model": "%s"}', '{"wall_s": 1}']
)
def test_a_log_without_sense_is_no_result(planned: SweepPlan, log: str) -> None:
    done(planned, 0)
    log = log % digest() if "%" in log else log
    (planned.run_folder(0) / "log.json").write_text(log)
    assert states(planned)[0].stage is Stage.WAITING


def test_results_of_another_model_are_not_done(
    planned: SweepPlan, capsys: pytest.CaptureFixture[str]
) -> None:
    done(planned, 0)
    (planned.run_folder(0) / "log.json").write_text('{"model": "other", "wall_s": 1.0}')
    assert states(planned)[0].stage is Stage.OTHER
    assert main(["status", str(planned.folder)]) == 0
    assert capsys.readouterr().out.strip() == "5 points: 4 waiting, 1 of another model"
    assert main(["status", str(planned.folder), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["of_another_model"] == 1


def test_status_counts(planned: SweepPlan, capsys: pytest.CaptureFixture[str]) -> None:
    done(planned, 3)
    assert main(["status", str(planned.folder)]) == 0
    assert capsys.readouterr().out.strip() == "5 points: 4 waiting, 1 done"
    assert main(["status", str(planned.folder), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["points"], told["done"], told["waiting"], told["failed"]) == (5, 1, 4, 0)
    assert [s["stage"] for s in told["states"]].count("done") == 1
    assert told["states"][3]["wall_s"] == 1.5


# ---- one point ----


def failing(error: Exception) -> Callable[..., Any]:
    def run(*_: object) -> None:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "common"),
    [
        (NotFinite("v of neuron 3"), 3, False),
        (OutputError("the disk is full"), 4, True),
        (StoreError("permission denied"), 4, True),
        (CompileError("no compiler"), 6, True),
        (ZeroDivisionError("oh"), 70, False),
    ],
)
def test_a_failure_is_told_and_kept(
    planned: SweepPlan, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, common: bool
) -> None:
    planned.run_folder(1).mkdir()
    monkeypatch.setattr(points, "run", failing(error))
    found = points.compute(str(planned.folder), 1)
    assert str(error) in found["error"]
    assert (found["exit_code"], found["common"]) == (code, common)
    assert states(planned)[1].stage is Stage.FAILED
    assert str(error) in states(planned)[1].error

    class Good:
        def as_json(self) -> dict[str, Any]:
            return {"id": "x"}

    monkeypatch.setattr(points, "run", lambda *_: Good())
    assert points.compute(str(planned.folder), 1) == {"id": "x"}
    assert states(planned)[1].stage is Stage.WAITING
    assert not list((planned.folder / "running").glob("*"))


def test_an_interruption_is_no_failure(planned: SweepPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "run", failing(Interrupted(signal.SIGTERM)))
    with pytest.raises(Interrupted):
        points.compute(str(planned.folder), 1)
    assert states(planned)[1].stage is Stage.WAITING


def test_a_running_point_gives_signs_of_life(
    planned: SweepPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "BEAT", 0.05)
    seen = []

    def run(_: object, out: Path, report: Callable[[str, float, int], None], *__: object) -> None:
        for phase, simulated, alive in (("compile", 0.0, 0), ("simulate", 1.5, 44)):
            report(phase, simulated, alive)
            end = time.monotonic() + 5
            while time.monotonic() < end and running(planned).get(2) is None:
                time.sleep(0.01)
            time.sleep(0.2)
            seen.append(states(planned)[2])
        raise NotFinite("enough")

    monkeypatch.setattr(points, "run", run)
    points.compute(str(planned.folder), 2)
    assert [(s.stage, s.phase, s.time_s, s.alive) for s in seen] == [
        (Stage.RUNNING, "compile", 0.0, 0),
        (Stage.RUNNING, "simulate", 1.5, 44),
    ]
    assert running(planned) == {}


# ---- the whole of it ----


class Fake:
    """An executor whose points end as they are told, in the order in which they are handed in."""

    def __init__(self, *answers: dict[str, Any] | Exception) -> None:
        self.answers, self.closed = answers, 0

    def submit(self, number: int) -> Future[dict[str, Any]]:
        future: Future[dict[str, Any]] = Future()
        answer = self.answers[number] if number < len(self.answers) else None
        if isinstance(answer, Exception):
            future.set_exception(answer)
        elif answer is not None:
            future.set_result(answer)
        return future

    def close(self) -> None:
        self.closed += 1


GOOD = {"id": "x"}
BAD = {"error": "v is not finite", "exit_code": 3, "common": False}
COMMON = {"error": "the disk is full", "exit_code": 4, "common": True}


def test_a_failed_point_does_not_keep_the_others(planned: SweepPlan) -> None:
    fake = Fake(GOOD, BAD, GOOD, OSError("gone"), GOOD)
    found = dict(carry_out(planned, fake))
    assert {n: p.exit_code for n, p in found.items()} == {0: 0, 1: 3, 2: 0, 3: 6, 4: 0}
    assert found[3].error == "OSError: gone"
    assert found[1].as_json() == {
        "point": {}, "seed": 2, "error": "v is not finite", "exit_code": 3,
    }  # fmt: skip
    assert fake.closed == 1


def test_fail_fast_ends_at_the_first_failure(planned: SweepPlan) -> None:
    fake = Fake(BAD)  # the others never end
    found = dict(carry_out(planned, fake, keep_going=False))
    assert list(found) == [0]
    assert fake.closed == 1


def test_what_would_befall_all_ends_the_sweep(planned: SweepPlan) -> None:
    fake = Fake(COMMON)
    (found,) = carry_out(planned, fake)
    assert found[1].exit_code == 4
    assert fake.closed == 1


def test_it_closes_the_executor_when_it_is_left(planned: SweepPlan) -> None:
    fake = Fake(GOOD)
    going = carry_out(planned, fake)
    next(going)
    going.close()
    assert fake.closed == 1


def test_it_passes_on_what_running_points_say(planned: SweepPlan) -> None:
    """And not what killed sweeps, or those with more points, have left there."""
    notes = planned.folder / "running"
    notes.mkdir()
    said = {"phase": "simulate", "time_s": 1.0, "alive": 7, "process": 1, "host": "elsewhere"}
    for number in (0, 1, 99):
        (notes / f"{number}.json").write_text(json.dumps(said))
    fake, futures = Fake(GOOD), {n: Future[dict[str, Any]]() for n in range(1, 5)}
    submit = fake.submit
    fake.submit = lambda n: futures.get(n) or submit(n)  # type: ignore[method-assign]
    heard = set()

    def progress(number: int, phase: str, simulated: float, alive: int) -> None:
        heard.add((number, phase, simulated, alive))
        for future in futures.values():
            if not future.done():
                future.set_result(GOOD)

    found = dict(carry_out(planned, fake, progress))
    assert set(found) == {0, 1, 2, 3, 4}
    assert heard == {(1, "simulate", 1.0, 7)}


# ---- dry run ----


def test_a_dry_run_adds_up_and_writes_nothing(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "nowhere"
    call = ["sweep", str(config), "--out", str(out), "--dry-run", "-j", "2"]
    assert main([*call, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    rows = told["list"]
    assert not out.exists()
    assert (told["points"], told["there"], told["jobs"], len(rows)) == (5, 0, 2, 5)
    assert len({row["id"] for row in rows}) == 5
    assert told["disk_bytes"] == sum(row["disk_bytes"] for row in rows)
    largest = sorted((row["memory_bytes"] for row in rows), reverse=True)[:2]
    assert told["memory_bytes"] == sum(largest)
    # each row is rounded to 0.1 s, and so is the sum
    assert told["seconds"] == pytest.approx(sum(row["seconds"] for row in rows) / 2, abs=0.3)
    assert main(call) == 0
    assert "5 points, 0 of them there" in capsys.readouterr().out
    assert not out.exists()


def test_a_dry_run_knows_what_is_there(
    config: Path, tmp_path: Path, planned: SweepPlan, capsys: pytest.CaptureFixture[str]
) -> None:
    done(planned, 2)
    before = sorted(planned.folder.rglob("*"))
    call = ["sweep", str(config), "--out", str(tmp_path / "out"), "--dry-run", "--format", "json"]
    assert main(call) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["there"] == 1
    assert [row["there"] for row in told["list"]] == [False, False, True, False, False]
    assert told["disk_bytes"] == sum(r["disk_bytes"] for r in told["list"] if not r["there"])
    assert sorted(planned.folder.rglob("*")) == before
