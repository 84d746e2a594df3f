"""The record of a lifespan: rows at the ends of its windows, and the fate of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from unshielded import calcium, circuit, degeneration
from unshielded.arrays import Array, Integers, Mask

#: Recorded of each cell besides what runs with spikes record: (unit, meaning).
MEASURED: dict[str, tuple[str, str]] = {
    "firing_rate": ("Hz", "firing rate in the window"),
    "calcium_entry": ("uM/s", "calcium entry through the membrane, averaged over windows"),
    "burst_gain": ("", "uptake by the uniporter over that at the mean state of the window"),
}

#: Variables of the rows, in order: unit and meaning.
RECORDED: dict[str, tuple[str, str]] = {
    **calcium.RECORDED,
    **circuit.RECORDED,
    **{n: v for n, v in degeneration.RECORDED.items() if n not in degeneration.TISSUE_RECORDED},
    **MEASURED,
}

#: Recorded of the whole: (unit, meaning).
WHOLE: dict[str, tuple[str, str]] = {
    "step": ("s", "time from this window to the next"),
    "load_change": ("", "change of the loads since the last window, beyond chance, relative"),
    "whole_circuit_atp_use": ("", "mean use of ATP of the living cells over that at the start"),
    **{n: v for n, v in degeneration.RECORDED.items() if n in degeneration.TISSUE_RECORDED},
}


@dataclass
class History:
    """Rows, one per window and one for the start.

    Attributes
    ----------
    times
        Of the rows, in s from the start: the ends of the windows.
    rows
        Variable → value of each cell, SI.
    counted
        Start and end of what was counted of each window, in s.
    counts
        Spikes of each neuron in it.
    lost
        Which neurons were lost in it.
    whole
        Of each window, values of `WHOLE`, and strength and force of each muscle.
    final
        Variable → value of each cell at the end, SI.
    seconds
        Where the time went: windows, between them.
    """

    times: list[float] = field(default_factory=list)
    rows: list[Array] = field(default_factory=list)
    counted: list[tuple[float, float]] = field(default_factory=list)
    counts: list[Integers] = field(default_factory=list)
    lost: list[Mask] = field(default_factory=list)
    whole: list[dict[str, float]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: {"windows": 0.0, "between": 0.0})
    steps: int = 0

    def add(self, time: float, values: Mapping[str, Array], cells: int) -> None:
        """Add a row."""
        self.times.append(time)
        row = np.empty((len(RECORDED), cells))
        for place, name in enumerate(RECORDED):
            row[place] = values[name]
        self.rows.append(row)

    def losses(self) -> tuple[Array, Array]:
        """Return when each neuron is lost and when it is back, in s from the start; infinite for never.

        It is lost from the first window in which it is silent on, and restored with the first one after
        that in which it fires again.
        """
        lost = np.array(self.lost)
        begins = np.array([0.0, *(begin for begin, _ in self.counted[1:]), np.inf])
        seen = np.maximum.accumulate(lost, axis=0)
        back = np.maximum.accumulate(seen & ~lost, axis=0)
        windows = len(lost)
        first, again = ((windows - flags.sum(axis=0)) for flags in (seen, back))
        return begins[first], begins[again]

    def write(self, folder: Path) -> None:
        """Write the raw files that the store makes a result of."""
        np.array(self.rows).astype("<f8").tofile(folder / "snapshots.f64")
        self.rows[-1].astype("<f8").tofile(folder / "final.f64")
        np.array(self.counts).astype("<i4").tofile(folder / "counts.i32")
