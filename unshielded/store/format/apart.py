"""Read a file in a separate process, so that no file can hang or crash this one.

A seal keeps damage from the HDF5 library, not malice: on metadata that somebody made up and
sealed, the library may loop for ever, crash, or ask for all the memory there is.
"""

from __future__ import annotations

import json
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

from unshielded.store.format import files
from unshielded.store.format.files import CorruptResult

#: Processor seconds that looking takes at most, and bytes per second of the checksum. It is
#: time of the processor, so that a slow disk is no reason to give up.
SECONDS: Final = 6
BYTES_PER_SECOND: Final = 1 << 26
MEMORY: Final = 6 << 30

_ENDED: Final = {signal.SIGXCPU: "does not come to an end", signal.SIGKILL: "was killed"}


def apart(path: Path, look: Callable[[], Any]) -> Any:
    """Return what `look` returns, called in a child process of limited time and memory.

    Parameters
    ----------
    path
        The file that it looks into: its size decides how long that may take.
    look
        Returns data that JSON can hold.

    Raises
    ------
    CorruptResult
        If the child did not come to an end, or crashed.
    StoreError
        As `look` does.
    """
    size = path.stat().st_size if path.is_file() else 0
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _answer(theirs, look, SECONDS + size // BYTES_PER_SECOND)
    os.close(theirs)
    try:
        with os.fdopen(ours, "rb") as pipe:
            said = pipe.read()
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code < 0:
        why = _ENDED.get(signal.Signals(-code), f"crashed ({signal.Signals(-code).name})")
        raise CorruptResult(
            f"{path}: the HDF5 library {why} on this file: its structure is damaged although its "
            "checksum is right; repeat the run"
        )
    answer = json.loads(said)
    if "found" in answer:
        return answer["found"]
    kind = getattr(files, answer["error"], RuntimeError)
    raise kind(answer["text"])


def _answer(pipe: int, look: Callable[[], Any], seconds: int) -> NoReturn:
    """Look, write what was found or what went wrong, and end the process."""
    code = 1
    try:
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        _limit(resource.RLIMIT_CPU, seconds)
        _limit(resource.RLIMIT_AS, MEMORY)
        _limit(resource.RLIMIT_CORE, 0)
        try:
            answer = json.dumps({"found": look()})
        except files.StoreError as error:
            answer = json.dumps({"error": type(error).__name__, "text": str(error)})
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            answer = json.dumps({"error": "", "text": text})
        with os.fdopen(pipe, "wb") as file:
            file.write(answer.encode())
        code = 0
    finally:
        os._exit(code)


def _limit(kind: int, most: int) -> None:
    """Set a limit, but for one that is lower already."""
    soft, hard = resource.getrlimit(kind)
    lowest = min(limit for limit in (soft, hard, most) if limit != resource.RLIM_INFINITY)
    resource.setrlimit(kind, (lowest, hard))
