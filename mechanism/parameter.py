"""A number of the model with everything that a reader needs to judge it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.units import factor

Kind = Literal["measured", "fitted", "assumed"]


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

    def __post_init__(self) -> None:
        if self.kind == "measured" and not (self.source and self.preparation):
            raise MechanismError(f"{self.name}: a measured number needs a source and a preparation")
        if self.kind != "measured" and not self.rationale:
            raise MechanismError(f"{self.name}: a number that is {self.kind} needs a rationale")
        if self.spread and not self.per_cell:
            raise MechanismError(f"{self.name}: spread needs per_cell")
        if not self.low <= self.value <= self.high:
            raise MechanismError(f"{self.name}: {self.value} is outside {self.low}…{self.high}")

    @property
    def si(self) -> float:
        """The value in SI units."""
        return self.value * factor(self.unit)
