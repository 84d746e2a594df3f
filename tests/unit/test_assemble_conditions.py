"""Sizes along a pool, and what makes a class of neurons weaker: one term at a time."""

from __future__ import annotations

import numpy as np
import pytest

from tests.physics.engine import Record, simulate, tiny
from unshielded import calcium, circuit
from unshielded.assemble import Assembly
from unshielded.assemble.lesion import NEVER
from unshielded.circuit.pathways import PATHWAYS
from unshielded.circuit.populations import INTERNEURONS, INTERNEURONS_OF, POPULATIONS

PARAMETERS = circuit.PARAMETERS | calcium.PARAMETERS
ORDERED = [p.name for p in POPULATIONS.values() if p.gradients]


def column(assembly: Assembly, name: str, population: str) -> np.ndarray:
    part = assembly.layout[population]
    values = assembly.neurons if name in assembly.neurons else assembly.cells
    return np.asarray(values[name])[part.start : part.stop]


@pytest.mark.parametrize("population", ORDERED)
def test_neurons_are_ordered_from_the_first_size_to_the_last(population: str) -> None:
    # A pool of 1000: its first and last neuron are half a step of the ends away, in logarithms.
    assembly = tiny((f"circuit.populations.{population}.size=1000",))
    steady = [n for n in POPULATIONS[population].gradients if not PARAMETERS[n].spread]
    assert len(steady) > 3
    for name in steady:
        first, last = POPULATIONS[population].gradients[name]
        middle = POPULATIONS[population].parameters[name].si
        found = column(assembly, name, population)
        inner = (last / first) ** (0.5 / 1000)
        assert found[0] == pytest.approx(middle * first * inner, rel=1e-9)
        assert found[-1] == pytest.approx(middle * last / inner, rel=1e-9)
        np.testing.assert_allclose(np.diff(np.log(found)), np.log(last / first) / 1000, rtol=1e-6)


def test_without_heterogeneity_all_neurons_are_the_middle_one() -> None:
    assembly = tiny(("circuit.heterogeneity=0",))
    for population in ORDERED:
        for name in POPULATIONS[population].gradients:
            middle = POPULATIONS[population].parameters[name].si
            np.testing.assert_allclose(column(assembly, name, population), middle, rtol=1e-12)


def test_heterogeneity_is_the_power_of_the_factors() -> None:
    one, two = (
        column(tiny((f"circuit.heterogeneity={h}",)), "membrane_capacitance", "motor_fr")
        for h in (1, 2)
    )
    middle = POPULATIONS["motor_fr"].parameters["membrane_capacitance"].si
    np.testing.assert_allclose(two / middle, (one / middle) ** 2, rtol=1e-9)


def test_a_value_of_the_config_is_that_of_the_middle_neuron() -> None:
    own = "circuit.populations.motor_fr.parameters.membrane_capacitance=1 nF"
    found = column(tiny((own,)), "membrane_capacitance", "motor_fr")
    assert np.exp(np.log(found).mean()) == pytest.approx(
        1e-9 * np.sqrt(np.prod(POPULATIONS["motor_fr"].gradients["membrane_capacitance"])), rel=1e-9
    )


def lost(assembly: Assembly, population: str) -> np.ndarray:
    return column(assembly, "silenced_from", population) < NEVER


@pytest.mark.parametrize("population", ["pv", "pyramidal", "motor_s"])
def test_losses_of_a_population_are_nested_and_its_own(population: str) -> None:
    less, more = (tiny((f"circuit.loss={{{population}: {n}}}",)) for n in (0.25, 0.75))
    size = less.layout[population].size
    few, many = lost(less, population), lost(more, population)
    assert (few.sum(), many.sum()) == (round(0.25 * size), round(0.75 * size))
    assert not (few & ~many).any()
    for other in POPULATIONS.keys() - {population}:
        assert not lost(more, other).any()


def test_the_shorthand_is_for_interneurons_that_have_no_loss_of_their_own() -> None:
    assembly = tiny(("circuit.interneuron_loss=1", "circuit.loss={sst: 0.5, renshaw: 0}"))
    share = {name: lost(assembly, name).mean() for name in POPULATIONS}
    assert share.pop("sst") == 0.5
    assert {name for name, of in share.items() if of} == set(INTERNEURONS) - {"sst"}
    assert share["pv"] == share["vip"] == 1.0


def test_the_shorthand_takes_whom_the_loss_of_each_would_take() -> None:
    each = ", ".join(f"{name}: 0.4" for name in INTERNEURONS)
    short, long = tiny(("circuit.interneuron_loss=0.4",)), tiny((f"circuit.loss={{{each}}}",))
    np.testing.assert_array_equal(short.neurons["silenced_from"], long.neurons["silenced_from"])


def test_a_loss_takes_the_interneurons_that_it_is_of() -> None:
    short = "circuit.interneuron_loss={loss: 0.4, of: %s}"
    of = {name: tiny((short % name,)).neurons["silenced_from"] for name in INTERNEURONS_OF}
    gone = {name: np.asarray(times) < NEVER for name, times in of.items()}
    np.testing.assert_array_equal(gone["all"], gone["cortical"] | gone["spinal"])
    layout = tiny().layout
    for name, populations in INTERNEURONS_OF.items():
        for part in layout.slices:
            expected = round(0.4 * part.size) if part.name in populations else 0
            assert gone[name][part.start : part.stop].sum() == expected, (name, part.name)
    # Cortical cells go unless it says otherwise, and a class that 'loss' names has its own.
    plain = tiny(("circuit.interneuron_loss=0.4",)).neurons["silenced_from"]
    np.testing.assert_array_equal(plain, of["cortical"])
    own = tiny((short % "all", "circuit.loss.renshaw=0"))
    assert not lost(own, "renshaw").any()
    assert lost(own, "pv").any()


@pytest.mark.parametrize("of", list(INTERNEURONS_OF))
def test_losses_of_interneurons_are_nested(of: str) -> None:
    levels = (f"circuit.interneuron_loss={{loss: {n}, of: {of}}}" for n in (0.2, 0.5, 1))
    few, half, whole = (np.asarray(tiny((n,)).neurons["silenced_from"]) < NEVER for n in levels)
    assert few.sum() < half.sum() < whole.sum()
    assert not (few & ~half).any()
    assert not (half & ~whole).any()


def test_a_loss_with_a_window_goes_one_by_one() -> None:
    assembly = tiny(("circuit.loss={sst: {loss: 1, from: 0.5 s, until: 1.5 s}}",))
    size = assembly.layout["sst"].size
    times = np.sort(column(assembly, "silenced_from", "sst"))
    np.testing.assert_allclose(times, 0.5 + np.arange(size) / size)


def fired(record: Record, population: str) -> list[tuple[int, int]]:
    part = record.assembly.layout[population]
    mine = (record.spike_neurons >= part.start) & (record.spike_neurons < part.stop)
    return list(
        zip(record.spike_ticks[mine].tolist(), record.spike_neurons[mine].tolist(), strict=True)
    )


def same(one: Record, other: Record) -> None:
    np.testing.assert_array_equal(one.spike_ticks, other.spike_ticks)
    np.testing.assert_array_equal(one.spike_neurons, other.spike_neurons)
    assert len(one.spike_ticks) > 100


PV = tuple(name for name, p in PATHWAYS.items() if p.source == "pv")


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("left", [0.0, 0.5])
def test_transmitter_release_scales_what_a_class_passes_on(left: float) -> None:
    # Halves are exact in binary: the same spikes to the bit as with half the weights. But for what
    # release costs: who releases less has more ATP, and so a slightly other membrane; so it is for free.
    free = ("parameters.atp_per_release=0", "parameters.atp_per_recycling=0")
    less = f"circuit.populations.pv.parameters.transmitter_release={left}"
    weak = simulate(tiny((*free, less)), 0.5)
    light = [f"circuit.pathways.{name}.weight={left * PATHWAYS[name].weight!r}" for name in PV]
    same(weak, simulate(tiny((*free, *light)), 0.5))
    whole = simulate(tiny(free), 0.5)
    assert fired(whole, "pyramidal") != fired(weak, "pyramidal")


@pytest.mark.usefixtures("cache")
def test_fewer_gaba_a_receptors_weaken_what_a_class_receives() -> None:
    # Somatostatin cells open GABA-B receptors as well, which stay; so without them.
    silent = "circuit.pathways.sst_to_pyramidal.weight=0"
    few = simulate(
        tiny((silent, "circuit.populations.pyramidal.parameters.gaba_a_receptors=0.5")), 0.5
    )
    weight = 0.5 * PATHWAYS["pv_to_pyramidal"].weight
    same(few, simulate(tiny((silent, f"circuit.pathways.pv_to_pyramidal.weight={weight!r}")), 0.5))
    assert fired(simulate(tiny((silent,)), 0.5), "pyramidal") != fired(few, "pyramidal")


@pytest.mark.usefixtures("cache")
def test_gaba_b_stays_where_gaba_a_receptors_are_gone() -> None:
    gone = "circuit.populations.pyramidal.parameters.gaba_a_receptors=0"
    with_, without = (
        simulate(tiny((gone, f"parameters.gaba_b_maximum={most} nS")), 0.5) for most in (900, 0)
    )
    assert len(fired(with_, "pyramidal")) < len(fired(without, "pyramidal"))


@pytest.mark.usefixtures("cache")
def test_loss_of_excitability_silences_a_class_and_nobody_else() -> None:
    alone = [f"circuit.pathways.{name}.weight=0" for name in PATHWAYS]
    healthy, dull, mute = (
        simulate(
            tiny((*alone, f"circuit.populations.pv.parameters.excitability_loss={rise} mV")), 1.0
        )
        for rise in (0, 5, 100)
    )
    assert len(fired(healthy, "pv")) > len(fired(dull, "pv")) > 0
    assert fired(mute, "pv") == []
    for other in POPULATIONS.keys() - {"pv"}:
        assert fired(healthy, other) == fired(dull, other), other
