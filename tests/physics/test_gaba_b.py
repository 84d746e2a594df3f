"""GABA-B: the cascade alone, against exact solutions, and what it does to volleys and single releases."""

from __future__ import annotations

import math

import pytest

from unshielded.circuit import NEURON
from unshielded.circuit.synapses.inhibition import gaba_b
from unshielded.engine.integrate import euler
from unshielded.mechanism.evaluate import execute
from unshielded.mechanism.model import add_up

MODEL = add_up([gaba_b], {"inward_current": "A", "inhibitory_conductance": "S"})
NUMBERS = {name: p.si for name, p in MODEL.parameters.items()}
RATE, MOST = NUMBERS["gaba_b_opening_rate"], NUMBERS["gaba_b_maximum"]
DECAY, HALF = NUMBERS["gaba_b_decay"], NUMBERS["gaba_b_half_binding"]
DT = 1 / 8192


def course(
    releases: dict[int, float], steps: int, *, held: bool = False, **given: float
) -> list[float]:
    """Conductance at each step (S); step → what is released there, of weight 1."""
    known: dict[str, object] = {
        **NUMBERS,
        "gaba_b_prolongation": 1.0,
        "inhibitory_conductance_scale": 1.0,
        "gaba_b_tonic": 0.0,
        "gaba_b_binding": 0.0,
        "gaba_b_conductance": 0.0,
        "membrane_potential": -0.06,
        "potassium_reversal": -0.095,
        "dt": DT,
        **({"gaba_b_binding_decay": math.inf} if held else {}),
        **given,
    }
    step = euler(MODEL)
    found = []
    for k in range(steps):
        known["gaba_b_binding"] = float(known["gaba_b_binding"]) + releases.get(k, 0.0)  # type: ignore[arg-type]
        execute(step, known)
        found.append(float(known["gaba_b_conductance"]))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("bound", [0.3, 1.0, 4.0])
def test_steady_binding_opens_what_a_two_state_channel_does(bound: float) -> None:
    opening = RATE * bound**2 / (1 + bound**2)
    found = course({0: bound * HALF}, 16384, held=True)
    # 2 s are 13 decays and more
    assert found[-1] == pytest.approx(MOST * opening / (opening + 1 / DECAY), rel=1e-5)
    # Euler's first order: half a step of 0.12 ms over some 20 ms
    time = 256 * DT
    expected = found[-1] * (1 - math.exp(-time * (opening + 1 / DECAY)))
    assert found[255] == pytest.approx(expected, rel=0.01)


def test_without_transmitter_channels_close_exponentially_to_what_a_drug_holds_open() -> None:
    found = course({}, 4096, gaba_b_conductance=5e-9, gaba_b_tonic=1e-9)
    # Euler: half a step of 0.12 ms over 150 ms
    assert found[-1] == pytest.approx(1e-9 + 4e-9 * math.exp(-0.5 / DECAY), rel=2e-3)


def test_a_volley_opens_far_more_than_its_parts_one_after_the_other() -> None:
    volley = course({0: 0.8 * HALF}, 8192)
    spread = course(dict.fromkeys(range(0, 8192, 820), 0.08 * HALF), 8192)
    assert max(volley) > 5 * max(spread)
    assert max(volley) < MOST


def test_the_conductance_rises_in_tens_of_milliseconds_and_outlasts_a_tenth_of_a_second() -> None:
    found = course({0: HALF}, 4096)
    peak = found.index(max(found))
    assert 0.02 < peak * DT < 0.08
    assert found[peak + round(0.1 / DT)] > 0.4 * found[peak]


def test_the_inhibitory_conductance_that_is_recorded_is_of_every_receptor() -> None:
    counted = {m.name for m in NEURON if "inhibitory_conductance" in m.contributes}
    assert counted == {"gaba_a", "gaba_a_slow", "gaba_b", "glycine"}
