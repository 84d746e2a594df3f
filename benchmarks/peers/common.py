"""What the scripts of all peers share: reading a workload, reporting a run."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np


def load(folder: str) -> SimpleNamespace:
    """Read a workload: ``workload.json`` as attributes, and the arrays of ``drawn.npz``."""
    found = json.loads((Path(folder) / "workload.json").read_text())
    arrays = np.load(Path(folder) / "drawn.npz")
    return SimpleNamespace(**found, **{name: arrays[name] for name in arrays.files})


class Stopwatch:
    """Wall and processor time of this process since a start."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin again."""
        self._wall, self._processor = time.perf_counter(), _processor()

    def read(self) -> tuple[float, float]:
        """Return the seconds since the start: wall, processor."""
        return time.perf_counter() - self._wall, _processor() - self._processor


def report(neurons: int, spikes: Any, build: float, loop: tuple[float, float]) -> None:
    """Print the result for the runner, as the last line of output; `spikes` are numbers of neurons."""
    counts = np.bincount(np.asarray(spikes, dtype=np.int64), minlength=neurons)
    found = {"build": build, "loop": loop[0], "loop_processor": loop[1]}
    sys.stdout.flush()
    print("\n" + json.dumps({**found, "counts": counts.tolist()}), flush=True)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
