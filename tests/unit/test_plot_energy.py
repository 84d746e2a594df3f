"""The two panels of energy: they are there, and show what the run has in its ledger."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.synthetic_recording import make_recording
from tests.tiny import TINY
from unshielded.config import load
from unshielded.plot.run import _figure
from unshielded.plot.words import neuron
from unshielded.running.run import run
from unshielded.store.reading.read import open_run
from unshielded.store.writing.write import write_run


@pytest.fixture(scope="module")
def result(cache: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    experiment = load(TINY, ("duration=4 s", "record.interval=0.5 s"))
    return run(experiment, tmp_path_factory.mktemp("runs")).results


def test_the_margin_of_each_population_and_the_demand_of_the_worst(result: Path) -> None:
    with open_run(result) as this:
        figure = _figure(this)
        margins = {p.name: this.series(p.name, "energy_margin_mean").values
                   for p in this.populations if p.carries_calcium}  # fmt: skip
        least = min(margins, key=lambda name: margins[name].min())
        ledger = this.ledger(least)
        lived = this.series(least, "living_time").values.sum()
        size = next(p.size for p in this.populations if p.name == least)
    titles = [axes.get_title() for axes in figure.axes]
    first = next(k for k, t in enumerate(titles) if t.startswith("Energy margin"))
    drawn = [line.get_ydata() for axes in figure.axes[first : first + 3] for line in axes.lines]
    for name, values in margins.items():
        assert any(np.array_equal(y, values) for y in drawn), name
    demand = figure.axes[next(k for k, t in enumerate(titles) if t.startswith("Use of ATP"))]
    assert neuron(least) in demand.get_title()
    items = [n for n in ledger if n.startswith("atp_used_")]
    assert len(demand.collections) == len(items)
    # The top of the stack, averaged over time, is all that was used, per time and living cell.
    tops = [np.array(c.get_paths()[0].vertices)[:, 1].max() for c in demand.collections]
    assert max(tops) > sum(ledger[n].values[-1] for n in items) * size / lived * 0.99
    assert demand.lines[0].get_label() == "capacity"


def test_a_run_without_a_margin_has_no_such_panels(tmp_path: Path) -> None:
    recording = make_recording(tmp_path / "raw", duration=20.0)
    write_run(tmp_path / "results.h5", recording, {"seed": 3, "name": "old"}, "", "{}", "{}", "")
    with open_run(tmp_path / "results.h5") as this:
        titles = [axes.get_title() for axes in _figure(this).axes]
    assert not [t for t in titles if t.startswith(("Energy margin", "Use of ATP"))]
