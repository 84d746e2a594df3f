"""Sodium channels that depolarisation and spikes take away: each alone, and the block that they make."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.dish import dish
from tests.physics.engine import Array, Record, simulate
from unshielded.circuit import PARAMETERS
from unshielded.circuit.membrane.slow_inactivation import slow_inactivation
from unshielded.circuit.membrane.spike_threshold import spike_threshold
from unshielded.circuit.populations import POPULATIONS
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
    """Rate of each motor neuron of the limb (Hz): 20 nA are far too much for the small oculomotor cells."""
    time = record.spike_ticks / record.assembly.fast_steps_per_second
    inside = (time >= begin) & (time < end)
    size, mine = record.assembly.layout.neurons, record.assembly.layout["motor_fr"]
    counts = np.bincount(record.spike_neurons[inside], minlength=size)
    return counts[mine.start : mine.stop] / (end - begin)


@pytest.mark.usefixtures("cache")
def test_under_an_agonist_cells_fire_a_burst_then_block_and_fire_again_when_it_is_gone() -> None:
    record = simulate(dish(OVERRIDES), END)
    before, after = fired(record, FROM - 2, FROM), fired(record, END - 2, END)
    # The bath flows in with 0.2 s; the burst is in its first half second.
    parts = [fired(record, FROM + at, FROM + at + 0.1) for at in np.arange(0, 0.5, 0.1)]
    burst, late = np.max(parts, axis=0), fired(record, UNTIL - 1, UNTIL)
    assert (burst > 1.3 * before).all()
    assert burst.min() > before.max()
    assert (late == 0).all()
    assert (before > 0).all()
    assert (after > 0).all()
    # pumps still export what came in, and potassium is not all back: a tenth is missing
    assert after.sum() == pytest.approx(before.sum(), rel=0.2)


@pytest.mark.usefixtures("cache")
def test_what_spikes_inactivate_makes_the_block_and_hardly_slows_an_ordinary_discharge() -> None:
    without = (f"parameters.{name}=0 mV" for name in ("spike_inactivation", "spike_threshold_rise"))
    spared = simulate(dish((*OVERRIDES, *without)), END)
    usual = simulate(dish(OVERRIDES), END)
    # without it, cells fire on where real ones are blocked
    assert fired(spared, FROM + 1, FROM + 2).min() > 50
    assert fired(usual, FROM + 1, FROM + 2).max() < 5
    slower = fired(usual, FROM - 2, FROM).sum() / fired(spared, FROM - 2, FROM).sum()
    # 0.05 mV a spike for 1 s, at about 17 Hz, is 0.9 mV of 15 mV from rest to threshold
    assert 0.85 < slower < 1


RISES = (
    ("spike_threshold", "spike_threshold_rise"),
    ("slow_inactivation", "spike_inactivation"),
)


def steady(population: str, conductance: Array, seconds: float = 1.0) -> Array:
    """Rate (Hz) of lone membranes of a class over a second of a steady excitatory conductance (S)."""
    own = {n: p.si for n, p in POPULATIONS[population].parameters.items()}
    cell = {n: own.get(n, p.si) for n, p in PARAMETERS.items()}
    ready = np.full(conductance.shape, -1.0)
    spikes, ahp = np.zeros(conductance.shape), np.zeros(conductance.shape)
    known: dict[str, object] = {
        **cell,
        "membrane_potential": np.full(conductance.shape, cell["resting_potential"]),
        "spike_threshold": np.full(conductance.shape, cell["threshold_at_rest"]),
        "slow_inactivation": np.zeros(conductance.shape),
        "sodium_channel_block": 0.0,
        "dt": DT,
    }
    step = euler(MODEL)
    for tick in range(round(seconds / DT)):
        v = np.asarray(known["membrane_potential"])
        leak = cell["leak_conductance"] * (cell["resting_potential"] - v) + ahp * (-0.095 - v)
        ahp = ahp * (1 - DT / cell["ahp_time_constant"])
        execute(step, known)
        v = v + DT * (leak - conductance * v) / cell["membrane_capacitance"]
        fires = (v > np.asarray(known["spike_threshold"])) & (tick * DT >= ready)
        spikes += fires
        ready = np.where(fires, tick * DT + cell["refractory_period"], ready)
        ahp = ahp + fires * cell["ahp_increment"]
        known["membrane_potential"] = np.where(fires, cell["reset_potential"], v)
        for name, rise in RISES:
            known[name] = np.asarray(known[name]) + fires * cell[rise]
    return spikes / seconds


@pytest.mark.parametrize(
    ("population", "low", "high"),
    [
        # regular-spiking cells saturate, here without any inhibition
        ("pyramidal", 50, 150),
        # 338 Hz in human neocortex, 215–450 Hz over species and areas (Wang, Shu et al. 2016)
        ("pv", 215, 450),
    ],
)
def test_rates_under_any_conductance_have_a_ceiling_and_then_block(
    population: str, low: float, high: float
) -> None:
    rates = steady(population, np.geomspace(2e-9, 300e-9, 24))
    assert low < rates.max() < high
    strongest = rates[-1]
    assert strongest < 0.25 * rates.max()  # a few spikes, then block
    assert rates[0] < 0.25 * rates.max()
