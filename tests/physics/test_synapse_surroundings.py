"""Around the synapses: desensitised receptors, glutamate that spills over, tired astrocytes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from tests.physics.engine import edited, simulate, tiny
from tests.physics.single_cell import CATALOGUE, OUTSIDE
from unshielded import circuit
from unshielded.arrays import Array
from unshielded.assemble.layout import Layout
from unshielded.assemble.wiring import neighbours
from unshielded.mechanism.evaluate import Values, evaluate
from unshielded.single_cell import cell, solve

VALUES = {name: p.si for name, p in CATALOGUE.items()}


def rate(state: str, known: Mapping[str, float]) -> float:
    """The derivative of a state, from the mechanisms' own equations."""
    return float(evaluate(OUTSIDE.rates[state], Values({**VALUES, **known}, OUTSIDE.named)))


def ampa(glutamate: float, seconds: float, start: tuple[float, float] = (0.0, 0.0)) -> Array:
    """Open and desensitised shares at 200 times, in constant glutamate (mM)."""

    def rhs(_t: float, y: Array) -> list[float]:
        known = {"cleft_glutamate": glutamate, "ampa_open": y[0], "ampa_desensitised": y[1]}
        return [rate("ampa_open", known), rate("ampa_desensitised", known)]

    times = np.linspace(0, seconds, 200)
    found = solve_ivp(rhs, (0, seconds), start, t_eval=times, rtol=1e-9, atol=1e-12, method="BDF")
    assert found.success
    return np.asarray(found.y)


@pytest.mark.parametrize("glutamate", [1e-3, 1.1, 1e3])
def test_receptors_are_open_desensitised_or_ready_and_no_more(glutamate: float) -> None:
    shares = ampa(glutamate, 0.2)
    assert shares.min() > -1e-9  # the solver's tolerance
    assert shares.sum(axis=0).max() < 1 + 1e-9
    # What glutamate drives, closing receptors drain: the steady state by hand.
    binding = VALUES["ampa_binding_rate"] * glutamate * VALUES["ampa_decay"]
    trapped = VALUES["ampa_desensitisation"] * VALUES["ampa_resensitisation"] / VALUES["ampa_decay"]
    expected = binding / (1 + binding * (1 + trapped))
    settled = ampa(glutamate, 2.0)[:, -1]
    assert settled == pytest.approx([expected, trapped * expected], rel=1e-6)


def test_desensitised_receptors_come_back_at_their_own_time() -> None:
    _, shut = ampa(0.0, 0.05, (0.0, 0.5))
    times = np.linspace(0, 0.05, 200)
    np.testing.assert_allclose(
        shut, 0.5 * np.exp(-times / VALUES["ampa_resensitisation"]), rtol=1e-6
    )


def test_a_ring_runs_through_every_population() -> None:
    layout = Layout.of(
        {"a": 4, "b": 0, "c": 1, "d": 2}, {"a": True, "b": True, "c": False, "d": False}
    )
    sources, targets = neighbours(layout)
    assert len(sources) == len(targets) == 2 * layout.neurons
    beside = {int(t): sorted(int(s) for s in sources[targets == t]) for t in range(layout.neurons)}
    first = layout["a"].start
    assert beside[first] == [first + 1, first + 3]
    assert beside[first + 2] == [first + 1, first + 3]
    alone = layout["c"].start
    assert beside[alone] == [alone, alone]
    pair = layout["d"].start
    assert beside[pair] == [pair + 1, pair + 1]
    for part in layout.slices:
        inside = (targets >= part.start) & (targets < part.stop)
        assert ((sources[inside] >= part.start) & (sources[inside] < part.stop)).all()


#: Nothing comes in and nothing goes but from neighbour to neighbour.
SEALED = (
    "parameters.background_rate=0 Hz",
    "parameters.command_rate=0 Hz",
    "parameters.eaat2_maximum_rate=0 mM/s",
    "parameters.neuronal_uptake_maximum_rate=0 mM/s",
    "parameters.glutamate_escape_rate=0 1/s",
    "circuit.heterogeneity=0",
)
LOADED = 1e-3  # mM, of one neuron: too little to make it fire


@pytest.fixture(scope="module")
def exchange(cache: object) -> tuple[Array, int, slice]:
    """Glutamate around the cells, each 1/32 s, after one of the ring has been loaded."""
    assembly = tiny(SEALED)
    ring = assembly.layout["pyramidal"]
    start = np.zeros(assembly.layout.neurons)
    start[ring.start + 5] = LOADED
    beside = 0 * start  # what the neighbours of each have, as the engine adds it up later
    sources, targets = neighbours(assembly.layout)
    np.add.at(beside, targets, 0.5 * start[sources])
    given = {"perisynaptic_glutamate": start, "neighbouring_glutamate": beside}
    record = simulate(edited(assembly, neurons=given), 1.0, 1 / 32)
    assert record.counts.sum() == 0
    return record.states["perisynaptic_glutamate"], ring.start + 5, slice(ring.start, ring.stop)


def test_exchange_between_neighbours_loses_nothing(exchange: tuple[Array, int, slice]) -> None:
    glutamate, _, ring = exchange
    total = glutamate[:, ring].sum(axis=1)
    np.testing.assert_allclose(total, LOADED, rtol=1e-12)  # rounding of 512 steps
    outside = np.delete(glutamate, np.r_[ring], axis=1)
    assert np.abs(outside).max() == 0.0


def test_glutamate_spills_over_by_diffusion(exchange: tuple[Array, int, slice]) -> None:
    glutamate, loaded, ring = exchange
    size = ring.stop - ring.start
    shift = np.roll(np.eye(size), 1, axis=1)
    laplacian = 0.5 * (shift + shift.T) - np.eye(size)
    start = np.zeros(size)
    start[loaded - ring.start] = LOADED
    for k in (4, 16, 32):
        exact = expm(VALUES["glutamate_exchange_rate"] * laplacian * k / 32) @ start
        # The neighbours' level is a slow step old: 12/512 of what flows.
        np.testing.assert_allclose(glutamate[k, ring], exact, atol=0.025 * exact.max())
    assert glutamate[32, loaded + 1] > 0.1 * glutamate[32, loaded]
    np.testing.assert_allclose(glutamate[:, loaded - 1], glutamate[:, loaded + 1], rtol=1e-9)


def test_a_resting_astrocyte_covers_its_needs() -> None:
    # The production is a round number, so ATP moves from its resting value a little: half a per
    # cent, and uptake with it by less.
    quiet = cell("pyramidal", outputs=("astrocyte_energy",))
    course = solve(quiet, 600.0, interval=10.0)
    level = course["astrocyte_atp"]
    assert level[-1] == pytest.approx(VALUES["resting_astrocyte_atp"], rel=0.01)
    assert level[-1] == pytest.approx(level[-10], rel=1e-9)  # it has settled
    (energy,) = course.cell.outputs(("astrocyte_energy",), course.last.tolist())
    assert energy == pytest.approx(1.0, abs=0.002)
    start = quiet.outputs(("astrocyte_energy",), quiet.initial.tolist())
    assert start == pytest.approx([1.0], rel=1e-12)


def test_every_glutamate_taken_up_costs_its_atp() -> None:
    known = {"astrocyte_atp": 2.0, "astrocyte_uptake": 0.0}
    paid = rate("astrocyte_atp", known) - rate("astrocyte_atp", known | {"astrocyte_uptake": 0.1})
    assert paid == pytest.approx(0.1 * VALUES["atp_per_uptake"] * VALUES["uptake_volume_ratio"])


def test_uptake_fails_without_energy_and_comes_back_with_it() -> None:
    # Much release, for which the astrocyte pays; then no supply; then supply again.
    busy = cell("pyramidal", held=("membrane_potential",), outputs=("astrocyte_uptake",))
    busy = busy.given(imposed_releases=5000.0)
    changes = [(60.0, {"astrocyte_supply": 0.0}), (180.0, {"astrocyte_supply": 1.0})]
    course = solve(busy, 300.0, changes, interval=1.0, until_death=False)
    at = {t: int(np.searchsorted(course.times, t)) for t in (59, 179, 299)}
    glutamate, energy = course["perisynaptic_glutamate"], course["astrocyte_atp"]
    assert energy[at[179]] < 0.05 * energy[at[59]]
    assert energy.min() > -1e-9  # every use ends with it
    # Neurons and diffusion are left: a fifth of the uptake, so several times the glutamate.
    assert glutamate[at[179]] > 2 * glutamate[at[59]]
    assert glutamate[at[299]] == pytest.approx(glutamate[at[59]], rel=0.01)
    uptake = [
        course.cell.outputs(("astrocyte_uptake",), course.states[:, at[t]].tolist())[0]
        for t in (59, 179)
    ]
    assert uptake[1] < 0.2 * uptake[0]


def test_the_neuron_of_a_lone_cell_has_neighbours_like_itself() -> None:
    quiet = cell("pyramidal", outputs=("spillover",)).given(glutamate_applied=0.01)
    course = solve(quiet, 5.0, until_death=False)
    assert course.cell.outputs(("spillover",), course.last.tolist()) == [0.0]


def test_what_is_recorded_of_the_surroundings_has_the_right_size(cache: object) -> None:
    record = simulate(tiny(), 0.5, 0.25)
    for name in circuit.RECORDED:
        assert np.isfinite(record.states[name]).all()
    np.testing.assert_allclose(record.states["astrocyte_atp"][0], VALUES["resting_astrocyte_atp"])
    assert (record.states["perisynaptic_glutamate"] > 0).all()
    assert (record.states["force"] >= 0).all()
    pyramidal = record.assembly.layout["pyramidal"]
    assert record.states["force"][:, pyramidal.start : pyramidal.stop].max() == 0.0  # no muscle
