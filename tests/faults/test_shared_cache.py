"""Two sweeps at once: of one structure with one build cache, and of one folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.faults.sweeping import (
    NAME,
    Sweeper,
    acknowledged,
    contents,
    digest,
    ending,
    leftovers,
    needs_proc,
    programs,
    until,
    write_config,
)
from tests.tiny import POPULATIONS

pytestmark = pytest.mark.slow


@pytest.mark.thorough
def test_two_sweeps_with_one_empty_cache_compile_once(
    argv: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    cache, out = tmp_path / "cache", tmp_path / "out"
    running, names = [], ("first", "second")
    for name in names:
        folder = tmp_path / name
        folder.mkdir()
        config = write_config(folder / "c.yaml", sweep="sweep: {seeds: [1, 2]}\n")
        config.write_text(config.read_text().replace("name: tiny", f"name: {name}"))
        sweeper = Sweeper(argv, environment | {"UNSHIELDED_CACHE": str(cache)}, folder)
        running.append((sweeper, sweeper.start("sweep", config, "-j", 2, "--out", out)))
    for sweeper, process in running:
        with ending(process):
            assert process.wait(300) == 0, sweeper.said()
    logs = [json.loads(path.read_text()) for path in out.glob("*/*/log.json")]
    assert len(logs) == 4
    assert sum(log["compiled"] for log in logs) == 1
    assert len({log["program"] for log in logs}) == 1
    assert len(list(cache.glob("*/build.json"))) == 1
    for name in names:
        assert len(acknowledged(out / name)) == 2
    assert not leftovers(out)
    assert not leftovers(cache)


@needs_proc
@pytest.mark.usefixtures("tiny_run")  # what is waited for is no compiler
def test_a_second_sweep_of_a_folder_is_refused(
    argv: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    config = write_config(tmp_path / "c.yaml", "20 h")
    first = Sweeper(argv, environment, tmp_path)
    (tmp_path / "second").mkdir()
    second = Sweeper(argv, environment, tmp_path / "second")
    with ending(first.start("sweep", config, "--out", tmp_path)) as process:
        assert until(lambda: programs(tmp_path), 60), first.said()
        plan = (tmp_path / NAME / "plan.json").read_bytes()
        for call in (
            ["sweep", config, "--out", tmp_path, "--set", "duration=1 s"],
            ["resume", tmp_path / NAME],
        ):
            assert second.finish(*call) == 4
            (line,) = second.said().strip().splitlines()
            assert f"process {process.pid} on " in line
            assert str(tmp_path / NAME) in line
        assert (tmp_path / NAME / "plan.json").read_bytes() == plan
        assert second.finish("status", tmp_path / NAME) == 0  # to look is always allowed
        assert "2 running" in second.printed() or "1 running" in second.printed()
        process.terminate()
        assert process.wait(30) == 143
    assert second.finish("status", tmp_path / NAME) == 0
    assert "4 waiting" in second.printed()


def test_a_changed_config_replaces_the_plan_and_keeps_results(
    argv: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    config = write_config(tmp_path / "c.yaml", sweep="sweep: {seeds: [1, 2]}\n")
    sweeper = Sweeper(argv, environment, tmp_path)
    assert sweeper.finish("sweep", config, "--out", tmp_path) == 0
    old = contents(tmp_path / NAME)
    times = {p: p.stat().st_mtime_ns for p in tmp_path.glob("*/*/results.h5")}
    write_config(config, sweep="sweep: {seeds: [2, 3]}\n")
    assert sweeper.finish("sweep", config, "--out", tmp_path) == 0
    new = contents(tmp_path / NAME)
    assert len(acknowledged(tmp_path / NAME)) == 2
    assert {k: v for k, v in old.items() if "results" in k}.items() <= new.items()
    assert {p: p.stat().st_mtime_ns for p in times} == times  # not computed again
    assert len((tmp_path / NAME / "sweep.csv").read_text().splitlines()) == 1 + 2 * POPULATIONS


@pytest.mark.thorough
def test_a_damaged_result_is_computed_again(
    argv: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    config = write_config(tmp_path / "c.yaml", sweep="sweep: {seeds: [1, 2]}\n")
    sweeper = Sweeper(argv, environment, tmp_path)
    assert sweeper.finish("sweep", config, "--out", tmp_path) == 0
    whole = contents(tmp_path / NAME)
    one, two = sorted(tmp_path.glob("*/*/results.h5"))
    data = bytearray(one.read_bytes())
    data[len(data) // 2] ^= 1
    one.write_bytes(data)
    shutil.rmtree(two.parent)
    (one.parent / "log.json").write_text("[]")  # a note without sense is no reason to fail
    assert sweeper.finish("resume", tmp_path / NAME) == 0, sweeper.said()
    assert contents(tmp_path / NAME) == whole
    assert digest(one) == whole[str(one.relative_to(tmp_path / NAME))]
