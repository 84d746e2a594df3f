r"""The parameters that the time of death depends on: locally, and over ranges.

Locally, the elasticity of the time of death :math:`T` to a parameter :math:`p`,

.. math::
    \epsilon_p = \frac{\partial \ln T}{\partial \ln p}
        \approx \frac{\ln T(p e^{h}) - \ln T(p e^{-h})}{2h}.

Over ranges, Sobol's indices of :math:`Y = \ln \min(T, H)`, with :math:`H` the horizon: the share of
the variance of :math:`Y` that a parameter explains by itself (:math:`S_1`), and with all of its
interactions (:math:`S_T`), from Saltelli's sample.

A cell that lives past the horizon has no time of death. It counts as one that dies at the horizon
(so :math:`S` says what moves death as far as it was watched), and how many do is told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from typing import TYPE_CHECKING, Any

import numpy as np

from unshielded.arrays import Array
from unshielded.mechanism import MechanismError, Parameter
from unshielded.preparations import DEFAULT
from unshielded.single_cell.cell import CATALOGUE, Cell, cell
from unshielded.single_cell.equations import DISCHARGE
from unshielded.single_cell.solve import solve

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Values of parameters → time of death in seconds, or infinity.
Outcome = Callable[[Mapping[str, float]], float]
#: ``map`` over points: serial or parallel, results in order.
Mapper = Callable[[Outcome, Sequence[Mapping[str, float]]], Iterable[float]]

#: Physical constants have this source.
_NATURE = "CODATA2018"
#: Not sampled over ranges: there is no cell with more ATP at rest than adenine nucleotides, so the
#: two cannot vary independently, and Sobol's indices need that they do.
TIED = frozenset({"resting_atp", "adenine_total"})
#: How far a parameter is moved to either side for the elasticity, as a share.
STEP = 0.02
#: Of the solver: relative errors in times of death are below 1e-5, in elasticities below 1e-3.
_TOLERANCE = 1e-6
#: Of the equations, for one cell; it takes some ten thousand.
_EVALUATIONS = 200_000


@dataclass(frozen=True)
class Dying:
    """The time of death of a cell, as a function of its parameters. May be sent to a process.

    Attributes
    ----------
    population
        Whose numbers it has.
    values
        Parameters that differ from the population's, in SI.
    firing_rate
        Constant firing rate, in Hz.
    held
        States kept constant.
    horizon
        How long it is watched, in seconds.
    preparation
        In which it lives.
    """

    population: str
    values: Mapping[str, float]
    firing_rate: float
    held: tuple[str, ...] = ()
    horizon: float = 7200.0
    preparation: str = DEFAULT

    def cell(self, values: Mapping[str, float] | None = None) -> Cell:
        """The cell with some parameters changed."""
        changed = {**self.values, **(values or {})}
        resting = cell(self.population, changed, self.held, preparation=self.preparation)
        return resting.given(**{DISCHARGE: self.firing_rate})

    def __call__(self, values: Mapping[str, float]) -> float:
        """Return the time of death in seconds; infinity if the cell lives past the horizon.

        Not a number where the equations cannot be solved: with more ATP at rest than there are
        adenine nucleotides, for instance.
        """
        try:
            death = solve(
                self.cell(values), self.horizon, tolerance=_TOLERANCE, most=_EVALUATIONS
            ).death
        except MechanismError:
            return math.nan
        return math.inf if death is None else death


@dataclass(frozen=True)
class Elasticity:
    """How the time of death follows one parameter.

    Attributes
    ----------
    name, value
        The parameter, in SI.
    low, high
        Times of death with the parameter lower and higher; infinite if the cell lives, not a
        number if its equations cannot be solved there.
    elasticity
        d ln T / d ln p. From one side only where the other lives, or where the parameter is at the
        edge of its range; None where neither side has a time.
    one_sided
        Whether it is.
    """

    name: str
    value: float
    low: float
    high: float
    elasticity: float | None
    one_sided: bool


@dataclass(frozen=True)
class Indices:
    """Sobol's indices over some ranges.

    Attributes
    ----------
    names, low, high
        The parameters and their ranges, in SI; uniform.
    first, first_confidence, total, total_confidence
        Indices and half widths of their 95 % intervals (bootstrap).
    evaluations
        Cells simulated.
    censored
        Share of them that lived past the horizon.
    unsolved
        Cells whose equations could not be solved. The whole block of the sample that such a cell
        belongs to is left out.
    """

    names: tuple[str, ...]
    low: Array
    high: Array
    first: Array
    first_confidence: Array
    total: Array
    total_confidence: Array
    evaluations: int
    censored: float
    unsolved: int


def candidates(dying: Dying) -> dict[str, float]:
    """Return the parameters that the cell depends on, in SI.

    Without constants of nature, what is zero (it has no elasticity), and conditions that are
    imposed. Found by changing each: what changes neither a number of the equations nor the
    resting state is not among them.
    """
    base = dying.cell()
    found = {}
    for name, parameter in CATALOGUE.items():
        value = base.values[name]
        if parameter.source == _NATURE or value == 0.0:
            continue
        other = dying.cell({name: value * (1.0 + STEP)})
        if other.numbers != base.numbers or other.start != base.start:
            found[name] = value
    return found


def local(
    outcome: Outcome,
    values: Mapping[str, float],
    *,
    limits: Mapping[str, Parameter] | None = None,
    step: float = STEP,
    mapper: Mapper = map,
) -> tuple[float, list[Elasticity]]:
    """Return the time of death, and its elasticity to each parameter, the largest first.

    Parameters
    ----------
    outcome
        Gives the time of death for changed parameters.
    values
        The parameters and what they are.
    limits
        Parameters whose ranges are kept to.
    step
        Share by which each is moved to either side, on a logarithmic scale.
    mapper
        Evaluates the points, in order.

    Raises
    ------
    MechanismError
        If the unchanged cell lives: there is no time of death to follow.
    """
    (middle,) = mapper(outcome, [{}])
    if not math.isfinite(middle):
        raise MechanismError(
            "the cell lives past the horizon, so there is no time of death to follow; expected a "
            "higher load or a longer horizon"
        )
    points: list[Mapping[str, float]] = []
    ends = {}
    for name, value in values.items():
        ends[name] = [
            _within(name, value * factor, value, limits)
            for factor in (math.exp(-step), math.exp(step))
        ]
        points.extend({name: end} for end in ends[name])
    rest = iter(mapper(outcome, points))
    found = [
        _elasticity(name, value, ends[name], (next(rest), next(rest)), middle)
        for name, value in values.items()
    ]
    # without a time on either side nothing is known but that it matters: these come first
    return middle, sorted(
        found, key=lambda e: -math.inf if e.elasticity is None else -abs(e.elasticity)
    )


def _within(name: str, moved: float, value: float, limits: Mapping[str, Parameter] | None) -> float:
    if limits is None or name not in limits:
        return moved
    parameter = limits[name]
    scale = parameter.si / parameter.value if parameter.value else 1.0
    inside = parameter.low * scale <= moved <= parameter.high * scale
    return moved if inside else value


def _elasticity(
    name: str, value: float, ends: Sequence[float], times: tuple[float, float], middle: float
) -> Elasticity:
    sides = [
        (math.log(end / value), math.log(time / middle))
        for end, time in zip(ends, times, strict=True)
        if end != value and math.isfinite(time)
    ]
    slope = None
    if len(sides) == 2:
        slope = (sides[1][1] - sides[0][1]) / (sides[1][0] - sides[0][0])
    elif sides:
        slope = sides[0][1] / sides[0][0]
    return Elasticity(name, value, *times, slope, len(sides) == 1)


def ranges(
    values: Mapping[str, float], share: float, limits: Mapping[str, Parameter]
) -> dict[str, tuple[float, float]]:
    """Return the range of each parameter: a share to either side, within what is accepted."""
    return {
        name: (
            _within(name, value * (1.0 - share), value, limits),
            _within(name, value * (1.0 + share), value, limits),
        )
        for name, value in values.items()
    }


def solvable(
    outcome: Outcome, bounds: Mapping[str, tuple[float, float]], *, mapper: Mapper = map
) -> list[str]:
    """Return the parameters for which the cell can be solved at both ends of their ranges."""
    ends = [{name: end} for name, both in bounds.items() for end in both]
    times = np.reshape(list(mapper(outcome, ends)), (-1, 2))
    return [name for name, both in zip(bounds, times, strict=True) if not np.any(np.isnan(both))]


def sobol(
    outcome: Outcome,
    bounds: Mapping[str, tuple[float, float]],
    *,
    samples: int = 64,
    horizon: float = math.inf,
    seed: int = 1,
    mapper: Mapper = map,
) -> Indices:
    """Return Sobol's first-order and total indices of ln min(T, horizon).

    Parameters
    ----------
    outcome
        Gives the time of death, above zero.
    bounds
        Parameter → lower and upper end of its uniform distribution.
    samples
        Base sample, a power of two; ``samples × (parameters + 2)`` cells are simulated.
    horizon
        What an infinite time counts as; must be finite if there are any.

    Raises
    ------
    ModuleNotFoundError
        If SALib is not installed.
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    names = list(bounds)
    problem = {
        "num_vars": len(names),
        "names": names,
        "bounds": [list(bounds[name]) for name in names],
    }
    matrix = sampling.sample(problem, samples, calc_second_order=False, seed=seed)
    points = [dict(zip(names, row, strict=True)) for row in matrix.tolist()]
    times = np.array(list(mapper(outcome, points)))
    # Saltelli's rows belong together in blocks: one that cannot be solved takes its block along
    blocks = times.reshape(-1, len(names) + 2)
    solved = ~np.any(np.isnan(blocks), axis=1)
    if np.sum(solved) < max(2, len(solved) // 2):
        raise MechanismError(
            f"{int(np.sum(np.isnan(times)))} of {len(times)} cells cannot be solved within these "
            "ranges; expected narrower ranges, or fewer parameters"
        )
    unsolved, times = int(np.sum(np.isnan(times))), blocks[solved].ravel()
    y = np.log(np.minimum(times, horizon))
    # with the same outcome everywhere there is no variance to share out
    if np.ptp(y) == 0.0:
        raise MechanismError(
            f"all {len(y)} cells die at the same time or live past the horizon; "
            "expected a load or ranges under which times of death differ"
        )
    found = analysis.analyze(problem, y, calc_second_order=False, seed=seed)
    low, high = np.array([bounds[name] for name in names]).T
    return Indices(
        tuple(names),
        low,
        high,
        np.asarray(found["S1"]),
        np.asarray(found["S1_conf"]),
        np.asarray(found["ST"]),
        np.asarray(found["ST_conf"]),
        len(points),
        float(np.mean(times >= horizon)),
        unsolved,
    )


@contextmanager
def mapping(jobs: int, done: Callable[[], None] | None = None) -> Iterator[Mapper]:
    """Give a mapper over processes, which are started anew (no state is shared with them).

    Parameters
    ----------
    jobs
        Processes; with 1 everything happens in this one.
    done
        Called after each point.
    """
    tell = done or (lambda: None)

    def heard(results: Iterable[float]) -> Iterator[float]:
        for result in results:
            tell()
            yield result

    if jobs == 1:
        yield lambda outcome, points: heard(map(outcome, points))
        return
    # Ctrl-C reaches every process; this one ends the others
    with get_context("spawn").Pool(jobs, initializer=partial(signal, SIGINT, SIG_IGN)) as pool:
        yield lambda outcome, points: heard(pool.imap(outcome, points, chunksize=4))


def as_json(found: Elasticity) -> dict[str, Any]:
    """Return an elasticity as plain data; None where there is no time of death."""
    data = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return {
        k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in data.items()
    }
