"""Courses of many lone cells at once, one for each draw, for calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from unshielded import calcium, circuit
from unshielded.arrays import Array, Integers, Mask
from unshielded.calibration.problem import BATHS, Fact
from unshielded.mechanism.evaluate import Values, initial_values
from unshielded.model import cell_models
from unshielded.numerics.batched import System, of_ode
from unshielded.numerics.rosenbrock import integrate
from unshielded.single_cell.cell import CONDITIONS, numbers
from unshielded.single_cell.equations import DISCHARGE, RELEASES, equations

#: What stays where it is in these courses: nothing applied changes, nothing inhibits.
_STILL = (
    *(f"{stem}_bath" for stem in (*circuit.AGENTS.values(), *calcium.AGENTS.values())),
    "chelator",
    "added_creatine",
    "mk801_block",
    "kv7_open",
    "kv7_opened_by_drug",
    "gaba_a_conductance",
    "gaba_a_slow_conductance",
    "gaba_b_conductance",
    "gaba_b_binding",
    "glycine_conductance",
    "eaat2_induction",
)
_TOLERANCE, _SMALL = 1e-4, 1e-4
#: Draws that are integrated together: their matrices stay in the processor's cache.
_BLOCK = 128
#: Releases are sought in this range (Hz), to a part in 2^steps, each try as long as this (s).
_MOST_RELEASES, _STEPS, _SETTLING = 1e5, 11, 2.0


@dataclass(frozen=True)
class Course:
    """How the cells of a fact fared; not a number for a draw that was not asked, or whose cell has no rest.

    Attributes
    ----------
    death
        Time of death in s, infinite for those that lived; shape (draws,).
    fate
        Place in :data:`unshielded.calcium.FATES`, -1 alive.
    share
        Of the calcium that entered, what the mitochondria hold at the end.
    calcium, atp
        At the end, mM.
    """

    death: Array
    fate: Integers
    share: Array
    calcium: Array
    atp: Array

    def among(self, chosen: Integers, count: int) -> Course:
        """Return the course of some draws as one of all: not a number, and fate -1, for the others."""

        def spread(values: Array, other: float) -> Array:
            whole = np.full(count, other)
            whole[chosen] = values
            return whole

        return Course(
            death=spread(self.death, np.nan),
            fate=spread(self.fate.astype(float), -1).astype(np.int64),
            share=spread(self.share, np.nan),
            calcium=spread(self.calcium, np.nan),
            atp=spread(self.atp, np.nan),
        )


def course(fact: Fact, values: Mapping[str, Array]) -> Course:
    """Integrate the course of a fact for every draw.

    Parameters
    ----------
    values
        Parameter → value of each draw in SI, for the population of the fact.
    """
    resting = np.flatnonzero(_rest(fact, values))
    count = len(next(iter(values.values())))
    none = np.zeros(0)
    parts = [Course(none, none.astype(np.int64), none, none, none)]
    for block in (resting[k : k + _BLOCK] for k in range(0, resting.size, _BLOCK)):
        parts.append(_course(fact, {n: v[block] for n, v in values.items()}))
    found = (np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Course))
    return Course(*found).among(resting, count)


def _rest(fact: Fact, values: Mapping[str, Array]) -> Mask:
    """Tell which cells have a state of rest: NCLX can return what the uniporter takes up."""
    if not len(next(iter(values.values()))):
        return np.zeros(0, bool)
    matrix = np.asarray(initial_values(_known(fact, values), *cell_models())["matrix_calcium"])
    count = len(next(iter(values.values())))
    found: Mask = np.broadcast_to(np.isfinite(matrix) & (matrix > 0), count)
    return found


def _known(fact: Fact, values: Mapping[str, Array]) -> dict[str, Array | float]:
    return {**numbers(fact.population, fact.preparation), **CONDITIONS, **values}


def _course(fact: Fact, values: Mapping[str, Array]) -> Course:
    count = len(next(iter(values.values())))
    known = _known(fact, values)
    if fact.calcium_per_spike is not None:
        known["calcium_per_spike"] = (
            2 * known["faraday"] * known["cytosolic_volume"] * fact.calcium_per_spike
        )
    known[DISCHARGE] = fact.firing_rate
    if fact.held_at is not None and fact.firing_rate and fact.driven == "synapses":
        known[RELEASES] = _releases(fact, known, fact.held_at, count)
    held = (*_STILL, "membrane_potential") if fact.held_at is not None else _STILL
    system = _system(held)
    begin = initial_values(known, *cell_models())
    for name in system.parameters:
        known.setdefault(name, np.asarray(begin[name], float))
    if fact.held_at is not None:
        known["membrane_potential"] = fact.held_at
    for agent, amount in fact.bath.items():
        known[BATHS[agent]] = amount
    start = _start(system, begin, count)
    end = integrate(
        system,
        start,
        {n: np.broadcast_to(known[n], count) for n in system.parameters},
        fact.duration,
        tolerance=_TOLERANCE,
        scale=_scale(system, fact),
        fatal=calcium.FATES,
    )

    def final(name: str) -> Array:
        states = system.states.index(name) if name in system.states else None
        last: Array = end.y[states] if states is not None else end.z[system.integrals.index(name)]
        return last

    gained = final("matrix_calcium") - start[system.states.index("matrix_calcium")]
    entered = final("calcium_entered") - np.asarray(known["calcium_leak"]) * end.time
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.asarray(known["mitochondrial_fraction"]) * gained / entered
    return Course(
        death=np.where(end.fatal >= 0, end.time, np.inf),
        fate=end.fatal,
        share=share,
        calcium=final("calcium"),
        atp=final("atp"),
    )


def _releases(
    fact: Fact, known: Mapping[str, Array | float], potential: float, count: int
) -> Array:
    """Find the releases (Hz) that hold each cell, silent, at a potential."""
    system = _system(_STILL)
    low, high = np.zeros(count), np.full(count, _MOST_RELEASES)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        tried = {**known, RELEASES: middle, DISCHARGE: 0.0}
        begin = initial_values(tried, *cell_models())
        for name in system.parameters:
            tried.setdefault(name, np.asarray(begin[name], float))
        start = _start(system, begin, count)
        end = integrate(
            system,
            start,
            {n: np.broadcast_to(tried[n], count) for n in system.parameters},
            _SETTLING,
            tolerance=1e-3,
            scale=_scale(system, fact),
        )
        above = end.y[system.states.index("membrane_potential")] > potential
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    found: Array = (low + high) / 2
    return found


def _scale(system: System, fact: Fact) -> Array:
    """Return the size of each state: that of the cell in the middle, whatever draws are run beside it."""
    middle = {**numbers(fact.population, fact.preparation), **CONDITIONS}
    begin = _start(system, initial_values(middle, *cell_models()), 1)[:, 0]
    size: Array = np.maximum(np.abs(begin), _SMALL)
    return size


def _start(system: System, begin: Values, count: int) -> Array:
    rows = [np.broadcast_to(np.asarray(begin[name], float), count) for name in system.states]
    return np.array(rows)


@cache
def _system(held: Sequence[str]) -> System:
    return of_ode(equations(held))
