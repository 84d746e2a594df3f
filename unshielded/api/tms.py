"""Sessions of transcranial magnetic stimulation."""

from __future__ import annotations

import json
import os
import warnings
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from unshielded.api.experiments import Loadable, load
from unshielded.api.runs import RUNS
from unshielded.processes import cores
from unshielded.progress.reporter import Reporter, watching
from unshielded.store.format.files import NoSuchEntry
from unshielded.store.tables.tms_results import Table, read_tables
from unshielded.sweeps.labels import label
from unshielded.tms_sessions.planning import SessionPlan, plan
from unshielded.tms_sessions.sitting import Held, hold_all

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes


def tms(
    experiment: Loadable,
    *,
    out: str | os.PathLike[str] = RUNS,
    jobs: int | None = None,
    force: bool = False,
    progress: bool | None = None,
) -> TmsResult:
    """Simulate transcranial magnetic stimulation (TMS) and measure the muscle's responses.

    One session for each point of the config's sweep, each seed and each of its ``tms.times``; stages
    that are already there are not repeated.

    Parameters
    ----------
    experiment
        What `load` returned, or what it takes.
    out, jobs, force, progress
        As of `sweep`.

    Raises
    ------
    ConfigError, ProtocolError, SimulationError, StoreError
        If the config is wrong, no session can be held on it, all sessions fail, or files cannot be
        written.
    """
    from unshielded.engine.errors import SimulationError
    from unshielded.tms_sessions.outcome import FILE, write_outcome

    planned = plan(load(experiment))
    with watching(labels(planned), durations(planned), progress) as report:
        sessions = held(planned, Path(out), jobs, report, Event(), force)
    failed = [each for each in sessions if each.session is None]
    if len(failed) == len(sessions):
        raise SimulationError(f"all {len(failed)} sessions failed; the first: {failed[0].error}")
    if failed:
        warnings.warn(
            f"{len(failed)} of {len(sessions)} sessions failed; the first: {failed[0].error}",
            stacklevel=2,
        )
    write_outcome(planned, sessions, Path(out))
    return TmsResult(Path(out) / planned.name / FILE)


def held(
    planned: SessionPlan,
    out: Path,
    jobs: int | None,
    report: Reporter,
    cancel: Event,
    force: bool,
) -> list[Held]:
    """Hold every session of a plan; tell how far they are."""
    found: dict[int, Held] = {}
    held_in_turn = hold_all(planned, out, jobs or cores(), report.advance, cancel, force=force)
    with closing(held_in_turn):
        for place, each in held_in_turn:
            if each is not None:
                found[place] = each
            report.finish(place, each.error if each else "")
    return [found[place] for place in sorted(found)]


def labels(planned: SessionPlan) -> list[str]:
    """Name every session, and every course that sessions are taken from."""
    names = [
        label(dict(s.values), s.seed) + ("" if s.time is None else f" at {minutes(s.time)}")
        for s in planned.sittings
    ]
    return names + [f"course seed={c.config.seed}" for c in planned.courses]


def durations(planned: SessionPlan) -> list[float]:
    """Biological time of every session and course, s."""
    return [s.duration for s in planned.sittings] + [c.config.duration for c in planned.courses]


def minutes(time: float) -> str:
    """Write a time of a course.

    Examples
    --------
    >>> minutes(90.0)
    '1.5 min'
    """
    return f"{time / 60:.3g} min"


@dataclass(frozen=True)
class TmsResult:
    """Sessions that were held.

    Attributes
    ----------
    path
        The ``tms.h5``.
    """

    path: Path

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Everything that was measured: name, such as ``session_0/tracking``, → table."""
        return read_tables(self.path)

    def __repr__(self) -> str:
        return f"<TmsResult: {len(self.sessions)} sessions, {self.path}>"

    @cached_property
    def sessions(self) -> pd.DataFrame:
        """One row per session: settings, seed, threshold, inhibition, silent period.

        Units are in ``attrs["units"]``.
        """
        import pandas as pd

        table = self.tables["summary"]
        columns = {column.name: column.values.tolist() for column in table.columns}
        points: list[dict[str, Any]] = [json.loads(text) for text in columns.pop("point")]
        settings = dict.fromkeys(path for point in points for path in point)
        swept = {path: [point.get(path) for point in points] for path in settings}
        made = pd.DataFrame({**swept, **columns}).set_index("session")
        made.attrs["units"] = {c.name: c.unit for c in table.columns if c.unit != "1"}
        return made

    def __getitem__(self, name: str) -> xr.Dataset:
        """Return one table, such as ``session_0/tracking``, with units."""
        import xarray as xr

        if name not in self.tables:
            raise NoSuchEntry(
                f"{self.path}: there is no table {name!r}; it has {', '.join(self.tables)}"
            )
        table = self.tables[name]
        variables = {
            c.name: (c.axes or (c.name,), c.values, {"units": c.unit, "long_name": c.long_name})
            for c in table.columns
        }
        found = xr.Dataset(variables, attrs=dict(table.attributes))
        return found.set_coords([c.name for c in table.columns if not c.axes])

    def plot(self) -> list[Axes]:
        """Draw the sessions: recruitment, inhibition, silent period; mean over seeds."""
        from unshielded.api.figures import shown
        from unshielded.plot.tms_session import draw_tms

        return shown(lambda: draw_tms(self.tables))
