"""Generate and compile the program of an assembly; run as a process of its own.

``python -m unshielded.engine.generate ASSEMBLY FOLDER`` leaves ``FOLDER/main``
and, beside the folder, ``names.json`` with what differs between versions of Brian2.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread

from brian2 import Network, NeuronGroup, Synapses, device, prefs, second, set_device
from brian2.core.variables import ArrayVariable

from unshielded import calcium, circuit
from unshielded.assemble import Assembly
from unshielded.engine.build import FLAGS
from unshielded.engine.network import namespace, network
from unshielded.model import engine_models

#: Code objects that touch, at each index, the arrays at that index only; some, if there are cells.
_OF_NEURONS, _OF_CELLS = ("expected", "surroundings", "membrane"), ("take", "step", "give")
#: What there is only if a config applies an agent to some of them.
_OF_PLACES = ("placed_bath", "placed_drugs")
_LOOP = "for(int _idx=0; _idx<_N; _idx++)"
#: The cells' membranes are the first neurons.
_SUBGROUP = "_ptr_array_neurons_subgroup__sub_idx[_idx]"

# What fires must first pass a threshold: that alone is looked at in a whole block.
_THRESHOLD = re.compile(
    r"for\(size_t _idx=0; _idx<N; _idx\+\+\)\s*\{(?P<load>.*?)"
    r"const char _cond = (?P<first>.*?) && (?P<rest>.*?;)\s*"
    r"(?P<spikes>if\(_cond\) \{.*?\}\s*)\}",
    flags=re.DOTALL,
)
_BLOCKS = r"""for(size_t _start=0; _start<N; _start+=64)
    {
        const size_t _end = _start + 64 < N ? _start + 64 : N;
        double _some = 0;
        #pragma GCC ivdep
        for(size_t _idx=_start; _idx<_end; _idx++)
        {\g<load>_some += (\g<first>) ? 1.0 : 0.0;
        }
        if(_some > 0)
            for(size_t _idx=_start; _idx<_end; _idx++)
            {\g<load>const char _cond = (\g<first>) && \g<rest>
        \g<spikes>}
    }"""


def generate(assembly: Assembly, folder: Path) -> dict[str, object]:
    """Write and compile the program into `folder`.

    Returns
    -------
    dict
        ``delays``: receptor → how the program names its synapses' delays. ``state``: group, name
        and size of each variable that it writes when asked for its state, in that order.
    """
    model = engine_models()
    prefs.reset_to_defaults()  # Brian2 reads them from files of the user, too
    # The folder must end in a slash, and be given to build() again, or Brian2 uses ./output.
    set_device("cpp_standalone", directory=f"{folder}/", build_on_run=False)
    prefs.codegen.cpp.extra_compile_args_gcc = list(FLAGS)
    prefs.codegen.cpp.include_dirs = [str(Path(__file__).parent)]
    prefs.codegen.cpp.headers = ['"segment.h"', '"vector_math.h"']
    # The program handles signals itself: Brian2's handler would end a run early with code 0.
    prefs.core.stop_on_keyboard_interrupt = False
    net = network(assembly)
    kept = _state(net)
    device.apply_run_args()
    device.insert_code("before_start", "unshielded::flush_subnormals();")
    device.insert_code("before_network_run", _arrange(net))
    device.insert_code(
        "before_network_run",
        _run(
            assembly,
            {
                "neurons": (*model.neuron.states, *model.surroundings.states),
                "cells": model.cell.states,
            },
            {"neurons": model.bath.states, "cells": model.drugs.states},
            kept,
        ),
    )
    # The segments are run by the code above; Brian2's own call is left with nothing to do.
    net.run(0 * second, namespace=namespace())
    device.build(directory=f"{folder}/", compile=False, run=False, with_output=False)
    improve(folder, assembly.layout.cells > 0)
    subprocess.run(["make", f"-j{max(2, _cores())}"], cwd=folder, check=True)
    delays = {
        o.name: o.pre.variables["delay"]
        for o in net.objects
        if isinstance(o, Synapses) and o.name in assembly.synapses
    }
    return {
        "delays": {name: f"{delay.owner.name}.{delay.name}" for name, delay in delays.items()},
        "state": kept,
    }


def improve(folder: Path, cells: bool) -> None:
    """Change what Brian2 has written before it is compiled.

    The compiler cannot know that the iterations of the long loops are independent, and gives up
    on those with many arrays; here it is told so. Few blocks of neurons have one that fires: only
    those are looked through one by one. The class that carries the spikes is our own, and so is
    where arrays may begin.

    Raises
    ------
    ValueError
        If a loop is not found where it is expected.
    """
    loops = folder / "code_objects"
    placed = (n for n in _OF_PLACES if (loops / f"{n}_codeobject.cpp").exists())
    for name in (*_OF_NEURONS, *(_OF_CELLS if cells else ()), *placed):
        source = loops / f"{name}_codeobject.cpp"
        text = source.read_text(encoding="utf-8")
        if text.count(_LOOP) != 1:
            raise ValueError(f"{source.name} does not have one loop {_LOOP!r}")
        text = text.replace(_SUBGROUP, "_idx")
        source.write_text(text.replace(_LOOP, f"#pragma GCC ivdep\n    {_LOOP}"), encoding="utf-8")
    source = loops / "neurons_spike_thresholder_codeobject.cpp"
    text, found = _THRESHOLD.subn(_BLOCKS, source.read_text(encoding="utf-8"))
    if found != 1:
        raise ValueError(f"{source.name} does not have the loop that is expected")
    source.write_text(text, encoding="utf-8")
    # Thousands of lines that make, read and write arrays, once each: at -O3 they take a third of
    # the whole time to compile, at -O0 next to nothing.
    arrays = folder / "objects.cpp"
    arrays.write_text(
        '#pragma GCC optimize("O0")\n' + arrays.read_text(encoding="utf-8"), encoding="utf-8"
    )
    # What Brian2 generates counts on the second line of the file that is replaced.
    own = '#include "synapses.h"\nusing namespace std;\n'
    (folder / "synapses_classes.h").write_text(own, encoding="utf-8")
    with (folder / "main.cpp").open("a", encoding="utf-8") as file:
        file.write('\n#include "alignment.h"\n')


def _cores() -> int:
    """How many processors this process may use: of a cluster's node, often few of many."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _arrange(net: Network) -> str:
    """The statements that put the synapses in the order in which spikes want them."""
    lines = []
    for synapses in sorted(net.objects, key=lambda o: str(o.name)):
        if isinstance(synapses, Synapses) and "weight" in synapses.variables:
            variables = (synapses.variables["_synaptic_post"], synapses.variables["weight"])
            arrays = [
                device.get_array_name(variable, access_data=False)
                for variable in (*variables, synapses.pre.variables["delay"])
            ]
            lines.append(f"{synapses.pre.name}.arrange({', '.join(arrays)});")
    return "\n".join(lines)


def _state(net: Network) -> list[tuple[str, str, int]]:
    """Group, name and size of every variable of neurons and cells that is not a constant."""
    return [
        (group.name, name, int(variable.size))
        for group in sorted(net.objects, key=lambda o: str(o.name))  # a set, in Brian2
        if isinstance(group, NeuronGroup)
        for name, variable in sorted(group.variables.items())
        if isinstance(variable, ArrayVariable)
        and group.variables.indices[name] in ("_idx", "0")  # else linked: of another group
        and not (variable.constant or variable.read_only or name.startswith("_"))
    ]


def _run(
    assembly: Assembly,
    states: Mapping[str, Sequence[str]],
    shared: Mapping[str, Sequence[str]],
    kept: Sequence[tuple[str, str, int]],
) -> str:
    """The statement that runs all segments; what is checked, recorded, kept as its state, and set by a schedule.

    `states` have one value per neuron or cell, `shared` ones one per group where no config places them.
    """
    sizes = {"neurons": assembly.layout.neurons, "cells": assembly.layout.cells}
    sizes = {group: size for group, size in sizes.items() if size}
    # What is not shared of the bath has a value for each neuron: the program knows its own sizes.
    held = {(group, name): size for group, name, size in kept}
    checked = [_variable(g, name, size) for g, size in sizes.items() for name in states[g]]
    checked += [_variable(g, name, held[g, name]) for g in sizes for name in shared[g]]
    agents = {"neurons": circuit.AGENTS, "cells": calcium.AGENTS}
    stems = [(group, stem) for group in sizes for stem in agents[group].values()]
    bath = [
        _concentration(
            group, f"{stem}_bath", sizes[group] if (group, stem) in assembly.placed else 0
        )
        for group, stem in stems
    ]
    scheduled = [
        _scheduled(group, f"{stem}_applied", held[group, f"{stem}_applied"])
        for group, stem in stems
    ]
    scheduled += [
        _scheduled("neurons", name, 1) for name in ("stimulus_intensity", "afferent_volley")
    ]
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
        {cells}, {{{", ".join(_variable(*one) for one in kept)}}})();
    """


def _scheduled(group: str, name: str, size: int) -> str:
    return f'{{"{group}.{name}", _array_{group}_{name}, {size}}}'


def _concentration(group: str, name: str, neurons: int) -> str:
    return f"{{_array_{group}_{name}, {neurons}}}"


def _variable(group: str, name: str, size: int) -> str:
    return f'{{"{name}", _array_{group}_{name}, {size}}}'


def _end_with_parent() -> None:
    """End make and the compilers too when the process that asked for the program is gone."""

    def wait() -> None:
        os.read(0, 1)  # a pipe that nobody writes to: it ends with the process at its other end
        os.killpg(0, signal.SIGKILL)

    Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    _end_with_parent()
    target = Path(sys.argv[2])
    names = generate(pickle.loads(Path(sys.argv[1]).read_bytes()), target)
    target.with_name("names.json").write_text(json.dumps(names), encoding="utf-8")
