"""Sodium channels that depolarisation and spikes take away: each alone, and the block that they make."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.dish import dish
from tests.physics.engine import Array, Record, simulate
from unshielded.circuit.membrane.slow_inactivation import slow_inactivation
from unshielded.circuit.membrane.spike_threshold import spike_threshold
from unshielded.engine.integrate import euler
from unshielded.mechanism.evaluate import execute
from unshielded.mechanism.model import add_up

MODEL = add_up([spike_threshold, slow_inactivation], {})
NUMBERS = {name: p.si for name, p in MODEL.parameters.items()}
RESTED = NUMBERS["threshold_at_rest"]
STEEPNESS, OFFSET, WIDTH = (
    NUMBERS[f"inactivation_{name}"] for name in ("steepness", "offset", "width")
)
#: As in the engine (s).
DT = 1 / 8192


def held(potential: Array | float, slow: float = 0.0, seconds: float = 0.2) -> dict[str, object]:
    """The channels of membranes that are clamped for some time; slow inactivation does not decay."""
    known: dict[str, object] = {
        **NUMBERS,
        "slow_inactivation_time": math.inf,
        "membrane_potential": potential,
        "spike_threshold": RESTED,
        "slow_inactivation": slow,
        "sodium_channel_block": 0.0,
        "dt": DT,
    }
    for _ in range(round(seconds / DT)):
        execute(euler(MODEL), known)
    return known


def may_fire(potential: Array, slow: float = 0.0) -> Array:
    """Whether membranes that have come there slowly are above their thresholds."""
    return potential > np.asarray(held(potential, slow)["spike_threshold"])


def test_a_slow_depolarisation_fires_between_two_potentials_and_blocks_beyond() -> None:
    # y = θ∞(y) above the rested threshold is a quadratic equation: (a-1)y² - aΔy + a²k² = 0
    roots = np.roots([STEEPNESS - 1, -STEEPNESS * OFFSET, (STEEPNESS * WIDTH) ** 2])
    low, high = sorted(roots)
    assert 0 < low < high
    # 0.2 s are 29 time constants: what is left of the way is below 1e-12 of some 10 mV
    near = 1e-6
    potential = RESTED + np.array([low - near, low + near, high - near, high + near, 0.04])
    np.testing.assert_array_equal(may_fire(potential), [False, True, True, False, False])


def test_slow_inactivation_narrows_the_range_and_closes_it_at_an_exact_value() -> None:
    # the largest y - θ∞(y), where the slope of θ∞ is 1
    most = OFFSET - 2 * WIDTH * math.sqrt(STEEPNESS - 1)
    assert most > 0
    potential = RESTED + np.linspace(0.0, 0.04, 4001)  # 0.01 mV: misses the top by 1e-9 V
    shares = [may_fire(potential, slow).mean() for slow in (0.0, 0.5 * most, 0.99 * most)]
    assert shares[0] > shares[1] > shares[2] > 0
    assert not may_fire(potential, 1.001 * most).any()


def test_the_threshold_is_lifted_by_all_of_the_slow_inactivation_at_every_potential() -> None:
    potential = RESTED + np.linspace(-0.03, 0.03, 7)
    lifted = np.asarray(held(potential, 2e-3)["spike_threshold"])
    np.testing.assert_allclose(
        lifted - np.asarray(held(potential)["spike_threshold"]), 2e-3, rtol=1e-9
    )


@pytest.mark.parametrize("rate", [8.0, 64.0, 256.0])
def test_spikes_add_up_and_decay_exactly(rate: float) -> None:
    known: dict[str, object] = {
        **NUMBERS,
        "membrane_potential": RESTED - 0.01,
        "spike_threshold": RESTED,
        "slow_inactivation": 0.0,
        "sodium_channel_block": 0.0,
        "dt": DT,
    }
    steps, spikes = round(1 / rate / DT), 20
    step = euler(MODEL)
    for _ in range(spikes):
        execute(slow_inactivation.statements["on_spike"], known)
        for _ in range(steps):
            execute(step, known)
    each, time = NUMBERS["spike_inactivation"], NUMBERS["slow_inactivation_time"]
    kept = math.exp(-1 / rate / time)
    exact = each * kept * (1 - kept**spikes) / (1 - kept)
    # Euler's decay is slower by half a step in a time constant: 6e-5 of the time that has passed
    passed = spikes / rate / time
    assert known["slow_inactivation"] == pytest.approx(exact, rel=DT / time * max(passed, 1.0))


#: A steady current that lets all cells fire, and an agonist for some seconds (s).
FROM, UNTIL, END = 4.0, 7.0, 20.0
OVERRIDES = (
    f"duration={END} s",
    "parameters.injected_current=20 nA",
    "parameters.bath_exchange_time=0.2 s",
    f"bath=[{{agent: AMPA, concentration: 100 uM, from: {FROM} s, until: {UNTIL} s}}]",
)


def fired(record: Record, begin: float, end: float) -> Array:
    """Rate of each neuron (Hz)."""
    time = record.spike_ticks / record.assembly.fast_steps_per_second
    inside = (time >= begin) & (time < end)
    size = record.assembly.layout.neurons
    return np.bincount(record.spike_neurons[inside], minlength=size) / (end - begin)


@pytest.mark.usefixtures("cache")
def test_under_an_agonist_cells_fire_a_burst_then_block_and_fire_again_when_it_is_gone() -> None:
    record = simulate(dish(OVERRIDES), END)
    before, after = fired(record, FROM - 2, FROM), fired(record, END - 2, END)
    burst, late = fired(record, FROM, FROM + 1), fired(record, UNTIL - 1, UNTIL)
    assert (burst > 1.3 * before).all()
    assert burst.min() > before.max()
    assert (late == 0).all()
    assert (before > 0).all()
    assert (after > 0).all()
    # pumps still export what came in, and potassium is not all back: a tenth is missing
    assert after.sum() == pytest.approx(before.sum(), rel=0.2)


@pytest.mark.usefixtures("cache")
def test_what_spikes_inactivate_makes_the_block_and_hardly_slows_an_ordinary_discharge() -> None:
    spared = simulate(dish((*OVERRIDES, "parameters.spike_inactivation=0 mV")), END)
    usual = simulate(dish(OVERRIDES), END)
    # without it, cells fire on where real ones are blocked
    assert fired(spared, FROM + 1, FROM + 2).min() > 50
    assert fired(usual, FROM + 1, FROM + 2).max() < 5
    slower = fired(usual, FROM - 2, FROM).sum() / fired(spared, FROM - 2, FROM).sum()
    # 0.05 mV a spike for 1 s, at about 17 Hz, is 0.9 mV of 15 mV from rest to threshold
    assert 0.85 < slower < 1
