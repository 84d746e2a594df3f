"""Spike statistics against trains whose statistics are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from tests.synthetic_recording import make_recording
from unshielded.cli.activity import activity as command
from unshielded.results.spike_trains import (
    Trains,
    activity,
    burst_rate,
    correlation,
    describe,
    fano_factor,
    irregularity,
    rates,
    spectrum,
    trains,
)
from unshielded.store.format.files import NoSuchEntry
from unshielded.store.reading.read import open_run
from unshielded.store.writing.write import write_run

NEURONS, SECONDS, RATE = 100, 60.0, 10.0


def population(times: list[np.ndarray], seconds: float = SECONDS) -> Trains:
    time = np.concatenate(times)
    neuron = np.repeat(np.arange(len(times)), [len(t) for t in times])
    order = np.argsort(time, kind="stable")
    lived = np.full(len(times), seconds)
    return Trains("some", time[order], neuron[order], 0.0, seconds, lived)


def poisson(random: np.random.Generator, rate: float, seconds: float = SECONDS) -> np.ndarray:
    return np.sort(random.uniform(0, seconds, random.poisson(rate * seconds)))


@pytest.fixture(scope="module")
def independent() -> Trains:
    random = np.random.default_rng(1)
    return population([poisson(random, RATE) for _ in range(NEURONS)])


def test_poisson_trains(independent: Trains) -> None:
    found = describe(independent)
    # 60 000 spikes: the standard error of rate, CV and CV2 is below 1 %
    assert found.mean_rate_hz == pytest.approx(RATE, rel=0.02)
    assert found.sd_rate_hz == pytest.approx((RATE / SECONDS) ** 0.5, rel=0.25)  # 100 neurons
    assert found.cv == pytest.approx(1.0, abs=0.02)
    assert found.cv2 == pytest.approx(1.0, abs=0.02)
    assert found.lvr is not None
    assert found.lvr > 1.0  # it takes refractoriness for granted, and there is none
    # over 4950 pairs of 1200 bins the standard error is √(2/(100·99·1200)) = 0.0004
    assert found.correlation == pytest.approx(0.0, abs=0.002)
    assert found.fano_factor == pytest.approx(1.0, abs=0.06)  # 15 360 bins: √(2/15 360) = 0.011
    assert found.silent_percent == 0.0
    assert found.peak_frequency_hz is None


def test_spectrum_of_poisson_trains_is_flat_at_one(independent: Trains) -> None:
    frequency, power = spectrum(independent)
    assert frequency[-1] == 512.0
    assert power[2:].mean() == pytest.approx(1.0, abs=0.03)  # 510 frequencies, 119 segments
    assert power[2:].std() < 0.2


def test_the_steps_of_the_engine_are_no_rhythm(independent: Trains) -> None:
    on_steps = np.floor(independent.time * 8192) / 8192
    stepped = Trains("some", on_steps, independent.neuron, 0.0, SECONDS, independent.lived)
    assert describe(stepped).peak_frequency_hz is None


def test_peaks_of_flat_spectra_are_rare() -> None:
    random = np.random.default_rng(7)
    found = [
        describe(population([poisson(random, RATE, 20.0) for _ in range(30)], 20.0))
        for _ in range(60)
    ]
    # 5 % of 60 are 3; 9 or more have a probability of 0.3 %
    assert sum(f.peak_frequency_hz is not None for f in found) < 9


def test_a_common_source_gives_its_share_as_correlation() -> None:
    """Trains that take each spike of a common source with probability c are correlated by c."""
    random = np.random.default_rng(2)
    share = 0.2
    source = poisson(random, RATE / share)
    times = [np.sort(source[random.random(len(source)) < share]) for _ in range(50)]
    # the estimate's spread comes from the 1200 bins of the one source: about c·√(2/1200)
    assert correlation(population(times)) == pytest.approx(share, abs=0.03)


def test_correlation_is_that_of_all_pairs(independent: Trains) -> None:
    some = population([independent.time[independent.neuron == n][::3] for n in range(12)])
    edges = np.arange(0.0, SECONDS + 0.01, 0.05)
    counts = [np.histogram(some.time[some.neuron == n], edges)[0] for n in range(12)]
    pairs = np.corrcoef(counts)[np.triu_indices(12, 1)]
    assert correlation(some) == pytest.approx(pairs.mean(), abs=1e-12)


def test_rhythm_shows_as_a_peak() -> None:
    random = np.random.default_rng(3)
    times = []
    for _ in range(NEURONS):
        every = poisson(random, 2 * RATE)
        kept = random.random(len(every)) < 0.5 * (1 + np.cos(2 * np.pi * 25 * every))
        times.append(every[kept])
    found = describe(population(times))
    assert found.peak_frequency_hz == 25.0
    # A modulation of depth 1 adds r²/2 at one frequency; the window spreads it over 1.5 Hz, and
    # the level of N trains is 2r/N: r²/2/1.5/(2r/N) = 167 times for r = 10 and N = 100.
    assert found.peak_power == pytest.approx(167, rel=0.2)


def test_clocks_are_regular_and_gamma_trains_less_irregular_than_poisson() -> None:
    random = np.random.default_rng(4)
    clock = population([np.arange(0.01 * n, SECONDS, 0.1) for n in range(5)])
    for values in irregularity(clock):
        np.testing.assert_allclose(values, 0.0, atol=1e-6)
    gamma = [np.cumsum(random.gamma(4, 0.025, 1000)) for _ in range(20)]
    cv, _, lvr = irregularity(population([t[t < SECONDS] for t in gamma]))
    # CV = 1/√4; Lv of a gamma train of order 4 is 3/(2·4 + 1) (Shinomoto 2003)
    assert cv.mean() == pytest.approx(0.5, abs=0.02)
    assert lvr.mean() == pytest.approx(3 / 9 * (1 + 4 * 0.005 / 0.2), rel=0.1)


def test_synchrony_and_bursts() -> None:
    random = np.random.default_rng(5)
    at = np.arange(0.5, SECONDS, 0.5) + 0.001
    together = population([at.copy() for _ in range(20)])
    # all counts are 0 or 20, so the variance over the mean is 20 (1 − 1 %)
    assert fano_factor(together) == pytest.approx(20 * (1 - len(at) / 15_360), rel=1e-3)
    bursts = np.arange(0.5, SECONDS)[:, None]
    times = [
        np.sort(np.concatenate([poisson(random, 2.0), (bursts + 0.05 * random.random(5)).ravel()]))
        for _ in range(500)
    ]
    # Each second five spikes in 50 ms, on top of 2 Hz: 102 Hz in 60 of 15 000 windows. The counts
    # of 500 neurons, about 2550 in a window, spread by some of the 2 Hz only: √50/2550.
    assert burst_rate(population(times)) == pytest.approx(102, abs=2)
    assert burst_rate(population([poisson(random, 2.0) for _ in range(500)])) < 8


def test_the_dead_and_the_silent() -> None:
    random = np.random.default_rng(6)
    times = [poisson(random, RATE, 30.0), poisson(random, RATE), np.zeros(0), np.zeros(0)]
    given = population(times)
    lived = np.array([30.0, SECONDS, SECONDS, 0.0])
    given = Trains("some", given.time, given.neuron, 0.0, SECONDS, lived)
    np.testing.assert_allclose(rates(given)[:3], [len(times[0]) / 30, len(times[1]) / 60, 0])
    assert np.isnan(rates(given)[3])
    found = describe(given)
    assert found.n == 3
    assert found.silent_percent == pytest.approx(100 / 3)
    assert found.correlation is None  # one neuron is left that fires throughout
    nothing = describe(population([np.zeros(0)] * 3))
    assert (nothing.mean_rate_hz, nothing.silent_percent, nothing.cv) == (0.0, 100.0, None)
    assert (nothing.peak_frequency_hz, nothing.burst_rate_hz) == (None, 0.0)


def write(folder: Path, **options: object) -> Path:
    recording = make_recording(folder / "raw", duration=20.0, **options)  # type: ignore[arg-type]
    write_run(folder / "results.h5", recording, {"seed": 3, "name": "demo"}, "", "{}", "{}", "")
    return folder


def test_of_a_run_in_a_window(tmp_path: Path) -> None:
    with open_run(write(tmp_path)) as run:
        every = {found.population: found for found in activity(run)}
        late = trains(run, "renshaw", 5.0, 15.0)
        assert late.duration == 10.0
        assert late.time.min() >= 5.0
        assert late.time.max() < 15.0
        counted = run.series("renshaw", "spike_count").values.sum()
        assert every["renshaw"].mean_rate_hz == pytest.approx(counted / 8 / 20.0)
        died = run.fate("pyramidal")["time_of_death"]
        expected = np.clip(np.where(np.isnan(died), 15.0, np.minimum(died, 15.0)) - 5.0, 0, None)
        np.testing.assert_allclose(trains(run, "pyramidal", 5.0, 15.0).lived, expected)
        json.dumps([found.as_json() for found in every.values()], allow_nan=False)
        for start, stop in ((-1.0, 5.0), (5.0, 4.0), (0.0, 21.0)):
            with pytest.raises(NoSuchEntry, match="between 0 and 20 s"):
                trains(run, "renshaw", start, stop)
        with pytest.raises(NoSuchEntry, match="at least 1 s"):
            trains(run, "renshaw", 1.0, 1.5)


def test_without_spikes_the_remedy_is_named(tmp_path: Path) -> None:
    with (
        open_run(write(tmp_path, spikes=False)) as run,
        pytest.raises(NoSuchEntry, match=r"set record\.spikes: true"),
    ):
        activity(run)


def test_command(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(command)
    folder = str(write(tmp_path))
    window = ["--from", "2", "--until", "12"]
    printed = CliRunner().invoke(app, [folder, *window, "--format", "json"])
    with open_run(folder) as run:
        expected = [found.as_json() for found in activity(run, 2.0, 12.0)]
    assert json.loads(printed.output) == expected
    figure = tmp_path / "spikes.png"
    printed = CliRunner().invoke(app, [folder, "--figure", str(figure)])
    assert printed.output.splitlines()[-1] == str(figure)
    assert figure.stat().st_size > 10_000
    lines = printed.output.splitlines()
    assert [line.split()[0] for line in lines[2:7]] == [each["population"] for each in expected]
    late = CliRunner().invoke(app, [folder, "--until", "21"])
    assert isinstance(late.exception, NoSuchEntry)
