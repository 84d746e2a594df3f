"""The tiny circuit through the compiled engine, and its raw output as arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from tests.tiny import TINY
from unshielded import calcium, circuit
from unshielded.arrays import Array, Integers
from unshielded.assemble import Assembly, assemble
from unshielded.config import load
from unshielded.engine.build import Build, build
from unshielded.engine.program import Job, TraceSelection, execute

NO_TRACE = TraceSelection((), 0, 0, 1)

#: Overrides under which a spike is the only way in for calcium.
ONLY_SPIKES_LET_CALCIUM_IN = (
    "parameters.nmda_calcium_fraction=0",
    "parameters.ampa_calcium_fraction=0",
    "parameters.permeable_ampa_calcium_fraction=0",
    "parameters.calcium_channel_conductance=0 nS",
)


@dataclass(frozen=True)
class Record:
    """What a run left: SI, cells in columns."""

    assembly: Assembly
    states: Mapping[str, Array]  # name → [snapshot, cell], the last one is the end
    counts: NDArray[np.int32]  # [interval, neuron]
    spike_ticks: Integers
    spike_neurons: NDArray[np.int32]
    potential: Array  # [sample, traced neuron]
    last: Mapping[str, Array]  # every state of a cell at the end, recorded or not

    def change(self, name: str) -> Array:
        """End minus start, per cell."""
        return self.states[name][-1] - self.states[name][0]

    def cell(self, name: str) -> Array:
        """A parameter, one value per cell."""
        return np.broadcast_to(np.asarray(self.assembly.cells[name], float), self.cells)

    @property
    def cells(self) -> int:
        return self.assembly.layout.cells


def tiny(overrides: Iterable[str] = (), seed: int = 1, config: Path = TINY) -> Assembly:
    """Assemble the tiny circuit."""
    return assemble(load(config, list(overrides), seed).config, seed)


def edited(
    assembly: Assembly,
    cells: Mapping[str, object] | None = None,
    neurons: Mapping[str, object] | None = None,
) -> Assembly:
    """An assembly with other start values or parameters, which no config can set."""
    return replace(
        assembly,
        cells={
            **assembly.cells,
            **{k: _full(v, assembly.layout.cells) for k, v in (cells or {}).items()},
        },
        neurons={
            **assembly.neurons,
            **{k: _full(v, assembly.layout.neurons) for k, v in (neurons or {}).items()},
        },
    )


def _full(value: object, size: int) -> Array:
    return np.ascontiguousarray(np.broadcast_to(np.asarray(value, float), size))


def simulate(
    assembly: Assembly,
    seconds: float,
    interval: float | None = None,
    membrane: TraceSelection = NO_TRACE,
    alter: Callable[[Job], Job] = lambda job: job,
) -> Record:
    """Run an assembly; needs the fixture ``cache``."""
    rate = assembly.fast_steps_per_second
    steps = round(seconds * rate)
    job = alter(Job(steps, round((interval or seconds) * rate), True, membrane, settled=steps))
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        built = build(assembly)
        execute(built, assembly, job, scratch)
        rows = np.fromfile(scratch / "snapshots.f64")
        names = (*calcium.RECORDED, *circuit.RECORDED)
        rows = rows.reshape(-1, len(names), assembly.layout.cells)
        return Record(
            assembly,
            {name: rows[:, k] for k, name in enumerate(names)},
            np.fromfile(scratch / "counts.i32", "<i4").reshape(-1, assembly.layout.neurons),
            np.fromfile(scratch / "spike_ticks.i64", "<i8"),
            np.fromfile(scratch / "spike_neurons.i32", "<i4"),
            np.fromfile(scratch / "membrane.f64").reshape(-1, max(1, len(membrane.neurons))),
            _last(built, scratch / "state.f64"),
        )


def _last(built: Build, path: Path) -> dict[str, Array]:
    values = np.fromfile(path)
    ends = np.cumsum([size for *_, size in built.state])
    assert len(values) == ends[-1]
    return {
        name: part
        for (group, name, _), part in zip(built.state, np.split(values, ends[:-1]), strict=True)
        if group == "cells"
    }
