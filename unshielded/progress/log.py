"""Lines on stderr, which is where everything goes that is not data."""

from __future__ import annotations

import sys
from contextlib import suppress


def log(text: str) -> None:
    """Print a line to stderr; it does not matter whether anybody reads it."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)
