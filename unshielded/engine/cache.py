"""Where compiled programs are kept, and whether programs can be run there."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from unshielded.engine.errors import CompileError


def cache_folder() -> Path:
    """Return where programs are kept: ``$UNSHIELDED_CACHE`` or the user's cache folder.

    Who has no home folder, as in some containers, has a folder of his own among temporary files.
    """
    if os.environ.get("UNSHIELDED_CACHE"):
        return Path(os.environ["UNSHIELDED_CACHE"])
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"]) / "unshielded"
    try:
        home = Path.home() if os.environ.get("HOME", "?") else None
    except RuntimeError:  # no HOME, and no entry in the list of users
        home = None
    return _among_temporary_files() if home is None else home / ".cache" / "unshielded"


def _among_temporary_files() -> Path:
    """Return a folder of this user's own; all users can make one of that name, so it is looked at."""
    place = Path(tempfile.gettempdir()) / f"unshielded-{os.getuid()}"
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        found = place.lstat()
    except OSError as error:
        raise CompileError(
            f"there is no home folder, and {place} cannot be made ({error.strerror}); set "
            "UNSHIELDED_CACHE to a folder that can be written"
        ) from error
    if found.st_uid != os.getuid() or found.st_mode & 0o022 or place.is_symlink():
        raise CompileError(
            f"there is no home folder, and {place} is open to others; set UNSHIELDED_CACHE to a folder "
            "of your own"
        )
    return place


def executable(cache: Path) -> bool:
    """Tell whether programs in a folder can be run: its file system may forbid it (noexec)."""
    try:
        with tempfile.TemporaryDirectory(dir=cache, prefix="try-") as folder:
            script = Path(folder) / "try"
            script.write_text("#!/bin/sh\n", encoding="utf-8")
            script.chmod(0o700)
            return subprocess.run([str(script.absolute())], check=False).returncode == 0
    except OSError:
        return False
