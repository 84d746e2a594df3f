"""``python -m unshielded.sweeps.worker DIR [--force]``: compute the points named on stdin.

A line of stdin is a point's number, a line of stdout its outcome, as JSON. When stdin ends,
because the work is done or because the process at its other end is gone, the worker ends too, and
with it what it runs.
"""

from __future__ import annotations

import json
import os
import sys
from queue import SimpleQueue
from threading import Event, Thread

from unshielded.engine.errors import Interrupted
from unshielded.sweeps.point import compute


def main(folder: str, force: bool) -> None:
    """Compute until there is nothing more to do."""
    # Whatever a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    cancel, asked = Event(), SimpleQueue[int | None]()

    def listen() -> None:
        for line in sys.stdin:
            asked.put(int(line))
        cancel.set()
        asked.put(None)

    Thread(target=listen, daemon=True).start()
    try:
        while (number := asked.get()) is not None:
            found = compute(folder, number, force, cancel)
            answers.write(json.dumps(found) + "\n")
            answers.flush()
    except (Interrupted, BrokenPipeError):
        pass


if __name__ == "__main__":
    main(sys.argv[1], "--force" in sys.argv[2:])
    # A result is written, and acknowledged, by now; a listening thread would only delay the end.
    os._exit(0)
