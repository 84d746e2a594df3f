"""Working folders that say whose they are, so that what a killed process left can be cleared."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from unshielded.store.format.owner import abandoned, owner


def clear(parent: Path, kind: str) -> None:
    """Remove the working folders of processes that ended."""
    for folder in parent.glob(f"{kind}-*"):
        mark = folder.name.removeprefix(f"{kind}-").rpartition("-")[0]
        if abandoned(mark):
            shutil.rmtree(folder, ignore_errors=True)


def own_folder(parent: Path, kind: str) -> Path:
    """Make a new ``<kind>-<host>-<process>-…`` in `parent`; remove those of processes that ended.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    clear(parent, kind)
    return Path(tempfile.mkdtemp(prefix=f"{kind}-{owner()}-", dir=parent))
