"""V7: what a neuron of the healthy cortex spends its ATP on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from unshielded.plot.style import head
from unshielded.store.reading.read import open_run
from unshielded.validation.lab import Lab
from unshielded.validation.target import Sample, Target, TargetValue

_POPULATION, _TRANSIENT = "pyramidal", 10.0
#: Item of the ledger → its published share (%).
_PUBLISHED = {
    "postsynaptic": 50.0,
    "action potentials": 21.0,
    "resting": 20.0,
    "release": 5.0,
    "recycling": 4.0,
}
_CLOSURE = "ATP not accounted for"


def measure(lab: Lab, seed: int) -> Sample:
    """Run the circuit at rest; read the books of its pyramidal cells."""
    outcome = lab.run("cortex_at_rest.yaml", seed)
    with open_run(outcome.results) as result:
        ledger = result.ledger(_POPULATION)
    late = ledger["atp"].time >= _TRANSIENT
    spent = {
        name.removeprefix("atp_used_").replace("_", " "): float(np.ptp(series.values[late]))
        for name, series in ledger.items()
        if name.startswith("atp_used_")
    }
    housekeeping = spent.pop("housekeeping")
    signalling = sum(spent.values())
    values = {f"{item}": 100 * spent[item] / signalling for item in _PUBLISHED}
    values["calcium"] = 100 * spent["calcium"] / signalling
    seconds = float(np.ptp(ledger["atp"].time[late]))
    values["all use"] = (signalling + housekeeping) / seconds
    values["discharge"] = float(outcome.populations[_POPULATION]["mean_rate_hz"])
    values[_CLOSURE] = 100 * float(ledger["closure_error"].values.max())
    return Sample(seed, values, {})


def draw(samples: Sequence[Sample], figure: Figure) -> str:
    """Published and modelled shares side by side."""
    axes = figure.subplots()
    place = np.arange(len(_PUBLISHED))
    published = list(_PUBLISHED.values())
    axes.bar(place - 0.2, published, 0.38, color="0.75", label="Howarth 2012")
    axes.errorbar(place - 0.2, published, 10, fmt="none", ecolor="0.4", capsize=3, lw=0.8)
    found = np.array([[s.values[item] for item in _PUBLISHED] for s in samples])
    axes.bar(place + 0.2, found.mean(axis=0), 0.38, color="#0072B2", label="model, mean")
    for row in found:
        axes.plot(place + 0.2, row, "o", color="black", ms=2.5, label=None)
    axes.set_xticks(place, [*_PUBLISHED])
    axes.set_ylim(0, None)
    axes.set_ylabel("Share of signalling ATP (%)")
    axes.legend()
    head(axes, "a", "Where the energy goes")
    return "Bars: the criterion of ± 10 points. Points: seeds."


TARGET = Target(
    id="V7",
    title="Energy ledger of the healthy cortex",
    published="of the energy for signalling in the neocortex postsynaptic glutamate currents take "
    "50 %, action potentials 21 %, resting potentials 20 %, transmitter release 5 %, recycling 4 %",
    sources=("Howarth2012",),
    criterion="each share within 10 points; the ATP budget of every cell closes to 0.1 %",
    protocol=f"the circuit at rest, {_POPULATION} cells, from {_TRANSIENT:g} to 30 s. Shares of all "
    "use but housekeeping; calcium extrusion, which the source has no item for, counts in the whole",
    lines=(
        *(
            TargetValue(item, "%", max(share - 10, 0), share + 10)
            for item, share in _PUBLISHED.items()
        ),
        TargetValue("calcium", "%"),
        TargetValue("all use", "mM/s"),
        TargetValue("discharge", "Hz"),
        TargetValue(_CLOSURE, "%", None, 0.1),
    ),
    fitted=(),
    claimed="met",
    measure=measure,
    draw=draw,
    engine=True,
)
