"""The same model as a stock Brian2 script: what the engine of `unshielded` is compared with.

One group holds membrane, surroundings and calcium submodel together and advances everything at
the fast step by Brian2's own Euler integrator. Neurons without the submodel form a second group.
Equations, parameter values, wiring and initial values are those of an assembly. Run as a script,
in an empty folder, because Brian2 keeps global state and executes ``./brian_preferences``::

    python plain.py standalone ASSEMBLY SECONDS     # leaves standalone/main, does not run it
    python plain.py cython ASSEMBLY SECONDS         # runs, prints one line of JSON
"""

from __future__ import annotations

import json
import pickle
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from brian2 import (
    Network,
    NeuronGroup,
    Quantity,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    defaultclock,
    device,
    prefs,
    second,
    seed,
    set_device,
)
from brian2.units.fundamentalunits import get_or_create_dimension

from unshielded import calcium
from unshielded.assemble import Assembly
from unshielded.assemble.wiring import neighbours
from unshielded.engine import network as engine
from unshielded.mechanism.targets import brian
from unshielded.model import engine_models

#: What a stock user writes for Poisson input whose rate differs by neuron and in time.
_RELEASES = (
    "cleft_glutamate += release_concentration/synapse_count*afferent_weight*poisson("
    "(background_rate + command_rate*motor_command)*dt)"
)

_WARM_UP = 64  # steps: every code object has been compiled by then
_SEED = 1


def network(assembly: Assembly) -> Network:
    """Build the network of an assembly, with its values."""
    defaultclock.dt = second / assembly.fast_steps_per_second
    constants = _constants(assembly)
    cells, size = assembly.layout.cells, assembly.layout.neurons
    groups = []
    if cells:
        groups.append((_group(assembly, "cells", 0, cells, constants), 0, cells))
    if size > cells:
        groups.append((_group(assembly, "others", cells, size, constants), cells, size))
    objects: list[Any] = [group for group, _, _ in groups]
    objects += [SpikeMonitor(group, name=f"{group.name}_spikes") for group, _, _ in groups]
    objects += _synapses(assembly, groups, constants)
    objects += _neighbours(assembly, groups)
    if cells:
        recorded = list(calcium.RECORDED)
        objects.append(StateMonitor(groups[0][0], recorded, record=True, dt=1 * second))
    return Network(objects)


def _group(
    assembly: Assembly, name: str, start: int, stop: int, constants: Mapping[str, Quantity]
) -> NeuronGroup:
    found = engine_models()
    inside = name == "cells"
    models = [found.neuron, found.surroundings, *([found.cell] if inside else [])]
    # Nothing is in the bath: its concentrations stay at zero.
    baths = [found.bath, *([found.drugs] if inside else [])]
    texts = [*map(brian.equations, models), *map(brian.declarations, baths)]
    text = "\n".join(_own_lines(texts, constants))
    group = NeuronGroup(
        stop - start,
        f"{text}\nsilenced_from : second (constant)\nrestored_from : second (constant)",
        method="euler",
        threshold=engine._FIRES,
        reset=brian.statements(found.neuron.statements["on_spike"]),
        namespace=dict(constants),
        name=name,
    )
    emptied = [f"{v} = 0*({brian.unit(calcium.TAKEN[v])})" for v in calcium.EMPTIED]
    before = [brian.statements(m.statements["before_step"]) for m in models] + emptied
    group.run_regularly(_RELEASES, when="start")
    group.run_regularly("\n".join(filter(None, before)), when="before_groups")
    after = [brian.statements(m.statements["after_step"]) for m in models]
    group.run_regularly("\n".join(after), when="after_groups")
    values = {k: np.asarray(v)[start:stop] for k, v in assembly.neurons.items() if np.ndim(v)}
    if name == "cells":
        values |= {k: np.asarray(v) for k, v in assembly.cells.items() if np.ndim(v)}
    del values["input_stream"]  # the key of the engine's own generator
    for variable, value in values.items():
        getattr(group, f"{variable}_")[:] = value
    return group


def _own_lines(texts: Iterable[str], constants: Mapping[str, Quantity]) -> Iterator[str]:
    """Yield each line once; shared parameters are left to the namespace, as users do."""
    seen = set()
    for line in "\n".join(texts).splitlines():
        name = line.partition(" ")[0]
        if line not in seen and name not in constants:
            yield line
        seen.add(line)


def _constants(assembly: Assembly) -> dict[str, Quantity]:
    """Return the shared parameters, with their units."""
    dimensions = {k: d for model in engine_models() for k, d in model.dimensions.items()}
    values = {**assembly.neurons, **assembly.cells}
    return {
        name: Quantity.with_dimensions(float(value), get_or_create_dimension(dimensions[name]))
        for name, value in values.items()
        if np.ndim(value) == 0
    }


def _synapses(
    assembly: Assembly,
    groups: list[tuple[NeuronGroup, int, int]],
    constants: Mapping[str, Quantity],
) -> Iterator[Synapses]:
    """Yield one object for each receptor type and pair of groups."""
    for receptor, wiring in assembly.synapses.items():
        on_pre = re.sub(
            r"\b(\w+)_post\b",
            lambda name: name[1] if name[1] in constants else name[0],
            engine._ON_SPIKE[receptor],
        )
        for source, first, after in groups:
            for target, start, stop in groups:
                here = (wiring.sources >= first) & (wiring.sources < after)
                here &= (wiring.targets >= start) & (wiring.targets < stop)
                if here.any():
                    synapses = Synapses(
                        source,
                        target,
                        "weight : 1 (constant)",
                        on_pre=on_pre,
                        namespace=dict(constants),
                        name=f"{receptor}_{source.name}_{target.name}",
                    )
                    synapses.connect(i=wiring.sources[here] - first, j=wiring.targets[here] - start)
                    synapses.weight = wiring.weights[here]
                    synapses.delay = wiring.delays[here] * second
                    yield synapses


def _neighbours(
    assembly: Assembly, groups: list[tuple[NeuronGroup, int, int]]
) -> Iterator[Synapses]:
    """Yield the exchange of glutamate between neighbours, who are of one population and group."""
    sources, targets = neighbours(assembly.layout)
    for group, start, stop in groups:
        here = (targets >= start) & (targets < stop)
        name = f"beside_{group.name}"
        beside = Synapses(group, group, engine._NEIGHBOURS, namespace={}, name=name)
        beside.connect(i=sources[here] - start, j=targets[here] - start)
        yield beside


def standalone(assembly: Assembly, seconds: float) -> None:
    """Leave a compiled program in ``standalone/``: Brian2's default flags, its own report."""
    set_device("cpp_standalone", directory="standalone/", build_on_run=False)
    seed(_SEED)
    network(assembly).run(seconds * second, report="text", namespace={})
    device.build(directory="standalone/", run=False)


def cython(assembly: Assembly, seconds: float) -> dict[str, object]:
    """Run in Brian2's Cython runtime; compiling and the first steps are not timed."""
    prefs.codegen.target = "cython"
    prefs.codegen.runtime.cython.cache_dir = str(Path("cython").absolute())
    seed(_SEED)
    net = network(assembly)
    warm_up = _WARM_UP / assembly.fast_steps_per_second
    net.run(warm_up * second, namespace={})
    start, processor = time.perf_counter(), time.process_time()
    net.run((seconds - warm_up) * second, report="text", namespace={})
    wall, processor = time.perf_counter() - start, time.process_time() - processor
    counts = [net[f"{g}_spikes"].count[:] for g in ("cells", "others") if f"{g}_spikes" in net]
    return {
        "wall": wall,
        "processor": processor,
        "simulated": seconds - warm_up,
        "counts": np.concatenate(counts).tolist(),
    }


if __name__ == "__main__":
    _kind, _assembly, _seconds = sys.argv[1:]
    _loaded = pickle.loads(Path(_assembly).read_bytes())
    if _kind == "standalone":
        standalone(_loaded, float(_seconds))
    else:
        print(json.dumps(cython(_loaded, float(_seconds))))
