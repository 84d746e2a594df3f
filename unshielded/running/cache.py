"""The build cache for several users and several folders: where it is, and who may read what lies in it."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
from contextlib import suppress
from pathlib import Path

from unshielded.engine.build import PROGRAM, WRAPPED, Build
from unshielded.engine.cache import cache_folder
from unshielded.store.format.files import StoreError, write_atomically

_VARIABLES = ("UNSHIELDED_CACHE", "XDG_CACHE_HOME")


def fix_place() -> None:
    """Make a relative path of the cache absolute: programs and workers run in other folders."""
    for name in _VARIABLES:
        if os.environ.get(name):
            os.environ[name] = str(Path(os.environ[name]).absolute())


def fix_compiler() -> None:
    """Make a compiler of several words (``CXX="ccache g++"``) one program, and an empty one none.

    What compiles looks for one program, and make may quote it.
    """
    given = os.environ.get("CXX")
    if given is None or shutil.which(given) is not None:
        return
    try:
        words = shlex.split(given)
    except ValueError:  # an odd quote: what compiles will name it
        return
    if not words:
        del os.environ["CXX"]
    elif len(words) > 1 and shutil.which(words[0]) is not None:
        text = f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n'
        name = f"{WRAPPED}{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        script = cache_folder() / name
        with suppress(
            OSError, StoreError
        ):  # a cache that cannot be written is told of when it is used
            script.parent.mkdir(parents=True, exist_ok=True)
            with write_atomically(script) as partial:
                partial.write_text(text, encoding="utf-8")
                partial.chmod(0o755)
            os.environ["CXX"] = str(script)


def share(program: Build) -> None:
    """Let others use a program as far as this user lets them read files (umask).

    A folder for work is made for its owner alone, and would stay so in a cache that a group shares.
    """
    folder = program.program.parent
    with suppress(OSError):  # of another user, who decides
        mask = _umask()
        wanted = 0o777 & ~mask
        if folder.stat().st_uid == os.getuid() and folder.stat().st_mode & 0o777 != wanted:
            folder.chmod(wanted)


def unreadable(cache: Path) -> int:
    """Count the programs in a cache that this user may not run."""
    with suppress(OSError):
        entries = [entry for entry in cache.iterdir() if entry.is_dir() and "-" not in entry.name]
        return sum(_closed(entry) for entry in entries)
    return 0


def runnable(cache: Path) -> int:
    """Count the programs in a cache that this user may run."""
    with suppress(OSError):
        return sum(
            os.access(entry / PROGRAM, os.X_OK) for entry in cache.iterdir() if entry.is_dir()
        )
    return 0


def _closed(entry: Path) -> bool:
    if not os.access(entry, os.R_OK | os.X_OK):
        return True
    return (entry / PROGRAM).exists() and not os.access(entry / PROGRAM, os.X_OK)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
