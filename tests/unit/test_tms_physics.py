"""What a magnetic pulse does, and when: recruitment, volleys, refractory fibres, events."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.physics.engine import simulate, tiny
from unshielded import circuit
from unshielded.assemble import Event
from unshielded.circuit.stimulation import recruited, volleys

VALUES = {name: p.si for name, p in circuit.PARAMETERS.items()}
HALF = VALUES["afferent_threshold"]
DELAY, BETWEEN = VALUES["afferent_delay"], VALUES["volley_interval"]
SIZES = np.array([1.0, VALUES["second_volley"], VALUES["third_volley"]])
RATE = 8192


def relayed(share: float) -> np.ndarray:
    """What the relays make of each volley of a pulse that fires a share of the fibres."""
    again = share**2 / (share**2 + VALUES["relay_share"] ** 2)
    return np.array([1.0, again, again])


def shares(*pulses: tuple[float, float]) -> np.ndarray:
    """The fibres that each pulse fires: its first volley, in the order of the pulses."""
    sizes = dict(volleys(pulses, VALUES))
    return np.array([sizes.get(time + DELAY, 0.0) for time, _ in pulses])


def test_fibres_have_lognormal_thresholds() -> None:
    spread = VALUES["afferent_threshold_spread"]
    assert recruited(HALF, VALUES) == pytest.approx(0.5, rel=1e-12)
    # One standard deviation of the logarithm above and below the median.
    normal = 0.5 * math.erfc(-1 / math.sqrt(2))
    assert recruited(HALF * math.exp(spread), VALUES) == pytest.approx(normal, rel=1e-12)
    assert recruited(HALF * math.exp(-spread), VALUES) == pytest.approx(1 - normal, rel=1e-12)
    assert recruited(0.0, VALUES) == 0.0
    assert recruited(-1.0, VALUES) == 0.0
    assert recruited(1e6, VALUES) == pytest.approx(1.0)
    found = [recruited(s, VALUES) for s in np.linspace(1, 200, 400)]
    assert (np.diff(found) >= 0).all()


def test_a_pulse_is_three_volleys_at_their_interval() -> None:
    times, sizes = np.array(list(volleys([(2.0, HALF)], VALUES))).T
    np.testing.assert_allclose(times, 2.0 + DELAY + BETWEEN * np.arange(3), rtol=1e-12)
    np.testing.assert_allclose(sizes, 0.5 * SIZES * relayed(0.5), rtol=1e-12)
    assert list(volleys([(2.0, 0.0)], VALUES)) == []


def test_a_volley_of_no_size_is_none() -> None:
    single = VALUES | {"second_volley": 0.0, "third_volley": 0.0}
    assert len(list(volleys([(2.0, HALF)], single))) == 1


def test_refractory_fibres_do_not_answer_again() -> None:
    period, weak, strong = VALUES["fibre_refractory_period"], 0.9 * HALF, 1.3 * HALF
    low, high = recruited(weak, VALUES), recruited(strong, VALUES)
    soon, late = 0.5 * period, 1.5 * period
    # The weaker pulse finds none of its fibres; the stronger one those between the thresholds.
    assert shares((1.0, strong), (1.0 + soon, weak)) == pytest.approx([high, 0.0])
    assert shares((1.0, weak), (1.0 + soon, strong)) == pytest.approx([low, high - low])
    assert shares((1.0, strong), (1.0 + late, weak)) == pytest.approx([high, low])
    assert shares((1.0, weak), (1.0 + late, strong)) == pytest.approx([low, high])


def test_of_three_pulses_only_what_fired_is_refractory() -> None:
    period, weak, strong = VALUES["fibre_refractory_period"], 0.9 * HALF, 1.3 * HALF
    low, high = recruited(weak, VALUES), recruited(strong, VALUES)
    second, third = 1.0 + 0.6 * period, 1.0 + 1.2 * period
    # The second pulse fires nobody, so it blocks nobody.
    found = shares((1.0, strong), (second, weak), (third, strong))
    assert found == pytest.approx([high, 0.0, high])
    # The second fires what the first has left; the third what the first had fired.
    found = shares((1.0, weak), (second, strong), (third, strong))
    assert found == pytest.approx([low, high - low, low])


def stimulation(*pulses: tuple[str, float]) -> str:
    entries = ", ".join(f"{{at: {at}, intensity: {intensity}}}" for at, intensity in pulses)
    return f"stimulation=[{entries}]"


def test_a_pulse_is_there_for_one_fast_step_and_so_is_each_volley() -> None:
    events = tiny((stimulation(("1 s", HALF)),)).schedule
    assert {e.group for e in events} == {"neurons"}
    assert list(events) == sorted(events, key=lambda e: (e.tick, e.variable))
    pulse = [(e.tick, e.value) for e in events if e.variable == "stimulus_intensity"]
    assert pulse == [(RATE, HALF), (RATE + 1, 0.0)]
    volley = [e for e in events if e.variable == "afferent_volley"]
    expected = np.round((1.0 + DELAY + BETWEEN * np.arange(3)) * RATE).astype(int)
    assert [e.tick for e in volley[::2]] == expected.tolist()
    assert [e.tick for e in volley[1::2]] == (expected + 1).tolist()
    np.testing.assert_allclose([e.value for e in volley[::2]], 0.5 * SIZES * relayed(0.5))
    assert {e.value for e in volley[1::2]} == {0.0}


def test_pulses_on_neighbouring_steps_follow_one_another() -> None:
    step = 1 / RATE
    events = tiny((stimulation(("1 s", 50.0), (f"{1 + step!r} s", 60.0)),)).schedule
    pulse = [(e.tick, e.value) for e in events if e.variable == "stimulus_intensity"]
    assert pulse == [(RATE, 50.0), (RATE + 1, 60.0), (RATE + 2, 0.0)]


def test_volleys_after_the_end_are_none() -> None:
    events = tiny((stimulation(("1999.9 ms", HALF)),)).schedule  # of 2 s
    assert max(e.tick for e in events) < 2 * RATE
    assert {e.variable for e in events} == {"stimulus_intensity"}


def test_pulses_and_a_bath_are_set_side_by_side() -> None:
    bath = "bath=[{agent: APV, concentration: 1 mM, from: 1 s}]"
    events = tiny((stimulation(("1 s", HALF)), bath)).schedule
    assert Event(RATE, "neurons", "apv_applied", 1.0) in events
    assert Event(RATE, "neurons", "stimulus_intensity", HALF) in events


QUIET = (
    "parameters.background_rate=0 Hz",
    "parameters.command_rate=0 Hz",
    "circuit.heterogeneity=0",
)


def test_a_strong_pulse_fires_the_axons_that_it_reaches(cache: object) -> None:
    reach = "circuit.populations.pyramidal.parameters.axon_threshold=100"
    far = "parameters.axon_threshold=1e6"
    none = "parameters.afferent_releases=0"

    def fired(intensity: float) -> dict[str, set[int]]:
        overrides = (*QUIET, far, reach, none, stimulation(("0.25 s", intensity)))
        record = simulate(tiny(overrides), 0.26)
        # Nobody fires by itself, and nobody for longer than the pulse is there.
        assert (record.spike_ticks[record.spike_ticks < 0.252 * RATE] == RATE // 4).all()
        now = record.spike_neurons[record.spike_ticks == RATE // 4]
        return {
            part.name: {int(n) for n in now if part.start <= n < part.stop}
            for part in record.assembly.layout.slices
        }

    strong, weak = fired(101.0), fired(99.0)
    assert len(strong["pyramidal"]) == 20
    assert all(not neurons for name, neurons in strong.items() if name != "pyramidal")
    assert not any(weak.values())


def test_volleys_reach_the_cells_that_have_stimulated_afferents(cache: object) -> None:
    def membrane_of(afferents: float) -> np.ndarray:
        record = simulate(
            tiny(
                (
                    *QUIET,
                    "parameters.axon_threshold=1e6",
                    "parameters.afferent_releases=0",
                    f"circuit.populations.pyramidal.parameters.afferent_releases={afferents}",
                    stimulation(("0.125 s", HALF)),
                )
            ),
            0.15,
        )
        assert record.counts[0, record.assembly.layout["pyramidal"].stop :].sum() == 0
        return record.change("membrane_potential")

    part = slice(0, 20)
    none, some = membrane_of(0.0), membrane_of(0.5)
    assert (some[part] > none[part]).all()
    np.testing.assert_array_equal(some[20:], none[20:])
