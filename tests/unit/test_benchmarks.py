"""The published networks of the benchmarks are the ones that the paper describes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest


@pytest.fixture(scope="module")
def workloads() -> ModuleType:
    """The benchmarks are scripts, not a package."""
    path = Path(__file__).parents[2] / "benchmarks" / "workloads.py"
    spec = importlib.util.spec_from_file_location("workloads_of_benchmarks", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_numbers_are_those_of_the_paper(workloads: ModuleType) -> None:
    """Brette et al. (2007), appendix 2: membrane, synapses and the sizes of benchmarks 1 and 2."""
    for workload in (workloads.CUBA, workloads.COBA):
        values = workload.values
        assert (workload.neurons, workload.excitatory) == (4000, 3200)
        assert workload.excitatory_inputs == 0.02 * 3200
        assert workload.inhibitory_inputs == 0.02 * 800
        assert values["capacitance"] / values["leak"] == 20
        assert (values["threshold"], values["reset"], values["refractory"]) == (-50, -60, 5)
        assert (values["excitatory_decay"], values["inhibitory_decay"]) == (5, 10)
    # Currents stand for 0.27 and 4.5 nS at -60 mV, reversal at 0 and -80 mV.
    assert workloads.CUBA.values["excitatory_weight"] == pytest.approx(0.27 * 60, rel=1e-12)
    assert workloads.CUBA.values["inhibitory_weight"] == pytest.approx(4.5 * 20, rel=1e-12)


def test_wiring_has_the_in_degrees_and_no_synapse_twice(workloads: ModuleType) -> None:
    """Every neuron has the same number of different sources of each kind, and not itself."""
    small = workloads.scaled(workloads.COBA, 200)
    drawn = workloads.draw(small, seed=3)
    pairs = np.stack([drawn.sources, drawn.targets])
    assert pairs.shape[1] == small.synapses
    assert len(np.unique(pairs, axis=1).T) == small.synapses
    assert (drawn.sources != drawn.targets).all()
    for kind, inputs in (("excitatory", 64), ("inhibitory", 16)):
        part = small.populations[kind]
        inside = (drawn.sources >= part.start) & (drawn.sources < part.stop)
        assert (np.bincount(drawn.targets[inside], minlength=200) == inputs).all()


def test_a_seed_is_a_network(workloads: ModuleType) -> None:
    """The same seed gives the same arrays, another seed others."""
    small = workloads.scaled(workloads.HH, 200)
    first, again, other = (workloads.draw(small, seed) for seed in (1, 1, 2))
    assert (first.sources == again.sources).all()
    assert (first.potential == again.potential).all()
    assert (first.sources != other.sources).any()
    assert (first.potential != other.potential).any()
