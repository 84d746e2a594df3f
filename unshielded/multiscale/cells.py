"""The cells of a lifespan: their states, parameters and dead, whatever clock moves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from unshielded import degeneration
from unshielded.arrays import Array, Integers, Mask
from unshielded.assemble import Assembly
from unshielded.model import cell_models
from unshielded.multiscale import tissue
from unshielded.multiscale.conditions import Conditions
from unshielded.multiscale.pools import HOLDING, MotorPool, orphans
from unshielded.multiscale.system import (
    AGE,
    CONSTANT,
    DEATHS,
    LOADS,
    ORPHANS,
    system,
)
from unshielded.multiscale.window import COUNTED, SpikingWindow
from unshielded.numerics.batched import System, arguments
from unshielded.numerics.rosenbrock import Trajectory, integrate

#: State size below which its absolute error is that of this size.
_SMALL = 1e-2
NONE, NECROSIS, APOPTOSIS = 0, 1, 2


@dataclass
class Cells:
    """All cells that carry calcium.

    Attributes
    ----------
    model
        Their equations between windows.
    own
        Parameter → value of each cell, of the config: engine's and slow ones, SI.
    y
        States in the order of the model, shape (states, cells).
    alive, lost
        Whether each is alive, and whether it is lost from the circuit now.
    died, mode, opened
        Time of death in s and its mode; time at which half the pores were open. NaN, 0, NaN before.
    totals
        Running totals since the start, by name.
    extremes
        ``peak_calcium`` and ``minimum_atp``.
    muscles
        Of the circuit.
    tissue_y
        The tissue's states.
    scale
        Size of each state.
    """

    model: System
    own: dict[str, float | Array]
    y: Array
    alive: Mask
    lost: Mask
    died: Array
    mode: Integers
    opened: Array
    totals: dict[str, Array]
    extremes: dict[str, Array]
    muscles: tuple[MotorPool, ...]
    tissue_y: Array
    scale: Array
    use_at_start: float = 0.0

    @classmethod
    def begin(
        cls,
        assembly: Assembly,
        parameters: Mapping[str, float | Array],
        starts: Mapping[str, Array],
        muscles: tuple[MotorPool, ...],
        age: float,
    ) -> Cells:
        """Return the cells at the start: at rest, slow states of healthy young ones."""
        model, count = system(), assembly.layout.cells
        own: dict[str, float | Array] = {}
        for name, value in {**assembly.cells, **parameters}.items():
            own[name] = float(value) if np.ndim(value) == 0 else np.asarray(value, float)
        y = np.zeros((len(model.states), count))
        for place, name in enumerate(model.states):
            if name == AGE:
                y[place] = age
            elif name in starts:
                y[place] = starts[name]
            elif name in assembly.cells:
                y[place] = assembly.cells[name]
        shared = tissue.tissue()
        tissue_y = np.array([[age if s == AGE else float(starts[s][0])] for s in shared.states])
        size = np.abs(y).max(axis=1, initial=0.0)
        return cls(
            model=model,
            own=own,
            y=y,
            alive=np.ones(count, bool),
            lost=np.zeros(count, bool),
            died=np.full(count, np.nan),
            mode=np.zeros(count, np.int64),
            opened=np.full(count, np.nan),
            totals={name: np.zeros(count) for name in COUNTED},
            extremes={
                "peak_calcium": np.zeros(count),
                "minimum_atp": np.array(np.broadcast_to(assembly.cells["minimum_atp"], count)),
            },
            muscles=muscles,
            tissue_y=tissue_y,
            scale=np.where(size > 0, size, _SMALL),
        )

    @property
    def there(self) -> Mask:
        """Whether a cell is alive and not lost from the circuit."""
        mask: Mask = self.alive & ~self.lost
        return mask

    @property
    def atp_use(self) -> float:
        """Mean use of ATP of the cells that are there; 0 of none."""
        there = self.there
        return float(self.row("mean_atp_use")[there].mean()) if there.any() else 0.0

    def row(self, state: str) -> Array:
        """One state of all cells."""
        values: Array = self.y[self.model.states.index(state)]
        return values

    def values(
        self, now: Conditions, shared: Mapping[str, float], loads: Mapping[str, Array]
    ) -> dict[str, float | Array]:
        """Return all that the model takes, at an age and under loads.

        Parameters
        ----------
        shared
            Lines of the tissue, with ``factor_<parameter>``.
        """
        values: dict[str, float | Array] = {**self.own, **CONSTANT}
        values |= now.baths["cells"]
        for name in values:
            factor = now.factors.get(name, 1.0) * shared.get(f"factor_{name}", 1.0)
            if factor != 1.0:
                values[name] = values[name] * factor
        for name in dict.fromkeys([*degeneration.FACTORS, *degeneration.ADDED]):
            if name in values:
                values[f"own_{name}"] = values[name]
        none = np.zeros(len(self.alive))
        return {**values, "orphan_source": none, "orphan_adoption": none, **loads}

    def lines(self, values: Mapping[str, float | Array]) -> dict[str, Array]:
        """Named lines of all cells as they are."""
        found = self.model.lines(self.y, arguments(self.model, values, slice(None)))
        return {name: np.broadcast_to(v, len(self.alive)) for name, v in found.items()}

    def take(self, window: SpikingWindow, time: float) -> None:
        """Take over what a window that began at `time` has done to the cells."""
        cells = window.last.cells
        for place, name in enumerate(self.model.states):
            if name in cells:
                self.y[place] = np.where(self.alive, cells[name], self.y[place])
        for name, total in self.totals.items():
            total += np.where(self.alive, cells[name], 0.0)
        for name in self.extremes:
            self.extremes[name] = np.where(self.alive, cells[name], self.extremes[name])
        opened = np.isnan(self.opened) & (cells["time_of_pore_opening"] >= 0)
        self.opened[opened] = time + cells["time_of_pore_opening"][opened]
        died = self.alive & (cells["alive"] < 0.5)
        self.died[died] = time + cells["time_of_death"][died]
        self.mode[died] = np.rint(cells["death_mode"][died]).astype(np.int64)
        self.alive &= ~died

    def settle_means(self, values: Mapping[str, float | Array]) -> None:
        """Let the running means that slow states are told start at what they are means of."""
        lines = self.lines(values)
        for name, line in LOADS.items():
            if name in self.model.states:
                source = lines.get(line)
                self.y[self.model.states.index(name)] = self.row(line) if source is None else source

    def share_fibres(self, values: dict[str, float | Array]) -> None:
        """Count the orphan fibres of each muscle, and put their course into `values`."""
        if ORPHANS not in self.model.states:
            return
        place = self.model.states.index(ORPHANS)
        self.y[place] = 0.0
        held = sum((self.row(name) for name in HOLDING), np.zeros(len(self.alive)))
        rows = [self.model.states.index(name) for name in HOLDING]
        source, adoption = np.zeros(len(self.alive)), np.zeros(len(self.alive))
        without = self._rates(values)[rows].sum(axis=0)
        for muscle in self.muscles:
            share = orphans(muscle, held, self.there, without, without)[0]
            self.y[place, muscle.cells] = share
        present = self._rates(values)[rows].sum(axis=0)
        for muscle in self.muscles:
            _, given, taken = orphans(muscle, held, self.there, present, without)
            source[muscle.cells], adoption[muscle.cells] = given, taken
        values |= {"orphan_source": source, "orphan_adoption": adoption}

    def drift(self, values: Mapping[str, float | Array], span: float) -> None:
        """Move the slow states alone through a window, by Euler: nothing in them is that fast."""
        moved = [i for i, name in enumerate(self.model.states) if name not in calcium_states()]
        rates = self._rates(values)
        self.y[moved] += np.where(self.alive, span * rates[moved], 0.0)

    def relax(
        self, values: Mapping[str, float | Array], span: float, tolerance: float
    ) -> tuple[Trajectory, Integers]:
        """Integrate the living over a time, and change nothing: see :meth:`accept`."""
        living = np.flatnonzero(self.alive)
        some = {k: v if np.ndim(v) == 0 else np.asarray(v)[living] for k, v in values.items()}
        course = integrate(
            self.model,
            self.y[:, living],
            some,
            span,
            tolerance=tolerance,
            scale=self.scale,
            fatal=DEATHS,
        )
        return course, living

    def accept(self, course: Trajectory, living: Integers, time: float) -> None:
        """Take over the outcome of the living cells from `time` on."""
        self.y[:, living] = course.y
        for place, name in enumerate(self.model.integrals):
            if name in self.totals:
                self.totals[name][living] += course.z[place]
        atp = self.row("atp")[living]
        self.extremes["minimum_atp"][living] = np.minimum(self.extremes["minimum_atp"][living], atp)
        self.extremes["peak_calcium"][living] = np.maximum(
            self.extremes["peak_calcium"][living], self.row("calcium")[living]
        )
        ended = time + course.time
        open_now = (self.row("pore_open")[living] > 0.5) & np.isnan(self.opened[living])
        self.opened[living[open_now]] = ended[open_now]
        dead = course.fatal >= 0
        self.died[living[dead]] = ended[dead]
        self.mode[living[dead]] = course.fatal[dead] + 1
        self.alive[living[dead]] = False

    def _rates(self, values: Mapping[str, float | Array]) -> Array:
        with np.errstate(all="ignore"):
            return self.model.function(self.y, arguments(self.model, values, slice(None)))


@cache
def calcium_states() -> frozenset[str]:
    """States that a window moves itself."""
    return frozenset(cell_models()[1].rates)
