"""Many systems of ordinary differential equations of one kind at once: a function of arrays, its sparsity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unshielded.arrays import Array
from unshielded.mechanism import MechanismError
from unshielded.mechanism.expression import Name
from unshielded.mechanism.ode import Ode, dependencies
from unshielded.mechanism.targets.arrays import batched

Function = Callable[[Array, Sequence[Array | float]], Array]


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


def of_ode(model: Ode, outputs: Sequence[str] = ()) -> System:
    """Return the system of some equations for many cells."""
    needs = dependencies(model)
    integrals = tuple(s for s in model.states if not any(s in n for n in needs.values()))
    states = tuple(s for s in model.states if s not in integrals)
    order = (*states, *integrals)
    pattern = np.array([[s in needs[row] for s in states] for row in order])
    return System(
        states=states,
        integrals=integrals,
        parameters=model.parameters,
        function=batched(states, model.parameters, model.named, [model.rates[s] for s in order]),
        groups=_groups(pattern),
        pattern=pattern,
        outputs=tuple(outputs),
        lines_of=batched(states, model.parameters, model.named, [Name(o) for o in outputs]),
    )


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
