r"""Symbols for the names of the model: the field's own where it has one, else made from name and unit.

A quantity with a unit gets the letter of its dimension and its name as index (``pore_opening_rate`` →
:math:`k_{\text{pore opening}}`); a number without unit is its name in words. No two names share a symbol.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Final

from unshielded.mechanism.dimension import NONE, Dimension, dimension_of_unit
from unshielded.model import MECHANISMS, PARAMETERS
from unshielded.pages.places import words

#: Names for which every reader expects one symbol.
OF_THE_FIELD: Final = {
    "membrane_potential": "V",
    "membrane_capacitance": r"C_{\text{m}}",
    "mitochondrial_potential": r"\Delta\Psi",
    "calcium": r"[\text{Ca}^{2+}]",
    "matrix_calcium": r"[\text{Ca}^{2+}]_{\text{matrix}}",
    "atp": r"[\text{ATP}]",
    "adp": r"[\text{ADP}]",
    "faraday": "F",
    "avogadro": r"N_{\text{A}}",
    "t": "t",
    "dt": r"\Delta t",
}

#: Unit → letter of its dimension, and last words of a name that the letter already says.
_LETTERS: Final = {
    "V": ("V", ("potential",)),
    "A": ("I", ("current",)),
    "S": ("g", ("conductance",)),
    "F": ("C", ("capacitance",)),
    "C": ("Q", ("charge",)),
    "s": (r"\tau", ("time", "time_constant")),
    "1/s": ("k", ("rate",)),
    "1/mM/s": ("k", ("rate",)),
    "mM": ("c", ("concentration",)),
    "mM/s": ("J", ("flux",)),
    "N": ("F", ("force",)),
    "mol/kg": ("q", ()),
}

#: Last words of a concentration that is a constant, not an amount.
_CONSTANTS: Final = ("constant", "dissociation", "inhibition", "half_effect", "half_activation", "half_saturation")  # fmt: skip


@cache
def symbols() -> dict[str, str]:
    """Return name → symbol in LaTeX, for every name that the model uses."""
    units = name_units()
    short = {name: _symbol(name, unit, shorten=True) for name, unit in units.items()}
    shared = {symbol for symbol, times in Counter(short.values()).items() if times > 1}
    made = {
        name: symbol if symbol not in shared else _symbol(name, units[name], shorten=False)
        for name, symbol in short.items()
    }
    return {**made, **OF_THE_FIELD}


@cache
def name_units() -> dict[str, str]:
    """Return name → unit, as written in the files, of all that the model uses."""
    found: dict[str, str] = {}
    for mechanism in MECHANISMS:
        found |= mechanism.requires
    for mechanism in MECHANISMS:
        found |= {line.name: line.unit for line in mechanism.lines}
    return found | {name: parameter.unit for name, parameter in PARAMETERS.items()}


def shown_unit(unit: str) -> str:
    """Return a unit as a reader expects it.

    Examples
    --------
    >>> shown_unit("mmolar/second"), shown_unit("1/uM/s"), shown_unit("")
    ('mM/s', '1/µM/s', '1')
    """
    for word, short in _UNITS.items():
        unit = unit.replace(word, short)
    return unit or "1"


_UNITS: Final = {
    "mmolar": "mM",
    "second": "s",
    "volt": "V",
    "amp": "A",
    "siemens": "S",
    "coulomb": "C",
    "newton": "N",
    "hertz": "Hz",
    "mole": "mol",
    "kilogram": "kg",
    "integer": "whole number",
    "uM": "µM",
    "uV": "µV",
    "uS": "µS",
}


@cache
def _letters() -> dict[Dimension, tuple[str, tuple[str, ...]]]:
    return {dimension_of_unit(unit): letter for unit, letter in _LETTERS.items()}


def _symbol(name: str, unit: str, *, shorten: bool) -> str:
    dimension = NONE if unit == "integer" else dimension_of_unit(unit)
    letter, said = _letters().get(dimension, ("", ()))
    if letter == "c" and name.endswith(_CONSTANTS):
        letter, said = "K", _CONSTANTS
    kinetic = name not in PARAMETERS or PARAMETERS[name].kinetic
    if letter == "k" and not kinetic:  # a conductance per capacitance
        letter = ""
    if letter == r"\tau" and not (name in PARAMETERS and kinetic):  # a moment, or a duration
        letter = "t"
    if unit in ("Hz", "hertz"):
        letter = "f"
    if not letter:
        return rf"\text{{{words(name)}}}"
    if shorten:
        for word in said:
            name = name.removesuffix(f"_{word}")
    return rf"{letter}_{{\text{{{words(name)}}}}}"
