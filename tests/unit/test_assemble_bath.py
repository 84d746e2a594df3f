"""From the bath and the culture of a config to what the engine is given."""

from __future__ import annotations

import numpy as np
import pytest

from tests.dish import dish
from tests.physics.engine import tiny
from unshielded import circuit
from unshielded.assemble import Event
from unshielded.assemble.schedule import BathColumn, applied
from unshielded.mechanism import MechanismError


def test_without_a_bath_nothing_is_scheduled() -> None:
    assert dish().schedule == ()


def test_an_entry_is_set_at_its_start_and_taken_back_at_its_end() -> None:
    bath = (
        "bath=[{agent: FCCP, concentration: 300 nM, from: 2 s, until: 3 s}, "
        "{agent: MK-801, concentration: 10 uM}, "
        "{agent: glutamate, concentration: 100 uM, from: 0.1 s, until: 4 s}]"
    )
    assert dish((bath,)).schedule == (
        Event(0, "neurons", "mk801_applied", 0.01),
        # 0.1 s is 51.2 slow steps of 16 fast ones; the end of the run is no change.
        Event(51 * 16, "neurons", "glutamate_applied", 0.1),
        Event(2 * 8192, "cells", "fccp_applied", 3e-4),
        Event(3 * 8192, "cells", "fccp_applied", 0.0),
    )


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_starts_at_the_end_of_another_replaces_it(order: tuple[int, int]) -> None:
    entries = (
        "{agent: APV, concentration: 1 mM, until: 1 s}",
        "{agent: APV, concentration: 2 mM, from: 1 s, until: 2 s}",
    )
    events = dish((f"bath=[{', '.join(entries[place] for place in order)}]",)).schedule
    assert [(e.tick, e.value) for e in events] == [(0, 1.0), (8192, 2.0), (16384, 0.0)]
    assert applied(events, [BathColumn("APV", "neurons", "apv_applied")], 8192) == {
        "APV": ((0.0, 1.0), (1.0, 2.0), (2.0, 0.0))
    }


def test_an_agent_inside_cells_needs_cells() -> None:
    bath = ("bath=[{agent: Ru360, concentration: 1 uM}]",)
    assert [e.variable for e in tiny(bath).schedule] == ["ru360_applied"]


def test_nothing_drives_a_culture() -> None:
    assembly = dish()
    assert assembly.layout.cells == assembly.layout.neurons == 8
    for name in ("background_rate", "command_rate"):
        np.testing.assert_array_equal(assembly.neurons[name], np.zeros(8))
    assert assembly.neurons["command_level"] == 0.0
    assert {len(s.sources) for s in assembly.synapses.values()} == {0}
    assert np.max(tiny().neurons["background_rate"]) > 0


def test_a_class_keeps_its_parameters_in_a_culture() -> None:
    own = "circuit.populations.motor_fr.parameters.buffer_capacity=80"
    varied = dish((own, "circuit.heterogeneity=0"))
    capacity = np.asarray(varied.cells["buffer_capacity"])
    motor = varied.layout["motor_fr"]
    np.testing.assert_array_equal(capacity[motor.start : motor.stop], 80.0)
    assert np.all(capacity[varied.layout["oculomotor"].start :] != 80.0)


def test_an_agent_without_a_concentration_is_an_error_before_anything_compiles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from unshielded.model import engine_models

    monkeypatch.setattr(circuit, "AGENTS", {**circuit.AGENTS, "water": "water"})
    with pytest.raises(MechanismError, match="the agent 'water' has no variable 'water_applied'"):
        engine_models.__wrapped__()
