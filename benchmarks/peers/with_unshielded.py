"""The workloads in the engine of this project and in stock Brian2: leave a program in a folder.

``python with_unshielded.py WORKLOAD_FOLDER PROGRAM_FOLDER ours|stock SECONDS``, run in an empty
folder, because Brian2 executes ``./brian_preferences``. Wiring and initial values lie in files beside
the program and may be replaced; the stock program runs for SECONDS, ours for as long as it is told.

``ours`` takes the parts of `unshielded.engine` that its own networks are made of: compiler flags,
integrator, inlined exponential, delivery of spikes, what it improves in Brian2's code, and the loop
over segments that checks and writes. ``stock`` writes the same equations as a user of Brian2 does.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from math import exp
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from brian2 import (
    Clock,
    Network,
    NeuronGroup,
    SpikeMonitor,
    Synapses,
    defaultclock,
    device,
    ms,
    prefs,
    second,
    set_device,
)
from common import load

import unshielded.engine
from unshielded.engine import generate
from unshielded.engine.build import FLAGS
from unshielded.engine.integrate import midpoint
from unshielded.engine.vector_math import inline_exp
from unshielded.mechanism import Mechanism
from unshielded.mechanism.equation import Statement
from unshielded.mechanism.expression import parse, substitute
from unshielded.mechanism.model import add_up
from unshielded.mechanism.targets import brian

logging.getLogger("brian2").setLevel(logging.WARNING)

_DECAY = """
dexcitation/dt = -excitation/excitatory_decay : 1
dinhibition/dt = -inhibition/inhibitory_decay : 1
"""
_SYNAPTIC = "excitation*(excitatory_reversal - v) + inhibition*(inhibitory_reversal - v)"
EQUATIONS = {
    "CUBA": f"""
    dv/dt = (leak*(resting - v) + excitation - inhibition)/capacitance : 1{{refractory}}
    {_DECAY}""",
    "COBA": f"""
    dv/dt = (leak*(resting - v) + {_SYNAPTIC})/capacitance : 1{{refractory}}
    {_DECAY}""",
    # The rates of Traub and Miles, as in benchmark 3; (exp(x) - 1)/x is exprel(x).
    "HH": f"""
    dv/dt = (leak*(resting - v) + sodium*m**3*h*(sodium_reversal - v)
             + potassium*n**4*(potassium_reversal - v) + {_SYNAPTIC})/capacitance : 1
    dm/dt = (1.28/exprel((13 - u)/4)*(1 - m) - 1.4/exprel((u - 40)/5)*m)/ms : 1
    dh/dt = (0.128*exp((17 - u)/18)*(1 - h) - 4/(1 + exp((40 - u)/5))*h)/ms : 1
    dn/dt = (0.16/exprel((15 - u)/5)*(1 - n) - 0.5*exp((10 - u)/40)*n)/ms : 1
    u = v - shift : 1
    {_DECAY}""",
}
_METHOD = {"CUBA": "exact", "COBA": "rk2", "HH": "exponential_euler"}
_TIMES = ("excitatory_decay", "inhibitory_decay", "capacitance")  # pF in ms nS: per mV a time
_GATES = "\n".join(f"{gate} : 1" for gate in "mhn")

# Exact for constant steps: what Brian2's own "exact" integrator works out, too.
_EXACT = """
waiting = int(wait > 0)
moved = resting + (v - resting)*leak_kept + excitation*from_excitation - inhibition*from_inhibition
v = moved + waiting*(reset - moved)
wait = wait - waiting
excitation = excitation*excitation_kept
inhibition = inhibition*inhibition_kept
"""

_HOLD = """
waiting = int(wait > 0)
v = v + waiting*(reset - v)
wait = wait - waiting
"""

# As NEURON and Arbor do it: potential implicit with the old gates, then gates and synapses exact
# with the new potential. Rates that are 0/0 at one potential keep a distance from it.
_STAGGERED = """
before = v
of_sodium = sodium*m*m*m*h
of_potassium = potassium*n*n*n*n
conductance = leak + of_sodium + of_potassium + excitation + inhibition
current = leak*resting + of_sodium*sodium_reversal + of_potassium*potassium_reversal + excitation*excitatory_reversal + inhibition*inhibitory_reversal
v = (v + step/capacitance*current)/(1 + step/capacitance*conductance)
excitation = excitation*excitation_kept
inhibition = inhibition*inhibition_kept
u = v - shift
x = (13 - u)/4
x = x + int(abs(x) < 1e-7)*1e-7
opening = 1.28*x/(exp(x) - 1)
y = (u - 40)/5
y = y + int(abs(y) < 1e-7)*1e-7
total = opening + 1.4*y/(exp(y) - 1)
m = opening/total + (m - opening/total)*exp(-step*total)
rising = 0.128*exp((17 - u)/18)
sum_h = rising + 4/(1 + exp((40 - u)/5))
h = rising/sum_h + (h - rising/sum_h)*exp(-step*sum_h)
z = (15 - u)/5
z = z + int(abs(z) < 1e-7)*1e-7
slow = 0.16*z/(exp(z) - 1)
sum_n = slow + 0.5*exp((10 - u)/40)
n = slow/sum_n + (n - slow/sum_n)*exp(-step*sum_n)
"""


def ours(work: SimpleNamespace, folder: str) -> None:
    """Generate and compile the program as `unshielded.engine.generate` does."""
    fast, slow = Clock(dt=work.step * ms, name="fast"), Clock(dt=1 * ms, name="slow")
    statements, declarations = _statements(work)
    spiking = work.name == "HH"
    neurons = NeuronGroup(
        work.neurons,
        declarations,
        threshold=f"v >= threshold and {'before < threshold' if spiking else 'wait <= 0'}",
        reset="" if spiking else "v = reset; wait = refractory_steps",
        clock=fast,
        name="neurons",
        namespace={},
    )
    statements = statements.replace("exp(", "inline_exp(")
    neurons.run_regularly(statements, when="groups", clock=fast, name="membrane")
    for name, value in _constants(work).items():
        setattr(neurons, f"{name}_", value)
    # The loop over segments runs two clocks; nothing of these models is slow.
    idle = NeuronGroup(1, "x : 1", clock=slow, name="idle", namespace={})
    for name in generate._OF_NEURONS:  # what is improved must be there
        if name != "membrane":
            idle.run_regularly("x = 0", clock=slow, name=name)
    synapses = _synapses(work, neurons)
    net = Network(neurons, idle, SpikeMonitor(neurons, name="spikes"), *synapses)
    device.insert_code("before_start", "unshielded::flush_subnormals();")
    device.insert_code("before_network_run", generate._arrange(net))
    states = [
        name
        for name in ("v", "excitation", "inhibition", "m", "h", "n")
        if name in neurons.variables
    ]
    checked = ", ".join(f'{{"{s}", _array_neurons_{s}, {work.neurons}}}' for s in states)
    device.insert_code(
        "before_network_run",
        f"""
        std::printf("{{\\"begins\\": %.6f}}\\n", (double)std::clock()/CLOCKS_PER_SEC);
        std::fflush(stdout);
        unshielded::Run<Network, Clock>(network, fast, slow, {round(1000 / work.step)},
            {round(1 / work.step)}, {{{checked}}}, {{}}, {{}}, {{}},
            _dynamic_array_spikes_i, _dynamic_array_spikes_t, _array_spikes_count, _array_spikes_N,
            {work.neurons}, _array_neurons_v, _array_neurons_v, 0)();
        """,
    )
    prefs.codegen.cpp.extra_compile_args_gcc = list(FLAGS)
    prefs.codegen.cpp.include_dirs = [str(Path(unshielded.engine.__file__).parent)]
    prefs.codegen.cpp.headers = ['"segment.h"', '"vector_math.h"', "<ctime>"]
    prefs.core.stop_on_keyboard_interrupt = False
    net.run(0 * second, namespace={"inline_exp": inline_exp})
    device.build(directory=folder, compile=False, run=False, with_output=False)
    generate.improve(Path(folder), cells=False)
    subprocess.run(["make", "-j2"], cwd=folder, check=True)


def stock(work: SimpleNamespace, folder: str, seconds: float) -> None:
    """Generate and compile what a plain script of Brian2 gives, its default flags included."""
    defaultclock.dt = work.step * ms
    fires = work.name == "HH"
    neurons = NeuronGroup(
        work.neurons,
        EQUATIONS[work.name].format(refractory=" (unless refractory)"),
        method=_METHOD[work.name],
        threshold="v > threshold",
        reset="" if fires else "v = reset",
        refractory="v > threshold" if fires else work.values["refractory"] * ms,
        name="neurons",
        namespace=_user_constants(work),
    )
    spikes = SpikeMonitor(neurons, name="spikes")
    synapses = _synapses(work, neurons)
    for slot, word in (("before_network_run", "begins"), ("after_network_run", "ends")):
        device.insert_code(
            slot,
            f'std::printf("{{\\"{word}\\": %.6f}}\\n", (double)std::clock()/CLOCKS_PER_SEC);'
            "std::fflush(stdout);",
        )
    prefs.codegen.cpp.headers = ["<ctime>", "<cstdio>"]
    Network(neurons, spikes, *synapses).run(seconds * second, namespace={})
    device.build(directory=folder, run=False, with_output=False)


def _statements(work: SimpleNamespace) -> tuple[str, str]:
    """Return what advances the neurons by a step, and the variables of it."""
    shared = "\n".join(f"{name} : 1 (shared, constant)" for name in _constants(work))
    own = "\n".join([shared, "before : 1" if work.name == "HH" else "wait : 1"])
    if work.name == "COBA":
        times = {name: parse(f"{name}*0.001*second") for name in _TIMES}
        model = add_up([Mechanism("coba", f"{own}\n{EQUATIONS['COBA'].format(refractory='')}")], {})
        step = [Statement(s.name, s.operator, substitute(s.right, times)) for s in midpoint(model)]
        return brian.statements(step) + _HOLD, brian.declarations(model)
    variables = "\n".join([own, "v : 1", "excitation : 1", "inhibition : 1"])
    return (_EXACT, variables) if work.name == "CUBA" else (_STAGGERED, f"{variables}\n{_GATES}")


def _constants(work: SimpleNamespace) -> dict[str, float]:
    """The parameters, and what of a step does not change."""
    step, values = work.step, dict(work.values)
    del values["excitatory_weight"], values["inhibitory_weight"]
    if "refractory" in values:
        values["refractory_steps"] = round(values.pop("refractory") / step)
    kept = {kind: exp(-step / values[f"{kind}_decay"]) for kind in ("excitatory", "inhibitory")}
    if work.name != "COBA":
        values["excitation_kept"], values["inhibition_kept"] = kept.values()
        values["step"] = step
    if work.name == "CUBA":
        membrane = values["capacitance"] / values["leak"]
        values["leak_kept"] = exp(-step / membrane)
        for kind, name in (("excitatory", "from_excitation"), ("inhibitory", "from_inhibition")):
            decay = values[f"{kind}_decay"]
            share = (kept[kind] - values["leak_kept"]) / (1 / membrane - 1 / decay)
            values[name] = share / values["capacitance"]
    return values


def _user_constants(work: SimpleNamespace) -> dict[str, Any]:
    return {k: v * ms if k in _TIMES else v for k, v in work.values.items()}


def _synapses(work: SimpleNamespace, neurons: NeuronGroup) -> list[Synapses]:
    split = work.excitatory_inputs * work.neurons
    made = []
    for name, kind, state, which in (
        ("exciting", "excitatory", "excitation", slice(None, split)),
        ("inhibiting", "inhibitory", "inhibition", slice(split, None)),
    ):
        synapses = Synapses(
            neurons,
            neurons,
            "weight : 1 (constant)",
            on_pre=f"{state}_post += weight",
            name=name,
            namespace={},
        )
        synapses.connect(i=work.sources[which], j=work.targets[which])
        synapses.weight = work.values[f"{kind}_weight"]
        synapses.pre.delay = work.delay * ms
        made.append(synapses)
    neurons.v = work.potential
    neurons.excitation, neurons.inhibition = work.excitation, work.inhibition
    return made


if __name__ == "__main__":
    _work, _folder, _kind, _seconds = sys.argv[1:]
    set_device("cpp_standalone", directory=f"{_folder}/", build_on_run=False)
    if _kind == "ours":
        ours(load(_work), f"{_folder}/")
    else:
        stock(load(_work), f"{_folder}/", float(_seconds))
