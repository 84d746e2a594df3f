"""Parameters that nothing can use: what is said, and where; and that what is refused does nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from tests.unit.bad_configs import HEAD, check, problems_of, split
from unshielded import calcium, circuit
from unshielded.assemble import assemble
from unshielded.circuit.populations import POPULATIONS
from unshielded.config import load
from unshielded.engine.network import _ON_SPIKE
from unshielded.mechanism.equation import parse_statements
from unshielded.mechanism.expression import names
from unshielded.model import PARAMETERS
from unshielded.uses import PASSES, RAISES, Neuron, used

_HOLLOW = ", ".join(f"{name}: {{carries_calcium: false}}" for name in POPULATIONS)
_LESS = f"circuit: {{populations: {{{_HOLLOW}}}}}\n"


def _of(population: str, parameter: str, *more: str) -> str:
    inside = ", ".join((*more, f"parameters: {{§{parameter}}}"))
    return f"circuit: {{populations: {{{population}: {{{inside}}}}}}}\n"


#: Each § stands where a problem is to be found; after the config, a piece of the message of each.
MARKED: dict[str, tuple[str, ...]] = {
    "number of a cell without an inside": (
        _of("pv", "buffer_capacity: 90", "carries_calcium: false"),
        "buffer_capacity, 90.0, changes nothing in pv, which carries no calcium submodel, expected "
        "a population that carries the calcium submodel; remove it, or set "
        "'circuit.populations.pv.carries_calcium: true'",
    ),
    "uniporter of a cell without an inside": (
        _of("motor_fr", "cytosolic_volume: 20 pL", "carries_calcium: false"),
        "cytosolic_volume, '20 pL', changes nothing in motor_fr, which carries no calcium",
    ),
    "charge that only an inside would take": (
        _of("ia", "calcium_per_spike: 0.2 pC", "carries_calcium: false"),
        "calcium_per_spike, '0.2 pC', changes nothing in ia, which carries no calcium submodel",
    ),
    "muscle of an interneuron": (
        _of("renshaw", "twitch_force: 5 mN"),
        "twitch_force, '5 mN', changes nothing in renshaw, which moves no muscle, expected a "
        "population that moves a muscle; remove it",
    ),
    "muscle of a pyramidal cell": (
        _of("pyramidal", "axon_conduction_time: 9 ms"),
        "changes nothing in pyramidal, which moves no muscle",
    ),
    "terminals that end nowhere": (
        "circuit:\n  pathways: {renshaw_to_motor_s: {in_degree: 0}, renshaw_to_motor_fr: {in_degree: 0}, "
        "renshaw_to_motor_ff: {in_degree: 0}, renshaw_to_motor_buffered: {in_degree: 0}, "
        "renshaw_to_ia: {in_degree: 0}}\n"
        "  populations: {renshaw: {carries_calcium: false, parameters: {§release_probability: 0.1}}}\n",
        "release_probability, 0.1, changes nothing in renshaw, which makes no synapse, expected a population that ",
    ),
    "inhibition of the uninhibited": (
        _of("renshaw", "inhibitory_conductance_scale: 2"),
        "changes nothing in renshaw, which gets no synapse of type gaba or gaba_slow or glycine, "
        "expected a population that gets synapses of type gaba or gaba_slow or glycine",
    ),
    "threshold of an axon in a culture": (
        "culture: {pyramidal: 4}\n" + _of("pyramidal", "axon_threshold: 60"),
        "changes nothing in pyramidal, which cannot be stimulated magnetically",
    ),
    "glycine in a culture": (
        "culture: {pyramidal: 4}\nparameters: {§glycine_unit: 2 nS}\n",
        "glycine_unit, '2 nS', changes nothing here, where no population gets synapses of type glycine",
    ),
    "uniporters without any inside": (
        _LESS + "parameters: {§mcu_maximum_rate: 2 mM/s}\n",
        "mcu_maximum_rate, '2 mM/s', changes nothing here",
    ),
    "fuel that nothing uses": (
        _LESS + "parameters: {§lactate_constant: 1 mM}\n",
        "lactate_constant, '1 mM', changes nothing here",
    ),
    "muscle without one": (
        "culture: {pyramidal: 4}\nparameters: {§force_averaging_time: 2 s}\n",
        "changes nothing here, where no population moves a muscle",
    ),
    "two at once": (
        "circuit:\n  populations:\n    pv:\n      carries_calcium: false\n      parameters:\n"
        "        §buffer_capacity: 90\n        §twitch_force: 1 mN\n",
        "changes nothing in pv, which carries no calcium submodel",
        "changes nothing in pv, which moves no muscle",
    ),
    "sweep that takes the inside away": (
        "parameters: {mcu_maximum_rate: 30 mM/s}\n"
        "circuit: {populations: {motor_s: {parameters: {buffer_capacity: 90}}}}\n"
        "sweep: {grid: {circuit.populations.motor_s.carries_calcium: [true, §false]}}\n",
        "buffer_capacity, 90.0, changes nothing in motor_s",
    ),
    "sweep of two that clash in use": (
        _LESS.replace("pyramidal: {carries_calcium: false}", "pyramidal: {}")
        + "sweep:\n  grid: {circuit.populations.pyramidal.carries_calcium: [true, §false], "
        "parameters.mcu_maximum_rate: [20 mM/s]}\n",
        "mcu_maximum_rate, '20 mM/s', changes nothing here",
    ),
    "days to years without a solver are told once": (
        _of("pv", "protein_clearance: 0.9", "carries_calcium: false"),
        "protein_clearance acts over days to years",
    ),
    "slow number of a cell without an inside": (
        "solver: {kind: multiscale}\n" + _of("pv", "biogenesis: 0.9", "carries_calcium: false"),
        "biogenesis, 0.9, changes nothing in pv, which carries no calcium submodel",
    ),
}

#: What is no error: something absent that the number itself, an agent or a pulse may bring.
GOOD = {
    "no agent in the bath": "parameters: {mk801_association_rate: 20 1/uM/s}\n",
    "no pulse": "circuit: {populations: {pyramidal: {parameters: {axon_threshold: 80}}}}\n",
    "an axon that a pulse may reach now": (
        "circuit: {populations: {motor_s: {parameters: {axon_threshold: 80}}}}\n"
    ),
    "no neuron": (
        "circuit: {populations: {pv: {size: 0, carries_calcium: false, "
        "parameters: {buffer_capacity: 90}}}}\n"
    ),
    "terminals that cost energy": (
        "circuit: {populations: {oculomotor: {parameters: {release_probability: 0.2}}}}\n"
    ),
    "membranes without an inside": _LESS + "parameters: {leak_conductance: 10 nS}\n",
    "rest of the membrane without an inside": _LESS + "parameters: {resting_sodium: 12 mM}\n",
    "receptors in a culture": (
        "culture: {pyramidal: 4}\nparameters: {nmda_conductance: 0.5 uS, gaba_a_slow_decay: 20 ms}\n"
    ),
}


@pytest.mark.parametrize("case", MARKED)
def test_parameters_that_nothing_uses(case: str, tmp_path: Path) -> None:
    marked, *said = MARKED[case]
    text, expected = split(HEAD + marked, *said)
    check(problems_of(text, tmp_path), expected)


@pytest.mark.parametrize("case", GOOD)
def test_parameters_that_may_be_of_use(case: str, tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(HEAD + GOOD[case], encoding="utf-8")
    load(path)


def test_every_parameter_is_used_by_a_neuron_that_has_everything() -> None:
    of_mechanisms = {p.name for p in PARAMETERS.values()} & used(Neuron())
    assert {n for p in POPULATIONS.values() for n in p.parameters} <= of_mechanisms


def test_what_a_spike_raises_is_what_the_engine_raises() -> None:
    for receptor, text in _ON_SPIKE.items():
        lines = parse_statements(text)
        raised = {
            one.name.removesuffix("_post"): {
                n.removesuffix("_post") for n in names(one.right) if n.endswith("_post")
            }
            for one in lines
        }
        assert raised == {name: set(by) for name, by in RAISES[receptor].items()}
        sent = chain.from_iterable(names(one.right) for one in lines)
        assert {n.removesuffix("_pre") for n in sent if n.endswith("_pre")} == set(PASSES[receptor])


def test_less_of_a_neuron_uses_less() -> None:
    whole = Neuron()
    for less in (
        replace(whole, cell=False),
        replace(whole, muscle=False),
        replace(whole, pulses=False),
        replace(whole, lifespan=False),
        replace(whole, receives=frozenset({"glutamate"})),
        replace(whole, receives=frozenset(), afferents=False, pulses=False),
        replace(whole, cell=False, sends=frozenset()),
    ):
        assert used(less) < used(whole)


def test_what_a_membrane_without_an_inside_does_not_use_leaves_the_start_as_it_is(
    tmp_path: Path,
) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(
        HEAD + "circuit: {populations: {pv: {carries_calcium: false}}}\n", encoding="utf-8"
    )
    config = load(path).config
    without = used(Neuron(cell=False, lifespan=False, muscle=False))
    changed = {
        name: 0.9 * PARAMETERS[name].si
        for name in (*circuit.PARAMETERS, *calcium.PARAMETERS)
        if PARAMETERS[name].per_cell and name not in without
    }
    assert {"buffer_capacity", "cytosolic_volume", "calcium_per_spike"} <= changed.keys()
    pv = config.circuit.populations["pv"].model_copy(update={"parameters": changed})
    populations = {**config.circuit.populations, "pv": pv}
    other = config.model_copy(
        update={"circuit": config.circuit.model_copy(update={"populations": populations})}
    )
    before, after = assemble(config, 1), assemble(other, 1)
    for name in before.neurons.keys() - changed.keys():
        np.testing.assert_array_equal(before.neurons[name], after.neurons[name], name)
    for name in before.cells:
        np.testing.assert_array_equal(before.cells[name], after.cells[name], name)
