"""Systems of equations as C++: one function without branches, for a loop over cells."""

from __future__ import annotations

from unshielded.mechanism.expression import Expression
from unshielded.mechanism.lowering import lowered
from unshielded.mechanism.ode import Ode
from unshielded.mechanism.targets.infix import Infix

#: What the functions of the model are; conditions are numbers, so that a loop vectorises.
HELPERS = """\
#include <cmath>
static inline double clip(double x, double low, double high) { return std::fmin(std::fmax(x, low), high); }
static inline double indicator(bool condition) { return condition ? 1.0 : 0.0; }
"""


def _number(value: int | float) -> str:
    # A whole number would divide as one.
    return "HUGE_VAL" if value == float("inf") else repr(float(value))


_INFIX = Infix(
    functions={"exp": "std::exp", "log": "std::log", "sqrt": "std::sqrt", "int": "indicator"},
    words={"and": "&&", "or": "||"},
    number=_number,
    unit=lambda word: "1.0",
)


def expression(tree: Expression) -> str:
    """Return an expression; everything is in SI, so a unit is 1.

    Raises
    ------
    MechanismError
        If an exponent in it cannot be written out.
    """
    return _INFIX(lowered(tree))


def function(system: Ode, name: str = "rates") -> str:
    """Return ``void rates(double t, const double *y, const double *p, double *dydt)``.

    The arrays are in the order of the system's states and parameters, all SI. `HELPERS` come first.
    """
    given = [f"const double {s} = y[{place}];" for place, s in enumerate(system.states)]
    given += [f"const double {p} = p[{place}];" for place, p in enumerate(system.parameters)]
    lines = [f"const double {n} = {expression(tree)};" for n, tree in system.named.items()]
    rates = [
        f"dydt[{place}] = {expression(tree)};" for place, tree in enumerate(system.rates.values())
    ]
    body = "\n".join(f"    {line}" for line in (*given, *lines, *rates))
    head = f"void {name}(double t, const double *y, const double *p, double *dydt)"
    return f"{head} {{\n    (void)t;\n{body}\n}}\n"
