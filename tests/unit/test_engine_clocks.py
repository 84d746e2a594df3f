"""Integer ticks: the order of the two clocks, and what is written when, over an hour."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.cpp import compiled

# Two objects count their own calls and check that they are called in step. The counts are what
# the program records. Times are floating-point as Brian2's, and not used.
SOURCE = r"""
#include <algorithm>
#include <cerrno>
#include <functional>
#include <utility>
#include "segment.h"

struct Clock {
    long ticks = 0;
    void tick() { ticks++; }
};
struct Network {
    std::vector<std::pair<Clock *, std::function<void()>>> objects;
};

int main() {
    const long rate = std::atol(std::getenv("RATE")), every = std::atol(std::getenv("EVERY"));
    Network network;
    Clock fast, slow;
    double fast_calls = 0, slow_calls = 0, misplaced = 0, alive = 1, level = 0, sum = 0;
    // As in the engine: something of the fast clock, then the slow one, then the fast one again.
    network.objects.push_back({&fast, [&] { fast_calls++; }});
    network.objects.push_back({&slow, [&] {
        const long step = (long)fast_calls - 1;
        misplaced += step % every != 0 || fast.ticks != step || slow.ticks != (long)slow_calls ||
                     step / every != (long)slow_calls;
        slow_calls++;
        sum += level;
    }});
    network.objects.push_back({&fast, [&] { misplaced += fast.ticks + 1 != (long)fast_calls; }});
    network.objects.push_back({&fast, nullptr}); // an object without code
    std::vector<int32_t> neurons;
    std::vector<double> times;
    int32_t counts[1] = {0}, total = 0;
    unshielded::Run<Network, Clock>(
        network, fast, slow, rate, every, {{"fast_calls", &fast_calls, 1}},
        {{"fast_calls", &fast_calls, 1}, {"slow_calls", &slow_calls, 1}, {"misplaced", &misplaced, 1}},
        {{&sum, 0}}, {{"test.level", &level, 1}},
        neurons, times, counts, &total, 1, &fast_calls, &alive, 1)();
}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(SOURCE, tmp_path_factory.mktemp("clocks"))


def run(
    program: Path,
    folder: Path,
    steps: int,
    interval: int,
    rate: int = 8192,
    every: int = 16,
    membrane: tuple[int, int, int] | None = None,
    schedule: Sequence[tuple[int, float]] = (),
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of (fast calls, slow calls, misplaced calls), and the traced samples."""
    start, stop, between = membrane or (0, 0, 1)
    lines = [str(len(schedule)), *(f"{step} test.level 0 1 {level}" for step, level in schedule)]
    (folder / "schedule").write_text("\n".join(lines) + "\n")
    environment = {
        "RATE": rate,
        "EVERY": every,
        "UNSHIELDED_STEPS": steps,
        "UNSHIELDED_RECORD_STEPS": interval,
        "UNSHIELDED_SPIKES": 1,
        "UNSHIELDED_MEMBRANE_NEURONS": int(membrane is not None),
        "UNSHIELDED_MEMBRANE_LIST": "0",
        "UNSHIELDED_MEMBRANE_FROM": start,
        "UNSHIELDED_MEMBRANE_UNTIL": stop,
        "UNSHIELDED_MEMBRANE_STEPS": between,
        "UNSHIELDED_OUT": folder,
        "UNSHIELDED_SCHEDULE": folder / "schedule",
    }
    done = subprocess.run(
        [program],
        env={**os.environ, **{k: str(v) for k, v in environment.items()}},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f'{{"complete": {steps}}}'
    assert not done.stderr
    final = np.fromfile(folder / "final.f64")
    rows = np.fromfile(folder / "snapshots.f64").reshape(-1, 3)
    np.testing.assert_array_equal(rows[-1], final)
    return rows, np.fromfile(folder / "membrane.f64")


def test_the_clocks_stay_aligned_over_an_hour(program: Path, tmp_path: Path) -> None:
    hour = 3600 * 8192
    rows, _ = run(program, tmp_path, hour, 60 * 8192)
    minutes = np.arange(61)
    np.testing.assert_array_equal(rows[:, 0], minutes * 60 * 8192)
    np.testing.assert_array_equal(rows[:, 1], minutes * 60 * 512)
    np.testing.assert_array_equal(rows[:, 2], 0)


@pytest.mark.parametrize(("rate", "every"), [(8192, 8192), (8192, 1), (10_000, 10)])
def test_any_ratio_is_exact(program: Path, tmp_path: Path, rate: int, every: int) -> None:
    rows, _ = run(program, tmp_path, 300 * rate, 100 * rate, rate, every)
    np.testing.assert_array_equal(rows[:, 1], np.arange(4) * 100 * rate / every)
    np.testing.assert_array_equal(rows[:, 2], 0)


def test_an_end_between_intervals_is_recorded(program: Path, tmp_path: Path) -> None:
    rows, _ = run(program, tmp_path, 1000, 256)
    np.testing.assert_array_equal(rows[:, 0], [0, 256, 512, 768, 1000])
    np.testing.assert_array_equal(rows[:, 1], [0, 16, 32, 48, 63])
    counts = np.fromfile(tmp_path / "counts.i32", "<i4")
    assert len(counts) == 4


def test_the_membrane_is_traced_at_its_steps_and_disturbs_nothing(
    program: Path, tmp_path: Path
) -> None:
    # Samples that fall on no slow tick and no interval; the sample is of the state at the step.
    rows, samples = run(program, tmp_path, 1000, 256, membrane=(37, 700, 7))
    np.testing.assert_array_equal(samples, np.arange(37, 700, 7))
    np.testing.assert_array_equal(rows[:, 0], [0, 256, 512, 768, 1000])
    np.testing.assert_array_equal(rows[:, 2], 0)


def test_tracing_from_the_start_begins_with_the_start(program: Path, tmp_path: Path) -> None:
    _, samples = run(program, tmp_path, 64, 64, membrane=(0, 64, 16))
    np.testing.assert_array_equal(samples, [0, 16, 32, 48])


def test_a_change_is_there_from_its_step_on_and_disturbs_nothing(
    program: Path, tmp_path: Path
) -> None:
    # Changes at the start, between intervals and on one, twice at one step, and after the end.
    schedule = [(0, 1.0), (112, 10.0), (256, 5.0), (256, 100.0), (512, 0.0), (4096, 7.0)]
    rows, samples = run(program, tmp_path, 1000, 256, membrane=(37, 700, 7), schedule=schedule)
    np.testing.assert_array_equal(rows[:, 0], [0, 256, 512, 768, 1000])
    np.testing.assert_array_equal(rows[:, 2], 0)
    np.testing.assert_array_equal(samples, np.arange(37, 700, 7))
    # The level is summed at each slow step of 16: 7 times 1, 9 times 10, 16 times 100.
    sums = np.fromfile(tmp_path / "bath.f64")
    np.testing.assert_array_equal(sums, [0, 97, 1697, 1697, 1697])
