"""One run: compute it, and read its result when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import TYPE_CHECKING, Any

from unshielded.api.experiments import Loadable, load
from unshielded.interrupt import Stop, interruptible
from unshielded.progress.reporter import Reporter, watching
from unshielded.store.format.layout import RESULTS_FILE
from unshielded.store.reading.read import open_run

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

    from unshielded.config import Experiment
    from unshielded.running.run import RunOutcome

RUNS = "runs"


def run(
    experiment: Loadable,
    out: str | os.PathLike[str] = RUNS,
    *,
    force: bool = False,
    progress: bool | None = None,
) -> RunResult:
    """Run one experiment; reuse the result if it exists. A sweep in the config is ignored.

    Parameters
    ----------
    experiment
        What `load` returned, or what it takes.
    out
        Folder for results: they are written to ``<out>/<name>/<id>/``.
    force
        Whether to compute again even if the result exists.
    progress
        Whether to show how far the run is. If None, on a terminal and in a notebook.

    Raises
    ------
    ConfigError, SimulationError, StoreError
        If the config is wrong, the run fails, or its files cannot be written.
    """
    single = load(experiment)
    with (
        watching([""], [single.config.duration], progress) as report,
        stopping() as cancel,
    ):
        return RunResult(compute(single, Path(out), report, cancel, force).results)


def compute(
    experiment: Experiment, out: Path, report: Reporter, cancel: Event, force: bool
) -> RunOutcome:
    """Compute one run, or find it done; tell how far it is."""
    from unshielded.running.run import run as simulate

    def progress(phase: str, simulated: float, alive: int) -> None:
        report.advance(0, phase, simulated, alive)

    outcome = simulate(experiment, out, progress, cancel, force)
    report.finish(0, "")
    return outcome


@contextmanager
def stopping() -> Iterator[Event]:
    """Give an event that Ctrl-C sets, or the stop button of a notebook; then `KeyboardInterrupt`."""
    if current_thread() is not main_thread():  # signals are not for others
        yield Event()
        return
    try:
        with interruptible(heeds=True) as guard:
            yield guard.cancel
    except Stop as stop:
        raise KeyboardInterrupt from stop


@dataclass(frozen=True)
class RunResult:
    """The result of a run. Values are read from the disk when they are asked for.

    Attributes
    ----------
    path
        The ``results.h5``; beside it are the complete config and the BibTeX of its sources.
    """

    path: Path

    @cached_property
    def _about(self) -> dict[str, Any]:
        with open_run(self.path) as result:
            return {
                "id": result.id,
                "name": result.name,
                "seed": result.seed,
                "duration": result.duration,
                "populations": tuple(p.name for p in result.populations if p.size),
                "provenance": result.provenance(),
            }

    def __repr__(self) -> str:
        return f"<RunResult {self.name!r}, seed {self.seed}: {self.duration:g} s, {self.path}>"

    @property
    def id(self) -> str:
        """Identity of the run: the same for the same settings and seed."""
        return str(self._about["id"])

    @property
    def name(self) -> str:
        """Name of the experiment."""
        return str(self._about["name"])

    @property
    def seed(self) -> int:
        """Root of all random numbers."""
        return int(self._about["seed"])

    @property
    def duration(self) -> float:
        """Biological time, s."""
        return float(self._about["duration"])

    @property
    def populations(self) -> tuple[str, ...]:
        """Names of the populations that have neurons."""
        found: tuple[str, ...] = self._about["populations"]
        return found

    @property
    def provenance(self) -> dict[str, Any]:
        """What ran: versions, model, compiler, machine."""
        return dict(self._about["provenance"])

    @property
    def experiment(self) -> Experiment:
        """The experiment, complete, as it was run."""
        return load(self.path.with_name("config.yaml"))

    @cached_property
    def citations(self) -> str:
        """BibTeX of the sources that the run used."""
        with open_run(self.path) as result:
            return result.text("citations")

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row per population: how many died or were lost, rates, times to death.

        Units are in the names of the columns and in ``attrs["units"]``.
        """
        from unshielded.api.tables import frame
        from unshielded.results.summary import OUTCOMES, summarise

        found = summarise(self.path)["populations"]
        rows = [
            {"population": name, **{key: values[key] for key in OUTCOMES}}
            for name, values in found.items()
            if values["n"]
        ]
        return frame(rows).set_index("population")

    @cached_property
    def fate(self) -> pd.DataFrame:
        """One row per cell that can die: whether it lives, when it died, and of what.

        Units are in ``attrs["units"]``.
        """
        from unshielded.store.reading.lazy import dataset

        found = dataset(self.path, ("fate",))
        made = found.to_dataframe()
        made.attrs["units"] = {
            str(name): value.attrs["units"]
            for name, value in found.variables.items()
            if value.attrs.get("units", "1") != "1"
        }
        for name in ("alive", "lost", "doomed"):
            if name in made:
                made[name] = made[name].astype(bool)
        return made

    def __getitem__(self, population: str) -> xr.Dataset:
        """Return every variable of a population over time, with units.

        Means, 5th and 95th percentiles of the living neurons; rates, and who is alive.
        """
        self._known(population)
        return self.group(f"populations/{population}")

    def traces(self, population: str) -> xr.Dataset:
        """Return the slow variables of the traced neurons of a population, over time and neuron."""
        self._known(population)
        return self.group(f"traces/{population}")

    def group(self, place: str) -> xr.Dataset:
        """Return any group of the result, such as ``membrane`` or ``ledger/motor_fr``."""
        from unshielded.store.reading.lazy import dataset

        return dataset(self.path, tuple(place.strip("/").split("/")))

    def spikes(self, population: str) -> pd.DataFrame:
        """Return the spikes of a population: time (s) and number of the neuron in it."""
        import pandas as pd

        self._known(population)
        with open_run(self.path) as result:
            time, neuron = result.spikes(population)
        made = pd.DataFrame({"time": time, "neuron": neuron})
        made.attrs["units"] = {"time": "s"}
        return made

    def survival(self, population: str) -> pd.DataFrame:
        """Return the fraction of a population's cells alive over time (Kaplan–Meier, 95 %)."""
        from unshielded.api.tables import frame
        from unshielded.api.tables import survival as estimated

        self._known(population)
        return frame(estimated([self.path], population), units={"time": "s"})

    def plot(self) -> list[Axes]:
        """Draw the run: spikes, rates, calcium, mitochondria, energy and survivors.

        Of a lifespan: strength, living cells, margins and slow states over age.
        """
        from unshielded.api.figures import shown
        from unshielded.plot.lifespan import draw_lifespan
        from unshielded.plot.run import draw_run

        with open_run(self.path) as result:
            draw = draw_lifespan if result.has("lifespan") else draw_run
        return shown(lambda: draw(self.path))

    def plot_membrane(self) -> list[Axes]:
        """Draw the membrane potentials, if the config records them (``record.membrane``)."""
        from unshielded.api.figures import shown
        from unshielded.plot.membrane import draw_membrane

        return shown(lambda: draw_membrane(self.path))

    def plot_activity(self, start: float = 0.0, stop: float | None = None) -> list[Axes]:
        """Draw the spikes in a window (s): rates, irregularity, rhythm."""
        from unshielded.api.figures import shown
        from unshielded.plot.activity import draw_activity

        return shown(lambda: draw_activity(self.path, start, stop))

    def plot_survival(self) -> list[Axes]:
        """Draw the survival of every class of cells that can die."""
        from unshielded.api.figures import shown
        from unshielded.plot.survival import draw_survival, start_age
        from unshielded.results.survival import lifetimes, mortal

        found = {name: lifetimes([self.path], name) for name in mortal([self.path])}
        return shown(lambda: draw_survival(found, self.name, 1, start_age(self.path)))

    def _known(self, population: str) -> None:
        with open_run(self.path) as result:
            result.population(population)


def at(place: Path) -> RunResult:
    """Return the run of a folder or of a ``results.h5``, after checking that it is whole.

    Raises
    ------
    StoreError
        If there is none, or it is damaged.
    """
    found = RunResult(place / RESULTS_FILE if place.is_dir() else place)
    found.id  # noqa: B018  reads, and so checks, the file
    return found
