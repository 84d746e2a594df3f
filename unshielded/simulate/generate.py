"""Generate and compile the program of an assembly; run as a process of its own.

``python -m unshielded.simulate.generate ASSEMBLY FOLDER`` leaves ``FOLDER/main``
and, beside the folder, ``names.json`` with what differs between versions of Brian2.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from brian2 import Synapses, device, prefs, second, set_device

import calcium
import circuit
from unshielded.assemble import Assembly
from unshielded.simulate.build import FLAGS
from unshielded.simulate.network import baths, models, namespace, network


def generate(assembly: Assembly, folder: Path) -> dict[str, str]:
    """Write and compile the program into `folder`; return how it names the synapses' delays."""
    neuron, surroundings, cell = models()
    outside, inside = baths()
    # The folder must end in a slash, and be given to build() again, or Brian2 uses ./output.
    set_device("cpp_standalone", directory=f"{folder}/", build_on_run=False)
    prefs.codegen.cpp.extra_compile_args_gcc = list(FLAGS)
    prefs.codegen.cpp.include_dirs = [str(Path(__file__).parent)]
    prefs.codegen.cpp.headers = ['"segment.h"', '"vector_math.h"']
    prefs.devices.cpp_standalone.extra_make_args_unix = [f"-j{max(2, os.cpu_count() or 1)}"]
    # The program handles signals itself: Brian2's handler would end a run early with code 0.
    prefs.core.stop_on_keyboard_interrupt = False
    net = network(assembly)
    device.apply_run_args()
    device.insert_code("before_start", "unshielded::flush_subnormals();")
    device.insert_code(
        "before_network_run",
        _run(
            assembly,
            {"neurons": (*neuron.states, *surroundings.states), "cells": cell.states},
            {"neurons": outside.states, "cells": inside.states},
        ),
    )
    # The segments are run by the code above; Brian2's own call is left with nothing to do.
    net.run(0 * second, namespace=namespace())
    device.build(directory=f"{folder}/", compile=True, run=False, with_output=False)
    delays = {
        o.name: o.pre.variables["delay"]
        for o in net.objects
        if isinstance(o, Synapses) and o.name in assembly.synapses
    }
    return {name: f"{delay.owner.name}.{delay.name}" for name, delay in delays.items()}


def _run(
    assembly: Assembly, states: Mapping[str, Sequence[str]], shared: Mapping[str, Sequence[str]]
) -> str:
    """The statement that runs all segments; what is checked, recorded, and set by a schedule.

    `states` have one value per neuron or cell, `shared` ones one per group.
    """
    sizes = {"neurons": assembly.layout.neurons, "cells": assembly.layout.cells}
    sizes = {group: size for group, size in sizes.items() if size}
    checked = [_variable(g, name, size) for g, size in sizes.items() for name in states[g]]
    checked += [_variable(g, name, 1) for g in sizes for name in shared[g]]
    agents = {"neurons": circuit.AGENTS, "cells": calcium.AGENTS}
    stems = [(group, stem) for group in sizes for stem in agents[group].values()]
    bath = [_variable(group, f"{stem}_bath", 1) for group, stem in stems]
    scheduled = [_scheduled(group, f"{stem}_applied") for group, stem in stems]
    scheduled += [_scheduled("neurons", name) for name in ("stimulus_intensity", "afferent_volley")]
    cells = assembly.layout.cells
    recorded = [_variable("cells", name, cells) for name in calcium.RECORDED if cells]
    recorded += [_variable("neurons", name, cells) for name in circuit.RECORDED if cells]
    return f"""
    unshielded::Run<Network, Clock>(network, fast, slow, {assembly.fast_steps_per_second},
        {assembly.fast_steps_per_second // assembly.slow_steps_per_second},
        {{{", ".join(checked)}}},
        {{{", ".join(recorded)}}},
        {{{", ".join(bath)}}},
        {{{", ".join(scheduled)}}},
        _dynamic_array_spikes_i, _dynamic_array_spikes_t, _array_spikes_count, _array_spikes_N,
        {assembly.layout.neurons}, _array_neurons_membrane_potential, _array_neurons_alive,
        {cells})();
    """


def _scheduled(group: str, name: str) -> str:
    return f'{{"{group}.{name}", _array_{group}_{name}}}'


def _variable(group: str, name: str, size: int) -> str:
    return f'{{"{name}", _array_{group}_{name}, {size}}}'


if __name__ == "__main__":
    target = Path(sys.argv[2])
    names = generate(pickle.loads(Path(sys.argv[1]).read_bytes()), target)
    target.with_name("names.json").write_text(json.dumps({"delays": names}))
