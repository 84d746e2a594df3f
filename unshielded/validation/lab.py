"""The laboratory: cells to measure on, and cultures and circuits to run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from unshielded import calcium, circuit
from unshielded.arrays import Array
from unshielded.assemble import assemble
from unshielded.circuit.populations import POPULATIONS, TYPICAL
from unshielded.config import Experiment, load
from unshielded.model import digest
from unshielded.preparations import DEFAULT
from unshielded.running.kept import OtherModel
from unshielded.running.run import RunOutcome, run
from unshielded.single_cell import Cell, SingleCellRun, cell, solve
from unshielded.single_cell.solve import TOLERANCE

if TYPE_CHECKING:
    from threading import Event

#: The experiments that the targets run, beside their measurements.
PROTOCOLS = Path(__file__).parent / "protocols"

#: Isolated cells without treatment, from which lone cells are drawn.
ISOLATED = "isolated_cells.yaml"


@dataclass(frozen=True)
class Lab:
    """Where results go, what ends the work, and in which preparation it is done.

    Attributes
    ----------
    out
        Parent of the runs; a run that is there is not repeated.
    cancel
        Set it to end running programs. Lone cells do not see it: each takes a moment.
    preparation
        Of every run and cell: that of the target at hand.
    """

    out: Path
    cancel: Event | None = field(default=None, compare=False)
    preparation: str = DEFAULT

    def load(self, config: str, seed: int, overrides: Sequence[str] = ()) -> Experiment:
        """Load a config of the protocols, in the preparation at hand.

        Parameters
        ----------
        config
            Its name in the folder of the protocols.

        Raises
        ------
        ConfigError
            As :func:`unshielded.config.load`.
        """
        return load(place(config), [f"preparation={self.preparation}", *overrides], seed)

    def run(self, config: str, seed: int, overrides: Sequence[str] = ()) -> RunOutcome:
        """Run a config with a seed; reuse its result if it exists.

        Where one of another model lies, the result is in a folder of this model beside it.

        Parameters
        ----------
        config
            Its name in the folder of the protocols.

        Raises
        ------
        ConfigError, SimulationError, StoreError
            As ``unshielded run``.
        """
        experiment = self.load(config, seed, overrides)
        try:
            return run(experiment, self.out, cancel=self.cancel)
        except OtherModel:
            return run(experiment, self.out / f"model_{digest()}", cancel=self.cancel)

    def cell(
        self,
        population: str,
        values: Mapping[str, float] | None = None,
        held: Sequence[str] = (),
        outputs: Sequence[str] = (),
    ) -> Cell:
        """Return a resting cell, as :func:`unshielded.single_cell.cell`."""
        return cell(population, values, held, outputs, self.preparation)

    def cells(self, population: str, seed: int, count: int = 8) -> list[dict[str, float]]:
        """Draw cells of a population as a culture of that seed would hold them.

        Returns
        -------
        list of dict
            For each cell, the parameters in which cells of one population differ, in SI; made for
            the argument ``values`` of :meth:`cell`.
        """
        config = self.load(ISOLATED, seed, [f"culture={{{population}: {count}}}"]).config
        drawn = assemble(config, seed)
        part = drawn.layout[population]
        by_size = POPULATIONS[population].gradients
        varied = [
            (name, values)
            for parameters, values_of in ((circuit.PARAMETERS, drawn.neurons),
                                          (calcium.PARAMETERS, drawn.cells))
            for name, parameter in parameters.items()
            if parameter.per_cell and (parameter.spread or name in by_size)
            for values in [np.asarray(values_of[name])]
        ]  # fmt: skip
        return [
            {name: float(values[k]) for name, values in varied}
            for k in range(part.start, part.stop)
        ]


def place(config: str) -> Path:
    """Return where a config of the protocols is, such as ``ward_2000.yaml``."""
    return PROTOCOLS / config


def spikes(times: Iterable[float], width: float = 1e-3) -> list[tuple[float, Mapping[str, float]]]:
    """Return the changes that make a lone cell fire at given times: one pulse a spike."""
    return [
        change
        for time in times
        for change in (
            (time, {"imposed_firing_rate": 1 / width}),
            (time + width, {"imposed_firing_rate": 0.0}),
        )
    ]


def per_spike(lab: Lab, drawn: Mapping[str, float], total: float) -> float:
    """Return the charge (C) with which a spike lets in so much total calcium per cytosol (mM)."""
    return 2 * lab.cell(TYPICAL).values["faraday"] * drawn["cytosolic_volume"] * total


def settle(subject: Cell, duration: float, tolerance: float = TOLERANCE) -> list[float]:
    """Return the state of a cell after some time under its conditions."""
    state: list[float] = solve(subject, duration, tolerance=tolerance).last.tolist()
    return state


def follow(course: SingleCellRun, name: str) -> Array:
    """Return a named line, which is not a state, at every sample of a course."""
    return np.array([course.cell.outputs((name,), y)[0] for y in course.states.T.tolist()])
