"""One window of spikes: a short program from a given state, and the state that it ends in."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from pathlib import Path
from threading import Event

import numpy as np

from unshielded import calcium, circuit
from unshielded.arrays import Array
from unshielded.assemble import Assembly
from unshielded.engine.build import Build
from unshielded.engine.program import Job, TraceSelection, execute
from unshielded.multiscale.window import CircuitState, SpikingWindow

#: Records per window, at most: a fraction of a second each, of what is averaged from them.
_RECORDS = 64


@dataclass(frozen=True)
class Windows:
    """Runs windows of one compiled program.

    Attributes
    ----------
    build
        The program.
    steps, settle
        Fast steps of a window, and of its start that is not counted.
    scratch
        A folder for the program's files; each window has one of its own in it for its time.
    cancel
        Set it to end a window.
    """

    build: Build
    steps: int
    settle: int
    scratch: Path
    cancel: Event | None = None

    def __call__(self, assembly: Assembly, number: int) -> SpikingWindow:
        """Run the window of a number from the start that `assembly` says.

        Raises
        ------
        SimulationError
            As the program ended.
        """
        folder = self.scratch / f"window-{number}"
        folder.mkdir()
        record = _interval(self.steps, self.settle)
        job = Job(self.steps, record, False, TraceSelection((), 0, 0, 1), self.settle)
        execute(self.build, assembly, job, folder, None, self.cancel)
        counted = -(-self.settle // record)
        rate, cells = assembly.fast_steps_per_second, assembly.layout.cells
        counts = np.fromfile(folder / "counts.i32", dtype="<i4").reshape(
            -1, assembly.layout.neurons
        )
        names = [*calcium.RECORDED, *circuit.RECORDED]
        rows = np.fromfile(folder / "snapshots.f64", dtype="<f8").reshape(-1, len(names), cells)
        found = SpikingWindow(
            settled=self._state(folder / "settled.f64"),
            last=self._state(folder / "state.f64"),
            counts=counts[counted:].sum(axis=0),
            counted=(self.steps - counted * record) / rate,
            loads=(self.steps - self.settle) / rate,
            force=rows[counted + 1 :, names.index("force")].mean(axis=0),
            duration=self.steps / rate,
        )
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        folder.rmdir()
        return found

    def _state(self, path: Path) -> CircuitState:
        values = np.fromfile(path, dtype="<f8")
        found: dict[str, dict[str, Array]] = {"neurons": {}, "cells": {}}
        place = 0
        for group, name, size in self.build.state:
            found[group][name] = values[place : place + size]
            place += size
        return CircuitState(found["neurons"], found["cells"])


def _interval(steps: int, settle: int) -> int:
    """Return an interval of records that the settling is a multiple of, if that is not too short."""
    interval = gcd(steps, settle)
    while interval > steps // 4 and interval % 2 == 0:
        interval //= 2
    return interval if interval * _RECORDS >= steps else max(1, steps // 4)
