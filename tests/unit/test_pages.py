"""The pages about the model: each mechanism has one, and it says what the equations and numbers say."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest
import typer

from unshielded import bibliography
from unshielded.cli.main import app
from unshielded.config import json_schema
from unshielded.mechanism import Mechanism
from unshielded.mechanism.equation import parse_equations
from unshielded.model import MECHANISMS, PARAMETERS
from unshielded.pages import equations
from unshielded.pages.commands import commands
from unshielded.pages.curves import curves
from unshielded.pages.mechanism_page import page
from unshielded.pages.overview import overview
from unshielded.pages.places import GROUPS, Place, place_of, places
from unshielded.pages.relations import elsewhere, relations
from unshielded.pages.rst import prose, with_citations
from unshielded.pages.settings import settings
from unshielded.pages.symbols import OF_THE_FIELD, name_units, symbols

each_place = pytest.mark.parametrize("place", places(), ids=lambda p: p.slug)
each_mechanism = pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)


def test_every_mechanism_of_the_model_is_on_one_page() -> None:
    assert Counter(m.name for p in places() for m in p.mechanisms) == Counter(
        m.name for m in MECHANISMS
    )
    assert len({place.slug for place in places()}) == len(places())
    assert [m for _, _, held in GROUPS for m in held] == list(MECHANISMS)


@each_place
def test_a_page_shows_all_names_all_numbers_and_the_overview_leads_to_it(place: Place) -> None:
    text = page(place)
    for mechanism in place.mechanisms:
        for name in (*(line.name for line in mechanism.lines), *mechanism.requires):
            assert f"``{name}``" in text
        for parameter in mechanism.parameters:
            (row,) = re.findall(
                rf"\* - ``{parameter.name}``\n     - ([^\n]*)\n     - (?:measured|fitted|assumed)\n     - ([^\n]*)",
                text.partition("Numbers\n---")[2].partition("Populations and preparations")[0],
            )
            shown = re.sub(r"·?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", _exponent, row[0])
            assert float(shown.split()[0]) == pytest.approx(parameter.value, rel=1e-5)
            assert (parameter.source in row[1]) if parameter.source else row[1] == "–"
        assert text.count(".. math::") >= sum(line.right is not None for line in mechanism.lines)
    assert f" <{place.slug}>`" in overview()


def _exponent(found: re.Match[str]) -> str:
    power = found[1].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return f"e{power}" if found[0].startswith("·") else f"1e{power}"


def test_no_two_names_share_a_symbol_and_the_symbols_of_the_field_are_of_names_that_exist() -> None:
    shared = [symbol for symbol, times in Counter(symbols().values()).items() if times > 1]
    assert shared == []
    assert set(OF_THE_FIELD) - {"t", "dt"} <= set(name_units())


def test_a_symbol_has_the_letter_of_its_dimension() -> None:
    assert symbols()["pore_opening_rate"] == r"k_{\text{pore opening}}"
    assert symbols()["retigabine_half_effect"] == r"K_{\text{retigabine}}"
    assert symbols()["pore_open"] == r"\text{pore open}"
    # nS/pF is one per second by dimension, and not a rate
    assert symbols()["kv7_density"] == r"\text{Kv7 density}"


def test_an_equation_is_printed_as_it_is_written() -> None:
    rate, gate = parse_equations("""
    dx/dt = (1 - x)/tau - k*x : 1
    gate = 1/(1 + exp(-(v - half)/slope)) : 1
    """)
    flat = {name: name for name in ("x", "tau", "k", "gate", "v", "half", "slope")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(equations, "symbols", lambda: flat)
        assert equations.line(rate) == r"\frac{d\,x}{dt} = \frac{1 - x}{tau} - k \cdot x"
        assert equations.line(gate) == (
            r"gate = \frac{1}{1 + \exp\left(\frac{-\left(v - half\right)}{slope}\right)}"
        )


@each_mechanism
def test_a_long_equation_loses_no_term_when_it_is_broken(mechanism: Mechanism) -> None:
    for line in mechanism.lines:
        if line.right is None:
            continue
        shown = equations.line(line)
        rows = shown.split(r" \\ ")
        assert all(row.startswith(r"&\quad ") for row in rows[1:])
        joined = " ".join(row.removeprefix(r"&\quad ") for row in rows).replace(" &=", " =")
        right = joined.partition(" = ")[2]
        whole = equations.expression(line.right)
        if right.endswith(r"\big]"):  # a long numerator: a factor before brackets
            below, above = re.fullmatch(r"\\frac\{1\}\{(.*?)\}\\big\[ (.*)\\big\]", right).groups()  # type: ignore[union-attr]
            right = rf"\frac{{{above}}}{{{below}}}"
        assert right == whole


@each_mechanism
def test_what_a_mechanism_requires_comes_from_somebody_who_has_it(mechanism: Mechanism) -> None:
    by_name = {m.name: m for m in MECHANISMS}
    for name in mechanism.requires:
        givers = relations().givers(name)
        if not givers:
            assert elsewhere(name) != "the network or the experiment", name
        for giver in (by_name[g] for g in givers):
            statements = {one.name for block in giver.statements.values() for one in block}
            computed = {line.name for line in giver.lines if line.right is not None}
            numbers = {p.name for p in giver.parameters}
            assert name in {*statements, *computed, *numbers, *giver.contributes, *giver.initial}
        assert mechanism.name in relations().readers(name)


def test_the_pore_is_fed_by_the_matrix_and_feeds_its_balance() -> None:
    text = page(place_of("mptp"))
    given = text.partition("What it takes, and from whom:")[2].partition("What it gives")[0]
    assert re.search(r"``matrix_calcium``\n     - :doc:`matrix <matrix>`", given)
    assert re.search(r"``polarised_fraction``\n     - .*:doc:`mcu <mcu>`", text)


def test_curves_are_those_of_the_equations() -> None:
    by_name = {curve.name: curve for place in places() for curve in curves(place)}
    steady = by_name["kv7_steady"]
    half = np.interp(PARAMETERS["kv7_half_potential"].value, steady.x, steady.y)
    assert half == pytest.approx(0.5, abs=1e-3)  # between two points of the curve
    opening = by_name["opening_drive"]
    assert np.interp(1.0, opening.x, opening.y) == pytest.approx(0.5, abs=1e-3)
    cut = by_name["synthase_left"]  # oligomycin, in its own unit
    inhibition = PARAMETERS["oligomycin_inhibition"].value
    assert np.interp(inhibition, cut.x, cut.y) == pytest.approx(0.5, abs=0.01)


def test_the_page_of_commands_has_every_command_and_every_option() -> None:
    text = commands()
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        section = text.partition(f"``{name}``\n---")[2].partition("\n---")[0]
        assert " ".join(command.help.split())[:30] in " ".join(section.replace("\\", "").split())
        for option in command.params:
            assert all(one in section for one in option.opts if one.startswith("-")), option.name


def test_the_page_of_settings_has_every_setting_of_the_schema_but_the_numbers_of_the_model() -> (
    None
):
    text, schema = settings(), json_schema()
    sections = {
        "": schema,
        **{n: s for n, s in schema["definitions"].items() if f"\n{n}\n--" in text},
    }
    assert len(sections) > 10
    for section in sections.values():
        for name in section["properties"]:
            assert f"* - ``{name}``" in text
    assert "* - ``retention_capacity``" not in text
    assert re.search(r"``duration``\n     - quantity \(s\)\n", text)


def test_sources_in_prose_become_citations_and_other_words_do_not() -> None:
    known, other = sorted(bibliography.known())[:2]
    assert with_citations(f"as published [{known}]") == f"as published :cite:p:`{known}`"
    assert with_citations(f"[{known}, {other}]") == f":cite:p:`{known},{other}`"
    assert prose(f"after ({known}); a_b*c") == rf"after (:cite:t:`{known}`); a\_b\*c"
    assert with_citations("[Nobody1999] of Model1234") == "[Nobody1999] of Model1234"
