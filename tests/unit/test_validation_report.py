"""The table of validation targets: ranges, claims, what is written, and how the command ends."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from tests.conftest import ROOT
from unshielded.bibliography import reference
from unshielded.cli.validate_science import chosen, ending
from unshielded.validation import TARGETS
from unshielded.validation.lab import PROTOCOLS, Lab
from unshielded.validation.report import expected, kind, summary, value, write_report
from unshielded.validation.target import Measurement, Result, Sample, Target, TargetValue


def _measure(lab: Lab, seed: int) -> Sample:
    return Sample(seed, {"height": 2.0 + seed, "width": math.nan}, {})


def _draw(samples: Sequence[Sample], figure: Figure) -> str:
    figure.subplots().plot([s.seed for s in samples])
    return "a <caption>"


TALL = Target(
    id="T1",
    title="Tall & wide",
    published="about 4 < 5",
    sources=("Palecek1999",),
    criterion="3 to 5",
    protocol="look",
    lines=(TargetValue("height", "m", 3.0, 5.0), TargetValue("width", "m")),
    fitted=(),
    claimed="met",
    measure=_measure,
    draw=_draw,
)


def result(target: Target, *heights: float) -> Result:
    return Result(
        target,
        tuple(Sample(k, {"height": h, "width": math.nan}, {}) for k, h in enumerate(heights, 1)),
    )


@pytest.mark.parametrize(
    ("low", "high", "number", "held"),
    [
        (1.0, 2.0, 1.0, True),
        (1.0, 2.0, 2.0, True),
        (1.0, 2.0, 2.0001, False),
        (1.0, 2.0, 0.9999, False),
        (None, 2.0, -1e9, True),
        (1.0, None, 1e9, True),
        (1.0, None, 0.0, False),
        (0.0, 0.0, 0.0, True),
        (None, 2.0, math.nan, False),
        (1.0, None, math.inf, True),
    ],
)
def test_the_ends_of_a_published_range_belong_to_it(
    low: float | None, high: float | None, number: float, held: bool
) -> None:
    assert TargetValue("x", "", low, high).holds(number) is held


def test_a_line_without_a_range_is_not_judged() -> None:
    found = Measurement(TargetValue("x"), (math.nan, 1.0))
    assert found.met is None
    assert value(found) == "not reached"


def test_the_mean_over_seeds_decides() -> None:
    line = TargetValue("x", "", 3.0, 5.0)
    assert Measurement(line, (2.0, 4.5)).met  # one seed outside, the mean inside
    assert not Measurement(line, (2.0, 3.5)).met
    assert not Measurement(line, (4.0, math.nan)).met  # what one seed did not reach is missed


def test_one_seed_has_no_spread() -> None:
    assert Measurement(TargetValue("x"), (4.0,)).deviation is None
    assert Measurement(TargetValue("x"), (4.0, 6.0)).deviation == pytest.approx(2**0.5)


@pytest.mark.parametrize(
    ("claimed", "height", "broken", "verdict"),
    [
        ("met", 4.0, False, "met"),
        ("met", 9.0, True, "missed, claimed met"),
        ("missed", 9.0, False, "missed"),
        ("missed", 4.0, False, "met, claimed missed"),
    ],
)
def test_only_a_claim_that_does_not_hold_ends_with_1(
    claimed: str, height: float, broken: bool, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = replace(TALL, claimed=claimed, reason="it is small")  # type: ignore[arg-type]
    found = result(target, height)
    assert found.verdict == verdict
    assert ending([found]) == int(broken)
    told = capsys.readouterr().err
    assert ("T1" in told) is (found.met != (claimed == "met"))
    assert ("height" in told) is broken


def test_one_broken_claim_among_others_is_enough() -> None:
    assert ending([result(TALL, 4.0), result(replace(TALL, id="T2"), 9.0)]) == 1


def test_a_miss_must_say_why_and_a_target_must_be_able_to_fail() -> None:
    with pytest.raises(ValueError, match="reason"):
        replace(TALL, claimed="missed")
    with pytest.raises(ValueError, match="range"):
        replace(TALL, lines=(TargetValue("height"),))


def test_the_summary_counts_and_names() -> None:
    late = replace(TALL, id="T2", claimed="missed", reason="it is small")
    text = summary([result(TALL, 9.0), result(late, 4.0)])
    assert text == "1 of 2 targets are met; claimed met but missed: T1; claimed missed but met: T2."


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ((4.0, 6.0), "5.00 ± 1.41 m"),
        ((0.371,), "0.371 m"),
        ((1234.5,), "1234 m"),  # three digits at least; none is thrown away before the point
        ((0.0, 0.0), "0.0000 ± 0.0000 m"),
        ((-48.44, -48.49), "-48.5 ± 0.0 m"),
    ],
)
def test_values_show_three_digits(numbers: tuple[float, ...], shown: str) -> None:
    assert value(Measurement(TargetValue("x", "m"), numbers)) == shown


def test_the_report_is_whole_in_itself(tmp_path: Path) -> None:
    found = result(TALL, 4.0, 4.5)
    write_report([found], tmp_path)
    page = (tmp_path / "science.html").read_text()
    assert page.count("<section") == page.count("</section>") == 1
    assert "Tall &amp; wide" in page
    assert "about 4 &lt; 5" in page
    assert "a &lt;caption&gt;" in page
    assert not re.search(r'(src|href)="(?!data:|#)', page), "nothing is loaded from elsewhere"
    assert reference("Palecek1999") in page
    assert "prediction" in page
    text = (tmp_path / "science.md").read_text()
    for part in ("T1", expected(TALL.lines[0]), value(found.measurements[0]), "[Palecek1999]"):
        assert part in text
    assert (tmp_path / "T1.png").stat().st_size > 1000
    data = json.loads((tmp_path / "science.json").read_text())
    assert data[0]["lines"][0] == {
        "name": "height",
        "unit": "m",
        "low": 3.0,
        "high": 5.0,
        "values": [4.0, 4.5],
        "mean": 4.25,
        "sd": pytest.approx(0.125**0.5),
        "met": True,
    }
    assert data[0]["lines"][1]["mean"] is None  # not a number is not JSON


def test_fitted_parameters_are_named() -> None:
    assert kind(result(replace(TALL, fitted=("a", "b")), 4.0)) == "fitted (a, b)"
    assert kind(result(TALL, 4.0)) == "prediction"


def test_targets_are_chosen_by_name() -> None:
    import typer

    assert [t.id for t in chosen("v6, V1")] == ["V1", "V6"]
    assert len(chosen(None)) == len(TARGETS)
    for wrong in ("V99", ""):
        with pytest.raises(typer.BadParameter, match="expected some of V1"):
            chosen(wrong)


def test_every_source_of_a_target_is_in_the_bibliography() -> None:
    for target in TARGETS.values():
        for key in target.sources:
            assert re.search(r"\((19|20)\d\d\)\. ", reference(key)), key


def test_what_is_said_to_be_fitted_is_a_parameter() -> None:
    from unshielded import calcium, circuit

    known = {*circuit.PARAMETERS, *calcium.PARAMETERS}
    for target in TARGETS.values():
        for name in target.fitted:
            assert name in known or " " in name, f"{target.id}: {name}"


def test_cells_of_a_seed_are_the_same_and_of_another_are_not(tmp_path: Path) -> None:
    one, again, other = (Lab(tmp_path).cells("motor_fr", seed, 4) for seed in (1, 1, 2))
    assert one == again
    assert one[0]["buffer_capacity"] != other[0]["buffer_capacity"]
    drawn = [cell["buffer_capacity"] for cell in Lab(tmp_path).cells("motor_fr", 3, 400)]
    # mean 50, SD 10 (spread 0.2); the standard error of 400 is 0.5: five of them
    assert np.mean(drawn) == pytest.approx(50.0, abs=2.5)


def test_the_page_agrees_with_the_code() -> None:
    """Ids, claims and criteria of docs/science.md; its numbers are those of a run."""
    page = (ROOT / "docs" / "science.md").read_text()
    shown = dict(re.findall(r"^## (V\d+) .*?\n(.*?)(?=^## )", page, re.MULTILINE | re.DOTALL))
    assert set(shown) == set(TARGETS)
    for target in TARGETS.values():
        assert f"- Criterion: {target.criterion}.\n" in shown[target.id], target.id
        assert f"- Verdict: {target.claimed};" in shown[target.id], target.id
        assert target.reason in shown[target.id], target.id


def test_every_protocol_is_a_target_in_the_order_of_files() -> None:
    files = sorted(path.stem for path in PROTOCOLS.glob("v*.py"))
    assert [f"V{int(name[1:3])}" for name in files] == list(TARGETS)
