"""Ctrl-C and SIGTERM: an orderly end of what runs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop(BaseException):
    """A signal came. No part of the program takes it for an error of its own."""

    def __init__(self, number: int) -> None:
        super().__init__(number)  # what pickling makes it from again
        self.exit_code = 128 + number

    def __str__(self) -> str:
        return "interrupted; run the same command again to continue"


@dataclass
class Guard:
    """What a signal finds.

    Attributes
    ----------
    cancel
        Set by the signal; ends what heeds it.
    signal
        The signal that came, or 0.
    """

    cancel: Event = field(default_factory=Event)
    signal: int = 0


@contextmanager
def interruptible(heeds: bool = False) -> Iterator[Guard]:
    """Turn a signal into `Stop`, raised where the main thread is; clean-up follows from there.

    A second signal ends the process at once.

    Parameters
    ----------
    heeds
        Whether the main thread itself ends soon once `Guard.cancel` is set. `Stop` is then raised
        when it has: an exception at just any place would fall between starting a program, or
        making a folder, and noting that there is one to clear away.
    """
    guard = Guard()

    def handle(number: int, frame: FrameType | None) -> None:
        guard.signal = number
        guard.cancel.set()
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        if not heeds:
            raise Stop(number)

    before = {each: signal.signal(each, handle) for each in _SIGNALS}
    try:
        yield guard
    except Exception as error:
        # Ctrl-C reaches the compiler too, and its end may be noticed first.
        if guard.signal:
            raise Stop(guard.signal) from error
        raise
    finally:
        for each, old in before.items():
            signal.signal(each, old)
    if guard.signal:
        raise Stop(guard.signal)
