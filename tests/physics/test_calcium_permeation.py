"""Calcium through glutamate receptors: its driving force, and AMPA receptors of two kinds."""

from __future__ import annotations

import numpy as np
import pytest

from tests.physics.single_cell import CATALOGUE, OUTSIDE
from unshielded.arrays import Array
from unshielded.mechanism.evaluate import Values

#: Half of the receptors' conductance is gated (S), so that shares are seen; at -60 mV.
GIVEN = {"ampa_conductance": 1e-6, "ampa_available": 1.0, "ampa_open": 0.2, "ampa_tonic_open": 0.3}
GATED = 0.5e-6


def si(name: str) -> float:
    return CATALOGUE[name].si


def line(name: str, **given: object) -> Array:
    """A line of the receptors at -60 mV, but for what is given."""
    known = {
        **{p: each.si for p, each in CATALOGUE.items()},
        **GIVEN,
        "membrane_potential": -0.06,
        "permeable_ampa_block": 0.0,
        **given,
    }
    return np.asarray(Values(known, OUTSIDE.named)[name])  # type: ignore[arg-type]


def constant_field(potential: Array) -> Array:
    """Calcium's influx by Goldman, Hodgkin and Katz over that without a field; none flows out."""
    x = -2 * potential / si("thermal_voltage")
    return np.divide(x, -np.expm1(-x), out=np.ones_like(x), where=x != 0)


def test_the_driving_force_is_that_of_a_fraction_where_it_is_measured() -> None:
    at = si("fraction_potential")
    found = line("calcium_driving_force", membrane_potential=at)
    assert found == pytest.approx(si("excitatory_reversal") - at, rel=1e-12)


def test_the_driving_force_is_the_line_through_the_constant_field_flux() -> None:
    at = np.array([si("fraction_potential")])
    potential = np.linspace(-0.075, 0.0, 1501)
    exact = -at * constant_field(potential) / constant_field(at)
    off = line("calcium_driving_force", membrane_potential=potential) - exact
    # As the mechanism states it; and no better, so the statement is not idle.
    assert 0.12 < np.max(np.abs(off / exact)) < 0.14
    assert np.max(np.abs(off)) < 0.06 * -at[0]
    # The line is put through the curve where the whole current reverses: within the digits of its zero.
    assert abs(off[-1]) < 0.005 * exact[-1]


def test_calcium_goes_on_entering_where_the_whole_current_reverses() -> None:
    reversal = si("excitatory_reversal")
    assert line("ampa_current", membrane_potential=reversal) == 0.0
    assert line("calcium_driving_force", membrane_potential=reversal) > 0


def calcium(permeable: float, block: float = 0.0) -> float:
    """Calcium current (A) at the potential at which fractions are measured."""
    given = {"permeable_ampa_fraction": permeable, "permeable_ampa_block": block}
    force = line("calcium_driving_force")
    return float(line("ampa_calcium_conductance", **given) * force)


def current(permeable: float, block: float = 0.0) -> float:
    given = {"permeable_ampa_fraction": permeable, "permeable_ampa_block": block}
    return float(line("ampa_current", **given))


@pytest.mark.parametrize("permeable", [0.0, 0.18, 0.5, 1.0])
def test_receptors_of_two_kinds_let_in_the_calcium_of_each(permeable: float) -> None:
    edited, unedited = si("ampa_calcium_fraction"), si("permeable_ampa_calcium_fraction")
    whole = GATED * 0.06
    assert current(permeable) == pytest.approx(whole, rel=1e-12)
    expected = whole * ((1 - permeable) * edited + permeable * unedited)
    assert calcium(permeable) == pytest.approx(expected, rel=1e-12)
    # Mixed, they are the sum of the kinds alone.
    apart = (1 - permeable) * calcium(0.0) + permeable * calcium(1.0)
    assert calcium(permeable) == pytest.approx(apart, rel=1e-12)


@pytest.mark.parametrize("block", [0.3, 1.0])
def test_a_blocker_of_permeable_receptors_takes_their_share_of_current_and_calcium(
    block: float,
) -> None:
    permeable, whole = 0.18, GATED * 0.06
    assert current(permeable, block) == pytest.approx((1 - permeable * block) * whole, rel=1e-12)
    edited, unedited = si("ampa_calcium_fraction"), si("permeable_ampa_calcium_fraction")
    left = (1 - permeable) * edited + permeable * (1 - block) * unedited
    assert calcium(permeable, block) == pytest.approx(left * whole, rel=1e-12)
    # Over the current that is left it is the fraction that the mechanism writes.
    fraction = left / (1 - permeable * block)
    assert calcium(permeable, block) / current(permeable, block) == pytest.approx(fraction)
