"""Put a config together: everything that the engine needs to run it, as arrays in SI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unshielded import calcium, circuit
from unshielded.arrays import Array, Integers
from unshielded.assemble.layout import Layout, Slice
from unshielded.assemble.lesion import NEVER, restored_from, silenced_from
from unshielded.assemble.places import Group, placed
from unshielded.assemble.schedule import Event, schedule
from unshielded.assemble.streams import stream
from unshielded.assemble.therapies import effects, induced_at_start
from unshielded.assemble.wiring import Projection, Synapses, wire
from unshielded.circuit.pathways import PATHWAYS
from unshielded.circuit.populations import INTERNEURONS, INTERNEURONS_OF, POPULATIONS
from unshielded.config.sections.culture import UNDRIVEN
from unshielded.config.sections.therapies import Transplantation
from unshielded.mechanism import Parameter
from unshielded.mechanism.evaluate import Values, initial_values
from unshielded.mechanism.model import Model
from unshielded.model import FORMER_NAMES, cell_models, default
from unshielded.preparations import PREPARATIONS

if TYPE_CHECKING:
    from unshielded.config import Config

Value = float | Array | Integers

_FIRST_NAMES = {now: former for former, now in FORMER_NAMES.items()}

#: Standard deviations of the logarithm beyond which no cell differs from the middle one.
FURTHEST = 2.0

_CATALOGUE: dict[str, Parameter] = {**circuit.PARAMETERS, **calcium.PARAMETERS}


@dataclass(frozen=True)
class Assembly:
    """A model ready for the engine.

    Attributes
    ----------
    layout
        Where the populations lie.
    fast_steps_per_second, slow_steps_per_second
        The two clocks.
    synapses
        By receptor type.
    neurons, cells
        Variable → SI value for the fast and the slow group: a float for shared parameters,
        one value per neuron or cell otherwise. Initial states included.
    schedule
        What is set while the program runs, in order of time.
    placed
        Group and stem of each agent of the bath that has a concentration for each neuron.
    """

    layout: Layout
    fast_steps_per_second: int
    slow_steps_per_second: int
    synapses: Mapping[str, Synapses]
    neurons: Mapping[str, Value]
    cells: Mapping[str, Value]
    schedule: tuple[Event, ...] = ()
    placed: frozenset[tuple[Group, str]] = frozenset()

    @property
    def structure(self) -> dict[str, int]:
        """What the compiled program depends on besides the equations."""
        return {
            "neurons": self.layout.neurons,
            "cells": self.layout.cells,
            "fast_steps_per_second": self.fast_steps_per_second,
            "slow_steps_per_second": self.slow_steps_per_second,
            **{name: len(s.sources) for name, s in self.synapses.items()},
            **{f"{group}_{stem}_placed": 1 for group, stem in sorted(self.placed)},
        }


def assemble(config: Config, seed: int) -> Assembly:
    """Put the circuit of `config` together for one seed."""
    chosen = config.circuit.populations
    layout = Layout.of(
        {name: p.size for name, p in chosen.items()},
        {name: p.carries_calcium for name, p in chosen.items()},
    )
    values = {
        name: parameter_values(parameter, config, layout, seed)
        for name, parameter in _CATALOGUE.items()
    }
    values |= conditions(config)
    if config.solver is None:
        for name, factor in effects(config, 0.0).factors.items():
            if name in _CATALOGUE and name not in circuit.CONDITIONS:
                values[name] = values[name] * factor
    membrane, inside = cell_models()
    starts = initial_values(values, membrane, inside)
    neurons: dict[str, Value] = _group(circuit.PARAMETERS, membrane, values, starts, layout.neurons)
    cells: dict[str, Value] = _group(calcium.PARAMETERS, inside, values, starts, layout.cells)
    silenced = _silenced_from(config, layout, seed)
    neurons |= {
        "membrane_potential": _initial_potential(layout, values, seed),
        "input_stream": _input_streams(layout, seed),
        "silenced_from": silenced,
        "restored_from": _restored_from(config, layout, silenced, seed),
        "eaat2_induction": induced_at_start(config),
    }
    return Assembly(
        layout=layout,
        fast_steps_per_second=config.numerics.fast_steps_per_second,
        slow_steps_per_second=config.numerics.slow_steps_per_second,
        synapses=wire(layout, _projections(config), seed),
        neurons=neurons,
        cells=cells,
        schedule=schedule(config, layout, values),
        placed=placed(config, layout),
    )


def parameter_values(
    parameter: Parameter, config: Config, layout: Layout, seed: int
) -> float | Array:
    """One value, or one per neuron: default, population, preparation, config, its population, spread.

    What the config gives is taken as it is; all else is told at the temperature of the preparation.
    """
    name = parameter.name
    if config.culture is not None and name in UNDRIVEN:
        return np.zeros(layout.neurons)
    everywhere: float | None = config.parameters.get(name)
    if not parameter.per_cell:
        return _told(parameter, config) if everywhere is None else float(everywhere)
    columns = []
    for part in layout.slices:
        own = config.circuit.populations[part.name].parameters.get(name, everywhere)
        if own is None:
            own = _told(parameter, config, part.name)
        heterogeneity = config.circuit.heterogeneity
        by_size = _gradient(name, heterogeneity, part)
        columns.append(own * by_size * _spread(parameter, heterogeneity, part, seed))
    values: Array = np.concatenate([np.zeros(0), *columns])
    return values


def _told(parameter: Parameter, config: Config, population: str | None = None) -> float:
    """The number that the model has for the config's preparation, at its temperature, in SI."""
    celsius = PREPARATIONS[config.preparation].temperature
    return default(parameter.name, config.preparation, population).at(celsius)


def _gradient(name: str, heterogeneity: float, part: Slice) -> Array:
    """Factors from the first neuron of a population to its last, geometric in between."""
    first, last = POPULATIONS[part.name].gradients.get(name, (1.0, 1.0))
    share = (np.arange(part.size) + 0.5) / max(part.size, 1)
    factors: Array = (first ** (1 - share) * last**share) ** heterogeneity
    return factors


def _spread(parameter: Parameter, heterogeneity: float, part: Slice, seed: int) -> Array:
    """Log-normal factors of mean 1 and the parameter's coefficient of variation.

    Draws beyond two standard deviations are set to two: cells regulate what they make, and a circuit of
    a thousand cells would else always have one of a kind that nobody has seen.
    """
    variation = parameter.spread * heterogeneity
    if not variation:
        return np.ones(part.size)
    sigma = np.sqrt(np.log1p(variation**2))
    # A parameter that was renamed keeps its draws: they follow from the name that it was made with.
    name = _FIRST_NAMES.get(parameter.name, parameter.name)
    random = stream(seed, "parameter", part.name, name)
    draws = np.clip(random.standard_normal(part.size), -FURTHEST, FURTHEST)
    factors: Array = np.exp(sigma * draws - sigma**2 / 2)
    return factors


def conditions(config: Config) -> dict[str, float]:
    """The parameters that sections of the config set by another name."""
    drive = config.drive
    rhythmic = drive.command == "rhythmic"
    smooth = drive.command == "ramp_and_hold"
    return {
        "command_level": 0.0 if drive.command == "rest" else drive.level,
        "command_from": drive.from_,
        "command_until": config.duration + 1e6 if drive.until is None else drive.until,
        "command_ramp": drive.ramp if smooth else 1 / config.numerics.fast_steps_per_second,
        "command_frequency": drive.frequency if rhythmic else 0.0,
        "command_duty": drive.duty if rhythmic else 1.0,
        "eaat2": config.glutamate.eaat2,
    }


def _group(
    parameters: Mapping[str, Parameter],
    model: Model,
    values: Mapping[str, float | Array],
    starts: Values,
    size: int,
) -> dict[str, Value]:
    """Parameters, and the start of every variable that does not start at zero."""
    group: dict[str, Value] = {
        name: np.asarray(values[name])[:size] if parameter.per_cell else values[name]
        for name, parameter in parameters.items()
    }
    for name in model.initial:  # in the mechanisms' order: what fails first is named first
        if name not in model.variables:
            continue
        group[name] = np.broadcast_to(
            np.asarray(starts[name], float), np.shape(starts[name]) or size
        )[:size]
    return group


def _initial_potential(layout: Layout, values: Mapping[str, float | Array], seed: int) -> Array:
    """Uniform between rest and threshold."""
    rest, threshold = (np.asarray(values[n]) for n in ("resting_potential", "threshold_at_rest"))
    shares = [stream(seed, "initial", s.name).random(s.size) for s in layout.slices]
    start: Array = rest + np.concatenate([np.zeros(0), *shares]) * (threshold - rest)
    return start


def _input_streams(layout: Layout, seed: int) -> Integers:
    """An odd 64-bit key per neuron for the generator of external releases."""
    keys = [
        stream(seed, "input", s.name).integers(0, 2**63, s.size, dtype=np.int64) * 2 + 1
        for s in layout.slices
    ]
    return np.concatenate([np.zeros(0, np.int64), *keys])


def _silenced_from(config: Config, layout: Layout, seed: int) -> Array:
    times = np.full(layout.neurons, NEVER)
    shared = config.circuit.interneuron_loss
    losses = dict.fromkeys(INTERNEURONS_OF[shared.of], shared) | config.circuit.loss
    for name, loss in losses.items():
        part = layout[name]
        times[part.start : part.stop] = silenced_from(
            part.size, loss.loss, loss.from_ or 0.0, loss.until or 0.0, seed, name
        )
    return times


def _restored_from(config: Config, layout: Layout, silenced: Array, seed: int) -> Array:
    """When grafted interneurons fire in the place of lost ones; with a solver, it decides."""
    times = np.full(layout.neurons, NEVER)
    grafts = [t.course for t in config.therapies if isinstance(t.course, Transplantation)]
    for graft in grafts if config.solver is None else ():
        for name in INTERNEURONS:
            part = slice(layout[name].start, layout[name].stop)
            times[part] = restored_from(
                silenced[part], graft.fraction, graft.from_ or 0.0, graft.maturation, seed, name
            )
    return times


def _projections(config: Config) -> list[Projection]:
    projections = []
    for name, pathway in PATHWAYS.items():
        chosen = config.circuit.pathways[name]
        projections.append(
            Projection(
                name=name,
                source=pathway.source,
                target=pathway.target,
                receptor=pathway.receptor,
                in_degree=chosen.in_degree,
                weight=chosen.weight,
                delay=chosen.delay,
                delay_spread=pathway.delay_spread,
            )
        )
    return projections
