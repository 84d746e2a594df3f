r"""The equations of a cell between two windows, for many cells at once.

They are those of :data:`calcium.CELL` and of :data:`lifetime.CELL`, as they are written, in one system
without a time step. What spikes bring in is held at its measured mean (:mod:`unshielded.lifespan.loads`),
with two closures:

- Sodium that enters through conductances follows its driving force:
  :math:`J = \bar J\,(E_{Na}(t) - \bar V)/\bar D` with the driving force :math:`\bar D` of the window.
- Bursts take up more calcium than their mean does. The uniporter's flux is :math:`g\,J_{MCU}(c, \Delta\Psi)`,
  with :math:`g = \langle J_{MCU}\rangle / J_{MCU}(\langle c\rangle, \langle\Delta\Psi\rangle)` measured in the
  window, cell by cell, and constant until the next.

Slow states act on the cell through factors of its parameters, within the same system. What they are told
of the cell are running means, :math:`\tau\,\dot{\bar x} = x - \bar x` with :math:`\tau` of a minute: short for
them, and long enough that a demand which depends on itself through them has an answer.

The fibres without a junction in a muscle, which all its cells share, follow
:math:`\dot o = a - b\,o`, with the loss :math:`a` and the rate of adoption :math:`b` of the pool at the
last window (:mod:`unshielded.lifespan.pools`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

import calcium
from mechanism import Mechanism, MechanismError
from mechanism.ode import UNITS, Ode, ode, words
from mechanism.texts import texts
from unshielded.lifespan import slow

Array = NDArray[np.float64]
Function = Callable[[Array, Sequence[Array | float]], Array]

#: The flux that bursts multiply, and by what.
CLOSED, GAIN = "mcu_flux", "burst_gain"

#: Sodium's doors that follow its driving force; their measured rates are ``mean_<door>``.
DOORS = ("leak_sodium_entry", "synaptic_sodium_entry")
DRIVING_FORCE = "mean_sodium_drive"

#: Given for each cell between windows, besides the parameters: SI.
HELD = (
    "calcium_entry",
    "spike_sodium_entry",
    *(f"mean_{door}" for door in DOORS),
    "discharge_rate",
    "release_rate",
    "membrane_potential",
    DRIVING_FORCE,
    GAIN,
    "orphan_source",
    "orphan_adoption",
)

#: Set by hand: a cell that is integrated lives, and there is no time step to damp buffers with.
CONSTANT = {"alive": 1.0, "dt": 0.0, "averaging_time": 60.0}

#: What the slow states are told of a cell → the line of its system that says it.
LOADS = {
    "mean_ros": "ros",
    "mean_atp": "atp",
    "mean_calcium": "calcium",
    "mean_atp_use": "atp_use",
    "mean_atp_capacity": "supply_capacity",
    "mean_polarised_share": "polarised_share",
}

AGE, ORPHANS = "age", "orphan_fibres"
DEATHS = ("necrosis", "apoptosis")


#: Lines that are of use besides the rates.
OUTPUTS = tuple(
    dict.fromkeys(
        [
            *LOADS.values(),
            "sodium_potential",
            "mean_mitochondrial_potential",
            f"{CLOSED}_of_mean",
            *slow.RECORDED_LINES,
            *(f"factor_{name}" for name in slow.FACTORS),
            *(name for name in (*slow.FACTORS, *slow.ADDED) if name in calcium.PARAMETERS),
        ]
    )
)


@dataclass(frozen=True)
class System:
    """A system ``dy/dt = f(y, p)`` of many cells, with integrals ``dz/dt = g(y, p)`` beside it.

    Attributes
    ----------
    states
        The order of `y`, whose shape is (states, …, cells).
    integrals
        Of which no rate depends: the order of `z`.
    parameters
        The order of `p`; each a number, or one per cell.
    function
        ``f`` and ``g`` one after the other, shape (states + integrals, …, cells).
    groups
        Columns of the Jacobian that can be found together: no rate depends on two of a group.
    pattern
        Which of `states` each rate may depend on, shape (states + integrals, states).
    outputs
        The lines that :meth:`lines` can give.
    """

    states: tuple[str, ...]
    integrals: tuple[str, ...]
    parameters: tuple[str, ...]
    function: Function
    groups: tuple[NDArray[np.int64], ...]
    pattern: NDArray[np.bool_]
    outputs: tuple[str, ...]
    lines_of: Function

    def lines(self, y: Array, p: Sequence[Array | float]) -> dict[str, Array]:
        """Named lines at a state, by name: one value per cell."""
        with np.errstate(all="ignore"):
            return dict(zip(self.outputs, self.lines_of(y, p), strict=True))


@cache
def system() -> System:
    """Return the system of this model's cells, made once."""
    return of_text(equations(), OUTPUTS)


def equations() -> Ode:
    """Return the equations of a cell between windows, slow states included."""
    inside = tuple(m for m in calcium.CELL if m.name != "loads")
    mechanisms: tuple[Mechanism, ...] = (*inside, *calcium.BATH, *slow.CELL)
    found = texts(mechanisms, {**calcium.BALANCES, **slow.BALANCES})
    rates, named = dict(found.rates), dict(found.named)
    for stem in calcium.AGENTS.values():
        del rates[f"{stem}_bath"]  # drugs enter within a minute: at their concentration
    rates[AGE] = "1.0"
    for name in slow.LOADS:
        if name in LOADS:
            rates[name] = f"({LOADS[name]} - {name})/averaging_time"
        elif name not in (AGE, "discharge_rate"):
            raise MechanismError(f"lifetime wants the load {name!r}, which no cell can give")
    for name in slow.POOL:
        if name != ORPHANS:
            raise MechanismError(f"lifetime wants {name!r} of a pool, which no pool can give")
        rates[name] = "orphan_source - orphan_adoption*orphan_fibres"
    named["mean_mitochondrial_potential"] = "(1 - pore_open)*mitochondrial_potential"
    for door in DOORS:
        named[door] = f"mean_{door}*(sodium_potential - membrane_potential)/{DRIVING_FORCE}"
    named[f"{CLOSED}_of_mean"] = named[CLOSED]
    named[CLOSED] = f"{GAIN}*{CLOSED}_of_mean"
    named |= changed()
    return ode(rates, named, OUTPUTS)


def changed() -> dict[str, str]:
    """Lines for what slow states change: factors, and parameters of cells.

    A parameter is made of its own value, ``own_<name>``.
    """
    lines = {f"factor_{name}": text for name, text in slow.FACTORS.items()}
    for name in dict.fromkeys([*slow.FACTORS, *slow.ADDED]):
        if name in calcium.PARAMETERS:
            own = f"own_{name}*factor_{name}" if name in slow.FACTORS else f"own_{name}"
            lines[name] = f"{own} + ({slow.ADDED[name]})" if name in slow.ADDED else own
        elif name in slow.ADDED:
            raise MechanismError(f"lifetime adds to {name!r}, which is no parameter of a cell")
    return lines


def of_text(model: Ode, outputs: Sequence[str] = ()) -> System:
    """Return the system of equations in text."""
    needs = _dependencies(model)
    integrals = tuple(s for s in model.states if not any(s in n for n in needs.values()))
    states = tuple(s for s in model.states if s not in integrals)
    order = (*states, *integrals)
    pattern = np.array([[s in needs[row] for s in states] for row in order])
    return System(
        states=states,
        integrals=integrals,
        parameters=model.parameters,
        function=_compiled(model, states, [f"({model.rates[s]})" for s in order]),
        groups=_groups(pattern),
        pattern=pattern,
        outputs=tuple(outputs),
        lines_of=_compiled(model, states, outputs),
    )


def _dependencies(model: Ode) -> dict[str, set[str]]:
    """State → the states that its rate depends on, through named lines."""
    of_line: dict[str, set[str]] = {}

    def through(text: str) -> set[str]:
        used = words(text)
        direct = used & set(model.rates)
        return direct.union(*(of_line[w] for w in used if w in of_line))

    for name, text in model.named.items():
        of_line[name] = through(text)
    return {state: through(text) for state, text in model.rates.items()}


def _groups(pattern: NDArray[np.bool_]) -> tuple[NDArray[np.int64], ...]:
    """Colour the columns greedily, the fullest first [Curtis1974]."""
    groups: list[list[int]] = []
    taken: list[NDArray[np.bool_]] = []
    for column in np.argsort(-pattern.sum(axis=0), kind="stable"):
        for group, rows in zip(groups, taken, strict=True):
            if not np.any(rows & pattern[:, column]):
                group.append(int(column))
                rows |= pattern[:, column]
                break
        else:
            groups.append([int(column)])
            taken.append(pattern[:, column].copy())
    return tuple(np.array(group, dtype=np.int64) for group in groups)


def _compiled(model: Ode, states: Sequence[str], results: Sequence[str]) -> Function:
    """One Python function of arrays; every line is computed once."""
    lines = [f"    {name} = {text}" for name, text in model.named.items()]
    outs = [f"    out[{place}] = {text}" for place, text in enumerate(results)]
    source = "\n".join(
        [
            "def f(y, p):",
            f"    ({', '.join(states)},) = y",
            f"    ({', '.join(model.parameters)},) = p" if model.parameters else "",
            *lines,
            f"    out = empty(({len(results)}, *y.shape[1:]))",
            *outs,
            "    return out",
        ]
    )
    scope: dict[str, object] = {
        "exp": np.exp,
        "log": np.log,
        "sqrt": np.sqrt,
        "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
        "int": lambda condition: np.asarray(condition, dtype=float),
        "empty": np.empty,
        "inf": np.inf,
        **dict.fromkeys(UNITS, 1.0),
    }
    exec(source, scope)
    function: Function = scope["f"]  # type: ignore[assignment]
    return function


def arguments(
    model: System, values: Mapping[str, Array | float], cells: NDArray[np.int64] | slice
) -> list[Array | float]:
    """Return the parameters in order, for some of the cells.

    Raises
    ------
    MechanismError
        If one is missing.
    """
    found: list[Array | float] = []
    for name in model.parameters:
        if name not in values:
            raise MechanismError(f"the system of a cell needs {name!r}, which nothing gives")
        value = values[name]
        found.append(float(value) if np.ndim(value) == 0 else np.asarray(value, float)[cells])
    return found
