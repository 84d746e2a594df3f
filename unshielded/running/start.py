"""Whether a run can start: its states at rest are finite, and its steps resolve the membranes.

Asked before anything is compiled. Limits of single parameters do not tell it: with some within theirs the equations
for rest have no answer, as that for matrix calcium without anything that lets calcium out; and what one population
bears makes the membrane of another, smaller one faster than a step.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from itertools import islice

import numpy as np

from unshielded.assemble import Assembly, assemble
from unshielded.config import Config
from unshielded.engine.errors import NotFinite

#: Of each population, so many neurons tell whether a start is finite.
_ENOUGH = 2

#: Fast steps within which a membrane may relax: below half of one an explicit solver leaves the numbers.
_FEWEST_STEPS = 0.5

#: So many runs of a sweep are looked at beforehand, and so many different starts tried, which takes
#: a tenth of a second each. Every run is checked again before it is compiled.
_MOST_RUNS, _MOST_STARTS = 1000, 50


def check_start(config: Config) -> None:
    """Refuse a config whose neurons have no finite start; name the parameter that is to blame.

    Raises
    ------
    NotFinite
        If so.
    """
    if not any(parameters for _, parameters in _given(config)):
        return  # the model's own numbers have a start
    found = _not_finite(_smallest(config))
    if found is None:
        return
    for place, parameters in _given(config):
        for name in parameters:
            if _not_finite(_smallest(_without(config, place, name))) is None:
                raise NotFinite(f"{place}.{name}: with this value {found}; choose another one")
    raise NotFinite(f"{found}; milder parameters may help")


def check_starts(configs: Iterable[Config]) -> None:
    """Check the starts of many runs, each set of parameters once; of very many, the first ones.

    Raises
    ------
    NotFinite
        At the first that has none.
    """
    checked: set[str] = set()
    for config in islice(configs, _MOST_RUNS):
        key = repr((config.preparation, _given(config)))
        if key not in checked and len(checked) < _MOST_STARTS:
            checked.add(key)
            check_start(config)


def check_assembly(config: Config, assembly: Assembly) -> None:
    """Refuse an assembly with a start that is not finite.

    Raises
    ------
    NotFinite
        If so.
    """
    found = _first(assembly)
    if found is not None:
        check_start(config)
        raise NotFinite(f"{found}; milder parameters may help")


def _not_finite(config: Config) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a division by zero: it is what is looked for
        return _first(assemble(config, config.seed))


def _first(assembly: Assembly) -> str | None:
    """Say what is not finite, or of which neuron the membrane is faster than a step."""
    for group in (assembly.neurons, assembly.cells):
        for name, values in group.items():
            if not np.all(np.isfinite(values)):
                return f"{name} is not finite at the start"
    return _too_fast(assembly)


def _too_fast(assembly: Assembly) -> str | None:
    """Say which membrane relaxes within a fast step once it has fired and got a release of each inhibitory transmitter."""
    have = assembly.neurons
    release = have["gaba_a_unit"] + np.asarray(have["glycine_unit"])
    opened = (
        have["leak_conductance"]
        + np.asarray(have["ahp_increment"])
        + np.asarray(have["inhibitory_conductance_scale"]) * release
    )
    steps = assembly.fast_steps_per_second * np.asarray(have["membrane_capacitance"]) / opened
    if not steps.size or steps.min() >= _FEWEST_STEPS:
        return None
    first = int(np.argmin(steps))
    name = next(p.name for p in assembly.layout.slices if p.start <= first < p.stop)
    return (
        f"the membrane of a neuron of {name} relaxes within {1e3 * steps.min() / assembly.fast_steps_per_second:.2g} ms, "
        f"less than half a fast step of {1e3 / assembly.fast_steps_per_second:.2g} ms (numerics.fast_steps_per_second)"
    )


def _smallest(config: Config) -> Config:
    """Return the same experiment with a few neurons of each population, and no synapses."""
    circuit = config.circuit
    populations = {
        name: each.model_copy(update={"size": min(each.size, _ENOUGH)})
        for name, each in circuit.populations.items()
    }
    pathways = {
        name: each.model_copy(update={"in_degree": 0}) for name, each in circuit.pathways.items()
    }
    changed = {"populations": populations, "pathways": pathways}
    return config.model_copy(update={"circuit": circuit.model_copy(update=changed)})


def _given(config: Config) -> list[tuple[str, Mapping[str, float]]]:
    own = [
        (f"circuit.populations.{name}.parameters", each.parameters)
        for name, each in config.circuit.populations.items()
    ]
    return [("parameters", config.parameters), *own]


def _without(config: Config, place: str, name: str) -> Config:
    if place == "parameters":
        rest = {k: v for k, v in config.parameters.items() if k != name}
        return config.model_copy(update={"parameters": rest})
    population = place.split(".")[2]
    each = config.circuit.populations[population]
    rest = {k: v for k, v in each.parameters.items() if k != name}
    populations = {
        **config.circuit.populations,
        population: each.model_copy(update={"parameters": rest}),
    }
    circuit = config.circuit.model_copy(update={"populations": populations})
    return config.model_copy(update={"circuit": circuit})
