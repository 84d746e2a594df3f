"""The default circuit over several seeds: healthy, and healthy by more than the seeds differ.

Rest and sustained contraction, 20 s each, three seeds. The bounds are those of a healthy motor
circuit: far apart, so that silent, regular and runaway circuits all lie outside, and the spread
between seeds is small against them. Two circuits are compared as in the reference data of the
cortical microcircuit model (Potjans 2014, INM-6): by the distance between the distributions over
neurons of rate and irregularity, held against the distance between seeds of one circuit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import ks_2samp

from tests.physics.engine import Record, simulate, tiny
from unshielded.results.spike_trains import Activity, Trains, describe, irregularity, rates

HEALTHY = Path(__file__).parent.parent.parent / "configs" / "healthy.yaml"
SEEDS = (1, 2, 3)
SECONDS, SETTLED = 20, 2.0
INTERNEURONS = ("pv", "sst", "vip")
LIMB = ("motor_s", "motor_fr", "motor_ff")

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("cache")]


@dataclass(frozen=True)
class Measured:
    """One run: what the spikes say of each population, each pyramidal cell's rate and CV, deaths."""

    spikes: Mapping[str, Activity]
    pyramidal: Mapping[str, NDArray[np.float64]]
    dead: int
    lowest_atp: Mapping[str, float]  # of each population, over that at rest
    excitation: Mapping[str, float]  # of limb pools, synaptic conductance over the leak
    inhibition: Mapping[str, float]

    def rate(self, *populations: str) -> float:
        """Mean over all neurons of some populations (Hz)."""
        found = [self.spikes[name] for name in populations]
        assert all(each.mean_rate_hz is not None for each in found)
        return float(np.average([e.mean_rate_hz for e in found], weights=[e.n for e in found]))


def measure(record: Record) -> Measured:
    trains = {
        s.name: trains_of(record, s.start, s.stop, s.name) for s in record.assembly.layout.slices
    }
    cv = irregularity(trains["pyramidal"])[0]
    # The first seconds are left out: all cells start together, before adaptation has built up.
    atp = record.states["atp"]
    settled = atp[int(np.ceil(SETTLED / SECONDS * (len(atp) - 1))) :]
    return Measured(
        {name: describe(each) for name, each in trains.items()},
        {"rate": rates(trains["pyramidal"]), "CV": cv[np.isfinite(cv)]},
        int(np.sum(record.states["alive"][-1] < 0.5)),
        {
            s.name: float(settled[:, s.start : s.stop].min() / record.assembly.cells["resting_atp"])
            for s in record.assembly.layout.slices
            if s.carries_calcium
        },
        *(over_leak(record, f"mean_{kind}_conductance") for kind in ("excitatory", "inhibitory")),
    )


def over_leak(record: Record, name: str) -> dict[str, float]:
    leak = np.asarray(record.assembly.neurons["leak_conductance"])
    parts = {pool: record.assembly.layout[pool] for pool in LIMB}
    return {
        pool: float(np.mean(record.states[name][-1, p.start : p.stop] / leak[p.start : p.stop]))
        for pool, p in parts.items()
    }


def trains_of(record: Record, start: int, stop: int, name: str) -> Trains:
    time = record.spike_ticks / record.assembly.fast_steps_per_second
    mine = (record.spike_neurons >= start) & (record.spike_neurons < stop) & (time >= SETTLED)
    neuron = record.spike_neurons[mine].astype(np.int64) - start
    lived = np.full(stop - start, SECONDS - SETTLED)
    return Trains(name, time[mine], neuron, SETTLED, SECONDS, lived)


def run(command: str, seed: int, *overrides: str) -> Measured:
    settings = (f"drive.command={command}", *overrides)
    return measure(simulate(tiny(settings, seed, HEALTHY), SECONDS))


@pytest.fixture(scope="module", params=["rest", "sustained"])
def ensemble(request: pytest.FixtureRequest, cache: object) -> tuple[str, list[Measured]]:
    found = [run(request.param, seed) for seed in SEEDS]
    print(f"\n{request.param}")
    for name in found[0].spikes:
        values = [m.rate(name) for m in found]
        print(
            f"  {name:12s} {np.mean(values):6.2f} ± {np.std(values, ddof=1):.2f} Hz between seeds"
        )
    for what in ("cv", "correlation", "fano_factor", "burst_rate_hz"):
        print(f"  pyramidal {what:14s} {[getattr(m.spikes['pyramidal'], what) for m in found]}")
    worst = [min(m.lowest_atp.items(), key=lambda each: each[1]) for m in found]
    print(f"  lowest ATP {worst}, dead {[m.dead for m in found]}")
    return request.param, found


@pytest.fixture(scope="module")
def at_rest(cache: object) -> list[Measured]:
    return [run("rest", seed) for seed in SEEDS]


#: Hz, of populations together. Wide on purpose.
BOUNDS: dict[str, dict[tuple[str, ...], tuple[float, float]]] = {
    "rest": {
        ("pyramidal",): (2, 15),
        INTERNEURONS: (4, 20),
        **{(pool,): (0, 2) for pool in LIMB},
        ("oculomotor",): (70, 130),
        ("v2a", "v1", "v2b"): (0, 4),
    },
    "sustained": {
        ("pyramidal",): (3, 30),
        ("motor_s",): (5, 30),
        **{(pool,): (0, 40) for pool in ("motor_fr", "motor_ff")},
        ("oculomotor",): (70, 130),
        ("v2a", "v1", "v2b"): (8, 40),
    },
}


def test_rates_are_those_of_a_healthy_circuit(ensemble: tuple[str, list[Measured]]) -> None:
    command, found = ensemble
    for names, (low, high) in BOUNDS[command].items():
        values = [m.rate(*names) for m in found]
        report = f"{names} at {command}: {np.round(values, 2)} Hz, SD {np.std(values, ddof=1):.2f}"
        assert low <= min(values), report
        assert max(values) <= high, report
        # Seeds are samples of one circuit.
        assert np.std(values, ddof=1) < 0.25 * max(1.0, np.mean(values)), report


def test_in_a_contraction_motor_neurons_get_intense_balanced_input(
    ensemble: tuple[str, list[Measured]],
) -> None:
    # At rest little; in a contraction both conductances are of the size of the leak, in small cells more.
    command, found = ensemble
    for each in found:
        for pool in LIMB:
            excitation, inhibition = each.excitation[pool], each.inhibition[pool]
            if command == "rest":
                assert excitation + inhibition < 0.4, pool
            else:
                assert excitation + inhibition > 1.0, pool
                assert 0.5 < excitation / inhibition < 2.5, pool


def test_losing_spinal_inhibition_frees_motor_neurons(cache: object) -> None:
    for seed in SEEDS:
        whole = run("sustained", seed)
        without = run("sustained", seed, "circuit.interneuron_loss={loss: 1, of: spinal}")
        assert max(without.inhibition.values()) == 0
        for population in (*LIMB, "v2a"):
            assert without.rate(population) > 1.4 * whole.rate(population), population
        cortex = ("pyramidal", *INTERNEURONS)
        assert without.rate(*cortex) == whole.rate(*cortex)  # nothing ascends: to the bit


#: Layer 5 at rest (Hz): the model of cortex that the circuit is fitted to, and how near is near.
PUBLISHED = {("pyramidal",): 8.1, INTERNEURONS: 9.1}
NEAR = 2.0


def test_v14_rates_at_rest_are_those_of_layer_5(at_rest: list[Measured]) -> None:
    for names, published in PUBLISHED.items():
        values = [m.rate(*names) for m in at_rest]
        mean, spread = np.mean(values), np.std(values, ddof=1)
        report = f"{names}: {mean:.2f} ± {spread:.2f} Hz between seeds, published {published}"
        assert abs(mean - published) <= NEAR + spread, report


def test_v14_rest_is_asynchronous_and_irregular(at_rest: list[Measured]) -> None:
    pyramidal = [m.spikes["pyramidal"] for m in at_rest]
    cv = [each.cv for each in pyramidal]
    correlation = [each.correlation for each in pyramidal]
    assert None not in cv
    assert None not in correlation
    assert 0.7 <= np.mean(cv) <= 1.3, f"CV of intervals: {cv}"
    # Renart 2010, Ecker 2010: near zero; reviews give 0.01 to 0.26 over areas and tasks
    assert abs(np.mean(correlation)) < 0.1, f"mean correlation of pairs: {correlation}"


def test_pyramidal_cells_fire_irregularly(ensemble: tuple[str, list[Measured]]) -> None:
    command, found = ensemble
    values = [m.spikes["pyramidal"].cv for m in found]
    assert None not in values
    assert min(values) > 0.5, f"CV of intervals at {command}: {values}"
    assert max(values) < 1.5, f"CV of intervals at {command}: {values}"


def test_nobody_dies(ensemble: tuple[str, list[Measured]]) -> None:
    command, found = ensemble
    assert [m.dead for m in found] == [0, 0, 0], command
    # In a contraction the largest FF cells work nearest to their limit: 0.85 to 0.91 was found, with 0.9 asked
    # before the command passed the cortex.
    assert min(min(m.lowest_atp.values()) for m in found) > {"rest": 0.9, "sustained": 0.8}[command]


def distance(one: Measured, other: Measured, what: str) -> float:
    """Kolmogorov and Smirnov's distance of two distributions over pyramidal cells, 0 to 1."""
    return float(ks_2samp(one.pyramidal[what], other.pyramidal[what]).statistic)


# Half of the interneurons change the rates; irregularity goes only where the circuit bursts.
@pytest.mark.parametrize(("what", "loss"), [("rate", 0.5), ("CV", 0.9)])
def test_a_lesion_changes_more_than_a_seed_does(
    at_rest: list[Measured], what: str, loss: float
) -> None:
    """What is judged is a property of the circuit, and is sensitive to what happens to it."""
    lesioned = run("rest", SEEDS[0], f"circuit.interneuron_loss={loss}")
    between = [distance(a, b, what) for a, b in combinations(at_rest, 2)]
    away = [distance(a, lesioned, what) for a in at_rest]
    print(f"\n{what}: {np.round(between, 3)} between seeds, {np.round(away, 3)} to loss {loss}")
    # Two samples of 480 from one distribution are less than 0.124 apart with a probability of
    # 99.9 %; wiring and cells are drawn anew with every seed, so twice that is allowed.
    assert max(between) < 0.25
    assert min(away) > max(between)
