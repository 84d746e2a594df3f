"""Files that are either whole or not there, and the errors of the store."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from unshielded.store.format.owner import abandoned, owner

_REMEDY = {
    errno.ENOSPC: "the disk is full: free some space, then run again",
    errno.EDQUOT: "the disk quota is used up: free some space, then run again",
    errno.EFBIG: "the file would exceed the size limit of this shell (ulimit -f)",
    errno.EROFS: "the file system is read-only: choose another output folder",
    errno.EACCES: "permission denied: choose a folder that you may write to",
    errno.EPERM: "permission denied: choose a folder that you may write to",
    errno.ENOENT: "there is no such file or folder: check the path",
    errno.ENOTDIR: "a part of the path is a file, expected a folder: check the path",
    errno.EEXIST: "a part of the path is a file, expected a folder: check the path",
    errno.EISDIR: "there is a folder of that name: move it or choose another name",
    errno.EIO: "the disk reports an error: check it before running again",
}

#: Where nothing is to be written.
_TO_READ = {
    errno.EACCES: "permission denied: ask its owner for the permission to read it",
    errno.EPERM: "permission denied: ask its owner for the permission to read it",
    errno.EISDIR: "it is a folder, expected a file: check the path",
}


class StoreError(Exception):
    """Reading or writing a file failed, for a reason outside the file."""

    exit_code = 4

    def __str__(self) -> str:
        # One error is one line, and no command to a terminal, whatever a file calls its entries.
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in super().__str__())


class NoSuchEntry(StoreError):
    """A result is sound, but has no entry of the name that was asked for."""

    exit_code = 2


class CorruptResult(StoreError):
    """A result file is damaged, unfinished, or not a result."""

    exit_code = 5


class NewerFormat(CorruptResult):
    """A result is sound, but of a format that only a newer version of the program reads."""


def explain(path: Path, doing: str, error: OSError) -> StoreError:
    """Say in one line what failed on which file, and what to do about it.

    Parameters
    ----------
    path
        The file.
    doing
        ``"write"`` or ``"read"``.
    error
        What the operating system reported.
    """
    remedies = {**_REMEDY, **_TO_READ} if doing == "read" else _REMEDY
    why = remedies.get(error.errno) if error.errno is not None else None
    return StoreError(f"{path}: cannot {doing}: {why or error.strerror or error}")


@contextmanager
def write_atomically(path: Path | str) -> Iterator[Path]:
    """Give a path to write to; it becomes `path` only when the block ends well.

    The block writes ``<name>.<host>-<process>.partial`` beside `path`, so that two processes do
    not write to the same. At its end that file is flushed to the disk and renamed over `path`:
    a reader, or a crash, sees the old file or the new one. If the block raises, the partial file
    is removed and the old one stays; those of processes that were killed are removed, too.

    Raises
    ------
    StoreError
        On any error of the operating system.
    """
    path = Path(path)
    partial = path.with_name(f"{path.name}.{owner()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f"{escape(path.name)}.*.partial"):
            if abandoned(left.name.removeprefix(f"{path.name}.").removesuffix(".partial")):
                left.unlink(missing_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "there is a folder of that name", str(path))
        partial.unlink(missing_ok=True)  # a link that somebody put there would be followed
        yield partial
        _flush(partial)
        partial.replace(path)
        _flush(path.parent)
    except BaseException as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise explain(path, "write", error) from error
        raise


def _flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
