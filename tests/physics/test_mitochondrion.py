"""Mitochondria of one cell: drugs, the pore, swelling; directions and orders, by the closed system.

Doses are large enough to saturate a target.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tests.physics.single_cell import CATALOGUE
from unshielded.single_cell import Change, SingleCellRun, cell, solve

NAMES = ("proton_pumping", "atp_synthesis", "oxidative_supply", "mcu_flux")
OLIGOMYCIN = {"oligomycin_applied": 1e-2}
FCCP = {"fccp_applied": 1e-3}
CICLOSPORIN = {"cyclosporin_applied": 2e-3}
RU360 = {"ru360_applied": 1e-3}

#: Mitochondria that hold a twentieth of what others do (mM), so that pores open within minutes.
HOLDING = 12.0
#: Firing with synaptic input that opens them, the same kept up mildly, and none.
STRONG = {"imposed_firing_rate": 80.0, "imposed_releases": 20000.0}
MILD = {"imposed_firing_rate": 20.0, "imposed_releases": 5000.0}
NONE = {"imposed_firing_rate": 0.0, "imposed_releases": 0.0}

#: Time for a drug to be in.
ENTERED = 300.0


def run(seconds: float, *changes: Change, **values: float) -> SingleCellRun:
    """A motor neuron; times in seconds, every 5 s."""
    held = {"retention_capacity": HOLDING, **values}
    return solve(
        cell("motor_fr", held, outputs=NAMES), seconds, changes, interval=5.0, method="BDF",
        until_death=False,
    )  # fmt: skip


def line(course: SingleCellRun, name: str) -> float:
    return course.cell.outputs((name,), course.last.tolist())[0]


@pytest.fixture(scope="module")
def resting() -> SingleCellRun:
    return run(180.0)


def test_oligomycin_stops_the_synthase_and_slows_respiration(resting: SingleCellRun) -> None:
    # Before ATP has run out: with its large leak a motor neuron lives two minutes on glycolysis.
    course = run(60.0, (0.0, OLIGOMYCIN))
    assert line(course, "atp_synthesis") < 0.1 * line(resting, "atp_synthesis")
    # No protons come back through the synthase: the potential rises, the chain slows (state 4).
    assert course["mitochondrial_potential"][-1] > resting["mitochondrial_potential"][-1] + 1e-3
    assert line(course, "proton_pumping") < 0.8 * line(resting, "proton_pumping")
    assert course["atp"][-1] < 0.9 * resting["atp"][-1]  # glycolysis alone


def test_fccp_uncouples_and_drives_respiration_to_its_maximum(resting: SingleCellRun) -> None:
    course = run(60.0, (0.0, FCCP))
    of = course.cell.values
    most = of["respiration_maximum_rate"] * of["mitochondrial_fraction"]
    assert line(course, "proton_pumping") > 0.9 * most > 2 * line(resting, "proton_pumping")
    assert course["mitochondrial_potential"][-1] < resting["mitochondrial_potential"][-1] - 0.03
    assert course["atp"][-1] < 0.2 * resting["atp"][-1]


def test_a_little_fccp_is_borne(resting: SingleCellRun) -> None:
    # Partial uncoupling: more respiration at a slightly lower potential, and ATP as before.
    course = run(180.0, (0.0, {"fccp_applied": 5e-5}))
    assert line(course, "proton_pumping") > 1.3 * line(resting, "proton_pumping")
    assert course["atp"][-1] > 0.98 * resting["atp"][-1]


def test_the_synthase_turns_round_when_uncoupled_and_oligomycin_stops_that() -> None:
    # 139 mV gone at full ATP: what the synthase hydrolyses, and what is left with oligomycin.
    uncoupled = cell("motor_fr", outputs=NAMES)
    state = dict(uncoupled.start) | {"mitochondrial_potential": 0.04}
    blocked = state | {"oligomycin_bath": 1e-3}
    alone, drugged = (
        uncoupled.outputs(("atp_synthesis",), [s[n] for n in uncoupled.system.states])[0]
        for s in (state, blocked)
    )
    assert alone < 0
    left = CATALOGUE["oligomycin_inhibition"].si / (CATALOGUE["oligomycin_inhibition"].si + 1e-3)
    assert drugged == pytest.approx(left * alone, rel=1e-12)


def opened(course: SingleCellRun) -> float:
    """When half of the pores are open."""
    assert course["pore_open"].max() > 0.5
    return float(course.times[np.argmax(course["pore_open"] > 0.5)])


def test_ciclosporin_delays_the_pore_and_does_not_abolish_it() -> None:
    untreated = run(2400.0, (ENTERED, STRONG))
    treated = run(2400.0, (0.0, CICLOSPORIN), (ENTERED, STRONG))
    print(f"half open after {opened(untreated) - 300} s, {opened(treated) - 300} s with the drug")
    assert opened(treated) - ENTERED > 1.3 * (opened(untreated) - ENTERED)
    # They hold more before they open.
    assert treated["matrix_calcium"].max() > 1.3 * untreated["matrix_calcium"].max()


def test_ru360_keeps_calcium_out_of_the_matrix_and_in_the_cytosol() -> None:
    # As long as the pores of the untreated are shut: then they let out what they held.
    untreated, treated = (
        run(ENTERED + 20.0, (0.0, drug), (ENTERED, STRONG)) for drug in ({}, RU360)
    )
    assert untreated["pore_open"].max() < 1e-3
    # What is left at 1 µM: a hundredth of the uniporter, and less ATP is spent on charge.
    assert treated["matrix_calcium"][-1] < 0.2 * untreated["matrix_calcium"][-1]
    assert treated["calcium"][-1] > 1.2 * untreated["calcium"][-1]
    assert run(1500.0, (0.0, RU360), (ENTERED, STRONG))["pore_open"].max() < 0.01


def episode(seconds: float, then: dict[str, float], **values: float) -> SingleCellRun:
    """A strong load for some time, and what comes after it."""
    return run(1800.0, (0.0, STRONG), (seconds, then), **values)


def brief_and_long(then: dict[str, float], **values: float) -> tuple[SingleCellRun, SingleCellRun]:
    """Loads that open some of the pores, and nearly all."""
    full = run(600.0, (0.0, STRONG), **values)
    some = float(full.times[np.argmax(full["pore_open"] > 0.05)])
    most = float(full.times[np.argmax(full["pore_open"] > 0.9)])
    return episode(some, then, **values), episode(most, then, **values)


def test_openings_are_transient_where_calcium_is_cleared_and_sustained_where_it_is_not() -> None:
    transient, sustained = brief_and_long(NONE)
    assert transient["pore_open"].max() > 0.05
    shut = transient["pore_open"][-1] - transient["cytochrome_c"][-1]
    assert shut < 0.05 * transient["pore_open"].max()  # but for those that have ruptured
    assert transient["calcium"][-1] < 2 * transient["calcium"][0]
    assert transient["mitochondrial_potential"][-1] > 0.9 * transient["mitochondrial_potential"][0]
    assert sustained["pore_open"][-1] > 0.9
    assert sustained["calcium"][-1] > 20 * sustained["calcium"][0]


def test_a_brief_opening_is_forgotten_and_a_long_one_costs_cytochrome_c() -> None:
    transient, sustained = brief_and_long(NONE)
    peak = transient["swollen"].max()
    assert 0 < peak < transient["pore_open"].max()
    assert transient["swollen"][-1] < 0.01 * peak  # contracted, or ruptured
    lost = transient["cytochrome_c"][-1]
    assert lost < 0.5 * transient["pore_open"].max()
    assert sustained["cytochrome_c"][-1] > 5 * lost
    assert sustained["swollen"].max() > 3 * peak
    # Loss is for good on this scale of time: what is replaced within the hour is small.
    assert transient["cytochrome_c"].max() < 1.1 * lost


def test_shares_of_mitochondria_stay_shares() -> None:
    for course in brief_and_long(NONE):
        opened_, swollen, lost = (course[name] for name in ("pore_open", "swollen", "cytochrome_c"))
        for share in (opened_, swollen, lost, opened_ - swollen - lost):
            assert share.min() > -1e-6  # the solver's tolerance
            assert share.max() < 1 + 1e-6


def test_the_pores_have_hysteresis_by_feedback() -> None:
    # Without rupture nothing is lost for good. Under one and the same load the cell stays as it
    # was: pores shut, or, once a stronger load has opened most of them, open.
    reversible = {"rupture_time": 1e12}
    always = run(1800.0, (0.0, MILD), **reversible)
    few, most = brief_and_long(MILD, **reversible)
    assert always["pore_open"][-1] < 0.01
    assert few["pore_open"].max() > 0.05
    assert few["pore_open"][-1] < 0.01
    assert most["pore_open"][-1] > 0.9


def onset(doses: Sequence[float]) -> list[float]:
    """When half the pores are open, by discharge."""
    return [opened(run(3600.0, (0.0, STRONG | {"imposed_firing_rate": dose}))) for dose in doses]


def test_a_stronger_load_opens_the_pores_sooner() -> None:
    times = onset([70.0, 80.0, 100.0])
    assert times[0] > times[1] > times[2]
