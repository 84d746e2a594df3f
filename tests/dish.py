"""A small culture through the compiled engine: one program serves every test of the bath."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.physics.engine import NO_TRACE, tiny
from unshielded import calcium, circuit
from unshielded.assemble import Assembly, Event
from unshielded.engine.build import build
from unshielded.engine.program import Job, execute

DISH = Path(__file__).with_name("dish.yaml")

AGENTS = (*circuit.AGENTS, *calcium.AGENTS)


def dish(overrides: Iterable[str] = (), events: Iterable[Event] | None = None) -> Assembly:
    """Assemble the culture, with the bath of its config or with these events."""
    assembly = tiny(overrides, config=DISH)
    return assembly if events is None else replace(assembly, schedule=tuple(events))


def concentrations(
    assembly: Assembly, folder: Path, seconds: float, every: float
) -> NDArray[np.float64]:
    """Run a culture in an empty folder; return the bath in SI, [snapshot, agent of `AGENTS`]."""
    rate = assembly.fast_steps_per_second
    job = Job(round(seconds * rate), round(every * rate), True, NO_TRACE)
    execute(build(assembly), assembly, job, folder)
    return np.fromfile(folder / "bath.f64", "<f8").reshape(-1, len(AGENTS))
