"""Whether two results hold the same data, bit by bit, whatever made them."""

from __future__ import annotations

from pathlib import Path

import h5py

from unshielded.store.format.hdf5 import blocks, plain_errors, read, walk
from unshielded.store.format.seal import check_seal
from unshielded.store.reading.inspection import attributes

_ASIDE = "/provenance"


def differences(first: Path, second: Path) -> list[str]:
    """Name the entries of two results in which their bits differ, those of provenance aside.

    Raises
    ------
    CorruptResult
        If one of them is damaged.
    StoreError
        If one does not exist or cannot be read.
    """
    for path in (first, second):
        check_seal(path)
    with (
        plain_errors(first, f"it or {second}"),
        h5py.File(first, "r", locking=False) as a,
        h5py.File(second, "r", locking=False) as b,
    ):
        entries = [
            {place: entry for place, entry in walk(path, file) if not place.startswith(_ASIDE)}
            for path, file in ((first, a), (second, b))
        ]
        left, right = entries
        found = [] if attributes(a) == attributes(b) else ["/"]
        found += sorted(set(left) ^ set(right))
        found += [
            place
            for place in left
            if place in right and not _alike(first, left[place], second, right[place])
        ]
        return found


def _alike(
    first: Path,
    a: h5py.Group | h5py.Dataset | str,
    second: Path,
    b: h5py.Group | h5py.Dataset | str,
) -> bool:
    if isinstance(a, str) or isinstance(b, str) or type(a) is not type(b):
        return False
    if repr(attributes(a)) != repr(attributes(b)):  # text: not a number equals itself there
        return False
    if isinstance(a, h5py.Group):
        return True
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if not a.ndim or h5py.check_string_dtype(a.dtype):
        return bool((read(first, a) == read(second, b)).all())
    pairs = zip(blocks(first, a), blocks(second, b), strict=True)
    return all(one.tobytes() == two.tobytes() for (_, one), (_, two) in pairs)
