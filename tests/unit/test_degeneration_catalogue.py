"""The slow mechanisms fit together, their numbers are sourced, and they name what the engine has."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.physics.slow_cell import REST
from unshielded import bibliography, calcium, circuit, degeneration
from unshielded.mechanism import Parameter, dimensionality
from unshielded.mechanism.dimension import dimension_of_unit
from unshielded.mechanism.evaluate import evaluate, initial_values
from unshielded.mechanism.expression import names, parse
from unshielded.mechanism.model import add_up, join

MECHANISMS = (*degeneration.CELL, *degeneration.TISSUE)
ENGINE = {**circuit.PARAMETERS, **calcium.PARAMETERS}
GIVEN = {**degeneration.LOADS, **degeneration.POOL}
CELL = join(degeneration.CELL, degeneration.BALANCES, given=GIVEN)
TISSUE = join(degeneration.TISSUE, {}, given=degeneration.TISSUE_LOADS)


def test_names_are_unique_over_all_rooms() -> None:
    parameters = Counter(p.name for m in MECHANISMS for p in m.parameters)
    assert [name for name, times in parameters.items() if times > 1] == []
    assert set(parameters) == set(degeneration.PARAMETERS)
    assert set(parameters).isdisjoint(ENGINE)
    assert Counter(m.name for m in MECHANISMS).most_common(1)[0][1] == 1
    assert set(CELL.states).isdisjoint(TISSUE.states)


@pytest.mark.parametrize("parameter", degeneration.PARAMETERS.values(), ids=lambda p: p.name)
def test_a_number_has_its_evidence_and_a_range(parameter: Parameter) -> None:
    if parameter.source:
        assert parameter.source in bibliography.known()
    note = parameter.preparation if parameter.kind == "measured" else parameter.rationale
    assert len(note) > 5
    assert len(parameter.meaning) > 3
    assert dimensionality(parameter.unit)
    assert float("-inf") < parameter.low <= parameter.value <= parameter.high < float("inf")


def test_every_load_is_used() -> None:
    for mechanisms, offered in (
        (degeneration.CELL, GIVEN),
        (degeneration.TISSUE, degeneration.TISSUE_LOADS),
    ):
        assert set(offered) <= {name for m in mechanisms for name in m.requires}


@pytest.mark.parametrize(
    "name", [*degeneration.FACTORS, *degeneration.ADDED, *degeneration.TISSUE_FACTORS]
)
def test_what_is_acted_on_is_a_parameter_of_the_engine(name: str) -> None:
    assert name in ENGINE


def test_what_differs_from_cell_to_cell_can_in_the_engine() -> None:
    assert all(ENGINE[name].per_cell for name in (*degeneration.FACTORS, *degeneration.ADDED))


@pytest.mark.parametrize(
    ("expressions", "known"),
    [
        ({**degeneration.FACTORS, **degeneration.ADDED}, {*CELL.dimensions}),
        (degeneration.TISSUE_FACTORS, {*TISSUE.dimensions}),
    ],
)
def test_factors_use_what_there_is(expressions: dict[str, str], known: set[str]) -> None:
    assert {n for text in expressions.values() for n in names(parse(text))} <= known


def test_what_is_added_has_the_parameters_dimension() -> None:
    for name, text in degeneration.ADDED.items():
        assert CELL.dimensions[text] == dimension_of_unit(ENGINE[name].unit)


def test_what_is_recorded_exists_with_its_dimension() -> None:
    defined = {**CELL.dimensions, **TISSUE.dimensions}
    assert set(degeneration.RECORDED).isdisjoint({**circuit.RECORDED, **calcium.RECORDED})
    for name, (unit, meaning) in degeneration.RECORDED.items():
        assert defined[name] == dimension_of_unit(unit), name
        assert len(meaning) > 3
    assert {*CELL.states, *TISSUE.states} <= set(degeneration.RECORDED)


def test_a_healthy_young_start_changes_nothing_in_the_engine() -> None:
    for mechanisms, balances, factors in (
        (degeneration.CELL, degeneration.BALANCES, degeneration.FACTORS),
        (degeneration.TISSUE, {}, degeneration.TISSUE_FACTORS),
    ):
        known = {**{n: p.si for n, p in degeneration.PARAMETERS.items()}, **REST}
        values = initial_values(known, add_up(mechanisms, balances))
        for name, text in factors.items():
            found = evaluate(parse(text), values)
            assert found == 1.0, name  # exactly: the engine's results must not change
        for name, text in degeneration.ADDED.items() if factors is degeneration.FACTORS else ():
            assert values[text] == 0.0, name


def test_the_reference_atp_is_the_models_at_rest() -> None:
    mine, engines = degeneration.PARAMETERS["reference_atp"], calcium.PARAMETERS["resting_atp"]
    assert mine.si == engines.si
