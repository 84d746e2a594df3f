"""Which unit each name of a lone cell has, in powers of the SI base units."""

from __future__ import annotations

from functools import cache

from unshielded.engine.network import baths, models
from unshielded.mechanism.join import brian_dimension

#: Powers of metre, kilogram, second, ampere, kelvin, mole, candela.
Powers = tuple[int, ...]

BASE_UNITS = ("metre", "kilogram", "second", "ampere", "kelvin", "mole", "candela")
NO_UNIT: Powers = (0,) * len(BASE_UNITS)

#: Of the lone cell only: no mechanism declares these.
_OF_THE_LONE_CELL = {"imposed_discharge": "Hz", "imposed_releases": "Hz", "dt": "s"}

#: Unit words that may stand in an equation, and what they are.
WORDS = {"volt": "V", "second": "s", "mmolar": "mM", "siemens": "S", "amp": "A", "coulomb": "C"}


@cache
def powers() -> dict[str, Powers]:
    """Return name → unit for every state, named line and parameter of the model.

    They are those that :func:`unshielded.mechanism.join.join` has checked.
    """
    found: dict[str, Powers] = {}
    for model in (*models(), *baths()):
        found |= {name: _powers(dimension) for name, dimension in model.variables.items()}
    return found | {name: of_unit(unit) for name, unit in _OF_THE_LONE_CELL.items()}


def of_unit(unit: str) -> Powers:
    """Return the powers of a unit such as ``"mM/s"``.

    Examples
    --------
    >>> of_unit("mM")
    (-3, 0, 0, 0, 0, 1, 0)
    """
    return _powers(brian_dimension(unit))


@cache
def of_word(word: str) -> Powers | None:
    """Return the powers of a unit word in an equation (``volt``); None if it is not a unit word."""
    return of_unit(WORDS[word]) if word in WORDS else None


def identifier(unit: Powers) -> str:
    """Name a unit.

    Examples
    --------
    >>> identifier(of_unit("mM/s")), identifier(NO_UNIT)
    ('mole_per_metre3_second', 'dimensionless')
    """
    pairs = tuple(zip(BASE_UNITS, unit, strict=True))
    above = "_".join(f"{name}{power if power > 1 else ''}" for name, power in pairs if power > 0)
    below = "_".join(f"{name}{-power if power < -1 else ''}" for name, power in pairs if power < 0)
    if not above and not below:
        return "dimensionless"
    return f"{above or 'one'}_per_{below}" if below else above


def _powers(dimension: object) -> Powers:
    return tuple(round(power) for power in dimension._dims)  # type: ignore[attr-defined]
