"""A lone cell as SBML, read again with libsbml, and the command that writes it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import libsbml
import pytest

from unshielded.cli.main import main
from unshielded.export import sbml
from unshielded.export.units import units as units_of_names
from unshielded.mechanism import MechanismError
from unshielded.mechanism.dimension import dimension_of_unit
from unshielded.mechanism.expression import names, parse
from unshielded.mechanism.targets.sbml import identifier, mathematics
from unshielded.single_cell import Cell, cell

CONFIG = """
name: exported
description: three cells & a bath
duration: 60 s
culture: {motor_fr: 3}
circuit: {populations: {motor_fr: {parameters: {buffer_capacity: 80}}}}
parameters: {ambient_glutamate: 0.03 uM}
glutamate: {eaat2: 0.5}
bath:
  - {agent: glutamate, concentration: 100 uM, from: 10 s, until: 20 s}
  - {agent: oligomycin, concentration: 1 uM}
"""

#: libsbml writes 15 significant digits.
DIGITS = 1e-14


def read(text: str) -> Any:
    """A document; its parts live as long as it is kept."""
    document = libsbml.readSBMLFromString(text)
    assert document.getNumErrors() == 0
    return document


def complaints(document: Any) -> list[str]:
    """Everything that libsbml has to say, warnings and units included."""
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, True)
    document.checkConsistency()
    return [document.getError(k).getMessage() for k in range(document.getNumErrors())]


def value(document: Any, name: str) -> float:
    return float(document.getModel().getParameter(name).getValue())


@pytest.fixture(scope="module")
def motor() -> Cell:
    return cell("motor_fr")


@pytest.fixture(scope="module")
def exported(motor: Cell) -> str:
    return sbml(motor, [(2.0, {"glutamate_applied": 0.1}), (3.0, {"imposed_firing_rate": 20.0})])


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "exported.yaml"
    path.write_text(CONFIG)
    return str(path)


def test_libsbml_finds_nothing_wrong_not_even_a_unit(exported: str) -> None:
    assert complaints(read(exported)) == []


def test_a_wrong_unit_would_be_found(exported: str) -> None:
    document = read(exported)
    document.getModel().getParameter("extrusion_rate").setUnits("second")
    found = complaints(document)
    assert len(found) == 2  # of the two fluxes that it enters
    assert all("units declared for that parameter" in line for line in found)


@pytest.mark.parametrize("population", ["pyramidal", "pv"])
def test_every_population_can_be_exported(population: str) -> None:
    held = cell(population, held=("membrane_potential",))
    document = read(sbml(held))
    assert complaints(document) == []
    potential = document.getModel().getParameter("membrane_potential")
    assert potential.getConstant()
    assert potential.getValue() == pytest.approx(held.values["membrane_potential"], rel=DIGITS)


def test_names_values_rules_and_their_order_are_the_cells(motor: Cell, exported: str) -> None:
    document = read(exported)
    model = document.getModel()
    system = motor.system
    assert {p.getId() for p in model.getListOfParameters()} == {
        *system.parameters,
        *system.states,
        *system.named,
    }
    for name in system.parameters:
        assert value(document, name) == pytest.approx(motor.values[name], rel=DIGITS, abs=0)
    for name in system.states:
        assert value(document, name) == pytest.approx(motor.start[name], rel=DIGITS, abs=0)
    rules = list(model.getListOfRules())
    assert [r.getVariable() for r in rules if r.isAssignment()] == list(system.named)
    assert [r.getVariable() for r in rules if r.isRate()] == list(system.states)


def test_every_name_of_a_cell_has_a_unit(motor: Cell) -> None:
    units = units_of_names()
    used = {n for right in motor.system.named.values() for n in names(right)}
    assert {*motor.system.parameters, *motor.system.states, *used} <= set(units)
    assert units["calcium"] == dimension_of_unit("mM")
    assert units["membrane_potential"] == dimension_of_unit("V")
    assert identifier(units["imposed_firing_rate"]) == "one_per_second"


def test_a_parameter_says_what_it_is_and_where_it_comes_from(exported: str) -> None:
    document = read(exported)
    model = document.getModel()
    constant = model.getParameter("mcu_translocation_constant").getNotesString()
    for part in ("meaning: ", "kind: measured", "source: Cortassa2006", "preparation: cardiac"):
        assert part in constant
    capacity = model.getParameter("buffer_capacity").getNotesString()
    assert "source: Palecek1999" in capacity
    assert "population motor_fr" in capacity
    assert "rationale: " in model.getParameter("uptake_half_saturation").getNotesString()
    for parameter in model.getListOfParameters():
        is_line = model.getAssignmentRuleByVariable(parameter.getId()) is not None
        assert is_line or parameter.isSetNotes(), parameter.getId()


def test_a_given_value_does_not_borrow_the_models_evidence() -> None:
    changed = cell("motor_fr", {"buffer_capacity": 81.0})
    document = read(sbml(changed))
    notes = document.getModel().getParameter("buffer_capacity").getNotesString()
    assert "kind: given; the model" in notes
    assert "Palecek1999" not in notes


def test_changes_are_events_and_what_holds_from_the_start_is_a_value(motor: Cell) -> None:
    document = read(
        sbml(motor, [(5.0, {"nmda_applied": 0.0}), (0.0, {"nmda_applied": 0.2, "eaat2": 0.5})])
    )
    model = document.getModel()
    assert value(document, "nmda_applied") == 0.2
    assert value(document, "eaat2") == 0.5
    assert model.getNumEvents() == 1
    event = model.getEvent(0)
    assert libsbml.formulaToL3String(event.getTrigger().getMath()) == "time >= 5 second"
    assert event.getTrigger().getInitialValue()
    assert [a.getVariable() for a in event.getListOfEventAssignments()] == ["nmda_applied"]
    assert not model.getParameter("nmda_applied").getConstant()
    assert model.getParameter("extrusion_rate").getConstant()
    assert complaints(document) == []


def test_a_parameter_that_changes_is_not_constant(motor: Cell) -> None:
    document = read(sbml(motor, [(5.0, {"extrusion_rate": 10.0})]))
    assert not document.getModel().getParameter("extrusion_rate").getConstant()
    assert complaints(document) == []


@pytest.mark.parametrize("name", ["calcium", "glutamate"])
def test_what_is_no_parameter_cannot_be_changed(name: str, motor: Cell) -> None:
    with pytest.raises(MechanismError, match=f"'{name}' is changed, but is not a parameter"):
        sbml(motor, [(1.0, {name: 1.0})])


def test_a_value_that_is_not_finite_is_refused(motor: Cell) -> None:
    with pytest.raises(MechanismError, match="extrusion_rate is inf, expected a finite number"):
        sbml(motor.given(extrusion_rate=float("inf")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b*c", "a + b * c"),
        ("-a/(b - c)", "-a / (b - c)"),
        ("(1 + a)**3", "(1 dimensionless + a)^3 dimensionless"),
        ("exp(-2.8*log(a))", "exp(-(2.8 dimensionless) * ln(a))"),
        ("clip(a, 0, inf)", "max(0 dimensionless, a)"),
        ("clip(a, b, c)", "min(c, max(b, a))"),
        ("0/second", "0 dimensionless / 1 second"),
        ("0 + a", "a"),
        ("a/1.0", "a"),
        ("1/a", "1 dimensionless / a"),
    ],
)
def test_expressions_are_translated(text: str, expected: str) -> None:
    def plain(formula: str) -> str:
        return formula.replace(" ", "").replace("(2.8dimensionless)", "2.8dimensionless")

    found = libsbml.formulaToL3String(mathematics(parse(text)))
    assert plain(found) == plain(expected)


def test_a_root_has_nothing_to_take_below_zero() -> None:
    found = libsbml.formulaToL3String(mathematics(parse("sqrt(a)")))
    assert found == "root(max(a, 0 dimensionless * a))"


@pytest.mark.parametrize("text", ["a if b else c", "f(a)", "a @ b", "clip(a, b)", "'a'", "a < b"])
def test_what_no_equation_may_hold_is_refused(text: str) -> None:
    with pytest.raises(
        MechanismError,
        match=r"has no translation to SBML|is not part of the language|no function|takes 3 arguments",
    ):
        mathematics(parse(text))


def test_the_command_writes_the_configs_cell(config: str, tmp_path: Path) -> None:
    out = tmp_path / "new" / "motor.xml"
    assert main(["export", config, "--to", "sbml", "--class", "motor_fr", "--out", str(out)]) == 0
    document = read(out.read_text())
    assert complaints(document) == []
    assert value(document, "buffer_capacity") == 80
    assert value(document, "ambient_glutamate") == pytest.approx(3e-5, rel=DIGITS)
    assert value(document, "perisynaptic_glutamate") == pytest.approx(3e-5, rel=DIGITS)
    assert value(document, "eaat2") == 0.5
    assert value(document, "oligomycin_applied") == pytest.approx(1e-3, rel=DIGITS)
    model = document.getModel()
    triggers = [
        libsbml.formulaToL3String(e.getTrigger().getMath()) for e in model.getListOfEvents()
    ]
    assert triggers == ["time >= 10 second", "time >= 20 second"]
    assert "three cells &amp; a bath" in model.getNotesString()
    assert not list(out.parent.glob("*.partial"))


def test_the_command_prints_without_out(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = main(["export", config, "--class", "pyramidal", "--held", "membrane_potential"])
    captured = capsys.readouterr()
    assert done == 0
    assert captured.err == ""
    document = read(captured.out)
    model = document.getModel()
    assert model.getParameter("membrane_potential").getConstant()
    assert model.getRateRule("membrane_potential") is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--class", "purkinje"], "there is no class 'purkinje', expected one of pyramidal,"),
        (["--class", "motor_fr", "--held", "membran"], "such as 'membrane_potential'"),
        (["--class", "motor_fr", "--to", "neuroml"], "--to"),
    ],
)
def test_what_the_command_does_not_know_is_named(
    arguments: list[str], said: str, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", config, *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err


def test_a_missing_libsbml_is_named_with_the_remedy(
    config: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [n for n in sys.modules if n.startswith("unshielded.export")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "libsbml", None)
    assert main(["export", config, "--class", "motor_fr"]) == 2
    assert "pip install 'unshielded[sbml]'" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", config, "--class", "motor_fr", "--out", str(tmp_path)]) == 4
    assert str(tmp_path) in capsys.readouterr().err
