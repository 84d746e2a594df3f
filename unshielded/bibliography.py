"""Entries of the bibliography as a reader wants them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources

import unshielded

_ENTRY = re.compile(r"^@\w+\{(\w+),\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"(\w+) = \{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
_ACCENT = re.compile(r"\\([\"'`v^~])\{?(\w)\}?")
_COMBINING = dict(zip("\"'`v^~", "\u0308\u0301\u0300\u030c\u0302\u0303", strict=True))
_AUTHORS = 3


def reference(key: str) -> str:
    """Return authors, year, title, journal and DOI of an entry.

    Examples
    --------
    >>> reference("Palecek1999")[:40]
    'Palecek, Lips, Keller (1999). Calcium dy'

    Raises
    ------
    KeyError
        If there is no such entry.
    """
    fields = _entries()[key]
    authors = [name.split(",")[0] for name in fields["author"].split(" and ")]
    shown = ", ".join(authors[:_AUTHORS]) + (" and others" if len(authors) > _AUTHORS else "")
    place = fields.get("journal") or fields.get("howpublished", "")
    place += f" {fields['volume']}" if "volume" in fields else ""
    place += f", {fields['pages'].replace('--', '–')}" if "pages" in fields else ""
    doi = f". https://doi.org/{fields['doi']}" if "doi" in fields else ""
    return f"{shown} ({fields['year']}). {fields['title']}. {place}{doi}"


@cache
def _entries() -> dict[str, dict[str, str]]:
    text = resources.files(unshielded).joinpath("references.bib").read_text(encoding="utf-8")
    return {
        key: {name: _plain(value) for name, value in _FIELD.findall(body)}
        for key, body in _ENTRY.findall(text)
    }


def _plain(text: str) -> str:
    """Resolve the accents of TeX, and drop its braces."""
    accented = _ACCENT.sub(lambda found: found[2] + _COMBINING[found[1]], text)
    return unicodedata.normalize("NFC", re.sub(r"[{}]", "", accented))
