"""The bibliography against pybtex, which parses BibTeX and TeX by itself."""

from __future__ import annotations

from importlib import resources

import pytest
from pybtex.database import parse_string

from unshielded import bibliography

TEXT = resources.files("unshielded").joinpath("references.bib").read_text(encoding="utf-8")
OTHER = parse_string(TEXT, "bibtex").entries  # refuses what is not BibTeX, and keys given twice


def test_the_keys_are_all_there_are() -> None:
    assert set(bibliography.known()) == set(OTHER)


def test_what_is_cited_is_bibtex_with_the_same_fields_word_for_word() -> None:
    keys = sorted(bibliography.known())[::7]
    text = bibliography.bibtex(keys)
    cited = parse_string(text, "bibtex").entries
    assert list(cited) == keys
    for key in keys:
        assert cited[key].type == OTHER[key].type
        assert dict(cited[key].fields) == dict(OTHER[key].fields)
    assert all(block in TEXT for block in text.strip().split("\n\n"))


def test_nothing_cited_is_an_empty_text() -> None:
    assert bibliography.bibtex([]).strip() == ""


@pytest.mark.parametrize("key", sorted(OTHER))
def test_a_reference_names_its_authors_without_tex(key: str) -> None:
    line = bibliography.reference(key)
    people = [person for person in OTHER[key].persons["author"] if str(person) != "others"]
    for person in people[:3]:
        name = " ".join(part.render_as("text") for part in person.rich_last_names)
        assert name in line.split(f" ({OTHER[key].fields['year']})")[0]
    assert not any(sign in line for sign in "{}$\\")
    assert f"({OTHER[key].fields['year']})" in line


def test_authors_that_are_not_named_are_others() -> None:
    assert bibliography.reference("Chio2018").startswith("Chiò and others (2018). ")


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError, match="Nobody1900"):
        bibliography.reference("Nobody1900")
    with pytest.raises(KeyError, match="Nobody1900"):
        bibliography.bibtex(["Nobody1900"])
