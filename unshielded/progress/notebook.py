"""Progress below the cell of a notebook: the table of a terminal, as text that is replaced."""

from __future__ import annotations

import html
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from rich.console import Console

from unshielded.progress.live import LiveTable

#: Seconds between two displays: each is a message to the browser.
_EVERY = 0.5
_WIDTH = 100


def in_notebook() -> bool:
    """Tell whether this is the kernel of a notebook."""
    return Console().is_jupyter


@contextmanager
def displayed(table: LiveTable) -> Iterator[_Displayed]:
    """Show a table below the cell while it is filled in; what it says last stays there."""
    from IPython.display import HTML, display

    def page() -> Any:
        return HTML(f"<pre>{html.escape(text(table))}</pre>")

    shown = _Displayed(table, page, display(page(), display_id=True))
    try:
        yield shown
    finally:
        shown.refresh()


def text(table: LiveTable) -> str:
    """Write a table as plain text."""
    console = Console(
        file=io.StringIO(), width=_WIDTH, force_terminal=False, force_jupyter=False, no_color=True
    )
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


class _Displayed:
    """Fills in the table, and now and then replaces what the notebook shows of it."""

    def __init__(self, table: LiveTable, page: Any, handle: Any) -> None:
        self._table, self._page, self._handle = table, page, handle
        self._last = time.monotonic()
        self._lock = Lock()

    def advance(self, number: int, phase: str, simulated: float, alive: int) -> None:
        self._table.advance(number, phase, simulated, alive)
        self._maybe()

    def finish(self, number: int, error: str) -> None:
        self._table.finish(number, error)
        self._maybe()

    def refresh(self) -> None:
        """Replace what is shown."""
        self._handle.update(self._page())

    def _maybe(self) -> None:
        with self._lock:
            if time.monotonic() - self._last < _EVERY:
                return
            self._last = time.monotonic()
        self.refresh()
