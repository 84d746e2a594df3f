"""A mechanism: a few equations, their numbers, and the balances they enter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.parameter import Parameter


@dataclass(frozen=True)
class Mechanism:
    """One piece of physics that can be added to a model.

    Attributes
    ----------
    name
        The concept; also the file's name.
    equations
        Brian2 equation lines (differential equations and subexpressions) of what this
        mechanism provides. Parameters are declared by `parameters`, not here.
    parameters
        Its numbers.
    requires, provides
        Variable → unit. What it reads from other mechanisms, what it offers to them.
    contributes
        Balance → signed term. A balance is a sum over all mechanisms of a model (membrane
        current, cytosolic calcium flux, ATP use…) written out by
        :func:`unshielded.mechanism.join.join`.
    initial
        State variable → Brian2 expression of its value at the start, in terms of parameters.
    on_spike
        Statements executed when the neuron fires.
    before_step, after_step
        Statements executed around each slow step: taking what the fast clock collected,
        handing back what it needs.
    """

    name: str
    equations: str
    parameters: tuple[Parameter, ...] = ()
    requires: Mapping[str, str] = field(default_factory=dict)
    provides: Mapping[str, str] = field(default_factory=dict)
    contributes: Mapping[str, str] = field(default_factory=dict)
    initial: Mapping[str, str] = field(default_factory=dict)
    on_spike: str = ""
    before_step: str = ""
    after_step: str = ""

    def __post_init__(self) -> None:
        names = [p.name for p in self.parameters]
        twice = {n for n in names if names.count(n) > 1}
        if twice:
            raise MechanismError(f"mechanism {self.name!r} declares {sorted(twice)} twice")

    @property
    def citations(self) -> frozenset[str]:
        """The bib keys behind its parameters."""
        return frozenset(p.source for p in self.parameters if p.source)
