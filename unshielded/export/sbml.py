"""A lone cell as SBML Level 3 Version 2.

States are parameters with rate rules, named lines parameters with assignment rules, all in SI
with units declared. Names are those of the model. What changes with time is an event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import libsbml

from unshielded import __version__
from unshielded.export.notes import html, of_parameter, of_state
from unshielded.export.units import units as units_of_names
from unshielded.mechanism import MechanismError
from unshielded.mechanism.dimension import Dimension, dimension_of_unit
from unshielded.mechanism.expression import UNIT_WORDS, Expression
from unshielded.mechanism.targets.sbml import UNITS, at_or_after, identifier, mathematics, number
from unshielded.single_cell import Cell, Change
from unshielded.single_cell.cell import CONDITIONS
from unshielded.store.format.files import write_atomically

_LEVEL, _VERSION = 3, 2
_ABOUT = (
    "One isolated cell, without spikes: firing is a rate. All numbers are in SI units; "
    "1 mol/m3 is 1 mM.",
    "The cell dies of necrosis, of apoptosis or of proteolysis when the state of that name reaches 1. What "
    "follows from being dead is not in the equations: stop there.",
)


def to_sbml(
    cell: Cell,
    path: Path | str,
    changes: Sequence[Change] = (),
    name: str = "",
    about: Iterable[str] = (),
) -> None:
    """Write :func:`sbml` to a file, which is whole or not there.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    with write_atomically(path) as partial:
        partial.write_text(sbml(cell, changes, name, about), encoding="utf-8")


def sbml(
    cell: Cell,
    changes: Sequence[Change] = (),
    name: str = "",
    about: Iterable[str] = (),
) -> str:
    """Return a cell as an SBML document.

    Parameters
    ----------
    cell
        Its parameters and its start are those of the document.
    changes
        Conditions set at given times, as for :func:`unshielded.single_cell.solve`; those at or before
        0 are where the document starts.
    name
        Of the model; the population's if empty.
    about
        Further notes on the model, one paragraph each.

    Raises
    ------
    MechanismError
        If a change sets what is not a parameter of the cell, or a number is not finite.
    """
    later = [change for change in changes if change[0] > 0.0]
    for _time, values in changes:
        _refuse_unknown(cell, values)
    for time, values in sorted(changes, key=lambda change: change[0]):
        if time <= 0.0:
            cell = cell.given(**values)
    changing = {*CONDITIONS, *(word for _, values in later for word in values)}
    document = libsbml.SBMLDocument(_LEVEL, _VERSION)
    model = _checked(document.createModel())
    _set(model.setId(f"{cell.population}_cell"), model.setName(name or cell.population))
    _set(model.setTimeUnits("second"), model.setNotes(html(*_ABOUT, *about, _program())))
    system, units = cell.system, units_of_names()
    used = {units[n] for n in (*system.states, *system.named, *system.parameters)}
    _units(model, used | {dimension_of_unit(unit) for unit in UNIT_WORDS.values()})
    for parameter in system.parameters:
        notes = of_parameter(parameter, cell)
        constant = parameter not in changing
        _add(model, parameter, cell.values[parameter], units[parameter], notes, constant)
    for state in system.states:
        _add(model, state, cell.start[state], units[state], of_state(state))
    for line in system.named:
        _add(model, line, None, units[line])
    for line, right in system.named.items():
        _rule(model.createAssignmentRule(), line, right)
    for state, right in system.rates.items():
        _rule(model.createRateRule(), state, right)
    for place, (time, values) in enumerate(later):
        _event(model, f"change_{place + 1}", time, values, units)
    return str(libsbml.writeSBMLToString(document))


def _program() -> str:
    return f"Written by unshielded {__version__}."


def _refuse_unknown(cell: Cell, values: Mapping[str, float]) -> None:
    for name in values:
        if name not in cell.system.parameters:
            raise MechanismError(
                f"{name!r} is changed, but is not a parameter of the exported cell; "
                "expected a parameter or a held state"
            )


def _units(model: Any, used: Iterable[Dimension]) -> None:
    for unit in sorted(used):
        if identifier(unit) in ("dimensionless", *UNITS):
            continue  # SBML has a word for it
        definition = _checked(model.createUnitDefinition())
        _set(definition.setId(identifier(unit)))
        for base, power in zip(UNITS, unit, strict=True):
            if power:
                one = _checked(definition.createUnit())
                _set(one.setKind(libsbml.UnitKind_forName(base)), one.setExponent(power))
                _set(one.setScale(0), one.setMultiplier(1.0))


def _add(
    model: Any,
    name: str,
    value: float | None,
    unit: Dimension,
    notes: Iterable[str] = (),
    constant: bool = False,
) -> None:
    parameter = _checked(model.createParameter())
    _set(parameter.setId(name), parameter.setConstant(constant))
    _set(parameter.setUnits(identifier(unit)))
    if value is not None:
        if not abs(value) < float("inf"):
            raise MechanismError(f"{name} is {value}, expected a finite number")
        _set(parameter.setValue(value))
    if notes:
        _set(parameter.setNotes(html(*notes)))


def _rule(rule: Any, name: str, right: Expression) -> None:
    _set(_checked(rule).setVariable(name), rule.setMath(mathematics(right)))


def _event(
    model: Any, name: str, time: float, values: Mapping[str, float], units: Mapping[str, Dimension]
) -> None:
    event = _checked(model.createEvent())
    _set(event.setId(name), event.setUseValuesFromTriggerTime(True))
    trigger = _checked(event.createTrigger())
    _set(trigger.setPersistent(True), trigger.setInitialValue(True))
    _set(trigger.setMath(at_or_after(time)))
    for variable, value in values.items():
        assignment = _checked(event.createEventAssignment())
        _set(assignment.setVariable(variable))
        _set(assignment.setMath(number(float(value), units[variable])))


def _checked(made: Any) -> Any:
    """Refuse None, which libsbml returns for what it could not make."""
    if made is None:
        raise MechanismError("libsbml could not make an element of the document")
    return made


def _set(*codes: int) -> None:
    """Refuse what libsbml refuses: it returns a code and goes on."""
    for code in codes:
        if code != libsbml.LIBSBML_OPERATION_SUCCESS:
            why = libsbml.OperationReturnValue_toString(code)
            raise MechanismError(f"libsbml refuses a part of the document: {why}")
