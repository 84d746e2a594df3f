"""Settings of Sphinx for the site; ``build.py`` lays out its sources."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, os.fspath(HERE))

from unshielded import __version__  # noqa: E402

project = "unshielded"
version = release = __version__
extensions = [
    "mathml",
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinxcontrib.bibtex",
]
root_doc = "index"
smartquotes = False  # "--set" is an option, not a dash
toc_object_entries = False  # every method in the navigation of every page costs a third of the time
suppress_warnings = ["myst.header"]  # the changelog starts at its second level

html_theme = "furo"
html_title = "unshielded"
html_static_path = [os.fspath(HERE / "site.css")]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_show_copyright = False

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4

bibtex_bibfiles = [os.fspath(HERE.parents[1] / "unshielded" / "references.bib")]
bibtex_reference_style = "author_year"

autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_ivar = True

_FOLDER_LINK = re.compile(r"\[([^]]*)\]\(([^)#:]+/)\)")


def _folders(app: Sphinx, docname: str, source: list[str]) -> None:
    """Lead links to a folder to its README, or nowhere if it has none."""
    page = Path(app.srcdir, docname)

    def link(found: re.Match[str]) -> str:
        text, target = found.groups()
        readme = page.parent / target / "README.md"
        return f"[{text}]({target}README.md)" if readme.exists() else text

    source[0] = _FOLDER_LINK.sub(link, source[0])


def setup(app: Sphinx) -> None:
    """Connect what changes pages as they are read."""
    app.connect("source-read", _folders)
