"""Agents with a place, through the compiled engine: there they act, elsewhere they do not.

All configs apply the same agents somewhere, most of them at 0: one program serves every test.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Command
from tests.physics.engine import Record, simulate, tiny
from tests.tiny import TINY
from unshielded.circuit.populations import LIMB_POOLS, POPULATIONS
from unshielded.store.reading.read import open_run

pytestmark = pytest.mark.usefixtures("cache")

SECONDS = 2.0
FAST = ("parameters.bath_exchange_time=0.02 s", "parameters.drug_entry_time=0.1 s")
AGENTS = {
    "TTX": "1 uM",
    "riluzole": "30 uM",
    "FCCP": "1 uM",
    "muscimol": "100 uM",
    "strychnine": "1 uM",
}
CORD = ("cord", "brainstem")
#: Of agents at 0 that a pyramidal cell has nothing for.
ELSEWHERE = {"strychnine": "cord"}


@cache
def run(*applied: tuple[str, str]) -> Record:
    """The tiny circuit under a strong command, with some agents at some places; elsewhere none."""
    entries = [
        f"{{agent: {agent}, concentration: {AGENTS[agent]}, on: {place}}}"
        for agent, place in applied
    ]
    entries += [
        f"{{agent: {agent}, concentration: 0 uM, on: {ELSEWHERE.get(agent, 'pyramidal')}}}"
        for agent in AGENTS
        if agent not in dict(applied)
    ]
    settings = (f"bath=[{', '.join(entries)}]", f"duration={SECONDS} s", "drive.level=1.5")
    assembly = tiny((*FAST, *settings))
    assert len(assembly.placed) == len(AGENTS)
    return simulate(assembly, SECONDS, 0.5)


def spikes(record: Record, *regions: str, after: float = 0.5) -> int:
    chosen = [s for s in record.assembly.layout.slices if POPULATIONS[s.name].region in regions]
    late = record.spike_ticks > after * record.assembly.fast_steps_per_second
    return sum(
        int(((record.spike_neurons >= s.start) & (record.spike_neurons < s.stop) & late).sum())
        for s in chosen
    )


def of_cortex(record: Record) -> list[np.ndarray]:
    """Times and neurons of the cortex's spikes, to the last one."""
    layout = record.assembly.layout
    inside = np.zeros(layout.neurons, bool)
    for part in layout.slices:
        inside[part.start : part.stop] = POPULATIONS[part.name].region == "cortex"
    kept = inside[record.spike_neurons]
    return [record.spike_ticks[kept], record.spike_neurons[kept]]


def test_a_region_is_silenced_and_the_others_are_not() -> None:
    plain = run()
    cortex, cord = run(("TTX", "cortex")), run(("TTX", "[cord, brainstem]"))
    assert spikes(plain, "cortex") > 100
    assert spikes(plain, *CORD) > 100
    # The command reaches the cord on its own, so it goes on without cortex.
    assert spikes(cortex, "cortex") == 0
    assert spikes(cortex, *CORD) > 20
    assert spikes(cord, *CORD) == 0
    # Nothing leads from the cord to the cortex: there all is as it was, to the last spike.
    for one, other in zip(of_cortex(cord), of_cortex(plain), strict=True):
        np.testing.assert_array_equal(one, other)


def test_muscimol_quietens_the_cortex_and_leaves_the_cord() -> None:
    plain = run()
    cortex = run(("muscimol", "cortex"))
    everywhere = run(("muscimol", "cortex"), ("muscimol", "[cord, brainstem]"))
    # Twice the leak as a shunt, under a strong command and the strong background of so small a circuit:
    # fewer than half of the spikes are left.
    assert spikes(cortex, "cortex") < 0.5 * spikes(plain, "cortex")
    # Less than before, since the cortex drives it; but the command reaches it on its own.
    assert spikes(cortex, *CORD) > 0.2 * spikes(plain, *CORD)
    # In the cord the shunt is about what the synapses of a strong contraction open by themselves.
    assert spikes(everywhere, "cord") < 0.8 * spikes(cortex, "cord")


def test_strychnine_in_the_cord_frees_motor_neurons_of_inhibition() -> None:
    plain, treated = run(), run(("strychnine", "cord"))

    def fired(record: Record, population: str) -> np.ndarray:
        part = record.assembly.layout[population]
        return record.counts[:, part.start : part.stop].sum(axis=0)

    before, after = (
        np.concatenate([fired(r, pool) for pool in LIMB_POOLS]) for r in (plain, treated)
    )
    # What excites them is the same to the bit. Each fires as often or more, but for a last spike that
    # an earlier one has put off.
    assert (after - before).min() >= -1
    assert after.sum() > 1.01 * before.sum()  # 1 % is seven spikes
    # No strychnine in the brainstem, and the Ia interneurons that inhibit it, freed as well, fire more.
    assert fired(treated, "ia").sum() > fired(plain, "ia").sum()
    assert fired(treated, "oculomotor").sum() <= fired(plain, "oculomotor").sum()
    for one, other in zip(of_cortex(plain), of_cortex(treated), strict=True):
        np.testing.assert_array_equal(one, other)


def test_everywhere_in_parts_is_everywhere() -> None:
    # One program has a concentration for each neuron, the other a single one: compilers round the two
    # in different ways, which a spike later shows, if at all.
    levels = {"TTX": "0.01 nM", "FCCP": "100 nM", "strychnine": "20 nM", "muscimol": "0.1 uM"}
    none = "{agent: riluzole, concentration: 0 uM"
    whole = [f"{{agent: {a}, concentration: {level}}}" for a, level in levels.items()]
    parts = [
        f"{{agent: {a}, concentration: {level}, on: {place}}}"
        for a, level in levels.items()
        # Strychnine has nothing to act on in cortex and brainstem.
        for place in (("cord",) if a == "strychnine" else ("cortex", "[cord, brainstem]"))
    ]
    one, other = (
        simulate(tiny((*FAST, f"bath=[{', '.join(text)}]", "drive.level=1.5")), 1.0, 0.25)
        for text in ([*whole, f"{none}}}"], [*parts, f"{none}, on: cord}}"])
    )
    assert (len(one.assembly.placed), len(other.assembly.placed)) == (0, len(AGENTS))
    early = [r.spike_ticks < 0.25 * r.assembly.fast_steps_per_second for r in (one, other)]
    assert early[0].sum() > 100
    np.testing.assert_array_equal(one.spike_ticks[early[0]], other.spike_ticks[early[1]])
    np.testing.assert_array_equal(one.spike_neurons[early[0]], other.spike_neurons[early[1]])
    for name, values in one.states.items():
        first, second = values[1], other.states[name][1]
        np.testing.assert_allclose(second, first, rtol=1e-6, atol=1e-15, err_msg=name)


def test_terminals_are_where_they_end() -> None:
    # Riluzole in the cord leaves the cortex alone to the last spike, and acts on the terminals of
    # cortical cells that lie there.
    plain, treated = run(), run(("riluzole", "[cord, brainstem]"))
    for one, other in zip(of_cortex(plain), of_cortex(treated), strict=True):
        np.testing.assert_array_equal(one, other)
    assert spikes(treated, *CORD) < 0.9 * spikes(plain, *CORD)


def test_a_drug_inside_cells_acts_in_the_chosen_ones() -> None:
    record = run(("FCCP", "motor_fr"))
    potential = record.states["mitochondrial_potential"][-1]
    treated = record.assembly.layout["motor_fr"]
    others = np.ones(record.cells, bool)
    others[treated.start : treated.stop] = False
    plain = run().states["mitochondrial_potential"][-1]
    assert (potential[~others] < 0.98 * plain[~others]).all()
    np.testing.assert_allclose(potential[others], plain[others], rtol=0.01)


def test_a_result_says_what_was_applied_where(command: Command, tmp_path: Path) -> None:
    bath = (
        "bath=[{agent: TTX, concentration: 1 uM, on: cortex, from: 0.5 s},"
        "{agent: TTX, concentration: 20 nM, on: [motor_fr, motor_s], until: 1 s},"
        "{agent: riluzole, concentration: 2 uM, on: pyramidal},"
        "{agent: FCCP, concentration: 10 nM, on: [pyramidal, oculomotor]}]"
    )
    done = command(
        "run", TINY, "--set", bath, "--set", FAST[0], "--out", tmp_path, "--format", "json"
    )
    assert done.returncode == 0, done.stderr
    (results,) = tmp_path.rglob("results.h5")
    with open_run(results) as run:
        assert [(a.label, a.concentration_mM, a.from_s, a.until_s) for a in run.bath()] == [
            ("FCCP on pyramidal, brainstem", 1e-5, 0.0, None),
            ("TTX on motor_s, motor_fr", 2e-5, 0.0, 1.0),
            ("riluzole on pyramidal", 2e-3, 0.0, None),
            ("TTX on cortex", 1e-3, 0.5, None),
        ]
        last = {a.label: run.concentration(a.label).values[-1] for a in run.bath()}
    assert last["TTX on cortex"] == pytest.approx(1e-3)
    assert last["TTX on motor_s, motor_fr"] == pytest.approx(0.0, abs=1e-12)
    shown = command("inspect", results).stdout
    assert "bath: 1 µM TTX on cortex from 0.5 s to the end" in shown
    assert "bath: 20 nM TTX on motor_s, motor_fr from 0 s until 1 s" in shown
