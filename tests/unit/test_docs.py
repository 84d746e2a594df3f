"""What the documents and shipped configs say is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from unshielded.assemble.predict import predict
from unshielded.config import load

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
