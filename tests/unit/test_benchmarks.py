"""The benchmarks: published networks as the paper has them, and hand-written loops that are the model."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.physics.engine import edited, tiny
from tests.tiny import CELLS
from unshielded.assemble import Assembly
from unshielded.engine.build import Build, build


@pytest.fixture(scope="module")
def workloads() -> ModuleType:
    return script("workloads")


@pytest.fixture(scope="module")
def loops() -> ModuleType:
    return script("loops")


def script(name: str) -> ModuleType:
    """The benchmarks are scripts, not a package."""
    path = Path(__file__).parents[2] / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"{name}_of_benchmarks", path)
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


#: Progress to death of each kind.
DEATHS = ("necrosis", "apoptosis", "proteolysis")


def hurt() -> Assembly:
    """A circuit in which as much as possible is at work: no term may hide at zero or at rest."""
    assembly = tiny(
        (
            "drive={command: rhythmic, level: 1.5, from: 0.1 s, frequency: 5 Hz, duty: 0.6}",
            "glutamate.eaat2=0.3",
            "circuit.interneuron_loss={loss: 0.5, from: 0.3 s, until: 0.6 s}",
            "parameters.kv7_loss=0.3",
            "parameters.persistent_sodium_gain=0.5",
            "parameters.excitability_loss=1 mV",
            "parameters.injected_current=100 pA",
            "parameters.injection_until=0.7 s",
            "parameters.maintenance_rate=10 uM/s",
            "parameters.ros_calcium_gain=1",
        )
    )
    spread = np.random.default_rng(5).uniform
    open_pores = spread(0.0, 0.8, CELLS)
    start = {
        "calcium": spread(1e-3, 2e-2, CELLS),  # mM: what activates calpain
        "sodium": spread(30.0, 120.0, CELLS),  # mM: gradients are lost
        "atp": spread(0.1, 2.0, CELLS),  # mM
        "ros": spread(0.5, 5.0, CELLS),
        "antioxidant": spread(0.2, 1.0, CELLS),
        "pore_open": open_pores,
        "swollen": 0.4 * open_pores,
        "cytochrome_c": 0.3 * open_pores,
        **{death: 1.0 - spread(0.0, 1e-4, CELLS) for death in DEATHS},
    }
    some = np.arange(CELLS) % 3 == 0  # the others drive the circuit
    assembly = edited(
        assembly,
        {"substrate_supply": spread(0.5, 1.0, CELLS)},
        {"perisynaptic_glutamate": 0.1, "vesicle_pool": 0.7, "utilisation": 0.3},
    )
    return edited(
        assembly,
        {k: np.where(some, v, assembly.cells.get(k, 0.0)) for k, v in start.items()},
    )


@pytest.fixture(scope="module")
def pair(
    cache: Path, loops: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Build, Build]:
    """The engine's program for the tiny circuit, and the loops."""
    engine = build(tiny())
    return engine, loops.compile_loops(engine, tiny(), tmp_path_factory.mktemp("loops"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("assembled", "deaths"), [(tiny, {0}), (hurt, {0, 1, 2, 3})], ids=["default", "hurt"]
)
def test_the_loops_are_the_model(
    loops: ModuleType,
    pair: tuple[Build, Build],
    tmp_path: Path,
    assembled: Callable[[], Assembly],
    deaths: set[int],
) -> None:
    """Every spike, and all states of the cells to rounding: what the model gains, they must have."""
    assembly = assembled()
    ours, theirs = (loops.run(program, assembly, 1.0, tmp_path) for program in pair)
    assert len(ours.ticks) > 500
    assert set(ours.cells["death_mode"]) == deaths  # there is something to compare
    assert loops.same_until(ours, theirs, assembly.fast_steps_per_second) == float("inf")
    # They add in different orders: rounding, 1e-16 of a step, over 8192 steps.
    apart = {k: v for k, v in loops.differences(ours, theirs).items() if not v < 1e-11}
    assert apart == {}
