"""The Brian2 network: one fast group, one slow group, a bath around each, and synapses.

There is a synapse object for each receptor, and one through which the spaces of neighbours exchange
glutamate.

Everything that a user may vary is a variable of a group and set when the program starts; what
is written here in numbers (sizes, synapse counts, steps) is in the key of the build cache.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

import numpy as np
from brian2 import Clock, Network, NeuronGroup, SpikeMonitor, Synapses, linked_var, second

from unshielded import calcium
from unshielded.assemble import Assembly
from unshielded.assemble.wiring import neighbours
from unshielded.engine.integrate import after, euler, midpoint
from unshielded.engine.places import at_the_terminal, divide
from unshielded.engine.vector_math import inline_exp, inline_log, poisson_releases
from unshielded.mechanism.dimension import base_unit
from unshielded.mechanism.equation import Statement, parse_statements
from unshielded.mechanism.expression import (
    Binary,
    Expression,
    Name,
    names,
    parse,
    rebuild,
    substitute,
)
from unshielded.mechanism.lowering import lowered
from unshielded.mechanism.model import Model
from unshielded.mechanism.targets.brian import declarations, expression, statements, unit
from unshielded.model import EngineModels, engine_models

logging.getLogger("brian2").setLevel(logging.WARNING)

_ON_SPIKE = {
    "glutamate": "cleft_glutamate_post += weight*released_pre*release_concentration_post/synapse_count_post",
    "glutamate_steady": "cleft_glutamate_post += weight*release_left_pre*transmitter_release_pre*release_concentration_post/synapse_count_post",
    "glutamate_facilitating": "cleft_glutamate_post += weight*release_left_pre*facilitated_pre*release_concentration_post/synapse_count_post",
    "gaba": "gaba_a_conductance_post += weight*released_pre*gaba_a_enhancement_post*gaba_a_available_post*gaba_a_unit_post*gaba_a_receptors_post*inhibitory_conductance_scale_post",
    "gaba_slow": """
    gaba_a_slow_conductance_post += weight*released_pre*gaba_a_enhancement_post*gaba_a_available_post*gaba_a_slow_unit_post*gaba_a_receptors_post*inhibitory_conductance_scale_post
    gaba_b_binding_post += weight*released_pre
    """,
    "glycine": "glycine_conductance_post += weight*released_pre*glycine_available_post*glycine_unit_post*inhibitory_conductance_scale_post",
}

#: What a spike releases, in the above: all of it, or what a terminal's own bath leaves.
_RELEASED, _READY = "released_pre", "ready_pre"
_LEFT = "release_left_pre"

_NEIGHBOURS = "neighbouring_glutamate_post = 0.5*perisynaptic_glutamate_pre : mmolar (summed)"

_FIRES = (
    "(membrane_potential > spike_threshold or stimulus_intensity > axon_threshold) "
    "and t >= excitable_from and alive > 0.5 and (t < silenced_from or t >= restored_from)"
)

# The mean follows the motor command at the slow clock, which spares the fast one an exponential.
_EXPECTED = """
release_mean = (background_rate + command_rate*motor_command)*afferents_left*dt
no_release = exp(-release_mean)
"""

_RELEASES = (
    "cleft_glutamate += release_concentration/synapse_count*(afferent_weight*poisson_releases("
    "input_stream, t_in_timesteps, release_mean, no_release) + afferent_volley*afferent_releases)"
)

_OWN = """
silenced_from : second (constant)
restored_from : second (constant)
release_mean : 1
no_release : 1
"""

#: The functions of the model in the program.
_FUNCTIONS = {"exp": "inline_exp", "log": "inline_log"}


def network(assembly: Assembly) -> Network:
    """Build the Brian2 objects for an assembly (for its structure: values are set later)."""
    model = engine_models()
    neuron, surroundings = model.neuron, model.surroundings
    outside, around_each = divide(model.bath, _stems(assembly, "neurons"))
    fast = Clock(dt=second / assembly.fast_steps_per_second, name="fast")
    slow = Clock(dt=second / assembly.slow_steps_per_second, name="slow")
    step, reciprocals = _multiplied(euler(neuron), neuron)
    own = [f"{per} : {unit}" for per, (unit, _) in reciprocals.items()]
    neurons = NeuronGroup(
        assembly.layout.neurons,
        "\n".join(
            [*(declarations(m) for m in (neuron, surroundings, outside, around_each)), _OWN, *own]
        ),
        threshold=_FIRES,
        reset=statements(neuron.statements["on_spike"]),
        clock=fast,
        name="neurons",
        namespace={},
        dtype={"input_stream": np.int64},
    )
    # In this group `dt` is the fast step, whatever clock the statements run on.
    dt = {"dt": parse(f"{1 / assembly.slow_steps_per_second!r}*second")}
    expected = [*parse_statements(_EXPECTED), *(line for _, line in reciprocals.values())]
    neurons.run_regularly(_code(expected), when="start", clock=slow, name="expected")
    membrane = "\n".join([_RELEASES, _code(step)])
    neurons.run_regularly(membrane, when="groups", clock=fast, name="membrane")
    around = _code(_step(surroundings, dt))
    for name, part in (("bath", outside), ("placed_bath", around_each)):
        if part.rates:
            _advance(neurons, _step(part, dt), name, slow)
    neurons.run_regularly(around, when="before_groups", clock=slow, name="surroundings")
    objects = [neurons, SpikeMonitor(neurons, name="spikes")]
    if assembly.layout.cells:
        objects.append(_cells(neurons, model, assembly, slow))
    on_spike = _on_spike(neuron, _stems(assembly, "neurons"))
    for receptor, synapses in assembly.synapses.items():
        if len(synapses.sources):
            group = Synapses(
                neurons,
                neurons,
                "weight : 1 (constant)",
                on_pre=on_spike[receptor],
                clock=fast,
                name=receptor,
                namespace={},
            )
            group.connect(i=synapses.sources, j=synapses.targets)
            # Per-synapse delays must exist for the program to take them at its start.
            group.pre.delay = "0*second"
            objects.append(group)
    sources, targets = neighbours(assembly.layout)
    beside = Synapses(neurons, neurons, _NEIGHBOURS, clock=slow, name="beside", namespace={})
    beside.connect(i=sources, j=targets)
    # It would run on the fast clock of its targets, though its sources change on the slow one.
    (updater,) = beside.summed_updaters.values()
    updater._clock = slow
    objects.append(beside)
    return Network(*objects)


def namespace() -> dict[str, object]:
    """What the equations may use besides the groups' own variables."""
    return {
        "poisson_releases": poisson_releases,
        "inline_exp": inline_exp,
        "inline_log": inline_log,
    }


def _code(block: Iterable[Statement]) -> str:
    return statements(block, _FUNCTIONS)


def _multiplied(
    step: Iterable[Statement], model: Model
) -> tuple[list[Statement], dict[str, tuple[str, Statement]]]:
    """Let a step multiply by what it divides by, where that is a constant of each neuron.

    Returns the step, and for each reciprocal its unit and the statement that sets it.
    """
    divisors: set[str] = set()

    def change(node: Expression) -> Expression:
        match node:
            case Binary("/", left, Name(name)) if (
                name in model.parameters and model.parameters[name].per_cell
            ):
                divisors.add(name)
                return Binary("*", left, Name(f"per_{name}"))
        return node

    changed = [Statement(s.name, s.operator, rebuild(lowered(s.right), change)) for s in step]
    reciprocals = {}
    for name in sorted(divisors):
        inverse = base_unit(tuple(-power for power in model.dimensions[name]))
        reciprocals[f"per_{name}"] = inverse, Statement(f"per_{name}", "=", parse(f"1/{name}"))
    return changed, reciprocals


def _step(model: Model, by: Mapping[str, Expression] | None = None) -> list[Statement]:
    """One whole slow step: what comes before, the midpoint, what follows; names replaced."""
    block = [*model.statements["before_step"], *midpoint(model), *after(model)]
    return [Statement(s.name, s.operator, substitute(s.right, by or {})) for s in block]


def _stems(assembly: Assembly, group: str) -> frozenset[str]:
    """Agents of a group of which each neuron has a concentration of its own."""
    return frozenset(stem for where, stem in assembly.placed if where == group)


def _on_spike(neuron: Model, stems: frozenset[str]) -> Mapping[str, str]:
    """What a spike does; terminals see the bath where they end, if it differs between neurons."""
    left = at_the_terminal("release_left", neuron, stems)
    if not any(f"{stem}_bath_post" in names(left) for stem in stems):
        return _ON_SPIKE
    there = f"({expression(left)})"
    return {
        receptor: text.replace(_RELEASED, f"({there}*{_READY})").replace(_LEFT, there)
        for receptor, text in _ON_SPIKE.items()
    }


def _advance(group: NeuronGroup, step: Iterable[Statement], name: str, slow: Clock) -> None:
    """Let a group's bath take a slow step, before anything that depends on it."""
    group.run_regularly(_code(step), when="before_groups", order=-1, clock=slow, name=name)


def _cells(
    neurons: NeuronGroup, model: EngineModels, assembly: Assembly, slow: Clock
) -> NeuronGroup:
    """The slow group: take what the membrane has collected, step, hand back.

    The step itself touches the group's own arrays alone, so that it vectorises.
    """
    size = assembly.layout.cells
    drugs, drugs_of_each = divide(model.drugs, _stems(assembly, "cells"))
    own = "\n".join(f"{name} : {unit(text)}" for name, text in calcium.GIVEN.items())
    links = "\n".join(
        f"{name}_of_membrane : {unit(text)} (linked)"
        for name, text in {**calcium.TAKEN, **calcium.HANDED_BACK}.items()
    )
    cells = NeuronGroup(
        size,
        "\n".join([*(declarations(m) for m in (model.cell, drugs, drugs_of_each)), own, links]),
        clock=slow,
        name="cells",
        namespace={},
    )
    membranes = neurons[:size]
    for name in (*calcium.TAKEN, *calcium.HANDED_BACK):
        setattr(cells, f"{name}_of_membrane", linked_var(membranes, name))
    take = [f"{name} = {name}_of_membrane" for name in calcium.TAKEN]
    take += [f"{name}_of_membrane = 0*{unit(calcium.TAKEN[name])}" for name in calcium.EMPTIED]
    give = [f"{name}_of_membrane = {name}" for name in calcium.HANDED_BACK]
    for name, part in (("drugs", drugs), ("placed_drugs", drugs_of_each)):
        if part.rates:
            _advance(cells, _step(part), name, slow)
    cells.run_regularly("\n".join(take), when="before_groups", clock=slow, name="take")
    cells.run_regularly(_code(_step(model.cell)), when="groups", clock=slow, name="step")
    cells.run_regularly("\n".join(give), when="after_groups", clock=slow, name="give")
    return cells
