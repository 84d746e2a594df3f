"""V23: motor neurons without glycinergic inhibition fire more, and do not die of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.circuit.populations import LIMB_POOLS
from unshielded.plot.style import colours, head
from unshielded.results.survival import lifetimes
from unshielded.store.reading.read import open_run
from unshielded.validation.lab import Lab
from unshielded.validation.target import Sample, Target, TargetValue

_CONFIG = "glycine_for_life.yaml"
_HEALTHY, _WITHOUT = "all", "a tenth"
#: The conductance of one release, as the config's sweep has it.
_CONDITIONS = {_HEALTHY: "1 nS", _WITHOUT: "0.1 nS"}


def measure(lab: Lab, seed: int) -> Sample:
    """Run both circuits; count the dead of every limb pool, and their discharge."""
    values: dict[str, float] = {}
    for name, unit in _CONDITIONS.items():
        outcome = lab.run(_CONFIG, seed, ["sweep=null", f"parameters.glycine_unit={unit}"])
        dead = cells = 0
        with open_run(outcome.results) as run:
            for pool in LIMB_POOLS:
                died = lifetimes([run], pool)
                dead += len(died.died)
                cells += died.n
                values[f"rate, {pool}, {name}"] = float(outcome.populations[pool]["mean_rate_hz"])
                atp = run.band(pool, "atp")
                values[f"ATP, {pool}, {name}"] = 100 * float(atp.low[-1] / atp.mean[0])
            eye = lifetimes([run], "oculomotor")
            values[f"dead, oculomotor, {name}"] = 100 * len(eye.died) / eye.n
        values[f"dead, {name}"] = 100 * dead / cells
    return Sample(seed, values, {})


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """Discharge of every limb pool with and without glycinergic inhibition, seed by seed."""
    axes = figure.subplots()
    of = colours(LIMB_POOLS)
    for pool in LIMB_POOLS:
        for sample in samples:
            rates = [sample.values[f"rate, {pool}, {name}"] for name in _CONDITIONS]
            label = pool if sample is samples[0] else None
            axes.plot(range(len(rates)), rates, "o-", color=of[pool], label=label)
    axes.set_xticks(range(len(_CONDITIONS)), list(_CONDITIONS))
    axes.set_xlabel("Glycinergic conductance left")
    axes.set_ylabel("Discharge (Hz)")
    axes.set_ylim(0, None)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    head(axes, "", "A contraction of ten days")
    dead = [sample.values[f"dead, {_WITHOUT}"] for sample in samples]
    return f"One line per pool and seed; without glycine {np.mean(dead):.3g} % of the motor neurons die."


TARGET = Target(
    id="V23",
    title="Motor neurons without glycinergic inhibition",
    published="mice that cannot load glycine into vesicles (GlyT2 knock-out) are normal at birth and have spasms, "
    "tremor and stiff muscles within a week; at ten days cord and brainstem look normal",
    sources=("Gomeza2003",),
    criterion="no motor neuron dies, of the limb without the conductance and of limb and eye with it (abducens and oculomotor "
    "nuclei lose no cells with age); that the deficit shows, in motor neurons that fire more, is information",
    protocol="the circuit in a contraction (level 1) without rest, ten days, with all and with a tenth of the glycinergic "
    "conductance: Renshaw, Ia and V1 cells release glycine, V2b cells GABA. The motor neurons of the mice are not "
    "adult, and they rest at times",
    lines=(
        TargetValue(f"dead, {_WITHOUT}", "% of cells", None, 0),
        TargetValue(f"dead, {_HEALTHY}", "% of cells", None, 0),
        TargetValue(f"dead, oculomotor, {_HEALTHY}", "% of cells", None, 0),
        *(
            TargetValue(f"rate, {pool}, {name}", "Hz")
            for pool in LIMB_POOLS
            for name in _CONDITIONS
        ),
        *(TargetValue(f"ATP, {pool}, {_WITHOUT}", "% of rest") for pool in LIMB_POOLS),
    ),
    fitted=(),
    claimed="met",
    measure=measure,
    draw=draw,
    engine=True,
)
