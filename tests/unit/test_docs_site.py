"""The documentation site: it builds without a warning, needs no network, and no link of it is dead."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib import util
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import pytest

from tests.conftest import ROOT
from unshielded.pages.places import places

SITE = ROOT / "docs" / "site"


def _loaded(name: str) -> ModuleType:
    spec = util.spec_from_file_location(name, SITE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Page(HTMLParser):
    """The links, loaded files, anchors and formulas of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.anchors: set[str] = set()
        self.formulas = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {given["id"]} if given.get("id") else set()
        self.formulas += tag == "math"
        if tag == "a" and given.get("href"):
            self.links.add(given["href"] or "")
        if tag in ("script", "img") and given.get("src"):
            self.loaded.add(given["src"] or "")
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.loaded.add(given["href"] or "")


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, str(SITE / "build.py"), str(folder)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def pages(html: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text(encoding="utf-8")) for path in sorted(html.rglob("*.html"))}


@pytest.mark.slow
def test_every_mechanism_and_every_document_has_a_page(html: Path, pages: dict[Path, Page]) -> None:
    for place in places():
        written = pages[html / "mechanisms" / f"{place.slug}.html"]
        lines = [line for m in place.mechanisms for line in m.lines if line.right is not None]
        assert written.formulas >= len(lines)
    for document in (ROOT / "docs").glob("*.md"):
        assert html / "docs" / f"{document.stem}.html" in pages
    index = (html / "searchindex.js").read_text(encoding="utf-8")
    assert '"retention_capac' in index or "retention_capacity" in index


@pytest.mark.slow
def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, Page], html: Path) -> None:
    for path, page in pages.items():
        for target in page.loaded:
            assert not urlsplit(target).netloc, f"{path.name} loads {target}"
    for sheet in html.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", text), sheet.name


@pytest.mark.slow
def test_every_link_within_the_site_leads_somewhere(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.exists(), f"{path.name}: {link}"
            if parts.fragment and target in pages:
                assert unquote(parts.fragment) in pages[target].anchors, f"{path.name}: {link}"


def test_a_formula_with_an_unknown_command_is_refused() -> None:
    mathml = _loaded("mathml").mathml
    assert "<mfrac>" in mathml(r"\frac{a}{b}", display=False)
    assert mathml(r"a &= b \\ c &= d", display=True).count("<mtr>") == 2
    with pytest.raises(ValueError, match="unheardof"):
        mathml(r"\unheardof{a}", display=False)


def test_a_document_that_the_navigation_forgets_is_still_in_it(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("tutorial", "new_page"):
        (tmp_path / "docs" / f"{name}.md").touch()
    text = _loaded("build").index(tmp_path)
    assert text.count("docs/new_page") == 1
    assert text.split().count("docs/tutorial") == 1
