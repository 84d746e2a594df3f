"""``unshielded screen``: which unknown numbers decide what becomes of a cell."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from unshielded.calibration import load_problem, screening
from unshielded.calibration.courses import Course
from unshielded.calibration.problem import Fact
from unshielded.cli.main import main
from unshielded.mechanism import MechanismError
from unshielded.model import PARAMETERS
from unshielded.single_cell.cell import numbers
from unshielded.uncertainty import uncertainty

pytest.importorskip("SALib")

PROBLEM = """\
priors:
  mcu_maximum_rate: {median: 20 mM/s, factor: 2, why: made up}
facts:
  rest: {population: motor_fr, duration: 1 min, expect: alive, source: [Attwell2001], why: it rests}
"""
NAMES = ["calpain_constant", "extrusion_rate", "necrosis_time"]


def facts() -> dict[str, Fact]:
    return {"rest": load_problem().facts["rest"]}


def made_up(fact: Fact, values: dict[str, np.ndarray]) -> Course:
    """Calcium falls with extrusion squared, ATP rises a little with calpain; nothing else acts."""
    own = numbers(fact.population, fact.preparation)
    x = {name: np.log(values[name] / own[name]) for name in NAMES}
    count = len(x["extrusion_rate"])
    return Course(
        death=np.full(count, np.inf),
        fate=np.full(count, -1),
        share=np.zeros(count),
        calcium=np.exp(-2 * x["extrusion_rate"]),
        atp=np.exp(0.1 * x["calpain_constant"] - x["extrusion_rate"]),
    )


def test_what_acts_is_ranked_by_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "course", made_up)
    found = screening.screen(facts(), 10, 1, NAMES)
    assert [name for name, _, _ in found.ranked()] == [
        "extrusion_rate",
        "calpain_constant",
        "necrosis_time",
    ]
    assert found.ranked()[-1][1] == 0.0
    # nobody dies, so nothing is decided about the time lived
    assert set(found.effects) == {"rest: calcium", "rest: ATP"}
    assert found.effects["rest: calcium"]["calpain_constant"] == 0.0
    assert (found.cells, found.without_rest) == (10 * (len(NAMES) + 1), 0)


def test_cells_that_cannot_be_followed_do_not_take_the_others_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fragile(fact: Fact, values: dict[str, np.ndarray]) -> Course:
        low = values["extrusion_rate"] < numbers("motor_fr")["extrusion_rate"]
        if low.any() and low.size > 0 and np.any(values["calpain_constant"][low] > 2e-3):
            raise MechanismError("a cell cannot be followed")
        return made_up(fact, values)

    monkeypatch.setattr(screening, "course", fragile)
    found = screening.screen(facts(), 10, 1, NAMES)
    assert 0 < found.without_rest < found.cells
    assert all(np.isfinite(v) for of in found.effects.values() for v in of.values())


def test_numbers_are_moved_over_the_middle_of_what_they_may_be() -> None:
    name = "permeable_ampa_fraction"
    ends = screening.moved("motor_fr", "adult_37C", name, np.array([0.0, 0.5, 1.0]))
    low, high = (uncertainty(name).moved(0.18, z) for z in (-1.6449, 1.6449))
    assert ends == pytest.approx([low, 0.18, high], rel=1e-4)  # the quantile's last digits
    known = set(screening.unknown_numbers("motor_fr"))
    assert {"faraday", "command_level", "calbindin_sites"}.isdisjoint(known)
    assert {"extrusion_rate", "retention_capacity", "ampa_conductance"} <= known <= set(PARAMETERS)


@pytest.mark.slow
def test_the_command_ranks_every_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening, "unknown_numbers", lambda _: NAMES)
    path = tmp_path / "problem.yaml"
    path.write_text(PROBLEM, encoding="utf-8")
    assert main(["screen", str(path), "--trajectories", "2", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert {row["name"] for row in data["parameters"]} == set(NAMES)
    assert data["cells"] == 2 * (len(NAMES) + 1)
    assert main(["screen", str(path), "--trajectories", "2"]) == 0
    assert "extrusion_rate" in capsys.readouterr().out


def test_a_class_without_facts_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["screen", "--class", "vip"]) == 2
    said = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert "the problem has no fact of 'vip'; it has some of" in said
