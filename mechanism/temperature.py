"""How numbers change with temperature: a Q10 for what is kinetic, and which way it acts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.evidence import Kind
from unshielded.mechanism.units import si_exponents

#: What a number does when the temperature rises. ``rate``: it grows by the Q10. ``time``: it shrinks by the
#: Q10. ``absolute``: it is proportional to the absolute temperature. ``fixed``: nothing.
Scaling = Literal["rate", "time", "absolute", "fixed"]

#: °C at which a number holds unless it says otherwise: that of a mammal.
BODY: Final = 37.0
_ZERO_CELSIUS: Final = 273.15

#: A volt in base units. A rate per volt (a proton leak) is still a rate.
_VOLT: Final = si_exponents("V")
_CURRENT, _MASS, _TIME = "[current]", "[mass]", "[time]"


@dataclass(frozen=True)
class Q10:
    """By how much a process is faster at a temperature that is 10 °C higher.

    Attributes
    ----------
    value
        The factor; above 0.
    kind
        ``measured``, ``fitted`` or ``assumed``, as of a :class:`Parameter`.
    source
        Key into ``references.bib``. Only an assumed or fitted one may have none.
    rationale
        The preparation in which it was measured, or why it is assumed.

    Raises
    ------
    MechanismError
        If it is not above 0, or does not say where it comes from.

    Examples
    --------
    >>> Q10(2.0, "assumed", rationale="an example").factor(17.0, 37.0)
    4.0
    """

    value: float
    kind: Kind
    source: str = ""
    rationale: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.value < float("inf"):
            raise MechanismError(f"a Q10 of {self.value} is not above 0; expected 2 to 3")
        if self.kind == "measured" and not self.source:
            raise MechanismError(f"the measured Q10 of {self.value:g} needs a source")
        if not self.rationale:
            what = "the preparation" if self.kind == "measured" else "why"
            raise MechanismError(f"the {self.kind} Q10 of {self.value:g} needs a rationale: {what}")

    def factor(self, since: float, celsius: float) -> float:
        """Return by how much a rate changes between two temperatures in °C."""
        factor: float = self.value ** ((celsius - since) / 10.0)
        return factor


@cache
def scaling_of_unit(unit: str) -> Scaling:
    """Return what a number of this unit does with temperature, as far as the unit says.

    A rate is something per time (``1/s``, ``mM/s``, ``1/uM/s``, ``mM/s/mV``), a time is a time alone.
    Charges, currents, conductances, capacitances and forces contain seconds and are not kinetic.

    Examples
    --------
    >>> [scaling_of_unit(unit) for unit in ("1/uM/s", "mM/s/mV", "nmol/mg/min", "ms", "nS", "")]
    ['rate', 'rate', 'rate', 'time', 'fixed', 'fixed']
    """
    exponents = si_exponents(unit)
    volts = (
        exponents.get(_MASS, 0) if _CURRENT in exponents else 0
    )  # mg of protein is not a voltage
    left = {
        name: power
        for name in {*exponents, *_VOLT}
        if (power := exponents.get(name, 0) - volts * _VOLT.get(name, 0))
    }
    if _CURRENT in left:
        return "fixed"
    if left.get(_TIME, 0) == -1:
        return "rate"
    return "time" if left == {_TIME: 1} else "fixed"


def absolute(since: float, celsius: float) -> float:
    """Return the ratio of two temperatures in °C, as absolute ones."""
    return (celsius + _ZERO_CELSIUS) / (since + _ZERO_CELSIUS)
