"""From a place in a config to the neurons there: schedule, records, conditions of a lifespan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tests.physics.engine import tiny
from tests.tiny import TINY
from unshielded.assemble import Event, assemble
from unshielded.assemble.layout import Layout
from unshielded.assemble.lesion import NEVER
from unshielded.assemble.places import placed, spans
from unshielded.assemble.schedule import applied, columns
from unshielded.circuit.populations import POPULATIONS
from unshielded.cli.export import changes_of
from unshielded.config import Config, load
from unshielded.config.sections.places import name_of, place_names, populations_at
from unshielded.engine.places import at_the_terminal, divide
from unshielded.mechanism.expression import names
from unshielded.model import engine_models
from unshielded.multiscale.conditions import conditions


def hollow(*populations: str) -> list[str]:
    """Settings by which cells of some populations have no inside."""
    return [f"circuit.populations.{name}.carries_calcium=false" for name in populations]


def config(*entries: str, solver: bool = False, without: Sequence[str] = ()) -> Config:
    settings = [f"bath=[{', '.join(f'{{{e}}}' for e in entries)}]", *hollow(*without)]
    settings += ["solver.kind=multiscale", "duration=1 min"] if solver else []
    return load(TINY, settings).config


def of_regions(layout: Layout, *regions: str) -> np.ndarray:
    inside = np.zeros(layout.neurons, bool)
    for part in layout.slices:
        inside[part.start : part.stop] = POPULATIONS[part.name].region in regions
    return inside


LAYOUT = tiny().layout


@pytest.mark.parametrize("region", ["cortex", "cord", "brainstem"])
def test_a_region_is_its_populations_and_nobody_else(region: str) -> None:
    inside = np.zeros(LAYOUT.neurons, bool)
    for start, stop in spans([region], "neurons", LAYOUT):
        inside[start:stop] = True
    np.testing.assert_array_equal(inside, of_regions(LAYOUT, region))


def test_neighbouring_populations_are_one_range() -> None:
    found = spans(["motor_s", "motor_fr", "pv"], "neurons", LAYOUT)
    parts = [LAYOUT[name] for name in ("motor_s", "motor_fr", "pv")]
    assert found == ((parts[0].start, parts[1].stop), (parts[2].start, parts[2].stop))


def test_drugs_inside_cells_reach_those_of_a_region_that_have_an_inside() -> None:
    layout = tiny(hollow("sst")).layout
    pyramidal, pv, vip = (layout[name] for name in ("pyramidal", "pv", "vip"))
    assert pv.stop == vip.start  # those that have none are the last of all
    assert spans(["cortex"], "cells", layout) == (
        (pyramidal.start, pyramidal.stop), (pv.start, vip.stop),
    )  # fmt: skip


def test_only_agents_that_some_neurons_do_not_get_have_a_place() -> None:
    every = ", ".join(dict.fromkeys(p.region for p in POPULATIONS.values()))
    chosen = config(
        "agent: APV, concentration: 1 uM",
        f"agent: TTX, concentration: 1 uM, on: [{every}]",
        f"agent: FCCP, concentration: 1 uM, on: [{', '.join(POPULATIONS.keys() - {'pv', 'ia'})}]",
        "agent: NMDA, concentration: 1 uM, on: pv",
        without=("pv", "ia"),  # so FCCP is with all that have an inside
    )
    assert placed(chosen, tiny(hollow("pv", "ia")).layout) == {("neurons", "nmda")}
    assert [k for k in assemble(chosen, 1).structure if k.endswith("_placed")] == [
        "neurons_nmda_placed"
    ]


def test_names_of_places_are_as_short_as_they_can_be() -> None:
    present = [part.name for part in LAYOUT.slices]
    cortex = populations_at(["cortex"], POPULATIONS)
    assert name_of(cortex, present, POPULATIONS) == "cortex"
    assert name_of(cortex[:2], present, POPULATIONS) == "pyramidal, pv"
    assert name_of(present, present, POPULATIONS) == "all"
    assert name_of((*cortex, "ia"), present, POPULATIONS) == "cortex, ia"
    assert set(place_names(POPULATIONS)) == {"all", "cortex", "cord", "brainstem", *POPULATIONS}


def test_what_is_applied_somewhere_is_set_for_the_neurons_there() -> None:
    chosen = config(
        "agent: NMDA, concentration: 5 uM, on: cortex, until: 1 s",
        "agent: NMDA, concentration: 1 uM, on: [pv, motor_fr], from: 1 s",
    )
    assembly = assemble(chosen, 1)
    value = np.zeros(LAYOUT.neurons)
    course = {}
    for event in assembly.schedule:
        assert isinstance(event, Event)
        value[event.start : event.stop] = event.value
        course[event.tick] = value.copy()
    first, second = course.values()
    np.testing.assert_array_equal(first, 5e-3 * of_regions(LAYOUT, "cortex"))
    treated = np.zeros(LAYOUT.neurons)
    for name in ("pv", "motor_fr"):
        treated[LAYOUT[name].start : LAYOUT[name].stop] = 1e-3
    np.testing.assert_array_equal(second, treated)
    rate = assembly.fast_steps_per_second
    told = applied(assembly.schedule, columns(chosen, LAYOUT), rate)
    assert told == {
        "NMDA on pyramidal, sst, vip": ((0.0, 5e-3), (1.0, 0.0)),
        "NMDA on motor_fr": ((1.0, 1e-3),),
        "NMDA on pv": ((0.0, 5e-3), (1.0, 1e-3)),
    }


def test_a_lifespan_holds_each_neuron_at_what_is_applied_to_it() -> None:
    chosen = config(
        "agent: NMDA, concentration: 5 uM, on: cord",
        "agent: FCCP, concentration: 2 uM, on: motor_fr",
        "agent: APV, concentration: 3 uM",
        solver=True,
    )
    never = np.full(LAYOUT.neurons, NEVER)
    age = chosen.start
    now = conditions(chosen, LAYOUT, never, age, {})
    np.testing.assert_array_equal(
        now.baths["neurons"]["nmda_bath"], 5e-3 * of_regions(LAYOUT, "cord")
    )
    inside = np.zeros(LAYOUT.cells)
    inside[LAYOUT["motor_fr"].start : LAYOUT["motor_fr"].stop] = 2e-3
    np.testing.assert_array_equal(now.baths["cells"]["fccp_applied"], inside)
    assert now.baths["neurons"]["apv_bath"] == 3e-3
    assert now.baths["neurons"]["ttx_bath"] == 0.0


def test_a_lone_cell_gets_what_is_applied_to_its_population() -> None:
    chosen = config(
        "agent: NMDA, concentration: 5 uM, on: cord",
        "agent: APV, concentration: 3 uM, on: pyramidal",
        "agent: TTX, concentration: 1 uM",
    )
    assert changes_of(chosen, "motor_fr") == [
        (0.0, {"nmda_applied": 5e-3}), (0.0, {"ttx_applied": 1e-3}),
    ]  # fmt: skip
    assert {name for _, change in changes_of(chosen, "pyramidal") for name in change} == {
        "apv_applied", "ttx_applied",
    }  # fmt: skip


def test_what_follows_from_a_placed_agent_is_placed_with_it() -> None:
    models = engine_models()
    shared, each = divide(models.bath, {"ceftriaxone"})
    assert {"ceftriaxone_bath", "eaat2_induction", "eaat2_induced"} <= set(each.lines)
    assert not set(shared.lines) & set(each.lines)
    assert set(shared.lines) | set(each.lines) == set(models.bath.lines)
    assert not any("shared" in line.flags for line in each.lines.values())
    whole, nothing = divide(models.bath, set())
    assert (whole.lines, nothing.lines) == (models.bath.lines, {})
    assert "chelator" in divide(models.drugs, {"bapta"})[1].rates


def test_terminals_see_the_bath_behind_the_synapse_with_constants_of_the_cell_in_front() -> None:
    left = at_the_terminal("release_left", engine_models().neuron, {"riluzole"})
    assert "riluzole_bath_post" in names(left)
    assert {"riluzole_release_inhibition_pre", "cadmium_bath_pre"} <= names(left)
    assert not {n for n in names(left) if not n.endswith(("_pre", "_post"))}
