"""The counter-based generator behind the external releases, and the inlined exponential.

The numbers are fixed, so a test that passes once passes always: the bounds are those that one
good generator in a million would miss.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from tests.cpp import compiled
from unshielded.arrays import Array, Integers
from unshielded.assemble.streams import stream
from unshielded.engine.limits import MAXIMUM_MEAN
from unshielded.engine.vector_math import poisson_releases, squares

SOURCE = r"""
#include <cstdio>
#include <vector>
#include "vector_math.h"
// stdin: the number of items, then keys, steps, means and x; stdout: counts, exp(x), log(x).
int main() {
    int64_t n;
    if (std::fread(&n, 8, 1, stdin) != 1) return 1;
    std::vector<int64_t> key(n), step(n);
    std::vector<double> mean(n), x(n), count(n), power(n), logarithm(n);
    std::fread(key.data(), 8, n, stdin);
    std::fread(step.data(), 8, n, stdin);
    std::fread(mean.data(), 8, n, stdin);
    std::fread(x.data(), 8, n, stdin);
    for (int64_t k = 0; k < n; k++) count[k] = poisson_releases(key[k], step[k], mean[k], exp(-mean[k]));
    for (int64_t k = 0; k < n; k++) power[k] = inline_exp(x[k]);
    for (int64_t k = 0; k < n; k++) logarithm[k] = inline_log(x[k]);
    std::fwrite(count.data(), 8, n, stdout);
    std::fwrite(power.data(), 8, n, stdout);
    std::fwrite(logarithm.data(), 8, n, stdout);
}
"""

N = 400_000


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(SOURCE, tmp_path_factory.mktemp("generator"))


def run(
    program: Path, key: Integers, step: Integers, mean: Array, x: Array
) -> tuple[Array, Array, Array]:
    data = b"".join(a.tobytes() for a in (np.array([len(key)]), key, step, mean, x))
    out = np.frombuffer(
        subprocess.run([program], input=data, capture_output=True, check=True).stdout
    )
    counts, powers, logarithms = out.reshape(3, len(key))
    return counts, powers, logarithms


def keys(count: int) -> Integers:
    """As assemble draws them: odd 64-bit numbers."""
    return stream(1, "input", "test").integers(0, 2**63, count, dtype=np.int64) * 2 + 1


def uniform(key: Integers, step: Integers) -> Array:
    return squares(key.astype(np.uint64), step.astype(np.uint64))


def test_c_and_numpy_draw_the_same_releases(program: Path) -> None:
    random = np.random.default_rng(0)
    key = keys(N)
    step = random.integers(0, 2**45, N)
    step[:1000] = np.arange(1000)
    mean = random.uniform(0, MAXIMUM_MEAN, N)
    mean[:10] = 0.0
    counts, _, _ = run(program, key, step, mean, np.zeros(N))
    expected = poisson_releases(key, step, mean, np.exp(-mean))
    # Equal but where the uniform number lies within rounding of a step of the distribution.
    assert np.sum(counts != expected) <= 1
    assert counts[:10].sum() == 0
    assert counts.max() > 3


# -ffast-math adds the two parts of ln 2 up before they are used, so the error grows with the
# argument, by 2.3e-17 for each power of two, and twice that without fused multiplication.
@pytest.mark.parametrize(("largest", "error"), [(1.0, 1e-15), (20.0, 3e-15), (700.0, 1e-13)])
def test_the_exponential_is_accurate(program: Path, largest: float, error: float) -> None:
    x = np.random.default_rng(0).uniform(-largest, largest, N)
    x[:5] = [0.0, -0.0, 1.0, largest, -largest]
    none = np.zeros(N, np.int64)
    _, found, _ = run(program, none, none, np.zeros(N), x)
    wanted = np.exp(x.astype(np.longdouble))
    relative = float(np.max(np.abs(found - wanted) / wanted))
    print(f"relative error of the exponential up to {largest:g}: {relative:.2e}")
    assert relative < error
    assert found[0] == found[1] == 1.0


def test_the_exponential_is_clipped_beyond_700(program: Path) -> None:
    x = np.array([701.0, 1e6, np.inf, -701.0, -1e6, -np.inf])
    zeros = np.zeros(6)
    _, found, _ = run(program, np.ones(6, np.int64), np.zeros(6, np.int64), zeros, x)
    np.testing.assert_allclose(found[:3], np.exp(700.0), rtol=1e-13)
    np.testing.assert_allclose(found[3:], np.exp(-700.0), rtol=1e-13)


def test_the_logarithm_is_accurate(program: Path) -> None:
    random = np.random.default_rng(0)
    x = np.exp(random.uniform(-700, 700, N))
    x[: N // 2] = random.uniform(0.5, 2, N // 2)  # where the logarithm goes through zero
    x[:3] = [1.0, np.finfo(float).tiny, np.finfo(float).max]
    none = np.zeros(N, np.int64)
    _, _, found = run(program, none, none, np.zeros(N), x)
    wanted = np.log(x.astype(np.longdouble))
    # two roundings of the result, or of 1 where the result is smaller
    error = np.max(np.abs(found - wanted) / np.maximum(np.abs(wanted), 1.0))
    assert float(error) < 2 * np.finfo(float).eps
    assert found[0] == 0.0


def test_there_is_no_logarithm_of_what_is_not_positive_and_finite(program: Path) -> None:
    x = np.array([0.0, -0.0, -1.0, -np.inf, np.inf, np.nan])
    none = np.zeros(6, np.int64)
    _, _, found = run(program, none, none, np.zeros(6), x)
    assert np.isnan(found).all()


@pytest.mark.parametrize("first", [0, 2**31, 2**40])
def test_uniform_over_time_and_over_neurons(first: int) -> None:
    one, many = keys(1), keys(N)
    steps = first + np.arange(N)
    for u in (uniform(np.repeat(one, N), steps), uniform(many, np.full(N, first))):
        assert u.min() >= 0.0
        assert u.max() < 1.0
        observed, _ = np.histogram(u, 256, (0, 1))
        assert stats.chisquare(observed).pvalue > 1e-6


def correlation(a: Array, b: Array) -> float:
    """In standard errors."""
    return float(np.corrcoef(a, b)[0, 1] * np.sqrt(len(a)))


@pytest.mark.parametrize("lag", [1, 2, 3, 16, 8192])
def test_no_correlation_between_steps(lag: int) -> None:
    u = uniform(np.repeat(keys(1), N + lag), np.arange(N + lag))
    assert abs(correlation(u[:-lag], u[lag:])) < 5
    # Nor between large and small deviations: what a correlation of the squares would show.
    assert abs(correlation((u[:-lag] - 0.5) ** 2, (u[lag:] - 0.5) ** 2)) < 5


def test_no_correlation_between_neurons() -> None:
    # 40 neurons over 20,000 steps: 780 pairs, the largest of which is below 5 standard errors.
    u = np.array([uniform(np.repeat(key, 20_000), np.arange(20_000)) for key in keys(40)])
    pairs = np.corrcoef(u)[np.triu_indices(40, 1)] * np.sqrt(20_000)
    assert np.abs(pairs).max() < 5
    assert stats.kstest(pairs, "norm").pvalue > 1e-6
    # A neuron's numbers are not another's, one step later.
    shifted = [correlation(u[k, 1:], u[k + 1, :-1]) for k in range(39)]
    assert np.abs(shifted).max() < 5


@pytest.mark.parametrize("mean", [0.001, 0.05, 0.2, 0.35, 0.7, MAXIMUM_MEAN])
def test_releases_are_poisson(program: Path, mean: float) -> None:
    for key, step in ((np.repeat(keys(1), N), np.arange(N)), (keys(N), np.full(N, 12345))):
        counts, _, _ = run(program, key, step, np.full(N, mean), np.zeros(N))
        # Five standard errors of the mean, and of the variance: (mu4 - sigma^4)/n with
        # mu4 = m + 3 m^2. Cutting at six takes 1e-4 of the mean at a mean of 1.
        cut = 1e-4 * mean
        assert abs(counts.mean() - mean) < 5 * np.sqrt(mean / N) + cut
        error = np.sqrt((mean + 2 * mean**2) / N)
        assert abs(counts.var() - mean) < 5 * error + 10 * cut
        expected = stats.poisson(mean).pmf(np.arange(7)) * N
        enough = expected > 10
        observed = np.bincount(counts.astype(int), minlength=7)[:7]
        assert stats.chisquare(
            np.append(observed[enough], observed[~enough].sum() + 10),
            np.append(expected[enough], N - expected[enough].sum() + 10),
        ).pvalue > 1e-6  # fmt: skip
