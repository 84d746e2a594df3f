"""Who died, when, and of what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from unshielded.durations import YEAR, suited
from unshielded.fates import FATES
from unshielded.plot.words import name_of
from unshielded.reports.page import PageTable
from unshielded.statistics.intervals import counted as died
from unshielded.statistics.survival import kaplan_meier
from unshielded.store.reading.read import open_run

if TYPE_CHECKING:
    import pandas as pd

HEADS = ("Population", "Died (95 %)", "Doomed", "Of what", "First death", "Median (95 %)", "Last")
NOTE = (
    "Died: of the cells that were not lost, with Wilson's interval, which takes cells for independent; "
    "those of one circuit are not. Median: Kaplan–Meier. Doomed cells live, with most pores open or out of ATP."
)


class Clock:
    """Writes times from the start of a run (s): in the unit that suits its length, or as an age."""

    def __init__(self, duration: float, start_age: float | None = None) -> None:
        self._begin = start_age or 0.0
        self._seconds, self.unit = suited(duration) if start_age is None else (YEAR, "years of age")

    def __call__(self, time: float | None) -> str:
        """Write a time; a dash where there is none.

        Examples
        --------
        >>> Clock(172800.0)(90000.0), Clock(1.0)(None), Clock(5 * YEAR, 20 * YEAR)(YEAR)
        ('25 h', '–', '21 years of age')
        """
        if time is None or not np.isfinite(time):
            return "–"
        return f"{(self._begin + time) / self._seconds:.4g} {self.unit}"


def fates(results: Sequence[Path]) -> pd.DataFrame:
    """Return what became of each cell that can die, of some runs together."""
    import pandas as pd

    found = []
    for result in results:
        with open_run(result) as run:
            found.append(pd.DataFrame(run.fate()))
    return pd.concat(found, ignore_index=True)


def table(fate: pd.DataFrame, duration: float, clock: Clock) -> PageTable:
    """Return a row for each population in which cells died or are doomed; one for all others."""
    return PageTable(HEADS, list(rows(fate, duration, clock)), NOTE)


def rows(fate: pd.DataFrame, duration: float, clock: Clock) -> Iterator[tuple[str, ...]]:
    """Yield the rows of `table`; `fate` may be of several runs that last equally long."""
    spared = []
    for name, cells in fate.groupby("population", sort=False):
        if cells["time_of_death"].notna().any() or _doomed(cells):
            yield name_of(str(name)), *_row(cells, duration, clock)
        else:
            spared.append(cells)
    if spared:
        n = sum(_at_risk(cells) for cells in spared)
        yield (
            "All others" if len(spared) > 1 else name_of(str(spared[0]["population"].iloc[0])),
            died(0, n),
            "0",
            "–",
            "–",
            "–",
            "–",
        )


def causes(fate: pd.DataFrame) -> str:
    """Count the modes of death."""
    counts = {mode: int((fate["mode"] == mode).sum()) for mode in FATES}
    return ", ".join(f"{mode} {count}" for mode, count in counts.items() if count) or "–"


def sentence(fate: pd.DataFrame, what: str) -> str:
    """Say in one sentence how many cells died, and of what."""
    dead = int(fate["time_of_death"].notna().sum())
    modes = f", of {causes(fate)}" if dead else ""
    return f"{died(dead, _at_risk(fate))} cells that can die died in {what}{modes}."


def _row(cells: pd.DataFrame, duration: float, clock: Clock) -> Sequence[str]:
    times = np.asarray(cells["time_of_death"], float)
    dead = np.isfinite(times)
    rest = np.asarray(cells["lost_from"], float)[~dead] if "lost_from" in cells else times[~dead]
    curve = kaplan_meier(times[dead], np.where(np.isfinite(rest), rest, duration))
    middle, low, high = curve.median()
    median = clock(middle)
    if middle is not None:
        upper = "not reached" if high is None else clock(high)
        median += f" ({clock(low)} to {upper})"
    return (
        died(int(dead.sum()), _at_risk(cells)),
        str(_doomed(cells)),
        causes(cells),
        clock(times[dead].min(initial=np.inf)),
        median,
        clock(times[dead].max(initial=-np.inf)),
    )


def _at_risk(cells: pd.DataFrame) -> int:
    dead = cells["time_of_death"].notna()
    lost = cells["lost"].astype(bool) & ~dead if "lost" in cells else np.zeros(len(cells), bool)
    return len(cells) - int(lost.sum())


def _doomed(cells: pd.DataFrame) -> int:
    return int(cells["doomed"].sum()) if "doomed" in cells else 0
