"""Points on Dask workers: on this machine, on a scheduler that is there, or on Slurm.

Dask is an optional part (``pip install 'unshielded[cluster]'``). Folder and build cache have to
lie on a file system that all workers share. A worker that is lost is Dask's own affair: the
scheduler hands its point to another one.
"""

from __future__ import annotations

import shlex
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import current_thread, main_thread
from typing import Any

from unshielded.engine.errors import SimulationError
from unshielded.processes import interpreter, safe_path
from unshielded.sweeps.local import Local

#: Seconds to wait for a scheduler, or for sbatch.
_PATIENCE = 30

_MISSING = "--executor {executor} needs {package}: pip install 'unshielded[cluster]'"


def compute_apart(folder: str, number: int, force: bool) -> dict[str, Any]:
    """Compute one point in a process of its own, beside the Dask worker.

    Dask's profiler holds on to the frames of a worker's threads, and with them to whatever they
    have open: HDF5 then closes its objects at other times, and the same data lie in another order
    in the file. A process of its own also ends in good order when Dask kills its worker.
    """
    apart = Local(Path(folder), 1, force)
    try:
        return apart.submit(number).result()
    finally:
        apart.close()


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Keep how signals are taken: dask-jobqueue, when imported, makes Ctrl-C an exit with code 0."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    yield
    if current_thread() is main_thread():
        for each, handler in before.items():
            signal.signal(each, handler)


class ClusterError(SimulationError):
    """No cluster is available to compute on."""

    exit_code = 2


class Dask:
    """An executor on a Dask scheduler.

    Parameters
    ----------
    folder
        Of the sweep.
    jobs
        Number of workers, of one thread each, where the cluster is started here.
    address
        Of a scheduler that runs; None starts one on this machine.
    force
        Whether to compute what is already there.

    Raises
    ------
    ClusterError
        If Dask is not installed, or the scheduler does not answer.
    """

    def __init__(
        self, folder: Path, jobs: int, address: str | None = None, force: bool = False
    ) -> None:
        try:
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise ClusterError(_MISSING.format(executor="dask", package="dask")) from error
        cluster: Any = None
        if address is None:
            safe_path()
            cluster = LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=jobs, threads_per_worker=1, processes=True, dashboard_address=None
            )
        try:
            client = Client(cluster or address, timeout=_PATIENCE)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterError(
                f"--address {address}: no Dask scheduler answers there ({error}); start one with "
                "'dask scheduler', and workers with 'dask worker'"
            ) from error
        self._start(folder, force, client, cluster)

    def _start(self, folder: Path, force: bool, client: Any, cluster: Any) -> None:
        self._folder, self._force = str(folder), force
        self._client, self._cluster = client, cluster
        self._pool = client.get_executor(pure=False, retries=0)

    def submit(self, number: int) -> Future[dict[str, Any]]:
        """Have a point computed by any worker."""
        future: Future[dict[str, Any]] = self._pool.submit(
            compute_apart, self._folder, number, self._force
        )
        return future

    def close(self) -> None:
        """Take back what waits; end the workers that were started here."""
        self._pool.shutdown(wait=False)
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


class DaskSlurm(Dask):
    """An executor whose workers are Slurm jobs, of one core each.

    Queue, account, wall time and memory are dask-jobqueue's own settings
    (``~/.config/dask/jobqueue.yaml``).
    """

    def __init__(self, folder: Path, jobs: int, memory: int, force: bool = False) -> None:
        try:
            with _signals_kept():
                from dask_jobqueue import SLURMCluster  # type: ignore[attr-defined]
                from dask_jobqueue.slurm import SLURMJob
            from distributed import Client
        except ImportError as error:
            raise ClusterError(
                _MISSING.format(executor="dask-slurm", package="dask-jobqueue")
            ) from error
        if shutil.which("sbatch") is None:
            raise ClusterError(
                "--executor dask-slurm: there is no 'sbatch' here; start it where Slurm is, or write a "
                "script to hand in there with --emit slurm-array"
            )
        answers: SimpleQueue[str] = SimpleQueue()

        class HandedIn(SLURMJob):
            """A job that tells what sbatch said: dask-jobqueue only logs it, and waits."""

            async def _submit_job(self, script: str) -> str:
                try:
                    said = str(await super()._submit_job(script))  # type: ignore[no-untyped-call]
                except (OSError, RuntimeError) as error:
                    answers.put(" ".join(str(error).rpartition("stderr:")[2].split()))
                    raise
                answers.put("")
                return said

        job: Any = HandedIn
        python = shlex.join(interpreter())
        safe_path()
        cluster = SLURMCluster(
            cores=1,
            processes=1,
            memory=f"{memory} B",
            job_cls=job,
            python=python,
        )
        cluster.scale(jobs)  # type: ignore[no-untyped-call]
        with suppress(Empty):
            if refused := answers.get(timeout=_PATIENCE):
                with suppress(Exception):  # it counts on jobs that started
                    cluster.close()
                raise ClusterError(
                    f"--executor dask-slurm: sbatch refused the job ({refused}); queue and account are "
                    "settings of dask-jobqueue (~/.config/dask/jobqueue.yaml)"
                )
        self._start(folder, force, Client(cluster), cluster)  # type: ignore[no-untyped-call]
