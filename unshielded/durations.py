"""Seconds of a day and of a Julian year, which is what ``year`` means in a config; units that suit a span."""

from typing import Final

DAY: Final = 86400.0
YEAR: Final = 365.25 * DAY

_SUITED: Final = (
    (2 * YEAR, YEAR, "years"),
    (2 * DAY, DAY, "d"),
    (3 * 3600.0, 3600.0, "h"),
    (600.0, 60.0, "min"),
)


def suited(duration: float) -> tuple[float, str]:
    """Return the seconds and the name of the unit in which times of a span are written.

    Examples
    --------
    >>> suited(30.0), suited(172800.0)
    ((1.0, 's'), (3600.0, 'h'))
    """
    for limit, seconds, name in _SUITED:
        if duration > limit:
            return seconds, name
    return 1.0, "s"
