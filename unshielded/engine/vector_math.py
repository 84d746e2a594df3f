"""Functions of the inner loops as Brian2 functions; their C++ is in ``vector_math.h``.

The number of external releases of a neuron in a step is a Poisson variate made from one 32-bit
number of a counter-based generator. It has no state, so no neuron's input depends on what
others do, whatever is lesioned.
"""

from __future__ import annotations

import numpy as np
from brian2.core.functions import implementation
from brian2.units.fundamentalunits import check_units
from numpy.typing import NDArray

from unshielded.arrays import Array, Integers


@implementation("cpp", "")
@check_units(x=1, result=1)
def inline_exp(x: Array) -> Array:
    """Return the exponential of a dimensionless number."""
    value: Array = np.exp(x)
    return value


@implementation("cpp", "")
@check_units(x=1, result=1)
def inline_log(x: Array) -> Array:
    """Return the natural logarithm of a dimensionless number."""
    value: Array = np.log(x)
    return value


def squares(key: NDArray[np.uint64], step: NDArray[np.uint64]) -> Array:
    """Uniform numbers in [0, 1): the reference implementation of the generator."""
    with np.errstate(over="ignore"):
        half = np.uint64(32)
        x = (step + np.uint64(1)) * key
        y = x
        z = y + key
        for add in (y, z, y):
            x = x * x + add
            x = (x >> half) | (x << half)
        x = (x * x + z) >> half
    uniform: Array = x * 2.0**-32
    return uniform


@implementation("cpp", "")
@check_units(key=1, step=1, mean=1, none=1, result=1)
def poisson_releases(
    key: Integers,
    step: Integers,
    mean: Array,
    none: Array,
) -> Array:
    """Return the releases of each neuron in a step, given their mean and exp(-mean)."""
    u = squares(np.asarray(key).astype(np.uint64), np.asarray(step).astype(np.uint64))
    p = np.asarray(none, dtype=float)
    total = p.copy()
    count = np.zeros_like(u)
    for n in range(1, 7):
        count += u >= total
        p = p * mean / n
        total = total + p
    return count
