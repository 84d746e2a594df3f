"""The outcome of one run's motor neurons, read from its results."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from unshielded.arrays import AnyArray, Array, Mask
from unshielded.circuit.populations import LIMB_POOLS
from unshielded.durations import YEAR
from unshielded.mechanism.units import UnitError, to_si
from unshielded.results.summary import Row, reading
from unshielded.statistics.survival import Lifetimes, restricted_mean
from unshielded.store.format.files import NoSuchEntry
from unshielded.store.format.layout import RESULTS_FILE
from unshielded.store.reading.read import RunFile

#: Share of the run over which force is averaged at its start and at its end.
_EDGE = 0.1


@dataclass(frozen=True)
class MotorNeuronOutcome:
    """What became of the motor neurons of one run.

    Attributes
    ----------
    variant, arm, start, seed
        Which run it is. `variant` may be empty; `start` is text as written.
    time
        When each neuron died, was lost from the circuit, or was last seen alive (s); in the same
        order in every arm.
    died
        Whether it did.
    force_kept
        Force of the muscle in the last tenth of the run over that in its first tenth; None where
        none was recorded, or there was none.
    start_age
        What `start` counts from, where it is an age (s); `time` counts from the start of the run.
    onset, severe
        When the limb became weak, and severely so (s), infinite if it did not; None of a run that
        is not a lifespan.
    """

    variant: str
    arm: str
    start: str
    seed: int
    time: Array
    died: Mask
    end: float
    force_kept: float | None = None
    start_age: float = 0.0
    onset: float | None = None
    severe: float | None = None

    @property
    def of_life(self) -> bool:
        """Whether the run is a lifetime, whose times are told as ages."""
        return self.onset is not None

    @property
    def n(self) -> int:
        """Number of motor neurons that could die: those that the config does not take away."""
        return len(self.time) - self.lost

    @property
    def lost(self) -> int:
        """How many the config took away before they died: they are seen no longer."""
        return int(np.count_nonzero(~self.died & (self.time < self.end)))

    @property
    def lifetimes(self) -> Lifetimes:
        """When they died, or were last seen alive (s)."""
        return Lifetimes(self.time[self.died], self.time[~self.died])

    @property
    def deaths(self) -> int:
        """How many died."""
        return int(self.died.sum())

    @property
    def begin(self) -> float:
        """When in the run what the arm gives began (s).

        0 where the arm says nothing, infinite if it never did.
        """
        share, _, lost = self.start.rpartition(" ")
        if lost == "lost":
            needed = math.ceil(float(share) * self.n)
            deaths = np.sort(self.time[self.died])
            return float(deaths[needed - 1]) if 0 < needed <= len(deaths) else math.inf
        try:
            return max(0.0, to_si(self.start, "s") - self.start_age)
        except UnitError:
            return 0.0

    def lived(self, horizon: float) -> Array:
        """Return how long each neuron lived or was seen (s), counted up to the horizon at most."""
        return np.minimum(self.time, horizon)

    def mean_life(self, horizon: float) -> float:
        """Return the restricted mean survival time (s); who was lost counts until then."""
        found = restricted_mean(self.lifetimes, horizon)
        return math.nan if found is None else found


def motor_neuron_outcomes(rows: Iterable[Row], folder: Path) -> list[MotorNeuronOutcome]:
    """Read the runs of a trial.

    Parameters
    ----------
    rows
        Its runs: ``[{"point": {"arm": …, "start": …}, "seed": int, "id": str}, …]``; runs without
        ``id`` (those that failed) are left out.
    folder
        Holds them: ``<folder>/<id>/results.h5``.

    Raises
    ------
    NoSuchEntry
        If a run has no motor neurons that could die.
    StoreError
        If a result cannot be read.
    """
    return [_read(row, folder / str(row["id"]) / RESULTS_FILE) for row in rows if row.get("id")]


def _read(row: Row, path: Path) -> MotorNeuronOutcome:
    with reading(path) as run:
        pools = [
            p for p in run.populations if p.name in LIMB_POOLS and p.carries_calcium and p.size
        ]
        if not pools:
            raise NoSuchEntry(
                f"{path}: there are no motor neurons that could die, expected cells of "
                f"{', '.join(LIMB_POOLS)}; a trial counts those"
            )
        fates = [run.fate(p.name) for p in pools]
        death = np.concatenate([fate["time_of_death"] for fate in fates])
        died = np.isfinite(death)
        gone = np.concatenate([_lost_from(fate) for fate in fates])
        end = max(run.duration, float(death[died].max(initial=0.0)))
        force = _force_kept(run, [p.name for p in pools])
        start_age = run.start_age
        onset, severe = (_reached(run, event) for event in ("onset", "severe_weakness"))
    point: dict[str, Any] = row["point"]
    return MotorNeuronOutcome(
        point.get("variant", ""),
        point["arm"],
        point["start"],
        row["seed"],
        np.where(died, death, np.where(np.isfinite(gone), gone, end)),
        died,
        end,
        force,
        start_age,
        onset,
        severe,
    )


def _lost_from(fate: Mapping[str, AnyArray]) -> Array:
    """Return when each cell was lost that is lost at the end (s); NaN of all others."""
    never = np.full(len(fate["mode"]), np.nan)
    return np.where(fate["lost"] == 1, fate["lost_from"], never) if "lost" in fate else never


def _reached(run: RunFile, event: str) -> float | None:
    """Return when a lifetime came to an event of its outcome (s from the start); else infinity."""
    if not run.has("lifespan"):
        return None
    age = run.outcome().get(f"age_at_{event}_years")
    return math.inf if age is None else float(age) * YEAR - run.start_age


def _force_kept(run: RunFile, pools: Sequence[str]) -> float | None:
    found = [p for p in pools if run.has("populations", p, "force_mean")]
    if not found:
        return None
    series = [run.total(p, "force") for p in found]
    force = np.sum([each.values for each in series], axis=0)
    time = series[0].time
    edge = _EDGE * float(time[-1])
    first, last = (float(force[part].mean()) for part in (time <= edge, time >= time[-1] - edge))
    return last / first if first > 0 and math.isfinite(last) else None
