"""Vesicles: the statements against the exact solution, and what the engine makes of them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest

from tests.physics.engine import simulate, tiny
from unshielded.circuit.synapses.vesicles import vesicles
from unshielded.mechanism.evaluate import execute

SHARE, RECOVERY = 0.3, 0.4


def released(
    times: Iterable[float], share: float = SHARE, recovery: float = RECOVERY, left: float = 1.0
) -> list[float]:
    """What each spike releases, by the mechanism's own statements."""
    known: dict[str, float] = {
        "release_probability": share,
        "vesicle_recovery_time": recovery,
        "release_left": 1.0,
        "transmitter_release": left,
        "vesicle_pool": float(vesicles.initial["vesicle_pool"]),
        "last_release": float(vesicles.initial["last_release"]),
        "releases": 0.0,
        "alive": 1.0,
    }
    found = []
    for time in times:
        known["t"] = time
        execute(vesicles.statements["on_spike"], known)
        found.append(known["released"])
    assert known["releases"] == pytest.approx(sum(found), rel=1e-12)
    return found


def test_a_rested_terminal_releases_all_that_it_can() -> None:
    assert released([0.0]) == [1.0]
    assert released([5.0], left=0.4) == [0.4]


@pytest.mark.parametrize("rate", [1.0, 10.0, 50.0])
def test_a_regular_train_settles_where_tsodyks_and_markram_say(rate: float) -> None:
    last = released(np.arange(400) / rate)[-1]
    kept = math.exp(-1 / (rate * RECOVERY))
    # The exact fixed point of x → 1 - (1 - (1 - p)x)e^(-T/τ); rounding of 400 steps.
    assert last == pytest.approx((1 - kept) / (1 - (1 - SHARE) * kept), rel=1e-12)


def test_the_first_spikes_of_a_burst_deplete_geometrically() -> None:
    found = released(np.arange(6) * 1e-7)  # no time to recover: 1e-7 s of 0.4 s
    np.testing.assert_allclose(found, (1 - SHARE) ** np.arange(6), rtol=1e-5)


@pytest.mark.parametrize("pause", [0.05, 0.4, 3.0])
def test_the_pool_recovers_as_an_exponential(pause: float) -> None:
    train = np.arange(50) * 0.01
    before = released(train)[-1] * (1 - SHARE)
    test = released([*train, train[-1] + pause])[-1]
    assert test == pytest.approx(1 - (1 - before) * math.exp(-pause / RECOVERY), rel=1e-12)


def test_random_spikes_release_what_the_mean_field_says() -> None:
    # Poisson spikes see time averages, so the mean of x at a spike is exactly 1/(1 + pντ): the
    # lone cell's equation. 40 000 spikes, correlated over some ten: 0.1 / √4000 is 0.2 %.
    random, rate = np.random.default_rng(1), 10.0
    found = released(np.cumsum(random.exponential(1 / rate, 40_000)))
    assert np.mean(found[100:]) == pytest.approx(1 / (1 + SHARE * rate * RECOVERY), rel=0.01)


def test_impaired_release_scales_every_spike_and_not_the_pool() -> None:
    train = np.arange(20) * 0.02
    np.testing.assert_allclose(released(train, left=0.25), 0.25 * np.array(released(train)))


def test_the_engine_pays_for_what_its_spikes_release(cache: object) -> None:
    # The ledger's release is vesicles that were released, times the energy of the axon, which hardly
    # moves within two seconds.
    record = simulate(tiny(("circuit.heterogeneity=0",)), 2.0)
    neurons, cells = record.assembly.neurons, record.cells
    rate = record.assembly.fast_steps_per_second
    every = rate // record.assembly.slow_steps_per_second
    taken = (round(2.0 * rate) - 1) // every * every  # later spikes are still with the membrane
    sums, counts = np.zeros(cells), np.zeros(cells)
    for k in range(cells):
        mine = (record.spike_neurons == k) & (record.spike_ticks < taken)
        of = [np.broadcast_to(np.asarray(neurons[n], float), record.assembly.layout.neurons)[k]
              for n in ("release_probability", "vesicle_recovery_time")]  # fmt: skip
        counts[k] = mine.sum()
        sums[k] = sum(released(record.spike_ticks[mine] / rate, *of)) if mine.any() else 0.0
    atp, constant = record.states["atp"][0], float(record.assembly.cells["pump_atp_constant"])
    per_release = (
        record.cell("vesicles_per_spike")
        * float(record.assembly.cells["atp_per_release"])
        / (float(record.assembly.cells["avogadro"]) * record.cell("cytosolic_volume"))
    )
    expected = sums * per_release * atp / (atp + constant)
    fired = counts > 3
    assert fired.sum() > 10
    np.testing.assert_allclose(record.change("atp_used_release")[fired], expected[fired], rtol=0.02)
    assert (sums[fired] < 0.9 * counts[fired]).any()  # depletion is seen
