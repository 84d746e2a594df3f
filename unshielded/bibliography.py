"""The bibliography ``references.bib``: entries as BibTeX, and as a line that a reader wants."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bibtexparser.library import Library

#: More authors than these are "and others".
_AUTHORS = 3


def known() -> frozenset[str]:
    """Return the keys of all entries."""
    return frozenset(_library().entries_dict)


def bibtex(keys: Iterable[str]) -> str:
    """Return some entries as BibTeX, word for word and in this order.

    Raises
    ------
    KeyError
        If there is no such entry.
    """
    entries = _library().entries_dict
    return "\n\n".join(str(entries[key].raw) for key in keys) + "\n"


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
    fields = _decoded(key)
    authors = [name.split(",")[0] for name in fields["author"].split(" and ")]
    more = len(authors) > _AUTHORS or authors[-1] == "others"
    shown = ", ".join([name for name in authors if name != "others"][:_AUTHORS])
    shown += " and others" if more else ""
    place = fields.get("journal") or fields.get("howpublished", "")
    place += f" {fields['volume']}" if "volume" in fields else ""
    place += f", {fields['pages']}" if "pages" in fields else ""
    doi = f". https://doi.org/{fields['doi']}" if "doi" in fields else ""
    return f"{shown} ({fields['year']}). {fields['title']}. {place}{doi}"


@cache
def _library() -> Library:
    from bibtexparser.entrypoint import parse_string

    text = resources.files("unshielded").joinpath("references.bib").read_text(encoding="utf-8")
    library = parse_string(text)
    if library.failed_blocks:
        first = library.failed_blocks[0]
        raise ValueError(
            f"references.bib, from line {1 + (first.start_line or 0)} on: {first.error}"
        )
    return library


@cache
def _decoded(key: str) -> dict[str, str]:
    """Return the fields of an entry without TeX: its accents and dashes as characters."""
    from bibtexparser.library import Library
    from bibtexparser.middlewares import LatexDecodingMiddleware

    decode = LatexDecodingMiddleware(allow_inplace_modification=False, keep_math_mode=False)
    (entry,) = decode.transform(Library([_library().entries_dict[key]])).entries
    return {field.key: str(field.value) for field in entry.fields}
