"""Time to death of a level of a sweep, in words: of whom, up to when, and how sure.

Rows are those of :func:`unshielded.results.summary.dose_response`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from unshielded.durations import suited
from unshielded.results.summary import at_risk
from unshielded.store.tables.levels import quantities

Level = Mapping[str, Any]


def deaths(level: Level) -> str:
    """Write how many died, of how many that were not lost, with the interval of the share.

    Examples
    --------
    >>> deaths({"alive": 9, "burned_out": 1, "burned_out_low": 1.8, "burned_out_high": 40.4})
    '1 of 10 (1.8–40 %)'
    """
    told = f"{level['burned_out']} of {at_risk(level)}"
    if level["burned_out_low"] is None:
        return told
    return f"{told} ({level['burned_out_low']:.2g}–{level['burned_out_high']:.2g} %)"


def mean_time(level: Level) -> str:
    """Write the mean time to death, restricted to the time followed, with its interval over seeds.

    Where nobody died it is said that nobody did.

    Examples
    --------
    >>> level = {"burned_out": 2, "followed_s": 40.0, "mean_time_to_death_s_mean": 39.0}
    >>> mean_time({**level, "mean_time_to_death_s_low": 38.0, "mean_time_to_death_s_high": 41.0})
    '39.00 (38.00–40.00) s'
    >>> mean_time({**level, "burned_out": 0})
    'no death in 40 s'
    """
    if level["mean_time_to_death_s_mean"] is None:
        return "–"
    if not level["burned_out"]:
        return f"no death in {span(level['followed_s'])}"
    seconds, unit = suited(level["followed_s"])
    told = f"{level['mean_time_to_death_s_mean'] / seconds:.2f}"
    low, high = level["mean_time_to_death_s_low"], level["mean_time_to_death_s_high"]
    if low is not None:
        high = min(high, level["followed_s"])  # nobody is watched for longer
        told += f" ({max(low, 0.0) / seconds:.2f}–{high / seconds:.2f})"
    return f"{told} {unit}"


def median_time(level: Level) -> str:
    """Write by when half of the cells are dead; that it is later than the end if they are not."""
    if level["mean_time_to_death_s_mean"] is None:
        return "–"
    if level["median_time_to_death_s"] is None:
        return f"> {span(level['followed_s'])}"
    seconds, unit = suited(level["followed_s"])
    return f"{level['median_time_to_death_s'] / seconds:.2f} {unit}"


def span(duration: float) -> str:
    """Write a length of time.

    Examples
    --------
    >>> span(172800.0), span(1.5)
    ('48 h', '1.5 s')
    """
    seconds, unit = suited(duration)
    return f"{duration / seconds:.3g} {unit}"


def told(level: Level) -> bool:
    """Tell whether there is something to say of a population: a death, or a cell on the way."""
    return bool(level["burned_out"] or level["doomed"])


def controls(levels: Sequence[Level], axes: Sequence[str]) -> list[Level]:
    """Return the rows of the control: nothing is lost or applied; none where neither was swept."""
    given = [path for path in axes if "loss" in path or path.endswith(".concentration")]
    return [level for level in levels if given and all(_none(level[p]) for p in given)]


def _none(value: Any) -> bool:
    found = quantities([value])
    return found is not None and found.values[0] == 0
