"""The seal at the end of a result: a checksum over everything before it.

The HDF5 library may crash or loop on damaged metadata, so a file is checked as plain bytes
before the library sees it. HDF5 ignores bytes behind its own end of file, which lets every
other reader open a sealed file as it is.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

from unshielded.store.format.files import CorruptResult, StoreError, explain

_MAGIC = b"unshielded seal\n"
_LENGTH = len(_MAGIC) + hashlib.sha256().digest_size
_CHUNK = 1 << 22
_SIGNATURE = b"\x89HDF\r\n\x1a\n"


def seal(path: Path) -> None:
    """Append the checksum of all bytes of the file at `path`."""
    with path.open("r+b") as file:
        digest = _digest(file, path.stat().st_size)
        file.seek(0, 2)
        file.write(_MAGIC + digest)


def check_seal(path: Path) -> None:
    """Check that the file at `path` is as it was sealed.

    Raises
    ------
    CorruptResult
        If it is not HDF5, is cut short, or has changed since.
    StoreError
        If there is no such file or it cannot be read.
    """
    try:
        if not path.is_file():  # a pipe or a device would block the open below
            what = "is not a regular file" if path.exists() else "there is no such file"
            raise StoreError(f"{path}: {what}; expected a results.h5 or a run folder")
        with path.open("rb") as file:
            size = path.stat().st_size
            start = file.read(len(_SIGNATURE))
            if start != _SIGNATURE:
                what = "is empty" if not start else "is not an HDF5 file, or its start is damaged"
                raise CorruptResult(f"{path}: {what}; expected a finished result of a run")
            file.seek(max(0, size - _LENGTH))
            trailer = file.read(_LENGTH)
            if len(trailer) < _LENGTH or not trailer.startswith(_MAGIC):
                raise CorruptResult(
                    f"{path}: the seal at the end is missing ({size} bytes found): the file is "
                    "incomplete, changed or not a result; copy it again or repeat the run"
                )
            file.seek(0)
            if _digest(file, size - _LENGTH) != trailer[len(_MAGIC) :]:
                raise CorruptResult(
                    f"{path}: the checksum does not match: the file was damaged or changed after "
                    "the run; copy it again or repeat the run"
                )
    except OSError as error:
        raise explain(path, "read", error) from error


def _digest(file: BinaryIO, length: int) -> bytes:
    """SHA-256 of the first `length` bytes."""
    digest = hashlib.sha256()
    while length > 0:
        block = file.read(min(_CHUNK, length))
        if not block:
            raise OSError("the file became shorter while it was read")
        digest.update(block)
        length -= len(block)
    return digest.digest()
