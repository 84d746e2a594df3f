"""What the bath does to glutamate receptors, against receptor theory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import brentq

from tests.physics.single_cell import CATALOGUE
from unshielded.single_cell import cell, solve

NAMES = ("nmda_tonic_open", "ampa_tonic_open", "nmda_available", "ampa_available")
#: No glutamate but that of the bath.
CLEAN = {"ambient_glutamate": 0.0}
CLAMPED = cell("motor_fr", CLEAN, held=("membrane_potential",), outputs=NAMES)

#: A concentration that saturates anything, in mM.
MUCH = 1e3


def si(name: str) -> float:
    return CATALOGUE[name].si


def line(name: str, **bath: float) -> float:
    """A named line of a cell that is otherwise at rest, at concentrations of the bath in mM."""
    state = dict(CLAMPED.start) | {f"{stem}_bath": value for stem, value in bath.items()}
    return CLAMPED.outputs((name,), [state[n] for n in CLAMPED.system.states])[0]


def half_activation(name: str, agonist: str, most: float, **others: float) -> float:
    """The concentration that gives half of `most`."""
    return float(
        np.exp(
            brentq(
                lambda log: line(name, **{agonist: float(np.exp(log))}, **others) - most / 2,
                np.log(1e-8),
                np.log(MUCH),
                xtol=1e-12,
            )
        )
    )


AGONISTS = [
    ("nmda_tonic_open", "glutamate", "nmda_half_activation"),
    ("nmda_tonic_open", "nmda", "nmda_half_activation_nmda"),
    ("ampa_tonic_open", "glutamate", "ampa_half_activation_glutamate"),
    ("ampa_tonic_open", "ampa", "ampa_half_activation_ampa"),
    ("ampa_tonic_open", "kainate", "ampa_half_activation_kainate"),
]


@pytest.mark.parametrize(("receptor", "agonist", "constant"), AGONISTS)
def test_half_activation_is_the_stated_one(receptor: str, agonist: str, constant: str) -> None:
    most = line(receptor, **{agonist: 1e9})
    assert half_activation(receptor, agonist, most) == pytest.approx(si(constant), rel=1e-6)


def test_what_is_applied_for_long_desensitises() -> None:
    share = (1 + si("extrasynaptic_fraction")) * si("nmda_steady_response")
    assert line("nmda_tonic_open", glutamate=1e9) == pytest.approx(share, rel=1e-6)
    for agonist, constant in (
        ("glutamate", "ampa_steady_response"),
        ("ampa", "ampa_steady_response"),
        ("kainate", "kainate_steady_response"),
    ):
        most = line("ampa_tonic_open", **{agonist: 1e9})
        assert most == pytest.approx(si(constant), rel=1e-6)


def test_nothing_is_held_open_without_an_agonist() -> None:
    assert line("nmda_tonic_open") == 0.0
    assert line("ampa_tonic_open", apv=1.0, nbqx=1.0) == 0.0
    assert line("nmda_available") == 1.0
    assert line("ampa_available") == 1.0


ANTAGONISTS: list[tuple[str, str, str, str]] = [
    ("nmda_tonic_open", "nmda", "apv", "apv_dissociation"),
    ("nmda_tonic_open", "glutamate", "apv", "apv_dissociation"),
    ("ampa_tonic_open", "ampa", "nbqx", "nbqx_dissociation"),
    ("ampa_tonic_open", "kainate", "nbqx", "nbqx_dissociation"),
]


@pytest.mark.parametrize(("receptor", "agonist", "antagonist", "constant"), ANTAGONISTS)
def test_a_competitive_antagonist_shifts_the_curve_as_schild_says(
    receptor: str, agonist: str, antagonist: str, constant: str
) -> None:
    # Dose ratio - 1 over concentration is a line of slope 1 in logarithms, through the constant;
    # and the maximum stays.
    most = line(receptor, **{agonist: 1e9})
    alone = half_activation(receptor, agonist, most)
    doses = si(constant) * np.array([0.3, 3.0, 30.0, 300.0])
    ratios = np.array([half_activation(receptor, agonist, most, **{antagonist: d}) for d in doses])
    slope, intercept = np.polyfit(np.log(doses), np.log(ratios / alone - 1), 1)
    assert slope == pytest.approx(1.0, abs=1e-6)
    assert np.exp(-intercept / slope) == pytest.approx(si(constant), rel=1e-5)
    assert line(receptor, **{agonist: 1e9, antagonist: 1.0}) == pytest.approx(most, rel=1e-3)


def test_each_antagonist_leaves_the_other_receptor_alone() -> None:
    both = {"glutamate": 5e-3}
    assert line("ampa_tonic_open", apv=0.05, **both) == line("ampa_tonic_open", **both)
    assert line("nmda_tonic_open", nbqx=0.01, **both) == line("nmda_tonic_open", **both)


def test_ampa_competes_with_kainate_and_desensitises_what_it_takes() -> None:
    kainate = line("ampa_tonic_open", kainate=0.3)
    mixed = line("ampa_tonic_open", kainate=0.3, ampa=0.1)
    assert line("ampa_tonic_open", ampa=0.1) < mixed < kainate


def test_what_the_bath_holds_is_not_there_for_released_glutamate() -> None:
    ec, kd = si("ampa_half_activation_ampa"), si("nbqx_dissociation")
    assert line("ampa_available", ampa=ec) == pytest.approx(0.5, rel=1e-9)
    assert line("ampa_available", nbqx=kd) == pytest.approx(0.5, rel=1e-9)
    assert line("nmda_available", apv=si("apv_dissociation")) == pytest.approx(0.5, rel=1e-9)
    assert line("nmda_available", nmda=MUCH) < 0.01


def blocked(seconds: float, **conditions: float) -> Callable[[str], float]:
    course = solve(CLAMPED.given(**conditions), seconds, method="BDF", until_death=False)
    last = dict(zip(CLAMPED.system.states, course.last, strict=True))
    return last.__getitem__


def test_mk801_blocks_only_what_opens() -> None:
    # 1 µM for two minutes, with and without an agonist.
    used = blocked(120.0, mk801_applied=1e-3, nmda_applied=0.1)("mk801_block")
    unused = blocked(120.0, mk801_applied=1e-3)("mk801_block")
    assert used > 0.95
    assert unused == pytest.approx(0.0, abs=1e-12)  # the solver's round-off
    half = blocked(120.0, mk801_applied=1e-3, nmda_applied=2e-3)("mk801_block")
    assert half < used


def test_mk801_binds_at_its_rate_to_what_is_open_and_stays() -> None:
    concentration, agonist = 1e-6, 0.1
    rate = si("mk801_association_rate") * concentration * line("nmda_tonic_open", nmda=agonist)
    state = dict(CLAMPED.start) | {"nmda_bath": agonist, "mk801_bath": concentration}
    course = solve(
        CLAMPED.given(nmda_applied=agonist, mk801_applied=concentration),
        100.0,
        [(60.0, {"nmda_applied": 0.0, "mk801_applied": 0.0})],
        start=[state[n] for n in CLAMPED.system.states],
        interval=1.0,
        method="BDF",
        until_death=False,
    )
    off = si("mk801_dissociation_rate")
    times = course.times[course.times <= 60.0]
    expected = rate / (rate + off) * (1 - np.exp(-(rate + off) * times))
    # The tolerance of the solver, 1e-8 per step.
    np.testing.assert_allclose(course["mk801_block"][: len(times)], expected, rtol=1e-5, atol=1e-9)
    # Washed out for 40 s, some eight exchanges of the bath: it is still there.
    assert course["mk801_block"][-1] > 0.95 * expected[-1]


def test_blocked_receptors_conduct_nothing() -> None:
    state = dict(CLAMPED.start) | {"mk801_block": 1.0, "nmda_bath": MUCH}
    y = [state[n] for n in CLAMPED.system.states]
    assert CLAMPED.outputs(("nmda_tonic_open", "nmda_available"), y) == [0.0, 0.0]


def test_an_agonist_in_the_bath_lets_calcium_in_and_its_antagonist_does_not() -> None:
    def calcium(**applied: float) -> float:
        # A pyramidal cell: motor neurons have few NMDA receptors.
        free = cell("pyramidal")
        course = solve(free.given(**applied), 60.0, method="BDF", until_death=False)
        return float(course["calcium"][-1])

    rest = calcium()
    # At rest magnesium blocks all but a twentieth of the NMDA receptors.
    assert calcium(nmda_applied=0.3) > 1.2 * rest
    assert calcium(nmda_applied=0.3, apv_applied=0.5) == pytest.approx(rest, rel=0.05)
    assert calcium(kainate_applied=0.05) > 1.2 * rest
    assert calcium(kainate_applied=0.05, nbqx_applied=0.05) == pytest.approx(rest, rel=0.05)
