"""Adding mechanisms up: the sum is right, and what does not fit is named."""

from __future__ import annotations

import numpy as np
import pytest

from unshielded.mechanism import Mechanism, MechanismError, Parameter
from unshielded.mechanism.evaluate import initial_values, rates
from unshielded.mechanism.expression import Binary, Name, Number
from unshielded.mechanism.model import Model, add_up, join
from unshielded.mechanism.targets import brian
from unshielded.mechanism.targets.infix import plain
from unshielded.model import engine_models


def number(name: str, value: float = 1.0, unit: str = "mV", **more: object) -> Parameter:
    return Parameter(name, value, unit, "", "assumed", rationale="a test", **more)  # type: ignore[arg-type]


LEAK = Mechanism(
    "leak",
    "dv/dt = current/capacitance : volt",
    parameters=(number("capacitance", 2.0, "pF"), number("g", 3.0, "nS", per_cell=True)),
    requires={"current": "A", "rest": "mV", "released": ""},
    provides={"v": "V"},
    contributes={"current": "-g*v"},
    initial={"v": "rest"},
    on_spike="v = rest\n\n  released = 1",
)
REST = Mechanism(
    "rest",
    "released : 1",
    parameters=(number("rest", -60.0, "mV"),),
    requires={"g": "nS"},
    contributes={"current": "g*rest"},
)
BALANCES = {"current": "A"}


def test_a_balance_is_the_sum_of_what_mechanisms_contribute() -> None:
    model = join((LEAK, REST), BALANCES)
    assert plain(model.named["current"]) == "-g*v + g*rest"
    assert model.states == ("v",)
    assert list(model.parameters) == ["capacitance", "g", "rest"]
    assert brian.statements(model.statements["on_spike"]) == "v = rest\nreleased = 1"
    assert "dv/dt" not in brian.declarations(model)
    assert "v : " in brian.declarations(model)
    assert "dv/dt = current/capacitance : " in brian.equations(model)


def test_a_balance_that_nothing_enters_is_zero_with_its_dimension() -> None:
    alone = Mechanism(
        "alone",
        "dv/dt = current/c : volt",
        (number("c", 1.0, "pF"),),
        requires={"current": "A"},
    )
    model = join((alone,), BALANCES)
    assert model.named["current"] == Number(0)


def test_a_gate_multiplies_every_rate_and_nothing_else() -> None:
    bare = join((LEAK, REST), BALANCES)
    gated = join((LEAK, REST), BALANCES, given={"alive": ""}, gate="alive")
    assert gated.rates["v"] == Binary("*", Name("alive"), bare.rates["v"])
    assert gated.named == bare.named


def test_what_is_given_from_outside_satisfies_a_requirement() -> None:
    needs = Mechanism("needs", "dx/dt = v/second : volt", requires={"v": "mV"})
    assert join((needs,), {}, given={"v": "V"}).states == ("x",)


def fails(*mechanisms: Mechanism, balances: dict[str, str] | None = None) -> str:
    with pytest.raises(MechanismError) as caught:
        join(mechanisms, BALANCES if balances is None else balances)
    return str(caught.value)


def test_a_missing_requirement_is_named() -> None:
    needs = Mechanism("nmda", "", requires={"glutamate": "mM"})
    assert fails(needs) == (
        "mechanism 'nmda' requires 'glutamate', which nothing in the model defines"
    )


def test_a_requirement_of_another_dimension_is_named() -> None:
    needs = Mechanism("pump", "", requires={"v": "mM"})
    message = fails(LEAK, REST, needs)
    assert message.startswith("mechanism 'pump' requires 'v' in mM, but it is defined in ")


def test_a_promise_that_is_not_kept_is_named() -> None:
    with pytest.raises(MechanismError, match="'pump' provides 'flux', which it neither defines"):
        Mechanism("pump", "", provides={"flux": "mM/s"})


def test_a_contribution_to_an_unknown_balance_is_named() -> None:
    stray = Mechanism("stray", "", contributes={"curent": "1*amp"})
    assert fails(stray) == (
        "mechanism 'stray' contributes to 'curent', which is not a balance of this model; "
        "it has ['current']; did you mean 'current'?"
    )


def test_a_parameter_declared_twice_is_named() -> None:
    other = Mechanism("other", "", (number("rest"),))
    assert fails(REST, other) == (
        "mechanism 'other' defines 'rest', which another one defines already"
    )
    with pytest.raises(MechanismError, match=r"mechanism 'twice' declares \['a'\] twice"):
        Mechanism("twice", "", (number("a"), number("a")))


def test_an_equation_defined_twice_names_the_mechanism() -> None:
    again = Mechanism("again", "v = 0*volt : volt")
    assert fails(LEAK, REST, again).startswith("mechanism 'again' defines 'v'")


@pytest.mark.parametrize("name", ["t", "dt", "volt", "exp", "i", "N"])
def test_a_name_that_means_something_else_is_named(name: str) -> None:
    with pytest.raises(MechanismError, match=f"mechanism 'clock' declares '{name}'"):
        Mechanism("clock", "", (number(name, 1.0, "s"),))


@pytest.mark.parametrize(
    "line", ["dv/dt == 3 : volt", "dv/dt : volt", "dv/dt = 3", "dv/dt = : volt", "v", "3 : 1"]
)
def test_an_equation_that_is_none_names_the_mechanism(line: str) -> None:
    with pytest.raises(MechanismError, match="mechanism 'typo': "):
        Mechanism("typo", line)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "measured", "source": "", "preparation": "cells"}, "needs a source"),
        (
            {"kind": "measured", "source": "A", "preparation": ""},
            "needs a source and a preparation",
        ),
        ({"kind": "fitted", "rationale": ""}, "needs a rationale"),
        ({"spread": 0.1}, "spread needs per_cell"),
        ({"value": 3.0, "high": 2.0}, r"3.0 is outside -inf…2.0"),
        ({"value": float("nan")}, "is outside"),
    ],
)
def test_a_parameter_without_its_evidence_is_refused(
    change: dict[str, object], message: str
) -> None:
    good = {
        "name": "a",
        "value": 1.0,
        "unit": "",
        "meaning": "",
        "kind": "assumed",
        "rationale": "r",
    }
    Parameter(**good)  # type: ignore[arg-type]
    with pytest.raises(MechanismError, match=message):
        Parameter(**{**good, **change})  # type: ignore[arg-type]


def test_the_numpy_side_reads_the_same_equations() -> None:
    known = {"capacitance": 2.0, "g": np.array([1.0, 3.0]), "rest": -60.0}
    model = add_up((LEAK, REST), BALANCES)
    found = rates(model, ("v",))(np.array([[-50.0, -70.0]]), known)
    np.testing.assert_allclose(found, [[-5.0, 15.0]])
    assert initial_values(known, model)["v"] == -60.0


def test_a_circular_definition_is_named() -> None:
    circle = Mechanism("circle", "a = b : 1\nb = a : 1")
    with pytest.raises(MechanismError, match=r"(a → b → a|b → a → b): defined by itself"):
        add_up([circle], {})


def test_every_model_joins() -> None:
    for model in engine_models():
        assert isinstance(model, Model)
        assert model.states or model.statements["after_step"]
