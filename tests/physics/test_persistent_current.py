"""The persistent calcium current of motor neurons: its gate alone, and what it does to a cell."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from unshielded.circuit.membrane.adaptation import adaptation
from unshielded.circuit.membrane.calcium_channel import calcium_channel
from unshielded.circuit.populations import POPULATIONS
from unshielded.engine.integrate import euler
from unshielded.mechanism.equation import parse_statements
from unshielded.mechanism.evaluate import execute
from unshielded.mechanism.model import add_up
from unshielded.preparations import PREPARATIONS

GATE = add_up([calcium_channel], {})
NUMBERS = {name: p.si for name, p in GATE.parameters.items()}
MOTOR = {
    name: POPULATIONS["motor_s"].parameters[name].si
    for name in (
        "calcium_channel_half_activation",
        "dendritic_depolarisation",
        "calcium_channel_conductance",
    )
}
SLOPE, CONSTANT = NUMBERS["calcium_channel_slope"], NUMBERS["calcium_channel_time_constant"]
DT = 1 / 8192


def clamped(potential: float, start: float, seconds: float, **numbers: float) -> float:
    """The open fraction after some time at a potential."""
    known: dict[str, object] = {
        **NUMBERS, **numbers, "membrane_potential": potential, "calcium_channel_open": start,
        "nimodipine_bath": 0.0, "cadmium_bath": 0.0, "aminopyridine_binding": 0.0, "dt": DT,
    }  # fmt: skip
    for _ in range(round(seconds / DT)):
        execute(euler(GATE), known)
    return float(known["calcium_channel_open"])  # type: ignore[arg-type]


def test_the_gate_relaxes_with_its_time_constant() -> None:
    half = NUMBERS["calcium_channel_half_activation"]
    opened = clamped(half, 0.0, CONSTANT)
    assert opened == pytest.approx(
        0.5 * (1 - math.exp(-1)), rel=3e-3
    )  # Euler: DT/(2τ) of the exponent
    assert clamped(half + SLOPE, 1.0, 20 * CONSTANT) == pytest.approx(
        1 / (1 + math.exp(-1)), rel=1e-6
    )


def test_dendrites_above_the_cell_body_hold_the_gate_open() -> None:
    # m = 1/(1 + exp(-(V + D m - Vh)/k)), solved for m.
    half, lift = MOTOR["calcium_channel_half_activation"], 0.012
    expected = brentq(lambda m: m - 1 / (1 + math.exp(-(lift * m - 0.003) / SLOPE)), 0.0, 1.0)
    numbers = {"calcium_channel_half_activation": half, "dendritic_depolarisation": lift}
    # 40 constants: the slope of the loop, 12/(4·6), halves the rate of relaxation
    assert clamped(half - 0.003, 0.0, 40 * CONSTANT, **numbers) == pytest.approx(expected, rel=1e-6)


def test_a_strong_lift_gives_two_states_and_a_weak_one_gives_one() -> None:
    # The loop gain D/(4k) decides: above 1 the gate stays where it was between two potentials.
    half = MOTOR["calcium_channel_half_activation"]
    for lift, two in ((3 * SLOPE, False), (6 * SLOPE, True)):
        numbers = {"calcium_channel_half_activation": half, "dendritic_depolarisation": lift}
        off, on = (clamped(half - lift / 2, start, 2.0, **numbers) for start in (0.0, 1.0))
        assert (on - off > 0.5) is two


@pytest.mark.parametrize("preparation", ["slice_21C", "culture_37C"])
def test_without_monoamines_there_is_no_plateau(preparation: str) -> None:
    numbers = PREPARATIONS[preparation].numbers
    assert numbers["dendritic_depolarisation"].si == 0.0
    assert numbers["calcium_channel_half_activation"].si > MOTOR["calcium_channel_half_activation"]


def conductance_left(pool: str) -> float:
    """What the slope of the persistent current leaves of the leak, below the threshold; 1 is no amplification."""
    numbers = {n: p.si for n, p in POPULATIONS[pool].parameters.items()}
    lift, half = numbers["dendritic_depolarisation"], numbers["calcium_channel_half_activation"]

    def inward(potential: float) -> float:
        opened = 0.0
        for _ in range(2000):  # the loop gain is below 1/2 where the gate is hardly open
            opened = 1 / (1 + math.exp(-(potential + lift * opened - half) / SLOPE))
        driving = NUMBERS["calcium_reversal"] - potential
        return numbers["calcium_channel_conductance"] * opened * driving

    potentials = np.linspace(-0.062, -0.050, 61)
    slope = np.gradient([inward(v) for v in potentials], potentials)
    return 1 - float(slope.max()) / numbers["leak_conductance"]


def test_small_motor_neurons_are_amplified_more() -> None:
    # A steady current moves a membrane by I/(g_leak - slope). Published amplification is 2-6-fold; only cells
    # of low rheobase are bistable, where nothing is left.
    small, middle, large = (conductance_left(p) for p in ("motor_s", "motor_fr", "motor_ff"))
    assert small < 1 / 6 < middle < 1 / 2 < large < 1


def test_calcium_opens_the_after_hyperpolarisation() -> None:
    (line,) = parse_statements(adaptation.on_spike)
    for left in (1.0, 0.25):
        known: dict[str, object] = {
            "ahp_conductance": 0.0,
            "ahp_increment": 2e-9,
            "spike_calcium_left": left,
        }
        execute([line], known)
        assert known["ahp_conductance"] == pytest.approx(left * 2e-9, rel=1e-12)
