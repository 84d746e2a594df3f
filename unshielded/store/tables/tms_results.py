"""Sessions of transcranial magnetic stimulation as one HDF5: tables over axes, whole and sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import h5py
import numpy as np

from unshielded.arrays import AnyArray
from unshielded.store.format.disk import PatientFile
from unshielded.store.format.files import CorruptResult, write_atomically
from unshielded.store.format.hdf5 import child, plain_errors, read
from unshielded.store.format.layout import FORMAT_VERSION, STRING, axis, drawable, variable
from unshielded.store.format.seal import check_seal, seal
from unshielded.store.reading.inspection import attributes

CONTENT = "tms"


@dataclass(frozen=True)
class Column:
    """One dataset: values over axes of its table; an axis has no axes itself."""

    name: str
    unit: str
    long_name: str
    values: AnyArray
    axes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A group: its axes, what lies over them, and what a viewer shows first.

    Attributes
    ----------
    columns
        Axes come before what lies over them.
    attributes
        What is one value for the whole table.
    """

    title: str
    signal: str
    columns: tuple[Column, ...]
    attributes: Mapping[str, str | int | float] = field(default_factory=dict)

    def __getitem__(self, name: str) -> AnyArray:
        return next(column.values for column in self.columns if column.name == name)


def write_tables(
    path: Path | str, tables: Mapping[str, Table], about: Mapping[str, str | int | float]
) -> None:
    """Write tables as one sealed HDF5.

    Parameters
    ----------
    path
        The file to make; an existing one is replaced at the very end.
    tables
        Place in the file, such as ``session_0/tracking``, → table.
    about
        Attributes of the root.

    Raises
    ------
    StoreError
        If it cannot be written; whatever was at `path` is then as it was.
    """
    with write_atomically(path) as partial:
        with PatientFile(partial) as disk:
            with h5py.File(disk, "w") as file:
                file.attrs["NX_class"] = "NXroot"
                file.attrs["program"] = "unshielded"
                file.attrs["content"] = CONTENT
                file.attrs["format_version"] = FORMAT_VERSION
                for name, value in about.items():
                    file.attrs[name] = value
                for place, table in tables.items():
                    _write(file, place, table)
                    disk.check()
                file.attrs["complete"] = np.int8(1)  # last: a file without it is unfinished
            disk.check()
        seal(partial)


def read_tables(path: Path | str) -> dict[str, Table]:
    """Read what :func:`write_tables` wrote.

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
            raise CorruptResult(f"{path}: holds no sessions; expected a finished tms.h5")
        return dict(_tables(path, file, ""))


def _write(file: h5py.File, place: str, table: Table) -> None:
    *above, _ = place.split("/")
    for depth in range(len(above)):
        file.require_group("/".join(above[: depth + 1])).attrs["NX_class"] = "NXentry"
    group = file.create_group(place)
    for name, value in table.attributes.items():
        group.attrs[name] = value
    axes: Sequence[str] = ()
    for column in table.columns:
        if column.axes:
            dtype = STRING if column.values.dtype.kind in "UO" else column.values.dtype
            values = column.values.astype(object) if dtype is STRING else column.values
            what = (dtype, column.unit, column.long_name, column.axes, values)
            variable(group, column.name, *what)
        else:
            axis(group, column.name, column.values, column.unit, column.long_name)
        if column.name == table.signal:
            axes = column.axes
    drawable(group, table.signal, axes, table.title)


def _tables(path: Path, group: h5py.Group, place: str) -> list[tuple[str, Table]]:
    found: list[tuple[str, Table]] = []
    columns = []
    for name in group:
        below = child(path, group, name)
        if isinstance(below, h5py.Group):
            found += _tables(path, below, f"{place}/{name}".lstrip("/"))
        else:
            columns.append(_column(path, name, below))
    if columns:
        with plain_errors(path, place):
            about = attributes(group)
            title, signal = str(about.pop("title")), str(about.pop("signal"))
        columns.sort(key=lambda column: bool(column.axes))
        own = {
            k: v for k, v in about.items() if k not in ("NX_class", "axes") and "_indices" not in k
        }
        found.append((place, Table(title, signal, tuple(columns), own)))
    return found


def _column(path: Path, name: str, dataset: h5py.Dataset) -> Column:
    with plain_errors(path, str(dataset.name)):
        scale = bool(dataset.is_scale)
        axes = () if scale else tuple(str(d[0].name).rpartition("/")[2] for d in dataset.dims)
        unit, long_name = str(dataset.attrs["units"]), str(dataset.attrs["long_name"])
    return Column(name, unit, long_name, np.asarray(read(path, dataset)), axes)
