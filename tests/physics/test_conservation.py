"""What enters is somewhere: calcium, ATP and charge through the compiled engine.

The midpoint step keeps linear invariants exactly, so only rounding is left: 1,024 slow steps of
2e-16 each, added up at random, are some 1e-14 of what has passed through. The tests ask for
1e-12, a million times less than what one lost spike or one missed step would show.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.physics.engine import ONLY_SPIKES_LET_CALCIUM_IN, Record, simulate, tiny
from tests.physics.single_cell import STATES, cell, index, midpoint_step
from unshielded import calcium
from unshielded.arrays import Array
from unshielded.single_cell import SingleCellRun, solve
from unshielded.single_cell import cell as alone

pytestmark = pytest.mark.usefixtures("cache")

ROUNDING = 1e-12

#: Mitochondria that bind twenty times as much at rest as they can hold.
OPEN_PORES = (
    "parameters.retention_capacity=1 mM",
    "parameters.pore_opening_rate=20 1/s",
    "parameters.matrix_buffer_capacity=100000",
)
#: The sodium that a discharge brings in counts as gradients lost, and rupture takes four seconds.
DYING = (
    *OPEN_PORES,
    "parameters.necrosis_gradient_loss=0.01",
    "parameters.necrosis_time=0.001 hour",
)
#: Clean-up costs something, so that its item is seen.
UPKEEP = "parameters.maintenance_rate=0.05 mM/s"
CONDITIONS = {"healthy": (), "open pores": OPEN_PORES, "dying": DYING}
#: Calcium that proteins hold.
PROTEINS = ("calbindin_calcium", "parvalbumin_calcium")
#: In seconds.
LENGTHS = {"healthy": 2.0, "open pores": 2.0, "dying": 8.0}


@pytest.fixture(scope="module", params=CONDITIONS)
def record(request: pytest.FixtureRequest, cache: object) -> Record:
    length = LENGTHS[request.param]
    found = simulate(tiny((*CONDITIONS[request.param], UPKEEP)), length, 0.25)
    pores, alive = found.states["pore_open"][-1], found.states["alive"][-1]
    if request.param == "healthy":
        assert pores.max() < 1e-6
        assert alive.all()
    if request.param == "open pores":
        assert pores.min() > 0.9
        assert alive.all()
    if request.param == "dying":
        died = found.states["time_of_death"][-1]
        assert np.sum(alive == 0.0) > 0
        assert ((died < 0) | ((died > 0) & (died <= length))).all()
    return found


def test_calcium_is_conserved(record: Record) -> None:
    # Total calcium per cytosolic volume: what is free and bound, and what is in the matrix. What proteins
    # hold is no part of the record, so that of cells with some is known at the start and at the end.
    start, end = (
        sum(np.asarray(state[name], float) for name in PROTEINS)
        for state in (record.assembly.cells, record.last)
    )
    without = end == 0
    assert np.sum(without) > 0
    assert np.ptp((end - start)[~without]) > 0
    stored = (1 + record.cell("buffer_capacity")) * record.states["calcium"]
    stored += record.cell("mitochondrial_fraction") * record.states["matrix_calcium"]
    entered, left = record.states["calcium_entered"], record.states["calcium_extruded"]
    missing = stored - stored[0] - (entered - left)
    missing[-1] += end - start
    throughput = stored[-1] + entered[-1] + np.abs(left[-1])
    assert (entered[-1] > 0).all()
    assert np.max(np.abs(missing[:, without]) / throughput[without]) < ROUNDING
    assert np.max(np.abs(missing[-1]) / throughput) < ROUNDING
    # Without the proteins the books would be open: they took up far more than rounding.
    assert (np.abs(end - start)[~without] / throughput[~without]).min() > 1e3 * ROUNDING


def test_atp_is_conserved(record: Record) -> None:
    # Creatine kinase moves phosphate between two pools; only both together are kept.
    books = record.states
    pools = books["atp"] + books["phosphocreatine"]
    assert np.ptp(books["phosphocreatine"], axis=0).min() > 0.01
    produced = books["atp_produced_oxidative"] + books["atp_produced_glycolytic"]
    items = [name for name in calcium.RECORDED if name.startswith("atp_used_")]
    assert len(items) >= 8
    used = np.sum([books[name] for name in items], axis=0)
    missing = pools - pools[0] - (produced - used)
    assert (used[-1] > 0).all()
    assert np.max(np.abs(missing) / (pools[0] + used[-1])) < ROUNDING


def test_every_item_of_the_ledger_is_booked(record: Record) -> None:
    # Cells that fire and get input pay for each of it.
    paid = [name for name in calcium.RECORDED if name.startswith("atp_used_")]
    for name in paid:
        assert (record.change(name) > 0).all(), name


def test_calcium_bound_to_proteins_is_counted() -> None:
    # What the buffers hold is no part of the record; the same midpoint step in numpy has it.
    this = cell("motor_fr", calbindin_sites="300 uM", parvalbumin_sites="500 uM")
    given = {"calcium_entry": 0.5, "synaptic_sodium_entry": 5.0, "membrane_potential": -0.04}
    steps = 1024

    def total(y: Array) -> float:
        state = dict(zip(STATES, y, strict=True))
        held = (1 + this.known["buffer_capacity"]) * state["calcium"]  # type: ignore[operator]
        held += state["calbindin_calcium"] + state["parvalbumin_calcium"]
        held += this.known["mitochondrial_fraction"] * state["matrix_calcium"]  # type: ignore[operator]
        return float(held)

    y = this.start
    for _ in range(steps):
        y = midpoint_step(lambda at: this.rate(at, **given, dt=1 / 512), y, 1 / 512)
    state = dict(zip(STATES, y, strict=True))
    passed = state["calcium_entered"] - state["calcium_extruded"]
    assert state["calbindin_calcium"] > 2 * this.start[index("calbindin_calcium")]
    assert state["parvalbumin_calcium"] > 1.1 * this.start[index("parvalbumin_calcium")]
    assert abs(total(y) - total(this.start) - passed) < ROUNDING * state["calcium_entered"]


#: A load, and then mitochondria that burn ATP in place of making it.
LETHAL = [
    (0.0, {"imposed_firing_rate": 30.0, "imposed_releases": 15000.0}),
    (60.0, {"fccp_applied": 1e-3}),
]
PUMPED = ("atp_used_resting", "atp_used_action_potentials", "atp_used_postsynaptic")
USES = ("atp_use", "pump_flux", "pmca_flux", "atp_use_axon")
TAGS = ("sodium_of_spikes", "sodium_of_synapses", "sodium_of_exchange")


@pytest.fixture(scope="module")
def dying() -> SingleCellRun:
    """A cell alone, loaded until it dies."""
    quick = {"necrosis_time": 60.0}
    course = solve(alone("motor_fr", quick, outputs=USES), 900.0, LETHAL, interval=1.0)
    assert course.death is not None
    return course


def test_the_items_of_the_ledger_add_up_to_what_is_used(dying: SingleCellRun) -> None:
    this = dying.cell
    for y in dying.states.T[:: len(dying.times) // 20]:
        rate = dict(zip(this.system.states, this.rhs(0.0, y), strict=True))
        use, pump, pmca, axon = this.outputs(USES, y)
        by_item = sum(rate[name] for name in rate if name.startswith("atp_used_"))
        # Rounding: eight terms that nearly cancel after collapse, each of some 1 mM/s.
        assert by_item == pytest.approx(use, rel=1e-9, abs=1e-12)
        pumped = sum(rate[name] for name in (*PUMPED, "atp_used_calcium"))
        assert pumped == pytest.approx(pump + pmca + axon, rel=1e-9, abs=1e-12)


def test_there_is_never_less_than_no_atp(dying: SingleCellRun) -> None:
    # Every use of ATP must end with it: below zero the pumps would run backwards, and diverge.
    assert dying["atp"].min() > -1e-6  # mM; the solver's tolerance is 1e-8 of rest


def test_tagged_sodium_is_never_more_than_there_is(dying: SingleCellRun) -> None:
    # What is not tagged came through the leak.
    untagged = dying["sodium"] - sum(dying[name] for name in TAGS)
    assert untagged.min() > -1e-6 * dying["sodium"].max()  # the solver's tolerance is 1e-8


@pytest.mark.parametrize("tag", TAGS)
def test_each_tag_is_a_part_of_the_sodium(tag: str, dying: SingleCellRun) -> None:
    # Also where the exchanger runs backwards and carries sodium of any origin out.
    assert dying[tag].min() > -1e-6 * dying["sodium"].max()
    assert (dying[tag] <= dying["sodium"] * (1 + 1e-6)).all()


#: Motor neurons fire as well within a second.
BUSY = (
    "drive.command=rest",
    *(
        f"circuit.populations.{name}.parameters.background_rate=7500 Hz"
        for name in ("motor_s", "motor_fr", "motor_ff", "oculomotor")
    ),
)


@pytest.mark.parametrize("seconds", [1.0, 2.0, 2.0 + 5 / 8192])
def test_every_spike_hands_over_its_charge_once(seconds: float) -> None:
    # The membrane collects; the cell takes what is there at each slow tick. What entered since
    # the last one is still with the membrane, and is known from the spikes since then.
    record = simulate(tiny((*ONLY_SPIKES_LET_CALCIUM_IN, *BUSY)), seconds)
    every = record.assembly.fast_steps_per_second // record.assembly.slow_steps_per_second
    steps = round(seconds * record.assembly.fast_steps_per_second)
    last_taken = (steps - 1) // every * every
    cells = record.cells
    taken = record.spike_neurons[record.spike_ticks < last_taken]
    spikes = np.bincount(taken[taken < cells], minlength=cells)
    assert spikes.min() > 0
    assert spikes.mean() > 5
    volume, faraday = record.cell("cytosolic_volume"), float(record.assembly.cells["faraday"])
    charge = np.asarray(record.assembly.neurons["calcium_per_spike"])[:cells]
    slow_steps = last_taken // every + 1
    leaked = record.cell("calcium_leak") * slow_steps / record.assembly.slow_steps_per_second
    expected = spikes * charge / (2 * faraday * volume)
    found = record.states["calcium_entered"][-1] - leaked
    np.testing.assert_allclose(found, expected, rtol=ROUNDING * 10)


def test_synaptic_calcium_is_the_stated_share_of_the_current() -> None:
    # Two slow steps: one of the membrane, and one in which the cell takes what has entered; it
    # cannot act back yet, so twice the share is twice the calcium, and shares add up. What is
    # left is the rounding of 1e-16 of the leak, 1e-4 to 1e-6 of it being the synapses' part.
    def entered(ampa: float, nmda: float) -> Array:
        record = simulate(
            tiny(
                (
                    "drive.command=rest",
                    "parameters.background_rate=6000 Hz",  # every cell gets some at once
                    "parameters.calcium_per_spike=0 pC",
                    "parameters.calcium_channel_conductance=0 nS",
                    f"parameters.ampa_calcium_fraction={ampa}",
                    "parameters.permeable_ampa_calcium_fraction=0",
                    f"parameters.nmda_calcium_fraction={nmda}",
                )
            ),
            2 / 512,
        )
        return record.states["calcium_entered"][-1] - record.cell("calcium_leak") * 2 / 512

    leaked = float(entered(0.0, 0.0).max())
    assert abs(leaked) < 1e-18
    through_ampa, through_nmda = entered(0.007, 0.0), entered(0.0, 0.1)
    assert through_ampa.min() > 0
    assert through_nmda.min() > 0
    np.testing.assert_allclose(entered(0.014, 0.0), 2 * through_ampa, rtol=1e-9)
    np.testing.assert_allclose(entered(0.007, 0.1), through_ampa + through_nmda, rtol=1e-9)
