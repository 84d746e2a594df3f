"""The outcome of one lifespan, read from its result."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from unshielded.arrays import Array
from unshielded.durations import YEAR
from unshielded.fates import FATES
from unshielded.results.survival import flat
from unshielded.store.format.files import StoreError
from unshielded.store.reading.read import RunFile, open_run

#: Margin → its course in a result. That of the soma is 1 less use over capacity of ATP; that of the axon's
#: end the same of its own.
MARGINS = {"soma": "headroom", "axon's end": "distal_margin"}

#: A margin has fallen where the mean of a pool is below this share of what it was at the start.
FALLEN = 0.5

_USE = "whole_circuit_atp_use"


@dataclass(frozen=True)
class Life:
    """The outcome of one lifespan; ages in years, NaN for what did not happen.

    Attributes
    ----------
    name, seed
        Of the config.
    margins
        Margin → age at which it fell in the first of the limb's motor pools.
    outcome
        As ``run`` prints it (:mod:`unshielded.multiscale.outcome`).
    dead
        Mode of death → cells that died in it, of the `cells` that were not lost.
    settings
        Path → value, without seed, name and description.
    ages, strength, atp_use
        Age at the ends of the windows; strength of the limb, and use of ATP per living cell of the
        whole circuit, over those at the start. `atp_use` is empty where a result has none.
    limb_died
        Of each motor neuron of the limb, its age at death.
    limb_lost
        Of each, the age at which the config took it away before it died.
    """

    name: str
    seed: int | None
    margins: dict[str, float]
    outcome: dict[str, Any]
    dead: dict[str, int]
    cells: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    ages: Array = field(default_factory=lambda: np.zeros(0))
    strength: Array = field(default_factory=lambda: np.zeros(0))
    atp_use: Array = field(default_factory=lambda: np.zeros(0))
    limb_died: Array = field(default_factory=lambda: np.zeros(0))
    limb_lost: Array = field(default_factory=lambda: np.zeros(0))

    @property
    def limb_dead(self) -> float:
        """Share of the dead among the limb's motor neurons that were not lost; NaN without any."""
        died = int(np.isfinite(self.limb_died).sum())
        watched = len(self.limb_died) - int((np.isfinite(self.limb_lost)).sum())
        return died / watched if watched else float("nan")

    @property
    def first_margin(self) -> str:
        """The margin that fell first; empty where none did."""
        ages = {name: age for name, age in self.margins.items() if np.isfinite(age)}
        return min(ages, key=lambda name: ages[name]) if ages else ""

    def age(self, event: str) -> float:
        """Return the age at an event of the outcome, such as ``onset``; NaN if it did not happen."""
        value = self.outcome.get(f"age_at_{event}_years")
        return float("nan") if value is None else float(value)

    def use_at_onset(self) -> float:
        """Return the use of ATP over that at the start, at onset; at the end where there is none."""
        if not len(self.atp_use):
            return float("nan")
        onset = self.age("onset")
        at = onset if np.isfinite(onset) else self.ages[-1]
        return float(np.interp(at, self.ages, self.atp_use))

    def as_json(self) -> dict[str, Any]:
        """Plain data; None for what did not happen."""
        return {
            "name": self.name,
            "seed": self.seed,
            "first_margin": self.first_margin or None,
            "age_at_fall_of_margin_years": {
                name: age if np.isfinite(age) else None for name, age in self.margins.items()
            },
            "dead": self.dead,
            "cells": self.cells,
            **{k: None if v != v or v == "" else v for k, v in self.outcome.items()},
        }


def life(path: Path) -> Life:
    """Read the outcome of a lifespan.

    Raises
    ------
    StoreError
        If the result cannot be read, or is that of a full spiking simulation.
    """
    # Imported here so that figures of anything else do without the model.
    from unshielded.circuit.populations import LIMB_POOLS

    with open_run(path) as run:
        if not run.has("lifespan"):
            raise StoreError(
                f"{path}: this run has no lifespan; expected one with 'solver: {{kind: multiscale}}'"
            )
        fate = run.fate()
        modes = np.asarray(fate["mode"]).astype(str)
        never = np.full(len(modes), np.nan)
        gone = np.where(fate["lost"] == 1, fate["lost_from"], never) if "lost" in fate else never
        limb = np.isin(np.asarray(fate["population"]).astype(str), LIMB_POOLS)
        courses = run.lifespan()
        ends = next(iter(courses.values())).time if courses else np.zeros(0)
        strength = courses["strength_limb"].values if "strength_limb" in courses else np.zeros(0)
        return Life(
            name=run.name or "",
            seed=run.seed,
            margins={name: _falls(run, course, LIMB_POOLS) for name, course in MARGINS.items()},
            outcome=run.outcome(),
            dead={mode: int((modes == mode).sum()) for mode in FATES},
            cells=len(modes) - int(np.count_nonzero(fate.get("lost", np.zeros(0)))),
            settings=flat(json.loads(run.text("resolved_json"))),
            ages=(run.start_age + ends) / YEAR,
            strength=strength,
            atp_use=courses[_USE].values if _USE in courses else np.zeros(0),
            limb_died=(run.start_age + fate["time_of_death"][limb]) / YEAR,
            limb_lost=(run.start_age + gone[limb]) / YEAR,
        )


def _falls(run: RunFile, course: str, pools: Sequence[str]) -> float:
    ages = []
    for population in run.populations:
        if population.name in pools and population.size:
            band = run.band(population.name, course)
            ages.append((run.start_age + falls(band.time, band.mean)) / YEAR)
    known = [age for age in ages if np.isfinite(age)]
    return min(known) if known else float("nan")


def falls(times: Array, values: Array) -> float:
    """Return when a course is first below half of its start, for good; or NaN.

    The start is the second row: the first is the resting cell, before its first load.

    Examples
    --------
    >>> falls(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.9, 0.8, 0.3, 0.2]))
    2.0
    >>> falls(np.array([0.0, 1.0, 2.0]), np.array([0.9, 0.8, 0.5]))
    nan
    >>> falls(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.9, 0.8, 0.3, np.nan]))
    2.0
    """
    lived = np.isfinite(values)  # afterwards there is no cell whose margin could fall
    times, values = times[lived], values[lived]
    if not len(values):
        return float("nan")
    below = values < FALLEN * values[min(1, len(values) - 1)]
    if not below[-1]:
        return float("nan")
    return float(times[len(below) - int(np.argmin(below[::-1])) if not below.all() else 0])
