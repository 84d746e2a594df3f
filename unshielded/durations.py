"""Seconds of a day and of a Julian year, which is what ``year`` means in a config."""

from typing import Final

DAY: Final = 86400.0
YEAR: Final = 365.25 * DAY
