"""A Slurm array for a sweep: a script to hand in where Python need not be."""

from __future__ import annotations

import math
import shlex
import stat
from collections.abc import Sequence
from pathlib import Path

from unshielded.processes import python
from unshielded.store.format.files import write_atomically

SCRIPT = "sweep.slurm"

#: Slurm's own default limit (MaxArraySize) is 1001; more points share tasks.
MOST_TASKS = 1000

_TEXT = """\
#!/bin/bash
# Hand it in with: sbatch {script}
# Each task computes {each} of {points} points; a point that is there is not computed again, so a
# task that was lost is handed in again. Then, where Python is: unshielded resume {folder}
# Queue and account are options of sbatch: sbatch --partition=… --account=… {script}
#SBATCH --job-name={name}
#SBATCH --array=0-{last}
#SBATCH --nodes=1 --ntasks=1 --cpus-per-task=1
#SBATCH --mem={memory}M
#SBATCH --time={minutes}
#SBATCH --output={log}
set -eu
points=({numbers})
exec {point} "${{points[@]:$((SLURM_ARRAY_TASK_ID * {each})):{each}}}"
"""


def write_array(
    folder: Path, numbers: Sequence[int], memory_bytes: float, seconds: float, force: bool = False
) -> Path:
    """Write the script of an array job into the folder of a sweep; return where it is.

    Parameters
    ----------
    numbers
        The points to compute.
    memory_bytes, seconds
        What one of them needs.
    force
        Whether points that are there are computed again.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    each = max(1, math.ceil(len(numbers) / MOST_TASKS))
    path = folder / SCRIPT
    text = _TEXT.format(
        script=shlex.quote(str(path)),
        folder=shlex.quote(str(folder)),
        # sbatch replaces what follows a per cent sign
        log=shlex.quote(f"{str(folder).replace('%', '%%')}/slurm-%a.log"),
        name=folder.name,
        each=each,
        points=len(numbers),
        last=max(0, math.ceil(len(numbers) / each) - 1),
        memory=math.ceil(memory_bytes / 1e6),
        minutes=max(1, math.ceil(each * seconds / 60)),
        numbers=" ".join(map(str, numbers)),
        point=shlex.join(python("unshielded", "point", *(["--force"] if force else []), folder)),
    )
    with write_atomically(path) as partial:
        partial.write_text(text, encoding="utf-8")
        partial.chmod(partial.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP)
    return path
