"""What a page is made of, and the page as HTML."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.figure import Figure

from unshielded.plot.style import DPI, style


@dataclass(frozen=True)
class PageTable:
    """Rows of text below heads; one with a title is folded until a reader opens it."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    title: str = ""


@dataclass(frozen=True)
class Drawing:
    """A figure, as the address of an image that the page carries in itself."""

    caption: str
    address: str


@dataclass(frozen=True)
class Code:
    """Text to copy; folded if it has a title."""

    text: str
    title: str = ""


@dataclass(frozen=True)
class PageSection:
    """A part of a page: sentences, then tables, figures, text to copy, and a list."""

    title: str
    text: Sequence[str] = ()
    tables: Sequence[PageTable] = ()
    drawings: Sequence[Drawing] = ()
    code: Sequence[Code] = ()
    references: Sequence[str] = ()


@dataclass(frozen=True)
class Page:
    """A report: what it is of, what was asked, cautions, and its sections."""

    name: str
    kind: str
    question: str
    cautions: Sequence[str]
    sections: Sequence[PageSection]


def html(page: Page) -> str:
    """Return a page as HTML that loads nothing and runs nothing; all text of it is escaped."""
    environment = Environment(
        loader=PackageLoader("unshielded.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(page=page)


def drawing(caption: str, figure: Figure) -> Drawing:
    """Return a figure as SVG for a page; spikes and other clouds of points in it are pixels.

    As an image, so that no name inside of it is ever markup of the page.
    """
    text = io.BytesIO()
    # names of configs are drawn as they are: a dollar sign begins no formula
    with style(), mpl.rc_context({"text.parse_math": False}):
        figure.savefig(text, format="svg", dpi=DPI, metadata={"Date": None})
    return Drawing(caption, embedded("image/svg+xml", text.getvalue()))


def embedded(kind: str, content: bytes) -> str:
    """Return the address of an image that is its content."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
