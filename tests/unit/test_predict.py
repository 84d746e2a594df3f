"""What a run is predicted to need."""

from __future__ import annotations

import pytest

from tests.tiny import TINY
from unshielded.assemble import assemble
from unshielded.assemble.predict import count_synapses, predict
from unshielded.config import load


@pytest.mark.parametrize("changes", [[], ["circuit.pathways.pyramidal_to_motor_fr.in_degree=3"]])
def test_synapses_are_counted_exactly(changes: list[str]) -> None:
    config = load(TINY, changes).config
    synapses = assemble(config, 1).synapses
    assert count_synapses(config) == sum(len(s.sources) for s in synapses.values())


def test_an_empty_population_has_no_synapses() -> None:
    config = load(TINY, ["circuit.populations.pyramidal.size=0"]).config
    assert count_synapses(config) == sum(
        len(s.sources) for s in assemble(config, 1).synapses.values()
    )


def test_what_grows_with_duration_is_named() -> None:
    short, long = (predict(load(TINY, [f"duration={d} s"]).config) for d in (1000, 3000))
    for what in ("disk", "scratch"):
        rate = getattr(short, f"{what}_bytes_per_second")
        grown = getattr(long, f"{what}_bytes") - getattr(short, f"{what}_bytes")
        assert grown == pytest.approx(2000 * rate)
        assert rate > 0


def test_memory_stops_growing_with_duration() -> None:
    minute, week, month = (
        predict(load(TINY, [f"duration={d} h"]).config) for d in (1 / 60, 168, 720)
    )
    assert minute.memory_bytes < 150e6
    assert minute.memory_bytes < week.memory_bytes == month.memory_bytes < 1e9


def test_spikes_that_are_not_kept_take_no_disk() -> None:
    kept, dropped = (
        predict(load(TINY, ["duration=1000 s", f"record.spikes={s}"]).config)
        for s in ("true", "false")
    )
    assert dropped.disk_bytes < kept.disk_bytes
    assert dropped.scratch_bytes < kept.scratch_bytes
