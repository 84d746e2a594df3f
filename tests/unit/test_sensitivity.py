"""Elasticities and Sobol's indices: functions with known answers, then the command."""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from unshielded.cli.main import main
from unshielded.mechanism import MechanismError, Parameter
from unshielded.single_cell.sensitivity import (
    Dying,
    candidates,
    local,
    mapping,
    ranges,
    sobol,
    solvable,
)

pytest.importorskip("SALib", reason="the analysis extra is not installed")


def power_law(values: Mapping[str, float]) -> float:
    p = {"fast": 2.0, "slow": 5.0, "idle": 1.0} | dict(values)
    return 7.0 * p["fast"] ** -2 * p["slow"] ** 0.5


def ishigami(values: Mapping[str, float]) -> float:
    x, y, z = (values[name] for name in "xyz")
    # the outcome is a time, of which the logarithm is analysed
    return math.exp(math.sin(x) + 7.0 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x))


def test_the_elasticities_of_a_power_law_are_its_exponents() -> None:
    middle, found = local(power_law, {"idle": 1.0, "slow": 5.0, "fast": 2.0})
    assert middle == power_law({})
    assert [each.name for each in found] == ["fast", "slow", "idle"]
    # exact on a logarithmic scale: rounding only, 1e-16 over a step of 0.04
    assert [each.elasticity for each in found] == pytest.approx([-2.0, 0.5, 0.0], abs=1e-12)
    assert not any(each.one_sided for each in found)


def test_a_side_that_lives_or_is_out_of_range_is_left_out() -> None:
    def lives_above(values: Mapping[str, float]) -> float:
        return math.inf if values.get("fast", 2.0) > 2.0 else power_law(values)

    (one,) = local(lives_above, {"fast": 2.0})[1]
    assert one.one_sided
    assert one.high == math.inf
    assert one.elasticity == pytest.approx(-2.0, abs=1e-12)
    limit = Parameter("fast", 2.0, "", "", "assumed", rationale="edge", high=2.0)
    (edge,) = local(power_law, {"fast": 2.0}, limits={"fast": limit})[1]
    assert edge.one_sided
    assert edge.elasticity == pytest.approx(-2.0, abs=1e-12)


def test_what_lives_on_both_sides_has_no_elasticity_and_comes_first() -> None:
    def only_here(values: Mapping[str, float]) -> float:
        return math.inf if "slow" in values else power_law(values)

    found = local(only_here, {"fast": 2.0, "slow": 5.0})[1]
    assert [(each.name, each.elasticity is None) for each in found] == [
        ("slow", True),
        ("fast", False),
    ]


def test_a_cell_that_lives_has_nothing_to_follow() -> None:
    with pytest.raises(MechanismError, match="lives past the horizon"):
        local(lambda values: math.inf, {"fast": 2.0})


def test_sobol_finds_the_indices_of_ishigamis_function() -> None:
    bounds = dict.fromkeys("xyz", (-math.pi, math.pi))
    found = sobol(ishigami, bounds, samples=2048)
    of_x, of_y, of_xz = (
        0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2,
        7.0**2 / 8,
        8 * 0.1**2 * math.pi**8 / 225,
    )
    total = of_x + of_y + of_xz
    # the bootstrap's own intervals are about 0.06 wide at this sample
    assert found.first == pytest.approx(np.array([of_x, of_y, 0.0]) / total, abs=0.04)
    assert found.total == pytest.approx(np.array([of_x + of_xz, of_y, of_xz]) / total, abs=0.04)
    assert found.evaluations == 2048 * 5
    assert found.censored == 0.0
    assert np.all(found.first_confidence < 0.1)


def test_cells_that_live_count_as_dying_at_the_horizon() -> None:
    def half(values: Mapping[str, float]) -> float:
        return math.inf if values["x"] > 0.5 else 10.0

    found = sobol(half, {"x": (0.0, 1.0), "y": (0.0, 1.0)}, samples=64, horizon=100.0)
    # Sobol's sequence is balanced: exactly half of a power of two, for each column
    assert found.censored == pytest.approx(0.5, abs=0.05)
    assert found.total == pytest.approx([1.0, 0.0], abs=0.3)


@pytest.mark.parametrize(("outcome", "said"), [(math.inf, "same time"), (math.nan, "be solved")])
def test_nothing_to_explain_is_said(outcome: float, said: str) -> None:
    with pytest.raises(MechanismError, match=said):
        sobol(lambda values: outcome, {"x": (0.0, 1.0)}, samples=4, horizon=100.0)


def test_a_cell_that_cannot_be_solved_takes_its_block_along() -> None:
    def gap(values: Mapping[str, float]) -> float:
        return math.nan if values["x"] > 0.97 else math.exp(values["x"])

    bounds = {"x": (0.0, 1.0), "y": (0.0, 1.0)}
    found = sobol(gap, bounds, samples=256, horizon=100.0)
    assert 0 < found.unsolved < 0.1 * found.evaluations
    # as the parameter is the only one that matters; a third of the sample's 95 % interval
    assert found.total == pytest.approx([1.0, 0.0], abs=0.1)
    assert solvable(gap, {"x": (0.0, 1.0)}) == []
    assert solvable(gap, {"x": (0.0, 0.9)}) == ["x"]


def test_ranges_stay_within_what_is_accepted() -> None:
    limit = Parameter("share", 90.0, "mM", "", "assumed", rationale="edge", low=0.0, high=100.0)
    assert ranges({"share": 90.0, "free": 10.0}, 0.2, {"share": limit}) == {
        "share": (pytest.approx(72.0), 90.0),
        "free": (pytest.approx(8.0), pytest.approx(12.0)),
    }


def test_processes_give_the_same_in_the_same_order() -> None:
    points = [{"value": float(k)} for k in range(9)]
    heard: list[None] = []
    with mapping(2, lambda: heard.append(None)) as mapper:
        found = list(mapper(operator.itemgetter("value"), points))
    assert found == [float(k) for k in range(9)]
    assert len(heard) == 9


def test_constants_of_nature_and_what_has_no_effect_are_no_candidates() -> None:
    found = candidates(Dying("motor_fr", {}, 50.0))
    assert "retention_capacity" in found
    assert found["buffer_capacity"] > 0.0
    assert not {"faraday", "thermal_voltage", "avogadro", "command_rate"} & set(found)


@pytest.mark.thorough
def test_the_command_writes_both_tables_and_a_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = ("retention_capacity", "necrosis_time")
    everything = candidates(Dying("motor_fr", {}, 400.0, ("membrane_potential",)))
    monkeypatch.setattr(
        "unshielded.single_cell.sensitivity.candidates", lambda _: {k: everything[k] for k in few}
    )
    # No motor neuron dies of a discharge that occurs; each of these cells takes seconds.
    options = ["--load", "400 Hz", "--parameters", "1", "--samples", "2", "-j", "1"]
    assert main(["sensitivity", *options, "--out", str(tmp_path), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert {row["name"] for row in data["local"]} == set(few)
    assert len(data["sobol"]) == 1
    assert data["evaluations"] == 2 * (1 + 2)
    assert json.loads((tmp_path / "sensitivity_motor_fr.json").read_text()) == data
    assert (tmp_path / "sensitivity_motor_fr.csv").read_text().count("\n") == 1 + len(few)
    assert (tmp_path / "sensitivity_motor_fr.png").stat().st_size > 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--samples", "3"], "power of two"),
        (["--class", "glia"], "glia"),
        (["--load", "5 s"], "5 s"),
        (["--load", "0.1 Hz", "--horizon", "1 s", "-j", "1"], "lives past"),
    ],
)
def test_what_cannot_be_done_is_said(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sensitivity", *options, "--out", str(tmp_path)]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
