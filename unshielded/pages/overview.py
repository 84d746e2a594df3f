"""The overview of the model: how data flow between its clocks, and its mechanisms by room."""

from __future__ import annotations

from html import escape
from textwrap import wrap
from typing import Final

from unshielded.pages.places import GROUPS, places, words
from unshielded.pages.relations import handed_over
from unshielded.pages.rst import heading, raw, table

_INTRODUCTION: Final = """\
The model is a sum of mechanisms. Each is a few equations with their numbers, in a file of its own. They act on
three clocks: the membrane and its synapses at every time step, the inside of the cell on a slower step, and
slow states over days to decades.
"""

#: Clock → its title in the diagram, and the groups of mechanisms that it holds.
_CLOCKS: Final = (
    ("Outside the cell", "membrane, synapses, surroundings", slice(0, 3)),
    ("Inside the cell", "calcium, mitochondria, energy, fate", slice(3, 5)),
    ("Slow states", "days to decades, of cells and tissue", slice(5, 7)),
)
_WIDTH, _BOX, _GAP, _LINE = 760, 62, 26, 15


def overview() -> str:
    """Return the page, in reStructuredText."""
    parts = [
        heading("Mechanisms"),
        _INTRODUCTION,
        heading("What passes between the clocks", 2),
        raw(diagram()),
    ]
    for title, what, held in GROUPS:
        rows = [
            (
                f"``{place.room}``",
                f":doc:`{place.title} <{place.slug}>`",
                ", ".join(f"``{m.name}``" for m in inside),
                place.summary,
            )
            for place in places()
            if (inside := [m for m in place.mechanisms if any(m is one for one in held)])
        ]
        parts += [
            heading(title, 2),
            f"They act {what}.\n",
            table(("folder", "page", "name in code", "what it is"), rows),
        ]
    slugs = "\n".join(f"   {place.slug}" for place in places())
    parts.append(f".. toctree::\n   :hidden:\n\n{slugs}\n")
    return "\n".join(parts)


def diagram() -> str:
    """Return the flow of data between the clocks as SVG, in the colours of the page."""
    passed = handed_over()
    arrows = (
        (passed["membrane to cell"], passed["cell to membrane"]),
        (passed["engine to slow"], passed["slow to engine"]),
    )
    parts: list[str] = []
    y = 4
    for index, (title, what, held) in enumerate(_CLOCKS):
        count = sum(len(mechanisms) for _, _, mechanisms in GROUPS[held])
        parts.append(
            f'<rect x="4" y="{y}" width="{_WIDTH - 8}" height="{_BOX}" rx="8" fill="none" stroke="currentColor"/>'
            + _text(_WIDTH / 2, y + 26, f"{title}: {count} mechanisms", weight=600, anchor="middle")
            + _text(_WIDTH / 2, y + 46, what, anchor="middle")
        )
        y += _BOX
        if index < len(arrows):
            parts.append(_passage(y, *arrows[index]))
            y += _height(*arrows[index])
    return (
        f'<svg class="flow" role="img" aria-label="Flow of data between the clocks" viewBox="0 0 {_WIDTH} {y + 4}" '
        f'xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(parts) + "\n</svg>"
    )


def _passage(y: float, down: tuple[str, ...], up: tuple[str, ...]) -> str:
    """Return two arrows between boxes, and what they carry beside them."""
    height = _height(down, up)
    parts = []
    for x, names, heads in ((30.0, down, "down"), (_WIDTH / 2 + 20, up, "up")):
        tip, end = (y + height - 4, y + 4) if heads == "down" else (y + 4, y + height - 4)
        back = -8 if heads == "down" else 8
        parts.append(
            f'<path d="M{x} {end}V{tip}M{x - 5} {tip + back}L{x} {tip}L{x + 5} {tip + back}" '
            'fill="none" stroke="currentColor" stroke-width="1.5"/>'
        )
        for row, text in enumerate(_rows(names)):
            parts.append(_text(x + 14, y + _GAP + row * _LINE, text, size=12))
    return "\n".join(parts)


def _rows(names: tuple[str, ...]) -> list[str]:
    return wrap(", ".join(words(name) for name in names), 52)


def _height(down: tuple[str, ...], up: tuple[str, ...]) -> int:
    return 2 * _GAP + _LINE * max(len(_rows(down)), len(_rows(up))) - _LINE


def _text(
    x: float, y: float, text: str, size: int = 13, weight: int = 400, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="currentColor">{escape(text)}</text>'
    )
