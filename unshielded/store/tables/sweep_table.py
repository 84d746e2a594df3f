"""A finished sweep as one HDF5 that xarray opens in one line: whole and sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from unshielded.arrays import AnyArray
from unshielded.store.format.disk import PatientFile
from unshielded.store.format.files import CorruptResult, write_atomically
from unshielded.store.format.hdf5 import child, plain_errors, read
from unshielded.store.format.layout import FORMAT_VERSION, STRING, drawable, empty_axis, variable
from unshielded.store.format.seal import check_seal, seal
from unshielded.store.reading.inspection import attributes
from unshielded.store.tables.levels import key, quantities

CONTENT = "sweep"
SWEEP_HDF5 = "sweep.h5"

#: Name, type, unit and meaning of what every run has for every population; and where it is
#: found in a row, or None for what is computed of the others.
_OUTCOMES: tuple[tuple[str, str, str, str, str | None], ...] = (
    ("n", "<i8", "1", "neurons at the start", "n"),
    ("alive", "<i8", "1", "neurons alive, and not lost, at the end", "alive"),
    ("burned_out", "<i8", "1", "neurons that died", "burned_out"),
    ("lost", "<f8", "1", "neurons lost from the circuit at the end", "lost"),
    ("doomed", "<f8", "1", "living neurons with most pores open or out of ATP at the end", "doomed"),
    ("burned_out_percent", "<f8", "percent", "share of the neurons not lost that died", None),
    ("mean_rate", "<f8", "Hz", "spikes per second lived in the circuit", "mean_rate_hz"),
    ("mean_time_to_death", "<f8", "s", "mean time to death, restricted to the time followed",
     "mean_time_to_death_s"),
    ("median_time_to_death", "<f8", "s", "time by which half of the neurons are dead",
     "median_time_to_death_s"),
    ("followed", "<f8", "s", "time followed: the length of the run", "followed_s"),
)  # fmt: skip


@dataclass(frozen=True)
class SweepTable:
    """A sweep as read back.

    Attributes
    ----------
    run
        Identity of each run; empty where it is not known.
    settings
        Swept setting → its value in each run, numbers in SI units.
    units
        Of each setting and outcome.
    outcomes
        Name → values [run, population].
    """

    run: AnyArray
    seed: AnyArray
    population: AnyArray
    settings: dict[str, AnyArray]
    outcomes: dict[str, AnyArray]
    units: dict[str, str]


def write_sweep_table(rows: Sequence[Mapping[str, Any]], path: Path | str) -> None:
    """Write the runs of a sweep as one sealed HDF5, over runs and populations.

    Settings whose values are all numbers, or quantities of one dimension, are numbers in SI
    units; truth values are 0 and 1; all else is text, JSON where it has parts. Counts of a
    population that a run does not have are 0, other outcomes not a number.

    Parameters
    ----------
    rows
        ``[{"point": {path: value}, "seed": int, "id": str, "populations": {…}}, …]``; runs
        without ``populations`` (those that failed) are left out.
    path
        The file to make; an existing one is replaced at the very end.

    Raises
    ------
    StoreError
        If it cannot be written; whatever was at `path` is then as it was.
    """
    done = [row for row in rows if row.get("populations")]
    with write_atomically(path) as partial:
        with PatientFile(partial) as disk:
            with h5py.File(disk, "w") as file:
                file.attrs["program"] = "unshielded"
                file.attrs["content"] = CONTENT
                file.attrs["format_version"] = FORMAT_VERSION
                _write(file, done)
                file.attrs["complete"] = np.int8(1)  # last: a file without it is unfinished
            disk.check()
        seal(partial)


def read_sweep_table(path: Path | str) -> SweepTable:
    """Read what :func:`write_sweep_table` wrote.

    Raises
    ------
    CorruptResult
        If the file is damaged, unfinished, or of another kind.
    StoreError
        If it does not exist or cannot be read.
    """
    path = Path(path)
    check_seal(path)
    with plain_errors(path, "the file"):
        file = h5py.File(path, "r", locking=False)
    with file:
        with plain_errors(path, "the root attributes"):
            about = attributes(file)
        if about.get("content") != CONTENT or not about.get("complete"):
            raise CorruptResult(f"{path}: holds no sweep; expected a finished {SWEEP_HDF5}")
        values: dict[str, AnyArray] = {}
        units: dict[str, str] = {}
        for name in file:
            dataset = child(path, file, name)
            if not isinstance(dataset, h5py.Dataset):
                raise CorruptResult(f"{path}: {dataset.name} is a group, expected a dataset")
            values[name] = read(path, dataset)
            with plain_errors(path, dataset.name):
                units[name] = str(dataset.attrs["units"])
    known = {name for name, *_ in _OUTCOMES}
    if missing := ({"run", "seed", "population"} | known) - set(values):
        raise CorruptResult(f"{path}: has no {min(missing)!r}; run the sweep again")
    run, seed, population = (values.pop(name) for name in ("run", "seed", "population"))
    outcomes = {name: values.pop(name) for name, *_ in _OUTCOMES}
    return SweepTable(run, seed, population, values, outcomes, units)


def _write(file: h5py.File, rows: Sequence[Mapping[str, Any]]) -> None:
    ids = np.array([str(row.get("id") or "") for row in rows], dtype=object)
    names = list(dict.fromkeys(name for row in rows for name in row["populations"]))
    empty_axis(file, "run", len(ids), STRING, "1", "identity of the run")[...] = ids
    empty_axis(file, "population", len(names), STRING, "1", "population")[...] = names
    seeds = np.array([int(row["seed"]) for row in rows], dtype="<i8")
    variable(file, "seed", seeds.dtype, "1", "root of all random numbers", ("run",), seeds)
    paths = list(dict.fromkeys(path for row in rows for path in row["point"]))
    for path in paths:
        values, unit = setting([row["point"].get(path) for row in rows])
        dtype = STRING if values.dtype.kind == "O" else values.dtype
        variable(file, path, dtype, unit, f"setting {path}", ("run",), values)
    for name, dtype, unit, meaning, source in _OUTCOMES:
        found = [[_outcome(row["populations"].get(p), source) for p in names] for row in rows]
        counts = np.array(found, dtype=float).reshape(len(rows), len(names))
        counts = np.nan_to_num(counts) if dtype == "<i8" else counts
        axes = ("run", "population")
        made = variable(file, name, dtype, unit, meaning, axes, counts.astype(dtype))
        made.attrs["coordinates"] = " ".join(["seed", *paths])  # xarray: not outcomes
    drawable(file, "mean_time_to_death", ("run", "population"), "Mean time to death")


def setting(levels: list[Any]) -> tuple[AnyArray, str]:
    """Give the values of a setting, numbers in SI units, missing ones as nothing; and their unit."""
    if all(isinstance(level, bool) for level in levels):
        return np.array(levels, dtype="<i1"), "1"
    given = [level for level in levels if level is not None]
    numbers = quantities(given)
    if numbers is None:
        text = [v if isinstance(v, str) else "" if v is None else key(v) for v in levels]
        return np.array(text, dtype=object), "1"
    si, unit = numbers.si()
    rest = iter(si)
    return np.array([np.nan if v is None else next(rest) for v in levels], dtype="<f8"), unit


def _outcome(found: Mapping[str, Any] | None, source: str | None) -> float:
    if found is None:
        return np.nan
    if source is None:
        watched = found["alive"] + found["burned_out"]  # those that were not lost
        return 100.0 * found["burned_out"] / watched if watched else np.nan
    value = found.get(source)
    return np.nan if value is None else float(value)
