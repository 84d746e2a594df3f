"""Compile once: a cache of programs, keyed by everything that a program depends on.

Parameter values, wiring, lesions, duration and what is recorded are no part of the key: they
are set when the program starts.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import pickle
import platform
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Event
from typing import TextIO

from unshielded import calcium, circuit
from unshielded.assemble import Assembly
from unshielded.engine.cache import cache_folder, executable
from unshielded.engine.errors import CompileError, Interrupted, OutputError
from unshielded.engine.scratch import own_folder
from unshielded.mechanism import Mechanism
from unshielded.model import PROGRAM_CODE, texts
from unshielded.processes import environment, python

#: Two of these matter most: the macro unblocks vectorised `exp`, the parameter lifts gcc's
#: limit on alias checks, without which the long loops are not vectorised at all.
FLAGS = (
    "-w",
    "-O3",
    "-ffast-math",
    "-fno-finite-math-only",
    "-march=native",
    "-std=c++17",
    "-D__FAST_MATH__",
    "--param=vect-max-version-for-alias-checks=1000",
)

PROGRAM = "main"
#: Begin of the name of a compiler that stands for several words.
WRAPPED = "compiler-"
MANIFEST = "build.json"

#: Errors of a cache that is full, and how compilers and linkers word them.
_NO_ROOM = {
    errno.ENOSPC: ("No space left on device",),
    errno.EDQUOT: ("Disk quota exceeded",),
    errno.EFBIG: ("File too large", "File size limit exceeded"),
}


@dataclass(frozen=True)
class Build:
    """A compiled program and what it says of itself; `note` is what its user should know."""

    program: Path
    compiled: bool
    manifest: Mapping[str, object]
    note: str = ""

    @property
    def delays(self) -> Mapping[str, str]:
        """Receptor → the program's name for the delays of its synapses."""
        names = self.manifest["delays"]
        assert isinstance(names, dict)
        return names

    @property
    def state(self) -> Sequence[tuple[str, str, int]]:
        """Group, name and size of each variable of a state that the program writes."""
        state = self.manifest["state"]
        assert isinstance(state, list)
        return [(group, name, size) for group, name, size in state]


def build(assembly: Assembly, cancel: Event | None = None) -> Build:
    """Return the program for an assembly, compiling it if it is not in the cache.

    Whoever wants the same program, in this process or another one, waits for the first. Each
    works in a folder of its own, so that nothing depends on the lock but time. A program that this
    user may not read or run is built anew, beside it.

    Raises
    ------
    CompileError
        If it has to be compiled, and there is no compiler, or it fails, or programs in the cache
        cannot be run.
    """
    try:
        inputs = _inputs(assembly, _compiler())
    except CompileError:
        found = _of_any_compiler(cache_folder(), _inputs(assembly, ""))
        if found is None:
            raise
        return found
    text = json.dumps(inputs, sort_keys=True)
    folder = cache_folder() / hashlib.sha256(text.encode()).hexdigest()[:24]
    cancel = cancel or Event()
    found = _found(folder) or _found(_beside(folder))
    if found is not None:
        return found
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(folder.with_suffix(".lock"), cancel):
            found = _found(folder) or _found(_beside(folder))
            return found or _make(folder, assembly, inputs, cancel)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise OutputError(
                f"the build cache {folder.parent} is full ({error.strerror}); free some space, "
                "or set UNSHIELDED_CACHE to a folder that has it"
            ) from error
        raise CompileError(
            f"the build cache {folder.parent} cannot be written ({error.strerror}); "
            "set UNSHIELDED_CACHE to a folder that can"
        ) from error


@contextmanager
def _one_at_a_time(path: Path, cancel: Event) -> Iterator[None]:
    """Wait until nobody else builds the same; the system lifts the lock of a process that ends."""
    with _lock(path) as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if cancel.wait(0.2):
                    raise Interrupted(signal.SIGINT) from None
                continue
            except OSError:  # a file system without locks: build it twice, then
                pass
            break
        yield


def _lock(path: Path) -> TextIO:
    """Open a file to lock; one of another user's can be locked by who may read it."""
    try:
        return path.open("a", encoding="utf-8")
    except PermissionError:
        return path.open(encoding="utf-8")


def _beside(folder: Path) -> Path:
    """Return where this user keeps a program of his own, if he may not use the one that is there."""
    return folder.with_name(f"{folder.name}-{os.getuid()}")


def _make(folder: Path, assembly: Assembly, inputs: Mapping[str, object], cancel: Event) -> Build:
    work = own_folder(folder.parent, "build")
    try:
        if not executable(folder.parent):
            raise CompileError(
                f"programs in the build cache {folder.parent} cannot be run (its file system is noexec); "
                "set UNSHIELDED_CACHE to a folder where they can"
            )
        _generate_and_compile(assembly, work, inputs, cancel)
        place, note = folder, ""
        try:
            work.replace(folder)
        except OSError:  # something is there: of another process that was first, broken, or closed
            if _found(folder) is None:
                place, note = _replace(work, folder)
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        return Build(place / PROGRAM, True, manifest, note)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _replace(work: Path, folder: Path) -> tuple[Path, str]:
    """Put a program in the place of one that cannot be used, or beside it; return where, and a note."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        work.replace(folder)
    except OSError:
        place = _beside(folder)
        shutil.rmtree(place, ignore_errors=True)
        work.replace(place)
        return place, (
            f"the program in {folder} is closed to you, and was built anew as {place.name}; its owner can "
            f"open it: chmod -R a+rX {folder}"
        )
    return folder, ""


def _found(folder: Path) -> Build | None:
    """The program that lies in a folder of the cache, if it is whole."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not (isinstance(manifest, dict) and os.access(folder / PROGRAM, os.X_OK)):
        return None
    return Build(folder / PROGRAM, False, manifest)


def _of_any_compiler(cache: Path, inputs: Mapping[str, object]) -> Build | None:
    """Return a program of these inputs, whatever compiled it: for a machine that has no compiler."""
    wanted = json.loads(json.dumps({k: v for k, v in inputs.items() if k != "compiler"}))
    for path in sorted(cache.glob(f"*/{MANIFEST}")):
        found = _found(path.parent)
        if found and {name: found.manifest.get(name) for name in wanted} == wanted:
            return found
    return None


def _generate_and_compile(
    assembly: Assembly, work: Path, inputs: Mapping[str, object], cancel: Event
) -> None:
    request = work / "assembly.pickle"
    request.write_bytes(pickle.dumps(assembly))
    source = work / "source"
    # A fresh interpreter in an empty folder: Brian2 keeps global state, and executes a file
    # called brian_preferences that lies in the current folder. Brian2 iterates over sets of names:
    # with a hash that differs from process to process, so would the order of statements, and with
    # it the last bits of what they compute.
    code, output = _in_a_group_of_its_own(
        python("unshielded.engine.generate", request, source),
        work,
        environment(PYTHONHASHSEED="0"),
        cancel,
    )
    program = source / PROGRAM
    if code or not program.exists():
        log = output.strip().splitlines()
        for number, words in _NO_ROOM.items():
            if any(word in output for word in words):
                raise OSError(number, os.strerror(number))
        if code < 0:
            log.append(f"the process that builds it was ended by signal {-code}")
        raise CompileError("the program could not be built:\n" + "\n".join(log[-30:]))
    program.replace(work / PROGRAM)
    shutil.rmtree(source)
    request.unlink()
    names = json.loads((work / "names.json").read_text(encoding="utf-8"))
    (work / MANIFEST).write_text(json.dumps({**inputs, **names}), encoding="utf-8")


def _in_a_group_of_its_own(
    command: list[str], folder: Path, environment: Mapping[str, str], cancel: Event
) -> tuple[int, str]:
    """Run a command; whatever ends it early ends make and the compilers that it started too."""
    theirs, ours = os.pipe()  # if this process is killed, the other one reads the end of it
    try:
        with subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                while True:
                    with suppress(subprocess.TimeoutExpired):
                        output, _ = process.communicate(timeout=0.2)
                        return process.returncode, output
                    if cancel.is_set():
                        raise Interrupted(signal.SIGINT)
            except BaseException:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                raise
    finally:
        os.close(theirs)
        os.close(ours)


def _inputs(assembly: Assembly, compiler: str) -> dict[str, object]:
    return {
        "structure": assembly.structure,
        "neuron": _text(circuit.NEURON, circuit.BALANCES),
        "surroundings": _text(circuit.SURROUNDINGS, {}),
        "bath": [_text(circuit.BATH, {}), _text(calcium.BATH, {})],
        "cell": _text(calcium.CELL, calcium.BALANCES),
        "engine": texts(PROGRAM_CODE),
        "compiler": compiler,
        "flags": FLAGS,
        "machine": _machine(),
        "recorded": [*calcium.RECORDED, *circuit.RECORDED],
        "versions": {name: version(name) for name in ("brian2", "numpy")},
    }


def _text(mechanisms: tuple[Mechanism, ...], balances: Mapping[str, str]) -> list[object]:
    """Everything of the mechanisms that ends up in the program; values do not."""
    return [
        dict(balances),
        *(
            [
                m.equations,
                m.on_spike,
                m.before_step,
                m.after_step,
                dict(m.contributes),
                dict(m.stiff),
            ]
            + [(p.name, p.unit, p.per_cell) for p in m.parameters]
            for m in mechanisms
        ),
    ]


@cache
def _compiler() -> str:
    compiler = os.environ.get("CXX", "g++")
    for tool in (compiler, "make"):
        if shutil.which(tool) is None:
            raise CompileError(
                f"{tool!r} was not found; install a C++ compiler and make "
                "(Debian: apt-get install g++ make; macOS: xcode-select --install)"
            )
    shown = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False)
    version = shown.stdout.splitlines()[0] if shown.stdout else compiler
    return f"{version} {_options(Path(compiler))}".strip()


def _options(compiler: Path) -> str:
    """Return the options of a compiler of several words, which `running.cache.fix_compiler` made one program."""
    if not compiler.name.startswith(WRAPPED):
        return ""
    try:
        words = shlex.split(compiler.read_text(encoding="utf-8").splitlines()[1])
    except (OSError, IndexError, ValueError):
        return ""
    return " ".join(word for word in words if word.startswith("-"))


@cache
def _machine() -> str:
    """The processor: a program compiled with -march=native belongs to it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        flags = next(line for line in lines if line.startswith(("flags", "Features")))
    except (OSError, StopIteration):
        flags = platform.processor()
    return platform.machine() + flags
