"""The contract of a mechanism: what it uses is declared, what it gives has the right dimension."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from unshielded import circuit, degeneration
from unshielded.mechanism import Mechanism, MechanismError, Parameter, Recorded
from unshielded.mechanism.model import join
from unshielded.model import MECHANISMS, engine_models, slow_models

G = Parameter("pump_conductance", 1.0, "nS", "of the test", "assumed", rationale="a test")
PUMP = Mechanism(
    "pump",
    "pump_current = pump_conductance*membrane_potential : amp",
    parameters=(G,),
    requires={"membrane_potential": "V"},
    contributes={"inward_current": "-pump_current"},
)


def refused(**changes: object) -> str:
    with pytest.raises(MechanismError) as caught:
        replace(PUMP, **changes)
    return str(caught.value)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"equations": "pump_current = pump_conductance*membran_potential : amp"}, "line 'pump_current'"),
        ({"contributes": {"inward_current": "-pump_curent"}}, "contribution to 'inward_current'"),
        ({"initial": {"pump_current": "pump_conductence"}}, "start of 'pump_current'"),
        ({"stiff": {"pump_curent": "1/second"}}, "stiff line 'pump_curent'"),
        ({"on_spike": "membran_potential += 1*volt"}, "on_spike 'membran_potential'"),
        ({"before_step": "x = pump_curent"}, "before_step 'x'"),
        ({"after_step": "x = pump_curent"}, "after_step 'x'"),
        ({"after_step": "since = late\nlater = 1", "requires": {"membrane_potential": "V", "later": ""}}, "after_step 'since'"),
    ],
)  # fmt: skip
def test_a_name_that_is_not_declared_is_named_with_its_place_and_the_nearest(
    changes: dict[str, object], place: str
) -> None:
    message = refused(**changes)
    assert message.startswith(f"mechanism 'pump', {place}: ")
    assert "is neither a line or parameter of its own nor in requires; did you mean " in message


def test_what_is_provided_or_recorded_must_be_there() -> None:
    assert "'pump' provides 'pump_curent'" in refused(provides={"pump_curent": "A"})
    assert "'pump' records 'x'" in refused(records=(Recorded("x", "", "nothing"),))


@pytest.mark.parametrize("name", ["t", "dt", "pump_conductance", "pump_current", "volt", "exp"])
def test_only_states_and_declared_variables_can_be_set(name: str) -> None:
    assert "only a state or a declared variable can be set" in refused(after_step=f"{name} = 1")


def test_time_and_what_a_statement_sets_need_no_declaration() -> None:
    replace(PUMP, after_step="since = t + dt\nlate = int(since > 1*second)")


def engine(mechanism: Mechanism) -> str:
    """What the engine says of a mechanism that is added to its neurons."""
    with pytest.raises(MechanismError) as caught:
        join((*circuit.NEURON, mechanism), circuit.BALANCES, circuit.NEURON_GIVEN)
    return str(caught.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"contributes": {"inward_current": "pump_conductance"}},
            "contribution to 'inward_current': 'pump_conductance' is in",
        ),
        (
            {"contributes": {"inward_curent": "-pump_current"}},
            "contributes to 'inward_curent', which is not a balance of this model; it has "
            "['calcium_current', 'excitatory_conductance', 'inhibitory_conductance', 'inward_current', 'sodium_current']; "
            "did you mean 'inward_current'?",
        ),
        (
            {"equations": "pump_current = pump_conductance + membrane_potential : amp"},
            "line 'pump_current': 'pump_conductance + membrane_potential' joins",
        ),
        (
            {"equations": "pump_current = pump_conductance*membrane_potential : volt"},
            "line 'pump_current': 'pump_conductance*membrane_potential' is in",
        ),
        (
            {"equations": f"{PUMP.equations}\ndx/dt = membrane_potential : volt"},
            "line 'x': 'membrane_potential' is in",
        ),
        ({"requires": {"membrane_potential": "A"}}, "requires 'membrane_potential' in A, but"),
        (
            {"requires": {"membrane_potential": "V", "membrane_potentil": "V"}},
            "requires 'membrane_potentil', which nothing in the model defines; did you mean "
            "'membrane_potential'?",
        ),
        ({"on_spike": "membrane_potential = 1*second"}, "on_spike 'membrane_potential'"),
        ({"equations": f"{PUMP.equations}\nx = 1 : foo"}, "'x': 'foo' is not a unit"),
        (
            {"equations": f"{PUMP.equations}\nx = 2**17 : 1"},
            "line 'x': the exponent 17 is above 16",
        ),
        (
            {"parameters": (G, replace(G, name="membrane_capacitance"))},
            "defines 'membrane_capacitance'",
        ),
    ],
)
def test_what_does_not_fit_the_engine_is_one_line_with_the_mechanism(
    changes: dict[str, object], said: str
) -> None:
    message = engine(replace(PUMP, **changes))
    assert message.startswith("mechanism 'pump'")
    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"contributes": {"added_maintenance": "lipofuscin"}},
            "contribution to 'added_maintenance'",
        ),
        ({"contributes": {"aded_maintenance": "lipofuscin"}}, "did you mean 'added_maintenance'?"),
        ({"equations": "dlipofuscin/dt = mean_ros : 1"}, "line 'lipofuscin': 'mean_ros' is in 1"),
    ],
)
def test_what_does_not_fit_the_slow_states_is_refused_before_a_lifespan(
    changes: dict[str, object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = Mechanism(
        "lipofuscin",
        "dlipofuscin/dt = mean_ros/(1*second) : 1",
        requires={"mean_ros": ""},
    )
    monkeypatch.setattr(degeneration, "CELL", (*degeneration.CELL, replace(good, **changes)))
    with pytest.raises(MechanismError) as caught:
        slow_models.__wrapped__()
    assert str(caught.value).startswith("mechanism 'lipofuscin'")
    assert said in str(caught.value)


def test_it_is_refused_at_once() -> None:
    engine_models()  # units are loaded once
    before = time.process_time()
    engine(replace(PUMP, contributes={"inward_current": "pump_conductance"}))
    assert time.process_time() - before < 5.0  # under a second on an idle core


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_a_mechanism_requires_only_what_it_uses(mechanism: Mechanism) -> None:
    used = {name for _, names, _ in mechanism._uses() for name in names}
    used |= {one.name for one in mechanism.records}
    assert set(mechanism.requires) <= used
