"""Random releases from a counter-based generator, as a Brian2 function.

The number of releases of a neuron in a step is a Poisson variate made from one 32-bit number
of the Squares generator (Widynski 2020, arXiv:2004.06278): a pure function of the neuron's
key and the step. No state, so no neuron's input depends on what others do, and the loop over
neurons vectorises.
"""

from __future__ import annotations

import numpy as np
from brian2.core.functions import Function, implementation
from brian2.units.fundamentalunits import check_units
from numpy.typing import NDArray

_CPP = """
static inline double poisson_releases(const int64_t key, const int64_t step, const double mean)
{
    const uint64_t k = (uint64_t)key;
    uint64_t x = ((uint64_t)step + 1u)*k;
    const uint64_t y = x, z = y + k;
    x = x*x + y; x = (x >> 32) | (x << 32);
    x = x*x + z; x = (x >> 32) | (x << 32);
    x = x*x + y; x = (x >> 32) | (x << 32);
    x = (x*x + z) >> 32;
    const double u = (double)(int64_t)x*2.3283064365386963e-10;
    double p = exp(-mean), total = p, count = 0.0;
    count += u >= total; p *= mean;            total += p;
    count += u >= total; p *= mean*(1.0/2.0);  total += p;
    count += u >= total; p *= mean*(1.0/3.0);  total += p;
    count += u >= total; p *= mean*(1.0/4.0);  total += p;
    count += u >= total; p *= mean*(1.0/5.0);  total += p;
    count += u >= total;
    return count;
}
"""

#: Beyond this mean the six terms above would cut off more than 1e-4 of the releases.
MAXIMUM_MEAN = 1.0


def squares(key: NDArray[np.uint64], step: NDArray[np.uint64]) -> NDArray[np.float64]:
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
    return x * 2.0**-32


@implementation("cpp", _CPP)
@check_units(key=1, step=1, mean=1, result=1)
def _poisson_releases(
    key: NDArray[np.int64], step: NDArray[np.int64], mean: NDArray[np.float64]
) -> NDArray[np.float64]:
    u = squares(np.asarray(key).astype(np.uint64), np.asarray(step).astype(np.uint64))
    p = np.exp(-np.asarray(mean))
    total = p.copy()
    count = np.zeros_like(u)
    for n in range(1, 7):
        count += u >= total
        p = p * mean / n
        total = total + p
    return count


poisson_releases: Function = _poisson_releases
