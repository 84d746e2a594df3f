"""The executor of a sweep, from the options that commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from unshielded.processes import cores

if TYPE_CHECKING:
    from unshielded.config import Config
    from unshielded.sweeps import Executor, SweepPlan

_WORKER_BYTES = 300e6


class Where(StrEnum):
    """Kinds of executors."""

    LOCAL = "local"
    DASK = "dask"
    DASK_SLURM = "dask-slurm"


JobsOption = Annotated[
    int | None,
    typer.Option(
        "-j",
        "--jobs",
        min=1,
        metavar="N",
        help="Number of runs computed at the same time.",
        show_default="all cores",
    ),
]
WhereOption = Annotated[
    Where,
    typer.Option(
        "--executor",
        help="Where to compute: processes on this machine, Dask workers (here or at --address), "
        "or Slurm jobs.",
    ),
]
AddressOption = Annotated[
    str | None,
    typer.Option("--address", metavar="TCP://…", help="Address of a running Dask scheduler."),
]
FailFastOption = Annotated[
    bool,
    typer.Option(
        "--fail-fast/--keep-going",
        help="Stop at the first failed run, or continue with the others.",
    ),
]


def executor(
    plan: SweepPlan, where: Where, jobs: int | None, address: str | None, force: bool
) -> Executor:
    """Start what the options ask for.

    Raises
    ------
    typer.BadParameter
        If they do not go together.
    """
    if address is not None and where is not Where.DASK:
        raise typer.BadParameter("goes with --executor dask only", param_hint="--address")
    if address is not None and jobs is not None:
        raise typer.BadParameter(
            "a scheduler at --address has its own workers; leave it out", param_hint="--jobs"
        )
    if where is Where.LOCAL:
        from unshielded.sweeps.local import Local

        return Local(plan.folder, min(jobs or cores(), len(plan)), force)
    from unshielded.sweeps import cluster

    if where is Where.DASK:
        return cluster.Dask(plan.folder, min(jobs or cores(), len(plan)), address, force)
    memory = max(memory_to_ask_for(plan.point(n).config) for n in range(len(plan)))
    return cluster.DaskSlurm(plan.folder, min(jobs or 1, len(plan)), memory, force)


def memory_to_ask_for(config: Config) -> int:
    """Return the bytes to ask a cluster for, to compute one run.

    Twice what is expected, for who asks for too little loses the run; and the compiler, and what
    a Dask worker takes for itself.
    """
    from unshielded.assemble.predict import COMPILER_BYTES, predict

    return round(2 * (predict(config).memory_bytes + COMPILER_BYTES) + _WORKER_BYTES)
