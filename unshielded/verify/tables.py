"""The tables of a sweep against its runs: every number in them is to be one of a result."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from unshielded.config import ConfigError, load
from unshielded.results.summary import read_csv, write_csv
from unshielded.store.format.files import StoreError
from unshielded.store.tables.sweep_table import SWEEP_HDF5, read_sweep_table, write_sweep_table
from unshielded.sweeps.plan import PLAN, read_plan
from unshielded.sweeps.tables import SWEEP_CSV
from unshielded.verify.files import CONFIG
from unshielded.verify.verdict import DAMAGED, FileProblem, Verdict, check_sealed


def check_tables(folder: Path, verdict: Verdict) -> None:
    """Check ``plan.json``, ``sweep.csv`` and ``sweep.h5``, where they are."""
    planned = _planned(folder, verdict)
    for other in sorted(folder.glob("*.h5")):
        if other.name != SWEEP_HDF5:
            check_sealed(other, verdict)
    if planned:
        missing = len([id_ for id_ in planned if not (folder / id_).is_dir()])
        if missing:
            verdict.notes.append(f"{folder}: {missing} of {len(planned)} points were not computed")
    rows = _check_csv(folder / SWEEP_CSV, planned, verdict)
    if rows is not None or (folder / SWEEP_HDF5).exists():
        _check_hdf5(folder / SWEEP_HDF5, rows, verdict)


def _planned(folder: Path, verdict: Verdict) -> dict[str, Mapping[str, Any]]:
    """Identity → values of every point of the plan; nothing without a plan."""
    path = folder / PLAN
    if not path.exists():
        return {}
    verdict.files += 1
    try:
        plan = read_plan(folder)
        if plan.renamed:
            name = plan.experiment.config.name
            verdict.notes.append(f"{folder}: is the sweep {name!r}, in a folder of another name")
        return {plan.point(n).identity: values for n, (values, _) in enumerate(plan.listing)}
    except StoreError as error:
        verdict.report(path, error)
    except ValueError as error:
        verdict.problems.append(FileProblem(path, f"is damaged: {error}"))
    return {}


def _check_csv(
    path: Path, planned: Mapping[str, Mapping[str, Any]], verdict: Verdict
) -> list[dict[str, Any]] | None:
    """Check the table line by line; return its rows as they should be, None if there are none."""
    if not path.exists():
        verdict.notes.append(f"{path}: not there; the sweep was not finished")
        return None
    verdict.files += 1
    try:
        found = path.read_bytes()
        rows = read_csv(path)
    except StoreError as error:
        verdict.problems.append(FileProblem(path, str(error).removeprefix(f"{path}: ")))
        return None
    except OSError as error:
        verdict.problems.append(FileProblem(path, f"cannot read: {error.strerror}", 4))
        return None
    damaged = len(verdict.problems)
    for row in rows:
        place = path.parent / str(row["id"])
        if not place.is_dir():
            what = f"names the run {row['id']}, which is not there"
            verdict.problems.append(FileProblem(path, what))
        elif not planned and str(row["id"]) in verdict.populations:
            _check_point(path, place, row, verdict)
    expected = [_expected(row, planned, verdict) for row in rows]
    if len(verdict.problems) == damaged:
        _check_lines(path, found, expected, verdict)
    return expected


def _expected(
    row: dict[str, Any], planned: Mapping[str, Mapping[str, Any]], verdict: Verdict
) -> dict[str, Any]:
    """The row as the plan and the result say; as it stands where they do not."""
    id_ = str(row["id"])
    made = dict(row)
    if id_ in planned:
        made["point"] = dict(planned[id_])
    if id_ in verdict.populations:
        made["seed"], made["populations"] = verdict.populations[id_]
    return made


def _check_point(path: Path, place: Path, row: Mapping[str, Any], verdict: Verdict) -> None:
    """Without a plan: check that the run has the settings of its row."""
    changes = [f"{name}={json.dumps(value)}" for name, value in row["point"].items()]
    try:
        same = load(place / CONFIG, changes).identity == row["id"]
    except ConfigError:
        same = False
    if not same:
        what = f"has settings in the row of the run {row['id']} that are not those of the run"
        verdict.problems.append(FileProblem(path, what))


def _check_lines(
    path: Path, found: bytes, rows: Sequence[Mapping[str, Any]], verdict: Verdict
) -> None:
    with TemporaryDirectory(prefix="unshielded-verify-") as scratch:
        write_csv(rows, Path(scratch) / SWEEP_CSV)
        expected = (Path(scratch) / SWEEP_CSV).read_bytes()
    if found == expected:
        return
    lines = [text.decode("utf-8", "replace").splitlines() for text in (found, expected)]
    pairs = list(zip(*lines, strict=False))
    number = next((k for k, (a, b) in enumerate(pairs) if a != b), len(pairs))
    here, there = (text[number] if number < len(text) else "nothing" for text in lines)
    what = f"line {number + 1} is {here!r}, but the runs give {there!r}"
    verdict.problems.append(FileProblem(path, what))


def _check_hdf5(path: Path, rows: Sequence[Mapping[str, Any]] | None, verdict: Verdict) -> None:
    if not path.exists():
        verdict.notes.append(f"{path}: not there")
        return
    verdict.files += 1
    try:
        found = read_sweep_table(path)
    except StoreError as error:
        verdict.report(path, error)
        return
    if rows is None:
        return
    with TemporaryDirectory(prefix="unshielded-verify-") as scratch:
        write_sweep_table(rows, Path(scratch) / SWEEP_HDF5)
        expected = read_sweep_table(Path(scratch) / SWEEP_HDF5)
    for group in ("run", "seed", "population", "settings", "outcomes", "units"):
        one, two = getattr(found, group), getattr(expected, group)
        if not isinstance(one, dict):
            one, two = {group: one}, {group: two}
        for name in dict.fromkeys([*one, *two]):
            if name not in one or name not in two or not _equal(one[name], two[name]):
                what = f"{name!r} is not as {SWEEP_CSV} and the runs have it"
                verdict.problems.append(FileProblem(path, what, DAMAGED))


def _equal(a: Any, b: Any) -> bool:
    one, two = np.asarray(a), np.asarray(b)
    floats = one.dtype.kind == "f" and two.dtype.kind == "f"
    return np.array_equal(one, two, equal_nan=floats)
