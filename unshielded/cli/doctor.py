"""``unshielded doctor``."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from unshielded.cli.output import log, show, size, table
from unshielded.processes import cores

NO_COMPILER = 6

_PACKAGES = ("unshielded", "brian2", "numpy", "scipy", "h5py", "matplotlib", "pydantic", "typer")

#: An experiment as small as it can be with every population in it.
_SMALLEST = """\
name: doctor
duration: 2 s
circuit:
  populations:
    pyramidal: {size: 20}
    motor_s: {size: 6}
    motor_fr: {size: 8}
    motor_ff: {size: 4}
    motor_buffered: {size: 4}
    oculomotor: {size: 6}
    pv: {size: 10}
    sst: {size: 6}
    vip: {size: 4}
    v2a: {size: 8}
    v1: {size: 4}
    v2b: {size: 4}
    renshaw: {size: 4}
    ia: {size: 4}
"""


def doctor(
    quick: Annotated[
        bool, typer.Option("--quick", help="Skip compiling and running a test experiment.")
    ] = False,
) -> None:
    """Check that this machine can run experiments: compiler, cache and a tiny test experiment."""
    from unshielded.engine.cache import cache_folder, executable
    from unshielded.running.cache import fix_compiler, fix_place, runnable, unreadable

    fix_place()
    fix_compiler()
    cache = cache_folder()
    compiler = os.environ.get("CXX", "g++")
    tools = {name: _tool(name) for name in (compiler, "make")}
    writable = _writable(cache)
    kept = runnable(cache)
    runs = executable(cache) if writable else kept > 0
    made = table("", "")
    made.show_header = False
    made.add_row("python", f"{platform.python_version()} on {platform.platform()}")
    for name in _PACKAGES:
        made.add_row(name, _version(name))
    for name, found in tools.items():
        made.add_row(name, found or "not found")
    made.add_row("cache", f"{cache}, {size(_size(cache))}")
    made.add_row("", _place(writable, kept))
    if writable and not runs:
        made.add_row("", "programs in it can NOT be run (noexec): set UNSHIELDED_CACHE")
    if (others := unreadable(cache)) > 0:
        made.add_row(
            "", f"{others} programs in it are closed to you: ask for 'chmod a+rx', or set another"
        )
    made.add_row("cores", str(cores()))
    show(made)
    missing = [name for name, found in tools.items() if not found]
    for name in missing:
        log(
            f"{'note' if kept and runs else 'error'}: {name} was not found; install a C++ compiler and make "
            "(Debian: apt-get install g++ make; macOS: xcode-select --install)"
        )
    if missing and kept and runs:
        log(f"note: without them only experiments run whose program is in the cache ({kept} are)")
    elif missing or not runs:
        raise typer.Exit(NO_COMPILER)
    elif not quick:
        show(f"a tiny experiment ran: {_try()}")


def _place(writable: bool, kept: int) -> str:
    """Say what can be done with the cache."""
    if writable:
        return "writable"
    if kept:
        return (
            f"NOT writable: the {kept} programs in it can be run; for others set UNSHIELDED_CACHE"
        )
    return "NOT writable: set UNSHIELDED_CACHE"


def _try() -> str:
    """Compile and run the smallest experiment, and say how long that took."""
    from unshielded.config import load
    from unshielded.interrupt import interruptible
    from unshielded.running.run import run

    log("compiling and running a tiny experiment …")
    start = time.perf_counter()
    scratch = tempfile.TemporaryDirectory(prefix="unshielded-")
    with interruptible(heeds=True) as guard, scratch as folder:
        config = Path(folder) / "doctor.yaml"
        config.write_text(_SMALLEST, encoding="utf-8")
        outcome = run(load(config), Path(folder), cancel=guard.cancel)
    how = "compiled in" if outcome.compiled else "found compiled; all took"
    return f"{outcome.simulated_s:g} s simulated, {how} {time.perf_counter() - start:.1f} s"


def _tool(name: str) -> str:
    """Return where a program is and what it says of itself; empty if there is none."""
    path = shutil.which(name)
    if path is None:
        return ""
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return f"{path}, {(said.stdout.splitlines() or ['version unknown'])[0]}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _size(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def _writable(folder: Path) -> bool:
    """Try it: permissions alone do not tell."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
