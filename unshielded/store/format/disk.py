"""A file object for the HDF5 library that keeps write errors and raises them later.

When a write fails (disk full, quota, size limit) the library cannot close its file any more
and the process crashes at its end. This file keeps the error, and from then on the bytes, in
memory: the library closes in peace and the writer raises the error.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType


class PatientFile:
    """A new file with the methods that h5py asks of a file object.

    Attributes
    ----------
    error
        The first error of the disk, or None.
    """

    def __init__(self, path: Path) -> None:
        self.error: OSError | None = None
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        self._place = 0
        self._end = 0
        self._kept: list[tuple[int, bytes]] = []

    def __enter__(self) -> PatientFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._file)

    def check(self) -> None:
        """Raise the error that was kept, if there was one."""
        if self.error is not None:
            raise self.error

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place, counted from the start, the current place or the end."""
        self._place = offset + {os.SEEK_CUR: self._place, os.SEEK_END: self._end}.get(whence, 0)
        return self._place

    def tell(self) -> int:
        """Return the current place."""
        return self._place

    def write(self, data: memoryview | bytes) -> int:
        """Write all of `data`, or keep it."""
        data = memoryview(data).cast("B")
        done = 0
        while done < len(data) and self.error is None:
            try:
                done += os.pwrite(self._file, data[done:], self._place + done)
            except OSError as error:
                self.error = error
        if done < len(data):
            self._kept.append((self._place + done, bytes(data[done:])))
        self._place += len(data)
        self._end = max(self._end, self._place)
        return len(data)

    def readinto(self, into: memoryview | bytearray) -> int:
        """Read back what was written; zeros where nothing was."""
        into = memoryview(into).cast("B")
        into[:] = bytes(len(into))
        done = 0
        while done < len(into):
            found = os.pread(self._file, len(into) - done, self._place + done)
            if not found:
                break
            into[done : done + len(found)] = found
            done += len(found)
        for start, data in self._kept:
            first, last = max(start, self._place), min(start + len(data), self._place + len(into))
            if first < last:
                into[first - self._place : last - self._place] = data[first - start : last - start]
        self._place += len(into)
        return len(into)

    def read(self, size: int) -> bytes:
        """Read `size` bytes."""
        into = bytearray(size)
        self.readinto(into)
        return bytes(into)

    def truncate(self, size: int) -> int:
        """Set the length."""
        if self.error is None:
            try:
                os.ftruncate(self._file, size)
            except OSError as error:
                self.error = error
        self._end = size
        return size

    def flush(self) -> None:
        """Do nothing: every write goes to the system at once."""
