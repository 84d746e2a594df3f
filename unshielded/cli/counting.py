"""Progress of work that is counted in pieces, on stderr."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from unshielded.cli.output import log

#: What takes less long is not reported, in seconds; and the time between two lines.
_SOON, _EVERY = 2.0, 1.0


@contextmanager
def counting(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Give a function to call after each piece: a bar on a terminal, JSON lines elsewhere.

    Nothing is shown in the first two seconds.
    """
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    started = time.monotonic()
    done, last = 0, started + _SOON - _EVERY
    if console.is_terminal and not console.is_dumb_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        progress = Progress(
            *columns,
            TimeRemainingColumn(),
            console=console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        task = progress.add_task(label, total=total)

        def advance() -> None:
            progress.advance(task)
            if not progress.live.is_started and time.monotonic() - started > _SOON:
                progress.start()

        try:
            yield advance
        finally:
            progress.stop()
        return

    def line() -> None:
        nonlocal done, last
        done += 1
        now = time.monotonic()
        if now - last >= _EVERY:
            last = now
            left = (now - started) / done * (total - done)
            log(json.dumps({"phase": label, "done": done, "of": total, "eta_s": round(left, 1)}))

    yield line
