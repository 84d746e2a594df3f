"""Many runs of one experiment: compute them, and read them as one dataset."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from unshielded.api.experiments import Loadable, load
from unshielded.api.runs import RUNS, RunResult
from unshielded.processes import cores
from unshielded.progress.reporter import Reporter, watching
from unshielded.store.format.files import NoSuchEntry, StoreError
from unshielded.store.format.layout import RESULTS_FILE
from unshielded.sweeps import (
    Executor,
    PointResult,
    SweepPlan,
    carry_out,
    keep_others,
    occupied,
    plan,
)
from unshielded.sweeps.labels import label

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

    from unshielded.api.grid import Grid
    from unshielded.config import Experiment


def sweep(
    experiment: Loadable,
    grid: Mapping[str, Sequence[Any]] | None = None,
    seeds: int | Sequence[int] | None = None,
    *,
    out: str | os.PathLike[str] = RUNS,
    jobs: int | None = None,
    force: bool = False,
    fail_fast: bool = False,
    progress: bool | None = None,
) -> SweepResult:
    """Run an experiment over settings and seeds; reuse runs whose results exist.

    Parameters
    ----------
    experiment
        What `load` returned, or what it takes.
    grid
        Setting → its values; every combination is run. In place of the config's own sweep.
    seeds
        How many, from 1 on, or which. Without it the config's own.
    out
        Folder for results: they are written to ``<out>/<name>/``.
    jobs
        How many runs are computed at the same time; all cores if not given.
    force
        Whether to compute runs again even if their results exist.
    fail_fast
        Whether to stop at the first run that fails.
    progress
        Whether to show how far the runs are. If None, on a terminal and in a notebook.

    Returns
    -------
    SweepResult
        Its tables and figures lie in the folder too. A warning says how many runs failed, and
        ``points`` why.

    Raises
    ------
    ConfigError, StoreError
        If the config is wrong, or files cannot be written.
    """
    varied = load(experiment, laid_out(experiment, grid, seeds))
    planned, _, _ = computed(varied, Path(out), jobs, force, fail_fast, progress)
    return SweepResult(planned.folder, planned)


def laid_out(
    experiment: Loadable,
    grid: Mapping[str, Sequence[Any]] | None,
    seeds: int | Sequence[int] | None,
) -> dict[str, Any]:
    """Return what is set on an experiment so that it is swept."""
    changes: dict[str, Any] = {}
    if grid is not None:
        own = load(experiment).config.sweep
        kept = list(own.seeds) if own is not None and own.seeds else None
        changes["sweep"] = None
        changes["sweep.grid"] = {path: list(values) for path, values in grid.items()}
        seeds = kept if seeds is None else seeds
    if seeds is not None:
        changes["sweep.seeds"] = (
            list(range(1, seeds + 1)) if isinstance(seeds, int) else list(seeds)
        )
    return changes


def computed(
    experiment: Experiment,
    out: Path,
    jobs: int | None,
    force: bool,
    fail_fast: bool,
    progress: bool | None,
) -> tuple[SweepPlan, list[PointResult], list[Path]]:
    """Compute all runs of an experiment in processes on this machine."""
    from unshielded.sweeps.local import Local

    with occupied(out / experiment.config.name):
        if not force:
            keep_others(SweepPlan(experiment, out.absolute()))
        planned = plan(experiment, out)
        workers = min(jobs or cores(), len(planned))
        check(planned, force)
        with watching(labels(planned), planned.durations, progress) as report:
            executor = Local(planned.folder, workers, force)
            points, tables = carry_through(planned, executor, report, fail_fast)
    if failed := [point for point in points if point.outcome is None]:
        first = failed[0]
        warnings.warn(
            f"{len(failed)} of {len(planned)} runs failed; "
            f"{label(first.values, first.seed)}: {first.error}",
            stacklevel=3,
        )
    return planned, points, tables


def check(plan: SweepPlan, force: bool) -> None:
    """Refuse, before anything is started, what cannot be computed or would replace others' results.

    Raises
    ------
    OtherModel
        If results of another model are there, and `force` is not given.
    NotFinite
        If a point's cells have no start.
    """
    from unshielded.running.start import check_starts

    if not force:
        keep_others(plan)
    check_starts(plan.point(number).config for number in range(len(plan)))


def carry_through(
    plan: SweepPlan, executor: Executor, report: Reporter, fail_fast: bool
) -> tuple[list[PointResult], list[Path]]:
    """Compute all points of a plan; return those that ended, and the tables of a whole sweep."""
    from unshielded.sweeps.tables import write_tables

    found: dict[int, PointResult] = {}
    running = carry_out(plan, executor, report.advance, keep_going=not fail_fast)
    with closing(running):
        for place, point in running:
            found[place] = point
            report.finish(place, point.error)
    points = [found[place] for place in sorted(found)]
    # a sweep that ended early leaves the tables of an earlier one, which may hold more
    return points, write_tables(plan, points) if len(points) == len(plan) else []


def labels(plan: SweepPlan) -> list[str]:
    """Name every point."""
    return [label(values, seed) for values, seed in plan.listing]


@dataclass(frozen=True)
class SweepResult:
    """The runs of a sweep. Values are read from the disk when they are asked for.

    Attributes
    ----------
    path
        The folder of the sweep.
    plan
        What there is to compute.
    """

    path: Path
    plan: SweepPlan = field(repr=False)

    def __repr__(self) -> str:
        done = sum(result is not None for result in self._results)
        return f"<SweepResult {self.experiment.config.name!r}: {done} of {len(self)} runs done, {self.path}>"

    @property
    def experiment(self) -> Experiment:
        """The experiment with its sweep."""
        return self.plan.experiment

    def __len__(self) -> int:
        """Return how many runs there are, done or not."""
        return len(self.plan)

    @cached_property
    def _results(self) -> list[Path | None]:
        """The result of every run, of whatever model; None of one that is not there."""
        places = [self.plan.run_folder(number) / RESULTS_FILE for number in range(len(self))]
        return [place if place.is_file() else None for place in places]

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        """Outcomes of the runs that are there, as the command prints them."""
        from unshielded.results.summary import OUTCOMES, summarise

        rows = []
        for (values, seed), result in zip(self.plan.listing, self._results, strict=True):
            if result is not None:
                found = summarise(result)
                outcomes = {
                    name: {key: each[key] for key in OUTCOMES}
                    for name, each in found["populations"].items()
                }
                about = {"point": values, "seed": seed, "id": found["id"]}
                rows.append({**about, "populations": outcomes})
        return rows

    @property
    def points(self) -> pd.DataFrame:
        """One row per run: settings, seed, identity, whether it is done, and why it failed."""
        from unshielded.api.tables import frame
        from unshielded.sweeps import states

        rows = [
            {
                **values,
                "seed": seed,
                "id": self.plan.run_folder(number).name,
                "state": found.stage.value,
                "error": found.error,
            }
            for number, ((values, seed), found) in enumerate(
                zip(self.plan.listing, states(self.plan), strict=True)
            )
        ]
        return frame(rows)

    @property
    def runs(self) -> list[RunResult]:
        """The runs that are done, in the order of `points`."""
        return [RunResult(result) for result in self._results if result is not None]

    def run(self, number: int) -> RunResult:
        """Return one run by its number in `points`.

        Raises
        ------
        StoreError
            If there is no such run, or it is not done.
        """
        self.plan.point(number)  # whether there is one
        result = self._results[number]
        if result is None:
            raise StoreError(
                f"{self.path}: run {number} is not done; 'unshielded resume {quote(str(self.path))}' computes it"
            )
        return RunResult(result)

    def __getitem__(self, population: str) -> xr.Dataset:
        """Return every variable of a population over the swept settings, seeds and time."""
        return self.group(f"populations/{population}")

    def group(self, place: str) -> xr.Dataset:
        """Return any group of the results, such as ``ledger/motor_fr``, over settings and seeds.

        Settings have the names that they have in a config, values in SI units. Runs that fill no
        grid lie along one axis, ``run``. With a solver each run has times of its own: ``time`` then
        lies over the runs and ``time_number``.
        """
        from unshielded.store.reading.lazy import stacked

        grid = self._grid
        durations = self.plan.durations
        done = [n for n, result in enumerate(self._results) if result is not None]
        if not done:
            raise StoreError(
                f"{self.path}: no run is done; 'unshielded resume {quote(str(self.path))}' computes them"
            )
        longest = self._results[max(done, key=lambda number: durations[number])]
        assert longest is not None
        names = tuple(place.strip("/").split("/"))
        # windows of a lifespan end when something happens, in each run at times of its own
        alike = self.experiment.config.solver is None
        return stacked(grid.paths, names, grid.dims, grid.coords, longest, alike)

    @cached_property
    def _grid(self) -> Grid:
        from unshielded.api.grid import arrange

        return arrange(self.plan.listing, self._results)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row per run and population: settings, seed, deaths, rates, times to death."""
        from unshielded.api.tables import frame
        from unshielded.results.summary import tidy

        return frame(tidy(self._rows))

    @cached_property
    def levels(self) -> pd.DataFrame:
        """One row per point and population: means over seeds with their 95 % intervals."""
        from unshielded.api.tables import frame
        from unshielded.results.summary import dose_response

        return frame(dose_response(self._rows))

    @cached_property
    def fits(self) -> pd.DataFrame:
        """The dose at which half of the cells die, for each setting that has numbers."""
        from unshielded.api.tables import frame
        from unshielded.results.dose_response import fits

        return frame(fits(self._rows))

    def survival(self, population: str) -> pd.DataFrame:
        """Return the fraction alive over time at each point, all seeds together.

        Kaplan–Meier with 95 % intervals. Settings are as they were written; time is in s.
        """
        from unshielded.api.tables import frame
        from unshielded.api.tables import survival as estimated
        from unshielded.store.tables.levels import key

        together: dict[str, tuple[dict[str, Any], list[Path]]] = {}
        for (values, _), result in zip(self.plan.listing, self._results, strict=True):
            if result is not None:
                together.setdefault(key(values), (values, []))[1].append(result)
        rows = [
            {**values, **row}
            for values, results in together.values()
            for row in estimated(results, population)
        ]
        return frame(rows, units={"time": "s"})

    def plot(self) -> list[Axes]:
        """Draw the outcome: over one setting curves, over two maps, over more their scatter."""
        from unshielded.api.figures import shown
        from unshielded.plot.sweep import draw_sweep

        drawn = draw_sweep(self._rows, self.path)
        if drawn is None:
            raise NoSuchEntry(
                f"{self.path}: this sweep has no figure; expected one over settings whose values "
                "are numbers, with a run that is done"
            )
        return shown(lambda: drawn[1])

    def plot_time_to_death(self) -> list[Axes]:
        """Draw time to death and deaths of each population over what was swept."""
        from unshielded.api.figures import shown
        from unshielded.plot.time_to_death import draw_time_to_death

        drawn = draw_time_to_death(self._rows)
        if drawn is None:
            raise NoSuchEntry(
                f"{self.path}: there is no figure of time to death; expected cells that can die, "
                "and one or two settings that vary"
            )
        return shown(lambda: drawn)

    def __iter__(self) -> Iterator[RunResult]:
        """Yield the runs that are done."""
        return iter(self.runs)
