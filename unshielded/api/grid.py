"""Runs of a sweep on axes: one for each setting that varies, and one for seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from unshielded.arrays import AnyArray
from unshielded.store.tables.levels import key, leading
from unshielded.store.tables.sweep_table import setting

SEED, RUN = "seed", "run"

Point = tuple[Mapping[str, Any], int]


@dataclass(frozen=True)
class Grid:
    """Where runs lie.

    Attributes
    ----------
    paths
        The result at each place; None where there is none.
    dims
        Names of the axes.
    coords
        Name → axes, values and attributes, as `xarray.Dataset` takes them.
    """

    paths: AnyArray
    dims: tuple[str, ...]
    coords: dict[str, tuple[tuple[str, ...], AnyArray, dict[str, str]]]


def arrange(points: Sequence[Point], results: Sequence[Path | None]) -> Grid:
    """Lay runs out on a grid, or along one axis if they do not fill one.

    Parameters
    ----------
    points
        Settings and seed of every run.
    results
        Its result, or None.
    """
    settings = list(dict.fromkeys(path for values, _ in points for path in values))
    columns = {path: [values.get(path) for values, _ in points] for path in settings}
    columns[SEED] = [seed for _, seed in points]
    names = [*leading([values for values, _ in points]), SEED]
    levels = {name: list({key(v): v for v in columns[name]}.values()) for name in names}
    if prod(map(len, levels.values())) != len(points):
        return _along(columns, results)
    place = {name: {key(v): n for n, v in enumerate(levels[name])} for name in names}
    shape = tuple(len(levels[name]) for name in names)
    where = [
        tuple(place[name][key(columns[name][number])] for name in names)
        for number in range(len(points))
    ]
    if len(set(where)) < len(points):
        return _along(columns, results)
    paths = np.full(shape, None, dtype=object)
    for at, result in zip(where, results, strict=True):
        paths[at] = result
    coords = {name: _coordinate((name,), levels[name], name) for name in names}
    numbers = {at: number for number, at in enumerate(where)}
    order = [numbers[at] for at in product(*map(range, shape))]
    for path in settings:
        if path not in coords:  # goes along with others: of a zip
            dims, values, about = _coordinate(tuple(names), [columns[path][n] for n in order], path)
            coords[path] = (dims, values.reshape(shape), about)
    return Grid(paths, tuple(names), coords)


def _along(columns: Mapping[str, list[Any]], results: Sequence[Path | None]) -> Grid:
    paths = np.full(len(results), None, dtype=object)
    paths[:] = list(results)
    coords = {name: _coordinate((RUN,), values, name) for name, values in columns.items()}
    return Grid(paths, (RUN,), coords)


def _coordinate(
    dims: tuple[str, ...], levels: list[Any], name: str
) -> tuple[tuple[str, ...], AnyArray, dict[str, str]]:
    if name == SEED:
        return dims, np.array(levels), {"long_name": "root of all random numbers"}
    values, unit = setting(levels)
    return dims, values, {"units": unit, "long_name": f"setting {name}"}
