"""The HDF5 conventions that every part of a result follows.

Each dataset has ``units`` and ``long_name``, is compressed and carries a checksum; its axes
are netCDF4 dimension scales of its own group; groups that can be drawn are NeXus ``NXdata``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

#: Format of the files that are written. Older formats are still read.
FORMAT_VERSION = 3

#: Since this format variables have their present names.
NAMES_OF_NOW = 2

#: Since this format the dead and the lost are left out of means, rates and counts of a population.
OF_THE_LIVING = 3

#: Names of columns and variables in format 1 → their names now.
RENAMED = {
    "kappa": "buffer_capacity",
    "clean_up_capacity": "protein_clearance_capacity",
    "upkeep_share": "upkeep_fraction",
    "discharge_rate": "firing_rate",
}

#: What follows the name of a variable whose mean and range over a population are kept.
BANDS = ("_mean", "_p05", "_p95")

#: The result of a run, in its folder.
RESULTS_FILE = "results.h5"
STRING = h5py.string_dtype("utf-8")

_CHUNK_BYTES = 1 << 16


def renamed(name: str, names: Mapping[str, str]) -> str:
    """Return another name of a variable or column, with what follows it; itself if it has none."""
    for band in ("", *BANDS):
        stem = name.removesuffix(band)
        if stem + band == name and stem in names:
            return names[stem] + band
    return name


def axis(
    group: h5py.Group, name: str, values: npt.ArrayLike, unit: str, long_name: str
) -> h5py.Dataset:
    """Write a coordinate and declare it a dimension of its group."""
    values = np.asarray(values)
    made = empty_axis(group, name, len(values), values.dtype, unit, long_name)
    made[...] = values
    return made


def empty_axis(
    group: h5py.Group,
    name: str,
    size: int,
    dtype: npt.DTypeLike,
    unit: str,
    long_name: str,
    *,
    packed: bool = True,
) -> h5py.Dataset:
    """Declare a dimension whose coordinate is written later, block by block."""
    made = _create(group, name, (size,), dtype, unit, long_name, packed=packed)
    made.make_scale(name)
    return made


def variable(
    group: h5py.Group,
    name: str,
    dtype: npt.DTypeLike,
    unit: str,
    long_name: str,
    axes: Sequence[str],
    values: npt.ArrayLike | None = None,
    *,
    packed: bool = True,
) -> h5py.Dataset:
    """Make a dataset over axes of its group that exist already; fill it if `values` are given.

    Without `packed` it is not compressed, for readers whose HDF5 has no deflate.
    """
    shape = tuple(group[a].shape[0] for a in axes)
    made = _create(group, name, shape, dtype, unit, long_name, packed=packed)
    for place, a in enumerate(axes):
        made.dims[place].attach_scale(group[a])
    if values is not None:
        made[...] = values
    return made


def drawable(group: h5py.Group, signal: str, axes: Sequence[str], title: str) -> None:
    """Tell viewers what to draw when they open `group`."""
    group.attrs["NX_class"] = "NXdata"
    group.attrs["signal"] = signal
    group.attrs["axes"] = np.array(axes, dtype=STRING)
    for place, name in enumerate(axes):
        group.attrs[f"{name}_indices"] = np.int32(place)
    group.attrs["title"] = title


def entry(parent: h5py.Group, name: str, default: str | None) -> h5py.Group:
    """Make a group of drawable groups, the one named `default` shown first."""
    group = parent.create_group(name)
    group.attrs["NX_class"] = "NXentry"
    if default is not None:
        group.attrs["default"] = default
    return group


def _create(
    group: h5py.Group,
    name: str,
    shape: tuple[int, ...],
    dtype: npt.DTypeLike,
    unit: str,
    long_name: str,
    *,
    packed: bool,
) -> h5py.Dataset:
    options: dict[str, Any] = {}
    # HDF5 allows no filters on an empty dataset, nor on text of varying length
    if all(shape) and h5py.check_string_dtype(np.dtype(dtype)) is None:
        options = {"chunks": _chunks(shape, np.dtype(dtype).itemsize), "fletcher32": True}
        if packed:
            options |= {"compression": "gzip", "compression_opts": 4, "shuffle": True}
    made = group.create_dataset(name, shape=shape, dtype=dtype, **options)
    made.attrs["units"] = unit or "1"
    made.attrs["long_name"] = long_name
    return made


def _chunks(shape: tuple[int, ...], itemsize: int) -> tuple[int, ...]:
    """Whole rows, as many as fit a chunk: results are written and read along the first axis."""
    across = shape[1:]
    row = itemsize * int(np.prod(across, dtype=np.int64))
    return (max(1, min(shape[0], _CHUNK_BYTES // row)), *across)
