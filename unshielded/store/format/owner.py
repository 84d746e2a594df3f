"""Owners of unfinished files and folders, so that leftovers of killed processes can be cleared."""

from __future__ import annotations

import os
import re
import socket

_MARK = re.compile(r"(?P<host>.+)-(?P<process>\d+)\Z")


def owner() -> str:
    """Return the mark of this process, ``<host>-<process>``, to be part of a name."""
    return f"{_host()}-{os.getpid()}"


def abandoned(mark: str) -> bool:
    """Tell whether the process of a mark is gone.

    Of another host's process nobody here can tell: on a file system that several share, it may
    run.
    """
    found = _MARK.match(mark)
    if not found:
        return False
    return found["host"] == _host() and not runs(int(found["process"]))


def runs(process: int) -> bool:
    """Tell whether a process of this host is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):  # it runs, as somebody else
        return True
    return True


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9.]", ".", socket.gethostname()) or "host"
