"""A lifetime, solved: windows of spikes, cells and slow states in between, and on to the next.

The heterogeneous multiscale method [E2003] in the form of projective integration [Gear2003,
Kevrekidis2003]: the fine model runs for a window, from the state that the last
step has left; what it brings to each cell is measured and held; the cells and all that is slower are then
integrated over a step of the solver's choosing, with an implicit method. Where a step is no longer than
a window, nothing is projected: the same code is then a direct simulation.
"""

from __future__ import annotations

import math
import time as clock
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from unshielded import degeneration
from unshielded.arrays import Array
from unshielded.assemble import Assembly
from unshielded.assemble.slow import slow_values
from unshielded.config import Config
from unshielded.config.sections.solver import Solver
from unshielded.multiscale import tissue
from unshielded.multiscale.cells import Cells
from unshielded.multiscale.changes import changes
from unshielded.multiscale.conditions import Conditions, conditions, edges, next_loss
from unshielded.multiscale.control import next_step, too_many, until_edge
from unshielded.multiscale.history import History
from unshielded.multiscale.loads import Loads, measure
from unshielded.multiscale.pools import limb_dead, muscles, share_dead
from unshielded.multiscale.rows import row, whole
from unshielded.multiscale.window import CircuitState, SpikingWindow, follow, start

Windows = Callable[[Assembly, int], SpikingWindow]
Progress = Callable[[float, int], None]

#: The first step, over the window: what comes is not known yet.
_FIRST_STEP = 15.0
#: Seconds between two windows that are none: rounding of an age.
_LEAST_SPAN = 1e-3
#: A rest of the run shorter than this share of a window is none.
_REST = 1e-6


def solve(
    config: Config,
    assembly: Assembly,
    windows: Windows,
    progress: Progress | None = None,
) -> History:
    """Solve the lifespan of a config.

    Parameters
    ----------
    assembly
        Of the config, for its seed.
    windows
        Runs a window of a number from the start that an assembly says.
    progress
        Called with the seconds of life that are over and the number of living cells.

    Raises
    ------
    MechanismError
        If the cells cannot be followed between windows.
    """
    life = _Life.begin(config, assembly, windows)
    life.warm_up()
    report = progress or (lambda time, alive: None)
    while life.left > _REST * life.window:
        life.step()
        report(life.time, int(life.cells.alive.sum()))
    return life.history


@dataclass
class _Life:
    """The current state of a lifespan."""

    config: Config
    assembly: Assembly
    windows: Windows
    cells: Cells
    loads: Loads
    history: History
    silenced_from: Array
    edges: list[float]
    groups: dict[str, slice]
    time: float = 0.0
    spiked: float = 0.0
    number: int = 0
    state: CircuitState | None = None
    next: float = 0.0
    begun: dict[int, float] = field(default_factory=dict)

    @classmethod
    def begin(cls, config: Config, assembly: Assembly, windows: Windows) -> _Life:
        solver = config.solver
        assert solver is not None
        parameters, starts = slow_values(config, assembly, config.seed)
        layout, cells = assembly.layout, assembly.layout.cells
        twitch = np.asarray(assembly.neurons["twitch_force"], float)
        of = muscles(layout, np.broadcast_to(twitch, layout.neurons)[:cells])
        silenced = np.asarray(assembly.neurons["silenced_from"], float)
        groups = {s.name: slice(s.start, s.stop) for s in layout.slices if s.carries_calcium}
        life = cls(
            config=config,
            assembly=assembly,
            windows=windows,
            cells=Cells.begin(assembly, parameters, starts, of, solver.start_age),
            loads=Loads(solver.memory, groups),
            history=History(),
            silenced_from=silenced,
            edges=edges(config, silenced),
            groups=groups,
            next=min(max(_FIRST_STEP * solver.window, solver.smallest_step), solver.largest_step),
        )
        life.record_start()
        return life

    @property
    def solver(self) -> Solver:
        """The config's section."""
        assert self.config.solver is not None
        return self.config.solver

    @property
    def window(self) -> float:
        return float(self.solver.window)

    @property
    def left(self) -> float:
        """Seconds of life to go."""
        return self.config.duration - self.time

    @property
    def age(self) -> float:
        return float(self.solver.start_age) + self.time

    @property
    def direct(self) -> bool:
        """Whether nothing is projected."""
        return self.solver.largest_step <= self.window

    def warm_up(self) -> None:
        """Run windows at the start until the loads of single cells, and chance, are known."""
        counted = self.window - self.solver.settle
        wanted = 0 if self.direct else math.ceil(self.solver.memory / counted) - 1
        for _ in range(wanted):
            if self.left < 3 * self.window:
                return
            measured = self._window()
            self.loads.note(measured, counted, self.cells.alive)

    def step(self) -> None:
        """One window, and what follows it."""
        earlier = [one["step"] for one in self.history.whole[-1:]]
        measured = self._window()
        counted = self.window - self.solver.settle
        change = self.loads.take(measured, counted, self.cells.alive)
        self._wait()
        span = 0.0
        if not self.direct and self.left > _REST * self.window:
            if earlier and earlier[0] > 0:
                self.next = next_step(
                    earlier[0] + self.window, change, self.solver.tolerance, self.solver.smallest_step,
                    self.solver.largest_step,
                )  # fmt: skip
            span = self._project()
        self.history.whole[-1] |= {"step": span, "load_change": change}

    def _now(self) -> Conditions:
        return conditions(
            self.config, self.assembly.layout, self.silenced_from, self.age, self.begun
        )

    def _tissue_values(self, now: Conditions) -> dict[str, Array | float]:
        cells = self.cells
        cells.lost = now.silenced[: len(cells.alive)]
        values: dict[str, Array | float] = dict(cells.own)
        for name, factor in now.factors.items():
            if name in degeneration.PARAMETERS:
                values[name] = values[name] * factor
        use = cells.atp_use
        units = np.concatenate([m.cells for m in cells.muscles] or [np.zeros(0, np.int64)])
        dead = share_dead(units, cells.alive, cells.lost)
        relative = use / cells.use_at_start if cells.use_at_start else 1.0
        return {**values, tissue.USE: float(relative), tissue.DEAD: float(dead)}

    def _values(self, now: Conditions) -> tuple[dict[str, Array | float], dict[str, float]]:
        """What the cells' model takes now, and the tissue's lines."""
        shared = tissue.lines(self.cells.tissue_y, self._tissue_values(now))
        held = self.loads.held or {name: np.ones(len(self.cells.alive)) for name in _ANY}
        return self.cells.values(now, shared, held), shared

    def _window(self) -> dict[str, Array]:
        """Run one window; return the loads that it shows."""
        began = clock.perf_counter()
        cells, now = self.cells, self._now()
        values, shared = self._values(now)
        if self.number == 0:
            cells.settle_means(values)
        differ = changes(self.assembly, cells, now, shared, cells.lines(values), self.state)
        begin = start(self.assembly, self.state, differ, self.number, self.config.seed, self.spiked)
        window = self.windows(begin, self.number)
        self.history.seconds["windows"] += clock.perf_counter() - began
        cells.take(window, self.time)
        measured = measure(window, cells.model, values, cells.y)
        values |= {**measured}
        if self.number == 0:
            cells.settle_means(values)
            cells.use_at_start = cells.atp_use
        cells.share_fibres(values)
        cells.drift(values, window.duration)
        cells.tissue_y = tissue.advance(
            cells.tissue_y, self._tissue_values(now), window.duration, self.solver.accuracy
        )
        first = self.time + window.duration - window.counted
        self.time += window.duration
        self.spiked += window.duration
        self.number += 1
        self.state = follow(window.last, window.duration)
        self.history.counted.append((first, self.time))
        history = self.history
        history.counts.append(window.counts)
        history.lost.append(now.silenced)
        found = row(cells, values, measured, window, self.assembly)
        history.add(self.time, found, len(cells.alive))
        history.whole.append(
            {
                "step": 0.0,
                "load_change": 0.0,
                tissue.USE: float(self._tissue_values(now)[tissue.USE]),
                **whole(cells, shared, cells.lines(values), window),
            }
        )
        return measured

    def _project(self) -> float:
        """Integrate cells and slow states to the next window; return the time from this one."""
        began = clock.perf_counter()
        cells, solver, window = self.cells, self.solver, self.window
        # the last window ends with the run
        step = min(self.next, self.left + window)
        step = until_edge(self.age - window, step, self.edges)
        lost = next_loss(self.assembly.layout, self.silenced_from, self.age, solver.deaths)
        step = max(min(step, lost - self.age + window), solver.smallest_step, window)
        span = min(step - window, self.left - window)
        if span <= _LEAST_SPAN:
            return 0.0
        now = self._now()
        before = self._tissue_values(now)
        values, shared = self._values(now)
        ahead = tissue.advance(cells.tissue_y, before, span, solver.accuracy)
        later = tissue.lines(ahead, before)
        middle = {name: (shared[name] + later[name]) / 2 for name in shared}
        values = cells.values(now, middle, self.loads.held)
        cells.share_fibres(values)
        course, living = cells.relax(values, span, solver.accuracy)
        died = np.full(len(cells.alive), np.inf)
        died[living] = np.where(course.fatal >= 0, course.time, np.inf)
        sizes = {name: part.stop - part.start for name, part in self.groups.items()}
        end = too_many(died, self.groups, sizes, solver.deaths, solver.smallest_step)
        if end is not None and end < span:
            span = end
            course, living = cells.relax(values, span, solver.accuracy)
            ahead = tissue.advance(cells.tissue_y, before, span, solver.accuracy)
        cells.accept(course, living, self.time)
        cells.tissue_y = ahead
        self.time += span
        self.next = min(self.next, span + window) if end is not None else self.next
        self.history.steps += course.steps
        self.history.seconds["between"] += clock.perf_counter() - began
        return span

    def _wait(self) -> None:
        """Let therapies begin that wait for a share of the limb's motor neurons to be dead."""
        share = limb_dead(self.cells.muscles, self.cells.alive, self.cells.lost)
        for place, therapy in enumerate(self.config.therapies):
            after = therapy.course.after
            if after is not None and share >= after.lost:
                self.begun.setdefault(place, self.age)

    def record_start(self) -> None:
        """The row of time 0."""
        cells = self.cells
        zero = np.zeros(len(cells.alive))
        rest = np.asarray(self.assembly.neurons["resting_potential"], float)
        measured = dict.fromkeys(_ANY, zero) | {"burst_gain": zero + 1.0}
        measured["membrane_potential"] = np.broadcast_to(rest, self.assembly.layout.neurons)[
            : len(cells.alive)
        ]
        measured["mean_sodium_drive"] = zero + 0.1
        self.loads.held = dict(measured)
        values, _ = self._values(self._now())
        cells.settle_means(values)
        self.history.add(0.0, row(cells, values, measured, None, self.assembly), len(cells.alive))
        self.loads.held = {}


#: Loads of any cell, for a start at which none is known.
_ANY = (
    "calcium_entry", "firing_rate", "release_rate", "spike_sodium_entry", "membrane_potential",
    "mean_leak_sodium_entry", "mean_synaptic_sodium_entry", "mean_sodium_drive", "burst_gain",
)  # fmt: skip
