"""Curves of the lines that depend on one variable: steady states against potential, effects against dose.

Nothing is listed by hand: a line is drawn if, with the model's numbers and without any agent in the bath, a
potential or one concentration is all that it depends on.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.style import context
from matplotlib.ticker import NullFormatter
from numpy.typing import ArrayLike

from unshielded import calcium, circuit
from unshielded.arrays import Array
from unshielded.mechanism import Mechanism
from unshielded.mechanism.dimension import NONE, dimension_of_unit
from unshielded.mechanism.evaluate import Values, evaluate
from unshielded.mechanism.expression import CLOCK, Binary, Call, Expression, names, walk
from unshielded.mechanism.units import factor
from unshielded.model import PARAMETERS
from unshielded.pages.places import Place, words
from unshielded.pages.symbols import name_units, shown_unit

#: Potential → the range over which it is drawn, in mV.
_POTENTIALS: Final = {"membrane_potential": (-100.0, 40.0), "mitochondrial_potential": (0.0, 200.0)}
#: Concentrations are drawn this many times below and above the constants of the line.
_DECADES: Final = 100.0
#: Numbers that act by a power are drawn up to here; at 1 such an effect is half of its maximum.
_STRESS: Final = 3.0
#: At most so many curves on a page.
_CURVES: Final = 6
_AGENTS: Final = frozenset(
    f"{stem}_bath" for stem in (*circuit.AGENTS.values(), *calcium.AGENTS.values())
)
_CONCENTRATION: Final = dimension_of_unit("mM")
#: Colours in the figure → those of the page, which may be light or dark.
_INK, _CURVE = "#010101", "#020202"
_OF_THE_PAGE: Final = {_INK: "currentColor", _CURVE: "var(--color-brand-primary, #1f6f8b)"}


@dataclass(frozen=True)
class Curve:
    """One line of a mechanism against the variable that it depends on.

    Attributes
    ----------
    name, unit
        The line; its unit as written in the file.
    against
        The variable.
    shown
        Unit in which the variable is drawn.
    logarithmic
        Whether its axis is.
    x, y
        The curve, in `shown` and `unit`.
    """

    name: str
    unit: str
    against: str
    shown: str
    logarithmic: bool
    x: Array
    y: Array


def curves(place: Place) -> tuple[Curve, ...]:
    """Return what can be drawn of the mechanisms of a file."""
    found = [curve for mechanism in place.mechanisms for curve in _curves(mechanism, _named(place))]
    return tuple(found[:_CURVES])


def figure(drawn: tuple[Curve, ...]) -> Figure:
    """Return a figure of some curves, two in a row."""
    rows = (len(drawn) + 1) // 2
    made = Figure(figsize=(7.2, 2.4 * rows), layout="constrained")
    for index, curve in enumerate(drawn):
        axes = made.add_subplot(rows, 2, index + 1)
        axes.plot(curve.x, curve.y, color=_CURVE, linewidth=2)
        if curve.logarithmic:
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter("{x:g}")
            axes.xaxis.set_minor_formatter(NullFormatter())
        scale = f" ({shown_unit(curve.shown)})" if curve.shown else ""
        axes.set_xlabel(f"{words(curve.against)}{scale}", color=_INK)
        unit = f" ({shown_unit(curve.unit)})" if curve.unit else ""
        axes.set_title(f"{words(curve.name)}{unit}", color=_INK, fontsize=10, loc="left")
        axes.tick_params(colors=_INK, which="both")
        for side, spine in axes.spines.items():
            spine.set_visible(side in ("left", "bottom"))
            spine.set_color(_INK)
    return made


def svg(place: Place) -> str:
    """Return the curves of a file as SVG to stand in a page, in its colours; nothing without curves."""
    drawn = curves(place)
    if not drawn:
        return ""
    text = io.StringIO()
    with context({"svg.fonttype": "none", "svg.hashsalt": place.slug}):
        figure(drawn).savefig(text, format="svg", metadata={"Date": None}, transparent=True)
    said = "; ".join(f"{words(one.name)} against {words(one.against)}" for one in drawn)
    found = text.getvalue()
    found = found[found.index("<svg") :]
    found = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", found, flags=re.DOTALL)
    for ink, colour in _OF_THE_PAGE.items():
        found = found.replace(ink, colour)
    return found.replace("<svg ", f'<svg class="curves" role="img" aria-label="{escape(said)}" ', 1)


def _named(place: Place) -> dict[str, Expression]:
    lines = [line for m in place.mechanisms for line in m.lines]
    return {line.name: line.right for line in lines if line.right is not None and not line.is_rate}


def _curves(mechanism: Mechanism, named: Mapping[str, Expression]) -> Iterator[Curve]:
    for line in mechanism.lines:
        if line.name not in named:
            continue
        direct = names(named[line.name]) - set(PARAMETERS)
        if len(direct) == 1 and _is_steep(named[line.name]) and _is_number(min(direct)):
            yield _against_number(line.name, line.unit, min(direct), named[line.name])
            continue
        used = _reached(named[line.name], named)
        free = used - set(PARAMETERS)
        free = free - _AGENTS if len(free - _AGENTS) == 1 else free
        if len(free) != 1 or free <= set(CLOCK):
            continue
        (against,) = free
        curve = _curve(line.name, line.unit, against, used, named)
        if curve is not None:
            yield curve


def _against_number(name: str, unit: str, against: str, expression: Expression) -> Curve:
    x = np.linspace(0.0, _STRESS, 281)
    known = {key: PARAMETERS[key].si for key in names(expression) if key in PARAMETERS}
    y = np.asarray(evaluate(expression, {**known, against: x}), dtype=float) / factor(unit)
    return Curve(name, unit, against, "", False, x, y)


def _is_number(name: str) -> bool:
    return name in name_units() and dimension_of_unit(name_units()[name]) == NONE


def _is_steep(expression: Expression) -> bool:
    """Whether a variable stands in it to a power."""
    return any(
        (isinstance(node, Binary) and node.operator == "**")
        or (isinstance(node, Call) and node.function == "hill")
        for node in walk(expression)
    )


def _curve(
    name: str, unit: str, against: str, used: frozenset[str], named: Mapping[str, Expression]
) -> Curve | None:
    numbers = {key: PARAMETERS[key].si for key in used if key in PARAMETERS}
    agents = dict.fromkeys(used & _AGENTS, 0.0)
    if against in _POTENTIALS:
        shown, logarithmic = "mV", False
        x = np.linspace(*_POTENTIALS[against], 281)
    else:
        if dimension_of_unit(name_units()[against]) != _CONCENTRATION:
            return None
        constants = [
            p for key in numbers if (p := PARAMETERS[key]).value > 0 and _is_concentration(p.unit)
        ]
        if not constants:
            return None
        shown, logarithmic = constants[0].unit, True
        low, high = min(p.si for p in constants), max(p.si for p in constants)
        x = np.geomspace(low / _DECADES, high * _DECADES, 281) / factor(shown)
    known: dict[str, ArrayLike] = {**agents, **numbers, against: x * factor(shown)}
    y = np.asarray(Values(known, named)[name], dtype=float) / factor(unit)
    if y.shape != x.shape or not np.isfinite(y).all() or np.ptp(y) == 0.0:
        return None
    return Curve(name, unit, against, shown, logarithmic, x, y)


def _is_concentration(unit: str) -> bool:
    return dimension_of_unit(unit) == _CONCENTRATION


def _reached(expression: Expression, named: Mapping[str, Expression]) -> frozenset[str]:
    """Return what an expression depends on, its named lines followed."""
    found: set[str] = set()
    todo = [expression]
    while todo:
        for name in names(todo.pop()) - found:
            found.add(name)
            if name in named:
                todo.append(named[name])
    return frozenset(found - set(named))
