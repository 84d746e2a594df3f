"""Generate and compile the program of an assembly; run as a process of its own.

``python -m unshielded.simulate.generate ASSEMBLY FOLDER`` leaves ``FOLDER/main``
and, beside the folder, ``names.json`` with what differs between versions of Brian2.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path

from brian2 import Synapses, device, prefs, second, set_device

import calcium
from unshielded.assemble import Assembly
from unshielded.simulate.build import FLAGS
from unshielded.simulate.network import models, namespace, network


def generate(assembly: Assembly, folder: Path) -> dict[str, str]:
    """Write and compile the program into `folder`; return how it names the synapses' delays."""
    neuron, surroundings, cell = models()
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
        "before_network_run", _run(assembly, (*neuron.states, *surroundings.states), cell.states)
    )
    # The segments are run by the code above; Brian2's own call is left with nothing to do.
    net.run(0 * second, namespace=namespace())
    device.build(directory=f"{folder}/", compile=True, run=False, with_output=False)
    delays = {o.name: o.pre.variables["delay"] for o in net.objects if isinstance(o, Synapses)}
    return {name: f"{delay.owner.name}.{delay.name}" for name, delay in delays.items()}


def _run(assembly: Assembly, outside: Sequence[str], inside: Sequence[str]) -> str:
    """The statement that runs all segments, and says what is checked and what recorded."""
    size, cells = assembly.layout.neurons, assembly.layout.cells
    checked = [_variable("neurons", name, size) for name in outside]
    recorded = []
    if cells:
        checked += [_variable("cells", name, cells) for name in inside]
        recorded = [_variable("cells", name, cells) for name in calcium.RECORDED]
    return f"""
    unshielded::Run<Network, Clock>(network, fast, slow, {assembly.fast_steps_per_second},
        {assembly.fast_steps_per_second // assembly.slow_steps_per_second},
        {{{", ".join(checked)}}},
        {{{", ".join(recorded)}}},
        _dynamic_array_spikes_i, _dynamic_array_spikes_t, _array_spikes_count, _array_spikes_N,
        {size}, _array_neurons_membrane_potential, _array_neurons_alive, {cells})();
    """


def _variable(group: str, name: str, size: int) -> str:
    return f'{{"{name}", _array_{group}_{name}, {size}}}'


if __name__ == "__main__":
    target = Path(sys.argv[2])
    names = generate(pickle.loads(Path(sys.argv[1]).read_bytes()), target)
    target.with_name("names.json").write_text(json.dumps({"delays": names}))
