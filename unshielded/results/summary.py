"""Numbers from results: outcomes of each population, of a sweep, and of cells over time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np

from unshielded.arrays import AnyArray
from unshielded.statistics.intervals import student, wilson
from unshielded.statistics.survival import Lifetimes, restricted_mean, time_until_half
from unshielded.store.format.files import StoreError, explain, write_atomically
from unshielded.store.reading.read import PopulationInfo, RunFile, open_run

Row = Mapping[str, Any]
"""One run of a sweep: ``{"point": {path: value}, "seed": int, "populations": {name: {…}}}``."""

_COUNTS = ("n", "alive", "burned_out", "lost", "doomed")
_MEASURES = (
    "burned_out_percent",
    "mean_rate_hz",
    "mean_time_to_death_s",
    "median_time_to_death_s",
)
_TIMES = (*_MEASURES[1:], "followed_s")
_COLUMNS = ("seed", "id", "population", *_COUNTS, *_MEASURES, "followed_s")

#: Of each population, what is told of a run; and of a sweep, with the share of the dead in addition.
OUTCOMES = (*_COUNTS, *_TIMES)


@contextmanager
def reading(source: Path | str | RunFile) -> Iterator[RunFile]:
    """Give the open result, opening it first where `source` is a path."""
    if isinstance(source, RunFile):
        yield source
    else:
        with open_run(source) as run:
            yield run


def summarise(source: Path | str | RunFile) -> dict[str, Any]:
    """Summarise the outcome of a run: of every population, and as a whole.

    Parameters
    ----------
    source
        A run folder, its ``results.h5``, or an open result.

    Returns
    -------
    dict
        ``id``, ``name``, ``seed``, ``duration_s``, ``n``, ``alive``, ``burned_out``, ``lost``,
        ``energy_closure_error`` (largest of any cell and time; None without a ledger) and
        ``populations``: for each ``carries_calcium`` and what `OUTCOMES` names. Numbers of neurons:
        ``n`` at the start, of which at the end ``alive``, ``burned_out`` (died) or ``lost`` (gone from
        the circuit; None if the result does not tell), and ``doomed``, living ones that are out of ATP
        or whose pores are open. ``mean_rate_hz``: spikes per second lived in the circuit; None if
        nothing lived. ``mean_time_to_death_s``: restricted to ``followed_s``, the length of the run,
        so a cell that outlives the run counts with all of it. ``median_time_to_death_s``: by when half
        of the cells are dead; None if they are not.
    """
    with reading(source) as run:
        populations = {p.name: _population(run, p) for p in run.populations}
        closure = [
            float(run.ledger(p.name)["closure_error"].values.max(initial=0.0))
            for p in run.populations
            if run.has("ledger", p.name, "closure_error")
        ]
        total: dict[str, int | None] = {
            k: sum(p[k] for p in populations.values()) for k in ("n", "alive", "burned_out")
        }
        lost = [p["lost"] for p in populations.values()]
        total["lost"] = None if None in lost else sum(lost)
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
    lost = run.n_lost(population.name)
    alive = population.size - (lost or 0)
    burned_out, doomed, mean, median = 0, None, None, None
    if population.carries_calcium and population.size:
        fate = run.fate(population.name)
        alive = int(fate["alive"].sum())
        burned_out = population.size - (lost or 0) - alive
        doomed = int(fate["doomed"].sum()) if "doomed" in fate else None
        cells = of_fate(fate, run.duration)
        mean, median = restricted_mean(cells, run.duration), time_until_half(cells)
    return {
        "carries_calcium": population.carries_calcium,
        "n": population.size,
        "alive": alive,
        "burned_out": burned_out,
        "lost": lost,
        "doomed": doomed,
        "mean_rate_hz": spikes / lived if lived > 0 else None,
        "mean_time_to_death_s": mean,
        "median_time_to_death_s": median,
        "followed_s": run.duration,
    }


def of_fate(fate: Mapping[str, AnyArray], until: float) -> Lifetimes:
    """Return how long cells lived; those that were lost are censored then, others at the end."""
    time = fate["time_of_death"]
    dead = np.isfinite(time)
    seen = fate["lost_from"][~dead] if "lost_from" in fate else np.full((~dead).sum(), np.nan)
    return Lifetimes(time[dead], np.where(np.isfinite(seen), seen, until))


def at_risk(found: Mapping[str, Any]) -> int:
    """Return how many neurons of a population could have died: those that were not lost."""
    return int(found["alive"]) + int(found["burned_out"])


def burned_out_percent(found: Mapping[str, Any]) -> float | None:
    """Return the share of the dead among the neurons that were not lost; None if all were."""
    return 100.0 * found["burned_out"] / at_risk(found) if at_risk(found) else None


def tidy(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Lay a sweep out as one row per point, seed and population.

    Runs without ``populations`` (those that failed) are left out.
    """
    table = []
    for row in rows:
        for name, found in (row.get("populations") or {}).items():
            values = {k: found.get(k) for k in _COLUMNS if k in found}
            of_run = {"seed": row["seed"], "id": row.get("id"), "population": name, **values}
            of_run["burned_out_percent"] = burned_out_percent(found)
            table.append({**row["point"], **{k: of_run.get(k) for k in _COLUMNS}})
    return table


def dose_response(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Average a sweep over its seeds.

    Returns
    -------
    list of dict
        One row per point and population, in the order of `rows`: the point's settings,
        ``population``, ``runs``; ``n``, ``alive``, ``burned_out``, ``lost`` and ``doomed``, sums over
        the seeds; ``burned_out_low`` and ``burned_out_high``, the 95 % interval of the share of the
        dead (%, Wilson; cells taken for independent); for ``burned_out_percent``, ``mean_rate_hz`` and
        ``mean_time_to_death_s``, ``<name>_mean``, ``<name>_sd`` (sample standard deviation; None from
        a single run), ``<name>_low`` and ``<name>_high`` (95 % over seeds, Student; None where there is
        none); ``median_time_to_death_s``, mean over seeds, None unless it is reached in every one; and
        ``followed_s``, the shortest.
    """
    groups: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
    for row in tidy(rows):
        point = {k: v for k, v in row.items() if k not in _COLUMNS}
        key = json.dumps([point, row["population"]], sort_keys=True, default=str)
        groups.setdefault(key, (point, []))[1].append(row)
    table = []
    for point, members in groups.values():
        level = {**point, "population": members[0]["population"], "runs": len(members)}
        for name in _COUNTS:
            counts = [m[name] for m in members]
            level[name] = None if None in counts else sum(counts)
        dead = wilson(level["burned_out"], at_risk(level))
        level["burned_out_low"], level["burned_out_high"] = (
            (None, None) if dead is None else (100 * dead[0], 100 * dead[1])
        )
        for name in _MEASURES[:-1]:
            values = [float(m[name]) for m in members if m[name] is not None]
            level[f"{name}_mean"] = fmean(values) if values else None
            level[f"{name}_sd"] = stdev(values) if len(values) > 1 else None
            level[f"{name}_low"], level[f"{name}_high"] = student(values) or (None, None)
        medians = [m[_MEASURES[-1]] for m in members]
        level[_MEASURES[-1]] = None if None in medians else fmean(medians)
        level["followed_s"] = min(
            (m["followed_s"] for m in members if m["followed_s"]), default=None
        )
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


def read_csv(path: Path | str) -> list[dict[str, Any]]:
    """Read a table of :func:`write_csv` back, as one row per point and seed.

    Raises
    ------
    StoreError
        If it cannot be read, or is not a sweep table.
    """
    path = Path(path)
    try:
        with path.open(newline="", encoding="utf-8") as file:
            table = list(csv.DictReader(file))
    except OSError as error:
        raise explain(path, "read", error) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise StoreError(f"{path}: is not a sweep table: {error}") from error
    missing = [name for name in _COLUMNS if not table or name not in table[0]]
    if missing:
        what = f"it has no column {missing[0]!r}" if table else "it has no rows"
        raise StoreError(f"{path}: is not a sweep table: {what}; run the sweep again")
    rows: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(table, start=2):
        try:
            _add(rows, line)
        except (TypeError, ValueError, AttributeError):
            raise StoreError(
                f"{path}: is not a sweep table: line {number} is damaged; run the sweep again"
            ) from None
    return list(rows.values())


def _add(rows: dict[str, dict[str, Any]], line: dict[str, str]) -> None:
    """Take one line of a table to the row of its run."""
    if None in line or None in line.values():
        raise ValueError("a cell too many, or too few")
    point = {k: _value(v) for k, v in line.items() if k not in _COLUMNS}
    seed, id_ = int(line["seed"]), line["id"] or None
    row = rows.setdefault(
        json.dumps([point, seed, id_], sort_keys=True),
        {"point": point, "seed": seed, "id": id_, "populations": {}},
    )
    found = {k: _value(line[k]) for k in OUTCOMES}
    if not all(isinstance(found[k], int) for k in ("n", "alive", "burned_out")):
        raise ValueError("a count is not a whole number")
    row["populations"][line["population"]] = found


def _value(text: str) -> Any:
    """Read a cell: a number, JSON, nothing, or text."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _cell(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else value
