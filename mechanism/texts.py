"""The lines of mechanisms, sorted by what they say: rates, named lines, values at the start."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from unshielded.mechanism.mechanism import Mechanism


@dataclass(frozen=True)
class Texts:
    """Equation text by name.

    Attributes
    ----------
    rates
        State → right-hand side of its differential equation.
    named
        Named line → expression; every balance is one, the sum of what mechanisms contribute.
    initial
        Name → expression of its value at the start.
    declared
        What has a value of its own but no equation: set by the other clock or once at the start.
    """

    rates: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    initial: dict[str, str] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)


def texts(mechanisms: Iterable[Mechanism], balances: Iterable[str]) -> Texts:
    """Sort the lines of `mechanisms` and write out the `balances`."""
    mechanisms, found = tuple(mechanisms), Texts()
    for name in balances:
        terms = [m.contributes[name] for m in mechanisms if name in m.contributes]
        found.named[name] = " + ".join(f"({t})" for t in terms) or "0"
    for mechanism in mechanisms:
        found.initial.update(mechanism.initial)
        for line in mechanism.equations.splitlines():
            left, equals, rest = line.partition("=")
            left, right = left.strip(), rest.rpartition(":")[0].strip()
            if not left:
                continue
            if not equals:
                found.declared.add(left.partition(":")[0].strip())
            elif state := re.fullmatch(r"d(\w+)/dt", left):
                found.rates[state[1]] = right
            else:
                found.named[left] = right
    return found
