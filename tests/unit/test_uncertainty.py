"""What is not known of each number, and the list of all numbers."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import unshielded as un
from unshielded.cli.main import main
from unshielded.model import PARAMETERS
from unshielded.uncertainty import FURTHEST, Uncertainty, uncertainty
from unshielded.uncertainty.given import GIVEN, SETTINGS


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_number_has_one_and_may_be_what_it_is(name: str) -> None:
    parameter, what = PARAMETERS[name], uncertainty(name)
    assert what.why
    assert what.moved(parameter.value, 0.0) == pytest.approx(parameter.value, rel=1e-12)
    ends = what.moved(parameter.value, np.array([-9.0, 9.0]), parameter.low, parameter.high)
    assert parameter.low <= ends[0] <= parameter.value <= ends[1] <= parameter.high
    # what is not known of it reaches somewhere
    assert (ends[0] < ends[1]) == (what.shape != "known"), (name, ends)


def test_hands_and_settings_name_numbers_of_the_model() -> None:
    assert set(GIVEN) <= set(PARAMETERS)
    assert set(PARAMETERS) >= SETTINGS
    assert not SETTINGS & set(GIVEN)
    assert all(each.by_hand for each in GIVEN.values())


@given(st.floats(0.02, 0.98), st.floats(1.1, 5.0), st.floats(-2.5, 2.5))
def test_odds_move_by_the_factor(share: float, width: float, z: float) -> None:
    moved = Uncertainty("logit-normal", width, "a test").moved(share, z)
    odds = moved / (1 - moved) / (share / (1 - share))
    assert odds == pytest.approx(width**z, rel=1e-9)  # rounding of shares near 1


def test_nothing_is_further_away_than_the_furthest() -> None:
    what = Uncertainty("normal", 3.0, "a test")
    assert what.moved(-60.0, 100.0) == pytest.approx(-60.0 + 3.0 * FURTHEST)
    assert what.moved(-60.0, 1.0, high=-59.0) == -59.0


@pytest.mark.parametrize(
    ("shape", "width", "why"),
    [
        ("log-normal", 1.0, "a test"),
        ("logit-normal", 0.5, "a test"),
        ("normal", 0.0, "a test"),
        ("known", 1.0, "a test"),
        ("log-normal", float("inf"), "a test"),
        ("log-normal", 2.0, ""),
    ],
)
def test_a_width_that_is_none_is_refused(shape: str, width: float, why: str) -> None:
    with pytest.raises(ValueError, match="uncertainty"):
        Uncertainty(shape, width, why)  # type: ignore[arg-type]


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert main(["params", *arguments, "--format", "json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_the_list_is_narrowed_down(capsys: pytest.CaptureFixture[str]) -> None:
    every = listed(capsys)
    (capacity,) = listed(capsys, "--search", "KAPPA")
    assert capacity["name"] == "buffer_capacity"
    pore = listed(capsys, "--mechanism", "mptp")
    assert {row["mechanism"] for row in pore} == {"mptp"}
    assert pore == [row for row in every if row["mechanism"] == "mptp"]
    mine = listed(capsys, "--class", "oculomotor", "--kind", "measured")
    assert mine
    assert all(list(row["populations"]) == ["oculomotor"] for row in mine)
    assert all(row["populations"]["oculomotor"]["kind"] == "measured" for row in mine)
    assert listed(capsys, "--search", "no such word") == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--class", "motorfr"), "there is no population 'motorfr'; did you mean 'motor_fr'?"),
        (("--mechanism", "pore"), "there is no mechanism 'pore'; expected one of"),
        (("--kind", "guessed"), "'guessed' is not one of 'measured', 'fitted', 'assumed'"),
    ],
)
def test_a_wrong_choice_is_explained(
    arguments: tuple[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["params", *arguments]) == 2
    shown = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert said in shown


def test_the_list_fits_a_narrow_terminal_and_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["params"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 100
    text = " ".join(line.strip() for line in lines[-4:])
    kinds = [row["kind"] for row in un.params().to_dict("records")]
    for kind in ("measured", "fitted", "assumed"):
        assert f"{kinds.count(kind)} {kind}" in text


def test_python_has_the_same_in_columns() -> None:
    table = un.params()
    row = table.loc[("retention_capacity", "")]
    what = uncertainty("retention_capacity")
    assert row["uncertainty_words"] == what.words()
    assert row["uncertainty_low_5"] < row["value"] < row["uncertainty_high_95"]
