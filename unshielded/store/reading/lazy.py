"""Groups of results as xarray datasets whose values are read when they are asked for.

One array may lie in many results, one run beside the other: only the runs that are asked for are
read, and no file stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from xarray.backends import BackendArray
from xarray.core import indexing

from unshielded.arrays import AnyArray
from unshielded.store.format.files import StoreError
from unshielded.store.reading.read import Place, RunFile, open_checked, open_run


@dataclass(frozen=True)
class Outline:
    """A dataset of a result without its values."""

    axes: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    attributes: dict[str, Any]


def dataset(path: Path, group: Place) -> xr.Dataset:
    """Return a group of one result; the coordinates are read, all else when it is asked for.

    Raises
    ------
    StoreError
        If there is no such group, or the result cannot be read.
    """
    with open_run(path) as run:
        return _dataset(run, np.array(path, dtype=object), group, {}, (), {})


def stacked(
    paths: AnyArray,
    group: Place,
    dims: Sequence[str],
    coords: Mapping[str, Any],
    longest: Path,
    alike: bool = True,
) -> xr.Dataset:
    """Return a group of many results as one dataset.

    Parameters
    ----------
    paths
        An array of paths of results; None where there is none, and then values are missing.
    group
        The group, which has the same axes in all of them. Where runs are of different length the
        values after the end of one are missing.
    dims, coords
        Names of the axes of `paths`, and what lies over them.
    longest
        One of them, of the longest run: it has all times.
    alike
        Whether all runs have the same times, up to the end of each. If not, times that differ are no
        axis: they lie over the runs and over the number of the record, ``time_number``.

    Raises
    ------
    StoreError
        If one cannot be read.
    """
    with opened(longest) as run:
        own = {} if alike else _own_axes(paths, group, run)
        return _dataset(run, paths, group, coords, tuple(dims), own)


def _dataset(
    run: RunFile,
    paths: AnyArray,
    group: Place,
    coords: Mapping[str, Any],
    dims: tuple[str, ...],
    own: Mapping[str, AnyArray],
) -> xr.Dataset:
    outlines = {name: Outline(*run.outline(*group, name)) for name in run.names(*group)}
    axes = {
        name: xr.Variable(
            (*dims, _number(name)) if name in own else outline.axes,
            own[name] if name in own else run.values(*group, name),
            outline.attributes,
        )
        for name, outline in outlines.items()
        if outline.axes == (name,)
    }
    grid = {name: np.asarray(axis.values) for name, axis in axes.items() if name not in own}
    lazy = {}
    for name, outline in outlines.items():
        over = outline.axes
        if name in axes or len(over) != len(outline.shape) or not set(over) <= set(axes):
            continue
        shape = tuple(axes[axis].shape[-1] for axis in over)
        stored = _Stored(paths, (*group, name), replace(outline, shape=shape), grid)
        names = (_number(axis) if axis in own else axis for axis in over)
        values = indexing.LazilyIndexedArray(stored)
        lazy[name] = xr.Variable((*dims, *names), values, outline.attributes)
    return xr.Dataset(lazy, {**coords, **axes})


def _number(axis: str) -> str:
    """Name the axis of the numbers of records that have times of their own."""
    return f"{axis}_number"


def _own_axes(paths: AnyArray, group: Place, one: RunFile) -> dict[str, AnyArray]:
    """Return the axes that are not the same in all results: their values, by result and number."""
    axes = [name for name in one.names(*group) if one.outline(*group, name)[0] == (name,)]
    found: dict[str, dict[tuple[int, ...], AnyArray]] = {name: {} for name in axes}
    for where, path in np.ndenumerate(paths):
        if path is not None:
            with opened(path) as run:
                for name in axes:
                    found[name][where] = run.values(*group, name)
    own: dict[str, AnyArray] = {}
    for name, values in found.items():
        first, *others = values.values()
        if any(not np.array_equal(first, other) for other in others):
            longest = max(map(len, values.values()))
            own[name] = np.full((*paths.shape, longest), np.nan)
            for where, each in values.items():
                own[name][where][: len(each)] = each
    return own


@contextmanager
def opened(path: Path) -> Iterator[RunFile]:
    """Open a result; the seal is checked once as long as the file does not change."""
    about = path.stat() if path.exists() else None
    if about is None or not _sound(path, about.st_mtime_ns, about.st_size):
        with open_run(path) as run:
            yield run
        return
    with open_checked(path) as run:
        yield run


@lru_cache(maxsize=100_000)
def _sound(path: Path, changed: int, size: int) -> bool:
    with open_run(path):
        return True


class _Stored(BackendArray):
    """Values of the same dataset in one or many results, runs first."""

    def __init__(
        self, paths: AnyArray, place: Place, outline: Outline, grid: Mapping[str, AnyArray]
    ) -> None:
        self._paths, self._place, self._axes = paths, place, outline.axes
        self._grid, self._one = grid, outline.shape
        self.shape = (*paths.shape, *outline.shape)
        # what is missing, of a run that failed or was shorter, is not a number
        exact = not paths.ndim or outline.dtype.kind not in "biu"
        self.dtype = outline.dtype if exact else np.dtype(float)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(
            key, self.shape, indexing.IndexingSupport.OUTER, self._read
        )

    def _read(self, key: tuple[Any, ...]) -> AnyArray:
        over = self._paths.ndim
        runs = np.asarray(_taken(self._paths, key[:over]), dtype=object)
        rest = key[over:]
        shape = np.broadcast_to(np.empty((), bool), self._one)
        made: AnyArray = np.empty((*runs.shape, *_taken(shape, rest).shape), self.dtype)
        made[...] = np.nan if self.dtype.kind == "f" else "" if self.dtype.kind == "O" else 0
        for where, path in np.ndenumerate(runs):
            if path is not None:
                made[where] = _taken(self._of(path), rest)
        return made

    def _of(self, path: Path) -> AnyArray:
        """All values of one result, as long as those of the longest."""
        with opened(path) as run:
            values = run.values(*self._place)
            if self._paths.ndim:
                self._check(run, values)
        if values.shape == self._one:
            return values
        whole: AnyArray = np.full(self._one, np.nan, self.dtype)
        whole[tuple(slice(0, length) for length in values.shape)] = values
        return whole

    def _check(self, run: RunFile, values: AnyArray) -> None:
        for axis, length in zip(self._axes, values.shape, strict=True):
            if axis not in self._grid:  # each run has its own
                continue
            own = run.values(*self._place[:-1], axis)
            mine = self._grid[axis]
            if length > len(mine) or not np.array_equal(own, mine[:length]):
                raise StoreError(
                    f"{run.path}: its {axis!r} differs from that of the other runs, so they do not "
                    "make one dataset; open the runs one by one"
                )


def _taken(values: AnyArray, key: tuple[Any, ...]) -> AnyArray:
    """Take rows of each axis on its own, as xarray asks for them."""
    for axis in range(values.ndim - 1, -1, -1):
        step = key[axis]
        whole = (slice(None),) * axis
        values = values[(*whole, step)]
    return values
