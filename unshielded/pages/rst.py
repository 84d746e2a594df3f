"""Pieces of reStructuredText: headings, tables, formulas, citations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from unshielded.bibliography import known


def heading(text: str, level: int = 1) -> str:
    """Return a heading; 1 is the title of a page."""
    mark = "=-~"[level - 1]
    return f"{text}\n{mark * max(len(text), 3)}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], css: str = "") -> str:
    """Return a table; nothing if there are no rows."""
    rows = list(rows)
    if not rows:
        return ""
    lines = [".. list-table::", "   :header-rows: 1", f"   :class: {css or 'plain'}", ""]
    for row in (head, *rows):
        for column, cell in enumerate(row):
            first, *others = (cell or "–").split("\n")
            lines.append(f"   {'* -' if column == 0 else '  -'} {first}")
            lines += [f"       {other}" for other in others]
    return "\n".join(lines) + "\n"


def formula(latex: str) -> str:
    """Return a displayed formula."""
    return f".. math::\n\n   {latex}\n"


def inline(latex: str) -> str:
    """Return a formula within a sentence."""
    return f":math:`{latex}`"


def raw(html: str) -> str:
    """Return HTML that stands in the page as it is."""
    return ".. raw:: html\n\n" + "\n".join(f"   {line}" for line in html.splitlines()) + "\n"


def cited(key: str) -> str:
    """Return a citation; nothing for no key."""
    return f":cite:t:`{key}`" if key else ""


def with_citations(text: str) -> str:
    """Return prose in which keys of the bibliography, alone or as ``[Key, Other]``, are citations."""

    def in_brackets(found: re.Match[str]) -> str:
        keys = [key.strip() for key in re.split("[,;]", found[1])]
        return f":cite:p:`{','.join(keys)}`" if set(keys) <= known() else found[0]

    def alone(found: re.Match[str]) -> str:
        return cited(found[0]) if found[0] in known() else found[0]

    text = re.sub(rf"\[({_KEY}(?:[,;] *{_KEY})*)\](?!_)", in_brackets, text)
    return re.sub(rf"(?<![\w`,]){_KEY}(?![\w`,]*`)", alone, text)


def prose(text: str) -> str:
    """Return plain words: no character of them is markup, and sources in them are citations."""
    return with_citations(re.sub(r"([\\*`|_])", r"\\\1", text))


def number(value: float) -> str:
    """Return a number as it is read.

    Examples
    --------
    >>> number(0.025), number(1e9), number(2.5e-7)
    ('0.025', '10⁹', '2.5·10⁻⁷')
    """
    mantissa, found, exponent = f"{value:g}".partition("e")
    if not found:
        return mantissa
    power = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{power}" if mantissa == "1" else f"{mantissa}·10{power}"


_KEY = r"[A-Z][A-Za-z]+\d{4}[a-z]?"
