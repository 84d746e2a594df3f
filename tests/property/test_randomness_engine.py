"""Chance through the compiled program: what is repeated, what differs, what cannot notice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.physics.engine import Record, simulate, tiny
from tests.tiny import TINY
from unshielded.circuit.pathways import PATHWAYS
from unshielded.circuit.populations import INTERNEURONS_OF
from unshielded.config import load
from unshielded.running.run import run

pytestmark = pytest.mark.usefixtures("cache")


def spikes_of(record: Record, population: str) -> list[tuple[int, int]]:
    part = record.assembly.layout[population]
    mine = (record.spike_neurons >= part.start) & (record.spike_neurons < part.stop)
    return list(
        zip(record.spike_ticks[mine].tolist(), record.spike_neurons[mine].tolist(), strict=True)
    )


@pytest.mark.parametrize(("of", "example"), [("cortical", "pv"), ("spinal", "renshaw")])
def test_who_gets_nothing_from_interneurons_is_the_same_to_the_bit_without_them(
    of: str, example: str
) -> None:
    gone = INTERNEURONS_OF[of]
    cut = tuple(
        f"circuit.pathways.{name}.weight=0"
        for name, pathway in PATHWAYS.items()
        if pathway.source in gone and pathway.target not in gone
    )
    with_, without = (
        simulate(tiny((*cut, f"circuit.interneuron_loss={{loss: {n}, of: {of}}}")), 2.0, 0.5)
        for n in (0, 1)
    )
    layout = with_.assembly.layout
    left = [part for part in layout.slices if part.name not in gone]
    for part in left:
        assert spikes_of(with_, part.name) == spikes_of(without, part.name), part.name
    for population in {"pyramidal", "motor_fr", "oculomotor", "pv", "renshaw"} - set(gone):
        assert len(spikes_of(with_, population)) > 20, population
    cells = np.concatenate([np.arange(s.start, s.stop) for s in left])
    for name, states in with_.states.items():
        assert states[:, cells].tobytes() == without.states[name][:, cells].tobytes(), name
    # The lesion is there: those who are lost are silent, the others were not.
    assert spikes_of(without, example) == []
    assert len(spikes_of(with_, example)) > 20


def test_a_lesion_reaches_who_is_connected() -> None:
    with_, without = (simulate(tiny((f"circuit.interneuron_loss={n}",)), 1.0) for n in (0, 1))
    pyramidal = with_.assembly.layout["pyramidal"]
    part = slice(pyramidal.start, pyramidal.stop)
    assert without.counts[:, part].sum() > with_.counts[:, part].sum()


def test_a_growing_lesion_silences_at_its_times() -> None:
    record = simulate(tiny(("circuit.interneuron_loss={loss: 1, from: 0.5 s, until: 1.5 s}",)), 2.0)
    times = np.asarray(record.assembly.neurons["silenced_from"])
    rate = record.assembly.fast_steps_per_second
    part = record.assembly.layout["pv"]
    assert ((times[part.start : part.stop] >= 0.5) & (times[part.start : part.stop] < 1.5)).all()
    fired = record.spike_ticks / rate
    assert (fired < times[record.spike_neurons]).all()
    assert (fired[record.spike_neurons >= part.start] > 0.5).any()


def test_an_input_does_not_know_its_neighbours() -> None:
    # Without synapses every neuron fires as it would alone: taking the drive away from one
    # population leaves the others' spikes as they were, to the bit.
    alone = tuple(f"circuit.pathways.{name}.weight=0" for name in PATHWAYS)
    quiet = "circuit.populations.pyramidal.parameters.background_rate=0 Hz"
    all_, some = simulate(tiny(alone), 1.0), simulate(tiny((*alone, quiet)), 1.0)
    assert len(spikes_of(some, "pyramidal")) < len(spikes_of(all_, "pyramidal"))
    for population in ("motor_fr", "oculomotor", "pv", "renshaw"):
        assert spikes_of(all_, population) == spikes_of(some, population)


def test_the_same_config_and_seed_give_the_same_file(tmp_path: Path) -> None:
    def results(folder: str, seed: int) -> bytes:
        experiment = load(TINY, ["duration=1 s", "record.interval=0.25 s"], seed)
        return run(experiment, tmp_path / folder).results.read_bytes()

    one, two, other = results("one", 1), results("two", 1), results("three", 2)
    assert one == two
    assert one != other


def test_another_seed_gives_other_spikes() -> None:
    one, other = (simulate(tiny(seed=n), 1.0) for n in (1, 2))
    assert not np.array_equal(one.spike_ticks, other.spike_ticks)
    assert not np.array_equal(one.counts, other.counts)


def test_how_often_is_recorded_does_not_matter() -> None:
    often, once = simulate(tiny(), 1.0, 1 / 64), simulate(tiny(), 1.0)
    np.testing.assert_array_equal(often.spike_ticks, once.spike_ticks)
    np.testing.assert_array_equal(often.counts.sum(axis=0), once.counts[0])
    for name, states in once.states.items():
        assert states[-1].tobytes() == often.states[name][-1].tobytes(), name


def test_counts_are_the_spikes() -> None:
    record = simulate(tiny(), 1.0, 0.25)
    rate = record.assembly.fast_steps_per_second
    interval = record.spike_ticks * 4 // rate
    found = np.zeros_like(record.counts)
    np.add.at(found, (interval, record.spike_neurons), 1)
    np.testing.assert_array_equal(found, record.counts)
    assert (np.diff(record.spike_ticks) >= 0).all()
