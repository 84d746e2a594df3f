"""Read HDF5 safely: links are not followed, sizes are bounded, errors are plain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeAlias

import h5py
import numpy as np

from unshielded.arrays import AnyArray
from unshielded.store.format.files import CorruptResult, NoSuchEntry

READ_BYTES = 1 << 31  # of one dataset at once
SCAN_BYTES = 1 << 28  # looked at for the statistics of one dataset
BLOCK_BYTES = 1 << 24
_ENTRIES = 10_000
_DEPTH = 16

Entry: TypeAlias = h5py.Group | h5py.Dataset


@contextmanager
def plain_errors(path: Path, what: str) -> Iterator[None]:
    """Turn whatever the HDF5 library raises into one kind of error with a plain message."""
    try:
        yield
    except MemoryError as error:
        raise CorruptResult(
            f"{path}: cannot read {what}: it asks for more memory than any result needs; repeat "
            "the run"
        ) from error
    except (OSError, RuntimeError, LookupError, ValueError, TypeError, AttributeError) as error:
        reason = str(error).partition("\n")[0].strip("'\"")
        raise CorruptResult(f"{path}: cannot read {what}: {reason}; repeat the run") from error


@contextmanager
def nothing_missing() -> Iterator[None]:
    """Say that a result is damaged where it lacks what every result has."""
    try:
        yield
    except NoSuchEntry as error:
        raise CorruptResult(f"{error}; every result has it: repeat the run") from error


def child(path: Path, group: h5py.Group, name: str) -> Entry:
    """Return one entry of a group, if it is stored in this very place."""
    with plain_errors(path, f"{group.name.rstrip('/')}/{name}"):
        link = None if "\0" in name else group.get(name, getlink=True)
        if link is None:
            raise NoSuchEntry(_nothing_named(path, group, name))
        if not isinstance(link, h5py.HardLink):
            raise CorruptResult(
                f"{path}: {group.name.rstrip('/')}/{name} is a link to {_target(link)}; a result "
                "holds its data itself and links are not followed"
            )
        found = group[name]
        if not isinstance(found, (h5py.Group, h5py.Dataset)):
            raise CorruptResult(f"{path}: {found.name} is neither a group nor a dataset")
        if isinstance(found, h5py.Dataset) and (found.is_virtual or found.external):
            raise CorruptResult(
                f"{path}: {found.name} keeps its data in another file; links are not followed"
            )
        return found


def resolve(path: Path, file: h5py.File, inner: str) -> Entry:
    """Return the entry at an absolute path inside the file, links not followed."""
    found: Entry = file
    for name in (part for part in inner.split("/") if part not in ("", ".")):
        if not isinstance(found, h5py.Group):
            raise NoSuchEntry(f"{path}: {found.name} is a dataset, there is nothing inside it")
        found = child(path, found, name)
    return found


def _nothing_named(path: Path, group: h5py.Group, name: str) -> str:
    names = [n for _, n in zip(range(_ENTRIES), group, strict=False)]
    close = get_close_matches(name, names, n=1)
    holds = ", ".join(names[:20]) or "nothing"
    hint = f"did you mean {close[0]!r}?" if close else f"it holds {holds}"
    return f"{path}: there is no {name!r} in {group.name}; {hint}"


def _target(link: Any) -> str:
    if isinstance(link, h5py.ExternalLink):
        return f"{link.path!r} in the file {link.filename!r}"
    return repr(getattr(link, "path", "somewhere else"))


def walk(path: Path, file: h5py.File) -> Iterator[tuple[str, Entry | str]]:
    """Yield every entry below the root, or what is wrong with it where it cannot be opened.

    A group that contains itself is listed once; very deep or numerous entries are left out.
    """
    seen = {_address(file)}
    waiting: list[tuple[h5py.Group, int]] = [(file, 0)]
    count = 0
    while waiting:
        group, depth = waiting.pop()
        inside: list[tuple[h5py.Group, int]] = []
        for name in group:
            count += 1
            if count > _ENTRIES:
                return
            place = f"{group.name.rstrip('/')}/{name}"
            try:
                found = child(path, group, name)
            except (CorruptResult, NoSuchEntry) as error:  # damage may list what is not there
                yield place, str(error).removeprefix(f"{path}: ")
                continue
            yield place, found
            if isinstance(found, h5py.Group) and depth < _DEPTH and _address(found) not in seen:
                seen.add(_address(found))
                inside.append((found, depth + 1))
        waiting.extend(reversed(inside))


def _address(entry: Entry) -> tuple[int, Any]:
    info = h5py.h5o.get_info(entry.id)
    return info.fileno, info.addr


def read(path: Path, dataset: h5py.Dataset, rows: slice | None = None) -> AnyArray:
    """Return the values of a dataset, or of some of its rows; text as str."""
    with plain_errors(path, dataset.name):
        check_size(path, dataset, rows)
        source = dataset.asstr() if h5py.check_string_dtype(dataset.dtype) else dataset
        return np.asarray(source[()] if rows is None else source[rows])


def check_size(path: Path, dataset: h5py.Dataset, rows: slice | None = None) -> None:
    """Refuse to take more into memory than any result needs."""
    count = int(dataset.size or 0)
    if rows is not None and dataset.ndim:
        length = int(dataset.shape[0])
        count = count // max(1, length) * len(range(*rows.indices(length)))
    chunk = int(np.prod(dataset.chunks or (1,), dtype=float))
    if max(count, chunk) * dataset.dtype.itemsize > READ_BYTES:
        raise CorruptResult(
            f"{path}: {dataset.name} says that it has the shape {dataset.shape}, more than is "
            f"read at once ({READ_BYTES >> 30} GiB)"
        )


def blocks(path: Path, dataset: h5py.Dataset) -> Iterator[tuple[int, AnyArray]]:
    """Yield a dataset in blocks of whole rows, each with the number of its first row."""
    length = int(dataset.shape[0]) if dataset.ndim else 0
    row = max(1, int(dataset.size or 0) // max(1, length)) * dataset.dtype.itemsize
    at_once = max(1, BLOCK_BYTES // row)
    for first in range(0, length, at_once):
        yield first, read(path, dataset, slice(first, first + at_once))
