"""What a reader of an exported model must know about each of its numbers, in words."""

from __future__ import annotations

import re
from html import escape

from unshielded import calcium, circuit
from unshielded.circuit.populations import POPULATIONS
from unshielded.mechanism import Parameter
from unshielded.preparations import PREPARATIONS
from unshielded.single_cell import Cell

_CATALOGUE = {**circuit.PARAMETERS, **calcium.PARAMETERS}
_RECORDED = {**calcium.RECORDED, **circuit.RECORDED}

#: Numbers of a lone cell that no mechanism has as a parameter.
_OTHERS = {
    "imposed_firing_rate": "condition: firing rate of the cell; what a spike lets in and costs "
    "is spread over time",
    "imposed_releases": "condition: rate of glutamate releases of unit size onto the cell",
    "alive": "condition: 1 while the cell lives",
    "calcium_leak": "constant: balances extrusion at the resting calcium",
    "pump_maximum_rate": "constant: the pump balances leak and exchanger at rest",
    "sodium_leak": "constant: share of sodium in the leak conductance, from the resting potential",
    "potassium_leak": "constant: share of potassium in the leak conductance, from the resting "
    "potential",
    "ahp_conductance": "constant: after-hyperpolarisation, which only spikes raise",
    "slow_inactivation": "constant: sodium channels that only spikes take away",
}


def html(*paragraphs: str) -> str:
    """Return notes as SBML wants them."""
    inside = "".join(f"<p>{escape(p, quote=False)}</p>" for p in paragraphs if p)
    return f'<body xmlns="http://www.w3.org/1999/xhtml">{inside}</body>'


def of_parameter(name: str, cell: Cell) -> tuple[str, ...]:
    """Say what a parameter is and where its value comes from.

    Returns
    -------
    tuple of str
        Meaning, kind, source, and preparation or rationale. A value that is neither the
        population's nor the model's is called given: its evidence is not the model's.
    """
    parameter = _CATALOGUE.get(name)
    if parameter is None:
        return (_other(name),)
    here = PREPARATIONS[cell.preparation]
    own = POPULATIONS[cell.population].parameters.get(name)
    for found, of in (
        (here.numbers.get(name), f" (preparation {here.name})"),
        (own, f" (population {cell.population})"),
        (parameter, ""),
    ):
        if found is None:
            continue
        number = found.like(parameter)
        if cell.values[name] == number.at(here.temperature):
            told = _told(number, here.temperature)
            return (f"meaning: {parameter.meaning}", *_evidence(number, of), told)
    default = own or parameter
    unit = f" {parameter.unit}" if parameter.unit else ""
    return (
        f"meaning: {parameter.meaning}",
        f"kind: given; the model's own value is {default.value:g}{unit}",
    )


def _told(number: Parameter, celsius: float) -> str:
    """Say from which temperature a number was told; nothing at its own."""
    factor = number.factor(celsius)
    if factor == 1.0:
        return ""
    unit = f" {number.unit}" if number.unit else ""
    return (
        f"temperature: {number.value:g}{unit} at {number.temperature:g} °C, times {factor:.4g} at "
        f"{celsius:g} °C"
    )


def of_state(name: str) -> tuple[str, ...]:
    """Say what a state is, as far as its name does not."""
    meaning = _RECORDED[name][1] if name in _RECORDED else name.replace("_", " ")
    return (f"state: {meaning}",)


def _evidence(parameter: Parameter, of: str) -> tuple[str, ...]:
    return (
        f"kind: {parameter.kind}{of}",
        f"source: {parameter.source}" if parameter.source else "",
        f"preparation: {parameter.preparation}" if parameter.preparation else "",
        f"rationale: {parameter.rationale}" if parameter.rationale else "",
    )


def _other(name: str) -> str:
    if name in _OTHERS:
        return _OTHERS[name]
    agents = {**circuit.AGENTS, **calcium.AGENTS}
    stems = {stem: agent for agent, stem in agents.items()}
    applied = re.fullmatch(r"(\w+)_applied", name)
    if applied and applied[1] in stems:
        return f"condition: concentration of {stems[applied[1]]} in what flows into the bath"
    return f"held: {name.replace('_', ' ')} is kept at this value"
