"""What the documents and shipped configs say is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from unshielded.assemble.predict import predict
from unshielded.calibration import load_problem
from unshielded.calibration.problem import REFERENCE
from unshielded.config import load
from unshielded.single_cell.cell import CATALOGUE, numbers

CONFIGS = sorted((ROOT / "configs").rglob("*.yaml"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
ROOMS = (
    "mechanism",
    "circuit",
    "calcium",
    "degeneration",
    "unshielded",
    "tests",
    "configs",
    "docs",
)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.stem)
def test_every_shipped_config_is_good_and_says_what_it_shows(path: Path) -> None:
    experiment = load(path)
    assert len(experiment.config.description) > 20
    assert predict(experiment.config).neurons > 0


@pytest.mark.parametrize("page", ["README.md", "docs/config.md"])
def test_every_example_of_a_config_is_good(page: str, tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    assert len(examples) > 1
    for text in examples:
        whole = text if text.startswith("name:") else f"name: part\nduration: 10 s\n{text}"
        path = tmp_path / "example.yaml"
        path.write_text(re.sub(r"^extends:.*\n", "", whole, flags=re.MULTILINE))
        load(path)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text()
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / target).exists(), target
    for path in re.findall(rf"`((?:{'|'.join(ROOMS)})/[\w./-]*)`", text):
        assert (ROOT / path).exists(), path


def test_the_page_of_calibration_says_what_is_asked_and_used() -> None:
    """Facts, priors and the values in use; two digits of a value are enough."""
    page = (ROOT / "docs" / "calibration.md").read_text()
    problem, in_use = load_problem(), numbers(REFERENCE)
    shown = re.findall(r"^\| `(\w+)` \| (\S+) \| (\S+) \| (\S+) \| (\S+) \|$", page, re.MULTILINE)
    assert [name for name, *_ in shown] == list(problem.priors)
    for name, unit, *told in shown:
        scale = CATALOGUE[name].si / CATALOGUE[name].value
        prior = problem.priors[name]
        assert unit.replace("–", "") == CATALOGUE[name].unit
        assert [float(number) for number in told] == pytest.approx(
            [prior.median / scale, prior.factor, in_use[name] / scale], rel=0.01
        ), name
    told_facts = page.split("## The facts")[1].split("## ")[0]
    assert re.findall(r"^\| (.*?) \|", told_facts, re.MULTILINE)[1:] == list(problem.facts)
