"""Numbers from results: what became of each population, of a sweep, and of cells over time."""

from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np
import numpy.typing as npt

from unshielded.store.files import write_atomically
from unshielded.store.read import PopulationInfo, RunFile, open_run

Row = Mapping[str, Any]
"""One run of a sweep: ``{"point": {path: value}, "seed": int, "populations": {name: {…}}}``."""

_MEASURES = ("burned_out_percent", "mean_rate_hz", "median_time_of_death_s")
_COLUMNS = ("seed", "population", "n", "alive", "burned_out", *_MEASURES)


@contextmanager
def reading(source: Path | str | RunFile) -> Iterator[RunFile]:
    """Give the open result, opening it first where `source` is a path."""
    if isinstance(source, RunFile):
        yield source
    else:
        with open_run(source) as run:
            yield run


def summarise(source: Path | str | RunFile) -> dict[str, Any]:
    """Say what became of a run: of every population, and as a whole.

    Parameters
    ----------
    source
        A run folder, its ``results.h5``, or an open result.

    Returns
    -------
    dict
        ``id``, ``name``, ``seed``, ``duration_s``, ``n``, ``alive``, ``burned_out``,
        ``energy_closure_error`` (largest of any cell and time; None without a ledger) and
        ``populations``: for each its ``n``, ``carries_calcium``, ``alive``, ``burned_out``
        (numbers of neurons), ``mean_rate_hz`` (spikes per second lived; None if nothing
        lived) and ``median_time_of_death_s`` (of those that died; None if none did).
    """
    with reading(source) as run:
        populations = {p.name: _population(run, p) for p in run.populations}
        closure = [
            float(run.ledger(p.name)["closure_error"].values.max(initial=0.0))
            for p in run.populations
            if run.has("ledger", p.name, "closure_error")
        ]
        total = {k: sum(p[k] for p in populations.values()) for k in ("n", "alive", "burned_out")}
        return {
            "id": run.id,
            "name": run.name,
            "seed": run.seed,
            "duration_s": run.duration,
            **total,
            "energy_closure_error": max(closure, default=None),
            "populations": populations,
        }


def _population(run: RunFile, population: PopulationInfo) -> dict[str, Any]:
    spikes = int(run.series(population.name, "spike_count").values.sum())
    lived = float(run.series(population.name, "living_time").values.sum())
    alive, median = population.size, None
    if population.carries_calcium and population.size:
        fate = run.fate(population.name)
        alive = int(fate["alive"].sum())
        died = fate["time_of_death"][np.isfinite(fate["time_of_death"])]
        median = float(np.median(died)) if died.size else None
    return {
        "n": population.size,
        "carries_calcium": population.carries_calcium,
        "alive": alive,
        "burned_out": population.size - alive,
        "mean_rate_hz": spikes / lived if lived > 0 else None,
        "median_time_of_death_s": median,
    }


def tidy(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Lay a sweep out as one row per point, seed and population.

    Runs without ``populations`` (those that failed) are left out.
    """
    table = []
    for row in rows:
        for name, found in (row.get("populations") or {}).items():
            n = found["n"]
            values = {k: found.get(k) for k in _COLUMNS if k in found}
            percent = 100.0 * found["burned_out"] / n if n else None
            of_run = {"seed": row["seed"], "population": name, **values}
            of_run["burned_out_percent"] = percent
            table.append({**row["point"], **{k: of_run.get(k) for k in _COLUMNS}})
    return table


def dose_response(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Average a sweep over its seeds.

    Returns
    -------
    list of dict
        One row per point and population, in the order of `rows`: the point's settings,
        ``population``, ``runs`` and, for ``burned_out_percent``, ``mean_rate_hz`` and
        ``median_time_of_death_s``, ``<name>_mean`` and ``<name>_sd`` (sample standard
        deviation; None from a single run).
    """
    groups: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
    for row in tidy(rows):
        point = {k: v for k, v in row.items() if k not in _COLUMNS}
        key = json.dumps([point, row["population"]], sort_keys=True, default=str)
        groups.setdefault(key, (point, []))[1].append(row)
    table = []
    for point, members in groups.values():
        level = {**point, "population": members[0]["population"], "runs": len(members)}
        for name in _MEASURES:
            values = [float(m[name]) for m in members if m[name] is not None]
            level[f"{name}_mean"] = fmean(values) if values else None
            level[f"{name}_sd"] = stdev(values) if len(values) > 1 else None
        table.append(level)
    return table


def write_csv(rows: Sequence[Row], path: Path | str) -> None:
    """Write a sweep as a table, one row per point, seed and population.

    Raises
    ------
    StoreError
        If the file cannot be written; an older one then stays as it was.
    """
    table = tidy(rows)
    points = list(dict.fromkeys(k for row in rows for k in row["point"]))
    with (
        write_atomically(path) as partial,
        partial.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, [*points, *_COLUMNS], lineterminator="\n")
        writer.writeheader()
        for row in table:
            writer.writerow({k: _cell(v) for k, v in row.items()})


def _cell(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else value


@dataclass(frozen=True)
class Survival:
    """Fraction of a population still alive after each time (s), with its 95 % interval.

    A step curve: `fraction` holds from its time until the next one. The last time is the end
    of the observation.
    """

    time: npt.NDArray[np.float64]
    fraction: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


def survival(sources: Sequence[Path | str | RunFile], population: str) -> Survival:
    """Estimate the survival curve of a population from one run or several (Kaplan-Meier).

    Cells that outlive a run are censored at its end, so runs of different length may be put
    together. The interval is pointwise (log-log).

    Raises
    ------
    ValueError
        If the population has no cell that could die.
    """
    died: list[npt.NDArray[np.float64]] = []
    survived: list[npt.NDArray[np.float64]] = []
    for source in sources:
        with reading(source) as run:
            time = run.fate(population)["time_of_death"]
            dead = np.isfinite(time)
            died.append(time[dead])
            survived.append(np.full(np.count_nonzero(~dead), run.duration))
    return kaplan_meier(
        np.concatenate([*died, np.zeros(0)]), np.concatenate([*survived, np.zeros(0)])
    )


def kaplan_meier(died: npt.ArrayLike, censored: npt.ArrayLike) -> Survival:
    """Estimate a survival curve from times of death and times last seen alive."""
    # slow to import, and most of what reads results does without it
    from scipy.stats import CensoredData, ecdf

    deaths, seen = np.asarray(died, float), np.asarray(censored, float)
    if deaths.size + seen.size == 0:
        raise ValueError("there is no cell that could die; choose a population with calcium")
    curve = ecdf(CensoredData(uncensored=deaths, right=seen)).sf
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore")  # at 0 and 1 there is no interval; filled in below
        interval = curve.confidence_interval(0.95, method="log-log")
    end = max(deaths.max(initial=0.0), seen.max(initial=0.0))
    time = np.concatenate([[0.0], curve.quantiles])
    fraction = np.concatenate([[1.0], curve.probabilities])
    low = np.concatenate([[1.0], interval.low.probabilities])
    high = np.concatenate([[1.0], interval.high.probabilities])
    low, high = (np.where(np.isfinite(v), v, fraction) for v in (low, high))
    if time[-1] < end:
        time = np.append(time, end)
        fraction, low, high = (np.append(v, v[-1]) for v in (fraction, low, high))
    return Survival(time, fraction, low, high)
