"""Working folders that say whose they are, so that what a killed process left can be cleared."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path


def own_folder(parent: Path, kind: str) -> Path:
    """Make a new ``<kind>-<process>-…`` in `parent`, and remove those of processes that ended.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    for folder in parent.glob(f"{kind}-*"):
        owner = re.match(rf"{kind}-(\d+)-", folder.name)
        if owner and not _runs(int(owner[1])):
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{kind}-{os.getpid()}-", dir=parent))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, as somebody else
        return True
    return True
