"""Therapies through the compiled engine: nothing at dose 0, and each its own effect in the circuit."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.physics.engine import Record, edited, simulate, tiny
from unshielded.circuit.populations import INTERNEURONS

pytestmark = pytest.mark.usefixtures("cache")

SECONDS = 3.0
NOTHING = (
    "therapies=[{riluzole: {dose: 0 mg/day}}, {retigabine: {dose: 0 mg/day}}, "
    "{diazepam: {concentration: 0 uM}}, {ceftriaxone: {dose: 0 mg/day, pretreatment: 30 days}}, "
    "{lipid precursor: {dose: 0 mg/day}}, {beta-hydroxybutyrate: {dose: 0 mg/day}}, "
    "{edaravone: {dose: 0 mg/day}}, {olesoxime: {dose: 0 mg/day}}, "
    "{cyclosporin A: {dose: 0 mg/day}}, {hypercaloric nutrition: {factor: 1}}, "
    "{aso: {target: mcu_maximum_rate, knockdown: 0}}, "
    "{interneuron transplantation: {fraction: 0}}]"
)


@cache
def run(*overrides: str) -> Record:
    """The tiny circuit under a strong command, without what must wait for a bath to fill."""
    fast = "parameters.bath_exchange_time=0.02 s"
    return simulate(tiny((fast, "parameters.drug_entry_time=0.1 s", *overrides)), SECONDS, 0.5)


def spikes(record: Record, population: str) -> int:
    part = record.assembly.layout[population]
    return int(record.counts[:, part.start : part.stop].sum())


def therapy(text: str) -> str:
    return f"therapies=[{{{text}}}]"


def test_a_dose_of_nothing_is_no_therapy_to_the_last_bit() -> None:
    lost = "circuit.interneuron_loss=0.5"
    with_, without = run(lost, NOTHING), run(lost)
    assert len(with_.assembly.schedule) == 9
    assert without.assembly.schedule == ()
    assert len(without.spike_ticks) > 500
    np.testing.assert_array_equal(with_.spike_ticks, without.spike_ticks)
    np.testing.assert_array_equal(with_.spike_neurons, without.spike_neurons)
    for name, values in without.states.items():
        np.testing.assert_array_equal(with_.states[name], values, err_msg=name)


@pytest.mark.parametrize("drug", ["riluzole", "retigabine", "diazepam"])
def test_a_drug_against_excitability_quietens_the_circuit_the_more_the_higher(drug: str) -> None:
    rates = [spikes(run(therapy(f"{drug}: {{concentration: {c} uM}}")), "pyramidal")
             for c in (0.3, 3)]  # fmt: skip
    assert spikes(run(), "pyramidal") > rates[0] > rates[1]


def test_diazepam_needs_inhibition_to_act_on() -> None:
    # Without any GABA-A conductance there is nothing to multiply; retigabine works all the same.
    bare = ("parameters.gaba_a_receptors=0",)
    none = run(*bare)
    with_ = run(*bare, therapy("diazepam: {concentration: 1 uM}"))
    np.testing.assert_array_equal(with_.spike_ticks, none.spike_ticks)
    assert spikes(run(*bare, therapy("retigabine: {concentration: 3 uM}")), "pyramidal") < (
        spikes(none, "pyramidal")
    )


def test_loss_of_kv7_and_gain_of_persistent_sodium_excite() -> None:
    # Interneurons fire more, too, and hold the others down: it is the sum that rises.
    for change in ("kv7_loss=0.8", "persistent_sodium_gain=1"):
        excited = run(f"parameters.{change}")
        assert len(excited.spike_ticks) > 1.02 * len(run().spike_ticks), change


def test_riluzole_saves_the_energy_of_release() -> None:
    # Half of the persistent sodium current and a sixth of release: the terminals pay for what they
    # release, per spike less than without.
    treated = run(therapy("riluzole: {concentration: 2 uM}"))
    cells = slice(
        *(treated.assembly.layout["pyramidal"].start, treated.assembly.layout["pyramidal"].stop)
    )
    known = treated.assembly.neurons
    depletion = np.multiply(known["release_probability"], known["vesicle_recovery_time"])[cells]
    each, depleted = [], []
    for record in (run(), treated):
        fired = record.counts.sum(axis=0)[cells]
        each.append(record.change("atp_used_release")[cells] / np.maximum(fired, 1))
        depleted.append(depletion * fired / SECONDS)
        assert fired.min() > 5
    left = 1 - 2 / (2 + 10)
    # By Tsodyks and Markram's mean a spike releases 1/(1 + pντ) of rested terminals, and with the drug
    # left/(1 + left·pντ), at rates of their own: the treated fire less, so their terminals are rested.
    # Bursts, and terminals that begin rested, do the same to both; without the drug's effect it is 1.
    rested = np.mean(each[1] * (1 + depleted[1])) / np.mean(each[0] * (1 + depleted[0]))
    expected = np.mean(left * (1 + depleted[1]) / (1 + left * depleted[1]))
    print(f"release per spike, of rested terminals: {rested:.3f}, expected {expected:.3f}")
    assert left < expected < 0.97
    assert rested == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(
    ("drug", "setting", "name", "sign"),
    [
        ("edaravone: {concentration: 5 uM}", "ros_pore_gain=5", "ros", -1),
        ("beta-hydroxybutyrate: {concentration: 3 mM}", "substrate_supply=0.5",
         "mitochondrial_potential", 1),
    ],
)  # fmt: skip
def test_a_drug_inside_cells_does_its_own_in_each(
    drug: str, setting: str, name: str, sign: int
) -> None:
    before, after = run(f"parameters.{setting}"), run(f"parameters.{setting}", therapy(drug))
    moved = after.states[name][-1] - before.states[name][-1]
    # In each but one or two, whose spikes have fallen otherwise.
    assert (sign * moved > 0).sum() >= len(moved) - 2


def test_olesoxime_and_an_aso_against_the_pore_keep_pores_shut() -> None:
    # Mitochondria with a fifth of their substrate, whose pores depolarisation alone opens.
    stressed = ("parameters.substrate_supply=0.04", "parameters.pore_depolarisation_gain=4")
    most = run(*stressed).states["pore_open"][-1].mean()
    assert most > 0.01
    for text in (
        "olesoxime: {concentration: 30 uM}",
        "cyclosporin A: {concentration: 10 uM}",
        "aso: {target: pore_opening_rate, knockdown: 0.6, pretreatment: 2 years}",
    ):
        assert run(*stressed, therapy(text)).states["pore_open"][-1].mean() < 0.9 * most, text


def test_a_pretreated_tissue_clears_glutamate_faster() -> None:
    long = "ceftriaxone: {concentration: 3.5 uM, pretreatment: 60 days}"
    low = "glutamate.eaat2=0.29"
    treated, plain = run(low, therapy(long)), run(low)
    name = "perisynaptic_glutamate"
    assert treated.states[name][-1].mean() < 0.9 * plain.states[name][-1].mean()


def test_grafted_interneurons_fire_in_the_place_of_lost_ones() -> None:
    graft = therapy("interneuron transplantation: {fraction: 0.5, from: 1 s, maturation: 0.5 s}")
    lost = "circuit.interneuron_loss=1"
    record, bare = run(lost, graft), run(lost)
    restored = np.asarray(record.assembly.neurons["restored_from"])
    rate = record.assembly.fast_steps_per_second
    for name in INTERNEURONS:
        part = record.assembly.layout[name]
        assert spikes(bare, name) == 0
        first = restored[part.start : part.stop]
        assert (first < 1e9).sum() == round(0.5 * part.size)
        for k in range(part.start, part.stop):
            times = record.spike_ticks[record.spike_neurons == k] / rate
            assert (times >= restored[k]).all()
    assert spikes(record, "pv") > 0
    # Before the first is ready nothing differs.
    early = [r.spike_ticks[r.spike_ticks < rate] for r in (record, bare)]
    np.testing.assert_array_equal(*early)


def test_sodium_that_a_channel_lets_in_or_keeps_out_is_pumped_and_paid() -> None:
    # ATP still balances (rounding, as in test_conservation), and a gain costs more at the pump.
    gained = run("parameters.persistent_sodium_gain=2")
    books = gained.states
    used = sum(books[n] for n in books if n.startswith("atp_used_"))
    made = books["atp_produced_oxidative"] + books["atp_produced_glycolytic"]
    pools = books["atp"] + books["phosphocreatine"]
    missing = pools - pools[0] - (made - used)
    assert np.max(np.abs(missing)) < 1e-12 * np.max(used)
    assert gained.change("atp_used_resting").mean() > run().change("atp_used_resting").mean()


def test_the_margin_falls_with_the_load_and_the_capacity_with_the_pores() -> None:
    plain, loaded = run(), run("parameters.maintenance_rate=1 mM/s")
    margins = [r.states["energy_margin"][-1] for r in (plain, loaded)]
    assert (margins[0] > margins[1] + 0.1).all()
    pores = edited(tiny(("parameters.bath_exchange_time=0.02 s",)), cells={"pore_open": 0.5})
    halved = simulate(pores, 0.5, 0.5).change("atp_capacity") / 0.5
    whole = plain.change("atp_capacity") / SECONDS
    glycolysis = plain.cell("glycolysis_maximum_rate")
    # Some pores shut again within the half second.
    np.testing.assert_allclose((halved - glycolysis) / (whole - glycolysis), 0.5, rtol=0.1)
