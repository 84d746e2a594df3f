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


#: Variables by which a user's shell or make changes what a compiler makes of a program (docs/results_format.md, What
#: decides a result).
_OF_BUILDS = frozenset(
    {
        *("MAKEFLAGS", "MFLAGS", "GNUMAKEFLAGS", "MAKELEVEL", "MAKEFILES", "MAKEOVERRIDES"),
        *("CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "LDLIBS", "OPTIMISATIONS", "TARGET_ARCH"),
        *(
            "CPATH",
            "C_INCLUDE_PATH",
            "CPLUS_INCLUDE_PATH",
            "LIBRARY_PATH",
            "GCC_EXEC_PREFIX",
            "COMPILER_PATH",
        ),
    }
)

#: All that a compiled program gets of the user's variables: where the compiler's own libraries are.
_OF_PROGRAMS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
#: What benchmarks ask of programs of their own; no program of an experiment reads it.
_OF_BENCHMARKS = "UNSHIELDED_BENCHMARK_"


def environment(**variables: str) -> dict[str, str]:
    """Return the variables of a new process: those of this one, where it finds modules, and more.

    Those that change what a compiler makes are left out.
    """
    path = os.pathsep.join(os.path.abspath(folder) for folder in sys.path if folder)  # noqa: PTH100
    kept = {name: value for name, value in os.environ.items() if name not in _OF_BUILDS}
    return {**kept, "PYTHONPATH": path, **variables}


def of_program(**variables: str) -> dict[str, str]:
    """Return the variables of a compiled program: hardly any of the user's, for they may change last digits."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _OF_PROGRAMS or name.startswith(_OF_BENCHMARKS)
    }
    return {**kept, "LC_ALL": "C", **variables}


def cores() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
