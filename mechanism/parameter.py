"""A number of the model with everything that a reader needs to judge it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.evidence import Kind
from unshielded.mechanism.temperature import BODY, Q10, Scaling, absolute, scaling_of_unit
from unshielded.mechanism.units import factor


@dataclass(frozen=True)
class Parameter:
    """One number: value, unit, meaning, source, kind of evidence and preparation.

    Attributes
    ----------
    name
        The field's standard term, unique in the whole model.
    value, unit
        The default, in `unit` (pint syntax; empty for dimensionless).
    meaning
        What it is, in a phrase.
    kind
        ``measured`` (in `preparation`), ``fitted`` (to what `rationale` says) or ``assumed``
        (for the reason that `rationale` gives).
    source
        Key into ``references.bib``. Only an assumed or fitted number may have none.
    per_cell
        False: one value for the whole model. True: one value per neuron, so that populations
        may differ and `spread` may apply.
    spread
        Coefficient of variation between the cells of a population (log-normal, cut at two standard
        deviations).
    low, high
        The range accepted from a config, in `unit`.
    temperature
        °C at which `value` holds.
    scales
        What it does with temperature; None: what its unit says, see
        :func:`unshielded.mechanism.temperature.scaling_of_unit`. ``fixed`` is for times and rates that are
        not kinetic, such as the duration of a command.
    q10
        Of its process; None: that of its mechanism.
    """

    name: str
    value: float
    unit: str
    meaning: str
    kind: Kind
    source: str = ""
    preparation: str = ""
    rationale: str = ""
    per_cell: bool = False
    spread: float = 0.0
    low: float = float("-inf")
    high: float = float("inf")
    temperature: float = BODY
    scales: Scaling | None = None
    q10: Q10 | None = None

    def __post_init__(self) -> None:
        if self.kind == "measured" and not (self.source and self.preparation):
            raise MechanismError(f"{self.name}: a measured number needs a source and a preparation")
        if self.kind != "measured" and not self.rationale:
            raise MechanismError(f"{self.name}: a number that is {self.kind} needs a rationale")
        if self.spread and not self.per_cell:
            raise MechanismError(f"{self.name}: spread needs per_cell")
        if not self.low <= self.value <= self.high:
            raise MechanismError(f"{self.name}: {self.value} is outside {self.low}…{self.high}")
        if self.q10 is not None and not self.kinetic:
            raise MechanismError(
                f"{self.name}: a Q10 needs a number that scales with it, expected scales='rate' or 'time'"
            )

    @property
    def si(self) -> float:
        """The value in SI units."""
        return self.value * factor(self.unit)

    @property
    def scaling(self) -> Scaling:
        """What it does with temperature."""
        return self.scales or scaling_of_unit(self.unit)

    @property
    def kinetic(self) -> bool:
        """Whether it scales with a Q10."""
        return self.scaling in ("rate", "time")

    def needs_q10(self, celsius: float) -> bool:
        """Whether it cannot be told at a temperature in °C for want of a Q10."""
        return self.kinetic and self.q10 is None and celsius != self.temperature

    def factor(self, celsius: float) -> float:
        """Return by what its value is multiplied at a temperature in °C; 1 at its own.

        Raises
        ------
        MechanismError
            If it is kinetic and has no Q10, and the temperature is not its own.
        """
        if celsius == self.temperature or self.scaling == "fixed":
            return 1.0
        if self.scaling == "absolute":
            return absolute(self.temperature, celsius)
        if self.q10 is None:
            raise MechanismError(
                f"{self.name} holds at {self.temperature:g} °C and has no Q10 to tell it at "
                f"{celsius:g} °C; give its mechanism a q10, or scales='fixed' to what is not kinetic"
            )
        change = self.q10.factor(self.temperature, celsius)
        return change if self.scaling == "rate" else 1.0 / change

    def at(self, celsius: float) -> float:
        """Return the value at a temperature in °C, in SI units."""
        return self.si * self.factor(celsius)

    def like(self, other: Parameter) -> Parameter:
        """Return this number with the way in which another one of its name scales.

        A population has numbers of its own; which process they belong to, its mechanism says.
        """
        return replace(self, scales=other.scaling, q10=other.q10)
