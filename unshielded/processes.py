"""How this program starts Python: the interpreter and the modules of now, nothing of the current folder.

Without ``-P`` Python would import what lies in the current folder before anything else: a user's
``random.py`` would take the place of the library's.
"""

from __future__ import annotations

import os
import sys


def interpreter() -> list[str]:
    """Return what starts Python; every process of this program is started by it."""
    return [sys.executable, "-P"]


def safe_path() -> None:
    """Have the processes that libraries start leave out the current folder, too."""
    os.environ["PYTHONSAFEPATH"] = "1"


def python(module: str, *arguments: str | os.PathLike[str]) -> list[str]:
    """Return the command that runs a module in a new process.

    Examples
    --------
    >>> python("unshielded.sweeps.worker", "runs/two_hits")[1:]
    ['-P', '-m', 'unshielded.sweeps.worker', 'runs/two_hits']
    """
    return [*interpreter(), "-m", module, *(os.fspath(each) for each in arguments)]


def environment(**variables: str) -> dict[str, str]:
    """Return the variables of a new process: those of this one, where it finds modules, and more."""
    path = os.pathsep.join(os.path.abspath(folder) for folder in sys.path if folder)  # noqa: PTH100
    return {**os.environ, "PYTHONPATH": path, **variables}


def cores() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
