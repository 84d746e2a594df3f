"""Build the documentation site: ``python docs/site/build.py [FOLDER]``, by default ``build/docs``.

The sources of the site are laid out in ``FOLDER/source`` as they lie in the repository, so that links between
pages lead to the same places here and there; the pages about the model and the code are made beside them. A warning
of Sphinx is an error.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from sphinx.cmd.build import main as sphinx

from unshielded.pages.api import write as write_api
from unshielded.pages.commands import commands
from unshielded.pages.settings import settings
from unshielded.pages.write import write as write_mechanisms

SITE = Path(__file__).parent
ROOT = SITE.parents[1]

#: What pages are made of, and what they link to.
_PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "docs/*.md", "docs/*.png")
_FILES = (
    "docs/headline/*",
    "configs/**/*.yaml",
    "tests/README.md",
    "benchmarks/README.md",
    "runs/README.md",
)


def lay_out(source: Path) -> None:
    """Write the sources of the site into a folder, which is emptied first."""
    shutil.rmtree(source, ignore_errors=True)
    for pattern in (*_PAGES, *_FILES):
        for path in sorted(ROOT.glob(pattern)):
            copy = source / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
    shutil.copy2(SITE / "references.rst", source)
    (source / "index.md").write_text(index(source), encoding="utf-8")
    write_mechanisms(source / "mechanisms")
    write_api(source / "api")
    (source / "settings.rst").write_text(settings(), encoding="utf-8")
    (source / "commands.rst").write_text(commands(), encoding="utf-8")


def index(source: Path) -> str:
    """Return the first page; pages of ``docs/`` that it does not name come at its end."""
    text = (SITE / "index.md").read_text(encoding="utf-8")
    named = set(text.split())
    pages = [f"docs/{path.stem}" for path in sorted((source / "docs").glob("*.md"))]
    more = [page for page in pages if page not in named]
    listed = "\n".join(more)
    return f"{text}\n```{{toctree}}\n:caption: More\n\n{listed}\n```\n" if more else text


def build(folder: Path) -> int:
    """Build the site into ``folder/html``; return the exit code of Sphinx."""
    source = folder / "source"
    lay_out(source)
    options = ["-b", "html", "-q", "-W", "--keep-going", "-E", "-j", "auto", "-c", str(SITE)]
    return sphinx([*options, "-d", str(folder / "doctrees"), str(source), str(folder / "html")])


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "docs"
    code = build(target.resolve())
    print(f"{target}/html/index.html" if code == 0 else "the site was not built")
    sys.exit(code)
