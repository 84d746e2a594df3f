"""The table of agents says what the model says."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from unshielded import calcium, circuit
from unshielded.model import PARAMETERS

PAGE = (ROOT / "docs/pharmacology.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| (?!agent|-)", line)
]
CONSTANT = re.compile(r"`(\w+)` (\S+)(?: (\S+))? \((\w+)\)")


def test_every_agent_has_one_row() -> None:
    assert sorted(row[0] for row in ROWS) == sorted([*circuit.AGENTS, *calcium.AGENTS])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_constants_and_sources_are_those_of_the_model(row: list[str]) -> None:
    found = [CONSTANT.fullmatch(text) for text in row[2].split("; ")]
    assert all(found), row[2]
    parameters = [PARAMETERS[match[1]] for match in found if match]
    for match, parameter in zip(found, parameters, strict=True):
        assert match is not None
        assert (float(match[2]), match[3] or "") == (parameter.value, parameter.unit)
        assert match[4] == parameter.kind
    sources = list(dict.fromkeys(p.source for p in parameters if p.source))
    assert [s for s in row[3].split(", ") if s] == sources


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_acts_inside_cells_is_said_to(row: list[str]) -> None:
    assert (row[4] == "cells") == (row[0] in calcium.AGENTS)


def test_the_times_of_exchange_are_those_of_the_model() -> None:
    for name in ("bath_exchange_time", "drug_entry_time"):
        assert f"`{name}` ({PARAMETERS[name].value:g} s)" in " ".join(PAGE.split())
