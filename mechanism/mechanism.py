"""A mechanism: a few equations, their numbers, and the balances they enter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from unshielded.mechanism.equation import Equation, Statement, parse_equations, parse_statements
from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.expression import (
    CLOCK,
    FUNCTIONS,
    UNIT_WORDS,
    Expression,
    names,
    nearest,
    parse,
)
from unshielded.mechanism.parameter import Parameter
from unshielded.mechanism.temperature import BODY, Q10

#: Names that mean something to Brian2.
_RESERVED = ("i", "j", "N", "pi", "e", "inf")


@dataclass(frozen=True)
class Recorded:
    """A variable that goes into the results: its name, the unit it is shown in, what it means."""

    name: str
    unit: str
    meaning: str


def recorded(mechanisms: Iterable[Mechanism]) -> dict[str, tuple[str, str]]:
    """Return what some mechanisms record: name → unit and meaning, in their order."""
    return {one.name: (one.unit, one.meaning) for m in mechanisms for one in m.records}


@dataclass(frozen=True)
class Mechanism:
    """One piece of physics that can be added to a model.

    It may use its own lines and parameters, what it `requires`, and the time ``t`` and step ``dt``
    of its clock; anything else is refused when it is made.

    Attributes
    ----------
    name
        The concept; also the file's name.
    equations
        Lines ``dx/dt = … : unit``, ``x = … : unit`` and ``x : unit``: differential equations,
        named lines, and variables that statements or another clock set. Parameters are declared by
        `parameters`, not here.
    parameters
        Its numbers.
    requires, provides
        Variable → unit. What it reads from other mechanisms, what it offers to them.
    contributes
        Balance → signed term. A balance is a sum over all mechanisms of a model (membrane
        current, cytosolic calcium flux, ATP use…) written out by
        :func:`unshielded.mechanism.model.join`.
    initial
        Variable → its value at the start, in terms of parameters and named lines. A name that is
        not a variable is a help for the others.
    stiff
        Named line → rate at which it relaxes. A solver with a fixed step damps these lines, so
        that they stay stable where the rate exceeds what the step resolves.
    on_spike
        Statements executed when the neuron fires.
    before_step, after_step
        Statements executed around each slow step: taking what the fast clock collected,
        handing back what it needs.
    records
        Its variables that go into the results.
    q10
        How its rates and times change with temperature: given to those of its parameters that have none
        of their own. Without it, the mechanism is only known at the temperature of its numbers.
    observes
        Whether it only reads: nothing in the cell follows from it, so a cell alone leaves it out.
    lines, terms, starts, relaxations, statements
        The above, parsed: equations, contributions, starts, stiff lines, statements by block.

    Raises
    ------
    MechanismError
        If a line cannot be read, or a name is used that is not declared.
    """

    name: str
    equations: str
    parameters: tuple[Parameter, ...] = ()
    requires: Mapping[str, str] = field(default_factory=dict)
    provides: Mapping[str, str] = field(default_factory=dict)
    contributes: Mapping[str, str] = field(default_factory=dict)
    initial: Mapping[str, str] = field(default_factory=dict)
    stiff: Mapping[str, str] = field(default_factory=dict)
    on_spike: str = ""
    before_step: str = ""
    after_step: str = ""
    records: tuple[Recorded, ...] = ()
    observes: bool = False
    q10: Q10 | None = None

    lines: tuple[Equation, ...] = field(init=False, repr=False, compare=False)
    terms: Mapping[str, Expression] = field(init=False, repr=False, compare=False)
    starts: Mapping[str, Expression] = field(init=False, repr=False, compare=False)
    relaxations: Mapping[str, Expression] = field(init=False, repr=False, compare=False)
    statements: Mapping[str, tuple[Statement, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            parsed = {
                "lines": parse_equations(self.equations),
                "terms": {name: parse(text) for name, text in self.contributes.items()},
                "starts": {name: parse(text) for name, text in self.initial.items()},
                "relaxations": {name: parse(text) for name, text in self.stiff.items()},
                "statements": {
                    block: parse_statements(getattr(self, block))
                    for block in ("on_spike", "before_step", "after_step")
                },
            }
        except MechanismError as error:
            raise MechanismError(f"mechanism {self.name!r}: {error}") from None
        for name, value in parsed.items():
            object.__setattr__(self, name, value)
        self._refuse_repetitions()
        self._refuse_undeclared()
        self._hand_down_q10()

    def _hand_down_q10(self) -> None:
        """Give the Q10 to every kinetic parameter without one; refuse one that acts on nothing."""
        if self.q10 is not None:
            parameters = tuple(
                replace(p, q10=self.q10) if p.kinetic and p.q10 is None else p
                for p in self.parameters
            )
            if not any(p.kinetic and p.q10 == self.q10 for p in parameters):
                raise MechanismError(
                    f"mechanism {self.name!r} has a Q10 and no parameter that scales with it; "
                    "expected a rate or a time among its parameters, or no q10"
                )
            object.__setattr__(self, "parameters", parameters)
        for parameter in self.parameters:
            if parameter.needs_q10(BODY):
                raise MechanismError(
                    f"mechanism {self.name!r}: {parameter.name!r} holds at "
                    f"{parameter.temperature:g} °C, and there is no Q10 to tell it at {BODY:g} °C; "
                    "give the mechanism a q10, or the parameter scales='fixed'"
                )

    def _refuse_repetitions(self) -> None:
        declared = [*(p.name for p in self.parameters), *(line.name for line in self.lines)]
        for name in sorted({*CLOCK, *UNIT_WORDS, *FUNCTIONS, *_RESERVED}.intersection(declared)):
            raise MechanismError(f"mechanism {self.name!r} declares {name!r}, which has a meaning")
        twice = {name for name in declared if declared.count(name) > 1}
        if twice:
            raise MechanismError(f"mechanism {self.name!r} declares {sorted(twice)} twice")

    def _refuse_undeclared(self) -> None:
        own = {*(p.name for p in self.parameters), *(line.name for line in self.lines)}
        known = {*own, *self.requires}
        for place, used, local in self._uses():
            for name in sorted(used - known - set(CLOCK) - local):
                raise MechanismError(
                    f"mechanism {self.name!r}, {place}: {name!r} is neither a line or parameter of "
                    f"its own nor in requires{nearest(name, known)}"
                )
        fixed = {*(p.name for p in self.parameters), *CLOCK, *UNIT_WORDS, *FUNCTIONS, *_RESERVED}
        fixed |= {line.name for line in self.lines if line.right is not None and not line.is_rate}
        for block, statements in self.statements.items():
            for one in statements:
                if one.name in fixed:
                    raise MechanismError(
                        f"mechanism {self.name!r}, {block} {one.name!r}: only a state or a declared "
                        "variable can be set"
                    )
        recorded = [one.name for one in self.records]
        for what, wanted in (("provides", self.provides), ("records", recorded)):
            for name in sorted(set(wanted) - known):
                raise MechanismError(
                    f"mechanism {self.name!r} {what} {name!r}, which it neither defines nor "
                    f"requires{nearest(name, known)}"
                )

    def _uses(self) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
        """Yield, for each expression, where it stands, the names it uses, and local names there."""
        none: frozenset[str] = frozenset()
        for line in self.lines:
            if line.right is not None:
                yield f"line {line.name!r}", names(line.right), none
        for balance, term in self.terms.items():
            yield f"contribution to {balance!r}", names(term), none
        for name, rate in self.relaxations.items():
            yield f"stiff line {name!r}", names(rate) | {name}, none
        for name, start in self.starts.items():
            yield f"start of {name!r}", names(start), frozenset(self.starts)
        for block, statements in self.statements.items():
            local: set[str] = set()
            for one in statements:
                new = {one.name} if one.operator == "=" else set()
                yield f"{block} {one.name!r}", names(one.right), frozenset(local)
                yield f"{block} {one.name!r}", frozenset({one.name}), frozenset(local | new)
                local |= new

    @property
    def citations(self) -> frozenset[str]:
        """The bib keys behind its parameters and how they change with temperature."""
        q10s = {p.q10.source for p in self.parameters if p.q10 is not None}
        return frozenset({p.source for p in self.parameters} | q10s) - {""}
