"""When the cells of results died, of one run or of several of one experiment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from unshielded.arrays import Array
from unshielded.results.summary import of_fate, reading
from unshielded.statistics.survival import Lifetimes
from unshielded.store.format.files import NoSuchEntry
from unshielded.store.reading.read import RunFile

Source = Path | str | RunFile

#: Settings in which runs may differ whose cells are put together.
_SAME = ("seed", "name", "description")


def lifetimes(sources: Sequence[Source], population: str) -> Lifetimes:
    """Put the cells of a population of several runs together.

    Cells that outlive a run are censored at its end, and lost ones at their loss, so runs of different
    length may be put together.
    """
    died: list[Array] = [np.zeros(0)]
    survived: list[Array] = [np.zeros(0)]
    for source in sources:
        with reading(source) as run:
            cells = of_fate(run.fate(population), run.duration)
            died.append(cells.died)
            survived.append(cells.censored)
    return Lifetimes(np.concatenate(died), np.concatenate(survived))


def mortal(sources: Sequence[Source]) -> list[str]:
    """Name the populations that have cells which could die, in the order of the circuit."""
    names: dict[str, None] = {}
    for source in sources:
        with reading(source) as run:
            names |= {p.name: None for p in run.populations if p.carries_calcium and p.size}
    return list(names)


def check_alike(sources: Sequence[Source]) -> None:
    """Refuse to put together the cells of runs of different experiments.

    Raises
    ------
    NoSuchEntry
        If settings other than the seed differ.
    """
    first: dict[str, Any] | None = None
    for source in sources:
        with reading(source) as run:
            settings = flat(json.loads(run.text("resolved_json")))
            where = run.path
        first = settings if first is None else first
        if differ := sorted(k for k in {*first, *settings} if first.get(k) != settings.get(k)):
            more = f" and {len(differ) - 1} more" if len(differ) > 1 else ""
            raise NoSuchEntry(
                f"{where}: this run differs from the first in {differ[0]}{more}; survival curves "
                "pool runs that differ only in the seed: name the runs of one experiment"
            )


def flat(settings: Any, above: str = "") -> dict[str, Any]:
    """Write nested settings as paths, entries of lists by number; without seed and name.

    Examples
    --------
    >>> flat({"seed": 1, "drive": {"level": 1.0}, "bath": [{"from": 0.0}], "record": []})
    {'drive.level': 1.0, 'bath.0.from': 0.0, 'record': []}
    """
    if isinstance(settings, dict):
        inner = [(k, v) for k, v in settings.items() if above or k not in _SAME]
    elif isinstance(settings, list) and settings and isinstance(settings[0], dict):
        inner = [(str(place), each) for place, each in enumerate(settings)]
    else:
        return {above.rstrip("."): settings}
    found: dict[str, Any] = {}
    for name, value in inner:
        found |= flat(value, f"{above}{name}.")
    return found
