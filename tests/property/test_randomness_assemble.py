"""Chance by name: lesions are nested, and no draw moves because something else is drawn."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiny import TINY
from unshielded.assemble import Assembly, assemble
from unshielded.assemble.lesion import NEVER, silenced_from
from unshielded.assemble.streams import stream
from unshielded.circuit.populations import POPULATIONS
from unshielded.config import load

sizes = st.integers(0, 300)
#: None, or longer than a step of any clock: subnormal times are rounded to nothing, not in order.
lengths = st.just(0.0) | st.floats(1e-6, 1e5)
levels = st.floats(0, 1)
seeds = st.integers(0, 2**32 - 1)
names = st.text(min_size=1, max_size=20)


@settings(deadline=None)
@given(sizes, levels, levels, seeds)
def test_lesions_are_nested(size: int, one: float, other: float, seed: int) -> None:
    less, more = sorted((one, other))
    lost = [silenced_from(size, level, 0, 0, seed, "pv") < NEVER for level in (less, more)]
    assert lost[0].sum() == round(less * size)
    assert lost[1].sum() == round(more * size)
    assert not (lost[0] & ~lost[1]).any()


@settings(deadline=None)
@given(st.integers(1, 300), levels, levels, seeds, st.floats(0, 1e5), lengths)
def test_a_growing_lesion_takes_the_same_neurons_in_the_same_order(
    size: int, one: float, other: float, seed: int, start: float, length: float
) -> None:
    less, more = sorted((one, other))
    few, many = (
        silenced_from(size, level, start, start + length, seed, "pv") for level in (less, more)
    )
    gone = many[many < NEVER]
    assert ((gone >= start) & (gone <= start + length)).all()
    # The number of neurons lost never falls, and grows by one at a time at equal intervals.
    np.testing.assert_allclose(np.diff(np.sort(gone)), length / max(1, len(gone)), atol=1e-6)
    # Who is lost at the lower level goes no later at the higher one.
    both = few < NEVER
    assert (many[both] <= few[both] + 1e-9 * (start + length)).all()
    order = np.argsort(few[both], kind="stable")
    assert (np.diff(many[both][order]) >= 0).all()
    constant = silenced_from(size, more, 0.0, 0.0, seed, "pv") < NEVER
    np.testing.assert_array_equal(constant, many < NEVER)


@settings(deadline=None)
@given(seeds, names, names)
def test_streams_are_a_function_of_seed_and_name(seed: int, one: str, other: str) -> None:
    draw = stream(seed, "a", one).random(4)
    np.testing.assert_array_equal(draw, stream(seed, "a", one).random(4))
    if one != other:
        assert (draw != stream(seed, "a", other).random(4)).all()
    assert (draw != stream((seed + 1) % 2**32, "a", one).random(4)).all()


def tiny(*overrides: str, seed: int = 1) -> Assembly:
    return assemble(load(TINY, list(overrides), seed).config, seed)


def drawn(assembly: Assembly, population: str) -> dict[str, np.ndarray]:
    """All that chance decides of a population by itself."""
    part = assembly.layout[population]
    found = {
        name: np.asarray(values)[part.start : part.stop]
        for name, values in assembly.neurons.items()
        if np.ndim(values)
    }
    if part.carries_calcium:
        found |= {
            f"cell {name}": np.asarray(values)[part.start : part.stop]
            for name, values in assembly.cells.items()
            if np.ndim(values)
        }
    return found


def into(assembly: Assembly, population: str) -> list[tuple[object, ...]]:
    """Its incoming synapses, with neurons named by population and place."""

    def place(neuron: int) -> tuple[str, int]:
        part = next(s for s in assembly.layout.slices if s.start <= neuron < s.stop)
        return part.name, neuron - part.start

    return [
        (receptor, place(s), place(t), w, d)
        for receptor, synapses in assembly.synapses.items()
        for s, t, w, d in zip(
            synapses.sources, synapses.targets, synapses.weights, synapses.delays, strict=True
        )
        if place(t)[0] == population
    ]


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(sorted(POPULATIONS)), st.integers(1, 40), seeds)
def test_resizing_a_population_leaves_the_draws_of_others(name: str, size: int, seed: int) -> None:
    before, after = tiny(seed=seed), tiny(f"circuit.populations.{name}.size={size}", seed=seed)
    for other in POPULATIONS.keys() - {name}:
        one, two = drawn(before, other), drawn(after, other)
        assert one.keys() == two.keys()
        for variable in one:
            np.testing.assert_array_equal(one[variable], two[variable], err_msg=variable)
        # Synapses from populations that have not changed.
        ours = [[s for s in into(a, other) if s[1][0] != name] for a in (before, after)]  # type: ignore[index]
        assert ours[0] == ours[1]


def test_a_lesion_changes_nothing_but_who_is_silenced() -> None:
    none, all_ = tiny("circuit.interneuron_loss=0"), tiny("circuit.interneuron_loss=1")
    for name in none.neurons:
        same = np.array_equal(none.neurons[name], all_.neurons[name])
        assert same == (name != "silenced_from"), name
    for receptor in none.synapses:
        np.testing.assert_array_equal(
            none.synapses[receptor].sources, all_.synapses[receptor].sources
        )
        np.testing.assert_array_equal(
            none.synapses[receptor].delays, all_.synapses[receptor].delays
        )


def test_another_seed_is_another_draw_of_everything_random() -> None:
    some = "circuit.pathways.pv_to_pyramidal.in_degree=3"  # of 10: there is a choice
    one, two = tiny(some, seed=1), tiny(some, seed=2)
    for name in ("input_stream", "membrane_potential", "leak_conductance"):
        assert (np.asarray(one.neurons[name]) != np.asarray(two.neurons[name])).any(), name
    assert (one.synapses["gaba"].sources != two.synapses["gaba"].sources).any()
    assert (one.cells["buffer_capacity"] != two.cells["buffer_capacity"]).any()  # type: ignore[union-attr]
