"""What the command does when the machine, the files or the user go wrong."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.tiny import TINY, hostile

TinyRun = tuple[Path, subprocess.CompletedProcess[str]]

LONG = ("--set", "duration=20 h")


def test_a_bad_config_is_2(command: Command, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: bad\nduration: 1 mV\n")
    done = command("run", bad, "--out", tmp_path)
    assert done.returncode == 2
    assert f"{bad}:2:11: duration" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    missing = command("run", tmp_path / "missing.yaml")
    assert missing.returncode == 2
    assert "missing.yaml" in missing.stderr


def test_a_file_in_place_of_the_output_folder_is_4(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "file"
    out.write_text("mine")
    done = command("run", TINY, "--out", out)
    assert done.returncode == 4
    assert str(out) in done.stderr
    assert "Traceback" not in done.stderr
    assert out.read_text() == "mine"


def test_a_truncated_result_is_5_and_computed_again_by_run(
    command: Command, tiny_run: TinyRun, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    shutil.copytree(tiny_run[0], runs)
    (result,) = runs.glob("*/*/results.h5")
    whole = result.read_bytes()
    result.write_bytes(whole[: len(whole) // 2])
    for call in (["inspect", result], ["plot", result]):
        done = command(*call)
        assert done.returncode == 5
        assert str(result) in done.stderr
        assert "Traceback" not in done.stderr
    assert command("run", TINY, "--out", runs).returncode == 0
    assert result.read_bytes() == whole


def test_no_compiler_is_6(command: Command, tmp_path: Path) -> None:
    empty = tmp_path / "bin"
    empty.mkdir()
    variables = {"PATH": str(empty), "UNSHIELDED_CACHE": str(tmp_path / "cache")}
    for call in (["run", TINY, "--out", tmp_path], ["doctor", "--quick"]):
        done = command(*call, **variables)
        assert done.returncode == 6
        assert "g++" in done.stderr
        assert "install" in done.stderr
        assert "Traceback" not in done.stderr


def test_an_unwritable_cache_is_6(command: Command, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("")
    for call in (["run", TINY, "--out", tmp_path / "out"], ["doctor", "--quick"]):
        done = command(*call, UNSHIELDED_CACHE=str(cache))
        assert done.returncode == 6
        assert "UNSHIELDED_CACHE" in done.stdout + done.stderr


def test_brian_preferences_of_the_current_folder_are_not_executed(
    command: Command, tiny_run: TinyRun, tmp_path: Path
) -> None:
    assert not (tiny_run[0].parent / "executed").exists()  # that run may have compiled
    mark = tmp_path / "executed"
    (tmp_path / "brian_preferences").write_text(hostile(mark))
    sweep = tmp_path / "sweep.yaml"
    sweep.write_text(f"{TINY.read_text()}\nsweep: {{seeds: [3]}}\n")
    assert command("run", TINY, "--force", cwd=tmp_path).returncode == 0
    assert command("sweep", sweep, cwd=tmp_path).returncode == 0
    assert not mark.exists()
    # and the file is one that Brian2 does execute
    subprocess.run([sys.executable, "-c", "import brian2"], cwd=tmp_path, check=True)
    assert mark.exists()


def start(argv: list[str], environment: dict[str, str], *call: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*argv, *map(str, call)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(process: subprocess.Popen[str], text: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    raise AssertionError(f"the command ended without {text!r}")


def descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *descendants(child)]
    return found


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", ["run", "sweep"])
def test_a_signal_ends_the_simulation_and_leaves_no_result(
    argv: list[str],
    environment: dict[str, str],
    tiny_run: TinyRun,
    tmp_path: Path,
    name: str,
    number: signal.Signals,
) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(f"{TINY.read_text()}\nsweep: {{seeds: [1, 2, 3]}}\n")
    process = start(argv, environment, name, config, *LONG, "--out", tmp_path / "out")
    wait_for(process, '"simulate"')
    children = descendants(process.pid)
    assert children
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert out == ""
    assert err.splitlines()[-1] == "interrupted; run the same command again to continue"
    assert "Traceback" not in err
    assert all(gone(pid) for pid in children)
    # what is left of a sweep says what there is to compute, and nothing of what was
    left = {f.name for f in (tmp_path / "out").rglob("*") if f.is_file()}
    assert left <= ({"plan.json", "sweep.lock"} if name == "sweep" else set())
    assert not list((tmp_path / "out").rglob("scratch-*"))


def test_a_signal_ends_the_compilation(
    argv: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    variables = environment | {"UNSHIELDED_CACHE": str(tmp_path / "cache")}
    process = start(argv, variables, "run", TINY, "--out", tmp_path / "out")
    wait_for(process, '"compile"')
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=12)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "interrupted; run the same command again to continue"
    assert not list((tmp_path / "cache").rglob("build.json"))


def test_a_reader_that_goes_away_is_no_error(argv: list[str], environment: dict[str, str]) -> None:
    for call in (["params"], ["params", "--format", "json"], ["schema"]):
        process = start(argv, environment, *call)
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        with process.stderr:
            assert process.stderr.read() == ""
        assert process.wait() == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_4(argv: list[str], environment: dict[str, str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*argv, "params", "--format", "json"],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 4
    assert "No space left" in done.stderr
    assert "Exception ignored" not in done.stderr
