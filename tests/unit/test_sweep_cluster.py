"""Points on Dask workers, on Slurm as Dask sees it, and in the tasks of a Slurm array."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import h5py
import pytest

from tests.conftest import Command
from tests.faults.sweeping import (
    NAME,
    Sweeper,
    acknowledged,
    contents,
    digest,
    ending,
    leftovers,
    needs_proc,
    processes,
    programs,
    until,
    write_config,
)
from unshielded.cli.main import main
from unshielded.sweeps import cluster

pytest.importorskip("distributed")

pytestmark = [pytest.mark.slow, needs_proc]

SEEDS = "sweep: {seeds: [1, 2, 3]}\n"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # long enough to be caught at it
    return write_config(tmp_path_factory.mktemp("config") / "c.yaml", "6 s", sweep=SEEDS)


@pytest.fixture(scope="module")
def whole(
    argv: list[str],
    environment: dict[str, str],
    config: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """What worker processes on this machine make of it."""
    folder = tmp_path_factory.mktemp("whole")
    sweeper = Sweeper(argv, environment, folder)
    assert sweeper.finish("sweep", config, "--out", folder) == 0, sweeper.said()
    return contents(folder / NAME)


@pytest.fixture
def sweeper(argv: list[str], environment: dict[str, str], tmp_path: Path) -> Sweeper:
    variables = {
        "DASK_TEMPORARY_DIRECTORY": str(tmp_path / "dask"),
        "DASK_LOGGING__DISTRIBUTED": "error",
    }
    return Sweeper(argv, environment | variables, tmp_path)


def data(result: Path) -> dict[str, bytes]:
    """The bytes of all numbers of a result, and its texts; where settings came from is apart."""
    found: dict[str, bytes] = {}

    def visit(name: str, entry: h5py.Dataset | h5py.Group) -> None:
        if isinstance(entry, h5py.Dataset) and not name.startswith("provenance"):
            values = entry[()]
            text = h5py.check_string_dtype(entry.dtype) is not None
            found[name] = repr(values.tolist()).encode() if text else values.tobytes()

    with h5py.File(result, "r") as file:
        file.visititems(visit)
    return found


def test_run_gives_the_same_numbers(
    sweeper: Sweeper, config: Path, whole: dict[str, str], tmp_path: Path
) -> None:
    """And writes down that the seed came from its option, not from a sweep."""
    apart = tmp_path / "apart"
    assert sweeper.finish("sweep", config, "--out", tmp_path) == 0
    assert sweeper.finish("run", config, "--seed", 2, "--out", apart) == 0
    (one,) = apart.glob("*/*/results.h5")
    other = tmp_path / one.relative_to(apart)
    assert digest(other) == whole[str(other.relative_to(tmp_path / NAME))]
    assert len(data(one)) > 100
    assert data(one) == data(other)


@pytest.mark.thorough
def test_a_worker_is_killed_in_the_middle(
    sweeper: Sweeper, config: Path, whole: dict[str, str], tmp_path: Path
) -> None:
    call = ["sweep", config, "--out", tmp_path, "--executor", "dask", "-j", 2]
    with ending(sweeper.start(*call)) as process:
        victims: list[int] = []

        def caught() -> bool:
            with suppress(OSError):  # it has ended since: wait for the next one
                victims.extend(dask_worker_of(program) for program in programs(tmp_path))
            return bool(victims)

        assert until(caught, 90), sweeper.said()
        victim = victims[0]
        assert victim not in (1, process.pid)
        os.kill(victim, signal.SIGKILL)
        assert process.wait(200) == 0, sweeper.said()
    assert contents(tmp_path / NAME) == whole
    assert until(lambda: not processes(tmp_path)), processes(tmp_path)


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def dask_worker_of(process: int) -> int:
    """The process of Dask above one of ours."""
    while "unshielded.sweeps.worker" in line(process) or line(process).split("\0")[0].endswith(
        "/main"
    ):
        process = parent(process)
    return process


def line(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text()


@pytest.mark.thorough
def test_an_interrupted_cluster_leaves_nobody(
    sweeper: Sweeper, config: Path, whole: dict[str, str], tmp_path: Path
) -> None:
    call = ["sweep", config, "--out", tmp_path, "--executor", "dask", "-j", 2]
    with ending(sweeper.start(*call)) as process:
        assert until(lambda: programs(tmp_path), 90), sweeper.said()
        process.terminate()
        assert process.wait(60) == 143, sweeper.said()
    assert until(lambda: not processes(tmp_path)), processes(tmp_path)
    before = acknowledged(tmp_path / NAME)
    assert sweeper.finish("resume", tmp_path / NAME) == 0
    assert before.items() <= acknowledged(tmp_path / NAME).items()
    assert contents(tmp_path / NAME) == whole
    assert not leftovers(tmp_path / NAME)


@pytest.mark.thorough
def test_a_scheduler_that_is_there(
    sweeper: Sweeper, config: Path, whole: dict[str, str], tmp_path: Path
) -> None:
    """It is there before and after: the command starts and ends nothing of it."""
    place = tmp_path / "scheduler.json"
    common = ["--scheduler-file", str(place)]
    serve = [sys.executable, "-m", "distributed.cli.dask_scheduler", *common, "--no-dashboard"]
    work = [sys.executable, "-m", "distributed.cli.dask_worker", *common, "--nthreads", "2"]
    options = {"env": sweeper.environment, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    with (
        ending(subprocess.Popen([*serve, "--port", "0", "--host", "127.0.0.1"], **options)) as one,  # type: ignore[call-overload]
        ending(subprocess.Popen([*work, "--no-dashboard"], **options)) as two,  # type: ignore[call-overload]
    ):
        assert until(lambda: place.exists() and place.read_text().strip(), 60)
        address = json.loads(place.read_text())["address"]
        call = ["sweep", config, "--out", tmp_path, "--executor", "dask", "--address", address]
        assert sweeper.finish(*call) == 0, sweeper.said()
        assert contents(tmp_path / NAME) == whole
        assert one.poll() is None
        assert two.poll() is None
        two.terminate()
        two.wait(30)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.parametrize(
    "address",
    [
        # half a minute of waiting
        pytest.param("tcp://127.0.0.1:{port}", marks=pytest.mark.thorough),
        "nowhere",
        "zzz://x:1",
    ],
)
def test_a_wrong_address_is_2_in_bounded_time(
    sweeper: Sweeper, config: Path, tmp_path: Path, address: str
) -> None:
    address = address.format(port=free_port())
    call = ["sweep", config, "--out", tmp_path, "--executor", "dask", "--address", address]
    began = time.monotonic()
    assert sweeper.finish(*call) == 2, sweeper.said()
    assert time.monotonic() - began < 90  # Dask's own patience is 30 s
    assert f"error: --address {address}: " in sweeper.said()
    assert "Traceback" not in sweeper.said()


def test_a_scheduler_that_does_not_answer_is_2(
    config: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With less patience than the command's."""
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    address = f"tcp://127.0.0.1:{free_port()}"
    call = [
        "sweep",
        str(config),
        "--out",
        str(tmp_path),
        "--executor",
        "dask",
        "--address",
        address,
    ]
    assert main(call) == 2
    assert f"error: --address {address}: no Dask scheduler answers" in capsys.readouterr().err


def test_options_that_do_not_go_together_are_2(
    command: Command, config: Path, tmp_path: Path
) -> None:
    for options, word in (
        (["--address", "tcp://x:1"], "--executor dask only"),
        (["--executor", "dask", "--address", "tcp://x:1", "-j", "2"], "its own workers"),
        (["--executor", "magic"], "magic"),
    ):
        done = command("sweep", config, "--out", tmp_path, *options)
        assert done.returncode == 2
        assert word in done.stderr


_SBATCH = """\
#!/bin/sh
for script in "$@"; do :; done
cp "$script" {folder}/job.$$
setsid sh {folder}/job.$$ > {folder}/job.$$.log 2>&1 < /dev/null &
echo $! >> {folder}/jobs
echo "Submitted batch job $!"
"""

_SCANCEL = """\
#!/bin/sh
for job in "$@"; do kill -TERM -- "-$job" 2> /dev/null; done
exit 0
"""


@pytest.mark.thorough
def test_workers_as_slurm_jobs(
    sweeper: Sweeper, config: Path, whole: dict[str, str], tmp_path: Path
) -> None:
    """With stand-ins for sbatch and scancel that start the job here, and end it."""
    pytest.importorskip("dask_jobqueue")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, text in (("sbatch", _SBATCH), ("scancel", _SCANCEL)):
        (tools / name).write_text(text.format(folder=tools))
        (tools / name).chmod(0o755)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    call = ["sweep", config, "--out", tmp_path, "--executor", "dask-slurm", "-j", 1]
    try:
        assert sweeper.finish(*call, PATH=path) == 0, sweeper.said()
        assert contents(tmp_path / NAME) == whole
        jobs = [int(job) for job in (tools / "jobs").read_text().split()]
        assert jobs
        (script,) = [p for p in tools.glob("job.*") if not p.name.endswith(".log")][:1]
        assert "#SBATCH --mem=" in script.read_text()
        assert until(lambda: not any(running(job) for job in jobs)), "scancel was not called"
    finally:
        for job in (tools / "jobs").read_text().split() if (tools / "jobs").exists() else []:
            subprocess.run(["kill", "-KILL", "--", f"-{job}"], check=False, capture_output=True)


@pytest.mark.parametrize("there", [False, True])
def test_without_slurm_or_its_consent_it_ends(
    sweeper: Sweeper, config: Path, tmp_path: Path, there: bool
) -> None:
    pytest.importorskip("dask_jobqueue")
    tools = tmp_path / "bin"
    tools.mkdir()
    if there:
        (tools / "sbatch").write_text("#!/bin/sh\necho 'error: Invalid account' >&2\nexit 1\n")
        (tools / "sbatch").chmod(0o755)
    call = ["sweep", config, "--out", tmp_path, "--executor", "dask-slurm"]
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    assert sweeper.finish(*call, PATH=path) == 2
    said = sweeper.said().splitlines()[-1]
    assert ("sbatch refused the job (error: Invalid account)" in said) == there
    assert ("there is no 'sbatch' here" in said) == (not there)


def test_ctrl_c_while_jobs_wait_in_the_queue(
    sweeper: Sweeper, config: Path, tmp_path: Path
) -> None:
    pytest.importorskip("dask_jobqueue")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, text in (
        ("sbatch", "touch {0}/called; echo Submitted batch job 7"),
        ("scancel", ":"),
    ):
        (tools / name).write_text(f"#!/bin/sh\n{text.format(tools)}\n")
        (tools / name).chmod(0o755)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    call = ["sweep", config, "--out", tmp_path, "--executor", "dask-slurm", "-j", 1]
    with ending(sweeper.start(*call, PATH=path)) as process:
        assert until((tools / "called").exists, 60), sweeper.said()
        time.sleep(2)  # nobody will ever come
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130, sweeper.said()


def running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_array_computes_every_point(
    sweeper: Sweeper, config: Path, whole: dict[str, str], tmp_path: Path
) -> None:
    """Its tasks one after another; one of them is lost, and handed in again."""
    call = ["sweep", config, "--out", tmp_path, "--emit", "slurm-array"]
    assert sweeper.finish(*call) == 0, sweeper.said()
    script = Path(sweeper.printed().strip())
    assert script == tmp_path / NAME / "sweep.slurm"

    def task(number: int) -> subprocess.Popen[bytes]:
        environment = sweeper.environment | {"SLURM_ARRAY_TASK_ID": str(number)}
        quiet = subprocess.DEVNULL
        return subprocess.Popen(["bash", script], env=environment, stdout=quiet, stderr=quiet)

    lost = task(1)
    assert until(lambda: programs(tmp_path), 60)
    lost.kill()
    lost.wait()
    assert until(lambda: not processes(tmp_path))
    for number in (0, 1, 2):
        assert task(number).wait(120) == 0
        assert len(acknowledged(tmp_path / NAME)) == number + 1
    assert sweeper.finish("resume", tmp_path / NAME) == 0
    assert contents(tmp_path / NAME) == whole
    assert not leftovers(tmp_path / NAME)


def test_without_dask_it_says_what_to_install(sweeper: Sweeper, config: Path) -> None:
    hidden = sweeper.folder / "hidden"
    hidden.mkdir()
    for name in ("distributed", "dask_jobqueue"):
        (hidden / f"{name}.py").write_text("raise ImportError('not here')\n")
    path = os.pathsep.join([str(hidden), sweeper.environment["PYTHONPATH"]])
    for executor in ("dask", "dask-slurm"):
        call = ["sweep", config, "--out", sweeper.folder, "--executor", executor]
        assert sweeper.finish(*call, PYTHONPATH=path) == 2
        assert "pip install 'unshielded[cluster]'" in sweeper.said()
