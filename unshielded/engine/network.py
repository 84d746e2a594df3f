"""The Brian2 network: one fast group, one slow group, a bath around each, and synapses.

There is a synapse object for each receptor, and one through which the spaces of neighbours exchange
glutamate.

Everything that a user may vary is a variable of a group and set when the program starts; what
is written here in numbers (sizes, synapse counts, steps) is in the key of the build cache.
"""

from __future__ import annotations

import logging
import re

import numpy as np
from brian2 import Clock, Network, NeuronGroup, SpikeMonitor, Synapses, linked_var, second

from unshielded import calcium, circuit
from unshielded.assemble import Assembly
from unshielded.assemble.wiring import neighbours
from unshielded.engine.integrate import after, euler, midpoint, rename
from unshielded.engine.vector_math import inline_exp, inline_log, poisson_releases
from unshielded.mechanism import MechanismError
from unshielded.mechanism.join import Model, brian_dimension, brian_unit, join

logging.getLogger("brian2").setLevel(logging.WARNING)

_ON_SPIKE = {
    "glutamate": "cleft_glutamate_post += weight*released_pre*release_concentration_post/synapse_count_post",
    "glutamate_steady": "cleft_glutamate_post += weight*release_left_pre*transmitter_release_pre*release_concentration_post/synapse_count_post",
    "gaba": "gaba_a_conductance_post += weight*released_pre*gaba_a_enhancement_post*gaba_a_unit_post*gaba_a_receptors_post*inhibitory_conductance_scale_post",
    "gaba_slow": """
    gaba_a_slow_conductance_post += weight*released_pre*gaba_a_enhancement_post*gaba_a_slow_unit_post*gaba_a_receptors_post*inhibitory_conductance_scale_post
    gaba_b_conductance_post += weight*released_pre*gaba_b_unit_post*inhibitory_conductance_scale_post
    """,
    "glycine": "glycine_conductance_post += weight*released_pre*glycine_unit_post*inhibitory_conductance_scale_post",
}

_NEIGHBOURS = "neighbouring_glutamate_post = 0.5*perisynaptic_glutamate_pre : mmolar (summed)"

_FIRES = (
    "(membrane_potential > spike_threshold or stimulus_intensity > axon_threshold) "
    "and t >= excitable_from and alive > 0.5 and (t < silenced_from or t >= restored_from)"
)

# The mean follows the motor command at the slow clock, which spares the fast one an exponential.
_EXPECTED = """
release_mean = (background_rate + command_rate*motor_command)*dt
no_release = exp(-release_mean)
"""

_RELEASES = (
    "cleft_glutamate += release_concentration/synapse_count*(poisson_releases("
    "input_stream, t_in_timesteps, release_mean, no_release) + afferent_volley*afferent_releases)"
)

_OWN = """
silenced_from : second (constant)
restored_from : second (constant)
release_mean : 1
no_release : 1
"""

#: What a statement divides by, if that is a single name.
_DIVIDED = re.compile(r"/([a-z]\w*)\b(?!\()")


def models() -> tuple[Model, Model, Model]:
    """Return the joined models of neuron, surroundings and cell, dimensions checked."""
    neuron = join(circuit.NEURON, circuit.BALANCES, circuit.NEURON_GIVEN)
    surroundings = join(circuit.SURROUNDINGS, {}, circuit.SURROUNDINGS_GIVEN)
    given = {**calcium.GIVEN, **calcium.BATH_GIVEN}
    cell = join(calcium.CELL, calcium.BALANCES, given, gate="alive")
    return neuron, surroundings, cell


def baths() -> tuple[Model, Model]:
    """Return the joined models of the bath around the neurons, and of the drugs inside the cells.

    Raises
    ------
    MechanismError
        If an agent of a config has no concentration that can be set.
    """
    outside, inside = join(circuit.BATH, {}), join(calcium.BATH, {})
    for model, agents in ((outside, circuit.AGENTS), (inside, calcium.AGENTS)):
        for name, stem in agents.items():
            missing = {f"{stem}_applied", f"{stem}_bath"} - set(model.variables)
            if missing:
                raise MechanismError(f"the agent {name!r} has no variable {sorted(missing)[0]!r}")
    return outside, inside


def network(assembly: Assembly) -> Network:
    """Build the Brian2 objects for an assembly (for its structure: values are set later)."""
    neuron, surroundings, cell = models()
    outside, inside = baths()
    fast = Clock(dt=second / assembly.fast_steps_per_second, name="fast")
    slow = Clock(dt=second / assembly.slow_steps_per_second, name="slow")
    step, reciprocals = _multiplied(euler(neuron), neuron)
    own = [f"{per} : {unit}" for per, (unit, _) in reciprocals.items()]
    neurons = NeuronGroup(
        assembly.layout.neurons,
        "\n".join([*(m.declarations for m in (neuron, surroundings, outside)), _OWN, *own]),
        threshold=_FIRES,
        reset=neuron.on_spike,
        clock=fast,
        name="neurons",
        namespace={},
        dtype={"input_stream": np.int64},
    )
    # In this group `dt` is the fast step, whatever clock the statements run on.
    dt = {"dt": f"({1 / assembly.slow_steps_per_second!r}*second)"}
    expected = "\n".join([_inlined(_EXPECTED), *(line for _, line in reciprocals.values())])
    neurons.run_regularly(expected, when="start", clock=slow, name="expected")
    step = "\n".join([_RELEASES, _inlined(step)])
    neurons.run_regularly(step, when="groups", clock=fast, name="membrane")
    bath, around = rename(_step(outside), dt), rename(_inlined(_step(surroundings)), dt)
    neurons.run_regularly(bath, when="before_groups", order=-1, clock=slow, name="bath")
    neurons.run_regularly(around, when="before_groups", clock=slow, name="surroundings")
    objects = [neurons, SpikeMonitor(neurons, name="spikes")]
    if assembly.layout.cells:
        objects.append(_cells(neurons, cell, inside, assembly.layout.cells, slow))
    for receptor, synapses in assembly.synapses.items():
        if len(synapses.sources):
            group = Synapses(
                neurons,
                neurons,
                "weight : 1 (constant)",
                on_pre=_ON_SPIKE[receptor],
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


def _inlined(statements: str) -> str:
    return rename(statements, {"exp": "inline_exp", "log": "inline_log"})


def _multiplied(step: str, model: Model) -> tuple[str, dict[str, tuple[str, str]]]:
    """Let a step multiply by what it divides by, where that is a constant of each neuron.

    Returns the step, and for each reciprocal its unit and the statement that sets it.
    """
    reciprocals = {}
    for name in sorted(set(_DIVIDED.findall(step)) & set(model.parameters)):
        if model.parameters[name].per_cell:
            unit = brian_unit(model.variables[name] ** -1)
            reciprocals[f"per_{name}"] = unit, f"per_{name} = 1/{name}"
            step = re.sub(rf"/{name}\b", f"*per_{name}", step)
    return step, reciprocals


def _step(model: Model) -> str:
    return "\n".join([model.before_step, midpoint(model), after(model)])


def _cells(neurons: NeuronGroup, cell: Model, bath: Model, size: int, slow: Clock) -> NeuronGroup:
    """The slow group: take what the membrane has collected, step, hand back.

    The step itself touches the group's own arrays alone, so that it vectorises.
    """
    own = "\n".join(f"{name} : {_unit(unit)}" for name, unit in calcium.GIVEN.items())
    links = "\n".join(
        f"{name}_of_membrane : {_unit(unit)} (linked)"
        for name, unit in {**calcium.TAKEN, **calcium.HANDED_BACK}.items()
    )
    cells = NeuronGroup(
        size,
        "\n".join([cell.declarations, bath.declarations, own, links]),
        clock=slow,
        name="cells",
        namespace={},
    )
    membranes = neurons[:size]
    for name in (*calcium.TAKEN, *calcium.HANDED_BACK):
        setattr(cells, f"{name}_of_membrane", linked_var(membranes, name))
    take = [f"{name} = {name}_of_membrane" for name in calcium.TAKEN]
    take += [f"{name}_of_membrane = 0*{_unit(calcium.TAKEN[name])}" for name in calcium.EMPTIED]
    give = [f"{name}_of_membrane = {name}" for name in calcium.HANDED_BACK]
    cells.run_regularly(
        _inlined(_step(bath)), when="before_groups", order=-1, clock=slow, name="drugs"
    )
    cells.run_regularly("\n".join(take), when="before_groups", clock=slow, name="take")
    cells.run_regularly(_inlined(_step(cell)), when="groups", clock=slow, name="step")
    cells.run_regularly("\n".join(give), when="after_groups", clock=slow, name="give")
    return cells


def _unit(unit: str) -> str:
    return brian_unit(brian_dimension(unit))
