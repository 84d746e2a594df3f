"""What is in a result, as plain data that can be printed or written as JSON."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from unshielded.store.format.hdf5 import (
    READ_BYTES,
    SCAN_BYTES,
    Entry,
    blocks,
    plain_errors,
    read,
    resolve,
    walk,
)

_FIRST = 10
_TEXT = 100_000


def tree(path: Path, file: h5py.File) -> list[dict[str, Any]]:
    """List all groups and datasets, with shape, type and unit."""
    found = []
    with plain_errors(path, "the list of its entries"):
        for place, entry in walk(path, file):
            if isinstance(entry, str):
                found.append({"path": place, "kind": "unreadable", "why": entry})
            else:
                found.append({"path": place, **_outline(entry)})
    return found


def describe(path: Path, file: h5py.File, inner: str) -> dict[str, Any]:
    """Describe a group (its entries) or a dataset (statistics and first values).

    Statistics are over the finite values; of a very large dataset, over its first part
    (``scanned`` says how many values).
    """
    entry = resolve(path, file, inner)
    with plain_errors(path, inner):
        about: dict[str, Any] = {"path": entry.name, **_outline(entry)}
        about["attributes"] = attributes(entry)
        if isinstance(entry, h5py.Group):
            about["entries"] = [
                str(plain(name)) for name, _ in zip(entry, range(1000), strict=False)
            ]
        elif h5py.check_string_dtype(entry.dtype):
            about |= _text(path, entry)
        elif entry.dtype.kind in "biuf":
            about |= _numbers(path, entry)
        return about


def attributes(entry: Entry) -> dict[str, Any]:
    """Return the attributes of an entry, without those that only serve the HDF5 library."""
    internal = {"DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME"}
    return {
        name: plain(entry.attrs[name])
        for name in sorted(entry.attrs)
        if name not in internal and entry.attrs.get_id(name).get_storage_size() <= _TEXT
    }


def plain(value: Any) -> Any:
    """Return a value as JSON has it: NaN and infinity become None."""
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value.tolist()]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _outline(entry: Entry) -> dict[str, Any]:
    if isinstance(entry, h5py.Group):
        return {"kind": "group"}
    text = h5py.check_string_dtype(entry.dtype)
    return {
        "kind": "dataset",
        "shape": None if entry.shape is None else list(entry.shape),
        "dtype": "string" if text else str(entry.dtype),
        "units": plain(entry.attrs.get("units")),
        "long_name": plain(entry.attrs.get("long_name")),
    }


def _text(path: Path, dataset: h5py.Dataset) -> dict[str, Any]:
    if dataset.shape == ():
        return {"first": [str(read(path, dataset))[:_TEXT]]}
    if dataset.ndim != 1:
        return {}
    return {"first": [str(v)[:_TEXT] for v in read(path, dataset, slice(0, _FIRST))]}


def _numbers(path: Path, dataset: h5py.Dataset) -> dict[str, Any]:
    if dataset.shape is None or dataset.size == 0:
        return {"first": [], "min": None, "mean": None, "max": None, "scanned": 0, "missing": 0}
    if dataset.shape == ():
        value = plain(read(path, dataset))
        statistics = {"min": value, "mean": value, "max": value}
        return {"first": [value], **statistics, "scanned": 1, "missing": int(value is None)}
    row = dataset.size // dataset.shape[0] * dataset.dtype.itemsize
    if row > SCAN_BYTES or math.prod(dataset.chunks or ()) * dataset.dtype.itemsize > READ_BYTES:
        return {"first": [], "min": None, "mean": None, "max": None, "scanned": 0, "missing": 0}
    least, most, total, used, scanned = math.inf, -math.inf, 0.0, 0, 0
    first: list[Any] = []
    for _, block in blocks(path, dataset):
        flat = block.ravel()
        first = first or plain(flat[:_FIRST])
        finite = flat[np.isfinite(flat)]
        scanned += flat.size
        if finite.size:
            least, most = min(least, finite.min()), max(most, finite.max())
            total += float(finite.sum(dtype=np.float64))
            used += finite.size
        if scanned * dataset.dtype.itemsize >= SCAN_BYTES:
            break
    return {
        "first": first,
        "min": plain(least),
        "mean": total / used if used else None,
        "max": plain(most),
        "scanned": scanned,
        "missing": scanned - used,
    }
