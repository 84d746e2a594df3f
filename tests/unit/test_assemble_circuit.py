"""From config to arrays: layout, overrides and their order, spread, wiring, start values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.tiny import TINY
from unshielded import calcium, circuit
from unshielded.assemble import Assembly, Layout, assemble
from unshielded.assemble.predict import count_synapses
from unshielded.circuit.pathways import PATHWAYS
from unshielded.config import load

PARAMETERS = {**circuit.PARAMETERS, **calcium.PARAMETERS}


def tiny(*overrides: str, seed: int = 1) -> Assembly:
    return assemble(load(TINY, list(overrides), seed).config, seed)


def test_cells_come_first_and_populations_follow_one_another() -> None:
    layout = Layout.of(
        {"a": 3, "b": 0, "c": 2, "d": 4}, {"a": False, "b": True, "c": True, "d": False}
    )
    assert [(s.name, s.start, s.stop) for s in layout.slices] == [
        ("b", 0, 0), ("c", 0, 2), ("a", 2, 5), ("d", 5, 9),
    ]  # fmt: skip
    assert (layout.cells, layout.neurons) == (2, 9)
    assert layout["a"].size == 3


def test_no_neurons_at_all() -> None:
    layout = Layout.of({"a": 0}, {"a": True})
    assert (layout.cells, layout.neurons) == (0, 0)


def test_starts_come_in_the_order_of_the_mechanisms() -> None:
    """Of several starts without a value the one nearest to the cause is named first."""
    starts = [name for name in tiny().cells if name not in calcium.PARAMETERS]
    mechanisms = [name for m in calcium.CELL for name in m.initial]
    assert len(starts) > 10
    assert starts == [name for name in mechanisms if name in starts]


def column(assembly: Assembly, name: str, population: str) -> np.ndarray:
    part = assembly.layout[population]
    return np.asarray(assembly.neurons.get(name, assembly.cells.get(name)))[part.start : part.stop]


def test_a_value_comes_from_the_nearest_place_that_gives_one() -> None:
    quiet = "circuit.heterogeneity=0"
    own = "circuit.populations.motor_fr.parameters.refractory_period=7 ms"
    model = tiny(quiet)
    everywhere = tiny(quiet, "parameters.refractory_period=9 ms")
    both = tiny(quiet, "parameters.refractory_period=9 ms", own)
    name = "refractory_period"
    # default of the mechanism, of the population; the config's, for all; for the population.
    np.testing.assert_array_equal(column(model, name, "renshaw"), PARAMETERS[name].si)
    np.testing.assert_array_equal(column(model, name, "motor_fr"), 0.005)
    np.testing.assert_array_equal(column(everywhere, name, "motor_fr"), 0.009)
    np.testing.assert_array_equal(column(both, name, "motor_fr"), 0.007)
    np.testing.assert_array_equal(column(both, name, "pyramidal"), 0.009)


def test_sections_of_the_config_set_their_parameters() -> None:
    found = tiny("glutamate.eaat2=0.3", "drive.command=rhythmic", "drive.frequency=2 Hz").neurons
    assert found["eaat2"] == 0.3
    assert found["command_frequency"] == 2.0
    assert found["command_duty"] == 0.5
    assert tiny("drive.command=rest").neurons["command_level"] == 0.0
    assert tiny("drive.command=sustained").neurons["command_duty"] == 1.0


def test_spread_has_the_mean_and_the_variation_that_the_parameter_states() -> None:
    large = ("circuit.populations.motor_fr.size=20000", "circuit.populations.pv.size=0")
    small = [f"circuit.pathways.{n}.in_degree=1" for n in PATHWAYS]
    volume = "buffer_capacity"
    values = column(tiny(*large, *small), volume, "motor_fr") / 50.0
    spread = PARAMETERS[volume].spread
    sigma = np.sqrt(np.log1p(spread**2))
    # What draws set to two standard deviations where they lie beyond leave, by quadrature: the mean
    # and the spread of exp(sigma*clip(z) - sigma²/2).
    z = np.linspace(-10, 10, 200_001)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    factor = np.exp(sigma * np.clip(z, -2, 2) - sigma**2 / 2)
    mean = np.trapezoid(density * factor, z)
    left = np.sqrt(np.trapezoid(density * (factor - mean) ** 2, z))
    # The cut takes less than a tenth of the spread that the parameter states.
    assert abs(mean - 1) < 0.01
    assert 0.9 * spread < left < spread
    # Standard errors: spread/sqrt(n) of the mean, spread/sqrt(2 n) of the spread; five of them.
    assert abs(values.mean() - mean) < 5 * spread / np.sqrt(20_000)
    assert abs(values.std() - left) < 5 * spread / np.sqrt(40_000)
    assert values.max() == pytest.approx(np.exp(2 * sigma - sigma**2 / 2), rel=1e-9)
    assert values.min() == pytest.approx(np.exp(-2 * sigma - sigma**2 / 2), rel=1e-9)


def test_heterogeneity_scales_the_spread_and_nothing_else() -> None:
    one, none, twice = (
        column(tiny(f"circuit.heterogeneity={h}"), "extrusion_rate", "motor_fr") for h in (1, 0, 2)
    )
    assert (none == none[0]).all()
    spread = PARAMETERS["extrusion_rate"].spread
    sigma, sigma2 = (np.sqrt(np.log1p((h * spread) ** 2)) for h in (1, 2))
    # The same draws, wider.
    draws = (np.log(one / none) + sigma**2 / 2) / sigma
    np.testing.assert_allclose((np.log(twice / none) + sigma2**2 / 2) / sigma2, draws, rtol=1e-9)


def test_every_target_has_its_in_degree_of_distinct_sources_and_never_itself() -> None:
    assembly = tiny()
    layout = assembly.layout
    for name, pathway in PATHWAYS.items():
        source, target = layout[pathway.source], layout[pathway.target]
        synapses = assembly.synapses[pathway.receptor]
        mine = (
            (synapses.sources >= source.start)
            & (synapses.sources < source.stop)
            & (synapses.targets >= target.start)
            & (synapses.targets < target.stop)
        )
        wanted = min(pathway.in_degree, source.size - (pathway.source == pathway.target))
        pairs = list(zip(synapses.sources[mine], synapses.targets[mine], strict=True))
        assert len(set(pairs)) == len(pairs) == wanted * target.size, name
        assert all(s != t for s, t in pairs)
        np.testing.assert_array_equal(
            np.bincount(synapses.targets[mine] - target.start, minlength=target.size), wanted
        )
        delays = synapses.delays[mine]
        assert (np.abs(delays - pathway.delay) <= pathway.delay_spread + 1e-12).all()
        # fewer sources than synapses: the sum of the weights is kept, to rounding of one product
        np.testing.assert_allclose(
            synapses.weights[mine], pathway.weight * pathway.in_degree / wanted, rtol=1e-15
        )


def test_the_number_of_synapses_is_what_was_predicted_and_does_not_depend_on_the_seed() -> None:
    numbers = {sum(len(s.sources) for s in tiny(seed=k).synapses.values()) for k in (1, 2)}
    assert numbers == {count_synapses(load(TINY).config)}


def test_delays_are_never_negative() -> None:
    assembly = tiny("circuit.pathways.pyramidal_to_motor_fr.delay=0 ms")
    assert min(s.delays.min() for s in assembly.synapses.values() if len(s.delays)) >= 0.0


def test_cells_start_between_rest_and_threshold() -> None:
    found = tiny().neurons
    potential = np.asarray(found["membrane_potential"])
    assert (potential >= np.asarray(found["resting_potential"])).all()
    assert (potential < np.asarray(found["threshold_at_rest"])).all()


def test_leak_and_exchanger_of_every_cell_are_balanced_by_its_pump() -> None:
    assembly = tiny()
    n, c = assembly.neurons, {k: np.asarray(v) for k, v in assembly.cells.items()}
    part = slice(0, assembly.layout.cells)
    leak = np.asarray(n["sodium_leak"])[part] * (
        np.asarray(n["sodium_reversal"])[part] - np.asarray(n["resting_potential"])[part]
    )
    site = c["resting_sodium"] / (c["resting_sodium"] + c["pump_sodium_constant"])
    energy = c["resting_atp"] / (c["resting_atp"] + c["pump_atp_constant"])
    rest = np.asarray(n["resting_potential"])[part] / c["thermal_voltage"]
    slowed = 1 + c["pump_voltage_weak"] * np.exp(-0.1 * rest)
    slowed += c["pump_voltage_strong"] * np.exp(-rest)
    pumped = 3 * c["pump_maximum_rate"] * site**3 * energy * c["faraday"] * c["cytosolic_volume"]
    pumped /= slowed
    # The exchanger lets three sodium in for the calcium that leaks in and PMCA does not take.
    calcium = c["resting_calcium"]
    pmca = c["pmca_fraction"] * c["extrusion_rate"] * calcium * c["pmca_half_saturation"]
    pmca = pmca / (c["pmca_half_saturation"] + calcium) * c["resting_atp"]
    pmca = pmca / (c["resting_atp"] + c["pmca_atp_constant"])
    exchanged = 3 * (c["calcium_leak"] - pmca) * c["faraday"] * c["cytosolic_volume"]
    np.testing.assert_allclose(leak + exchanged, pumped, rtol=1e-12)


def test_input_streams_are_odd_and_distinct() -> None:
    keys = np.asarray(tiny().neurons["input_stream"])
    assert keys.dtype == np.int64
    assert (keys % 2 == 1).all()
    assert len(set(keys.tolist())) == len(keys)


def test_the_structure_is_sizes_synapses_and_clocks_alone() -> None:
    base = tiny().structure
    same = ("seed=5", "duration=9 s", "circuit.interneuron_loss=0.5", "parameters.magnesium=2 mM",
            "circuit.pathways.pyramidal_to_motor_fr.weight=3", "record.spikes=false")  # fmt: skip
    for override in same:
        assert tiny(override).structure == base, override
    other = ("circuit.populations.motor_fr.size=9", "circuit.pathways.renshaw_to_motor_fr.in_degree=2",
             "numerics.slow_steps_per_second=1024", "numerics.fast_steps_per_second=16384")  # fmt: skip
    for override in other:
        assert tiny(override).structure != base, override


def test_an_empty_population_leaves_a_circuit() -> None:
    inhibitory = ("pv", "sst", "vip", "v1", "v2b", "renshaw", "ia")
    assembly = tiny(*(f"circuit.populations.{name}.size=0" for name in inhibitory))
    for receptor in ("glycine", "gaba", "gaba_slow"):
        assert len(assembly.synapses[receptor].sources) == 0
        assert replace(assembly).structure[receptor] == 0
    whole = tiny()
    assert assembly.layout.neurons == whole.layout.neurons - sum(
        whole.layout[name].size for name in inhibitory
    )
