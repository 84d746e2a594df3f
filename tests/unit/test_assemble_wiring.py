"""Sources of a synapse: distinct, never the target itself, all alike, however many there are."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare

from unshielded.assemble import wiring
from unshielded.assemble.layout import Layout
from unshielded.assemble.wiring import Projection, wire


def _sources(size: int, degree: int, itself: bool) -> np.ndarray:
    """Target × source of one projection, as indices into the source population."""
    layout = Layout.of({"pyramidal": size, "pv": size}, {"pyramidal": False, "pv": False})
    target = "pyramidal" if itself else "pv"
    one = Projection("some", "pyramidal", target, "glutamate", degree, 1.0, 1e-3, 0.0)
    synapses = wire(layout, [one], seed=1)["glutamate"]
    assert (np.diff(synapses.targets) >= 0).all()
    return synapses.sources.reshape(size, -1)


@pytest.mark.parametrize("itself", [False, True])
@pytest.mark.parametrize("few", [1 << 20, 0], ids=["in random order", "drawn anew"])
def test_sources_are_distinct_and_all_alike(
    monkeypatch: pytest.MonkeyPatch, few: int, itself: bool
) -> None:
    monkeypatch.setattr(wiring, "_FEW", few)
    size, degree = 900, 30
    chosen = _sources(size, degree, itself)
    assert chosen.shape == (size, degree)
    assert (np.diff(chosen, axis=1) > 0).all()  # sorted, so distinct
    assert chosen.min() >= 0
    assert chosen.max() < size
    if itself:
        assert not (chosen == np.arange(size)[:, None]).any()
    # Each source is drawn as often as any other: hypergeometric counts scatter no more than
    # multinomial ones, so a correct draw fails this once in a thousand seeds, and the seed is fixed.
    assert chisquare(np.bincount(chosen.ravel(), minlength=size)).pvalue > 1e-3


def test_many_sources_take_time_and_memory_in_proportion_to_synapses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("all sources are put in order for each target")

    monkeypatch.setattr(wiring, "_first_of_all", refuse)
    assert _sources(5000, 3, True).shape == (5000, 3)


@pytest.mark.parametrize("size", [40, 12, 5])
def test_fewer_sources_than_synapses_carry_what_all_would(size: int) -> None:
    layout = Layout.of({"pv": size, "pyramidal": 7}, {"pv": False, "pyramidal": False})
    one = Projection("some", "pv", "pyramidal", "gaba", 30, 2.7, 1e-3, 0.0)
    synapses = wire(layout, [one], seed=1)["gaba"]
    sums = np.bincount(synapses.targets, synapses.weights)[layout["pyramidal"].start :][:7]
    np.testing.assert_allclose(sums, 30 * 2.7, rtol=1e-12)  # rounding of 30 sums
