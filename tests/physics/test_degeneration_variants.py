"""What the shipped variants do to the slow states alone, and which of their parts it takes.

The soma's energy follows its mitochondria, as in the engine; the circuit is left out. These are
consequences of assumed sizes, which docs/degeneration.md states: no age here is a target.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import yaml

from tests.conftest import ROOT
from tests.physics.slow_cell import AGEING, YEAR, slow
from unshielded import degeneration

ENERGY = {
    "mean_atp_capacity": "0.2 + 4.0*mitochondrial_reserve",
    "mean_atp_use": "1.2 + added_maintenance",
}
FILES = sorted((ROOT / "configs" / "variants").glob("*.yaml"))


def numbers(name: str) -> dict[str, float]:
    """What a variant changes in the slow states of a cell."""
    text = (ROOT / "configs" / "variants" / f"{name}.yaml").read_text()
    found = yaml.safe_load(text)["parameters"]
    return {k: float(v) for k, v in found.items() if not isinstance(v, str)}


def ages(loads: dict[str, str] | None = None, **values: float) -> tuple[float, float, float]:
    """When the load is ten times the healthy one, and margin and headroom are gone; inf if never."""
    cell = slow({**AGEING, **ENERGY, **(loads or {})}, firing_rate=10.0, **values)
    course = cell.run(75 * YEAR)
    found = cell.along(
        ["misfolded_load - 10", "-distal_margin", "upkeep_headroom - headroom"], course
    )
    years = 25 + course["t"] / YEAR
    above = [np.flatnonzero(found[:, i] > 0.0) for i in range(3)]
    return tuple(float(years[i[0]]) if i.size else math.inf for i in above)  # type: ignore[return-value]


def test_every_variant_is_told() -> None:
    page = (ROOT / "docs" / "degeneration.md").read_text()
    assert len(FILES) == 5
    for path in FILES:
        assert f"`{path.stem}`" in page
        for name in numbers(path.stem):
            assert name in degeneration.PARAMETERS


def test_the_healthy_life_loses_nothing() -> None:
    assert ages() == (math.inf, math.inf, math.inf)


@pytest.mark.parametrize("name", ["sod1", "c9orf72", "fus", "tdp43"])
def test_youth_carries_every_variant(name: str) -> None:
    assert min(ages(**numbers(name))) > 40.0


@pytest.mark.parametrize("name", ["sod1", "c9orf72"])
def test_where_the_load_is_lost_end_and_soma_follow_within_years(name: str) -> None:
    load, end, soma = ages(**numbers(name))
    assert load < end < load + 3
    assert load < soma < load + 3


@pytest.mark.parametrize("name", ["sod1", "c9orf72"])
def test_it_takes_ageing_and_comes_early_by_choking(name: str) -> None:
    variant = numbers(name)
    assert ages(**variant, ageing_speed=0.0) == (math.inf, math.inf, math.inf)
    # clean-up that only saturates is full as well in the end, decades later
    assert ages(**variant, protein_clearance_choking=1e12)[0] > ages(**variant)[0] + 20


@pytest.mark.parametrize("name", ["sod1", "c9orf72"])
def test_less_of_the_mutant_or_more_clean_up_delays_it(name: str) -> None:
    variant = numbers(name)
    before = ages(**variant)[0]
    for change in (
        {"toxic_gain": 0.8 * variant["toxic_gain"]},
        {"protein_clearance": 1.1 * variant.get("protein_clearance", 1.0)},
    ):
        assert ages(**{**variant, **change})[0] > before + 3


def test_slow_transport_alone_is_what_fails_the_end_in_fus() -> None:
    load, end, soma = ages(**numbers("fus"))
    assert end < min(load, soma) == math.inf
    assert ages(**{**numbers("fus"), "axonal_transport": 1.0})[1] == math.inf


def test_a_shorter_axon_or_a_quieter_cell_keeps_its_end_in_fus() -> None:
    variant = numbers("fus")
    assert ages(**variant, axonal_length=0.1)[1] > ages(**variant)[1]
    quiet = slow({**AGEING, **ENERGY}, firing_rate=2.0, **variant)
    course = quiet.run(75 * YEAR)
    assert quiet.last(["distal_margin"], course)[0] > 0.0


def test_tdp43_works_by_load_and_by_protein_clearance() -> None:
    def load(**without: float) -> float:
        cell = slow({**AGEING, **ENERGY}, **{**numbers("tdp43"), **without})
        return float(cell.run(60 * YEAR)["misfolded_load"][-1])

    both = load()
    assert load(tdp43_load_gain=0.0) < both
    assert load(tdp43_protein_clearance_loss=0.0) < both
