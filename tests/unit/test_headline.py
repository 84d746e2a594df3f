"""The headline of the README is what its kept tables give, and says so if they are not of the present model."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from matplotlib.image import imread

from tests.conftest import ROOT
from unshielded.config import load
from unshielded.model import digest
from unshielded.results.summary import read_csv


@pytest.fixture(scope="module")
def headline() -> ModuleType:
    return loaded("headline")


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readme_has_what_the_tables_give(headline: ModuleType) -> None:
    readme = headline.README.read_text(encoding="utf-8")
    remedy = "write it anew: python docs/headline.py; compute it anew: make headline"
    assert readme == headline.written(readme), remedy
    assert headline.FIGURE.exists()


def test_the_figure_is_what_the_command_draws(headline: ModuleType, tmp_path: Path) -> None:
    """Of the kept table; a pixel may differ where another version of the font library draws."""
    rows = read_csv(headline.KEPT / "interneuron_loss.csv")
    headline.plot_time_to_death(rows, tmp_path / "figure.png", headline.KINDS)
    drawn, kept = imread(tmp_path / "figure.png"), imread(headline.FIGURE)
    assert drawn.shape == kept.shape
    assert np.abs(drawn - kept).mean() < 1e-3


def test_numbers_of_another_model_are_called_so(
    headline: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headline, "digest", lambda: "another model")
    assert "earlier model or config" in headline.block()
    kept = headline.read_csv(headline.KEPT / "interneuron_loss.csv")
    model = headline.json.loads(headline.MODEL.read_text())["model"]
    monkeypatch.setattr(headline, "digest", lambda: model)
    monkeypatch.setattr(headline, "read_csv", lambda _: [{**row, "id": "other"} for row in kept])
    assert "earlier model or config" in headline.block()


def test_the_kinds_are_those_of_the_config(headline: ModuleType) -> None:
    experiment = load(ROOT / "configs" / "interneuron_loss.yaml")
    values = [values for values, _ in experiment.listing()]
    assert {each[headline.KIND] for each in values} == set(headline.KINDS)
    rows = read_csv(headline.KEPT / "interneuron_loss.csv")
    assert {row["point"][headline.LOSS] for row in rows} <= {each[headline.LOSS] for each in values}


def test_the_lone_cells_of_the_readme_are_those_that_were_computed(headline: ModuleType) -> None:
    cells = loaded("lone_cells")
    readme = headline.README.read_text(encoding="utf-8")
    assert readme == cells.written(readme), "write it anew: python docs/lone_cells.py compute"
    kept = json.loads(cells.KEPT.read_text(encoding="utf-8"))["table"]
    assert list(kept) == list(cells.EXPOSURES)
    if json.loads(cells.KEPT.read_text(encoding="utf-8"))["model"] == digest():
        again = cells.fate("motor_fr", "AMPA, 30 µM")
        there = kept["AMPA, 30 µM"]["motor_fr"]
        assert again["of"] == there["of"]
        assert again["died"] == pytest.approx(there["died"], abs=0.011)  # a digit that is shown
